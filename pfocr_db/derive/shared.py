"""Papers, organisms, genes, chemicals, diseases: the database counts what figures say, `most_frequent` decides."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select

from pfocr_db import schema
from pfocr_db.bulk import CHUNK, chunks, fill, stream
from pfocr_db.derive.rule import most_frequent
from pfocr_db.dialects.base import Row
from pfocr_db.schema import HUMAN_NAME, HUMAN_TAXON, figures
from pfocr_db.text import fold

STANDS = figures.c.withdrawn_load_id.is_(None)
Keys = Select[Any] | None
"""The keys to derive, None for all."""

_BETWEEN_KEYWORDS = " | "


def fill_papers(connection: Connection, keys: Keys, papers: Table, paper_keywords: Table) -> None:
    claims = [column for column in schema.paper_claims.columns if column.name != "figure_id"]
    query = select(figures.c.pmcid, *claims).join_from(figures, schema.paper_claims).where(STANDS)
    if keys is not None:
        query = query.where(figures.c.pmcid.in_(keys))
    for some in chunks(_papers(stream(connection, query.order_by(figures.c.pmcid))), CHUNK):
        fill(connection, papers, some)
        fill(connection, paper_keywords, _keywords(some))


def fill_organisms(connection: Connection, keys: Keys, organisms: Table) -> None:
    named = schema.figure_organisms.c
    facts = (named.name, named.taxon_id, named.organism_group)
    query = _counted(schema.figure_organisms, facts, keys).where(named.name.is_not(None))
    fill(connection, organisms, _organisms(stream(connection, query)))


def fill_genes(connection: Connection, keys: Keys, genes: Table, gene_names: Table) -> None:
    query = select(schema.gene_readings).order_by(schema.gene_readings.c.gene_id)
    if keys is not None:
        query = query.where(schema.gene_readings.c.gene_id.in_(keys))
    for some in chunks(_genes(stream(connection, query)), CHUNK):
        fill(connection, genes, [gene for gene, _ in some])
        fill(connection, gene_names, (name for _, names in some for name in names))


def fill_entities(connection: Connection, keys: Keys, entities: Table, mentions: Table) -> None:
    key, *ids, _ = (column.name for column in entities.columns)
    facts = [mentions.c[name] for name in (key, *ids, "name", "word")]
    fill(connection, entities, _entities(stream(connection, _counted(mentions, facts, keys))))


def _counted(table: Table, facts: Sequence[Any], keys: Keys) -> Select[Any]:
    """How often standing figures have these values, all rows of one first value together."""
    query = select(*facts, func.count()).join_from(table, figures).where(STANDS).group_by(*facts)
    if keys is not None:
        query = query.where(facts[0].in_(keys))
    return query.order_by(facts[0])


def _papers(claims: Iterator[Any]) -> Iterator[Row]:
    for pmcid, siblings in groupby(claims, key=itemgetter(0)):
        first, *others = siblings
        if others:
            columns = zip(*(first, *others), strict=True)
            yield pmcid, *(most_frequent([(value, 1) for value in column]) for column in list(columns)[1:])
        else:
            yield tuple(first)


def _keywords(papers: list[Row]) -> Iterator[Row]:
    for pmcid, *_, keywords in papers:
        each = [keyword.strip() for keyword in (keywords or "").split(_BETWEEN_KEYWORDS)]
        yield from ((pmcid, ordinal, keyword) for ordinal, keyword in enumerate(filter(None, each), 1))


def _organisms(facts: Iterator[Any]) -> Iterator[Row]:
    for name, group in groupby(facts, key=itemgetter(0)):
        rows = list(group)
        taxon_id = most_frequent([(taxon, number) for _, taxon, _, number in rows])
        if name == HUMAN_NAME and taxon_id is None:
            taxon_id = HUMAN_TAXON
        yield name, taxon_id, most_frequent([(its_group, number) for _, _, its_group, number in rows])


def _genes(readings: Iterator[Any]) -> Iterator[tuple[Row, list[Row]]]:
    """Each gene with the names it goes by."""
    for gene_id, group in groupby(readings, key=itemgetter(0)):
        rows = list(group)
        symbol = most_frequent([(symbol or None, mentions) for _, _, symbol, _, _, mentions in rows])
        taxon_id = most_frequent([(taxon or None, mentions) for _, taxon, _, _, _, mentions in rows])
        own = fold(symbol or "")
        names = {(own, "symbol")}
        for _, _, published, matched, kind, _ in rows:
            # A row's kind speaks of the symbol of its release, which may be another by now.
            names.add((fold(matched), "synonym" if kind == "symbol" else kind))
            names.add((fold(published), "synonym"))
        known = sorted((name, kind) for name, kind in names if name and (name != own or kind == "symbol"))
        yield (gene_id, symbol, taxon_id, None), [(name, gene_id, kind) for name, kind in known]


def _entities(facts: Iterator[Any]) -> Iterator[Row]:
    for key, group in groupby(facts, key=itemgetter(0)):
        rows = list(group)
        mesh_id, other_id, name, word = (
            most_frequent([(row[place], row[-1]) for row in rows]) for place in range(1, 5)
        )
        yield key, mesh_id, other_id, word if name is None else name
