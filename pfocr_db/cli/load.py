"""pfocr-db load."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pfocr_db.cli.output import counts_line, problem_line, require_folder
from pfocr_db.settings import DEFAULT_SOURCE

if TYPE_CHECKING:
    from pfocr_db.load import Report

REJECTED = 3
MOST_PROBLEMS = 20
MOST_READERS = 4
HEADLINES = ("figures", "papers", "gene_mentions", "chemical_mentions", "disease_mentions")


@click.command(epilog="Example: pfocr-db --db pfocr.db load seeds/")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "--snapshot", is_flag=True, help="The paths hold all of the source: withdraw its figures that are gone."
)
@click.option("--allow-shrink", is_flag=True, help="Let --snapshot withdraw more than a tenth of the figures.")
@click.option("--check", is_flag=True, help="Read and report what is wrong with the files; write nothing.")
@click.option("--verify", is_flag=True, help="Read also the files that look unchanged.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    metavar="N",
    help="Processes that read  [default: the cores, up to 4]",
)
@click.option(
    "--source", default=DEFAULT_SOURCE, show_default=True, metavar="NAME", help="The name to keep the figures under."
)
@click.option(
    "--report", type=click.Path(dir_okay=False, writable=True), metavar="FILE.json", help="Write the summary as JSON."
)
@click.option("--quiet", is_flag=True, help="Print problems only.")
@click.pass_obj
def load(  # noqa: PLR0913 - one parameter an option
    target: str,
    paths: tuple[str, ...],
    snapshot: bool,
    allow_shrink: bool,
    check: bool,
    verify: bool,
    jobs: int | None,
    source: str,
    report: str | None,
    quiet: bool,
) -> None:
    """Bring figure files into the database.

    PATH is a folder with _figures/ and _data/, a folder of figure files with their sidecars beside them, or a single
    figure file. New and changed figures are written, unchanged ones left alone. All happens in one transaction: it
    is there as a whole, or not at all.
    """
    from pfocr_db.database import connect, shown
    from pfocr_db.load import Report
    from pfocr_db.load import check as check_files
    from pfocr_db.load import load as load_files

    if report:
        require_folder(Path(report))
    result = Report(list(paths), source, snapshot)
    jobs = jobs or _cores()
    try:
        with _progress(quiet) as progress:
            if check:
                check_files(result, jobs=jobs, progress=progress)
            else:
                engine = connect(target, create=True)
                load_files(engine, result, allow_shrink=allow_shrink, verify=verify, jobs=jobs, progress=progress)
    finally:
        _print_problems(result)
        is_written = not report or _write_report(result, Path(report))
    if not quiet:
        _print_summary(result, None if check else shown(engine.url))
    if result.has_rejects or not is_written:
        sys.exit(REJECTED)


def _cores() -> int:
    """As many readers as one writer can keep up with, at most."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST_READERS)


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A bar on a terminal, nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield lambda _phase, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("reading", total=None)

    def show(phase: str, done: int, total: int) -> None:
        bar.start()  # not before: its thread must not run yet when reading processes are forked
        bar.update(task, description=phase, completed=done, total=total)

    try:
        yield show
    finally:
        bar.stop()


def _print_problems(result: "Report") -> None:
    for problem in result.problems[:MOST_PROBLEMS]:
        click.echo(f"{problem.severity}: {problem_line(problem)}", err=True)
    more = len(result.problems) - MOST_PROBLEMS
    if more > 0:
        where = f"`pfocr-db loads show {result.load_id}`" if result.load_id else "--report FILE.json"
        click.echo(f"… and {more:,} more problems: see {where}", err=True)


def _print_summary(result: "Report", database: str | None) -> None:
    seconds = f"{result.seconds:.1f} s"
    if database is None:
        click.echo(f"checked {result.figures['seen']:,} figures in {seconds}; nothing was written")
    else:
        click.echo(f"load {result.load_id} into {database}: {result.figures['seen']:,} figures in {seconds}")
    counts = {name: number for name, number in result.figures.items() if name != "seen"}
    click.echo("  figures  " + (counts_line(counts) if database or counts["rejected"] else "none rejected"))
    total = sum(result.rows.values())
    if total:
        headlines = counts_line({name: result.rows[name] for name in HEADLINES})
        click.echo(f"  rows     {total:,} in all; {headlines}")


def _write_report(result: "Report", file: Path) -> bool:
    """What is in the database stays there; so a report that cannot be written is no failed load."""
    try:
        file.write_text(json.dumps(result.as_json(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        click.echo(f"error: {file}: the report cannot be written: {error.strerror}", err=True)
        return False
    return True
