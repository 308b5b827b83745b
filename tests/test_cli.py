"""The command line: what it takes, what it prints, how it ends."""

import importlib.util
import json
import os
import re
import select as polling
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from postgres_server import EMBEDDED
from sqlalchemy import URL, make_url, text
from support import SEEDS, Database, pfocr_db, write_figure, write_genes, write_text

from pfocr_db import __version__, migrate, schema
from pfocr_db.cli import main
from pfocr_db.database import connect
from pfocr_db.settings import DATABASE_VARIABLE

LOAD_OPTIONS = {"--snapshot", "--allow-shrink", "--check", "--verify", "--jobs", "--source", "--report", "--quiet"}
COUNTS = ["seen", "added", "changed", "unchanged", "withdrawn", "returned", "rejected"]
SECRET = "s3cret"
NOWHERE = "postgresql://someone:{}@127.0.0.1:1/nothing"
ESCAPE = "\x1b["


@pytest.fixture
def sqlite(new_database: Callable[[str], Database]) -> Database:
    return new_database("sqlite")


@pytest.fixture(autouse=True)
def no_database_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DATABASE_VARIABLE, raising=False)


def commands(group: click.Group = main, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command that does something."""
    for name, command in group.commands.items():
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield (*words, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))


def as_typed(value: object) -> str | None:
    """The name of a test of these words, the same in every checkout."""
    return " ".join(value).replace(str(SEEDS), "seeds") if isinstance(value, list) else None


COMMANDS = list(commands())
SHOWN = [" ".join(words) for words in COMMANDS]


# -------------------------------------------------------------------------------------------------------- help


def test_the_documented_commands_are_there() -> None:
    documented = ["load", "db upgrade", "db status", "db backup", "db check", "loads", "loads show"]
    assert set(documented) <= set(SHOWN)


@pytest.mark.parametrize("words", COMMANDS, ids=SHOWN)
def test_every_command_has_help_with_an_example_of_itself(words: tuple[str, ...]) -> None:
    helped = invoke(*words, "--help")
    assert helped.exit_code == 0
    assert re.search(rf"Example: pfocr-db (--db \S+ )?{' '.join(words)}\b", helped.output)


@pytest.mark.parametrize("words", [(), *COMMANDS], ids=["pfocr-db", *SHOWN])
def test_every_option_is_explained(words: tuple[str, ...]) -> None:
    command: Any = main
    for word in words:
        command = command.commands[word]
    for option in (each for each in command.params if isinstance(each, click.Option)):
        assert option.help, option.name


def test_load_has_the_documented_options() -> None:
    assert {name for option in main.commands["load"].params for name in option.opts} >= LOAD_OPTIONS


def test_the_exit_codes_are_documented_in_the_help() -> None:
    helped = invoke("--help").output
    for code in (0, 1, 2, 3, 75):
        assert re.search(rf"\b{code} [a-z]", helped), code


def test_the_examples_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(SEEDS, tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)
    for words in COMMANDS:  # load comes first
        helped = invoke(*words, "--help").output
        example = re.search(r"Example: pfocr-db (.*)", helped)
        assert example
        ended = invoke(*shlex.split(example[1]))
        assert (ended.exit_code, ended.stderr) == (0, ""), example[0]


@pytest.mark.parametrize("words", [[], ["load"], ["db"], ["db", "status"], ["loads"]], ids=as_typed)
def test_help_waits_for_no_heavy_import(words: list[str]) -> None:
    script = f"""
import sys
from pfocr_db.cli import main
try:
    main({[*words, "--help"]!r}, prog_name="pfocr-db")
finally:
    print(*sys.modules, file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "Usage: pfocr-db" in done.stdout
    loaded = set(done.stderr.split())
    assert "pfocr_db.cli.load" in loaded
    assert loaded.isdisjoint({"sqlalchemy", "alembic", "yaml", "psycopg", "rich.progress"})


def test_the_version() -> None:
    assert __version__ in invoke("--version").output


# --------------------------------------------------------------------------------------------------- a load's words


def test_the_summary(database: Database) -> None:
    loaded = database.invoke("load", SEEDS)
    assert (loaded.exit_code, loaded.stderr) == (0, "")
    first, *rest = loaded.stdout.splitlines()
    assert re.fullmatch(r"load 1 into \S+: 5 figures in \d+\.\d s", first)
    assert rest[0] == "  figures  5 added"
    assert re.fullmatch(
        r"  rows     [\d,]+ in all; 5 figures, 5 papers, 198 gene_mentions, 8 chemical_mentions, 1 disease_mentions",
        rest[1],
    )
    again = database.invoke("load", SEEDS)
    assert again.stdout.splitlines()[1:] == ["  figures  5 unchanged"]


def test_the_summary_of_a_mixed_load(sqlite: Database, tmp_path: Path) -> None:
    for number in range(10):
        write_figure(tmp_path, f"PMC{number}__a")
    sqlite.load(tmp_path)
    (tmp_path / "PMC0__a.md").unlink()
    sqlite.load(tmp_path, snapshot=True)
    (tmp_path / "PMC1__a.md").unlink()
    write_figure(tmp_path, "PMC0__a")
    write_figure(tmp_path, "PMC2__a", caption="Changed.")
    write_figure(tmp_path, "PMC90__new")
    write_text(tmp_path / "PMC91__broken.md", "no front matter")
    loaded = sqlite.invoke("load", tmp_path, "--snapshot", "--allow-shrink")
    assert loaded.exit_code == 3
    expected = "1 added, 1 changed, 7 unchanged, 1 withdrawn, 1 returned, 1 rejected"
    assert f"figures  {expected}" in loaded.stdout


def test_problems_go_to_standard_error_with_path_and_line(sqlite: Database, tmp_path: Path) -> None:
    write_figure(tmp_path, "PMC1__a")
    broken = write_figure(tmp_path, "PMC2__b", year="soon")
    loaded = sqlite.invoke("load", tmp_path)
    assert loaded.exit_code == 3
    assert re.fullmatch(rf"error: {re.escape(str(broken))}:\d+: year is 'soon'.*\n", loaded.stderr)
    assert "1 added, 1 rejected" in loaded.stdout


def test_paths_below_the_current_folder_are_shown_short(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_text(tmp_path / "figures" / "PMC2__b.md", "")
    monkeypatch.chdir(tmp_path)
    assert sqlite.invoke("load", "figures").stderr.startswith("error: figures/PMC2__b.md: ")


def test_many_problems_are_cut_short(sqlite: Database, tmp_path: Path) -> None:
    for number in range(25):
        write_text(tmp_path / f"PMC{number}__a.md", "")
    loaded = sqlite.invoke("load", tmp_path)
    assert len(loaded.stderr.splitlines()) == 21
    assert loaded.stderr.splitlines()[-1] == "… and 5 more problems: see `pfocr-db loads show 1`"
    assert sqlite.invoke("loads", "show", "1").stdout.count("error: ") == 25


def test_quiet_prints_problems_only(sqlite: Database, tmp_path: Path) -> None:
    silent = sqlite.invoke("load", SEEDS, "--quiet")
    assert (silent.exit_code, silent.output) == (0, "")
    write_text(tmp_path / "PMC2__b.md", "")
    write_figure(tmp_path, "PMC3__c")
    rejecting = sqlite.invoke("load", tmp_path, "--quiet")
    assert (rejecting.exit_code, rejecting.stdout) == (3, "")
    assert len(rejecting.stderr.splitlines()) == 1


def test_check_writes_nothing(tmp_path: Path) -> None:
    figures = tmp_path / "figures"
    write_figure(figures, "PMC1__a")
    write_figure(figures, "PMC2__b", year="soon")
    database = Database(str(tmp_path / "test.db"))
    checked = database.invoke("load", figures, "--check")
    assert checked.exit_code == 3
    assert "year is 'soon'" in checked.stderr
    assert "checked 2 figures" in checked.stdout
    assert "nothing was written" in checked.stdout
    assert [each.name for each in tmp_path.iterdir()] == ["figures"]


def test_check_of_sound_files_ends_well(sqlite: Database) -> None:
    checked = sqlite.invoke("load", SEEDS, "--check")
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert sqlite.count(schema.loads) == 0


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_any_number_of_jobs_gives_the_same(sqlite: Database, tmp_path: Path, jobs: str) -> None:
    for number in range(1, 231):
        write_text(tmp_path / f"PMC{number}__a.md", f"---\nfigid: PMC{number}__a\ncaption: {number}\n---\n")
    assert sqlite.run("load", tmp_path, "--jobs", jobs).returncode == 0
    captions = {row["figid"]: row["caption"] for row in sqlite.rows(schema.figures)}
    assert captions == {f"PMC{number}__a": str(number) for number in range(1, 231)}


def test_a_source_can_be_named(sqlite: Database) -> None:
    sqlite.invoke("load", SEEDS, "--source", "mine")
    assert {row["source"] for row in sqlite.rows(schema.figures)} == {"mine"}


# ---------------------------------------------------------------------------------------------------- --report


def test_the_report(database: Database, tmp_path: Path) -> None:
    report = reported(database, tmp_path, SEEDS)
    assert report["load_id"] == 1
    assert report["status"] == "loaded"
    assert report["figures"] == dict.fromkeys(COUNTS, 0) | {"seen": 5, "added": 5}
    assert (report["rows"]["figures"], report["rows"]["gene_mentions"]) == (5, 198)
    assert 0 < report["seconds"] < 60
    assert report["problems"] == []


def test_the_report_lists_problems(sqlite: Database, tmp_path: Path) -> None:
    write_figure(tmp_path / "in", "PMC1__a")
    broken = write_text(tmp_path / "in" / "PMC2__b.md", "")
    report = reported(sqlite, tmp_path, tmp_path / "in", code=3)
    (problem,) = report["problems"]
    assert list(problem) == ["path", "line", "severity", "message"]
    assert (problem["path"], problem["line"], problem["severity"]) == (str(broken), None, "error")
    assert report["figures"]["rejected"] == 1


def test_the_report_of_a_failed_load(database: Database, tmp_path: Path) -> None:
    report = reported(database, tmp_path, tmp_path / "nowhere", code=1)
    assert (report["load_id"], report["status"]) == (1, "failed")
    assert report["figures"] == dict.fromkeys(COUNTS, 0)
    assert report["rows"] == {}
    assert [problem["path"] for problem in report["problems"]] == [str(tmp_path / "nowhere")]


def test_the_report_of_a_refused_snapshot(sqlite: Database, tmp_path: Path) -> None:
    sqlite.load(SEEDS)
    report = reported(sqlite, tmp_path, *sorted(SEEDS.iterdir())[:2], "--snapshot", code=1)
    assert report["status"] == "failed"
    assert report["figures"] == dict.fromkeys(COUNTS, 0) | {"seen": 2}


def test_the_report_of_a_load_that_found_the_database_held(sqlite: Database, tmp_path: Path) -> None:
    sqlite.load(SEEDS)
    with migrate.transaction(connect(sqlite.target)):
        report = reported(sqlite, tmp_path, SEEDS, code=75)
    assert (report["load_id"], report["status"]) == (None, "failed")


def test_the_report_of_a_load_into_an_older_schema(database: Database, tmp_path: Path) -> None:
    with migrate.transaction(connect(database.target)) as connection:
        migrate.downgrade_in(connection, "-1")
    report = reported(database, tmp_path, SEEDS, code=1)
    assert (report["load_id"], report["status"]) == (None, "failed")


def test_the_report_of_a_load_that_reached_no_database(tmp_path: Path) -> None:
    report = reported(Database(NOWHERE.format(SECRET)), tmp_path, SEEDS, code=1)
    assert (report["load_id"], report["status"]) == (None, "failed")
    assert SECRET not in json.dumps(report)


def test_the_report_of_a_check(tmp_path: Path) -> None:
    report = reported(Database(str(tmp_path / "test.db")), tmp_path, SEEDS, "--check")
    assert (report["load_id"], report["status"]) == (None, "checked")
    assert report["figures"]["seen"] == 5


def test_a_report_that_cannot_be_written_is_said_before_anything_is_loaded(sqlite: Database, tmp_path: Path) -> None:
    refused = sqlite.invoke("load", SEEDS, "--report", tmp_path / "nowhere" / "report.json")
    check_refusal(refused, 2)
    assert sqlite.count(schema.figures) == 0


# ------------------------------------------------------------------------------------------------- the progress bar


def test_a_bar_on_a_terminal(sqlite: Database) -> None:
    shown, code = on_a_terminal(sqlite, "load", SEEDS)
    assert code == 0
    assert ESCAPE in shown
    assert "reading" in shown
    assert "5/5" in shown


def test_no_bar_on_a_terminal_when_quiet(sqlite: Database) -> None:
    assert on_a_terminal(sqlite, "load", SEEDS, "--quiet") == ("", 0)


def test_no_bar_in_a_pipe(sqlite: Database) -> None:
    loaded = sqlite.run("load", SEEDS)
    assert loaded.stderr == ""
    assert ESCAPE not in loaded.stdout
    assert "reading" not in loaded.stdout


# ------------------------------------------------------------------------------------------- which database it is


def test_a_path_is_a_sqlite_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for target in ("my.db", str(tmp_path / "other.db"), "sqlite:///url.db", f"sqlite:///{tmp_path}/absolute.db"):
        assert invoke("--db", target, "load", SEEDS).exit_code == 0, target
    for name in ("my.db", "other.db", "url.db", "absolute.db"):
        assert Database(str(tmp_path / name)).count(schema.figures) == 5


def test_the_default_is_a_file_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "into pfocr.db" in invoke("load", SEEDS).stdout
    assert Database(str(tmp_path / "pfocr.db")).count(schema.figures) == 5


def test_the_environment_names_the_database(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(DATABASE_VARIABLE, sqlite.target)
    assert invoke("load", SEEDS).exit_code == 0
    assert sqlite.count(schema.figures) == 5
    assert invoke("--db", "other.db", "load", SEEDS).exit_code == 0
    assert sqlite.count(schema.loads) == 1


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_a_postgres_url(postgres: URL, scheme: str) -> None:
    target = postgres.set(drivername=scheme).render_as_string(hide_password=False)
    assert invoke("--db", target, "db", "status").exit_code == 0


def test_a_postgres_url_may_have_its_parts_in_the_query(postgres: URL) -> None:
    query = {"host": str(postgres.host), "port": str(postgres.port), "password": str(postgres.password)}
    bare = URL.create("postgresql", postgres.username, database=postgres.database, query=query)
    loaded = invoke("--db", bare.render_as_string(), "load", SEEDS)
    assert loaded.exit_code == 0, loaded.output
    assert str(postgres.password) not in loaded.output


def test_a_postgres_schema_of_its_own(postgres: URL) -> None:
    """Where the database has tables of the same names: as the refusal of those recommends."""
    execute(postgres, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public", "CREATE SCHEMA mine")
    execute(postgres, "CREATE TABLE figures (image integer)")
    own = postgres.set(query={"options": "-c search_path=mine"}).render_as_string(hide_password=False)
    assert invoke("--db", own, "load", SEEDS).exit_code == 0
    assert invoke("--db", own, "load", SEEDS, "--verify").exit_code == 0
    assert invoke("--db", own, "db", "check").exit_code == 0
    assert Database(own).count(schema.figures) == 5


# ------------------------------------------------------------------------------------------------------- passwords


def test_a_password_is_never_printed(postgres: URL) -> None:
    target, password = postgres.render_as_string(hide_password=False), str(postgres.password)
    for words in (
        ["load", SEEDS],
        ["db", "status"],
        ["db", "check"],
        ["db", "upgrade"],
        ["loads"],
        ["loads", "show", "1"],
    ):
        ended = invoke("--db", target, *words)
        assert ended.exit_code == 0, ended.output
        assert password not in ended.output
    with connect(target).connect() as connection:
        for table in (schema.loads, schema.load_problems):
            assert password not in repr(connection.execute(table.select()).all())


@pytest.mark.parametrize("words", [["load", str(SEEDS)], ["db", "status"], ["db", "backup"], ["loads"]], ids=as_typed)
def test_a_wrong_password_is_not_printed_either(postgres: URL, words: list[str], tmp_path: Path) -> None:
    target = postgres.set(password=SECRET).render_as_string(hide_password=False)
    refused = Database(target).run(*words, cwd=tmp_path)
    assert refused.returncode == 1
    assert SECRET not in refused.stdout + refused.stderr
    assert "Traceback" not in refused.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "target",
    [
        NOWHERE.format(SECRET),
        NOWHERE.format("%73") + f"?password={SECRET}",
        f"postgres://127.0.0.1:1/nothing?user=someone&password={SECRET}",
        NOWHERE.format(SECRET) + "?sslmode=nonsense",
        NOWHERE.format(SECRET) + "?nonsense=1",
        f"postgresql://someone:{SECRET}@host:port/nothing",
        f"postgresql://someone:{SECRET}@nowhere.invalid/nothing",
        f"mysql://someone:{SECRET}@127.0.0.1/nothing",
        f"postgresql+asyncpg://someone:{SECRET}@127.0.0.1/nothing",
    ],
)
@pytest.mark.parametrize("words", [["load", str(SEEDS)], ["db", "status"]], ids=as_typed)
def test_no_refusal_tells_a_password(target: str, words: list[str]) -> None:
    refused = invoke("--db", target, *words)
    check_refusal(refused)
    assert SECRET not in refused.output


def test_a_password_is_kept_out_of_the_help_with_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATABASE_VARIABLE, NOWHERE.format(SECRET))
    assert SECRET not in invoke("--help").output


# -------------------------------------------------------------------------------------------------- refusals in short


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--db", "nowhere/x.db", "load", str(SEEDS)], 2, "the folder of nowhere/x.db does not exist"),
        (["--db", ".", "load", str(SEEDS)], 2, "is a folder"),
        (["--db", ":memory:", "load", str(SEEDS)], 2, "give the database a file"),
        (["--db", "sqlite://", "load", str(SEEDS)], 2, "give the database a file"),
        (["--db", "mysql://x/y", "load", str(SEEDS)], 2, "mysql:// is not a database"),
        (["--db", "text.db", "load", str(SEEDS)], 1, "text.db"),
        (["--db", "text.db", "db", "status"], 1, "text.db"),
        (["db", "status"], 2, "there is no database here"),
        (["db", "backup"], 2, "there is no database here"),
        (["db", "check"], 2, "there is no database here"),
        (["loads"], 2, "there is no database here"),
        (["loads", "show", "1"], 2, "there is no database here"),
        (["--db", "empty.db", "loads"], 1, "pfocr-db load PATH"),
        (["--db", "empty.db", "db", "check"], 1, "pfocr-db load PATH"),
        (["--db", "loaded.db", "loads", "show", "99"], 2, "there is no load 99"),
        (["--db", "loaded.db", "db", "backup", "loaded.db"], 2, "exists already"),
        (["--db", "loaded.db", "db", "backup", "nowhere/copy.db"], 2, "nowhere"),
        (["--db", "loaded.db", "load", "empty"], 1, "no figures"),
    ],
    ids=as_typed,
)
def test_a_refusal_is_one_line(
    words: list[str], code: int, told: str, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_text(tmp_path / "text.db", "no database, but text that is long enough to look at " * 20)
    (tmp_path / "empty.db").touch()
    (tmp_path / "empty").mkdir()
    shutil.copyfile(sqlite_template, tmp_path / "loaded.db")
    refused = invoke(*words)
    check_refusal(refused, code, problems="empty" in words)
    assert told in refused.stderr
    assert not (tmp_path / "pfocr.db").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["load"],
        ["load", str(SEEDS), "--jobs", "0"],
        ["load", str(SEEDS), "--jobs", "many"],
        ["load", str(SEEDS), "--nonsense"],
        ["nonsense"],
        ["loads", "--limit", "0"],
        ["loads", "show", "one"],
        ["loads", "show"],
    ],
    ids=as_typed,
)
def test_wrong_words_are_usage_errors(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    refused = invoke(*words)
    assert refused.exit_code == 2
    assert refused.stderr.startswith("Usage: ")
    assert list(tmp_path.iterdir()) == []


def test_output_that_nobody_reads_to_its_end(sqlite: Database) -> None:
    sqlite.load(SEEDS)
    shell = f"{shlex.join(pfocr_db('--db', sqlite.target, 'loads', 'show', '1'))} | true"
    done = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr


# ---------------------------------------------------------------------------------------------------------- loads


def test_loads_lists_the_last_loads_first(database: Database, tmp_path: Path) -> None:
    database.load(SEEDS)
    database.load(SEEDS, source="other")
    database.invoke("load", tmp_path)
    header, *rows, hint = database.invoke("loads").stdout.splitlines()
    assert header.split() == ["load", "started", "(UTC)", "source", "status", "seconds", *COUNTS]
    assert [row.split()[0] for row in rows] == ["3", "2", "1"]
    assert [row.split()[4] for row in rows] == ["failed", "loaded", "loaded"]
    assert rows[2].split()[-7:] == ["5", "5", "0", "0", "0", "0", "0"]
    assert "loads show ID" in hint


def test_loads_are_limited(sqlite: Database) -> None:
    for _ in range(12):
        sqlite.load(SEEDS)
    assert len(sqlite.invoke("loads").stdout.splitlines()) == 1 + 10
    limited = sqlite.invoke("loads", "--limit", "2").stdout.splitlines()
    assert [row.split()[0] for row in limited[1:]] == ["12", "11"]


def test_loads_of_an_empty_database(sqlite: Database) -> None:
    listed = sqlite.invoke("loads")
    assert (listed.exit_code, listed.stderr) == (0, "")


def test_loads_show_goes_figure_by_figure(database: Database, tmp_path: Path) -> None:
    write_figure(tmp_path, "PMC1__a")
    write_figure(tmp_path, "PMC2__b")
    database.load(tmp_path)
    write_figure(tmp_path, "PMC1__a", caption="Changed.")
    write_figure(tmp_path, "PMC3__c")
    broken = write_genes(tmp_path, "PMC2__b", [{"word": "JAK2", "ncbigene_id": "none"}])
    database.load(tmp_path)
    shown = database.invoke("loads", "show", "2").stdout
    assert shown.startswith(f"load 2: loaded {tmp_path} as source pfocr\n")
    assert "1 added, 1 changed, 1 rejected" in shown
    assert "changed  PMC1__a  caption\nadded  PMC3__c\n" in shown
    assert re.search(rf"^error: {re.escape(str(broken))}:2: the gene id is 'none'", shown, re.MULTILINE)
    assert "PMC2__b\n" not in shown


def test_loads_show_says_why_a_load_failed(sqlite: Database, tmp_path: Path) -> None:
    sqlite.invoke("load", tmp_path)
    shown = sqlite.invoke("loads", "show", "1").stdout
    assert "failed" in shown
    assert "error    no figures in the paths given" in shown
    assert f"error: {tmp_path}: no figures in this folder" in shown


# ------------------------------------------------------------------------------------------------------------- db


def test_db_status(database: Database) -> None:
    database.load(SEEDS)
    database.load(*sorted(SEEDS.iterdir())[:4], snapshot=True, allow_shrink=True)
    status = database.invoke("db", "status")
    assert status.exit_code == 0
    assert "current" in status.stdout
    assert "4 of source pfocr, 1 more withdrawn" in status.stdout
    assert re.search(r"last load +2, loaded 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC", status.stdout)


def test_a_sqlite_backup_is_a_database(sqlite: Database, tmp_path: Path) -> None:
    sqlite.load(SEEDS)
    copy = tmp_path / "copy.db"
    backed_up = sqlite.invoke("db", "backup", copy)
    assert (backed_up.exit_code, backed_up.stdout) == (0, f"backed up to {copy}\n")
    assert Database(str(copy)).content() == sqlite.content()
    assert Database(str(copy)).load(SEEDS).figures["unchanged"] == 5


def test_a_backup_without_a_name_gets_one_beside_the_database(sqlite: Database) -> None:
    sqlite.load(SEEDS)
    backed_up = sqlite.invoke("db", "backup")
    (copy,) = re.findall(r"backed up to (\S+)\n", backed_up.stdout)
    assert Path(copy).parent == Path(sqlite.target).parent
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM figures").fetchone() == (5,)


def test_a_postgres_backup_is_one_for_pg_restore(postgres: URL, pg_dump: Path, tmp_path: Path) -> None:
    target = postgres.render_as_string(hide_password=False)
    Database(target).load(SEEDS)
    copy = tmp_path / "copy.dump"
    backed_up = invoke("--db", target, "db", "backup", copy)
    assert backed_up.exit_code == 0, backed_up.output
    listed = subprocess.run([pg_dump / "pg_restore", "--list", copy], capture_output=True, text=True, check=True)
    assert "TABLE DATA public gene_mentions" in listed.stdout


def test_a_postgres_backup_goes_where_the_url_says(postgres: URL, pg_dump: Path, tmp_path: Path) -> None:
    query = {"host": str(postgres.host), "port": str(postgres.port), "password": str(postgres.password)}
    bare = URL.create("postgresql", postgres.username, database=postgres.database, query=query).render_as_string()
    Database(bare).load(SEEDS)
    backed_up = invoke("--db", bare, "db", "backup", tmp_path / "copy.dump")
    assert backed_up.exit_code == 0, backed_up.output


def test_a_postgres_backup_without_pg_dump_says_what_is_missing(
    postgres: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    refused = invoke("--db", postgres.render_as_string(hide_password=False), "db", "backup")
    check_refusal(refused, 2)
    assert "pg_dump" in refused.stderr


def test_db_check_of_a_sound_database(database: Database) -> None:
    database.load(SEEDS)
    checked = database.invoke("db", "check")
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert "sound" in checked.stdout


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE genes SET symbol = 'WRONG' WHERE gene_id = (SELECT min(gene_id) FROM genes)", "genes"),
        ("DELETE FROM figure_genes WHERE gene_id = (SELECT min(gene_id) FROM figure_genes)", "figure_genes"),
        ("UPDATE papers SET title = 'Wrong' WHERE pmcid = 'PMC55365'", "papers"),
        ("INSERT INTO organisms (name) VALUES ('Nessie')", "organisms"),
        ("UPDATE gene_mentions SET gene_id = 4711 WHERE ordinal = 1", "gene_readings"),
        ("DELETE FROM figure_search", "figure_search"),
        ("UPDATE figures SET caption = 'Quite another one.' WHERE pmcid = 'PMC55365'", "figure_search"),
    ],
    ids=lambda value: value.split(" WHERE ")[0],
)
def test_db_check_finds_rows_tampered_with(database: Database, statement: str, table: str) -> None:
    database.load(SEEDS)
    with connect(database.target).begin() as connection:
        connection.execute(text(statement))
    checked = database.invoke("db", "check")
    assert checked.exit_code == 1
    assert re.search(rf"^{table}: ", checked.stderr, re.MULTILINE)
    assert "sound" not in checked.stdout


def test_db_check_finds_rows_without_their_figure(sqlite: Database) -> None:
    sqlite.load(SEEDS)
    with closing(sqlite3.connect(sqlite.target)) as connection:  # which does not mind foreign keys
        connection.execute("DELETE FROM figures WHERE pmcid = 'PMC55365'")
        connection.commit()
    checked = sqlite.invoke("db", "check")
    assert checked.exit_code == 1
    assert "gene_mentions has rows without their row in figures" in checked.stderr


def test_db_check_changes_nothing(database: Database) -> None:
    database.load(SEEDS)
    with connect(database.target).begin() as connection:
        connection.execute(text("UPDATE papers SET title = 'Wrong'"))
    before = database.content()
    database.invoke("db", "check")
    assert database.content() == before


# ------------------------------------------------------------------------------------------------------- helpers


@pytest.fixture
def postgres(new_database: Callable[[str], Database]) -> URL:
    """A migrated database on the real server."""
    return make_url(new_database("postgres").target)


@pytest.fixture
def pg_dump(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of pg_dump and pg_restore, put on the PATH; the package's are as new as any server."""
    package = importlib.util.find_spec(EMBEDDED)
    if package and package.origin:
        folder = Path(package.origin).parent / "pginstall" / "bin"
    else:
        folder = Path(shutil.which("pg_dump") or "").parent
    assert (folder / "pg_dump").exists(), "pg_dump is needed: pip install -e .[dev], or put it on the PATH"
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    return folder


def invoke(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def execute(url: URL, *statements: str) -> None:
    with connect(url.render_as_string(hide_password=False)).begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def check_refusal(refused: Result, code: int | None = None, problems: bool = False) -> None:
    """One line for the reason, after those for problems in files; and no traceback."""
    assert isinstance(refused.exception, SystemExit), repr(refused.exception)
    assert refused.exit_code == code if code else refused.exit_code in (1, 2)
    assert refused.stdout == ""
    lines = refused.stderr.splitlines()
    reasons = [line for line in lines if not (problems and line.startswith("error: "))]
    assert len(reasons) == 1, refused.stderr
    assert reasons[0].startswith("pfocr-db: ")


def reported(database: Database, folder: Path, *words: str | Path, code: int = 0) -> dict[str, Any]:
    file = folder / "report.json"
    ended = database.invoke("load", *words, "--report", file)
    assert ended.exit_code == code, ended.output
    report: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    assert list(report) == ["load_id", "status", "seconds", "figures", "rows", "problems"]
    assert list(report["figures"]) == COUNTS
    return report


def on_a_terminal(database: Database, *words: str | Path) -> tuple[str, int]:
    """What a command shows on a terminal's standard error, and its exit code."""
    ours, theirs = os.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "100"}
    command = pfocr_db("--db", database.target, *words)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs, env=environment)
    os.close(theirs)
    shown = b""
    try:
        while polling.select([ours], [], [], 20)[0]:
            try:
                some = os.read(ours, 65536)
            except OSError:  # Linux' way to say that the other side is closed
                some = b""
            if not some:
                break
            shown += some
    finally:
        os.close(ours)
    return shown.decode(), process.wait(timeout=20)


def test_a_report_that_cannot_be_written_does_not_hide_the_load(tmp_path: Path) -> None:
    database = Database(str(tmp_path / "test.db"))
    done = database.run("load", SEEDS, "--report", "/dev/full")
    assert done.returncode == 3
    assert "the report cannot be written" in done.stderr
    assert "5 added" in done.stdout
    assert database.count(schema.figures) == 5


@pytest.mark.parametrize("source", ["", "a\tb", "x" * 201])
def test_a_source_needs_a_name_that_can_be_kept(source: str, tmp_path: Path) -> None:
    done = Database(str(tmp_path / "test.db")).invoke("load", SEEDS, "--source", source)
    assert done.exit_code == 2
    assert "--source" in done.stderr
    assert not (tmp_path / "test.db").exists()


def test_db_upgrade_does_not_make_a_file_of_a_misspelled_name(tmp_path: Path) -> None:
    done = Database(str(tmp_path / "typo.db")).invoke("db", "upgrade")
    assert done.exit_code == 2
    assert not (tmp_path / "typo.db").exists()


def test_a_check_that_found_no_figures_has_failed(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    done = Database(str(tmp_path / "test.db")).invoke("load", "--check", tmp_path / "none", "--report", report)
    assert done.exit_code == 1
    assert json.loads(report.read_text(encoding="utf-8"))["status"] == "failed"
