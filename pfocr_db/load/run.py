"""A load, from the paths to the report: one transaction, all or nothing."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, exists, insert, literal, select, update
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from pfocr_db import __version__, migrate, schema
from pfocr_db.bulk import append, chunks, fill, rows_written, temporary
from pfocr_db.derive import Change, derive_all, is_current
from pfocr_db.dialects import dialect_of
from pfocr_db.errors import DatabaseHeldError, LoadError, PfocrDbError, SchemaError, UsageError
from pfocr_db.load.decide import Decision, decide, next_id
from pfocr_db.load.readers import Readers
from pfocr_db.load.report import Report
from pfocr_db.load.rows import KNOWN, REJECTED, Outcome, Rows, Task
from pfocr_db.load.stage import STAGED, Direct, Staging
from pfocr_db.schema import figures, loads
from pfocr_db.settings import COUNTS
from pfocr_db.source.problems import Problem, storable
from pfocr_db.source.tree import Tree, find_figures

BATCH = 100
FEW = 2 * BATCH
"""So many figures are read faster right here than by other processes."""
MOST_TO_WITHDRAW = 0.1
LONGEST_SOURCE = 200

Progress = Callable[[str, int, int], None]
"""Told the phase, how many figures are done and how many there are."""


def quiet(_phase: str, _done: int, _total: int) -> None:
    """The progress nobody wants to see."""


def check(report: Report, *, jobs: int = 1, progress: Progress = quiet) -> None:
    """Read everything in the report's paths and say what is wrong with it; no database is touched."""
    tree = find_figures(report.paths)
    report.problems += tree.problems
    tasks = [Task(figid, 0, "", None, files) for figid, files in sorted(tree.figures.items())]
    report.figures.update(seen=len(tasks) + len(tree.rejected), rejected=len(tree.rejected))
    read = 0
    with _readers(len(tasks), jobs) as readers:
        for done, outcomes, rows in readers.read(chunks(tasks, BATCH), "", 0):
            report.rows.update({table: len(some) for table, some in rows.items()})
            read += len(done)
            for outcome in outcomes:
                report.figures["rejected"] += outcome.verdict == REJECTED
                report.problems += (Problem(*each) for each in outcome.problems)
            progress("reading", read, len(tasks))
    _require_figures(report)
    report.status = "checked"


def load(  # noqa: PLR0913 - the options of the command
    engine: Engine,
    report: Report,
    *,
    allow_shrink: bool = False,
    verify: bool = False,
    jobs: int = 1,
    progress: Progress = quiet,
) -> None:
    """Bring the figures of the report's paths into the database; the report is filled in, also where this fails."""
    try:
        _require_name(report.source)
        with report.phase("looking"):
            tree = find_figures(report.paths)
        # The processes begin before there is a connection they could inherit.
        with _readers(len(tree.figures), jobs) as readers, dialect_of(engine).exclusive(engine) as connection:
            _Load(connection, report, readers, progress).run(tree, verify=verify, allow_shrink=allow_shrink)
    except BaseException as error:
        _fail(report, error)
        if not isinstance(error, (DatabaseHeldError, SchemaError, UsageError)):
            _record_failure(engine, report)
        raise


class _Load:
    """The steps inside the transaction."""

    def __init__(self, connection: Connection, report: Report, readers: Readers, progress: Progress) -> None:
        self._connection = connection
        self._report = report
        self._readers = readers
        self._progress = progress

    def run(self, tree: Tree, *, verify: bool, allow_shrink: bool) -> None:
        report, connection = self._report, self._connection
        migrate.create_or_require_current(connection)
        report.load_id = next_id(connection, loads.c.load_id)
        report.problems += tree.problems
        report.figures.update(seen=len(tree.figures) + len(tree.rejected), rejected=len(tree.rejected))
        _require_figures(report)
        connection.execute(insert(loads).values(_loads_row(report)))  # for the figures to refer to
        with report.phase("deciding"):
            decision = decide(connection, tree, report.source, verify=verify)
        report.figures["unchanged"] = decision.unchanged
        gone = self._to_withdraw(decision, tree, allow_shrink)
        if connection.execute(select(exists().select_from(figures))).scalar():
            self._into_filled(decision, gone)
        else:
            self._into_empty(decision)
        self._record()

    # ------------------------------------------------------------------------------- the two ways of writing

    def _into_empty(self, decision: Decision) -> None:
        """Straight into the tables, which get their indexes when they are full."""
        connection, report = self._connection, self._report
        tables = (*STAGED, *schema.DERIVED)
        make_indexes = dialect_of(connection).drop_indexes(connection, tables)
        target = Direct(connection)
        self._read(decision, target)
        report.rows.update(target.written)
        with report.phase("deriving"):
            report.rows.update(derive_all(connection))
        with report.phase("indexing"):
            make_indexes()
            dialect_of(connection).analyze(connection, tables)

    def _into_filled(self, decision: Decision, gone: list[int]) -> None:
        """By way of temporary tables, writing only what differs."""
        connection, report = self._connection, self._report
        derived = is_current(connection)
        if decision.tasks or gone:
            staging = Staging(connection)
            self._read(decision, staging)
            leaving = self._ids("leaving_figures", gone)
            with report.phase("settling"):
                staging.complete()
            with report.phase("deriving"):
                change = Change(connection, staging.figure_ids.union(select(leaving))) if derived else None
            with report.phase("settling"):
                report.rows.update(staging.settle())
                self._withdraw(select(leaving))
                if report.figures["added"] > decision.known:
                    # The planner still takes the tables for small ones, and would walk them by the wrong index.
                    dialect_of(connection).analyze(connection, STAGED)
            if change:
                with report.phase("deriving"):
                    report.rows.update(change.derive())
        if decision.moved_in:
            moved = figures.c.figure_id.in_(select(self._ids("moved_figures", decision.moved_in)))
            elsewhere = figures.c.source != report.source
            move = update(figures).where(moved, elsewhere).values(source=report.source)
            report.rows[figures.name] += rows_written(connection, move)
        if not derived:
            with report.phase("deriving"):
                report.rows.update(derive_all(connection))

    def _read(self, decision: Decision, target: Direct | Staging) -> None:
        """Have the figures read, and take in what comes; meanwhile the next ones are being read."""
        report, total = self._report, len(decision.tasks)
        assert report.load_id
        batches = self._readers.read(chunks(decision.tasks, BATCH), report.source, report.load_id)
        done = 0
        while True:
            with report.phase("reading"):
                batch = next(batches, None)
            if batch is None:
                return
            tasks, outcomes, rows = batch
            with report.phase("staging"):
                self._note(tasks, outcomes, rows, decision)
                target.add(rows)
            done += len(tasks)
            # When all is read, what is left takes its time as well.
            self._progress("reading" if done < total else "writing", done, total)

    def _note(self, tasks: list[Task], outcomes: list[Outcome], rows: Rows, decision: Decision) -> None:
        """Count what became of the figures, and add the rows that speak of it."""
        report = self._report
        files = rows.setdefault(schema.source_files.name, [])
        changes = rows.setdefault(schema.load_changes.name, [])
        for task, outcome in zip(tasks, outcomes, strict=True):
            report.problems += (Problem(*each) for each in outcome.problems)
            if outcome.verdict == REJECTED:
                report.figures["rejected"] += 1
                continue
            files.append((task.figure_id, task.path, task.files.stat))
            if outcome.verdict == KNOWN:
                report.figures["unchanged"] += 1
                decision.moved_in.append(task.figure_id)
            else:
                report.figures[task.change] += 1
                changes.append((report.load_id, task.figure_id, task.change, None))

    # ---------------------------------------------------------------------------------------- what is gone

    def _to_withdraw(self, decision: Decision, tree: Tree, allow_shrink: bool) -> list[int]:
        if not self._report.snapshot:
            return []
        if not tree.is_whole:
            raise LoadError("--snapshot needs every path to be there and readable; nothing was changed")
        gone = len(decision.gone)
        if gone > MOST_TO_WITHDRAW * decision.standing and not allow_shrink:
            raise LoadError(
                f"{gone:,} of the {decision.standing:,} figures of source {self._report.source} are gone, more than a"
                " tenth; nothing was changed. Check the paths, or confirm with --allow-shrink"
            )
        self._report.figures["withdrawn"] = gone
        return decision.gone

    def _withdraw(self, leaving: Select[Any]) -> None:
        connection, load_id = self._connection, self._report.load_id
        leave = update(figures).where(figures.c.figure_id.in_(leaving)).values(withdrawn_load_id=load_id)
        self._report.rows[figures.name] += rows_written(connection, leave)
        left = leaving.subquery()
        changes = select(literal(load_id).label("load_id"), left.c.figure_id, literal("withdrawn").label("change"))
        self._report.rows[schema.load_changes.name] += append(connection, schema.load_changes, changes)

    def _ids(self, name: str, figure_ids: list[int]) -> Table:
        table = temporary(self._connection, name, figures, ("figure_id",))
        fill(self._connection, table, ((each,) for each in figure_ids))
        return table

    # -------------------------------------------------------------------------------------- what is recorded

    def _record(self) -> None:
        """The load's own row is written again at its end, with what it came to."""
        self._report.status = "loaded"
        _write_problems(self._connection, self._report)
        row = _loads_row(self._report)
        del row["load_id"]  # setting it, even to itself, would have SQLite look for figures that refer to the load
        self._connection.execute(update(loads).where(loads.c.load_id == self._report.load_id).values(row))


def _require_figures(report: Report) -> None:
    if not report.figures["seen"]:
        raise LoadError("no figures in the paths given; nothing was changed")


def _require_name(source: str) -> None:
    if not 0 < len(source.encode(errors="replace")) <= LONGEST_SOURCE or not source.isprintable():
        raise UsageError(f"--source: give a name of 1 to {LONGEST_SOURCE} letters, digits and signs")


def _fail(report: Report, error: BaseException) -> None:
    report.status, report.error = "failed", _reason(error)
    seen, rejected = report.figures["seen"], report.figures["rejected"]
    report.figures = Counter(dict.fromkeys(COUNTS, 0) | {"seen": seen, "rejected": rejected})
    report.rows.clear()
    report.load_id = None


def _record_failure(engine: Engine, report: Report) -> None:
    """A failed load leaves a trace, in a transaction of its own; where there is no way to, the error has to do."""
    with suppress(PfocrDbError, SQLAlchemyError), dialect_of(engine).exclusive(engine) as connection:
        migrate.create_or_require_current(connection)
        report.load_id = next_id(connection, loads.c.load_id)
        connection.execute(insert(loads).values(_loads_row(report)))
        _write_problems(connection, report)


def _reason(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return "interrupted"
    if isinstance(error, DBAPIError):
        return str(error.orig)
    return str(error) or type(error).__name__


def _write_problems(connection: Connection, report: Report) -> None:
    rows = ((report.load_id, place, *problem) for place, problem in enumerate(report.problems, 1))
    fill(connection, schema.load_problems, rows)


def _loads_row(report: Report) -> dict[str, Any]:
    return {
        "load_id": report.load_id,
        "source": report.source,
        "status": report.status,
        "started_at": report.started_at,
        "seconds": report.seconds,
        "paths": [storable(path) for path in report.paths],
        "snapshot": report.snapshot,
        "version": __version__,
        **{name: report.figures[name] for name in COUNTS},
        "rows": dict(report.rows),
        "error": report.error,
    }


def _readers(figures_found: int, jobs: int) -> Readers:
    return Readers(jobs if jobs > 1 and figures_found > FEW else 0)
