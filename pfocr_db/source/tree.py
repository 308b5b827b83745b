"""Which files belong to which figure, and what the file system says of them. Nothing is read but odd names.

A corpus has hundreds of thousands of files, and most loads find that none has changed: hence the care for the
microseconds and bytes of each.
"""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from os import DirEntry, path, scandir, stat_result
from typing import NamedTuple

from pfocr_db.source import RULES
from pfocr_db.source.names import (
    FIGID,
    FIGURE_SUFFIXES,
    TABLE_SUFFIX,
    data_beside,
    figid_inside,
    named_figid,
    table_of,
    table_path,
)
from pfocr_db.source.problems import Complaints, Problem
from pfocr_db.source.sidecars import KINDS

CLOCK_TICK_NS = 1_000_000_000
"""A file changed this shortly before may change again and show the same times."""

_PARTS = {part: (RULES, number) for number, part in enumerate(("figure", *KINDS))}
Tables = tuple[tuple[str, str], ...]
"""The kinds and folders of a figure's sidecars: their names follow from the figid."""


class Files(NamedTuple):
    """A figure's file and sidecars."""

    folder: str
    name: str
    """Only the suffix where the rest is the figid: then no name has to be kept."""
    stat: int
    """Stands for the sizes and times of all; 0 where they prove nothing. Compare it, nothing else."""
    tables: Tables = ()

    def path(self, figid: str) -> str:
        stem = figid if self.name.startswith(".") else ""
        return f"{self.folder}{os.sep}{stem}{self.name}"

    def sidecars(self, figid: str) -> tuple[tuple[str, str], ...]:
        return tuple((kind, table_path(folder, figid, kind)) for kind, folder in self.tables)


@dataclass
class Tree:
    """What lies in the paths of a load."""

    figures: dict[str, Files] = field(default_factory=dict)
    rejected: set[str] = field(default_factory=set)
    """Figures that are there and cannot be told apart or looked at."""
    problems: list[Problem] = field(default_factory=list)
    is_whole: bool = True
    """Whether every path was there and could be looked through."""


def find_figures(paths: Sequence[str]) -> Tree:
    return _Walk().tree(paths)


class _Walk:
    def __init__(self) -> None:
        self._tree = Tree()
        self._tables: dict[str, dict[str, tuple[str, int]]] = {kind: {} for kind in KINDS}
        """Folder and stat of each sidecar, by kind and figid."""
        self._surplus: dict[str, list[str]] = {}
        self._claims: dict[str, list[str]] = {}
        self._seen_folders: set[tuple[int, int]] = set()
        self._too_fresh = time.time_ns() - CLOCK_TICK_NS

    def tree(self, paths: Sequence[str]) -> Tree:
        for each in dict.fromkeys(map(path.abspath, paths)):
            self._given(each)
        for figid, files in self._claims.items():
            for file in files:
                others = ", ".join(other for other in files if other != file)
                self._complain(file, f"figid {figid} is also that of {others}; neither is loaded: keep one")
            self._reject(figid)
        self._join()
        return self._tree

    # ------------------------------------------------------------------------------------------- looking

    def _given(self, given: str) -> None:
        if not _is_storable(given):
            self._incomplete(given, "the path is not UTF-8; rename it")
            return
        try:
            status = os.stat(given)
        except OSError as error:
            self._incomplete(given, f"cannot be opened: {error.strerror}; check the path")
            return
        name = path.basename(given)
        if path.isdir(given):
            if not self._folder(given):
                self._incomplete(given, "no figures in this folder; check the path")
        elif (table := table_of(name)) and FIGID.fullmatch(table[0]):
            self._add_table(*table, path.dirname(given), status)
        else:
            self._given_file(path.dirname(given), name, status)

    def _given_file(self, folder: str, name: str, status: stat_result) -> None:
        figid = None if name.startswith(".") else self._figid_of(folder, name)
        if figid is None:
            message = "no figure file: it is hidden, or without a figid in its front matter; add it or leave it out"
            self._complain(path.join(folder, name), message)
            return
        self._add_figure(figid, folder, name, status)
        for place in dict.fromkeys((folder, data_beside(folder) or folder)):
            for kind in KINDS:
                if path.lexists(table_path(place, figid, kind)):
                    self._add_table(figid, kind, place, None)

    def _folder(self, folder: str) -> bool:
        """Everything below a folder; whether anything was there. Hidden files and folders are left alone."""
        waiting, found = [folder], False
        while waiting:
            here = waiting.pop()
            try:
                status = os.stat(here)
                if (status.st_dev, status.st_ino) in self._seen_folders:
                    found = True
                    continue
                self._seen_folders.add((status.st_dev, status.st_ino))
                with scandir(here) as entries:
                    found |= self._entries(here, entries, waiting)
            except OSError as error:
                self._incomplete(here, f"cannot be looked through: {error.strerror}; check its rights")
                continue
            data = data_beside(here)
            if data and path.isdir(data):
                waiting.append(data)
        return found

    def _entries(self, folder: str, entries: "os._ScandirIterator[str]", below: list[str]) -> bool:
        found = False
        for entry in entries:
            name = entry.name
            if name[0] == ".":
                continue
            if name.endswith(TABLE_SUFFIX):
                if table := table_of(name):
                    self._add_table(*table, folder, entry)
                    found = True
            elif name.endswith(FIGURE_SUFFIXES) and (figid := self._figid_of(folder, name)):
                self._add_figure(figid, folder, name, entry)
                found = True
            elif _is_folder(entry):
                if _is_storable(name):
                    below.append(entry.path)
                else:
                    self._incomplete(entry.path, "the folder's name is not UTF-8; rename it")
        return found

    def _figid_of(self, folder: str, name: str) -> str | None:
        """A file that cannot be read may be a figure: then the paths are not known as a whole."""
        try:
            return named_figid(name) or figid_inside(path.join(folder, name))
        except OSError as error:
            self._incomplete(
                path.join(folder, name), f"cannot be read: {error.strerror}; check the file and its rights"
            )
        except UnicodeDecodeError:
            self._incomplete(path.join(folder, name), "its figid is not UTF-8; save it as UTF-8")
        return None

    # -------------------------------------------------------------------------------------------- taking

    def _add_figure(self, figid: str, folder: str, name: str, status: DirEntry[str] | stat_result) -> None:
        known = self._tree.figures.get(figid)
        if not _is_storable(name):
            self._complain(path.join(folder, name), "the file's name is not UTF-8; rename it")
            self._tree.rejected.add(figid)
        elif known is None:
            suffix = name[len(figid) :] if name.startswith(f"{figid}.") else name
            self._tree.figures[figid] = Files(folder, suffix, self._stat("figure", status))
        elif not _is_same_file(path.join(folder, name), known.path(figid)):
            self._claims.setdefault(figid, [known.path(figid)]).append(path.join(folder, name))

    def _add_table(self, figid: str, kind: str, folder: str, status: DirEntry[str] | stat_result | None) -> None:
        found = self._tables[kind]
        if figid not in found:
            found[figid] = folder, self._stat(kind, status) if status else 0
            return
        file, other = (table_path(place, figid, kind) for place in (folder, found[figid][0]))
        if not _is_same_file(file, other):
            self._surplus.setdefault(figid, [other]).append(file)

    def _stat(self, part: str, status: DirEntry[str] | stat_result) -> int:
        """0 for what cannot be looked at, too: reading it will say why."""
        try:
            found = status.stat() if isinstance(status, DirEntry) else status
        except OSError:
            return 0
        modified, changed = found.st_mtime_ns, found.st_ctime_ns
        if modified > self._too_fresh or changed > self._too_fresh:
            return 0
        return hash((_PARTS[part], found.st_size, modified, changed))

    def _join(self) -> None:
        """Give each figure its sidecars; complain about those left over."""
        for figid, files in self._surplus.items():
            for file in files:
                self._complain(file, f"there are several tables of one kind for {figid}; keep one of each")
            self._reject(figid)
        figures = self._tree.figures
        same: dict[Tables, Tables] = {}
        for figid, (folder, name, stat, _) in figures.items():
            places = []
            for kind, found in self._tables.items():
                if figid in found:
                    place, part = found.pop(figid)
                    places.append((kind, place))
                    stat = stat and part and stat + part  # noqa: PLW2901
            if places:
                tables = tuple(places)
                figures[figid] = Files(folder, name, stat and _signed(stat), same.setdefault(tables, tables))
        for kind, found in self._tables.items():
            for figid, (folder, _) in found.items():
                if figid not in self._tree.rejected and FIGID.fullmatch(figid):
                    message = f"a table without its figure {figid}; load it with the figure, or remove it"
                    self._complain(table_path(folder, figid, kind), message)

    def _reject(self, figid: str) -> None:
        self._tree.figures.pop(figid, None)
        self._tree.rejected.add(figid)

    def _complain(self, file: str, message: str) -> None:
        complaints = Complaints(file)
        complaints.error(None, message)
        self._tree.problems += complaints.problems

    def _incomplete(self, file: str, message: str) -> None:
        self._complain(file, message)
        self._tree.is_whole = False


def _is_folder(entry: DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # a link to itself


def _is_same_file(one: str, other: str) -> bool:
    try:
        return one == other or path.samefile(one, other)
    except OSError:
        return False


def _is_storable(name: str) -> bool:
    return name.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in name)


def _signed(number: int) -> int:
    """As a 64-bit number of the database."""
    return (number + 2**63) % 2**64 - 2**63
