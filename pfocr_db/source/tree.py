"""Which files belong to which figure, and what the file system says of them. Nothing is read but odd names."""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from os import DirEntry, path, scandir, stat_result

from pfocr_db.source.figure_file import FIGID
from pfocr_db.source.problems import Complaints, Problem
from pfocr_db.source.sidecars import KINDS

FIGURE_SUFFIXES = (".md", ".txt", ".yml", ".yaml")
_ENDINGS = {f"-{kind}.tsv": kind for kind in KINDS}
_FIGURES, _DATA = "_figures", "_data"
_FIGID_LINE = re.compile(rb"^figid:[ \t]*['\"]?([^'\"\r\n]*?)['\"]?[ \t]*\r?$", re.MULTILINE)
_HEAD = 65_536


@dataclass(slots=True)
class Files:
    """A figure's file and its sidecars."""

    path: str
    stat: str
    """Size and times of each; empty until it is known to be complete."""
    sidecars: tuple[tuple[str, str], ...] = ()


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
    return _Walk(paths).tree()


class _Walk:
    def __init__(self, paths: Sequence[str]) -> None:
        self._paths = [path.abspath(each) for each in paths]
        self._tree = Tree()
        self._sidecars: dict[str, list[tuple[str, str, str]]] = {}
        self._claims: dict[str, list[str]] = {}
        self._folders: set[tuple[int, int]] = set()

    def tree(self) -> Tree:
        for each in dict.fromkeys(self._paths):
            self._given(each)
        self._reject_claimed_twice()
        self._join()
        self._tree.figures = dict(sorted(self._tree.figures.items()))
        return self._tree

    # ------------------------------------------------------------------------------------------- looking

    def _given(self, given: str) -> None:
        try:
            status = os.stat(given)
        except OSError as error:
            self._incomplete(given, f"cannot be opened: {error.strerror}; check the path")
            return
        if path.isdir(given):
            before = len(self._tree.figures) + len(self._sidecars) + len(self._tree.rejected)
            self._folder(given)
            if len(self._tree.figures) + len(self._sidecars) + len(self._tree.rejected) == before:
                self._incomplete(given, "no figures in this folder; check the path")
        elif sidecar := _sidecar(path.basename(given)):
            self._add_sidecar(*sidecar, given, status)
        else:
            self._given_file(given, status)

    def _given_file(self, given: str, status: stat_result) -> None:
        figid = _named_figid(path.basename(given)) or _figid_inside(given)
        if figid is None:
            self._complain(given, "no figure file: there is no figid in its front matter; add it or leave it out")
            return
        self._add_figure(figid, given, status)
        folder = path.dirname(given)
        for place in {folder, _data_beside(folder) or folder}:
            for ending, kind in _ENDINGS.items():
                beside = path.join(place, figid + ending)
                if path.lexists(beside):
                    self._add_sidecar(figid, kind, beside)

    def _folder(self, folder: str) -> None:
        """Everything below a folder. Hidden files and folders are left alone, links are followed once."""
        waiting = [folder]
        while waiting:
            here = waiting.pop()
            try:
                status = os.stat(here)
                if (status.st_dev, status.st_ino) in self._folders:
                    continue
                self._folders.add((status.st_dev, status.st_ino))
                with scandir(here) as entries:
                    below = [entry.path for entry in entries if self._entry(entry)]
            except OSError as error:
                self._incomplete(here, f"cannot be looked through: {error.strerror}; check its rights")
                continue
            waiting += sorted(below, reverse=True)
            data = _data_beside(here)
            if data and path.isdir(data):
                waiting.append(data)

    def _entry(self, entry: DirEntry[str]) -> bool:
        """Take in one entry of a folder; whether it is a folder to look through."""
        name = entry.name
        if name.startswith("."):
            return False
        if name.endswith(".tsv"):
            sidecar = _sidecar(name)
            if sidecar:
                self._add_sidecar(*sidecar, entry.path, entry)
        elif name.endswith(FIGURE_SUFFIXES):
            return self._figure_entry(entry)
        else:
            return entry.is_dir()
        return False

    def _figure_entry(self, entry: DirEntry[str]) -> bool:
        figid = _named_figid(entry.name)
        if figid is None:
            if entry.is_dir():
                return True
            figid = _figid_inside(entry.path)
        if figid is not None:
            self._add_figure(figid, entry.path, entry)
        return False

    # -------------------------------------------------------------------------------------------- taking

    def _add_figure(self, figid: str, file: str, status: DirEntry[str] | stat_result) -> None:
        if not _is_storable(file):
            self._complain(file, "the file's name is not UTF-8; rename it")
            self._tree.rejected.add(figid)
            return
        if figid in self._tree.figures:
            other = self._tree.figures[figid].path
            if not _is_same_file(file, other):
                self._claims.setdefault(figid, [other]).append(file)
            return
        self._tree.figures[figid] = Files(file, self._stat(status))

    def _add_sidecar(
        self, figid: str, kind: str, file: str, status: DirEntry[str] | stat_result | None = None
    ) -> None:
        stat = self._stat(status) if status else _stat_of(file)
        known = self._sidecars.setdefault(figid, [])
        if not any(_is_same_file(file, other) for other_kind, other, _ in known if other_kind == kind):
            known.append((kind, file, stat))

    def _stat(self, status: DirEntry[str] | stat_result) -> str:
        """'' for what cannot be looked at: reading it will say why."""
        try:
            found = status.stat() if isinstance(status, DirEntry) else status
        except OSError:
            return ""
        return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}"

    def _reject_claimed_twice(self) -> None:
        for figid, files in self._claims.items():
            for file in files:
                others = ", ".join(other for other in files if other != file)
                self._complain(file, f"figid {figid} is also that of {others}; neither is loaded: keep one")
            self._reject(figid)

    def _join(self) -> None:
        """Give each figure its sidecars; complain about those left over."""
        for figid, tables in self._sidecars.items():
            files = self._tree.figures.get(figid)
            if files is None:
                if figid not in self._tree.rejected:
                    for _, file, _ in tables:
                        self._complain(
                            file, f"a table without its figure {figid}; load it with the figure, or remove it"
                        )
                continue
            tables.sort()
            kinds = [kind for kind, _, _ in tables]
            if len(set(kinds)) < len(kinds):
                for _, file, _ in tables:
                    self._complain(file, f"there are several tables of one kind for {figid}; keep one of each")
                self._reject(figid)
                continue
            files.sidecars = tuple((kind, file) for kind, file, _ in tables)
            stats = [files.stat, *(f"{kind} {stat}" if stat else "" for kind, _, stat in tables)]
            files.stat = " ".join(stats) if all(stats) else ""

    def _reject(self, figid: str) -> None:
        self._tree.figures.pop(figid, None)
        self._tree.rejected.add(figid)

    def _complain(self, file: str, message: str) -> None:
        complaints = Complaints(_printable(file))
        complaints.error(None, message)
        self._tree.problems += complaints.problems

    def _incomplete(self, file: str, message: str) -> None:
        self._complain(file, message)
        self._tree.is_whole = False


def _sidecar(name: str) -> tuple[str, str] | None:
    """The figid and kind of a sidecar's name."""
    stem, dash, rest = name.rpartition("-")
    kind = _ENDINGS.get(dash + rest)
    return (stem, kind) if kind and FIGID.fullmatch(stem) else None


def _named_figid(name: str) -> str | None:
    stem = path.splitext(name)[0]
    return stem if stem.startswith("PMC") and FIGID.fullmatch(stem) else None


def _figid_inside(file: str) -> str | None:
    """The figid in a file whose name is none; one that cannot be read, or has none, is no figure."""
    try:
        if not path.isfile(file):
            return None
        with open(file, "rb") as stream:
            found = _FIGID_LINE.search(stream.read(_HEAD))
        return found[1].decode() if found else None
    except (OSError, UnicodeDecodeError):
        return None


def _data_beside(folder: str) -> str | None:
    parent, name = path.split(folder)
    return path.join(parent, _DATA) if name == _FIGURES else None


def _stat_of(file: str) -> str:
    try:
        found = os.stat(file)
    except OSError:
        return ""
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}"


def _is_same_file(one: str, other: str) -> bool:
    try:
        return one == other or path.samefile(one, other)
    except OSError:
        return False


def _is_storable(name: str) -> bool:
    return name.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in name)


def _printable(name: str) -> str:
    return name.encode(errors="backslashreplace").decode()


def stat_times(stat: str) -> Iterable[int]:
    """The times in a stat text, to tell files that may still change within the tick of the clock."""
    return (int(each) for each in stat.split() if each.isdigit() and len(each) > 15)
