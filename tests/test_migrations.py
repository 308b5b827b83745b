"""The schema's way up and down with rows in place; and that the revisions say what schema.py says."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, Index, Inspector, UniqueConstraint, inspect, text
from sqlalchemy.exc import IntegrityError
from support import SEEDS, Database

from pfocr_db import migrate, schema
from pfocr_db.database import connect
from pfocr_db.errors import PfocrDbError
from pfocr_db.settings import DATABASE_VARIABLE

ROOT = Path(__file__).parent.parent
REVISIONS = ["0001", "0002", "0003", "0004"]
HEAD = REVISIONS[-1]
WITH_THE_FIGURES = ["0003", "0002", "0001"]
"""The revisions below the head that still have the published tables."""
A_DECISION = """
    INSERT INTO curation_events (uid, at, curator, verb, figid) VALUES
    ('e1', '2026-01-01 00:00:00', 'someone', 'hide', 'PMC1__a')
"""
WRITING_COMMANDS = [["load", str(SEEDS)], ["db", "upgrade"]]
READING_COMMANDS = [["loads"], ["loads", "show", "1"], ["db", "check"]]


# ------------------------------------------------------------------------------------------------- up and down


def test_there_is_one_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.scripts()))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_up_from_nothing_step_by_step(empty_database: Database) -> None:
    for revision in REVISIONS:
        upgrade(empty_database, revision)
        assert revision_of(empty_database) == revision
    assert empty_database.load(SEEDS).figures["added"] == 5


def test_down_to_nothing_and_up_again(database: Database) -> None:
    database.load(SEEDS)
    before = database.content()
    for revision in [*reversed(REVISIONS[:-1]), "base"]:
        downgrade(database, revision)
        assert revision_of(database) == (None if revision == "base" else revision)
    assert tables_of(database) <= {"alembic_version"}
    for revision in REVISIONS:
        upgrade(database, revision)
    assert database.load(SEEDS).figures["added"] == 5
    assert database.content() == before


@pytest.mark.parametrize("revision", WITH_THE_FIGURES)
def test_db_upgrade_computes_what_the_downgrade_dropped(database: Database, revision: str) -> None:
    database.load(SEEDS)
    before = database.content()
    downgrade(database, revision)
    assert database.invoke("db", "upgrade").exit_code == 0
    assert database.content() == before
    assert database.invoke("db", "check").exit_code == 0


@pytest.mark.parametrize("revision", WITH_THE_FIGURES)
def test_a_load_computes_what_the_downgrade_dropped(database: Database, revision: str) -> None:
    database.load(SEEDS)
    before = database.content()
    downgrade(database, revision)
    upgrade(database, HEAD)
    assert database.load(SEEDS).figures["unchanged"] == 5
    assert database.content() == before


@pytest.mark.parametrize("revision", ["0003", "base"])
def test_a_downgrade_that_would_drop_decisions_refuses(database: Database, revision: str) -> None:
    database.load(SEEDS)
    with migrate.transaction(connect(database.target)) as connection:
        connection.execute(text(A_DECISION))
    before = database.content(), tables_of(database)
    with pytest.raises(RuntimeError, match="1 decision"):
        downgrade(database, revision)
    assert revision_of(database) == HEAD
    assert (database.content(), tables_of(database)) == before
    assert database.rows(schema.curation_events)[0]["uid"] == "e1"


def test_a_migration_that_leaves_rows_without_their_parent_is_refused(database: Database) -> None:
    database.load(SEEDS)
    before = database.content()
    with (
        pytest.raises((PfocrDbError, IntegrityError), match=r"parent|foreign key"),
        migrate.transaction(connect(database.target)) as connection,
    ):
        connection.execute(text("DELETE FROM figures"))
    assert database.content() == before


def test_foreign_keys_hold_after_migrating(database: Database) -> None:
    database.load(SEEDS)
    with connect(database.target).begin() as connection, pytest.raises(IntegrityError):
        connection.execute(text("DELETE FROM figures"))


# -------------------------------------------------------------------------------------- models equal migrations


def test_models_equal_migrations(database: Database) -> None:
    with connect(database.target).connect() as connection:
        assert compare_metadata(autogenerate_context(connection), schema.metadata) == []


def test_a_difference_between_models_and_migrations_is_noticed(database: Database) -> None:
    with connect(database.target).begin() as connection:
        connection.execute(text("ALTER TABLE papers ADD COLUMN odd INTEGER"))
        found = compare_metadata(autogenerate_context(connection), schema.metadata)
        connection.rollback()
    assert [each[0] for each in found] == ["remove_column"]


def test_names_of_constraints_and_indexes_follow_the_convention(database: Database) -> None:
    with connect(database.target).connect() as connection:
        inspector = inspect(connection)
        for table in schema.metadata.sorted_tables:
            assert found_names(inspector, table.name) == expected_names(table), table.name


def test_names_of_the_search_table_follow_the_convention(new_database: Any) -> None:
    with connect(new_database("postgres").target).connect() as connection:
        inspector = inspect(connection)
        assert inspector.get_pk_constraint(schema.SEARCH)["name"] == "pk_figure_search"
        (key,) = inspector.get_foreign_keys(schema.SEARCH)
        assert key["name"] == "fk_figure_search_figure_id_figures"
        assert [index["name"] for index in inspector.get_indexes(schema.SEARCH)] == ["ix_figure_search_document"]


def test_every_table_and_column_is_described() -> None:
    for table in schema.metadata.sorted_tables:
        assert table.comment, table.name
        for column in table.columns:
            assert column.comment, f"{table.name}.{column.name}"


def test_comments_are_real_comments_on_postgres(new_database: Any) -> None:
    with connect(new_database("postgres").target).connect() as connection:
        inspector = inspect(connection)
        for table in schema.metadata.sorted_tables:
            assert inspector.get_table_comment(table.name)["text"] == table.comment
            found = {column["name"]: column["comment"] for column in inspector.get_columns(table.name)}
            assert found == {column.name: column.comment for column in table.columns}


def test_the_search_table_is_described_too(new_database: Any) -> None:
    with connect(new_database("postgres").target).connect() as connection:
        inspector = inspect(connection)
        assert inspector.get_table_comment(schema.SEARCH)["text"]
        assert all(column["comment"] for column in inspector.get_columns(schema.SEARCH))


def test_the_tiers_of_the_database_are_those_of_the_code(database: Database) -> None:
    found = {row["name"]: row["tier"] for row in database.rows(schema.tiers)}
    assert found == schema.TIERS


# ------------------------------------------------------------------------------------- plain alembic in a checkout


def test_plain_alembic(empty_database: Database) -> None:
    assert alembic(empty_database, "upgrade", "head").returncode == 0
    checked = alembic(empty_database, "check")
    assert "No new upgrade operations detected" in checked.stdout
    assert checked.returncode == 0
    assert empty_database.load(SEEDS).figures["added"] == 5
    assert alembic(empty_database, "downgrade", "-1").returncode == 0
    current = alembic(empty_database, "current")
    assert current.stdout.split() == [REVISIONS[-2]]
    assert empty_database.invoke("db", "upgrade").exit_code == 0
    assert empty_database.invoke("db", "check").exit_code == 0


def test_plain_alembic_notices_a_difference_but_leaves_the_search_alone(database: Database) -> None:
    with connect(database.target).begin() as connection:
        connection.execute(text("ALTER TABLE papers ADD COLUMN odd INTEGER"))
    checked = alembic(database, "check")
    assert checked.returncode != 0
    assert "odd" in checked.stdout
    assert schema.SEARCH not in checked.stdout


def test_plain_alembic_refuses_to_drop_decisions(database: Database) -> None:
    with migrate.transaction(connect(database.target)) as connection:
        connection.execute(text(A_DECISION))
    refused = alembic(database, "downgrade", "-1")
    assert refused.returncode != 0
    assert "1 decision" in refused.stderr
    assert revision_of(database) == HEAD


# ------------------------------------------------------------------------------- schemas this version does not know


def test_an_older_schema_is_refused_with_the_command_that_upgrades_it(database: Database) -> None:
    database.load(SEEDS)
    before = database.content()
    downgrade(database, "0003")
    for command in (["load", SEEDS], *READING_COMMANDS):
        refused = database.invoke(*command)
        assert refused.exit_code == 1, command
        assert "older schema" in refused.stderr
        assert "pfocr-db db upgrade" in refused.stderr
    assert revision_of(database) == "0003"
    assert database.content() == before


def test_db_status_says_how_an_older_schema_is_upgraded(database: Database) -> None:
    downgrade(database, "0003")
    status = database.invoke("db", "status")
    assert status.exit_code == 0
    assert "pfocr-db db upgrade" in status.stdout


def test_db_upgrade_backs_a_sqlite_file_up_first(new_database: Any) -> None:
    database = new_database("sqlite")
    database.load(SEEDS)
    downgrade(database, "0003")
    upgraded = database.invoke("db", "upgrade")
    assert (upgraded.exit_code, revision_of(database)) == (0, HEAD)
    (copy,) = re.findall(r"backed up to (\S+)", upgraded.stdout)
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0003",)
        assert connection.execute("SELECT count(*) FROM figures").fetchone() == (5,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_db_upgrade_in_an_empty_database_makes_the_tables(empty_database: Database) -> None:
    with connect(empty_database.target, create=True).connect() as connection:
        connection.exec_driver_sql("SELECT 1")  # so that there is a file
    upgraded = empty_database.invoke("db", "upgrade")
    assert upgraded.exit_code == 0
    assert "backed up" not in upgraded.stdout
    assert revision_of(empty_database) == HEAD
    assert empty_database.load(SEEDS).figures["added"] == 5


def test_db_upgrade_has_nothing_to_do_in_a_current_database(database: Database) -> None:
    upgraded = database.invoke("db", "upgrade")
    assert upgraded.exit_code == 0
    assert "nothing to do" in upgraded.stdout
    assert "backed up" not in upgraded.stdout


def test_a_newer_schema_is_refused_clearly(database: Database) -> None:
    set_revision(database, "9999")
    for command in (*WRITING_COMMANDS, *READING_COMMANDS):
        refused = database.invoke(*command)
        assert refused.exit_code == 1, command
        assert "made by a newer pfocr-db" in refused.stderr
        assert "9999" in refused.stderr
        assert len(refused.stderr.splitlines()) == 1
        assert "backed up" not in refused.stdout
    assert revision_of(database) == "9999"


def test_db_status_says_that_a_schema_is_newer(database: Database) -> None:
    set_revision(database, "9999")
    status = database.invoke("db", "status")
    assert status.exit_code == 0
    assert "9999" in status.stdout
    assert "upgrade pfocr-db" in status.stdout


def test_foreign_tables_of_the_same_names_are_refused(empty_database: Database) -> None:
    with connect(empty_database.target, create=True).begin() as connection:
        connection.execute(text("CREATE TABLE figures (image INTEGER)"))
        connection.execute(text("INSERT INTO figures VALUES (7)"))
    for command in WRITING_COMMANDS:
        refused = empty_database.invoke(*command)
        assert refused.exit_code == 1, command
        assert "figures" in refused.stderr
        assert "did not make" in refused.stderr
    assert tables_of(empty_database) == {"figures"}
    with connect(empty_database.target).connect() as connection:
        assert connection.execute(text("SELECT image FROM figures")).scalars().all() == [7]


def test_tables_of_other_names_may_share_the_database(empty_database: Database) -> None:
    with connect(empty_database.target, create=True).begin() as connection:
        connection.execute(text("CREATE TABLE holidays (day INTEGER)"))
    assert empty_database.invoke("load", SEEDS).exit_code == 0
    assert "holidays" in tables_of(empty_database)


# ------------------------------------------------------------------------------------------------------- helpers


def upgrade(database: Database, revision: str) -> None:
    with migrate.transaction(connect(database.target, create=True)) as connection:
        migrate.upgrade_in(connection, revision)


def downgrade(database: Database, revision: str) -> None:
    with migrate.transaction(connect(database.target)) as connection:
        migrate.downgrade_in(connection, revision)


def set_revision(database: Database, revision: str) -> None:
    with connect(database.target).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def revision_of(database: Database) -> str | None:
    with connect(database.target).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def tables_of(database: Database) -> set[str]:
    with connect(database.target).connect() as connection:
        return set(inspect(connection).get_table_names())


def autogenerate_context(connection: Connection) -> MigrationContext:
    """Set up as in migrations/env.py."""

    def not_search(name: str | None, kind: str, _parents: Any) -> bool:
        return not (kind == "table" and (name or "").startswith(schema.SEARCH))

    options = {"include_name": not_search, "compare_type": True, "compare_server_default": True}
    return MigrationContext.configure(connection, opts=options)


def alembic(database: Database, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {DATABASE_VARIABLE: database.target}
    command = [sys.executable, "-m", "alembic", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


def found_names(inspector: Inspector, table: str) -> dict[str, Any]:
    uniques = inspector.get_unique_constraints(table)
    made_for_uniques = {unique["name"] for unique in uniques}  # Postgres lists their indexes, too
    return {
        "pk": inspector.get_pk_constraint(table)["name"],
        "fk": sorted(str(key["name"]) for key in inspector.get_foreign_keys(table)),
        "uq": sorted(str(unique["name"]) for unique in uniques),
        "ck": sorted(str(check["name"]) for check in inspector.get_check_constraints(table)),
        "ix": sorted(
            str(each["name"]) for each in inspector.get_indexes(table) if each["name"] not in made_for_uniques
        ),
    }


def expected_names(table: Any) -> dict[str, Any]:
    """The naming convention of schema.py, spelled out once more."""
    uniques = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    checks = [each for each in table.constraints if isinstance(each, CheckConstraint)]
    return {
        "pk": f"pk_{table.name}",
        "fk": sorted(
            f"fk_{table.name}_{joined(each)}_{each.referred_table.name}" for each in table.foreign_key_constraints
        ),
        "uq": sorted(f"uq_{table.name}_{joined(each)}" for each in uniques),
        "ck": sorted(f"ck_{table.name}_{checked_column(each)}" for each in checks),
        "ix": sorted(f"ix_{table.name}_{joined(each)}" for each in table.indexes),
    }


def joined(constraint: UniqueConstraint | Index | Any) -> str:
    return "_".join(column.name for column in constraint.columns)


def checked_column(check: CheckConstraint) -> str:
    """Each check is about one column and is named after it."""
    return str(check.sqltext).split()[0]
