"""Many rows at once: temporary tables, filling them, and writing only what differs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    Connection,
    Executable,
    MetaData,
    Select,
    Table,
    and_,
    delete,
    except_,
    exists,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.schema import CreateTable

from pfocr_db.dialects import dialect_of
from pfocr_db.dialects.base import Row

CHUNK = 20_000
FETCH = 2_000
Item = TypeVar("Item")


def temporary(
    connection: Connection, name: str, like: Table, columns: tuple[str, ...] | None = None, *, keyed: bool = True
) -> Table:
    """A new empty temporary table with columns of another and its key, as far as it has these columns."""
    table = _temporary(name, like, columns, keyed)
    # Made once a connection, and gone with it. Dropping one first might drop a user's own table of that name.
    connection.execute(CreateTable(table))
    return table


@cache
def _temporary(name: str, like: Table, columns: tuple[str, ...] | None, keyed: bool) -> Table:
    copies = [
        Column(
            column.name,
            column.type,
            primary_key=keyed and column.primary_key,
            autoincrement=False,
            nullable=column.nullable,
        )
        for column in like.columns
        if columns is None or column.name in columns
    ]
    has_key = any(copy.primary_key for copy in copies)
    return Table(name, MetaData(), *copies, prefixes=["TEMPORARY"], sqlite_with_rowid=not has_key)


def fill(connection: Connection, table: Table, rows: Iterable[Row]) -> int:
    """Insert rows that have a value for every column of the table, in chunks: the rows may come from a query."""
    names = [column.name for column in table.columns]
    done = 0
    for chunk in chunks(rows, CHUNK):
        done += dialect_of(connection).insert(connection, table, names, chunk)
    return done


def chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    remaining = iter(items)
    while chunk := list(islice(remaining, size)):
        yield chunk


def stream(connection: Connection, query: Select[Any]) -> Iterator[Any]:
    """The rows of a query, without holding them all."""
    yield from connection.execute(query, execution_options={"yield_per": FETCH})


def merge(
    connection: Connection,
    pairs: Sequence[tuple[Table, Table]],
    keys: Select[Any] | None,
    by: Column[Any] | None = None,
) -> dict[str, int]:
    """Write the rows of each fresh table into its target, where they differ; the number of rows written by table.

    Among the rows of the target with these keys (in `by`, or in the first column of the primary key), those that are
    not in the fresh table go. Parents come before children.
    """
    written: Counter[str] = Counter()
    for target, fresh in reversed(pairs):
        if keys is None:
            break
        key = first_key(target) if by is None else by
        gone = delete(target).where(key.in_(keys), ~exists().where(same_key(target, fresh)))
        written[target.name] += rows_written(connection, gone)
    for target, fresh in pairs:
        same = same_key(target, fresh)
        values = [column.name for column in fresh.columns if column.name not in target.primary_key.columns]
        if values:
            differs = or_(*(target.c[name].is_distinct_from(fresh.c[name]) for name in values))
            changed = update(target).values({name: fresh.c[name] for name in values}).where(same, differs)
            written[target.name] += rows_written(connection, changed)
        written[target.name] += append(connection, target, select(fresh).where(~exists().where(same)))
    return written


def rows_written(connection: Connection, statement: Executable) -> int:
    return connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount


def append(connection: Connection, target: Table, rows: Select[Any] | CompoundSelect[Any]) -> int:
    names = [column.name for column in rows.selected_columns]
    return rows_written(connection, insert(target).from_select(names, rows))


def differing(target: Table, fresh: Table, keys: Select[Any]) -> CompoundSelect[Any]:
    """The first key of all rows, among those whose first key is in `keys`, that stand on one side only."""
    names = [column.name for column in fresh.columns]
    old = select(*(target.c[name] for name in names)).where(first_key(target).in_(keys))
    new = select(fresh).where(first_key(fresh).in_(keys))
    gone, come = except_(old, new).subquery(), except_(new, old).subquery()
    return select(gone.c[names[0]]).union(select(come.c[names[0]]))


def first_key(table: Table) -> Column[Any]:
    return next(iter(table.primary_key))


def same_key(target: Table, fresh: Table) -> ColumnElement[bool]:
    return and_(*(target.c[key.name] == fresh.c[key.name] for key in target.primary_key))
