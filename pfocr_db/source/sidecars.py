"""The tables beside the newer figures: tab-separated, never quoted, NA where a value is missing."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import NamedTuple

from pfocr_db.source.problems import Complaints, UnreadableError
from pfocr_db.source.records import ChemicalRow, DiseaseRow, GeneRow, OrganismRow
from pfocr_db.source.values import (
    KEY_BYTES,
    check_cells,
    entity_key,
    line_of,
    matched_name,
    mesh_id,
    missing_to_none,
    symbol,
    whole_count,
    whole_id,
)

EntityCells = tuple[str, str | None, str | None, str | None, str | None, str | None, str]

KINDS = ("genes", "chemicals", "diseases")

_HEADERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "genes": (
        (
            *("organism_id", "organism_name", "organism_group", "word", "match", "ncbigene_symbol"),
            *("ncbigene_id", "source", "count_direct", "count_synonym", "count_match"),
        ),
        (
            *("organism_id", "organism_name", "organism_group", "word", "match", "ncbigene_symbol"),
            *("ncbigene_id", "source", "count_direct", "count_match"),
        ),
    ),
    "chemicals": (("word", "mesh", "match", "name", "chebi"), ("word", "type", "identifier")),
    "diseases": (("word", "mesh", "match", "name", "doid"), ("word", "type", "identifier")),
}


class Table(NamedTuple):
    columns: tuple[str, ...]
    rows: list[tuple[int, list[str]]]
    """Each with its line."""


def read_table(kind: str, data: bytes, complaints: Complaints) -> Table | None:
    """The cells of a sidecar, or None after complaining."""
    try:
        lines = _lines(data)
        columns = _columns(kind, lines[0])
    except UnreadableError as error:
        complaints.error(error.line, error.message)
        return None
    rows = []
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != len(columns):
            complaints.error(number, f"{len(cells)} columns where the header has {len(columns)}; correct the row")
        else:
            if len(line) > KEY_BYTES // 4:  # a shorter line has no cell of too many bytes
                check_cells(columns, cells, number, complaints)
            rows.append((number, cells))
    return Table(columns, rows)


def gene_rows(table: Table, complaints: Complaints) -> tuple[list[GeneRow], list[OrganismRow]]:
    """The rows, without tiers yet, and the organisms they name with their counts."""
    genes: list[GeneRow] = []
    organisms: dict[tuple[str, ...], OrganismRow] = {}
    has_synonym_count = "count_synonym" in table.columns
    for line, cells in table.rows:
        taxon, name, group, word, match, published_symbol, gene_id, source, *counts = cells
        organism = (taxon, name, group, *counts)
        if organism not in organisms:
            direct, synonym, matches = counts if has_synonym_count else (counts[0], "NA", counts[1])
            organisms[organism] = OrganismRow(
                "recognised",
                missing_to_none(name),
                whole_id(taxon, "organism_id", line, complaints),
                missing_to_none(group),
                whole_count(direct, "count_direct", line, complaints),
                whole_count(synonym, "count_synonym", line, complaints),
                whole_count(matches, "count_match", line, complaints),
            )
        genes.append(
            gene_row(word, match, published_symbol, gene_id, source, organisms[organism].taxon_id, line, complaints)
        )
    return genes, list(organisms.values())


def gene_row(  # noqa: PLR0913 - the cells of one row
    word: str,
    match: str,
    published_symbol: str,
    gene_id: str,
    source: str,
    taxon_id: int | None,
    line: int | None,
    complaints: Complaints,
) -> GeneRow:
    """One gene row, of either format."""
    matched = matched_name(match, word)
    return GeneRow(
        word,
        matched,
        symbol(published_symbol, matched, source),
        whole_id(gene_id, "the gene id", line, complaints),
        taxon_id,
        missing_to_none(source),
    )


def chemical_rows(table: Table) -> list[ChemicalRow]:
    return [ChemicalRow(*cells) for cells in _entity_rows(table)]


def disease_rows(table: Table) -> list[DiseaseRow]:
    return [DiseaseRow(*cells) for cells in _entity_rows(table)]


def entity_row(  # noqa: PLR0913 - the cells of one row
    word: str,
    mesh: str,
    match: str,
    name: str,
    other_id: str,
    source: str | None,
) -> EntityCells:
    """One chemical or disease row, of any format."""
    mesh_or_none = missing_to_none(mesh_id(mesh))
    other_or_none = missing_to_none(other_id)
    return (
        word,
        matched_name(match, word),
        missing_to_none(name),
        mesh_or_none,
        other_or_none,
        source,
        entity_key(word, mesh_or_none, other_or_none),
    )


def _entity_rows(table: Table) -> Iterator[EntityCells]:
    for _, cells in table.rows:
        if len(table.columns) == 5:
            word, mesh, match, name, other_id = cells
            yield entity_row(word, mesh, match, name, other_id, None)
        else:
            word, source, identifier = cells
            yield entity_row(word, identifier, "", "", "", missing_to_none(source))


def _lines(data: bytes) -> list[str]:
    text = decoded(data)
    lines = text.split("\n")
    if lines[-1] == "":
        del lines[-1]
    if lines[0].endswith("\r"):
        lines = [line.removesuffix("\r") for line in lines]
    return lines


def _columns(kind: str, header: str) -> tuple[str, ...]:
    columns = tuple(header.split("\t"))
    known = _HEADERS[kind]
    if columns not in known:
        wanted = " or ".join(", ".join(each) for each in known)
        raise UnreadableError(1, f"unknown header; a table of {kind} has the tab-separated columns {wanted}")
    return columns


def decoded(data: bytes) -> str:
    """The text of a file, or why it is none."""
    if data.removeprefix(BOM_UTF8) == b"":
        raise UnreadableError(None, "the file is empty; remove it or fetch it again")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = f"byte {data[error.start]:#04x}"
        raise UnreadableError(line_of(data, error.start), f"not UTF-8 ({byte}); save it as UTF-8") from None
    nul = data.find(b"\0")
    if nul != -1:
        raise UnreadableError(line_of(data, nul), "a NUL character: no database holds it; remove it")
    return text
