"""How sure each gene row of a figure is, by the rows of that figure alone."""

from collections import defaultdict

from pfocr_db.schema import TIERS
from pfocr_db.source.records import GeneRow
from pfocr_db.text import fold

FAMILY_SOURCES = frozenset({"bioentities_symbol", "famplex_relations"})


def graded(rows: list[GeneRow]) -> list[GeneRow]:
    """The rows with their tiers.

    A name that gave several genes of one organism is ambiguous for those it gave by another name: with JAK read as a
    family, a lone synonym JAK of some further gene is a guess.
    """
    given: dict[tuple[int | None, str], set[int | str | None]] = defaultdict(set)
    for row in rows:
        given[row.taxon_id, _name(row)].add(row.gene_id or row.symbol)
    return [row._replace(tier=_tier(row, len(given[row.taxon_id, _name(row)]))) for row in rows]


def _tier(row: GeneRow, genes_given: int) -> int:
    if row.symbol is not None and fold(_name(row)) == fold(row.symbol):
        return TIERS["symbol"]
    if row.source in FAMILY_SOURCES:
        return TIERS["family"]
    return TIERS["synonym"] if genes_given == 1 else TIERS["ambiguous"]


def _name(row: GeneRow) -> str:
    return row.word if row.matched is None else row.matched
