"""What a figure's files say, in the words of the tables: field names are column names."""

from dataclasses import dataclass, field
from typing import NamedTuple


class FigureRow(NamedTuple):
    figid: str
    pmcid: str
    number: str | None
    title: str | None
    caption: str | None
    type: str | None
    filename: str | None
    figlink: str | None
    pathway_score: float | None
    ndex_id: str | None
    wikipathways_id: str | None
    extra: str  # JSON


class PaperClaim(NamedTuple):
    title: str | None
    citation: str | None
    year: int | None
    doi: str | None
    journal: str | None
    journal_abbrev: str | None
    publisher: str | None
    keywords: str | None


class Alias(NamedTuple):
    alias: str
    published_as: str


class OrganismRow(NamedTuple):
    role: str
    name: str | None
    taxon_id: int | None = None
    organism_group: str | None = None
    count_direct: int | None = None
    count_synonym: int | None = None
    count_match: int | None = None


class Keyword(NamedTuple):
    keyword: str


class GeneRow(NamedTuple):
    word: str
    matched: str | None
    symbol: str | None
    gene_id: int | None
    taxon_id: int | None
    source: str | None


class ChemicalRow(NamedTuple):
    word: str
    matched: str | None
    name: str | None
    mesh_id: str | None
    chebi_id: str | None
    source: str | None
    chemical_key: str


class DiseaseRow(NamedTuple):
    word: str
    matched: str | None
    name: str | None
    mesh_id: str | None
    doid: str | None
    source: str | None
    disease_key: str


@dataclass(slots=True)
class Figure:
    row: FigureRow
    claim: PaperClaim
    aliases: list[Alias] = field(default_factory=list)
    organisms: list[OrganismRow] = field(default_factory=list)
    keywords: list[Keyword] = field(default_factory=list)
    genes: list[GeneRow] = field(default_factory=list)
    gene_tiers: list[int] = field(default_factory=list)
    """How sure each of these is."""
    chemicals: list[ChemicalRow] = field(default_factory=list)
    diseases: list[DiseaseRow] = field(default_factory=list)
