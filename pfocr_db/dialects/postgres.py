"""Postgres (14 or newer): COPY, an advisory lock on loads, tsvector for text."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import (
    URL,
    BigInteger,
    Column,
    Connection,
    Engine,
    MetaData,
    NullPool,
    Table,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.schema import AddConstraint, CreateIndex, DropConstraint, DropIndex, ExecutableDDLElement

from pfocr_db.dialects.base import HELD_FOR, Dialect, Row, indexes_of
from pfocr_db.errors import DatabaseHeldError, PfocrDbError, UsageError

if TYPE_CHECKING:
    import psycopg

_LOAD_LOCK = 0x50464F4352  # "PFOCR"
_OLDEST = 140000
_FIELD_GAP = 10  # between the positions of title, paper title and caption, so that no phrase spans two
_HOLDER = """
    SELECT a.application_name, a.usename, a.pid, a.xact_start
      FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
       AND (l.classid::bigint << 32) + l.objid::bigint = :lock
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class Postgres(Dialect):
    reading: Mapping[str, Any] = {"isolation_level": "REPEATABLE READ"}
    is_backed_up_first = False  # a team has its own backups, and migrations there are transactions, too
    search = Table(
        "figure_search",
        MetaData(),
        Column("figure_id", BigInteger, primary_key=True),
        Column("document", TSVECTOR),
    )

    def engine(self, url: URL) -> Engine:
        name = f"pfocr-db, process {os.getpid()} on {socket.gethostname()}"
        defaults = {"application_name": name[:63], "connect_timeout": "10"}
        query = {**defaults, **url.query, "client_encoding": "utf8"}
        engine = create_engine(url.set(query=query), poolclass=NullPool)
        event.listen(engine, "connect", _set_up)
        return engine

    def exists(self, url: URL) -> bool:  # noqa: ARG002
        return True

    @contextmanager
    def exclusive(self, engine: Engine, *, migrating: bool = False) -> Iterator[Connection]:  # noqa: ARG002
        with engine.begin() as connection:
            _refuse_unfit(connection)
            give_up = time.monotonic() + HELD_FOR
            while not connection.execute(
                text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": _LOAD_LOCK}
            ).scalar():
                if time.monotonic() > give_up:
                    raise DatabaseHeldError(_told(connection))
                time.sleep(0.1)
            yield connection

    def insert(self, connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Row]) -> int:
        driver = cast("psycopg.Connection", connection.connection.driver_connection)
        statement = f"COPY {table.name} ({', '.join(names)}) FROM STDIN"
        with _errors_told(), driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
        return len(rows)

    def drop_indexes(self, connection: Connection, tables: Iterable[Table]) -> Callable[[], None]:
        own = [table for table in tables if _is_created_here(connection, table)]
        indexes = indexes_of(own)
        references = [key for table in own for key in table.foreign_key_constraints]
        drops: list[ExecutableDDLElement] = [*map(DropConstraint, references), *map(DropIndex, indexes)]
        for statement in drops:
            connection.execute(statement)

        def make() -> None:
            adds: list[ExecutableDDLElement] = [*map(CreateIndex, indexes), *map(AddConstraint, references)]
            for statement in adds:
                connection.execute(statement)

        return make

    def analyze(self, connection: Connection, tables: Iterable[Table]) -> None:
        for each in tables:
            connection.exec_driver_sql(f"ANALYZE {each.name}")

    def search_row(self, figure_id: int, title: str, caption: str, paper_title: str) -> Row:
        # The document is written out as it is to be, because Postgres' own parser cuts text in its own way.
        lexemes, position = [], 1
        for weight, words in (("A", title.split()), ("B", paper_title.split()), ("C", caption.split())):
            lexemes += [f"{word}:{place}{weight}" for place, word in enumerate(words, position)]
            position += len(words) + _FIELD_GAP
        return figure_id, " ".join(lexemes)

    def faults(self, connection: Connection) -> list[str]:
        invalid = connection.execute(
            text(
                "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                " JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE NOT i.indisvalid AND n.nspname = current_schema() ORDER BY 1"
            )
        )
        return [f"{name}: the index is not valid; REINDEX it" for (name,) in invalid]

    def backup(self, url: URL, target: Path) -> None:
        if not shutil.which("pg_dump"):
            raise UsageError("a Postgres database is backed up with pg_dump, which is not on the PATH: install it")
        bare = url.set(drivername="postgresql")._replace(password=None)
        environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
        command = ["pg_dump", "--format=custom", f"--file={target}", bare.render_as_string()]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            target.unlink(missing_ok=True)
            raise PfocrDbError(f"pg_dump failed: {done.stderr.strip()}")

    def backup_name(self, url: URL, stamp: str) -> str:
        return f"{url.database}-{stamp}.dump"


def _set_up(connection: "psycopg.Connection", _record: object) -> None:
    if connection.info.server_version < _OLDEST:
        raise PfocrDbError(f"the server is older than Postgres {_OLDEST // 10000}; give pfocr-db a newer one")
    connection.execute("SET timezone = 'UTC'")
    connection.commit()
    try:
        # A server notices in half a second that its client was killed, and its locks go. Not all systems can.
        connection.execute("SET client_connection_check_interval = 500")
        connection.commit()
    except connection.Error:
        connection.rollback()


@contextmanager
def _errors_told() -> Iterator[None]:
    """What goes past SQLAlchemy for speed has its errors made plain here."""
    import psycopg  # noqa: PLC0415 - SQLite needs none of it

    try:
        yield
    except psycopg.Error as error:
        raise PfocrDbError(f"the database says: {' '.join(str(error).split())}") from error


def _refuse_unfit(connection: Connection) -> None:
    encoding = connection.execute(text("SHOW server_encoding")).scalar()
    if encoding != "UTF8":
        raise PfocrDbError(f"the database's encoding is {encoding}: create one with ENCODING 'UTF8'")


def _told(connection: Connection) -> str:
    holder = connection.execute(text(_HOLDER), {"lock": _LOAD_LOCK}).first()
    if holder is None:
        return "the database is held: another load has only just ended; try again"
    name, user, pid, since = holder
    if since is None:  # the server tells the session of another role to its owner only
        return f"the database is held: server process {pid} is loading; try again when it has finished"
    return (
        f"the database is held: {name} (user {user}, server process {pid}) has been loading since "
        f"{since.isoformat(timespec='seconds')}; try again when it has finished"
    )


def _is_created_here(connection: Connection, table: Table) -> bool:
    """Whether this very transaction created the table: dropping an index of another would keep readers waiting."""
    created_here = text(
        "SELECT xmin::text::bigint = (pg_current_xact_id()::text::bigint & 4294967295)"
        " FROM pg_class WHERE oid = to_regclass(:name)"
    )
    return bool(connection.execute(created_here, {"name": table.name}).scalar())
