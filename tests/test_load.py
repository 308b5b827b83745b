"""Loading figures: what is read, what is written, what is left alone."""

from support import SEEDS, Database

from pfocr_db import schema


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
