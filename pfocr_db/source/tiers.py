"""How sure each gene row of a figure is, by the rows of that figure alone."""

from collections import defaultdict

from pfocr_db.schema import TIERS
from pfocr_db.source.records import GeneRow
from pfocr_db.text import fold

SYMBOL_SOURCES = frozenset({"hgnc_symbol", "ncbigene_symbol"})
FAMILY_SOURCES = frozenset({"bioentities_symbol", "famplex_relations"})


def tiers(rows: list[GeneRow]) -> list[int]:
    """The tier of each row.

    A name that gave several genes of one organism is ambiguous for those it gave by another name: with JAK read as a
    family, a lone synonym JAK of some further gene is a guess.
    """
    given: dict[tuple[int | None, str], set[int | str | None]] = defaultdict(set)
    for word, matched, symbol, gene_id, taxon_id, _ in rows:
        given[taxon_id, matched or word].add(gene_id or symbol)
    return [_tier(row, given) for row in rows]


def _tier(row: GeneRow, given: dict[tuple[int | None, str], set[int | str | None]]) -> int:
    word, matched, symbol, _, taxon_id, source = row
    name = matched or word
    if symbol is not None and (name == symbol or fold(name) == fold(symbol)):
        return TIERS["symbol"]
    if symbol is None and source in SYMBOL_SOURCES:
        return TIERS["symbol"]
    if source in FAMILY_SOURCES:
        return TIERS["family"]
    return TIERS["synonym"] if len(given[taxon_id, name]) == 1 else TIERS["ambiguous"]
