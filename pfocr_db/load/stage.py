"""Where the rows of a load go first, and from there, where they differ, into the tables."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, literal, select, update

from pfocr_db.bulk import append, differing, fill, merge, temporary
from pfocr_db.dialects import dialect_of
from pfocr_db.load.rows import Rows
from pfocr_db.schema import PUBLISHED, figures, load_changes, source_files

STAGED = (figures, *PUBLISHED, source_files, load_changes)
_BOOKKEEPING = {
    "figure_id",
    "figid",
    "source",
    "digest",
    "first_load_id",
    "changed_load_id",
    "withdrawn_load_id",
}


class Direct:
    """Into the tables themselves: there is nothing in them yet."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.written: dict[str, int] = {}

    def add(self, rows: Rows) -> None:
        for table in STAGED:
            if some := rows.get(table.name):
                done = fill(self._connection, table, some)
                self.written[table.name] = self.written.get(table.name, 0) + done


class Staging:
    """Into keyed temporary tables; `settle` makes the figures' published rows those."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._stage = {table.name: temporary(connection, f"stage_{table.name}", table) for table in STAGED}

    @property
    def figure_ids(self) -> Select[Any]:
        return select(self._stage[figures.name].c.figure_id)

    def add(self, rows: Rows) -> None:
        for name, some in rows.items():
            fill(self._connection, self._stage[name], some)

    def complete(self) -> None:
        """All is staged: what only the database knows is filled in, and its planner told of the tables."""
        staged = self._stage[figures.name]
        first = select(figures.c.first_load_id).where(figures.c.figure_id == staged.c.figure_id)
        kept = func.coalesce(first.scalar_subquery(), staged.c.first_load_id)
        self._connection.execute(update(staged).values(first_load_id=kept))
        dialect_of(self._connection).analyze(self._connection, self._stage.values())

    def settle(self) -> dict[str, int]:
        self._name_parts()
        written: dict[str, int] = {}
        for table in STAGED:
            replaced = self.figure_ids if table in PUBLISHED else None
            written |= merge(self._connection, [(table, self._stage[table.name])], replaced)
        return written

    def _name_parts(self) -> None:
        """Say of each changed figure which columns of figures and which tables differ."""
        changes = self._stage[load_changes.name]
        changed = select(changes.c.figure_id).where(changes.c.change == "changed")
        parts: ColumnElement[str] = self._differing_columns(changes.c.figure_id)
        for table in PUBLISHED:
            found = temporary(self._connection, f"differing_{table.name}", figures, ("figure_id",))
            append(self._connection, found, differing(table, self._stage[table.name], changed))
            parts = parts + _part(changes.c.figure_id.in_(select(found)), table.name)
        named = update(changes).values(parts=func.rtrim(parts, ", ")).where(changes.c.change == "changed")
        self._connection.execute(named)

    def _differing_columns(self, figure_id: ColumnElement[int]) -> ColumnElement[str]:
        staged = self._stage[figures.name]
        names: ColumnElement[str] = literal("")
        for column in figures.columns:
            if column.name not in _BOOKKEEPING:
                names = names + _part(column.is_distinct_from(staged.c[column.name]), column.name)
        both = select(names).where(figures.c.figure_id == figure_id, staged.c.figure_id == figure_id)
        return both.scalar_subquery()


def _part(differs: ColumnElement[bool], name: str) -> ColumnElement[str]:
    return case((differs, f"{name}, "), else_="")
