"""Find, compare and run the revisions, with or without a checkout around."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from pfocr_db import __version__, schema
from pfocr_db.database import connect
from pfocr_db.dialects import dialect_of
from pfocr_db.errors import SchemaError

if TYPE_CHECKING:
    from alembic.config import Config

_VERSION_TABLE = "alembic_version"


@dataclass(frozen=True)
class State:
    """Where a database's schema stands: empty, current, older, or of another making."""

    revision: str | None
    head: str
    known: bool

    @property
    def is_empty(self) -> bool:
        return self.revision is None

    @property
    def is_current(self) -> bool:
        return self.revision == self.head

    def __str__(self) -> str:
        if self.is_current:
            return f"revision {self.head}, current"
        if self.is_empty:
            return "none yet: `pfocr-db load PATH` makes it"
        if self.known:
            return f"revision {self.revision}, older than {self.head}: upgrade it with `pfocr-db db upgrade`"
        return f"revision {self.revision}, of a newer pfocr-db: upgrade pfocr-db"


def state(connection: Connection) -> State:
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - a tenth of a second, for those who need it

    script = ScriptDirectory.from_config(_config(connection))
    head = script.get_current_head()
    assert head is not None
    revision = _revision(connection)
    known = revision is None or revision in {each.revision for each in script.walk_revisions()}
    return State(revision, head, known)


def require_current(connection: Connection) -> None:
    """Refuse to work with tables that are not this version's."""
    found = state(connection)
    if found.is_current:
        return
    if found.is_empty:
        raise SchemaError("the database is empty; load figures into it with `pfocr-db load PATH`")
    _refuse(found)


@contextmanager
def opened(target: str) -> Iterator[Connection]:
    """A connection to a database that is there and has this version's tables."""
    engine = connect(target)
    with engine.connect().execution_options(**dialect_of(engine).reading) as connection:
        require_current(connection)
        yield connection


def create_or_require_current(connection: Connection) -> bool:
    """Make the tables in an empty database, in the caller's transaction; whether they were made."""
    found = state(connection)
    if found.is_empty:
        upgrade_in(connection)
        return True
    if not found.is_current:
        _refuse(found)
    return False


def upgrade_in(connection: Connection, revision: str = "head") -> None:
    from alembic import command  # noqa: PLC0415

    command.upgrade(_config(connection), revision)


def downgrade_in(connection: Connection, revision: str) -> None:
    from alembic import command  # noqa: PLC0415

    command.downgrade(_config(connection), revision)


def transaction(engine: Engine) -> AbstractContextManager[Connection]:
    """The transaction a migration runs in: all of it or nothing, with the database's own precautions."""
    return dialect_of(engine).exclusive(engine, migrating=True)


def scripts() -> Path:
    """Beside the package in a checkout or editable install, inside it in a wheel."""
    package = Path(__file__).parent
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parent / "migrations"


def _config(connection: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(scripts()).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _revision(connection: Connection) -> str | None:
    tables = set(inspect(connection).get_table_names())
    if _VERSION_TABLE in tables:
        revision = connection.execute(text(f"SELECT version_num FROM {_VERSION_TABLE}")).scalar()
        if revision is not None and schema.loads.name in tables:
            return str(revision)
        if revision is not None:
            raise SchemaError(
                "the database belongs to another project that uses alembic;"
                " give pfocr-db a database or a schema of its own"
            )
    foreign = sorted(tables & set(schema.metadata.tables))
    if foreign:
        raise SchemaError(
            f"the database already has tables that pfocr-db did not make ({', '.join(foreign[:3])}, …);"
            " give it a database or a schema of its own"
        )
    return None


def _refuse(found: State) -> None:
    refuse_unknown(found)
    raise SchemaError(
        f"the database has an older schema (revision {found.revision}; this version needs {found.head});"
        " upgrade it with `pfocr-db db upgrade`"
    )


def refuse_unknown(found: State) -> None:
    if not found.known:
        raise SchemaError(
            f"the database was made by a newer pfocr-db (revision {found.revision} is unknown to {__version__});"
            " upgrade pfocr-db"
        )
