"""Loading figures: what is read, what is written, what is left alone."""

from pathlib import Path

import pytest
from sqlalchemy import inspect
from support import SEEDS, Database, write_figure, write_genes

from pfocr_db import schema
from pfocr_db.database import connect
from pfocr_db.errors import LoadError, SchemaError


def test_the_seeds(database: Database) -> None:
    report = database.load(SEEDS)
    assert report.figures["added"] == 5
    expected = {"figures": 5, "papers": 5, "gene_mentions": 198, "chemical_mentions": 8, "disease_mentions": 1}
    assert {name: database.count(schema.metadata.tables[name]) for name in expected} == expected
    assert {name: report.rows[name] for name in expected} == expected


def test_loading_again_changes_nothing(database: Database) -> None:
    database.load(SEEDS)
    before = database.content()
    report = database.load(SEEDS)
    assert report.figures["unchanged"] == 5
    assert not any(report.rows.values())
    assert database.content() == before


def test_tables_of_the_users_own_are_left_alone(database: Database, tmp_path: Path) -> None:
    """Also those that have the name of a temporary one."""
    with connect(database.target).begin() as connection:
        for name in ("fresh_genes", "stage_figures", "touched_figures"):
            connection.exec_driver_sql(f"CREATE TABLE {name} (own integer)")
    database.load(write_figure(tmp_path))
    database.load(write_figure(tmp_path, caption="Another one."))
    with connect(database.target).connect() as connection:
        assert {"fresh_genes", "stage_figures", "touched_figures"} <= set(inspect(connection).get_table_names())
    assert database.rows(schema.figures)[0]["caption"] == "Another one."


def test_a_figure_in_an_odd_file_that_cannot_be_read_is_not_withdrawn(database: Database, tmp_path: Path) -> None:
    odd = write_figure(tmp_path, "PMC2__odd").rename(tmp_path / "odd.md")
    for number in range(12):
        write_figure(tmp_path, f"PMC1__{number}")
    database.load(tmp_path)
    odd.write_bytes(odd.read_bytes().replace(b"PMC2__odd", b"PMC2__\xff"))
    with pytest.raises(LoadError, match="--snapshot"):
        database.load(tmp_path, snapshot=True)
    assert "PMC2__odd" in {row["figid"] for row in database.rows(schema.figures)}


def test_reading_all_again_writes_no_figure(database: Database) -> None:
    database.load(SEEDS)
    report = database.load(SEEDS, verify=True)
    assert report.figures["unchanged"] == 5
    assert report.rows["figures"] == 0


def test_a_symbol_list_makes_a_symbol_where_the_symbol_is_missing(database: Database, tmp_path: Path) -> None:
    write_figure(tmp_path)
    write_genes(tmp_path, "PMC1__a", [{"word": "H2AX", "ncbigene_symbol": "NA", "ncbigene_id": "3014"}])
    database.load(tmp_path)
    assert [row["tier"] for row in database.rows(schema.gene_mentions)] == [schema.TIERS["symbol"]]


def test_only_mesh_ids_are_spelled_as_such(database: Database, tmp_path: Path) -> None:
    ids = ["D005947", "mesh:D005947", "C000604908", "P12345", "d005947", "OMIM:1"]
    rows = [{"word": "a", "source": "", "identifier": each} for each in ids]
    database.load(write_figure(tmp_path, chemicals=rows))
    mentions = sorted(database.rows(schema.chemical_mentions), key=lambda row: row["ordinal"])
    assert [row["mesh_id"] for row in mentions] == [
        "mesh:D005947",
        "mesh:D005947",
        "mesh:C000604908",
        "P12345",
        "d005947",
        "OMIM:1",
    ]


def test_the_score_is_the_one_that_is_given(database: Database, tmp_path: Path) -> None:
    database.load(write_figure(tmp_path, automl_pathway="NA", pathway_score="0.9"))
    assert database.rows(schema.figures)[0]["pathway_score"] == 0.9


def test_a_database_of_another_project_is_told_apart(empty_database: Database) -> None:
    with connect(empty_database.target, create=True).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num varchar(32))")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('abc123')")
    with pytest.raises(SchemaError, match="another project"):
        empty_database.load(SEEDS)
