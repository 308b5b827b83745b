"""Files that were damaged at random: each figure is loaded as its files say, or stays as it was.

The damage follows from the number of the round alone, so that what fails once fails again.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from support import CHEMICAL_HEADER, DISEASE_HEADER, GENE_HEADER, SEEDS, Database

from pfocr_db import schema
from pfocr_db.load import Report, check
from pfocr_db.source.problems import Problem
from pfocr_db.source.reading import Reading, read
from pfocr_db.source.records import Figure
from pfocr_db.source.sidecars import KINDS

ROUNDS = 6
FIGURES = 200
"""In each round, each with files of its own."""

NEWER = """---
figid: FIGID
figtitle: 'The JAK/STAT pathway: an overview'
organisms:
- NA
organisms_ner:
- Danio rerio
- Homo sapiens
pmcid: PMCID
figlink: /pmc/articles/PMCID/figure/F1
number: F1
caption: 'Signalling of IL-6: JAK2 phosphorylates “STAT3” (pY), NF-κB follows.

  α-Tubulin is shown in green.'
papertitle: A paper on signalling.
year: '2024'
doi: .na.character
keywords: signalling | JAK/STAT
automl_pathway: 0.9553206
figid_alias: PMCID__F1
redirect_from: /figures/PMCID__F1
ndex: ''
schema-jsonld:
  '@id': https://pfocr.wikipathways.org/figures/FIGID.html
  description: other
  keywords:
  - JAK2
  - tyrosine
---
"""
OLDER = """---
figid: FIGID
caption: Metabolism.
pmcid: PMCID
pathway_score: 0.9357113
year: '2001'
organisms: Homo sapiens
annotations: []
genes:
- word: Ras*/Rac*
  symbol: RAC
  source: bioentities_symbol
  hgnc_symbol: RAC2
  entrez: '5880'
- word: On
  symbol: 1E-3
  source: hgnc_symbol
  hgnc_symbol: 6.3
  entrez: '391'
chemicals:
- word: Glucose
  source: MESH
  identifier: D005947
diseases: []
redirect_from:
- /figures/PMCID__F1
---
"""
GENES = (
    "7955\tDanio rerio\tVertebrates\tIL-6\tIL6\til6\t100885851\tncbigene_symbol\t2\t8\t7",
    "9606\tHomo sapiens\tPrimates\tJAK\tJAK\tJAK1\t3716\tfamplex_relations\t3\t6\t7",
    "9606\tHomo sapiens\tPrimates\tс-Мус \tMYC\tMYC\t4609\tncbigene_symbol\t3\t6\t7",
    "7227\tDrosophila melanogaster\tInvertebrates\tacts\tACT\tNA\t32640\tncbigene_synonym\t5\t21\t11",
)
CHEMICALS = (
    "Fatty acid\tmesh:D005227\tFatty Acids\tfatty acid\tchebi:35366",
    "Nucleus\tNA\tnucleus\tNA\tchebi:33252",
)
DISEASES = ("HCC\tmesh:D006528\tCarcinoma\tNA\tdoid:684",)
EARLIER = ("tyrosine\tChemical\tNA", "Lactate\tMESH\tD019344")


def _table(header: tuple[str, ...], *rows: str) -> str:
    return "".join(f"{line}\n" for line in ("\t".join(header), *rows))


NEWEST_TABLES = {
    "genes": _table(GENE_HEADER, *GENES),
    "chemicals": _table(CHEMICAL_HEADER, *CHEMICALS),
    "diseases": _table(DISEASE_HEADER, *DISEASES),
}
EARLIER_TABLES = {"chemicals": _table(("word", "type", "identifier"), *EARLIER)}
SEED = (SEEDS / "PMC55365__pq1612812006.md").read_text(encoding="utf-8")
GOOD = (
    ("md", NEWER, NEWEST_TABLES),
    ("md", NEWER.replace("\n", "\r\n"), NEWEST_TABLES),
    ("md", OLDER, EARLIER_TABLES),
    ("yml", OLDER.replace("---\n", ""), {}),
    ("txt", SEED.replace("PMC55365__pq1612812006", "FIGID").replace("PMC55365", "PMCID"), {}),
)
TOKENS = (
    *(b"\0", b"\t", b"\n", b"\r", b"\r\n", b"---\n", b"\n---\n", b"...\n", b"&a *a", b"&a ", b"*a", b"<<: *a\n"),
    *(b'"', b"'", b"[" * 40, b"{a: " * 40, b"]", b"}", b"- ", b": ", b"? ", b"# ", b"!!int ", b"|\n", b">-\n", b"%"),
    *(b"9" * 30, b"-1", b"1e999", b"nan", b"2101", b"NA", b".na.character", b"unassigned", b"x" * 1_100, b"  "),
    *(b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xef\xbb\xbf", "\u2028".encode(), b"\xc2\x85"),
    *(b'"\\0"', b'"\\ud800"', b'"\\U0001F9EC"', "\u00a0".encode(), b"\x1f", b"\x7f", b"\\N", b"\\.", b"\x1b[2J"),
    *("é".encode() * 499, b"figid: PMC1__a\n", b"genes: x\n", b"genes:\n- a\n", b"year: ''\n", b"a: &a [*a]\n"),
)


# ------------------------------------------------------------------------------------------------- damage


def _flip(data: bytearray, chance: Random) -> None:
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _delete(data: bytearray, chance: Random) -> None:
    begin = chance.randrange(len(data))
    del data[begin : begin + chance.choice((1, 1, 5, 50))]


def _insert(data: bytearray, chance: Random) -> None:
    place = chance.randrange(len(data) + 1)
    data[place:place] = chance.choice(TOKENS)


def _insert_in_front_of_a_word(data: bytearray, chance: Random) -> None:
    places = [place for place, byte in enumerate(data, 1) if byte in b" \t\n"]
    place = chance.choice(places or [0])
    data[place:place] = chance.choice(TOKENS)


def _replace_a_value(data: bytearray, chance: Random) -> None:
    separator = b"\t" if b"\t" in data else b": "
    lines = data.splitlines(keepends=True)
    number = chance.randrange(len(lines))
    cells = lines[number].split(separator)
    cells[chance.randrange(len(cells))] = bytearray(chance.choice(TOKENS))
    lines[number] = bytearray(separator.join(cells))
    data[:] = b"".join(lines)


def _splice_lines(data: bytearray, chance: Random) -> None:
    """Double, drop or move some lines."""
    lines = data.splitlines(keepends=True)
    begin = chance.randrange(len(lines))
    some = lines[begin : begin + chance.choice((1, 1, 2, 5))]
    if chance.random() < 0.6:
        del lines[begin : begin + len(some)]
    if chance.random() < 0.6:
        place = chance.randrange(len(lines) + 1)
        lines[place:place] = some
    data[:] = b"".join(lines)


def _cut_off(data: bytearray, chance: Random) -> None:
    del data[chance.randrange(len(data)) :]


DAMAGE = (
    _flip,
    _delete,
    _insert,
    _insert_in_front_of_a_word,
    _replace_a_value,
    _replace_a_value,
    _splice_lines,
    _cut_off,
)


def _damaged(content: bytes, chance: Random) -> bytes:
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        if data:
            chance.choice(DAMAGE)(data, chance)
    return bytes(data)


# -------------------------------------------------------------------------------------------------- files


def _files(number: int) -> dict[str, bytes]:
    """The names and contents of a good figure's files; the figure's own comes first."""
    suffix, content, tables = GOOD[number % len(GOOD)]
    pmcid = f"PMC{number // 2 + 1}"
    figid = f"{pmcid}__f{number}"
    named = {f"{figid}.{suffix}": content.replace("FIGID", figid).replace("PMCID", pmcid)}
    named |= {f"{figid}-{kind}.tsv": table for kind, table in tables.items()}
    return {name: text.encode() for name, text in named.items()}


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).write_bytes(content)


def _damage_a_file(files: dict[str, bytes], chance: Random) -> dict[str, bytes]:
    """Mostly one, sometimes all of them."""
    names = list(files)
    damaged = names if chance.random() < 0.1 else [chance.choice(names)]
    return files | {name: _damaged(files[name], chance) for name in damaged}


def _read_alone(folder: Path, files: dict[str, bytes]) -> tuple[str, Reading]:
    name, *tables = files
    figid = name.rpartition(".")[0]
    kinds = [(kind, str(folder / table)) for kind in KINDS for table in tables if table.endswith(f"-{kind}.tsv")]
    return figid, read(figid, str(folder / name), tuple(kinds), None)


# --------------------------------------------------------------------------------------------- the database

RECORDS: dict[str, Callable[[Figure], list[Any]]] = {
    schema.figures.name: lambda figure: [figure.row],
    schema.paper_claims.name: lambda figure: [figure.claim],
    schema.figure_aliases.name: lambda figure: figure.aliases,
    schema.figure_organisms.name: lambda figure: figure.organisms,
    schema.figure_keywords.name: lambda figure: figure.keywords,
    schema.gene_mentions.name: lambda figure: figure.genes,
    schema.chemical_mentions.name: lambda figure: figure.chemicals,
    schema.disease_mentions.name: lambda figure: figure.diseases,
}


def _by_figure(content: dict[str, Any]) -> dict[str, dict[str, list[Any]]]:
    """The published rows of each figure, by table, in their order."""
    figures: dict[str, dict[str, list[Any]]] = defaultdict(lambda: {table: [] for table in RECORDS})
    for table in RECORDS:
        for row in sorted(content[table], key=lambda row: row.get("ordinal", 0)):
            figures[row["figid"]][table].append(row)
    return figures


def _is_what_was_read(rows: dict[str, list[Any]], figure: Figure) -> bool:
    return all(
        [{name: row[name] for name in _published(record)} for row, record in zip(rows[table], records, strict=True)]
        == [_published(record) for record in records]
        for table, records in ((table, take(figure)) for table, take in RECORDS.items())
    )


def _published(record: Any) -> dict[str, Any]:
    fields: dict[str, Any] = record._asdict()
    return fields | {"extra": json.loads(fields["extra"])} if "extra" in fields else fields


@pytest.mark.parametrize("number", range(ROUNDS))
def test_damaged_files_are_loaded_whole_or_not_at_all(
    new_database: Callable[[str], Database], tmp_path: Path, number: int
) -> None:
    chance = Random(number)
    databases = [new_database(kind) for kind in ("sqlite", "postgres")]
    good = [_files(figure) for figure in range(FIGURES)]
    for files in good:
        _write(tmp_path, files)
    assert [database.load(tmp_path).problems for database in databases] == [[], []]
    before = _same(database.content() for database in databases)
    bad = [_damage_a_file(files, chance) for files in good]
    for files in bad:
        _write(tmp_path, files)
    reports = [database.load(tmp_path) for database in databases]
    _assert_whole_or_as_before(tmp_path, bad, before, _same(database.content() for database in databases))
    assert _same(report.problems for report in reports) == _checked(tmp_path)
    assert 0 < reports[0].figures["rejected"] < FIGURES
    _same(report.figures for report in reports)


def test_damaged_files_are_loaded_into_an_empty_database(
    new_database: Callable[[str], Database], tmp_path: Path
) -> None:
    chance = Random("empty")
    bad = [_damage_a_file(_files(figure), chance) for figure in range(FIGURES)]
    for files in bad:
        _write(tmp_path, files)
    databases = [new_database(kind) for kind in ("sqlite", "postgres")]
    reports = [database.load(tmp_path) for database in databases]
    nothing = {table: [] for table in RECORDS}
    _assert_whole_or_as_before(tmp_path, bad, nothing, _same(database.content() for database in databases))
    assert _same(report.problems for report in reports) == _checked(tmp_path)


def _assert_whole_or_as_before(
    folder: Path, damaged: list[dict[str, bytes]], before: dict[str, Any], after: dict[str, Any]
) -> None:
    was, is_now = _by_figure(before), _by_figure(after)
    for files in damaged:
        figid, reading = _read_alone(folder, files)
        if reading.figure is None:
            assert is_now[figid] == was[figid]
        else:
            assert _is_what_was_read(is_now[figid], reading.figure)


def _same(each: Iterator[Any]) -> Any:
    one, other = each
    assert one == other
    return one


def _checked(folder: Path) -> list[Problem]:
    report = Report([str(folder)])
    check(report)
    return report.problems


# ----------------------------------------------------------------------------------------- reading by itself


@pytest.mark.parametrize("number", range(6))
def test_reading_damaged_files_ends_in_a_figure_or_in_reasons(tmp_path: Path, number: int) -> None:
    chance = Random(f"reading {number}")
    for figure in range(500):
        files = _damage_a_file(_files(figure * len(GOOD) + number), chance)
        _write(tmp_path, files)
        _, reading = _read_alone(tmp_path, files)
        assert (reading.figure is None) == any(problem.severity == "error" for problem in reading.problems)
        for problem in reading.problems:
            assert problem.message
            assert problem.line is None or 1 <= problem.line <= files[Path(problem.path).name].count(b"\n") + 1
            assert _is_storable(problem.message)
        if reading.figure:
            assert all(_is_storable(text) for text in _texts(reading.figure))


def _texts(figure: Figure) -> Iterator[str]:
    for take in RECORDS.values():
        for record in take(figure):
            yield from (value for value in record if isinstance(value, str))


def _is_storable(text: str) -> bool:
    """Whether Postgres can hold it, too."""
    return "\0" not in text and text.encode(errors="replace") == text.encode(errors="surrogatepass")
