"""Every derived table, from the published rows of all standing figures."""

from collections.abc import Callable

from sqlalchemy import Connection, Table

from pfocr_db import schema
from pfocr_db.bulk import append
from pfocr_db.derive.change import ENTITIES
from pfocr_db.derive.figure_genes import figure_genes, readings
from pfocr_db.derive.search import fill_search
from pfocr_db.derive.shared import fill_entities, fill_genes, fill_organisms, fill_papers
from pfocr_db.dialects import dialect_of


def compute(connection: Connection, into: Callable[[Table], Table]) -> None:
    """Fill the table that stands for each derived one; genes and organisms are also read by what follows them."""
    append(connection, into(schema.gene_readings), readings(None))
    fill_genes(connection, None, into(schema.genes), into(schema.gene_names))
    fill_organisms(connection, None, into(schema.organisms))
    fill_papers(connection, None, into(schema.papers), into(schema.paper_keywords))
    for entities, mentions in ENTITIES:
        fill_entities(connection, None, into(entities), mentions)
    append(connection, into(schema.figure_genes), figure_genes(None))
    fill_search(connection, None, into(dialect_of(connection).search))
