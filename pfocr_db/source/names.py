"""What the names of files say: which figure a file is of, and which of its tables."""

import re
from codecs import BOM_UTF8
from os import path

from pfocr_db.source.sidecars import KINDS

FIGID = re.compile(r"(PMC[0-9]+)__[^/\x00-\x1f\x7f]+")
YAML_SUFFIXES = (".yml", ".yaml")
FIGURE_SUFFIXES = (".md", ".txt", *YAML_SUFFIXES)
TABLE_SUFFIX = ".tsv"

_TABLE_KINDS = {f"{kind}{TABLE_SUFFIX}": kind for kind in KINDS}
_FIGURES, _DATA = "_figures", "_data"
_FENCE = re.compile(rb"^---[ \t]*\r?$", re.MULTILINE)
_FIGID_LINE = re.compile(rb"^figid:[ \t]*['\"]?([^'\"\r\n]*?)['\"]?[ \t]*(?:[ \t]#[^\r\n]*)?\r?$", re.MULTILINE)
_HEAD = 65_536


def table_of(name: str) -> tuple[str, str] | None:
    """The kind of a sidecar's name, and what should be a figid."""
    figid, _, ending = name.rpartition("-")
    kind = _TABLE_KINDS.get(ending)
    return (figid, kind) if kind and figid.startswith("PMC") else None


def table_path(folder: str, figid: str, kind: str) -> str:
    return path.join(folder, f"{figid}-{kind}{TABLE_SUFFIX}")


def named_figid(name: str) -> str | None:
    stem = name.rpartition(".")[0]
    return stem if FIGID.fullmatch(stem) else None


def figid_inside(file: str) -> str | None:
    """The figid in the front matter of a file whose name is none; a file without one is no figure.

    OSError and UnicodeDecodeError say that there may be one.
    """
    if not path.isfile(file):
        return None
    with open(file, "rb") as stream:
        head = stream.read(_HEAD).removeprefix(BOM_UTF8)
    opened = _FENCE.match(head)
    if not opened and not file.endswith(YAML_SUFFIXES):
        return None
    closed = _FENCE.search(head, opened.end() if opened else 0)
    found = _FIGID_LINE.search(head, 0, closed.start() if closed else len(head))
    return found[1].decode() if found else None


def data_beside(folder: str) -> str | None:
    parent, name = path.split(folder)
    return path.join(parent, _DATA) if name == _FIGURES else None
