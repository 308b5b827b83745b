"""A load is there as a whole or not at all: killed, interrupted, read beside, run twice at once, failed."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, inspect, text
from support import SEEDS, Database, pfocr_db, write_genes

from pfocr_db import migrate, schema
from pfocr_db.database import connect
from pfocr_db.errors import LoadError

sys.path.append(str(Path(__file__).parent.parent / "benchmarks"))
from corpus import change_corpus, write_corpus

FIGURES = 210
"""Enough for reading processes, and for several batches."""
PROMPT = 3.0
"""Seconds within which a killed load's lock has to be gone."""

# A load in a process of its own that, when it comes to a moment, ends by SIGKILL, or waits there to be told to go on.
DRIVER = r"""
import multiprocessing, os, re, signal, sys, threading
from sqlalchemy import Engine, event
from pfocr_db.cli import main
from pfocr_db.database import connect
from pfocr_db.load import Report, load

target, moment, action, *paths = sys.argv[1:]
STATEMENTS = {
    "making tables": r"CREATE TABLE",
    "making indexes": r"CREATE INDEX (?!.*\b(loads|load_problems)\b)",
    "settling": r"(INSERT INTO|UPDATE|DELETE FROM) gene_mentions\b",
    "deriving": r"(INSERT INTO|SELECT\b.*) figure_genes\b",
}

def reached(connection=None):
    print(moment, "with", len(multiprocessing.active_children()), "reading processes", flush=True)
    if action == "wait":
        sys.stdin.readline()
        return
    if action == "kill while the server works":
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGKILL)).start()
        connection.exec_driver_sql("SELECT pg_sleep(60)")
    os.kill(os.getpid(), signal.SIGKILL)

seen = []
def once(connection=None):
    if not seen:
        seen.append(moment)
        reached(connection)

if moment == "committing":
    event.listen(Engine, "commit", once)
elif moment in STATEMENTS:
    pattern = re.compile(r"\s*" + STATEMENTS[moment], re.DOTALL)
    @event.listens_for(Engine, "before_cursor_execute")
    def look(connection, cursor, statement, *_):
        if pattern.match(statement):
            once(connection)

def progress(phase, done, total):
    if (moment == "reading" and 2 * done >= total) or (moment == "all read" and done == total):
        once()

if moment in ("reading", "all read"):
    load(connect(target, create=True), Report(paths), jobs=2, progress=progress)
else:
    main(["--db", target, "load", "--jobs", "2", *paths])
"""
FIRST_LOAD = ["making tables", "reading", "deriving", "making indexes", "committing"]
RELOAD = ["reading", "all read", "settling", "deriving", "committing"]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder, FIGURES)
    return slimmed(folder)


@pytest.fixture(scope="module")
def changed_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same figures a night later: a third of them changed, and some new ones."""
    folder = tmp_path_factory.mktemp("changed")
    write_corpus(folder, FIGURES)
    slimmed(folder)
    change_corpus(folder, 0.3, seed=1)
    write_corpus(folder, 20, start=FIGURES)
    return slimmed(folder)


@pytest.fixture(scope="module")
def content(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a load that nobody disturbs makes of the corpus."""
    return undisturbed(corpus, tmp_path_factory)


@pytest.fixture(scope="module")
def changed_content(changed_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return undisturbed(changed_corpus, tmp_path_factory)


# ----------------------------------------------------------------------------------------------------- killed


def test_a_first_load_killed(empty_database: Database, corpus: Path, content: dict[str, Any]) -> None:
    """Killed at one moment after the other: each load is also the one that comes after a killed one."""
    for moment in FIRST_LOAD:
        killed_at(moment, empty_database, corpus)
        assert tables_of(empty_database) == [], moment
        assert seconds_to_lock(empty_database) < PROMPT, moment
    assert empty_database.load(corpus, jobs=2).figures["added"] == FIGURES
    assert empty_database.content() == content
    assert empty_database.count(schema.loads) == 1


def test_a_reload_killed(
    database: Database, corpus: Path, changed_corpus: Path, changed_content: dict[str, Any]
) -> None:
    database.load(corpus, jobs=2)
    before = database.content()
    for moment in RELOAD:
        killed_at(moment, database, changed_corpus)
        assert seconds_to_lock(database) < PROMPT, moment
        assert database.content() == before, moment
        assert database.count(schema.loads) == 1, moment
    report = database.load(changed_corpus, jobs=2)
    assert (report.figures["added"], report.load_id) == (20, 2)
    assert database.content() == changed_content
    assert database.faults() == []


def test_a_load_killed_while_the_server_works(new_database: Callable[[str], Database], corpus: Path) -> None:
    """Nobody reads the server's answer; it has to look for its client by itself."""
    database = new_database("postgres")
    killed_at("deriving", database, corpus, action="kill while the server works")
    assert seconds_to_lock(database) < PROMPT
    assert database.count(schema.figures) == 0


def test_a_first_load_killed_at_any_time(empty_database: Database, corpus: Path, content: dict[str, Any]) -> None:
    for seconds in spread(time_of_a_load(empty_database.target, corpus)):
        killed_after(seconds, empty_database, corpus)
        if tables_of(empty_database):
            break
    empty_database.load(corpus)
    assert empty_database.content() == content


def test_a_reload_killed_at_any_time(
    database: Database, corpus: Path, changed_corpus: Path, changed_content: dict[str, Any]
) -> None:
    database.load(corpus)
    before = database.content()
    for seconds in spread(time_of_a_load(database.target, corpus)):
        killed_after(seconds, database, changed_corpus)
        assert database.content() == (before if database.count(schema.loads) == 1 else changed_content)
    database.load(changed_corpus)
    assert database.content() == changed_content


def test_a_load_that_was_interrupted_says_so_and_is_recorded(database: Database, corpus: Path) -> None:
    database.load(SEEDS)
    before = database.content()
    with waiting_at("deriving", database, corpus) as load:
        os.killpg(load.pid, signal.SIGINT)  # as a terminal does: to the reading processes, too
        _, error = load.communicate(timeout=10)
    assert (load.returncode, error) == (1, "pfocr-db: interrupted; nothing was changed\n")
    assert database.content() == before
    assert failures(database) == ["interrupted"]


def test_a_killed_load_leaves_nothing_beside_the_database_for_good(
    new_database: Callable[[str], Database], corpus: Path
) -> None:
    database = new_database("sqlite")
    killed_at("committing", database, corpus)
    database.load(SEEDS)
    file = Path(database.target)
    assert [each.name for each in file.parent.glob(f"{file.name}*")] == [file.name]


# ---------------------------------------------------------------------------------------------------- beside it


def test_readers_see_the_old_or_the_new(database: Database, corpus: Path, changed_corpus: Path) -> None:
    for folder in (corpus, changed_corpus):
        before = numbers(database)
        seen, errors = polled_during(database, lambda folder=folder: database.run("load", folder))
        assert errors == []
        assert set(seen) == {before, numbers(database)}
        assert len(seen) > 10


def test_while_a_load_is_about_to_commit_all_is_as_it_was(database: Database, changed_corpus: Path) -> None:
    database.load(SEEDS)
    before = database.content()
    with waiting_at("committing", database, changed_corpus) as load:
        assert database.content() == before
        status, loads = database.invoke("db", "status"), database.invoke("loads")
        checked = database.invoke("db", "check")
        finish(load)
    assert (status.exit_code, loads.exit_code) == (0, 0)
    assert "5 of source pfocr" in status.output
    assert "fault" not in checked.stderr
    assert checked.exit_code in (0, 75)
    assert database.count(schema.figures) == 5 + FIGURES + 20


@pytest.mark.parametrize("loaded", [False, True], ids=["first load", "reload"])
def test_a_reader_that_stays_holds_up_no_load(database: Database, loaded: bool, corpus: Path) -> None:
    if loaded:
        database.load(SEEDS)
    with connect(database.target).connect() as reader:
        for table in schema.metadata.sorted_tables:
            reader.execute(table.select()).all()
        assert database.run("load", corpus, timeout=20).returncode == 0


# ------------------------------------------------------------------------------------------------- two at once


def test_a_second_load_gives_up_and_says_who_is_at_work(
    new_database: Callable[[str], Database], corpus: Path
) -> None:
    """On both databases at the same time: it takes its seconds."""
    databases = [new_database("sqlite"), new_database("postgres")]
    with ExitStack() as stack:
        firsts = [stack.enter_context(waiting_at("committing", each, corpus)) for each in databases]
        began = time.monotonic()
        seconds = [command(each, "load", SEEDS) for each in databases]
        errors = [each.communicate(timeout=20)[1] for each in seconds]
        waited = time.monotonic() - began
        for first in firsts:
            finish(first)
    assert [each.returncode for each in seconds] == [75, 75]
    assert 5 <= waited < 10
    for first, error, database in zip(firsts, errors, databases, strict=True):
        assert re.search(rf"process {first.pid}\b.* since 20\d\d-\d\d-\d\dT\d\d:\d\d", error)
        assert len(error.splitlines()) == 1
        assert (database.count(schema.figures), database.count(schema.loads)) == (FIGURES, 1)


def test_a_second_load_waits_for_one_that_is_nearly_done(database: Database, corpus: Path) -> None:
    with waiting_at("committing", database, corpus) as first:
        second = command(database, "load", SEEDS)
        time.sleep(1.5)
        assert second.poll() is None
        finish(first)
    _, error = second.communicate(timeout=10)
    assert (second.returncode, error) == (0, "")
    assert database.count(schema.figures) == FIGURES + 5


def test_two_first_loads_at_once(empty_database: Database, corpus: Path) -> None:
    """Both find an empty database, one makes the tables."""
    both = [command(empty_database, "load", path) for path in (SEEDS, corpus)]
    errors = [each.communicate(timeout=20)[1] for each in both]
    assert [each.returncode for each in both] == [0, 0], errors
    assert empty_database.count(schema.figures) == FIGURES + 5


# ------------------------------------------------------------------------------------------------------ failed


def test_a_load_without_figures_is_recorded(database: Database, tmp_path: Path) -> None:
    database.load(SEEDS)
    before = database.content()
    (tmp_path / "empty").mkdir()
    with pytest.raises(LoadError, match="no figures"):
        database.load(tmp_path / "empty")
    assert database.content() == before
    assert failures(database) == ["no figures in the paths given; nothing was changed"]
    (problem,) = database.rows(schema.load_problems)
    assert (problem["load_id"], problem["path"]) == (2, str(tmp_path / "empty"))


def test_a_first_load_that_fails_leaves_the_tables_and_its_record(empty_database: Database, tmp_path: Path) -> None:
    with pytest.raises(LoadError):
        empty_database.load(tmp_path / "nowhere")
    assert failures(empty_database) == ["no figures in the paths given; nothing was changed"]
    assert empty_database.load(SEEDS).load_id == 2


def test_a_refused_snapshot_is_recorded(database: Database) -> None:
    database.load(SEEDS)
    before = database.content()
    with pytest.raises(LoadError, match="--allow-shrink"):
        database.load(*sorted(SEEDS.iterdir())[:2], snapshot=True)
    assert database.content() == before
    (error,) = failures(database)
    assert error.startswith("3 of the 5 figures of source pfocr are gone")
    assert database.faults() == []


@pytest.mark.parametrize("statement", ["INSERT INTO genes", "UPDATE loads"], ids=["deriving", "recording"])
def test_a_load_that_fails_in_the_middle_is_recorded(
    database: Database, statement: str, tmp_path: Path, corpus: Path
) -> None:
    database.load(SEEDS)
    before = database.content()
    broken = write_genes(tmp_path, "PMC7__a", [])
    with failing_at(statement), pytest.raises(RuntimeError, match="the disk is full"):
        database.load(corpus, broken)
    assert database.content() == before
    assert failures(database) == ["the disk is full"]
    (problem,) = database.rows(schema.load_problems)
    assert problem["path"] == str(broken)
    row = next(row for row in database.rows(schema.loads) if row["status"] == "failed")
    assert (row["seen"], row["added"], row["rows"]) == (FIGURES, 0, {})
    assert database.load(corpus).figures["added"] == FIGURES


# ----------------------------------------------------------------------------------------------------- helpers


def slimmed(folder: Path) -> Path:
    """With few gene rows a figure, so that whole contents are quick to compare."""
    for table in folder.glob("_data/*-genes.tsv"):
        table.write_text("".join(table.read_text(encoding="utf-8").splitlines(keepends=True)[:8]), encoding="utf-8")
    return folder


def undisturbed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    database = Database(str(tmp_path_factory.mktemp("undisturbed") / "test.db"))
    database.load(folder, jobs=2)
    return database.content()


def start(moment: str, database: Database, folder: Path, action: str) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", DRIVER, database.target, moment, action, str(folder)]
    pipe = subprocess.PIPE
    return subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, text=True, start_new_session=True)


def killed_at(moment: str, database: Database, folder: Path, action: str = "kill") -> None:
    """Its pipes end when the last process that holds them has ended: no reading process outlives the load."""
    load = start(moment, database, folder, action)
    output, error = load.communicate(timeout=20)
    assert load.returncode == -signal.SIGKILL, error
    assert output == f"{moment} with 2 reading processes\n"


def command(database: Database, *words: str | Path) -> subprocess.Popen[str]:
    whole = pfocr_db("--db", database.target, *words)
    return subprocess.Popen(whole, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def killed_after(seconds: float, database: Database, folder: Path) -> None:
    load = command(database, "load", folder, "--jobs", "2")
    time.sleep(seconds)
    load.kill()
    _, error = load.communicate(timeout=5)
    assert error == ""


@contextmanager
def waiting_at(moment: str, database: Database, folder: Path) -> Iterator[subprocess.Popen[str]]:
    load = start(moment, database, folder, "wait")
    try:
        assert load.stdout
        assert load.stdout.readline().startswith(moment)
        yield load
    finally:
        load.kill()
        load.communicate()


def finish(load: subprocess.Popen[str]) -> None:
    _, error = load.communicate("go on\n", timeout=20)
    assert (load.returncode, error) == (0, "")


def seconds_to_lock(database: Database) -> float:
    began = time.monotonic()
    with migrate.transaction(connect(database.target, create=True)):
        return time.monotonic() - began


def tables_of(database: Database) -> list[str]:
    with connect(database.target, create=True).connect() as connection:
        return inspect(connection).get_table_names()


def time_of_a_load(target: str, folder: Path) -> float:
    """About as long as the load of a corpus takes there, from the start of the process."""
    began = time.monotonic()
    subprocess.run(pfocr_db("load", folder, "--check"), check=True, capture_output=True)
    return 2 * (time.monotonic() - began)


def spread(seconds: float) -> list[float]:
    return [seconds * part for part in (0.45, 0.6, 0.8)]


def numbers(database: Database) -> tuple[int, int]:
    """Of figures and gene rows, both at one moment."""
    query = "SELECT (SELECT count(*) FROM figures), (SELECT count(*) FROM gene_mentions)"
    with connect(database.target).connect() as connection:
        figures, mentions = connection.execute(text(query)).one()
        return int(figures), int(mentions)


def polled_during(database: Database, work: Callable[[], Any]) -> tuple[list[tuple[int, int]], list[Exception]]:
    seen: list[tuple[int, int]] = []
    errors: list[Exception] = []
    done = threading.Event()

    def poll() -> None:
        while not done.is_set():
            try:
                seen.append(numbers(database))
            except Exception as error:
                errors.append(error)

    reader = threading.Thread(target=poll)
    reader.start()
    try:
        assert work().returncode == 0
    finally:
        done.set()
        reader.join()
    return [*seen, numbers(database)], errors


def failures(database: Database) -> list[str]:
    return [row["error"] for row in database.rows(schema.loads) if row["status"] == "failed"]


@contextmanager
def failing_at(beginning: str) -> Iterator[None]:
    """The first statement that begins so fails, as if the disk were full."""
    remaining = [beginning]

    def fail(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if remaining and statement.startswith(beginning):
            remaining.clear()
            raise RuntimeError("the disk is full")

    event.listen(Engine, "before_cursor_execute", fail)
    try:
        yield
        assert not remaining, f"there was no {beginning}"
    finally:
        event.remove(Engine, "before_cursor_execute", fail)
