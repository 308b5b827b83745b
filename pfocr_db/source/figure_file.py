"""One figure's file and sidecars to one record, or to the reasons why not."""

import json
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from pfocr_db.schema import HUMAN_TAXON
from pfocr_db.source import sidecars, values
from pfocr_db.source.front_matter import Parsed, parse
from pfocr_db.source.names import FIGID, YAML_SUFFIXES
from pfocr_db.source.problems import Complaints, UnreadableError
from pfocr_db.source.records import (
    Alias,
    ChemicalRow,
    DiseaseRow,
    Figure,
    FigureRow,
    GeneRow,
    Keyword,
    OrganismRow,
    PaperClaim,
)
from pfocr_db.source.tiers import tiers

_FIGURE_TEXTS = {
    "number": "number",
    "title": "figtitle",
    "caption": "caption",
    "type": "figtype",
    "filename": "filename",
    "figlink": "figlink",
    "ndex_id": "ndex",
    "wikipathways_id": "wpid",
}
_CLAIM_TEXTS = {
    "title": "papertitle",
    "citation": "reftext",
    "doi": "doi",
    "journal": "journal_title",
    "journal_abbrev": "journal_nlm_ta",
    "publisher": "publisher_name",
    "keywords": "keywords",
}
_LONG = {"figtitle", "caption", "papertitle", "reftext", "keywords"}
_SCORES = ("automl_pathway", "pathway_score")
_REDIRECT = "/figures/"
_GENE_KEYS = ("word", "symbol", "source", "hgnc_symbol", "entrez")
_ENTITY_KEYS = ("word", "source", "identifier")


def read_figure(
    figid: str, path: str, data: bytes, tables: Mapping[str, tuple[str, bytes]]
) -> tuple[Figure | None, list[Complaints]]:
    """The record of the figure that is expected in the file, with all that is wrong about its files.

    `tables` has the path and content of each sidecar by kind.
    """
    complaints = Complaints(path)
    everything = [complaints]
    try:
        fenced = PurePath(path).suffix not in YAML_SUFFIXES
        parsed = parse(sidecars.decoded(data), fenced=fenced)
    except UnreadableError as error:
        complaints.error(error.line, error.message)
        return None, everything
    reader = _FigureReader(parsed, complaints)
    reader.require_figid(figid)
    for kind, (table_path, table_data) in tables.items():
        beside = Complaints(table_path)
        everything.append(beside)
        table = sidecars.read_table(kind, table_data, beside)
        if table:
            reader.add_table(kind, table, beside)
    return reader.figure(figid), everything


class _FigureReader:
    """Takes the front matter apart: what a column gives back is used up, the rest is `extra`."""

    def __init__(self, parsed: Parsed, complaints: Complaints) -> None:
        self._parsed = parsed
        self._complaints = complaints
        self._extra: dict[str, Any] = dict(parsed.values)
        self._genes: list[GeneRow] = []
        self._chemicals: list[ChemicalRow] = []
        self._diseases: list[DiseaseRow] = []
        self._gene_organisms: list[OrganismRow] = []
        self._read_lists()
        if parsed.body_line:
            complaints.warning(parsed.body_line, "text after the front matter is not kept")

    def require_figid(self, expected: str) -> None:
        found = self._extra.pop("figid", None)
        line = self._parsed.lines.get("figid", 1)
        if found is None:
            self._complaints.error(line, f"no figid; add `figid: {expected}`")
        elif not isinstance(found, str) or not FIGID.fullmatch(found):
            self._complaints.error(line, f"figid {found!r} is malformed; it must be PMC<digits>__<image file stem>")
        elif found != expected:
            self._complaints.error(line, f"figid {found} differs from the file's name {expected}; rename one of them")
        values.checked(expected, values.KEY_BYTES, "figid", line, self._complaints)

    def add_table(self, kind: str, table: sidecars.Table, complaints: Complaints) -> None:
        if kind == "genes":
            genes, organisms = sidecars.gene_rows(table, complaints)
            self._genes += genes
            self._gene_organisms += organisms
        elif kind == "chemicals":
            self._chemicals += sidecars.chemical_rows(table)
        else:
            self._diseases += sidecars.disease_rows(table)

    def figure(self, figid: str) -> Figure:
        texts = {column: self._text(key) for column, key in _FIGURE_TEXTS.items()}
        claim = PaperClaim(year=self._year(), **{column: self._text(key) for column, key in _CLAIM_TEXTS.items()})
        figure = Figure(
            row=FigureRow(
                figid=figid,
                pmcid=self._text("pmcid") or figid.partition("__")[0],
                pathway_score=self._score(),
                extra="{}",
                **texts,
            ),
            claim=claim,
            aliases=self._aliases(),
            organisms=self._organisms(),
            genes=self._genes,
            gene_tiers=tiers(self._genes),
            chemicals=self._chemicals,
            diseases=self._diseases,
        )
        figure.keywords = self._keywords(figure)
        extra = json.dumps(self._extra, ensure_ascii=False, separators=(",", ":"))
        figure.row = figure.row._replace(extra=extra)
        return figure

    # ------------------------------------------------------------------------------------- single values

    def _line(self, key: str) -> int | None:
        return self._parsed.lines.get(key)

    def _published(self, key: str) -> str:
        """The text of a key, '' where there is none to be had."""
        value = self._extra.get(key, "")
        if isinstance(value, str):
            limit = values.TEXT_BYTES if key in _LONG else values.KEY_BYTES
            return values.checked(value, limit, key, self._line(key), self._complaints)
        self._complaints.warning(self._line(key), f"{key} is no text; it is kept in `extra` only")
        return ""

    def _used(self, key: str, gives_back: object) -> None:
        """Forget the published value if the columns give it back just so."""
        if key in self._extra and self._extra[key] == gives_back:
            del self._extra[key]

    def _text(self, key: str) -> str | None:
        value = values.missing_to_none(self._published(key))
        self._used(key, value)
        return value

    def _year(self) -> int | None:
        year = values.year(self._published("year"), self._line("year"), self._complaints)
        self._used("year", str(year))
        return year

    def _score(self) -> float | None:
        key = next((key for key in _SCORES if self._extra.get(key, "") not in ("", "NA")), _SCORES[0])
        score = values.score(self._published(key), key, self._line(key), self._complaints)
        self._used(key, str(score))
        return score

    # ------------------------------------------------------------------------------------- lists of text

    def _texts(self, key: str) -> list[str]:
        """A list of texts; one text alone is a list of one."""
        published = self._extra.get(key, [])
        found = [published] if isinstance(published, str) else published
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            self._complaints.warning(self._line(key), f"{key} is no list of texts; it is kept in `extra` only")
            return []
        for each in found:
            values.checked(each, values.KEY_BYTES, key, self._line(key), self._complaints)
        return found

    def _used_list(self, key: str, gives_back: list[str]) -> None:
        """As `_used`; a text alone and a list of one are the same."""
        self._used(key, gives_back)
        if len(gives_back) == 1:
            self._used(key, gives_back[0])

    def _aliases(self) -> list[Alias]:
        named = [each for each in self._texts("figid_alias") if each]
        self._used_list("figid_alias", named)
        redirects = [each.removeprefix(_REDIRECT) for each in self._texts("redirect_from") if each]
        self._used_list("redirect_from", [_REDIRECT + each for each in redirects])
        return [Alias(each, "figid_alias") for each in named] + [Alias(each, "redirect_from") for each in redirects]

    def _organisms(self) -> list[OrganismRow]:
        articles = [each for each in self._texts("organisms") if each not in values.MISSING]
        self._used_list("organisms", articles)
        named = [each for each in self._texts("organisms_ner") if each not in values.MISSING]
        recognised = _merged(named, self._gene_organisms)
        self._used_list("organisms_ner", list(dict.fromkeys(row.name for row in recognised if row.name)))
        return [OrganismRow("article", name) for name in articles] + recognised

    # ----------------------------------------------------------------------------------------- the rows

    def _read_lists(self) -> None:
        """The lists of the older files; a list whose rows hold more than the columns do stays in `extra`, too."""
        for line, row in self._list("genes", _GENE_KEYS):
            word, match, source, symbol, gene_id = (row.get(key, "") for key in _GENE_KEYS)
            self._genes.append(
                sidecars.gene_row(word, match, symbol, gene_id, source, HUMAN_TAXON, line, self._complaints)
            )
        for _, row in self._list("chemicals", _ENTITY_KEYS):
            self._chemicals.append(ChemicalRow(*_entity(row)))
        for _, row in self._list("diseases", _ENTITY_KEYS):
            self._diseases.append(DiseaseRow(*_entity(row)))

    def _list(self, key: str, known: tuple[str, ...]) -> list[tuple[int | None, dict[str, str]]]:
        published = self._extra.get(key) or []
        if not isinstance(published, list) or not all(isinstance(row, dict) for row in published):
            message = f"{key} must be a list of rows with the keys {', '.join(known)}; correct it"
            self._complaints.error(self._line(key), message)
            return []
        lines: list[int | None] = [*self._parsed.item_lines.get(key, [])]
        if len(lines) != len(published):  # some are aliases
            lines = [self._line(key)] * len(published)
        good: list[tuple[int | None, dict[str, str]]] = []
        for line, row in zip(lines, published, strict=True):
            if "word" not in row or not all(isinstance(row.get(each, ""), str) for each in known):
                self._complaints.error(line, f"a row of {key} needs a word, and text throughout; correct it")
            else:
                values.check_cells(known, (row.get(each, "") for each in known), line, self._complaints)
                good.append((line, row))
        if all(row.keys() <= set(known) for row in published):
            self._extra.pop(key, None)
        return good

    def _keywords(self, figure: Figure) -> list[Keyword]:
        """schema-jsonld's keywords of a figure without gene rows; with them, they are left to `extra` unless they
        only repeat the rows. Its description is dropped where it repeats the caption."""
        jsonld = self._extra.get("schema-jsonld")
        if not isinstance(jsonld, dict):
            return []
        self._extra["schema-jsonld"] = jsonld = dict(jsonld)
        if jsonld.get("description") == self._parsed.values.get("caption"):
            jsonld.pop("description", None)
        published = jsonld.get("keywords")
        if not isinstance(published, list) or not all(isinstance(each, str) for each in published):
            return []
        if figure.genes:
            if published == _keywords_of(figure):
                del jsonld["keywords"]
            return []
        del jsonld["keywords"]
        for each in published:
            values.checked(each, values.KEY_BYTES, "a keyword", self._line("schema-jsonld"), self._complaints)
        return [Keyword(each) for each in published]


def _entity(row: dict[str, str]) -> sidecars.EntityCells:
    source = values.missing_to_none(row.get("source", ""))
    return sidecars.entity_row(row["word"], row.get("identifier", ""), "", "", "", source)


def _merged(named: list[str], from_rows: list[OrganismRow]) -> list[OrganismRow]:
    """The recognised organisms in their published order, with what the gene rows know of them."""
    merged: dict[str | None, list[OrganismRow]] = {name: [] for name in named}
    for row in from_rows:
        merged.setdefault(row.name, []).append(row)
    return [row for name, rows in merged.items() for row in rows or [OrganismRow("recognised", name)]]


def _keywords_of(figure: Figure) -> list[str]:
    """The keyword list that the rows give: symbols, chemical words, disease words, each once."""
    symbols = [row.symbol for row in figure.genes if row.symbol]
    chemicals = [row.word for row in figure.chemicals]
    diseases = [row.word for row in figure.diseases]
    return list(dict.fromkeys(symbols + chemicals + diseases))
