"""Which genes each figure has, and how sure that is; and how often a gene was read from a name."""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, literal, or_, select, union_all

from pfocr_db import schema
from pfocr_db.derive.shared import STANDS, Keys
from pfocr_db.schema import TIERS, figures

_mentions = schema.gene_mentions
_keywords = schema.figure_keywords
_organisms = schema.figure_organisms

_KIND = case(
    (_mentions.c.tier == TIERS["symbol"], "symbol"),
    (_mentions.c.tier == TIERS["family"], "family"),
    else_="synonym",
)


def readings(keys: Keys, sign: int = 1) -> Select[Any]:
    """The rows of gene_readings, counted over these figures; with sign -1, what their going takes away."""
    facts = (
        _mentions.c.gene_id,
        func.coalesce(_mentions.c.taxon_id, 0).label("taxon_id"),
        func.coalesce(_mentions.c.symbol, "").label("symbol"),
        func.coalesce(_mentions.c.matched, "").label("matched"),
        _KIND.label("kind"),
    )
    query = select(*facts, (literal(sign) * func.count()).label("mentions")).join_from(_mentions, figures)
    return _of(query.where(STANDS, _mentions.c.gene_id.is_not(None)), _mentions.c.figure_id, keys).group_by(*facts)


def figure_genes(keys: Keys) -> Select[Any]:
    """The rows of figure_genes of these figures. A figure has gene rows or keywords, never both."""
    by_rows = select(_mentions.c.figure_id, _mentions.c.gene_id, func.min(_mentions.c.tier).label("tier"))
    by_rows = by_rows.join_from(_mentions, figures).where(STANDS, _mentions.c.gene_id.is_not(None))
    by_rows = _of(by_rows, _mentions.c.figure_id, keys).group_by(_mentions.c.figure_id, _mentions.c.gene_id)
    found = union_all(by_rows, _by_keyword(keys)).subquery()
    published = found.c.tier.label("published_tier")
    return select(found.c.figure_id, found.c.gene_id, published, found.c.tier.label("tier"))


def _by_keyword(keys: Keys) -> Select[Any]:
    genes = schema.genes
    query = (
        select(_keywords.c.figure_id, genes.c.gene_id, literal(TIERS["keyword"]).label("tier"))
        .distinct()
        .join_from(_keywords, figures)
        .join(genes, genes.c.symbol == _keywords.c.keyword)
        .where(STANDS, or_(_recognised(genes.c.taxon_id), ~_has_recognised()), ~_is_explained())
    )
    return _of(query, _keywords.c.figure_id, keys)


def _recognised(taxon_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether an organism recognised in the keyword's figure has this taxon id."""
    known = schema.organisms
    return exists().where(
        _organisms.c.figure_id == _keywords.c.figure_id,
        _organisms.c.role == "recognised",
        _organisms.c.name == known.c.name,
        known.c.taxon_id == taxon_id,
    )


def _has_recognised() -> ColumnElement[bool]:
    return exists().where(_organisms.c.figure_id == _keywords.c.figure_id, _organisms.c.role == "recognised")


def _is_explained() -> ColumnElement[bool]:
    """Whether a chemical or disease row of the figure has the keyword as its word."""
    return or_(
        *(
            exists().where(rows.c.figure_id == _keywords.c.figure_id, rows.c.word == _keywords.c.keyword)
            for rows in (schema.chemical_mentions, schema.disease_mentions)
        )
    )


def _of(query: Select[Any], figure_id: ColumnElement[Any], keys: Keys) -> Select[Any]:
    return query if keys is None else query.where(figure_id.in_(keys))
