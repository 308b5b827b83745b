"""The same tests run on SQLite and on a real Postgres, through one fixture."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from postgres_server import Server, running_server
from sqlalchemy import NullPool, create_engine, make_url, text
from support import Database

from pfocr_db import migrate
from pfocr_db.database import connect

ORIGIN = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with running_server() as server:
        request.config.stash[ORIGIN] = server.origin
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file without figures, to be copied."""
    file = tmp_path_factory.mktemp("template") / "template.db"
    _migrate(str(file))
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Server) -> Iterator[str]:
    """The name of a migrated Postgres database without figures, to be copied."""
    with _postgres_database(postgres_server) as url:
        _migrate(url)
        yield str(make_url(url).database)


@pytest.fixture(params=["sqlite", "postgres"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_database(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any tables."""
    if kind == "sqlite":
        yield Database(str(tmp_path / "test.db"))
        return
    with _postgres_database(request.getfixturevalue("postgres_server")) as url:
        yield Database(url)


@pytest.fixture
def database(new_database: Callable[[str], Database], kind: str) -> Database:
    """A database of either kind that has been migrated and holds no figures."""
    return new_database(kind)


@pytest.fixture
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Database]]:
    """Makes any number of such databases, for tests that compare several."""
    with ExitStack() as opened:

        def make(kind: str) -> Database:
            if kind == "sqlite":
                file = tmp_path / f"{uuid4().hex}.db"
                shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
                return Database(str(file))
            server = request.getfixturevalue("postgres_server")
            template = request.getfixturevalue("postgres_template")
            return Database(opened.enter_context(_postgres_database(server, template)))

        yield make


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Under xdist the servers are the workers'."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["origin"] = session.config.stash.get(ORIGIN, None)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    origin = getattr(node, "workeroutput", {}).get("origin")
    if origin:
        node.config.stash[ORIGIN] = origin


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    origin = terminalreporter.config.stash.get(ORIGIN, "no test asked for one")
    terminalreporter.write_line(f"Postgres: {origin}")


@contextmanager
def _postgres_database(server: Server, template: str = "template1") -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield make_url(server.url).set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(server: Server, statement: str) -> None:
    engine = create_engine(server.url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(statement))


def _migrate(target: str) -> None:
    with migrate.transaction(connect(target, create=True)) as connection:
        migrate.upgrade_in(connection)
