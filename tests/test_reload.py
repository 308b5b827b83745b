"""Loading again: what changed is written, what is gone goes, and the rest is left alone."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from itertools import chain, permutations
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update
from support import GENE_HEADER, REAL, SEEDS, Database, write_figure, write_genes, write_table, write_text

from pfocr_db import schema
from pfocr_db.database import connect
from pfocr_db.errors import LoadError
from pfocr_db.load import Report

CLOCK = 1.1
"""Seconds after which a file's times prove that it did not change."""
BEFORE, AFTER = "The caption of tonight.", "The caption of to-day!!"  # of one length
JAK2 = {"word": "JAK2", "ncbigene_id": "3717"}
SOCS3 = {"word": "SOCS3", "ncbigene_id": "9021"}
FLY = {
    "organism_id": "7227",
    "organism_name": "Drosophila melanogaster",
    "organism_group": "Invertebrates",
    "word": "upd",
    "ncbigene_symbol": "upd1",
    "ncbigene_id": "32813",
    "source": "ncbigene_synonym",
}
about_files = pytest.mark.parametrize("kind", ["sqlite"])
"""What is about files alone need not be shown on both databases."""


@pytest.fixture(autouse=True)
def always_sound(request: pytest.FixtureRequest) -> Iterator[None]:
    """After every test of this module the derived tables are what follows from the published ones."""
    database = request.getfixturevalue("database") if "database" in request.fixturenames else None
    yield
    if database:
        assert database.faults() == []


# ----------------------------------------------------------------------------------------------- files that change


def test_a_changed_caption(database: Database, tmp_path: Path) -> None:
    write_figures(tmp_path, "PMC1__a", "PMC2__b", caption=BEFORE)
    database.load(tmp_path)
    write_figure(tmp_path, "PMC1__a", caption="Now about wombats.")
    report = database.load(tmp_path)
    assert counts(report) == {"seen": 2, "changed": 1, "unchanged": 1}
    assert figure(database, "PMC1__a")["caption"] == "Now about wombats."
    assert changes(database, report) == {"PMC1__a": ("changed", "caption")}
    assert searched(database, "wombats") == ["PMC1__a"]
    assert searched(database, "tonight") == ["PMC2__b"]


def test_load_changes_names_what_differs(database: Database, tmp_path: Path) -> None:
    write_figures(tmp_path, "PMC1__a", "PMC2__b", "PMC3__c", figtitle="Old", year="2020")
    database.load(tmp_path)
    write_figure(tmp_path, "PMC1__a", figtitle="New", caption="New", year="2020")
    write_figure(tmp_path, "PMC2__b", figtitle="Old", year="2021", figid_alias="PMC2__F1")
    write_genes(tmp_path, "PMC3__c", [JAK2])
    report = database.load(tmp_path)
    assert changes(database, report) == {
        "PMC1__a": ("changed", "title, caption"),
        "PMC2__b": ("changed", "paper_claims, figure_aliases"),
        "PMC3__c": ("changed", "figure_organisms, gene_mentions"),
    }
    assert figure(database, "PMC1__a")["changed_load_id"] == report.load_id
    assert figure(database, "PMC1__a")["first_load_id"] == 1


def test_a_changed_file_that_says_the_same_counts_as_changed_without_parts(
    database: Database, tmp_path: Path
) -> None:
    file = write_figure(tmp_path)
    database.load(tmp_path)
    before = database.rows(schema.paper_claims)
    file.write_text(file.read_text().replace("figtitle: A pathway", "figtitle: 'A pathway'"))
    report = database.load(tmp_path)
    assert changes(database, report) == {"PMC1__a": ("changed", "")}
    assert database.rows(schema.paper_claims) == before


def test_a_changed_sidecar_changes_its_figure(database: Database, tmp_path: Path) -> None:
    write_figures(tmp_path, "PMC1__a", "PMC2__b")
    for figid in ("PMC1__a", "PMC2__b"):
        write_genes(tmp_path, figid, [JAK2])
    database.load(tmp_path)
    write_genes(tmp_path, "PMC1__a", [SOCS3])
    report = database.load(tmp_path)
    assert changes(database, report) == {"PMC1__a": ("changed", "gene_mentions")}
    assert genes_of(database, "PMC1__a") == [9021]
    assert genes_of(database, "PMC2__b") == [3717]
    assert {gene["gene_id"] for gene in database.rows(schema.genes)} == {3717, 9021}


def test_a_removed_sidecar_removes_its_rows(database: Database, tmp_path: Path) -> None:
    write_figure(tmp_path)
    sidecar = write_genes(tmp_path, "PMC1__a", [JAK2, FLY])
    database.load(tmp_path)
    assert genes_of(database, "PMC1__a") == [3717, 32813]
    sidecar.unlink()
    report = database.load(tmp_path)
    assert changes(database, report) == {"PMC1__a": ("changed", "figure_organisms, gene_mentions")}
    for table in (schema.gene_mentions, schema.figure_genes, schema.genes, schema.gene_names, schema.organisms):
        assert database.rows(table) == [], table.name


@about_files
def test_a_sidecar_left_with_only_its_header_removes_the_rows(database: Database, tmp_path: Path) -> None:
    write_figure(tmp_path)
    write_genes(tmp_path, "PMC1__a", [JAK2])
    database.load(tmp_path)
    write_genes(tmp_path, "PMC1__a", [])
    assert counts(database.load(tmp_path)) == {"seen": 1, "changed": 1}
    assert database.rows(schema.gene_mentions) == []


def test_a_sidecar_that_comes_later_takes_over_from_the_keywords(database: Database, tmp_path: Path) -> None:
    write_figure(tmp_path, "PMC1__a", **{"schema-jsonld": {"keywords": ["JAK2"]}})
    write_figure(tmp_path, "PMC2__b")
    write_genes(tmp_path, "PMC2__b", [JAK2])
    database.load(tmp_path)
    assert tiers_of(database, "PMC1__a") == {3717: schema.TIERS["keyword"]}
    write_genes(tmp_path, "PMC1__a", [SOCS3])
    database.load(tmp_path)
    assert tiers_of(database, "PMC1__a") == {9021: schema.TIERS["symbol"]}
    assert database.rows(schema.figure_keywords) == []


def test_a_sibling_that_did_not_change_keeps_its_say(database: Database, tmp_path: Path) -> None:
    write_figures(tmp_path, "PMC1__a", "PMC1__b", "PMC1__c", papertitle="A title")
    database.load(tmp_path)
    write_figure(tmp_path, "PMC1__a", papertitle="Another title")
    database.load(tmp_path)
    assert [paper["title"] for paper in database.rows(schema.papers)] == ["A title"]
    write_figure(tmp_path, "PMC1__b", papertitle="Another title")
    database.load(tmp_path)
    assert [paper["title"] for paper in database.rows(schema.papers)] == ["Another title"]


def test_a_figure_that_moves_to_another_paper(database: Database, tmp_path: Path) -> None:
    write_figure(tmp_path, "PMC1__a", pmcid="PMC1")
    database.load(tmp_path)
    write_figure(tmp_path, "PMC1__a", pmcid="PMC2")
    report = database.load(tmp_path)
    assert changes(database, report) == {"PMC1__a": ("changed", "pmcid")}
    assert [paper["pmcid"] for paper in database.rows(schema.papers)] == ["PMC2"]


def test_a_symbol_that_changes_between_releases(database: Database, tmp_path: Path) -> None:
    """Figures that only have the keyword follow the gene to its new symbol."""
    old, new = ({"word": word, "ncbigene_id": "3014"} for word in ("H2AFX", "H2AX"))
    write_figures(tmp_path, "PMC1__a", "PMC2__b")
    write_figure(tmp_path, "PMC3__c", **{"schema-jsonld": {"keywords": ["H2AX"]}})
    for figid in ("PMC1__a", "PMC2__b"):
        write_genes(tmp_path, figid, [old])
    database.load(tmp_path)
    assert genes_of(database, "PMC3__c") == []
    for figid in ("PMC1__a", "PMC2__b"):
        write_genes(tmp_path, figid, [new])
    database.load(tmp_path)
    assert [gene["symbol"] for gene in database.rows(schema.genes)] == ["H2AX"]
    assert genes_of(database, "PMC3__c") == [3014]


def test_new_figures_beside_known_ones(database: Database, tmp_path: Path) -> None:
    write_figure(tmp_path, "PMC1__a")
    database.load(tmp_path)
    write_figure(tmp_path, "PMC0__new")
    report = database.load(tmp_path)
    assert counts(report) == {"seen": 2, "added": 1, "unchanged": 1}
    assert changes(database, report) == {"PMC0__new": ("added", None)}


def test_a_figure_that_is_gone_stays_without_snapshot(database: Database, tmp_path: Path) -> None:
    write_figure(tmp_path, "PMC1__a")
    gone = write_figure(tmp_path, "PMC2__b")
    database.load(tmp_path)
    before = database.content()
    gone.unlink()
    assert counts(database.load(tmp_path)) == {"seen": 1, "unchanged": 1}
    assert database.content() == before


def test_a_figure_that_breaks_keeps_its_last_good_state(database: Database, tmp_path: Path) -> None:
    write_figures(tmp_path, "PMC1__a", "PMC2__b")
    write_genes(tmp_path, "PMC1__a", [JAK2])
    database.load(tmp_path)
    before = database.content()
    write_table(tmp_path / "PMC1__a-genes.tsv", GENE_HEADER, [["9606", "too", "few"]])
    report = database.load(tmp_path)
    assert counts(report) == {"seen": 2, "unchanged": 1, "rejected": 1}
    assert changes(database, report) == {}
    assert database.content() == before
    write_genes(tmp_path, "PMC1__a", [JAK2, SOCS3])
    database.load(tmp_path)
    assert genes_of(database, "PMC1__a") == [3717, 9021]


# ------------------------------------------------------------------------------------------- files that do not change


def test_only_files_that_look_different_are_read(database: Database, tmp_path: Path) -> None:
    files = [write_figure(tmp_path, f"PMC{number}__a") for number in range(1, 4)]
    sidecar = write_genes(tmp_path, "PMC1__a", [JAK2])
    time.sleep(CLOCK)
    assert read_by(database, tmp_path) == 3
    assert read_by(database, tmp_path) == 0
    for touched in (files[1], sidecar):
        os.utime(touched)
    before = database.content()
    time.sleep(CLOCK)
    touched_report = database.load(tmp_path)
    assert counts(touched_report) == {"seen": 3, "unchanged": 3}
    assert changes(database, touched_report) == {}
    assert not any(touched_report.rows[table.name] for table in (schema.figures, *schema.PUBLISHED, *schema.DERIVED))
    assert database.content() == before
    assert read_by(database, tmp_path) == 0


@about_files
def test_files_written_a_moment_ago_are_read_again(database: Database, tmp_path: Path) -> None:
    """Two changes within one tick of the clock would look like one."""
    write_figure(tmp_path)
    assert read_by(database, tmp_path) == 1
    assert read_by(database, tmp_path) == 1


@about_files
@pytest.mark.parametrize("pause", [0, CLOCK], ids=["at once", "later"])
def test_a_change_that_keeps_size_and_time_is_noticed(database: Database, tmp_path: Path, pause: float) -> None:
    file = write_figure(tmp_path, caption=BEFORE)
    time.sleep(pause)
    database.load(tmp_path)
    database.load(tmp_path)
    times, size = (file.stat().st_atime_ns, file.stat().st_mtime_ns), file.stat().st_size
    write_figure(tmp_path, caption=AFTER)
    os.utime(file, ns=times)
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (size, times[1])
    assert counts(database.load(tmp_path)) == {"seen": 1, "changed": 1}
    assert figure(database, "PMC1__a")["caption"] == AFTER


@about_files
def test_a_sidecar_restored_with_an_old_time_is_noticed(database: Database, tmp_path: Path) -> None:
    write_figure(tmp_path)
    sidecar = write_genes(tmp_path, "PMC1__a", [JAK2])
    database.load(tmp_path)
    write_genes(tmp_path, "PMC1__a", [SOCS3])
    os.utime(sidecar, (1_500_000_000, 1_500_000_000))
    database.load(tmp_path)
    assert genes_of(database, "PMC1__a") == [9021]


def test_verify_reads_what_looks_unchanged(
    database: Database, new_database: Callable[[str], Database], tmp_path: Path
) -> None:
    """As where a file system's times cannot be relied on: what is remembered of the old file fits the new one."""
    write_figure(tmp_path, caption=BEFORE)
    time.sleep(CLOCK)
    database.load(tmp_path)
    write_figure(tmp_path, caption=AFTER)
    time.sleep(CLOCK)
    other = new_database("sqlite")
    other.load(tmp_path)
    remember(database, other)
    assert counts(database.load(tmp_path)) == {"seen": 1, "unchanged": 1}
    assert figure(database, "PMC1__a")["caption"] == BEFORE
    assert counts(database.load(tmp_path, verify=True)) == {"seen": 1, "changed": 1}
    assert figure(database, "PMC1__a")["caption"] == AFTER


def test_verify_of_unchanged_files_changes_nothing(database: Database) -> None:
    database.load(SEEDS)
    before = database.content()
    report = database.load(SEEDS, verify=True)
    assert counts(report) == {"seen": 5, "unchanged": 5}
    assert changes(database, report) == {}
    assert database.content() == before


# ---------------------------------------------------------------------------------------------------- snapshots


def test_a_snapshot_withdraws_and_brings_back(database: Database, tmp_path: Path) -> None:
    ten_figures(tmp_path)
    write_genes(tmp_path, "PMC1__a", [JAK2])
    write_genes(tmp_path, "PMC2__a", [SOCS3])
    database.load(tmp_path)
    whole = database.content()
    aside = set_aside(tmp_path, "PMC1__a")
    withdrawing = database.load(tmp_path, snapshot=True)
    assert counts(withdrawing) == {"seen": 9, "unchanged": 9, "withdrawn": 1}
    assert changes(database, withdrawing) == {"PMC1__a": ("withdrawn", None)}
    assert figure(database, "PMC1__a")["withdrawn_load_id"] == withdrawing.load_id
    assert figure(database, "PMC1__a")["first_load_id"] == 1
    check_out_of_all_answers(database, "PMC1__a", whole)
    put_back(aside, tmp_path)
    returning = database.load(tmp_path)
    assert counts(returning) == {"seen": 10, "unchanged": 9, "returned": 1}
    assert changes(database, returning) == {"PMC1__a": ("returned", None)}
    assert figure(database, "PMC1__a")["withdrawn_load_id"] is None
    assert figure(database, "PMC1__a")["first_load_id"] == 1
    assert database.content() == whole


def check_out_of_all_answers(database: Database, figid: str, whole: dict[str, Any]) -> None:
    content = database.content()
    assert figid not in content[schema.SEARCH]
    assert {row["pmcid"] for row in content["papers"]} == {f"PMC{number}" for number in range(2, 11)}
    assert [row["gene_id"] for row in content["genes"]] == [9021]
    assert genes_of(database, figid) == []
    for table in schema.PUBLISHED:
        assert content[table.name] == whole[table.name], table.name


def test_a_withdrawn_figure_is_withdrawn_once(database: Database, tmp_path: Path) -> None:
    ten_figures(tmp_path)
    database.load(tmp_path)
    set_aside(tmp_path, "PMC1__a")
    first = database.load(tmp_path, snapshot=True)
    second = database.load(tmp_path, snapshot=True)
    assert counts(second) == {"seen": 9, "unchanged": 9}
    assert figure(database, "PMC1__a")["withdrawn_load_id"] == first.load_id


def test_a_figure_that_returns_changed(database: Database, tmp_path: Path) -> None:
    ten_figures(tmp_path)
    database.load(tmp_path)
    set_aside(tmp_path, "PMC1__a")
    database.load(tmp_path, snapshot=True)
    write_figure(tmp_path, "PMC1__a", caption="Back with wombats.")
    report = database.load(tmp_path, snapshot=True)
    assert counts(report) == {"seen": 10, "unchanged": 9, "returned": 1}
    assert searched(database, "wombats") == ["PMC1__a"]


def test_a_withdrawn_figure_that_comes_back_broken_stays_withdrawn(database: Database, tmp_path: Path) -> None:
    ten_figures(tmp_path)
    database.load(tmp_path)
    set_aside(tmp_path, "PMC1__a")
    database.load(tmp_path, snapshot=True)
    write_text(tmp_path / "PMC1__a.md", "---\nfigid: [\n---\n")
    report = database.load(tmp_path, snapshot=True)
    assert counts(report) == {"seen": 10, "unchanged": 9, "rejected": 1}
    assert figure(database, "PMC1__a")["withdrawn_load_id"] == 2


def test_more_than_a_tenth_is_not_withdrawn(database: Database, tmp_path: Path) -> None:
    ten_figures(tmp_path)
    database.load(tmp_path)
    before = database.content()
    for figid in ("PMC1__a", "PMC2__a"):
        set_aside(tmp_path, figid)
    with pytest.raises(LoadError, match=r"2 of the 10 figures of source pfocr are gone.*--allow-shrink"):
        database.load(tmp_path, snapshot=True)
    assert database.content() == before
    report = database.load(tmp_path, snapshot=True, allow_shrink=True)
    assert counts(report) == {"seen": 8, "unchanged": 8, "withdrawn": 2}


def test_a_tenth_is_withdrawn_though_as_many_are_new(database: Database, tmp_path: Path) -> None:
    ten_figures(tmp_path)
    database.load(tmp_path)
    set_aside(tmp_path, "PMC1__a")
    write_figure(tmp_path, "PMC99__new", caption="New.")
    report = database.load(tmp_path, snapshot=True)
    assert counts(report) == {"seen": 10, "added": 1, "unchanged": 9, "withdrawn": 1}
    assert changes(database, report) == {"PMC1__a": ("withdrawn", None), "PMC99__new": ("added", None)}


def test_a_snapshot_with_a_missing_path_is_refused(database: Database, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    ten_figures(here)
    write_figure(there, "PMC50__b")
    database.load(here, there)
    before = database.content()
    shutil.rmtree(there)
    with pytest.raises(LoadError, match="--snapshot"):
        database.load(here, there, snapshot=True, allow_shrink=True)
    there.mkdir()
    with pytest.raises(LoadError, match="--snapshot"):
        database.load(here, there, snapshot=True, allow_shrink=True)
    assert database.content() == before


def test_a_figure_that_is_there_but_broken_is_not_withdrawn(database: Database, tmp_path: Path) -> None:
    ten_figures(tmp_path)
    database.load(tmp_path)
    before = database.content()
    write_text(tmp_path / "PMC1__a.md", "---\nfigid: [\n---\n")
    write_figure(tmp_path / "twice", "PMC2__a")
    report = database.load(tmp_path, snapshot=True)
    assert counts(report) == {"seen": 10, "unchanged": 8, "rejected": 2}
    assert database.content() == before


def test_a_snapshot_is_about_its_source_only(database: Database, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ten_figures(ours)
    write_figure(theirs, "PMC50__b")
    database.load(ours, source="ours")
    database.load(theirs, source="theirs")
    report = database.load(ours, source="ours", snapshot=True)
    assert counts(report) == {"seen": 10, "unchanged": 10}
    set_aside(ours, "PMC1__a")
    report = database.load(ours, source="ours", snapshot=True)
    assert changes(database, report) == {"PMC1__a": ("withdrawn", None)}
    assert figure(database, "PMC50__b")["withdrawn_load_id"] is None


# ------------------------------------------------------------------------------------------------ sources and places


@pytest.mark.parametrize("caption", [BEFORE, AFTER], ids=["unchanged", "changed"])
def test_a_figure_belongs_to_the_source_that_last_read_it(database: Database, tmp_path: Path, caption: str) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ten_figures(ours)
    write_figure(ours, "PMC1__a", caption=BEFORE)
    database.load(ours, source="ours")
    write_figure(theirs, "PMC1__a", caption=caption)
    database.load(theirs, source="theirs")
    assert figure(database, "PMC1__a")["source"] == "theirs"
    set_aside(ours, "PMC1__a")
    assert counts(database.load(ours, source="ours", snapshot=True)) == {"seen": 9, "unchanged": 9}
    assert figure(database, "PMC1__a")["caption"] == caption


def test_an_unread_figure_moves_to_the_source_that_found_it_unchanged(database: Database, tmp_path: Path) -> None:
    write_figures(tmp_path, "PMC1__a", "PMC2__b")
    time.sleep(CLOCK)
    database.load(tmp_path, source="ours")
    report = database.load(tmp_path, source="theirs")
    assert counts(report) == {"seen": 2, "unchanged": 2}
    assert {row["source"] for row in database.rows(schema.figures)} == {"theirs"}


@about_files
def test_a_figure_that_moved_to_another_folder_is_unchanged(database: Database, tmp_path: Path) -> None:
    file = write_figure(tmp_path / "old")
    database.load(tmp_path / "old")
    before = database.content()
    (tmp_path / "new").mkdir()
    file.rename(tmp_path / "new" / file.name)
    assert counts(database.load(tmp_path / "new", snapshot=True)) == {"seen": 1, "unchanged": 1}
    assert database.content() == before


def test_a_figure_loaded_from_two_places_in_turn(database: Database, tmp_path: Path) -> None:
    write_figure(tmp_path / "one", caption="The first.")
    write_figure(tmp_path / "other", caption="The second.")
    for place, caption in (("one", "The first."), ("other", "The second."), ("one", "The first.")):
        database.load(tmp_path / place)
        assert figure(database, "PMC1__a")["caption"] == caption
    assert database.count(schema.figures) == 1


@about_files
def test_a_figure_in_two_places_of_one_load_keeps_its_last_good_state(database: Database, tmp_path: Path) -> None:
    one = write_figure(tmp_path / "one", caption="The first.")
    database.load(tmp_path / "one")
    other = write_figure(tmp_path / "other", caption="The second.")
    report = database.load(tmp_path / "one", tmp_path / "other")
    assert counts(report) == {"seen": 1, "rejected": 1}
    assert {problem.path for problem in report.problems} == {str(one), str(other)}
    assert figure(database, "PMC1__a")["caption"] == "The first."


@about_files
def test_a_place_given_twice_is_one_place(database: Database, tmp_path: Path) -> None:
    file = write_figure(tmp_path / "figures")
    write_genes(tmp_path / "figures", "PMC1__a", [JAK2])
    (tmp_path / "link").symlink_to(tmp_path / "figures")
    report = database.load(tmp_path / "figures", tmp_path / "link", file)
    assert counts(report) == {"seen": 1, "added": 1}
    assert report.problems == []
    assert database.count(schema.gene_mentions) == 1


# --------------------------------------------------------------------------------------------------- published pairs


def test_published_figures_reloaded_are_as_if_loaded_afresh(
    new_database: Callable[[str], Database], kind: str, tmp_path: Path
) -> None:
    """Every state that is known of a figure, after every other one."""
    fresh = {state: as_loaded_afresh(new_database, state) for state in known_states(tmp_path)}
    for states in states_of_one_figure(fresh):
        database = new_database(kind)
        for state in chain(*permutations(states, 2)):
            database.load(state)
            assert database.content() == fresh[state], state
        assert database.faults() == [], states


def known_states(tmp_path: Path) -> list[Path]:
    """Folders with one figure each: an invented one, and those published that lie beside the checkout."""
    invented = {"figid": "PMC9__x", "papertitle": "A paper."}
    older, newer = tmp_path / "older", tmp_path / "newer"
    write_figure(older, **invented, number="Figure 1", organisms=["Homo sapiens"])
    write_genes(older, "PMC9__x", [JAK2, SOCS3])
    write_figure(newer, **invented, number="F1", organisms=["NA"], organisms_ner=["Drosophila melanogaster"])
    write_genes(newer, "PMC9__x", [FLY])
    states = [older, newer]
    for file in sorted(REAL.glob("versions/*/_figures/*.md")):
        states.append(copied(file, tmp_path / file.parent.parent.name))
        current = REAL / "_figures" / file.name
        if current.exists() and tmp_path / "current" not in states:
            states.append(copied(current, tmp_path / "current"))
    return states


def copied(file: Path, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    shutil.copyfile(file, folder / file.name)
    for table in (REAL / "_data").glob(f"{file.stem}-*.tsv"):
        shutil.copyfile(table, folder / table.name)
    return folder


def states_of_one_figure(states: dict[Path, Any]) -> list[list[Path]]:
    by_figure: dict[str, list[Path]] = {}
    for folder in states:
        by_figure.setdefault(next(folder.glob("*.md")).name, []).append(folder)
    return list(by_figure.values())


def as_loaded_afresh(new_database: Callable[[str], Database], folder: Path) -> dict[str, Any]:
    database = new_database("sqlite")
    database.load(folder)
    return database.content()


# ----------------------------------------------------------------------------------------------------------- helpers


def write_figures(folder: Path, *figids: str, **keys: Any) -> None:
    for figid in figids:
        write_figure(folder, figid, **keys)


def ten_figures(folder: Path) -> None:
    write_figures(folder, *(f"PMC{number}__a" for number in range(1, 11)))


def set_aside(folder: Path, figid: str) -> list[tuple[Path, bytes]]:
    aside = [(file, file.read_bytes()) for file in folder.glob(f"{figid}*")]
    for file, _ in aside:
        file.unlink()
    return aside


def put_back(aside: list[tuple[Path, bytes]], folder: Path) -> None:
    for file, content in aside:
        file.write_bytes(content)


def counts(report: Report) -> dict[str, int]:
    return {name: number for name, number in report.figures.items() if number}


def read_by(database: Database, folder: Path) -> int:
    """How many figures a load reads rather than only looks at."""
    totals = [0]
    database.load(folder, progress=lambda _phase, _done, total: totals.append(total))
    return totals[-1]


def figure(database: Database, figid: str) -> dict[str, Any]:
    with connect(database.target).connect() as connection:
        found = connection.execute(select(schema.figures).where(schema.figures.c.figid == figid))
        return dict(found.mappings().one())


def changes(database: Database, report: Report) -> dict[str, tuple[str, str | None]]:
    rows = [row for row in database.rows(schema.load_changes) if row["load_id"] == report.load_id]
    return {row["figid"]: (row["change"], row["parts"]) for row in rows}


def genes_of(database: Database, figid: str) -> list[int]:
    return list(tiers_of(database, figid))


def tiers_of(database: Database, figid: str) -> dict[int, int]:
    rows = database.rows(schema.figure_genes)
    return dict(sorted((row["gene_id"], row["tier"]) for row in rows if row["figid"] == figid))


def searched(database: Database, word: str) -> list[str]:
    """The figures that the full text finds for a word."""
    matches = {
        "sqlite": "figure_id IN (SELECT rowid FROM figure_search WHERE figure_search MATCH :word)",
        "postgresql": "figure_id IN (SELECT figure_id FROM figure_search WHERE document @@ (:word)::tsquery)",
    }
    with connect(database.target).connect() as connection:
        query = text(f"SELECT figid FROM figures WHERE {matches[connection.dialect.name]} ORDER BY 1")
        return list(connection.execute(query, {"word": word}).scalars())


def remember(database: Database, other: Database) -> None:
    """Take over what another database remembers of the one file."""
    (known,) = other.rows(schema.source_files)
    with connect(database.target).begin() as connection:
        connection.execute(update(schema.source_files).values(stat=known["stat"]))
