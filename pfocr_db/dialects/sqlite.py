"""SQLite: one file, write-ahead log, the write lock as the lock on loads, FTS5 for text."""

import getpass
import json
import os
import socket
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import (
    URL,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    NullPool,
    Table,
    Text,
    create_engine,
    event,
    text,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import CreateIndex, DropIndex

from pfocr_db.dialects.base import HELD_FOR, Dialect, Row, indexes_of
from pfocr_db.errors import DatabaseHeldError, PfocrDbError

_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA cache_size = -32768",
    f"PRAGMA busy_timeout = {int(HELD_FOR * 1000)}",
)
_WRITING = "pfocr_writing"


class Sqlite(Dialect):
    is_backed_up_first = True
    reading: Mapping[str, Any] = {}
    search = Table(
        "figure_search",
        MetaData(),
        Column("rowid", Integer, primary_key=True),
        Column("title", Text),
        Column("caption", Text),
        Column("paper_title", Text),
    )

    def engine(self, url: URL) -> Engine:
        engine = create_engine(url, poolclass=NullPool)
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
        return engine

    def exists(self, url: URL) -> bool:
        return Path(_file(url)).exists()

    @contextmanager
    def exclusive(self, engine: Engine, *, migrating: bool = False) -> Iterator[Connection]:
        holder = _HolderFile(_file(engine.url))
        with engine.connect() as connection:
            try:
                _write_ahead(connection)
                if migrating:
                    # Rebuilding a table drops the old one, which would cascade; in a transaction this does nothing.
                    connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
                connection.execution_options(**{_WRITING: True})
                transaction = connection.begin()
            except (OperationalError, sqlite3.OperationalError) as error:
                if not _is_busy(error):
                    raise PfocrDbError(f"the database says: {getattr(error, 'orig', error)}") from error
                raise DatabaseHeldError(holder.told()) from None
            with holder, transaction:
                yield connection
                if migrating and (orphans := _orphans(connection)):
                    raise PfocrDbError(f"refused: the migration would lose parents of rows: {'; '.join(orphans)}")

    def insert(self, connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Row]) -> int:
        sql = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        with _errors_told(), closing(connection.connection.cursor()) as cursor:
            cursor.executemany(sql, rows)
            return cursor.rowcount

    def drop_indexes(self, connection: Connection, tables: Iterable[Table]) -> Callable[[], None]:
        indexes = indexes_of(tables)
        for index in indexes:
            connection.execute(DropIndex(index))

        def make() -> None:
            for index in indexes:
                connection.execute(CreateIndex(index))

        return make

    def analyze(self, connection: Connection, tables: Iterable[Table]) -> None:
        connection.exec_driver_sql("PRAGMA analysis_limit = 1000")
        for each in tables:
            connection.exec_driver_sql(f"ANALYZE {each.name}")

    def search_row(self, figure_id: int, title: str, caption: str, paper_title: str) -> Row:
        return figure_id, title, caption, paper_title

    def faults(self, connection: Connection) -> list[str]:
        found = [row[0] for row in connection.execute(text("PRAGMA integrity_check(20)")) if row[0] != "ok"]
        return found + _orphans(connection)

    def backup(self, url: URL, target: Path) -> None:
        try:
            with (
                _errors_told(),
                closing(sqlite3.connect(_file(url))) as source,
                closing(sqlite3.connect(target)) as copy,
            ):
                source.backup(copy)
        except PfocrDbError:
            target.unlink(missing_ok=True)
            raise

    def backup_name(self, url: URL, stamp: str) -> str:
        return f"{Path(_file(url)).with_suffix('')}-{stamp}.db"


@contextmanager
def _errors_told() -> Iterator[None]:
    """What goes past SQLAlchemy for speed has its errors made plain here."""
    try:
        yield
    except sqlite3.Error as error:
        raise PfocrDbError(f"the database says: {error}") from error


class _HolderFile:
    """Says beside the database who is loading, for the message to those who have to wait."""

    def __init__(self, database: str) -> None:
        self._path = Path(f"{database}-load")

    def __enter__(self) -> None:
        since = datetime.now(UTC).isoformat(timespec="seconds")
        who = {"pid": os.getpid(), "host": socket.gethostname(), "user": _user(), "since": since}
        with suppress(OSError):  # it only informs: one that another user's killed load left must not stop this one
            self._path.unlink(missing_ok=True)
            self._path.write_text(json.dumps(who), encoding="utf-8")

    def __exit__(self, *_: object) -> None:
        if self._read().get("pid") == os.getpid():  # else the next load has written its own already
            with suppress(OSError):
                self._path.unlink(missing_ok=True)

    def told(self) -> str:
        who = self._read()
        if who and _may_be_alive(who):
            by = "process {pid} of {user} on {host} has been loading since {since}".format(**who)
        else:
            by = "another program is writing to it"
        return f"the database is held: {by}; try again when it has finished"

    def _read(self) -> dict[str, Any]:
        try:
            who = json.loads(self._path.read_text(encoding="utf-8"))
            return {key: who[key] for key in ("pid", "user", "host", "since")}
        except (OSError, ValueError, KeyError, TypeError):
            return {}


def _may_be_alive(who: dict[str, Any]) -> bool:
    """A killed load leaves its file behind; of another machine's process nothing is known."""
    if who["host"] != socket.gethostname():
        return True
    try:
        os.kill(int(who["pid"]), 0)
    except ProcessLookupError:
        return False
    except (OSError, ValueError):
        return True
    return True


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"user {os.getuid()}"


def _file(url: URL) -> str:
    assert url.database
    return url.database


def _set_up(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; _begin does
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get(_WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _write_ahead(connection: Connection) -> None:
    """Readers and a load do not disturb each other. A new database is switched once; that does not wait by itself."""
    cursor = connection.connection.cursor()
    give_up = monotonic() + HELD_FOR
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or monotonic() > give_up:
                raise
            sleep(0.1)
        else:
            return


def _is_busy(error: OperationalError | sqlite3.OperationalError) -> bool:
    cause = error.orig if isinstance(error, OperationalError) else error
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _orphans(connection: Connection) -> list[str]:
    rows = connection.execute(text('SELECT DISTINCT "table", parent FROM pragma_foreign_key_check'))
    return [f"{child} has rows without their row in {parent}" for child, parent in rows]
