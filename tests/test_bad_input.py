"""Every kind of bad file: it is named, with its line; its figure stays as it was; everything else loads.

The figures of all cases lie in one folder beside a good one. They are loaded while all is well, then each file is
spoiled in its own way, and all is loaded again, and once more, and checked: the story that the tests look at.
"""

import dataclasses
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, inspect, select
from support import (
    CHEMICAL_HEADER,
    DISEASE_HEADER,
    GENE_HEADER,
    Database,
    write_figure,
    write_table,
    write_text,
)

from pfocr_db import schema
from pfocr_db.database import connect
from pfocr_db.errors import LoadError
from pfocr_db.load import Report, check
from pfocr_db.source.problems import ERROR, WARNING, Problem

Spoil = Callable[[Path, str], None]
NEIGHBOUR = "PMC1__neighbour"
TOO_LONG = "€" * 334
"""1,002 bytes, though fewer than 1,000 characters."""
SHORT_TEXTS = (
    *("figtype", "filename", "figlink", "ndex", "wpid"),
    *("doi", "journal_title", "journal_nlm_ta", "publisher_name"),
)
GENE_ROW = ("9606", "Homo sapiens", "Primates", "JAK2", "JAK2", "JAK2", "3717", "ncbigene_symbol", "1", "2", "3")
CHEMICAL_ROW = ("Glucose", "mesh:D005947", "Glucose", "D-glucopyranose", "chebi:4167")
DISEASE_ROW = ("Cancer", "mesh:D009369", "Neoplasms", "cancer", "doid:162")


@dataclass(frozen=True)
class Case:
    name: str
    spoil: Spoil
    message: str
    line: int | None = None
    file: str = "{}.md"
    """The file to blame: {} stands for the figid."""

    @property
    def figid(self) -> str:
        return f"PMC{100 + CASES.index(self)}__{re.sub('[^a-z0-9]+', '-', self.name.lower())}"

    @property
    def path(self) -> str:
        return self.file.format(self.figid)


# ------------------------------------------------------------------------------------------- ways to spoil


def figure(content: str | bytes) -> Spoil:
    """The figure's file has this content; FIGID stands for its figid."""
    data = content if isinstance(content, bytes) else content.encode()
    return lambda folder, figid: _overwrite(folder / f"{figid}.md", data.replace(b"FIGID", figid.encode()))


def keys(**values: Any) -> Spoil:
    return lambda folder, figid: _written(write_figure(folder, figid, **values))


def yaml(lines: str) -> Spoil:
    """Lines after the figid, from line 3 on."""
    return figure(f"---\nfigid: FIGID\n{lines}\n---\n")


def table(kind: str, content: str | bytes) -> Spoil:
    data = content if isinstance(content, bytes) else content.encode()
    return lambda folder, figid: _overwrite(folder / f"{figid}-{kind}.tsv", data)


def cells(kind: str, **changed: str) -> Spoil:
    """The second row of a sidecar, line 3, has these cells."""
    header, row = USUAL[kind]
    odd = [changed.get(name, cell) for name, cell in zip(header, row, strict=True)]
    return lambda folder, figid: _written(write_table(folder / f"{figid}-{kind}.tsv", header, [row, odd]))


def instead_of(file: str, make: Callable[[Path], object]) -> Spoil:
    """Something else of that name in the file's place."""

    def spoil(folder: Path, figid: str) -> None:
        path = folder / file.format(figid)
        path.unlink()
        make(path)

    return spoil


def beside(name: str, content: str) -> Spoil:
    """One more file."""
    return lambda folder, figid: _written(write_text(folder / name.format(figid), content.format(figid)))


def renamed(old: str, new: bytes) -> Spoil:
    """A name that is not UTF-8."""

    def spoil(folder: Path, figid: str) -> None:
        here = os.fsencode(folder)
        os.rename(folder / old.format(figid), os.path.join(here, new.replace(b"FIGID", figid.encode())))

    return spoil


def _written(_file: Path) -> None:
    pass


def _overwrite(file: Path, data: bytes) -> None:
    file.write_bytes(data)


def _sparse(size: int) -> Callable[[Path], object]:
    def make(path: Path) -> None:
        path.touch()
        os.truncate(path, size)

    return make


def _unreadable(path: Path) -> None:
    """A file that opens and cannot be read, not even by root."""
    path.symlink_to("/proc/self/mem")


def _dangling(path: Path) -> None:
    path.symlink_to("gone")


USUAL = {
    "genes": (GENE_HEADER, GENE_ROW),
    "chemicals": (CHEMICAL_HEADER, CHEMICAL_ROW),
    "diseases": (DISEASE_HEADER, DISEASE_ROW),
}
GENE_LINE = "\t".join(GENE_HEADER) + "\n"
GENES, CHEMICALS = "{}-genes.tsv", "{}-chemicals.tsv"
NESTED = "annotations: " + "[" * 100_000 + "]" * 100_000
NESTED_LINES = "\n".join(f"{' ' * depth}deeper:" for depth in range(40))
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "\n".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)
)
TEXT_BOMB = f"long: &long {'x' * 500_000}\nmany: [{', '.join(['*long'] * 2_000)}]"
"""A thousand million characters, few values."""
LADDER = "a0: &a0 [x]\n" + "\n".join(f"a{n}: &a{n} [[[[[[[[[[*a{n - 1}]]]]]]]]]]" for n in range(1, 200))
"""No line is deep, all of them together are."""
TOO_DEEP = "nested more than 32 deep"
BOMBING = "aliases written out"


def _long_keys() -> Iterator[Case]:
    """Texts over 1,000 bytes in the front matter: those that the tables index."""
    kept = "has 1,002 bytes, at most 1,000 are kept; shorten it"
    for key, line in {"pmcid": 4, "number": 5}.items():
        yield Case(f"long {key}", keys(**{key: TOO_LONG}), f"{key} {kept}", line)
    for key in (*SHORT_TEXTS, "figid_alias", "redirect_from", "organisms", "organisms_ner"):
        yield Case(f"long {key}", keys(**{key: TOO_LONG}), f"{key} {kept}", 9)
    for key in ("figid_alias", "redirect_from", "organisms", "organisms_ner"):
        yield Case(f"long {key} in a list", keys(**{key: ["short", TOO_LONG]}), f"{key} {kept}", 9)
    yield Case("long keyword", _without_genes(TOO_LONG), f"a keyword {kept}", 9)
    for kind, column in (("genes", "word"), ("genes", "symbol"), ("genes", "source"), ("genes", "hgnc_symbol")):
        yield Case(f"long inline {column}", inline(kind, **{column: TOO_LONG}), f"{column} {kept}", 10)
    for column in ("word", "source", "identifier"):
        yield Case(
            f"long inline chemical {column}", inline("chemicals", **{column: TOO_LONG}), f"{column} {kept}", 10
        )


def _long_cells() -> Iterator[Case]:
    """Cells over 1,000 bytes in the sidecars."""
    for kind, (header, _) in USUAL.items():
        for column in header:
            if column.endswith("_id") or column.startswith("count"):
                continue
            message = f"{column} has 1,002 bytes, at most 1,000 are kept; shorten it"
            spoil = cells(kind, **{column: TOO_LONG})
            yield Case(f"long {column} of {kind}", spoil, message, 3, f"{{}}-{kind}.tsv")


def _bad_numbers() -> Iterator[Case]:
    """Ids, counts, years and scores."""
    for value in ("12a", "-5", "0", "1.0", "٣", " 3717", "+1", "1_000"):
        yield Case(f"gene id {value!r} {ord(value[0])}", cells("genes", ncbigene_id=value), _no_id(value), 3, GENES)
    for name, value in {"2 to the 63": str(2**63), "of 900 digits": "9" * 900}.items():
        message = "not a whole number from 1 to 9223372036854775807; correct it or write NA"
        yield Case(f"gene id {name}", cells("genes", ncbigene_id=value), message, 3, GENES)
        yield Case(f"inline gene id {name}", inline("genes", entrez=value), message, 10)
    organism = cells("genes", organism_id="human", organism_name="Someone else")
    yield Case("organism id", organism, "organism_id is 'human', not a whole number", 3, GENES)
    for column in ("count_direct", "count_synonym", "count_match"):
        message = f"{column} is '2147483648', not a whole number from 0 to 2147483647; correct it or write NA"
        yield Case(f"large {column}", cells("genes", **{column: "2147483648"}), message, 3, GENES)
        message = f"{column} is '-1', not a whole number"
        yield Case(f"negative {column}", cells("genes", **{column: "-1"}), message, 3, GENES)
    for value in ("1599", "2101", "0", "20O4", "'2024 '", "٢٠٢٤", "2024-05-06", "'20240'"):
        message = "not a year from 1600 to 2100; correct or empty it"
        yield Case(f"year {value} {ord(value[0])}", yaml(f"year: {value}"), message, 3)
    for value in ("nan", ".nan", "inf", "-.inf", "1e999", "-1e999", "high", "0x1p3", "1_0.5", "0,93", "'0.9 '"):
        for key in ("pathway_score", "automl_pathway"):
            message = f"{key} is {value if value.startswith(chr(39)) else repr(value)}, not a finite number;"
            yield Case(f"{key} {value}", yaml(f"{key}: {value}"), message, 3)


def _no_id(value: str) -> str:
    return f"the gene id is {value!r}, not a whole number from 1 to 9223372036854775807; correct it or write NA"


def inline(kind: str, **changed: str) -> Spoil:
    """The list of an older file has this row in line 10."""
    usual = (
        {"word": "JAK2", "symbol": "JAK2", "source": "hgnc_symbol", "hgnc_symbol": "JAK2", "entrez": "3717"}
        if kind == "genes"
        else {"word": "Glucose", "source": "MESH", "identifier": "D005947"}
    )
    return keys(**{kind: [usual | changed]})


def _without_genes(keyword: str) -> Spoil:
    def spoil(folder: Path, figid: str) -> None:
        (folder / f"{figid}-genes.tsv").unlink()
        write_figure(folder, figid, **{"schema-jsonld": {"keywords": ["JAK2", keyword]}})

    return spoil


CASES = [
    # The bytes.
    Case("not utf-8", figure(b"---\nfigid: FIGID\ncaption: \xce\xb1\ntitle: caf\xe9\n---\n"), "not UTF-8", 4),
    Case("utf-16", figure("---\nfigid: FIGID\n---\n".encode("utf-16")), "not UTF-8 (byte 0xff); save it as UTF-8", 1),
    Case("utf-16 without a mark", figure("---\nfigid: x\n---\n".encode("utf-16-le")), "a NUL character", 1),
    Case("encoded surrogate", figure(b"---\nfigid: FIGID\ncaption: \xed\xa0\x80\n---\n"), "not UTF-8", 3),
    Case("table not utf-8", table("genes", b"organism_id\nJ\xc4K2\n"), "not UTF-8 (byte 0xc4); save", 2, GENES),
    Case("empty file", figure(""), "the file is empty; remove it or fetch it again"),
    Case("empty table", table("genes", ""), "the file is empty; remove it or fetch it again", None, GENES),
    Case("byte order mark alone", figure("\ufeff"), "the file is empty; remove it or fetch it again"),
    Case("table of a mark alone", table("genes", "\ufeff"), "the file is empty; remove it", None, GENES),
    Case("nul", figure("---\nfigid: FIGID\ncaption: a\0b\n---\n"), "a NUL character: no database holds it;", 3),
    Case("nul escape", yaml('number: F1\ncaption: "a\\0b"'), "a NUL character: no database holds it; remove it", 4),
    Case("nul hex escape", yaml('caption: "a\\x00b"'), "a NUL character: no database holds it; remove it", 3),
    Case("nul in a key", yaml('"a\\0b": c'), "a NUL character: no database holds it; remove it", 3),
    Case("nul in a list", yaml('unknown:\n- - "\\u0000"'), "a NUL character: no database holds it; remove it", 4),
    Case("nul in a table", table("genes", f"{GENE_LINE}J\0K\n"), "a NUL character", 2, GENES),
    Case("over 5 MB", instead_of("{}.md", _sparse(5_000_001)), "over 5 MB: no figure file is; remove or correct it"),
    Case("table over 5 MB", instead_of(GENES, _sparse(5_000_001)), "over 5 MB: no figure file is", None, GENES),
    # The file system.
    Case("unreadable", instead_of("{}.md", _unreadable), "cannot be read: Input/output error; check the file"),
    Case("unreadable table", instead_of(GENES, _unreadable), "cannot be read: Input/output error", None, GENES),
    Case("folder", instead_of("{}.md", Path.mkdir), "not a file; remove it or put the file there"),
    Case("folder for a table", instead_of(GENES, Path.mkdir), "not a file; remove it", None, GENES),
    Case("pipe", instead_of("{}.md", os.mkfifo), "not a file; remove it or put the file there"),
    Case("pipe for a table", instead_of(GENES, os.mkfifo), "not a file; remove it", None, GENES),
    Case("dangling link", instead_of("{}.md", _dangling), "cannot be read: No such file or"),
    Case("dangling table", instead_of(GENES, _dangling), "cannot be read: No such file", None, GENES),
    Case("link to itself", instead_of("{}.md", lambda file: file.symlink_to(file)), "cannot be read: Too many"),
    Case("name not utf-8", renamed("{}.md", b"FIGID\xff.md"), "name is not UTF-8; rename it", None, "{}\\udcff.md"),
    # The figid.
    Case("no figid", figure("---\nnumber: F1\n---\n"), "no figid; add `figid: PMC", 1),
    Case("empty figid", figure("---\nfigid: ''\n---\n"), "figid '' is malformed; it must be PMC<digits>__<image", 2),
    Case("malformed figid", figure("---\nnumber: F1\nfigid: 12__a\n---\n"), "figid '12__a' is malformed;", 3),
    Case("figid with a slash", figure("---\nfigid: PMC1__a/b\n---\n"), "figid 'PMC1__a/b' is malformed", 2),
    Case("figid is a list", figure("---\nfigid: [PMC1__a]\n---\n"), "figid ['PMC1__a'] is malformed", 2),
    Case("another figid", figure("---\nfigid: PMC9__z\n---\n"), "figid PMC9__z differs from the file's name", 2),
    Case("figid twice", beside("sub/{}.md", "---\nfigid: {}\n---\n"), "neither is loaded: keep one"),
    Case("figid twice, odd name", beside("odd {}.md", "---\nfigid: {}\n---\n"), "neither is loaded: keep one"),
    Case("table twice", beside("sub/{}-genes.tsv", "word"), "several tables of one kind", None, GENES),
    Case(
        "table without its figure",
        lambda folder, figid: (folder / f"{figid}.md").unlink(),
        "a table without its figure PMC",
        None,
        GENES,
    ),
    # The front matter.
    Case("no front matter", figure("# A heading\n"), "no front matter: the first line must be ---", 1),
    Case("front matter without an end", figure("---\nfigid: FIGID\n"), "a second line --- is missing", 1),
    Case("blank line first", figure("\n---\nfigid: FIGID\n---\n"), "no front matter: the first line must be ---", 1),
    Case("empty front matter", figure("---\n---\n"), "the front matter is empty", 2),
    Case("comment only", figure("---\n# nothing\n---\n"), "the front matter is empty", 2),
    Case("text for front matter", figure("---\nsome text\n---\n"), "must consist of `key: value` lines;", 2),
    Case("list for front matter", figure("---\n- a\n---\n"), "must consist of `key: value` lines", 2),
    Case("two documents", yaml("...\n--- {a: b}"), "a second YAML document: one file holds one figure", 4),
    Case("colon in plain text", yaml("caption: a: b"), "the YAML is broken: mapping values are not allowed", 3),
    Case("open quote", yaml('number: F1\ncaption: "abc\nyear: 2020'), "quoted scalar that begins in line 4", 6),
    Case("open bracket", yaml("organisms: [a\nyear: 2020"), "the YAML is broken", 4),
    Case("tab for a blank", yaml("\tcaption: x"), "the YAML is broken: found a tab character", 3),
    Case("bad escape", yaml('caption: "\\q"'), "the YAML is broken: found unknown escape character", 3),
    Case("escaped surrogate", yaml('caption: "\\ud83d"'), "the YAML is broken: found invalid Unicode", 3),
    Case("control character", yaml("caption: αααα ββββ\nnumber: a\x07b\nyear: 2020"), "control characters", 4),
    Case("after a line separator", yaml('caption: "a\u2028b"\nyear: 20000'), "not a year", 4),
    Case("key twice", yaml("number: F1\nnumber: F2"), "the key number stands twice; keep one", 4),
    Case("key twice further down", yaml("a:\n  b: c\n  b: d"), "the key b stands twice; keep one", 5),
    Case("list for a key", yaml("? [a]\n: b"), "a key must be text", 3),
    Case("unknown alias", yaml("caption: *there"), "*there stands for a value it is part of, or none", 3),
    Case("alias in itself", yaml("number: F1\nannotations: &a [*a]"), "*a stands for a value it is part of", 4),
    Case("alias in itself, as a key", yaml("annotations: &a {b: {c: *a}}"), "*a stands for a value it is part of", 3),
    Case("alias bomb", yaml(BOMB), BOMBING, 8),
    Case("alias bomb of long texts", yaml(TEXT_BOMB), BOMBING, 4),
    Case("ladder of aliases", yaml(LADDER), TOO_DEEP, 7),
    Case("nested 100,000 deep", yaml(NESTED), TOO_DEEP, 3),
    Case("never closed", yaml("annotations: " + "{a: " * 100_000), TOO_DEEP, 3),
    Case("nested by dashes", yaml("annotations:\n  " + "- " * 100_000 + "x"), TOO_DEEP, 4),
    Case("nested line by line", yaml(NESTED_LINES), TOO_DEEP, 35),
    # The values.
    Case("long caption", keys(caption="€" * 33_334), "caption has 100,002 bytes, at most 100,000 are kept;", 6),
    Case("long title", keys(figtitle="€" * 33_334), "figtitle has 100,002 bytes, at most 100,000 are kept", 3),
    Case("long paper title", keys(papertitle="€" * 33_334), "papertitle has 100,002 bytes, at most 100,000", 7),
    Case("long citation", keys(reftext="x" * 100_001), "reftext has 100,001 bytes, at most 100,000 are kept", 9),
    Case("long keywords", keys(keywords="x" * 100_001), "keywords has 100,001 bytes, at most 100,000 are kept", 9),
    Case("text for genes", keys(genes="JAK2"), "genes must be a list of rows with the keys word, symbol, source", 9),
    Case("keys for genes", keys(genes={"word": "JAK2"}), "genes must be a list of rows with the keys word", 9),
    Case("texts for gene rows", keys(genes=["JAK2"]), "genes must be a list of rows with the keys word", 9),
    Case("texts for chemicals", keys(chemicals=["x"]), "chemicals must be a list of rows with the keys word,", 9),
    Case("text among diseases", yaml("diseases:\n- word: a\n- b"), "diseases must be a list of rows with", 3),
    Case("gene row without a word", keys(genes=[{"symbol": "JAK2"}]), "a row of genes needs a word, and text", 10),
    Case("list for a gene word", keys(genes=[{"word": ["JAK2"]}]), "a row of genes needs a word, and text", 10),
    Case("list for an identifier", yaml("diseases:\n- word: a\n  identifier: [b]"), "a row of diseases needs a", 4),
    *_long_keys(),
    *_bad_numbers(),
    # The sidecars.
    Case("missing column", table("genes", f"{GENE_LINE}9606\tHomo sapiens\n"), "2 columns where the", 2, GENES),
    Case(
        "one column more",
        table("chemicals", "word\tmesh\tmatch\tname\tchebi\na\tb\tc\td\te\na\tb\tc\td\te\tf\n"),
        "6 columns where the header has 5; correct the row",
        3,
        CHEMICALS,
    ),
    Case("blank line", table("chemicals", "word\ttype\tidentifier\n\na\tb\tc\n"), "1 columns where", 2, CHEMICALS),
    Case("unknown header", table("genes", "word\tsymbol\nJAK2\tJAK2\n"), "unknown header; a table of", 1, GENES),
    Case("header of another", table("genes", "word\ttype\tidentifier\n"), "unknown header; a table", 1, GENES),
    Case("no header", table("chemicals", "\t".join(CHEMICAL_ROW) + "\n"), "unknown header; a table of", 1, CHEMICALS),
    Case("quoted header", table("chemicals", '"word"\t"type"\t"identifier"\n'), "unknown header", 1, CHEMICALS),
    Case("commas for tabs", table("chemicals", "word,type,identifier\n"), "unknown header", 1, CHEMICALS),
    Case("line of blanks", table("chemicals", "\n"), "unknown header", 1, CHEMICALS),
    *_long_cells(),
]  # fmt: skip


# ---------------------------------------------------------------------------------------------- the story


@dataclass(frozen=True)
class Story:
    before: dict[str, Any]
    """All there is in the database while all is well."""
    after: dict[str, Any]
    """And after the files went bad and were loaded again."""
    first: Report
    again: Report
    checked: Report
    recorded: list[Problem]
    changes: set[str]
    fresh: Report
    """Of the load of the bad files into an empty database."""
    fresh_content: dict[str, Any]


STORIES: dict[str, Story] = {}


@pytest.fixture
def sqlite(new_database: Callable[[str], Database]) -> Database:
    """For what is settled before any database comes in."""
    return new_database("sqlite")


@pytest.fixture
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Story]:
    """The story on a kind of database: it happens once."""

    def tell(kind: str) -> Story:
        if kind not in STORIES:
            new_database = request.getfixturevalue("new_database")
            STORIES[kind] = _happen(tmp_path_factory.mktemp(kind), new_database(kind), new_database(kind))
        return STORIES[kind]

    return tell


@pytest.fixture
def story(told: Callable[[str], Story], kind: str) -> Story:
    return told(kind)


def _happen(parent: Path, database: Database, empty: Database) -> Story:
    folder = parent / "figures"
    for figid in (NEIGHBOUR, *(case.figid for case in CASES)):
        _write_good(folder, figid)
    database.load(folder)
    before = database.content()
    for case in CASES:
        case.spoil(folder, case.figid)
    write_figure(folder, NEIGHBOUR, caption="Changed.")
    paths = (folder, parent / "missing", parent / "empty")
    paths[-1].mkdir()
    first = database.load(*paths)
    after, recorded, changes = database.content(), _recorded(database), _changed(database)
    again = database.load(*paths)
    checked = Report([str(path) for path in paths])
    check(checked)
    fresh = empty.load(*paths)
    story = Story(before, after, first, again, checked, recorded, changes, fresh, empty.content())
    for report in (first, again, checked, fresh):
        report.problems = _relative(report.problems, parent)
    return dataclasses.replace(story, recorded=_relative(recorded, parent))


def _write_good(folder: Path, figid: str) -> None:
    write_figure(folder, figid, figid_alias=f"{figid}-alias")
    for kind, (header, row) in USUAL.items():
        write_table(folder / f"{figid}-{kind}.tsv", header, [row])


def _relative(problems: list[Problem], folder: Path) -> list[Problem]:
    """With paths that are the same wherever the folder is."""
    here = f"{folder}{os.sep}"
    return [
        each._replace(path=each.path.replace(here, ""), message=each.message.replace(here, "")) for each in problems
    ]


def _recorded(database: Database) -> list[Problem]:
    """What load_problems has of the last load."""
    table = schema.load_problems.c
    last = select(func.max(schema.loads.c.load_id)).scalar_subquery()
    query = select(table.path, table.line, table.severity, table.message).where(table.load_id == last)
    with connect(database.target).connect() as connection:
        return [Problem(*row) for row in connection.execute(query.order_by(table.ordinal))]


def _changed(database: Database) -> set[str]:
    """The figures that the last load changed, as load_changes has it."""
    last = database.count(schema.loads)
    return {row["figid"] for row in database.rows(schema.load_changes) if row["load_id"] == last}


def _of(figid: str, content: dict[str, Any]) -> dict[str, list[Any]]:
    """All that is in the database of one figure and of its paper, which has no other figure."""
    pmcid = figid.partition("__")[0]
    own = {name: [row for row in rows if _is_of(row, figid, pmcid)] for name, rows in content.items()}
    return {name: rows for name, rows in own.items() if rows}


def _is_of(row: Any, figid: str, pmcid: str) -> bool:
    return row == figid if isinstance(row, str) else figid == row.get("figid") or pmcid == row.get("pmcid")


def _blaming(problems: list[Problem], path: str) -> list[Problem]:
    return [problem for problem in problems if problem.path == f"figures/{path}"]


# ---------------------------------------------------------------------------------------------- the tests

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@each_case
def test_a_bad_file_is_named_with_its_line_and_what_to_do(case: Case, story: Story) -> None:
    problems = _blaming(story.first.problems, case.path)
    assert len(problems) == 1
    assert problems[0].severity == ERROR
    assert problems[0].line == case.line
    assert case.message in problems[0].message
    assert re.search("; [a-z]", problems[0].message), "what is wrong; what to do"


@each_case
def test_its_figure_stays_as_it_was(case: Case, story: Story) -> None:
    before = _of(case.figid, story.before)
    assert before.keys() >= {"figures", "paper_claims", "figure_aliases", "gene_mentions", "figure_genes", "papers"}
    assert _of(case.figid, story.after) == before
    assert case.figid not in story.changes


@each_case
def test_a_bad_file_that_is_new_leaves_nothing(case: Case, story: Story) -> None:
    assert _blaming(story.fresh.problems, case.path) == _blaming(story.first.problems, case.path)
    assert _of(case.figid, story.fresh_content) == {}


def test_the_rest_loads(story: Story) -> None:
    figure, claim = _of(NEIGHBOUR, story.after)["figures"], _of(NEIGHBOUR, story.after)["paper_claims"]
    assert [row["caption"] for row in figure] == ["Changed."]
    assert claim == _of(NEIGHBOUR, story.before)["paper_claims"]
    assert story.changes == {NEIGHBOUR}
    assert _of(NEIGHBOUR, story.fresh_content)["figures"] == figure
    assert [row["figid"] for row in story.fresh_content["figures"]] == [NEIGHBOUR]


def test_what_figures_share_stays_as_it_was(story: Story) -> None:
    shared = ("genes", "gene_names", "gene_readings", "organisms", "chemicals", "diseases")
    assert {name: story.after[name] for name in shared} == {name: story.before[name] for name in shared}
    assert all(story.after[name] for name in shared)


def test_missing_and_empty_folders_are_named(story: Story) -> None:
    said = {problem.path: problem for problem in story.first.problems if "/" not in problem.path}
    assert said == {
        "missing": Problem("missing", None, ERROR, "cannot be opened: No such file or directory; check the path"),
        "empty": Problem("empty", None, ERROR, "no figures in this folder; check the path"),
    }


def test_the_load_counts_what_it_left_out(story: Story) -> None:
    assert story.first.figures["changed"] == 1
    assert story.first.figures["unchanged"] == 0
    assert story.first.figures["rejected"] == len(CASES) - len(["table without its figure"])
    assert story.fresh.figures["added"] == 1
    assert story.first.has_rejects


def test_problems_are_recorded_as_they_are_reported(story: Story) -> None:
    assert story.recorded == story.first.problems


def test_they_are_reported_again_while_the_files_stay_bad(story: Story) -> None:
    assert story.again.problems == story.first.problems
    assert story.again.figures["rejected"] == story.first.figures["rejected"]
    assert story.again.figures["unchanged"] == 1


def test_a_check_says_the_same(story: Story) -> None:
    assert story.checked.problems == story.first.problems
    assert story.checked.figures["rejected"] == story.first.figures["rejected"]


def test_both_databases_refuse_and_accept_the_same(told: Callable[[str], Story]) -> None:
    sqlite, postgres = told("sqlite"), told("postgres")
    assert sqlite.first.problems == postgres.first.problems
    assert sqlite.fresh.problems == postgres.fresh.problems
    assert sqlite.before == postgres.before
    assert sqlite.after == postgres.after
    assert sqlite.fresh_content == postgres.fresh_content
    assert sqlite.first.figures == postgres.first.figures


# ------------------------------------------------------------------------------- what the folder does not show


def test_a_figid_twice_names_both_files(database: Database, tmp_path: Path) -> None:
    one, other = write_figure(tmp_path, "PMC2__a"), write_figure(tmp_path / "sub", "PMC2__a")
    write_figure(tmp_path, NEIGHBOUR)
    report = database.load(tmp_path)
    assert {
        problem.path: str(other if problem.path == str(one) else one) in problem.message
        for problem in report.problems
    } == {
        str(one): True,
        str(other): True,
    }
    assert [row["figid"] for row in database.rows(schema.figures)] == [NEIGHBOUR]


def test_a_figid_twice_with_a_nul_in_it(database: Database, tmp_path: Path) -> None:
    for name in ("one.md", "two.md"):
        write_text(tmp_path / name, "---\nfigid: PMC1__a\0\n---\n")
    write_figure(tmp_path, NEIGHBOUR)
    report = database.load(tmp_path)
    assert ["figid PMC1__a\\0 is also that of" in problem.message for problem in report.problems] == [True, True]
    assert _recorded(database) == report.problems


def test_a_malformed_figid_in_a_file_named_like_it(sqlite: Database, tmp_path: Path) -> None:
    file = write_text(tmp_path / "12__a.md", "---\nfigid: 12\n---\n")
    write_figure(tmp_path, NEIGHBOUR)
    (problem,) = sqlite.load(tmp_path).problems
    assert (problem.path, problem.line) == (str(file), 2)
    assert "figid '12' is malformed" in problem.message


def test_a_table_of_nothing_but_mistakes_is_not_listed_to_its_end(sqlite: Database, tmp_path: Path) -> None:
    write_figure(tmp_path, NEIGHBOUR)
    write_text(tmp_path / f"{NEIGHBOUR}-genes.tsv", GENE_LINE + "9606\n" * 1_000)
    problems = sqlite.load(tmp_path).problems
    assert [problem.line for problem in problems] == list(range(2, 103))
    assert problems[-1].message == "here and further down more is wrong; correct the above first"
    assert sqlite.count(schema.figures) == 0


def test_a_figid_that_is_too_long(sqlite: Database, tmp_path: Path) -> None:
    file = write_text(tmp_path / "notes.md", f"---\nfigid: PMC1__{TOO_LONG}\n---\n")
    write_figure(tmp_path, NEIGHBOUR)
    (problem,) = sqlite.load(tmp_path).problems
    assert (problem.path, problem.line) == (str(file), 2)
    assert problem.message == "figid has 1,008 bytes, at most 1,000 are kept; shorten it"


def test_a_table_whose_name_is_not_utf8(database: Database, tmp_path: Path) -> None:
    write_figure(tmp_path, NEIGHBOUR)
    (tmp_path / os.fsdecode(b"PMC2__a\xff-genes.tsv")).write_text(GENE_LINE)
    (problem,) = database.load(tmp_path).problems
    assert problem.path == f"{tmp_path}/PMC2__a\\udcff-genes.tsv"
    assert "a table without its figure" in problem.message
    assert _recorded(database) == [problem]


def test_a_folder_whose_name_is_not_utf8(database: Database, tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"f\xff")
    write_figure(odd, "PMC2__a")
    write_figure(tmp_path, NEIGHBOUR)
    report = database.load(tmp_path)
    assert report.problems == [
        Problem(f"{tmp_path}/f\\udcff", None, ERROR, "the folder's name is not UTF-8; rename it")
    ]
    assert report.figures["added"] == 1


def test_a_path_given_that_is_not_utf8(database: Database, tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"f\xff")
    write_figure(odd, "PMC2__a")
    good = write_figure(tmp_path, NEIGHBOUR)
    report = database.load(odd, good)
    assert report.problems == [Problem(f"{tmp_path}/f\\udcff", None, ERROR, "the path is not UTF-8; rename it")]
    assert report.figures["added"] == 1


def test_a_link_to_itself_does_not_hide_the_rest(sqlite: Database, tmp_path: Path) -> None:
    for name in ("loop", "loop.md", "loop.tsv"):
        (tmp_path / name).symlink_to(name)
    (tmp_path / "around").symlink_to(".")
    write_figure(tmp_path, NEIGHBOUR)
    write_figure(tmp_path / "sub", "PMC2__a")
    report = sqlite.load(tmp_path)
    assert report.problems == []
    assert report.figures["added"] == 2


@pytest.mark.parametrize(
    ("key", "value"), [("caption", ["a", "b"]), ("figtitle", {"a": "b"}), ("year", ["2024"]), ("pathway_score", [])]
)
def test_a_list_for_a_text_is_kept_and_warned_of(sqlite: Database, tmp_path: Path, key: str, value: Any) -> None:
    write_figure(tmp_path, **{key: value})
    (problem,) = sqlite.load(tmp_path).problems
    assert problem.severity == WARNING
    assert problem.line is not None
    assert problem.message == f"{key} is no text; it is kept in `extra` only"
    assert sqlite.rows(schema.figures)[0]["extra"] == {key: value}


@pytest.mark.parametrize("key", ["organisms", "organisms_ner", "figid_alias", "redirect_from"])
def test_no_list_of_texts_is_kept_and_warned_of(sqlite: Database, tmp_path: Path, key: str) -> None:
    write_figure(tmp_path, **{key: [{"a": "b"}]})
    (problem,) = sqlite.load(tmp_path).problems
    assert (problem.severity, problem.line) == (WARNING, 9)
    assert problem.message == f"{key} is no list of texts; it is kept in `extra` only"
    assert sqlite.rows(schema.figures)[0]["extra"] == {key: [{"a": "b"}]}


def test_text_after_the_front_matter_is_warned_of(sqlite: Database, tmp_path: Path) -> None:
    file = write_text(tmp_path / "PMC1__a.md", "---\nfigid: PMC1__a\n---\n\n\nmore\n")
    report = sqlite.load(tmp_path)
    assert report.problems == [Problem(str(file), 6, WARNING, "text after the front matter is not kept")]
    assert report.figures["added"] == 1
    assert not report.has_rejects


# ------------------------------------------------------------------------------------------------ the command


def test_the_command_names_the_file_and_ends_with_3(database: Database, tmp_path: Path) -> None:
    broken = write_text(tmp_path / "PMC2__a.md", "---\nfigid: PMC2__a\ncaption: [\n---\n")
    write_figure(tmp_path, NEIGHBOUR)
    said = database.run("load", tmp_path, "--report", tmp_path / "report.json")
    assert said.returncode == 3
    assert f"error: {broken}:4: the YAML is broken: " in said.stderr
    assert "; correct it\n" in said.stderr
    assert "1 added, 1 rejected" in said.stdout
    report = json.loads((tmp_path / "report.json").read_text())
    assert [problem["path"] for problem in report["problems"]] == [str(broken)]
    assert report["figures"]["rejected"] == 1


def test_a_check_ends_with_3_and_makes_no_database(empty_database: Database, tmp_path: Path) -> None:
    bad = write_text(tmp_path / "figures" / "PMC2__a.md", "no front matter\n")
    write_figure(tmp_path / "figures", NEIGHBOUR)
    said = empty_database.run("load", "--check", bad.parent)
    assert said.returncode == 3
    assert f"error: {bad}:1: no front matter" in said.stderr
    assert os.listdir(tmp_path) == ["figures"]
    if "://" in empty_database.target:
        assert inspect(connect(empty_database.target)).get_table_names() == []


def test_a_check_of_good_files_changes_nothing(database: Database, tmp_path: Path) -> None:
    write_figure(tmp_path / "figures", NEIGHBOUR)
    database.load(tmp_path / "figures")
    before = database.content()
    write_figure(tmp_path / "figures", NEIGHBOUR, caption="Changed.")
    assert database.run("load", "--check", tmp_path / "figures").returncode == 0
    assert database.content() == before
    assert database.count(schema.loads) == 1


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_no_figure_at_all_is_a_failed_load(database: Database, tmp_path: Path, name: str) -> None:
    write_figure(tmp_path / "good", NEIGHBOUR)
    database.load(tmp_path / "good")
    before = database.content()
    (tmp_path / "empty").mkdir()
    with pytest.raises(LoadError, match="no figures in the paths given; nothing was changed"):
        database.load(tmp_path / name)
    assert database.content() == before
    assert [row["status"] for row in database.rows(schema.loads)] == ["loaded", "failed"]
    (problem,) = _recorded(database)
    assert problem.path == str(tmp_path / name)


def test_the_command_ends_with_1_where_there_is_no_figure(tmp_path: Path) -> None:
    said = Database(str(tmp_path / "test.db")).run("load", tmp_path / "missing")
    assert said.returncode == 1
    assert f"{tmp_path / 'missing'}: cannot be opened: No such file or directory; check the path" in said.stderr
    assert "Traceback" not in said.stderr
