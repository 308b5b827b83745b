"""What follows from the published rows of the figures that stand: all of it, or what a change touched."""

from sqlalchemy import Connection, delete, func, insert, select

from pfocr_db import schema
from pfocr_db.bulk import append
from pfocr_db.derive.change import ENTITIES, Change
from pfocr_db.derive.check import faults
from pfocr_db.derive.figure_genes import figure_genes, readings
from pfocr_db.derive.search import derive_search
from pfocr_db.derive.shared import fill_entities, fill_genes, fill_organisms, fill_papers
from pfocr_db.schema import SEARCH

RULES = 1
"""Raise it when a rule of this package changes: a database derives all its tables again at its next load."""


def is_current(connection: Connection) -> bool:
    return connection.execute(select(schema.derived_state.c.rules)).scalar() == RULES


def derive_all(connection: Connection) -> dict[str, int]:
    """Compute every derived table from scratch; the rows of each."""
    for table in reversed(schema.DERIVED):
        connection.execute(delete(table))
    append(connection, schema.gene_readings, readings(None))
    fill_genes(connection, None, schema.genes, schema.gene_names)
    fill_organisms(connection, None, schema.organisms)
    fill_papers(connection, None, schema.papers, schema.paper_keywords)
    for entities, mentions in ENTITIES:
        fill_entities(connection, None, entities, mentions)
    append(connection, schema.figure_genes, figure_genes(None))
    indexed = derive_search(connection, None)
    connection.execute(delete(schema.derived_state))
    connection.execute(insert(schema.derived_state).values(rules=RULES))
    counts = {table.name: select(func.count()).select_from(table) for table in schema.DERIVED}
    return {name: connection.execute(count).scalar_one() for name, count in counts.items()} | {SEARCH: indexed}


__all__ = ["RULES", "Change", "derive_all", "faults", "is_current"]
