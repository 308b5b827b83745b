"""The documents are true: the generated ones are fresh, the commands and queries in them work."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from sqlalchemy import text
from support import SEEDS, Database

from pfocr_db import schema_docs
from pfocr_db.cli import main
from pfocr_db.migrate import opened

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_schema_document_is_fresh() -> None:
    assert (ROOT / "docs" / "schema.md").read_text(encoding="utf-8") == schema_docs.markdown()


def commands(
    group: click.Group = main, words: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield (*words, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))


@pytest.mark.parametrize("words", [words for words, command in commands() if not isinstance(command, click.Group)])
def test_every_command_stands_in_the_readme(words: tuple[str, ...]) -> None:
    assert f"pfocr-db {' '.join(words)}" in README


def test_every_option_of_load_is_one_the_readme_could_mean() -> None:
    known = {option for _, command in commands() for parameter in command.params for option in parameter.opts}
    documented = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README)) - {"--wait"}
    assert documented <= known | {"--db"}


def test_the_session_in_the_readme(tmp_path: Path) -> None:
    """The `$ pfocr-db …` lines print what stands below them, but for the seconds."""
    block = re.search(r"```console\n(.*?)```", README, re.DOTALL)
    assert block
    command, *expected = block[1].splitlines()
    words = shlex.split(command.removeprefix("$ pfocr-db").replace("seeds/", str(SEEDS)))
    done = Database("pfocr.db").run(*words, cwd=tmp_path)
    assert _without_seconds(done.stdout.splitlines()) == _without_seconds(expected)


def test_the_question_in_the_readme(database: Database) -> None:
    database.load(SEEDS)
    query = re.search(r"```sql\n(.*?)```", README, re.DOTALL)
    assert query
    with opened(database.target) as connection:
        rows = [tuple(row) for row in connection.execute(text(query[1]))]
    assert rows == [
        ("PMC7513516__12943_2020_1258_Fig1_HTML", "symbol"),
        ("PMC55365__pq1612812006", "family"),
        ("PMC7048131__12964_2020_527_Fig5_HTML", "family"),
        ("PMC10531214__ijms-24-13764-g001", "keyword"),
        ("PMC11011165__cancers-16-01387-g001", "keyword"),
    ]


def _without_seconds(lines: list[str]) -> list[str]:
    return [re.sub(r"[\d.]+ s$", "… s", line) for line in lines]
