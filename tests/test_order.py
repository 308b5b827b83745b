"""Whatever the order and the split of the loads, and on either database: the same content."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import (
    CHEMICAL_HEADER,
    DISEASE_HEADER,
    Database,
    write_figure,
    write_genes,
    write_table,
)

from pfocr_db import schema
from pfocr_db.derive import faults
from pfocr_db.migrate import opened

# Few values, so that siblings disagree, releases differ and ties come up.
TITLES = ["Zeta paper", "a paper", "Äther paper", "𝔘nicode paper", ""]
SYMBOLS = ["H2AFX", "H2AX", "NA", "JAK2", "jak2", "ΩMEGA"]
GENE_IDS = ["3014", "3717", "6774", "7157"]
ORGANISMS = [("9606", "Homo sapiens", "Primates"), ("10090", "Homo sapiens", "Rodents"), ("7227", "Fly", "NA")]
WORDS = ["JAK2", "JAK", "H2AX", "IL-6", "с-Мус", "glucose"]
SOURCES = ["ncbigene_symbol", "ncbigene_synonym", "famplex_relations"]


@st.composite
def gene_rows(draw: st.DrawFn) -> dict[str, str]:
    taxon, name, group = draw(st.sampled_from(ORGANISMS))
    return {
        "organism_id": taxon,
        "organism_name": name,
        "organism_group": group,
        "word": draw(st.sampled_from(WORDS)),
        "match": draw(st.sampled_from(WORDS)),
        "ncbigene_symbol": draw(st.sampled_from(SYMBOLS)),
        "ncbigene_id": draw(st.sampled_from(GENE_IDS)),
        "source": draw(st.sampled_from(SOURCES)),
    }


entity_rows = st.tuples(
    st.sampled_from(["glucose", "Glucose", "JAK2"]),
    st.sampled_from(["mesh:D005947", "NA"]),
    st.sampled_from(["glucose", "NA"]),
    st.sampled_from(["D-glucose", "glucose", "NA"]),
    st.sampled_from(["chebi:4167", "NA"]),
)
figures = st.fixed_dictionaries(
    {
        "paper": st.integers(1, 2),
        "papertitle": st.sampled_from(TITLES),
        "year": st.sampled_from(["2019", "2020", ""]),
        "doi": st.sampled_from(["10.1/a", "10.1/B", ".na.character"]),
        "keywords": st.sampled_from(["one | two", "two", "", "one |  | one"]),
        "organisms_ner": st.lists(st.sampled_from(["Homo sapiens", "Fly", "NA"]), max_size=2),
        "schema-jsonld": st.fixed_dictionaries({"keywords": st.lists(st.sampled_from(SYMBOLS + WORDS), max_size=4)}),
        "genes": st.lists(gene_rows(), max_size=4),
        "chemicals": st.lists(entity_rows, max_size=2),
        "diseases": st.lists(entity_rows, max_size=1),
    }
)


@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(corpus=st.lists(figures, min_size=1, max_size=6), data=st.data())
def test_any_split_and_order_of_loads_gives_the_same(
    corpus: list[dict[str, Any]], data: st.DataObject, new_database: Callable[[str], Database], tmp_path: Path
) -> None:
    numbers = range(len(corpus))
    splits = st.lists(st.integers(0, 2), min_size=len(corpus), max_size=len(corpus))
    split = data.draw(splits, label="which load each figure is in")
    again = data.draw(st.lists(st.integers(0, 2), max_size=2), label="loads that are repeated")

    at_once = _folder(tmp_path / "at-once", corpus, numbers)
    parts = {load: [number for number in numbers if split[number] == load] for load in sorted(set(split))}
    order = data.draw(st.permutations([*parts, *(load for load in again if load in parts)]), label="order of loads")
    folders = {load: _folder(tmp_path / f"part{load}", corpus, part) for load, part in parts.items()}

    reference = new_database("sqlite")
    reference.load(at_once)
    expected = reference.content()
    for kind in ("sqlite", "postgres"):
        database = new_database(kind)
        for load in order:
            database.load(folders[load])
        assert database.content() == expected, kind
        with opened(database.target) as connection:
            assert faults(connection) == []


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(before=st.lists(figures, min_size=4, max_size=4), after=st.lists(figures, min_size=1, max_size=4))
def test_a_reload_gives_what_a_first_load_gives(
    before: list[dict[str, Any]], after: list[dict[str, Any]], new_database: Callable[[str], Database], tmp_path: Path
) -> None:
    """The four figures become others, those past the end of `after` are withdrawn; a returned one is as before."""
    old = _folder(tmp_path / "old", before, range(len(before)))
    new = _folder(tmp_path / "new", after, range(len(after)))
    for kind in ("sqlite", "postgres"):
        database = new_database(kind)
        database.load(old)
        expected = database.content()
        database.load(new, snapshot=True, allow_shrink=True)
        fresh = new_database(kind)
        fresh.load(new)
        assert _derived(database) == _derived(fresh), kind
        database.load(old, snapshot=True, allow_shrink=True)
        assert database.content() == expected, kind


def _derived(database: Database) -> dict[str, Any]:
    """Withdrawn figures keep their published rows, so only what is derived can be compared."""
    derived = {table.name for table in schema.DERIVED} | {schema.SEARCH}
    return {name: rows for name, rows in database.content().items() if name in derived}


def _folder(folder: Path, corpus: list[dict[str, Any]], numbers: Any) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    for number in numbers:
        figure = dict(corpus[number])
        figid = f"PMC9__figure{number}"
        genes, chemicals, diseases = (figure.pop(kind) for kind in ("genes", "chemicals", "diseases"))
        write_figure(folder, figid, pmcid=f"PMC{figure.pop('paper')}", **figure)
        if genes:
            write_genes(folder, figid, genes)
        if chemicals:
            write_table(folder / f"{figid}-chemicals.tsv", CHEMICAL_HEADER, chemicals)
        if diseases:
            write_table(folder / f"{figid}-diseases.tsv", DISEASE_HEADER, diseases)
    return folder
