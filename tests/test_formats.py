"""All that the published files have been seen to hold, and the odd things among it, comes into the database whole."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import (
    CHEMICAL_HEADER,
    DISEASE_HEADER,
    GENE_HEADER,
    REAL,
    SEEDS,
    Database,
    write_figure,
    write_genes,
    write_table,
    write_text,
)

from pfocr_db import schema

FIGID = "PMC1__a"
EARLIER_GENE_HEADER = tuple(name for name in GENE_HEADER if name != "count_synonym")
EARLIER_HEADER = ("word", "type", "identifier")
FRONT_MATTER = f"figid: {FIGID}\ncaption: What is seen.\n"


@pytest.fixture
def sqlite(new_database: Callable[[str], Database]) -> Database:
    """For what is settled before any database comes in; test_order.py and others show that both agree."""
    return new_database("sqlite")


def _words(database: Database, table: Any = schema.gene_mentions) -> list[str]:
    return [row["word"] for row in _rows(database, table)]


def _rows(database: Database, table: Any) -> list[dict[str, Any]]:
    """In their published order."""
    return sorted(database.rows(table), key=lambda row: (row["figid"], row["ordinal"]))


def _cells(rows: Sequence[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


def _figure(database: Database) -> dict[str, Any]:
    (figure,) = database.rows(schema.figures)
    return figure


def _load_cleanly(database: Database, *paths: Path) -> None:
    assert database.load(*paths).problems == []


# ------------------------------------------------------------------------------------------------ folders


def _write_source(figures: Path, tables: Path) -> list[Path]:
    """Two figures, the second with dots in its name, with a sidecar each."""
    write_genes(tables, FIGID, [{"word": "JAK2", "ncbigene_id": "3717"}])
    write_table(tables / "PMC1__b.g001-chemicals.tsv", EARLIER_HEADER, [("Glucose", "MESH", "D005947")])
    return [write_figure(figures, FIGID), write_figure(figures, "PMC1__b.g001")]


def _two_folders(folder: Path) -> list[Path]:
    _write_source(folder / "_figures", folder / "_data")
    return [folder]


def _flat(folder: Path) -> list[Path]:
    _write_source(folder, folder)
    return [folder]


def _figures_alone(folder: Path) -> list[Path]:
    """The folder of the figures is given: the sidecars are in its sibling."""
    _write_source(folder / "_figures", folder / "_data")
    return [folder / "_figures"]


def _data_given_too(folder: Path) -> list[Path]:
    _write_source(folder / "some", folder / "elsewhere")
    return [folder / "some", folder / "elsewhere"]


def _data_given_first(folder: Path) -> list[Path]:
    return _data_given_too(folder)[::-1]


def _deep_down(folder: Path) -> list[Path]:
    _write_source(folder / "2024" / "05" / "_figures", folder / "2024" / "05" / "_data")
    return [folder]


def _files_beside(folder: Path) -> list[Path]:
    return _write_source(folder, folder)


def _files_of_two_folders(folder: Path) -> list[Path]:
    return _write_source(folder / "_figures", folder / "_data")


def _every_file(folder: Path) -> list[Path]:
    figures = _write_source(folder / "a", folder / "b")
    return [*figures, *(folder / "b").iterdir()]


def _folder_and_file(folder: Path) -> list[Path]:
    return [_write_source(folder / "a", folder / "a")[0], folder / "a"]


def _twice(folder: Path) -> list[Path]:
    """A folder within one that is given too, and a link to it."""
    _write_source(folder / "sub", folder / "sub")
    (folder / "link").symlink_to(folder / "sub")
    return [folder, folder / "sub", folder / "link"]


LAYOUTS = (
    *(_two_folders, _flat, _figures_alone, _data_given_too, _data_given_first, _deep_down, _files_beside),
    *(_files_of_two_folders, _every_file, _folder_and_file, _twice),
)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__.strip("_"))
def test_every_layout_of_a_source(sqlite: Database, tmp_path: Path, layout: Callable[[Path], list[Path]]) -> None:
    _load_cleanly(sqlite, *layout(tmp_path / "source"))
    assert [row["figid"] for row in sqlite.rows(schema.figures)] == [FIGID, "PMC1__b.g001"]
    assert _cells(_rows(sqlite, schema.gene_mentions), "figid", "word") == [(FIGID, "JAK2")]
    assert _cells(_rows(sqlite, schema.chemical_mentions), "figid", "word") == [("PMC1__b.g001", "Glucose")]


def test_other_files_are_left_alone(sqlite: Database, tmp_path: Path) -> None:
    write_figure(tmp_path, FIGID)
    fenced = f"---\n{FRONT_MATTER}---\n"
    others = {
        "README.md": f"# Figures\n\nEach begins so:\n\n```\n{fenced}```\n",
        "index.md": f"---\ntitle: Figures\n---\n\nfigid: {FIGID}\n",
        "about.txt": "About the figures.\n",
        "config.yml": "title: Figures\nitems:\n  figid: PMC1__c\n",
        "table.tsv": "figid\tword\nPMC1__a\tJAK2\n",
        "PMC1__a-genes.csv": "word,symbol\n",
        "PMC1__a-notes.tsv": "word\n",
        "PMC1__c.md.orig": fenced,
        "PMC1__d": fenced,
        ".PMC1__e.md": fenced,
        ".git/PMC1__f.md": fenced,
        "empty.md": "",
        "latin.md": "caf\udce9",
    }
    for name, content in others.items():
        file = write_text(tmp_path / name, "")
        file.write_bytes(content.encode(errors="surrogateescape"))
    _load_cleanly(sqlite, tmp_path)
    assert [row["figid"] for row in sqlite.rows(schema.figures)] == [FIGID]


# ----------------------------------------------------------------------------------------------- spellings

SPELLINGS = {
    "fenced": ("md", f"---\n{FRONT_MATTER}---\n"),
    "text file": ("txt", f"---\n{FRONT_MATTER}---\n"),
    "fenced yml": ("yml", f"---\n{FRONT_MATTER}---\n"),
    "fenced yaml": ("yaml", f"---\n{FRONT_MATTER}---\n"),
    "bare yml": ("yml", FRONT_MATTER),
    "bare yaml": ("yaml", FRONT_MATTER),
    "yaml with one fence": ("yaml", f"---\n{FRONT_MATTER}"),
    "no last line end": ("md", f"---\n{FRONT_MATTER}---"),
    "blank lines after it": ("md", f"---\n{FRONT_MATTER}---\n\n \n"),
    "blanks behind the fences": ("md", f"---  \n{FRONT_MATTER}--- \t\n"),
    "windows lines": ("md", f"---\n{FRONT_MATTER}---\n".replace("\n", "\r\n")),
    "byte order mark": ("md", f"\ufeff---\n{FRONT_MATTER}---\n"),
    "mark and windows lines": ("md", f"\ufeff---\n{FRONT_MATTER}---\n".replace("\n", "\r\n")),
    "bare yaml with a mark": ("yaml", f"\ufeff{FRONT_MATTER}"),
    "flow style": ("md", f"---\n{{figid: {FIGID}, caption: What is seen.}}\n---\n"),
    "quoted keys": ("md", f"---\n'figid': {FIGID}\n\"caption\": What is seen.\n---\n"),
    "folded text": ("md", f"---\nfigid: {FIGID}\ncaption: >-\n  What\n  is seen.\n---\n"),
    "escapes": ("md", '---\nfigid: "PMC1\\x5f_a"\ncaption: "What is \\u0073een."\n---\n'),
    "aliases": ("md", f"---\nfigid: {FIGID}\nseo: &text What is seen.\ncaption: *text\n---\n"),
    "tags": ("md", f"---\nfigid: !!str {FIGID}\ncaption: !x What is seen.\n---\n"),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_a_figure_file(sqlite: Database, tmp_path: Path, spelling: str) -> None:
    suffix, content = SPELLINGS[spelling]
    write_text(tmp_path / f"{FIGID}.{suffix}", content)
    _load_cleanly(sqlite, tmp_path)
    figure = _figure(sqlite)
    assert (figure["figid"], figure["caption"], figure["pmcid"]) == (FIGID, "What is seen.", "PMC1")


@pytest.mark.parametrize("figid", [FIGID, f"'{FIGID}'", f'"{FIGID}"  ', f"  {FIGID}", f"{FIGID} # the first"])
@pytest.mark.parametrize("name", ["notes.md", "figure 1.txt", "PMC1.yml", "1__a.yaml", "PMCx__a.md"])
def test_a_file_of_another_name_has_its_figid_inside(sqlite: Database, tmp_path: Path, figid: str, name: str) -> None:
    write_text(tmp_path / name, f"---\nnumber: F1\nfigid: {figid}\ncaption: What is seen.\n---\n")
    write_genes(tmp_path, FIGID, [{"word": "JAK2", "ncbigene_id": "3717"}])
    _load_cleanly(sqlite, tmp_path)
    assert _figure(sqlite)["figid"] == FIGID
    assert _words(sqlite) == ["JAK2"]


def test_a_file_of_another_name_given_by_itself(sqlite: Database, tmp_path: Path) -> None:
    file = write_text(tmp_path / "notes.md", f"---\n{FRONT_MATTER}---\n")
    write_genes(tmp_path, FIGID, [{"word": "JAK2", "ncbigene_id": "3717"}])
    _load_cleanly(sqlite, file)
    assert _words(sqlite) == ["JAK2"]


@pytest.mark.parametrize("begin", ["", "\ufeff"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("last", [True, False], ids=["last line ends", "last line open"])
def test_every_spelling_of_a_table(sqlite: Database, tmp_path: Path, begin: str, line_end: str, last: bool) -> None:
    write_figure(tmp_path)
    lines = [CHEMICAL_HEADER, ("Glucose", "NA", "Glucose", "x", "chebi:4167"), ("a", "NA", "b", "c", "NA")]
    text = line_end.join("\t".join(line) for line in lines) + (line_end if last else "")
    write_text(tmp_path / f"{FIGID}-chemicals.tsv", begin + text)
    _load_cleanly(sqlite, tmp_path)
    stored = _cells(_rows(sqlite, schema.chemical_mentions), "word", "mesh_id", "matched", "name", "chebi_id")
    assert stored == [("Glucose", None, "Glucose", "x", "chebi:4167"), ("a", None, "b", "c", None)]


# ------------------------------------------------------------------------------------------------- tables


def test_gene_rows_of_the_newest_header(sqlite: Database, tmp_path: Path) -> None:
    write_figure(tmp_path)
    row = ("9606", "Homo sapiens", "Primates", "ABL", "ABL1", "MTTP", "4547", "ncbigene_synonym", "3", "6", "7")
    write_table(tmp_path / f"{FIGID}-genes.tsv", GENE_HEADER, [row])
    _load_cleanly(sqlite, tmp_path)
    names = ("word", "matched", "symbol", "gene_id", "taxon_id", "source")
    assert _cells(_rows(sqlite, schema.gene_mentions), *names) == [
        ("ABL", "ABL1", "MTTP", 4547, 9606, "ncbigene_synonym")
    ]
    assert _cells(_rows(sqlite, schema.figure_organisms), *ORGANISM) == [
        ("recognised", "Homo sapiens", 9606, "Primates", 3, 6, 7)
    ]


ORGANISM = ("role", "name", "taxon_id", "organism_group", "count_direct", "count_synonym", "count_match")


def test_gene_rows_of_the_header_without_count_synonym(sqlite: Database, tmp_path: Path) -> None:
    write_figure(tmp_path)
    row = ("7955", "Danio rerio", "Vertebrates", "IL-6", "IL6", "il6", "100885851", "ncbigene_symbol", "2", "7")
    write_table(tmp_path / f"{FIGID}-genes.tsv", EARLIER_GENE_HEADER, [row])
    _load_cleanly(sqlite, tmp_path)
    assert _cells(_rows(sqlite, schema.gene_mentions), "word", "symbol", "gene_id", "taxon_id") == [
        ("IL-6", "il6", 100885851, 7955)
    ]
    assert _cells(_rows(sqlite, schema.figure_organisms), *ORGANISM) == [
        ("recognised", "Danio rerio", 7955, "Vertebrates", 2, None, 7)
    ]


def test_chemical_and_disease_rows_of_the_newest_headers(database: Database, tmp_path: Path) -> None:
    write_figure(tmp_path)
    chemicals = [
        ("Fatty acid", "mesh:D005227", "Fatty Acids", "fatty acid", "chebi:35366"),
        ("Nucleus", "NA", "nucleus", "nucleus", "chebi:33252"),
    ]
    write_table(tmp_path / f"{FIGID}-chemicals.tsv", CHEMICAL_HEADER, chemicals)
    diseases = [("HCC", "mesh:D006528", "Carcinoma, Hepatocellular", "NA", "doid:684")]
    write_table(tmp_path / f"{FIGID}-diseases.tsv", DISEASE_HEADER, diseases)
    _load_cleanly(database, tmp_path)
    names = ("word", "mesh_id", "matched", "name")
    assert _cells(_rows(database, schema.chemical_mentions), *names, "chebi_id", "chemical_key") == [
        (*chemicals[0], "mesh:D005227 chebi:35366"),
        ("Nucleus", None, "nucleus", "nucleus", "chebi:33252", "chebi:33252"),
    ]
    assert _cells(_rows(database, schema.disease_mentions), *names, "doid", "disease_key") == [
        ("HCC", "mesh:D006528", "Carcinoma, Hepatocellular", None, "doid:684", "mesh:D006528 doid:684")
    ]


@pytest.mark.parametrize("kind", ["chemical", "disease"])
def test_rows_of_the_earlier_header(sqlite: Database, tmp_path: Path, kind: str) -> None:
    write_figure(tmp_path)
    rows = [("tyrosine", "Chemical", "NA"), ("Lactate", "MESH", "D019344"), ("x", "OMIM", "OMIM:1")]
    write_table(tmp_path / f"{FIGID}-{kind}s.tsv", EARLIER_HEADER, rows)
    _load_cleanly(sqlite, tmp_path)
    stored = _rows(sqlite, schema.metadata.tables[f"{kind}_mentions"])
    assert _cells(stored, "word", "source", "mesh_id", f"{kind}_key") == [
        ("tyrosine", "Chemical", None, "word:tyrosine"),
        ("Lactate", "MESH", "mesh:D019344", "mesh:D019344"),
        ("x", "OMIM", "OMIM:1", "OMIM:1"),
    ]


@pytest.mark.parametrize("header", [GENE_HEADER, EARLIER_GENE_HEADER], ids=["newest", "earlier"])
def test_a_table_with_only_a_header(sqlite: Database, tmp_path: Path, header: Sequence[str]) -> None:
    write_figure(tmp_path, **{"schema-jsonld": {"keywords": ["JAK2"]}})
    write_table(tmp_path / f"{FIGID}-genes.tsv", header, [])
    _load_cleanly(sqlite, tmp_path)
    assert _words(sqlite) == []
    assert [row["keyword"] for row in sqlite.rows(schema.figure_keywords)] == ["JAK2"]


GENE_LIST = [{"word": "IL-6", "symbol": "IL6", "source": "hgnc_symbol", "hgnc_symbol": "IL6", "entrez": "3569"}]
CHEMICAL_LIST = [{"word": "Glucose", "source": "MESH", "identifier": "D005947"}]
DISEASE_LIST = [{"word": "cancer", "source": "", "identifier": ""}]


def test_the_lists_of_the_older_files(database: Database, tmp_path: Path) -> None:
    write_figure(tmp_path, genes=GENE_LIST, chemicals=CHEMICAL_LIST, diseases=DISEASE_LIST)
    _load_cleanly(database, tmp_path)
    names = ("ordinal", "word", "matched", "symbol", "gene_id", "taxon_id", "source")
    assert _cells(_rows(database, schema.gene_mentions), *names) == [
        (1, "IL-6", "IL6", "IL6", 3569, 9606, "hgnc_symbol")
    ]
    entity = ("ordinal", "word", "matched", "mesh_id", "source")
    assert _cells(_rows(database, schema.chemical_mentions), *entity) == [
        (1, "Glucose", None, "mesh:D005947", "MESH")
    ]
    assert _cells(_rows(database, schema.disease_mentions), *entity) == [(1, "cancer", None, None, None)]
    assert _figure(database)["extra"] == {}


def test_lists_and_tables_run_on(database: Database, tmp_path: Path) -> None:
    write_figure(tmp_path, genes=[*GENE_LIST, {"word": "IL-6"}], chemicals=CHEMICAL_LIST, diseases=DISEASE_LIST)
    write_genes(tmp_path, FIGID, [{"word": word, "ncbigene_id": "3717"} for word in ("JAK2", "Jak-2")])
    for kind in ("chemicals", "diseases"):
        write_table(tmp_path / f"{FIGID}-{kind}.tsv", EARLIER_HEADER, [("more", "NA", "NA")])
    _load_cleanly(database, tmp_path)
    assert _cells(_rows(database, schema.gene_mentions), "ordinal", "word") == [
        *((1, "IL-6"), (2, "IL-6"), (3, "JAK2"), (4, "Jak-2"))
    ]
    for table, first in ((schema.chemical_mentions, "Glucose"), (schema.disease_mentions, "cancer")):
        assert _cells(_rows(database, table), "ordinal", "word") == [(1, first), (2, "more")]


def test_lists_of_aliases(sqlite: Database, tmp_path: Path) -> None:
    rows = "seo: &all\n- &one {word: a}\ngenes: [*one, *one]\nchemicals: *all\n"
    write_text(tmp_path / f"{FIGID}.md", f"---\nfigid: {FIGID}\n{rows}---\n")
    _load_cleanly(sqlite, tmp_path)
    assert _words(sqlite) == ["a", "a"]
    assert _words(sqlite, schema.chemical_mentions) == ["a"]


def test_a_list_row_with_more_keys_stays_readable(sqlite: Database, tmp_path: Path) -> None:
    rows = [GENE_LIST[0] | {"box": ["1", "2"]}]
    write_figure(tmp_path, genes=rows)
    _load_cleanly(sqlite, tmp_path)
    assert _words(sqlite) == ["IL-6"]
    assert _figure(sqlite)["extra"] == {"genes": rows}


# ------------------------------------------------------------------------------------------------- traps

NO_TEXT_ELSEWHERE = (
    *("On", "Off", "yes", "NO", "true", "null", "~", "6.3", "2E1", "1E-3", "1e5", ".5", "+1", "0x1F", "0o17"),
    *("1_000", "1:30", "2020-01-01", "2001-12-14t21:59:43.10-05:00", "na", "NaN", ".inf", "<<", "=", "007"),
)
"""What YAML 1.1, or a parser that guesses, turns into something else."""

ODD_WORDS = (
    *('"""app"', "|AKT", "\\foxa2", "<MMP2>", "(63.", "'", '"', "a\x1fb", "JAK2  ", " JAK2", "a  b", "IL\u00a06"),
    *("МАРК", "с-Мус", "р53", "NF-κB", "-", "\\N", "\\.", "\\t", "\r", "\x1a", "\x7f", "\x85", "\u2028", "\ufeff"),
    *("e\u0301", "é", "ﬁ", "🧬", "\U000e0041", "\ufffe", "NULL", "None", "%s", ":1", "{}", ";--", "é" * 400, ""),
)
"""Words as they are read from images, and a few that a COPY or a query could trip over."""


def test_texts_that_look_like_something_else_in_a_list(database: Database, tmp_path: Path) -> None:
    rows = "".join(f"- word: {text}\n  hgnc_symbol: {text}\n  entrez: '1'\n" for text in NO_TEXT_ELSEWHERE)
    write_text(tmp_path / f"{FIGID}.md", f"---\nfigid: {FIGID}\ngenes:\n{rows}---\n")
    _load_cleanly(database, tmp_path)
    assert _cells(_rows(database, schema.gene_mentions), "word", "symbol") == [(x, x) for x in NO_TEXT_ELSEWHERE]


@pytest.mark.parametrize("words", [NO_TEXT_ELSEWHERE, ODD_WORDS], ids=["no text elsewhere", "odd"])
def test_odd_words_in_tables(database: Database, tmp_path: Path, words: Sequence[str]) -> None:
    write_figure(tmp_path)
    write_genes(tmp_path, FIGID, [{"word": word, "match": "m", "ncbigene_id": "1"} for word in words])
    for kind in ("chemicals", "diseases"):
        write_table(tmp_path / f"{FIGID}-{kind}.tsv", EARLIER_HEADER, [(word, "NA", "NA") for word in words])
    _load_cleanly(database, tmp_path)
    for table in (schema.gene_mentions, schema.chemical_mentions, schema.disease_mentions):
        assert _words(database, table) == list(words)


def test_odd_words_in_lists_and_texts(database: Database, tmp_path: Path) -> None:
    keys = {
        "figid": FIGID,
        "caption": "".join(ODD_WORDS),
        "figid_alias": [word for word in ODD_WORDS if word],
        "genes": [{"word": word, "entrez": "1"} for word in ODD_WORDS],
        "unknown": {word: word for word in ODD_WORDS},
    }
    dumped = yaml.safe_dump(keys, default_style='"')
    write_text(tmp_path / f"{FIGID}.md", f"---\n{dumped}---\n")
    _load_cleanly(database, tmp_path)
    assert _words(database) == list(ODD_WORDS)
    assert _figure(database)["caption"] == "".join(ODD_WORDS)
    assert _figure(database)["extra"]["unknown"] == {word: word for word in ODD_WORDS}
    assert [row["alias"] for row in _rows(database, schema.figure_aliases)] == [word for word in ODD_WORDS if word]


def test_look_alike_letters_are_kept_and_found(database: Database, tmp_path: Path) -> None:
    write_figure(tmp_path)
    rows = [
        {"word": "МАРК", "match": "MAPK", "ncbigene_symbol": "MAPK1", "ncbigene_id": "5594"},
        {"word": "с-Мус", "match": "с-Мус", "ncbigene_symbol": "MYC", "ncbigene_id": "4609"},
    ]
    write_genes(tmp_path, FIGID, rows)
    _load_cleanly(database, tmp_path)
    assert _cells(_rows(database, schema.gene_mentions), "word", "matched") == [("МАРК", "MAPK"), ("с-Мус", "с-Мус")]
    names = {(row["folded"], row["gene_id"]) for row in database.rows(schema.gene_names)}
    assert {("mapk", 5594), ("cmyc", 4609)} <= names


def test_an_id_without_a_symbol_is_a_gene(database: Database, tmp_path: Path) -> None:
    write_figure(tmp_path)
    row = ("7227", "Drosophila melanogaster", "Invertebrates", "acts", "ACT", "NA", "32640", "ncbigene_synonym")
    write_table(tmp_path / f"{FIGID}-genes.tsv", GENE_HEADER, [(*row, "5", "21", "11")])
    _load_cleanly(database, tmp_path)
    assert _cells(_rows(database, schema.gene_mentions), "symbol", "gene_id") == [(None, 32640)]
    assert _cells(database.rows(schema.figure_genes), "gene_id") == [(32640,)]


@pytest.mark.parametrize("name", ["NA", "na", "Na"])
def test_a_gene_can_be_called_na(sqlite: Database, tmp_path: Path, name: str) -> None:
    write_figure(tmp_path)
    row = {"word": name, "match": "NA", "ncbigene_symbol": name, "ncbigene_id": "38100"}
    write_genes(tmp_path, FIGID, [row, row | {"word": "other", "match": "NA", "ncbigene_symbol": "NA"}])
    _load_cleanly(sqlite, tmp_path)
    assert _cells(_rows(sqlite, schema.gene_mentions), "word", "matched", "symbol") == [
        (name, "NA", name),
        ("other", None, None),
    ]


def test_missing_ids_and_names_in_tables(sqlite: Database, tmp_path: Path) -> None:
    write_figure(tmp_path)
    write_table(tmp_path / f"{FIGID}-genes.tsv", GENE_HEADER, [("NA", "NA", "NA", "ACT", *["NA"] * 7)])
    write_table(tmp_path / f"{FIGID}-chemicals.tsv", CHEMICAL_HEADER, [("x", *["NA"] * 4)])
    _load_cleanly(sqlite, tmp_path)
    names = ("word", "matched", "symbol", "gene_id", "taxon_id", "source")
    assert _cells(_rows(sqlite, schema.gene_mentions), *names) == [("ACT", *[None] * 5)]
    assert _cells(_rows(sqlite, schema.figure_organisms), *ORGANISM) == [("recognised", *[None] * 6)]
    assert _cells(_rows(sqlite, schema.chemical_mentions), "mesh_id", "chemical_key") == [(None, "word:x")]


def test_repeated_rows_are_all_kept(sqlite: Database, tmp_path: Path) -> None:
    write_figure(tmp_path)
    row = {"word": "JAK2", "ncbigene_id": "3717"}
    write_genes(tmp_path, FIGID, [row, row, row | {"word": "Jak-2", "match": "JAK2", "ncbigene_symbol": "JAK2"}])
    _load_cleanly(sqlite, tmp_path)
    assert _words(sqlite) == ["JAK2", "JAK2", "Jak-2"]
    assert _cells(sqlite.rows(schema.figure_genes), "figid", "gene_id") == [(FIGID, 3717)]


SCORES = {
    "older": ({"pathway_score": 0.9357113}, 0.9357113, {}),
    "newer": ({"automl_pathway": 0.9553206}, 0.9553206, {}),
    "both": ({"pathway_score": 0.5, "automl_pathway": 0.75}, 0.75, {"pathway_score": "0.5"}),
    "other spelling": ({"pathway_score": "0.50"}, 0.5, {"pathway_score": "0.50"}),
    "exponent": ({"pathway_score": "1E-3"}, 0.001, {"pathway_score": "1E-3"}),
    "tiny": ({"pathway_score": "5e-324"}, 5e-324, {}),
    "empty": ({"pathway_score": ""}, None, {"pathway_score": ""}),
    "missing": ({}, None, {}),
}


@pytest.mark.parametrize("spelling", SCORES)
def test_a_score_under_either_name(sqlite: Database, tmp_path: Path, spelling: str) -> None:
    keys, score, extra = SCORES[spelling]
    write_figure(tmp_path, **keys)
    _load_cleanly(sqlite, tmp_path)
    assert (_figure(sqlite)["pathway_score"], _figure(sqlite)["extra"]) == (score, extra)


@pytest.mark.parametrize("several", [False, True], ids=["text", "list"])
def test_aliases(sqlite: Database, tmp_path: Path, several: bool) -> None:
    aliases = ["PMC1__F1", "PMC1__F2"][: 1 + several]
    redirects = [f"/figures/{alias}" for alias in aliases]
    write_figure(
        tmp_path,
        figid_alias=aliases if several else aliases[0],
        redirect_from=redirects if several else redirects[0],
    )
    write_figure(tmp_path, "PMC1__other", figid_alias="PMC1__F1")
    _load_cleanly(sqlite, tmp_path)
    assert _cells(_rows(sqlite, schema.figure_aliases), "figid", "alias", "published_as") == [
        *((FIGID, alias, "figid_alias") for alias in aliases),
        *((FIGID, alias, "redirect_from") for alias in aliases),
        ("PMC1__other", "PMC1__F1", "figid_alias"),
    ]
    assert [row["extra"] for row in sqlite.rows(schema.figures)] == [{}, {}]


ORGANISMS = {
    "text": ("Homo sapiens", ["Homo sapiens"], {}),
    "list of one": (["Homo sapiens"], ["Homo sapiens"], {}),
    "list": (["Mus musculus", "Homo sapiens"], ["Mus musculus", "Homo sapiens"], {}),
    "not available": (["NA"], [], {"organisms": ["NA"]}),
    "unassigned": (["unassigned"], [], {"organisms": ["unassigned"]}),
    "plant": ("Unspecified plant", ["Unspecified plant"], {}),
    "trailing": (["Mus musculus", "NA"], ["Mus musculus"], {"organisms": ["Mus musculus", "NA"]}),
    "empty": ("", [], {"organisms": ""}),
    "misspelled": ("Drosohpila melanogaster", ["Drosohpila melanogaster"], {}),
}


@pytest.mark.parametrize("spelling", ORGANISMS)
def test_organisms_of_the_article(sqlite: Database, tmp_path: Path, spelling: str) -> None:
    published, names, extra = ORGANISMS[spelling]
    write_figure(tmp_path, organisms=published)
    _load_cleanly(sqlite, tmp_path)
    rows = _rows(sqlite, schema.figure_organisms)
    assert _cells(rows, "role", "name") == [("article", name) for name in names]
    assert _figure(sqlite)["extra"] == extra


def test_recognised_organisms_keep_their_order_and_get_their_counts(sqlite: Database, tmp_path: Path) -> None:
    names = ["Danio rerio", "Homo sapiens", "Mus musculus"]
    write_figure(tmp_path, organisms=["NA"], organisms_ner=names)
    rows = [
        {"word": "JAK2", "ncbigene_id": "3717"},
        {"word": "jak2", "ncbigene_id": "30424", "organism_id": "7955", "organism_name": "Danio rerio"},
        {"word": "x", "ncbigene_id": "1", "organism_id": "3702", "organism_name": "Arabidopsis thaliana"},
    ]
    write_genes(tmp_path, FIGID, rows)
    _load_cleanly(sqlite, tmp_path)
    assert _cells(_rows(sqlite, schema.figure_organisms), "role", "name", "taxon_id", "count_direct") == [
        ("recognised", "Danio rerio", 7955, 1),
        ("recognised", "Homo sapiens", 9606, 1),
        ("recognised", "Mus musculus", None, None),
        ("recognised", "Arabidopsis thaliana", 3702, 1),
    ]


@pytest.mark.parametrize(
    ("published", "year", "extra"),
    [("2024", 2024, {}), ("", None, {"year": ""}), (".na.character", None, {"year": ".na.character"})],
)
def test_years(sqlite: Database, tmp_path: Path, published: str, year: int | None, extra: dict[str, str]) -> None:
    write_figure(tmp_path, year=published)
    _load_cleanly(sqlite, tmp_path)
    assert sqlite.rows(schema.paper_claims)[0]["year"] == year
    assert _figure(sqlite)["extra"] == extra


def test_missing_is_null_and_stays_readable(sqlite: Database, tmp_path: Path) -> None:
    keys = {"doi": ".na.character", "ndex": "", "journal_title": "NA", "caption": ""}
    write_figure(tmp_path, **keys)
    _load_cleanly(sqlite, tmp_path)
    figure, claim = _figure(sqlite), sqlite.rows(schema.paper_claims)[0]
    assert [figure["ndex_id"], figure["caption"], claim["doi"], claim["journal"]] == [None] * 4
    assert figure["extra"] == keys


def test_a_link_to_another_paper_is_kept(sqlite: Database, tmp_path: Path) -> None:
    write_figure(tmp_path, figlink="/pmc/articles/PMC99/figure/F1", wpid="WP554")
    _load_cleanly(sqlite, tmp_path)
    assert _figure(sqlite)["figlink"] == "/pmc/articles/PMC99/figure/F1"
    assert _figure(sqlite)["wikipathways_id"] == "WP554"
    assert _figure(sqlite)["pmcid"] == "PMC1"


def test_keywords_of_a_figure_without_gene_rows(database: Database, tmp_path: Path) -> None:
    keywords = ["JAK2", "On", ".na.character", "NA", "JAK2", "acyl-CoA C"]
    write_figure(tmp_path, **{"schema-jsonld": {"description": "What is seen.", "keywords": keywords}})
    _load_cleanly(database, tmp_path)
    assert [row["keyword"] for row in _rows(database, schema.figure_keywords)] == keywords
    assert _figure(database)["extra"] == {"schema-jsonld": {}}


def test_keys_without_a_column_stay_readable(database: Database, tmp_path: Path) -> None:
    unknown = {
        "annotations": [{"type": "Pathway Ontology", "parent": "a", "value": "b"}],
        "seo": "CreativeWork",
        "nested": {"a": [["b", {"c": ""}], {}], "": []},
        "On": "6.3",
    }
    write_figure(tmp_path, **unknown)
    _load_cleanly(database, tmp_path)
    assert _figure(database)["extra"] == unknown


# ----------------------------------------------------------------------------------- as long as it may be

SHORT_TEXTS = {
    "number": "number",
    "figtype": "type",
    "filename": "filename",
    "figlink": "figlink",
    "ndex": "ndex_id",
    "wpid": "wikipathways_id",
}
PAPER_TEXTS = {
    "doi": "doi",
    "journal_title": "journal",
    "journal_nlm_ta": "journal_abbrev",
    "publisher_name": "publisher",
}


def _dense(size: int, seed: str, letters: range = range(0x4E00, 0x9FA6)) -> str:
    """A text of so many bytes, of letters of three each, that no index can compress."""
    chance = random.Random(seed)
    return "".join(chr(chance.choice(letters)) for _ in range((size - 1) // 3)).ljust(size - 2 * ((size - 1) // 3))


def _is_number(column: str) -> bool:
    return column.endswith("_id") or column.startswith("count")


@pytest.mark.parametrize("reloaded", [False, True], ids=["first load", "reload"])
def test_texts_of_a_thousand_bytes_are_kept(database: Database, tmp_path: Path, reloaded: bool) -> None:
    if reloaded:
        write_figure(tmp_path)
        _load_cleanly(database, tmp_path)
    texts = {key: _dense(1_000, key) for key in (*SHORT_TEXTS, *PAPER_TEXTS)}
    lists = {key: [_dense(1_000, f"{key}1"), _dense(1_000, f"{key}2")] for key in ("organisms", "redirect_from")}
    write_figure(tmp_path, **texts, **lists, figid_alias=_dense(1_000, "alias"))
    word, symbol = _dense(1_000, "word"), _dense(1_000, "symbol")
    for kind, header in (("genes", GENE_HEADER), ("chemicals", CHEMICAL_HEADER), ("diseases", DISEASE_HEADER)):
        rows = [["7" if _is_number(name) else _dense(1_000, seed + name) for name in header] for seed in ("", "2")]
        write_table(tmp_path / f"{FIGID}-{kind}.tsv", header, rows)
    _load_cleanly(database, tmp_path)
    figure, claim = _figure(database), database.rows(schema.paper_claims)[0]
    assert {key: figure[column] for key, column in SHORT_TEXTS.items()} == {key: texts[key] for key in SHORT_TEXTS}
    assert {key: claim[column] for key, column in PAPER_TEXTS.items()} == {key: texts[key] for key in PAPER_TEXTS}
    assert [row["alias"] for row in _rows(database, schema.figure_aliases)] == [
        _dense(1_000, "alias"),
        *lists["redirect_from"],
    ]
    first = _rows(database, schema.gene_mentions)[0]
    assert (first["word"], first["symbol"]) == (word, _dense(1_000, "ncbigene_symbol"))
    assert _words(database, schema.chemical_mentions)[0] == word
    assert len(symbol.encode()) == 1_000
    assert database.count(schema.genes) == 1


def test_words_that_grow_when_they_are_folded(database: Database, tmp_path: Path) -> None:
    """One such letter is spelled out as up to eighteen."""
    square, ligature = range(0x3300, 0x3358), range(0xFDF0, 0xFDFC)
    write_figure(tmp_path)
    words = [_dense(1_000, f"{place}", letters) for place in range(3) for letters in (square, ligature)]
    write_genes(tmp_path, FIGID, [{"word": word, "ncbigene_symbol": "A", "ncbigene_id": "1"} for word in words])
    write_table(tmp_path / f"{FIGID}-chemicals.tsv", EARLIER_HEADER, [(word, "NA", "NA") for word in words])
    _load_cleanly(database, tmp_path)
    assert _words(database) == words
    assert _words(database, schema.chemical_mentions) == words


def _many_words(size: int, seed: int) -> str:
    """As many different words as fit, each spelled out as many more letters when it is indexed."""
    chance = random.Random(seed)
    words, left = [], size
    while left > 30:
        word = "".join(chr(chance.randrange(0x3300, 0x3358)) for _ in range(8)) + "-x"
        words.append(word)
        left -= len(word.encode()) + 1
    return " ".join(words).ljust(size - 2 * 8 * len(words))


def test_a_caption_of_a_hundred_thousand_bytes_is_kept_and_indexed(database: Database, tmp_path: Path) -> None:
    texts = [_many_words(100_000, seed) for seed in range(3)]
    assert {len(text.encode()) for text in texts} == {100_000}
    write_figure(tmp_path, figtitle=texts[0], caption=texts[1], papertitle=texts[2])
    _load_cleanly(database, tmp_path)
    figure, claim = _figure(database), database.rows(schema.paper_claims)[0]
    assert [figure["title"], figure["caption"], claim["title"]] == texts
    assert database.content()["figure_search"] == [FIGID]


def test_a_file_of_just_5_mb_is_read(sqlite: Database, tmp_path: Path) -> None:
    begin, end = f"---\n{FRONT_MATTER}unknown: ", "\n---\n"
    long = "x" * (5_000_000 - len(begin) - len(end))
    write_text(tmp_path / f"{FIGID}.md", begin + long + end)
    _load_cleanly(sqlite, tmp_path)
    assert _figure(sqlite)["extra"] == {"unknown": long}


def test_largest_numbers(database: Database, tmp_path: Path) -> None:
    write_figure(tmp_path, year="2100", pathway_score="-1.7976931348623157e+308")
    ids = {"ncbigene_id": str(2**63 - 1), "organism_id": str(2**63 - 1)}
    counts = dict.fromkeys(("count_direct", "count_synonym", "count_match"), str(2**31 - 1))
    write_genes(tmp_path, FIGID, [{"word": "a"} | ids | counts])
    _load_cleanly(database, tmp_path)
    assert _cells(_rows(database, schema.gene_mentions), "gene_id", "taxon_id") == [(2**63 - 1, 2**63 - 1)]
    assert _rows(database, schema.figure_organisms)[0]["count_synonym"] == 2**31 - 1
    assert _figure(database)["pathway_score"] == -1.7976931348623157e308


# --------------------------------------------------------------------------------------- nothing is lost

FIGURE_KEYS = {
    "figid": "figid",
    "pmcid": "pmcid",
    "figtitle": "title",
    "caption": "caption",
    **SHORT_TEXTS,
}
CLAIM_KEYS = {"papertitle": "title", "reftext": "citation", "keywords": "keywords", **PAPER_TEXTS}
ENTITY_LISTS = {"chemicals": schema.chemical_mentions, "diseases": schema.disease_mentions}

SOURCES = [
    SEEDS,
    *(folder for folder in (REAL / "_figures", *sorted(REAL.glob("versions/*"))) if folder.exists()),
]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_every_key_of_a_published_file_can_be_read_back(database: Database, source: Path) -> None:
    _load_cleanly(database, source)
    files = sorted(source.rglob("*.md"))
    assert files
    content = database.content()
    for file in files:
        published = yaml.load(file.read_text(encoding="utf-8").split("---\n")[1], yaml.CBaseLoader)
        stored = _Stored(content, file.stem)
        back = {key: stored.published(key, value) for key, value in published.items()}
        assert _plain(back) == _plain(published)


def _plain(keys: dict[str, Any]) -> dict[str, Any]:
    """A list of one text is that text; a missing text of a row is what it is."""
    return {key: value[0] if isinstance(value, list) and len(value) == 1 else value for key, value in keys.items()}


class _Stored:
    """A figure's rows, and from them its front matter."""

    def __init__(self, content: dict[str, Any], figid: str) -> None:
        self._content = content
        self._figid = figid
        (self._figure,) = self._of(schema.figures)
        (self._claim,) = self._of(schema.paper_claims)

    def _of(self, table: Any) -> list[dict[str, Any]]:
        return [row for row in self._content[table.name] if row["figid"] == self._figid]

    def published(self, key: str, value: Any) -> Any:
        extra = self._figure["extra"]
        if key == "schema-jsonld":
            return self._jsonld(extra[key])
        if key in extra:
            return extra[key]
        if key in FIGURE_KEYS:
            return self._figure[FIGURE_KEYS[key]]
        if key in CLAIM_KEYS:
            return self._claim[CLAIM_KEYS[key]]
        return getattr(self, f"_{key}")(value)

    def _ordered(self, table: Any) -> list[dict[str, Any]]:
        return sorted(self._of(table), key=lambda row: row["ordinal"])

    def _year(self, _value: str) -> str:
        return str(self._claim["year"])

    def _automl_pathway(self, _value: str) -> str:
        return str(self._figure["pathway_score"])

    _pathway_score = _automl_pathway

    def _figid_alias(self, _value: Any) -> list[str]:
        rows = self._ordered(schema.figure_aliases)
        return [row["alias"] for row in rows if row["published_as"] == "figid_alias"]

    def _redirect_from(self, _value: Any) -> list[str]:
        rows = self._ordered(schema.figure_aliases)
        return [f"/figures/{row['alias']}" for row in rows if row["published_as"] == "redirect_from"]

    def _organisms(self, _value: Any) -> list[str]:
        return [row["name"] for row in self._ordered(schema.figure_organisms) if row["role"] == "article"]

    def _organisms_ner(self, _value: Any) -> list[str]:
        rows = self._ordered(schema.figure_organisms)
        return list(dict.fromkeys(row["name"] for row in rows if row["role"] == "recognised"))

    def _genes(self, value: list[Any]) -> list[dict[str, str]]:
        names = {
            "word": "word",
            "symbol": "matched",
            "source": "source",
            "hgnc_symbol": "symbol",
            "entrez": "gene_id",
        }
        rows = self._ordered(schema.gene_mentions)[: len(value)]
        return [{key: _text(row[column]) for key, column in names.items()} for row in rows]

    def _chemicals(self, value: list[Any]) -> list[dict[str, str]]:
        return self._entities(schema.chemical_mentions, value)

    def _diseases(self, value: list[Any]) -> list[dict[str, str]]:
        return self._entities(schema.disease_mentions, value)

    def _entities(self, table: Any, value: list[Any]) -> list[dict[str, str]]:
        names = {"word": "word", "source": "source", "identifier": "mesh_id"}
        rows = self._ordered(table)[: len(value)]
        return [{key: _text(row[column]).removeprefix("mesh:") for key, column in names.items()} for row in rows]

    def _jsonld(self, rest: dict[str, Any]) -> dict[str, Any]:
        return {"description": self._figure["caption"], "keywords": self._keywords()} | rest

    def _keywords(self) -> list[str]:
        symbols = [row["symbol"] for row in self._ordered(schema.gene_mentions) if row["symbol"]]
        if not symbols:
            return [row["keyword"] for row in self._ordered(schema.figure_keywords)]
        words = [row["word"] for table in ENTITY_LISTS.values() for row in self._ordered(table)]
        return list(dict.fromkeys(symbols + words))


def _text(value: Any) -> str:
    return "" if value is None else str(value)


CELLS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\t\n\0"), max_size=20),
    st.sampled_from((*ODD_WORDS, *NO_TEXT_ELSEWHERE, "NA", "", ".na.character", "unassigned")),
)
MISSING = {"", "NA", ".na.character", "unassigned"}


@settings(max_examples=8, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS, CELLS), max_size=50))
def test_every_cell_of_a_table_comes_back(
    database: Database, tmp_path: Path, rows: list[tuple[str, str, str, str, str, str]]
) -> None:
    write_figure(tmp_path)
    names = ("word", "match", "ncbigene_symbol", "source", "organism_name", "organism_group")
    write_genes(tmp_path, FIGID, [{"ncbigene_id": "1"} | dict(zip(names, row, strict=True)) for row in rows])
    _load_cleanly(database, tmp_path)
    stored = _cells(_rows(database, schema.gene_mentions), "word", "matched", "symbol", "source")
    assert [word for word, *_ in stored] == [word for word, *_ in rows]
    for (_, *cells), (_, *published) in zip(stored, rows, strict=True):
        assert all(_is_same(cell, text) for cell, text in zip(cells, published, strict=False))
    organisms = _cells(_rows(database, schema.figure_organisms), "name", "organism_group")
    distinct = dict.fromkeys(row[4:] for row in rows)
    assert organisms == [(_null(name), _null(group)) for name, group in distinct]


def _is_same(cell: str | None, published: str) -> bool:
    """A missing text is NULL, unless it is a gene's name."""
    return cell == published or (cell is None and published in MISSING)


def _null(published: str) -> str | None:
    return None if published in MISSING else published
