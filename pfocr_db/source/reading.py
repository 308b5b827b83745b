"""From paths on the disk to a reading: the digest of a figure's files and, if it is news, their record."""

import os
import stat
from dataclasses import dataclass
from hashlib import blake2b

from pfocr_db.source import RULES
from pfocr_db.source.problems import Complaints, Problem, UnreadableError, has_errors
from pfocr_db.source.records import Figure

LARGEST_FILE = 5_000_000


@dataclass(slots=True)
class Reading:
    digest: str | None
    figure: Figure | None
    """None where the files are as they were (the digest was known) or cannot be read (there are errors)."""
    problems: list[Problem]

    @property
    def is_rejected(self) -> bool:
        return has_errors(self.problems)


def read(figid: str, path: str, sidecars: tuple[tuple[str, str], ...], known_digest: str | None) -> Reading:
    """Read a figure's files; `sidecars` are the kinds and paths of its tables."""
    data, problems = _contents(path)
    tables = {}
    for kind, table_path in sidecars:
        table, more = _contents(table_path)
        problems += more
        tables[kind] = table_path, table
    if problems:
        return Reading(None, None, problems)
    digest = _digest(data, {kind: table for kind, (_, table) in tables.items()})
    if digest == known_digest:
        return Reading(digest, None, [])
    from pfocr_db.source.figure_file import read_figure  # noqa: PLC0415 - brings YAML, which most loads do without

    figure, complaints = read_figure(figid, path, data, tables)
    problems = [problem for each in complaints for problem in each.problems]
    return Reading(digest, None if has_errors(problems) else figure, problems)


def _contents(path: str) -> tuple[bytes, list[Problem]]:
    complaints = Complaints(path)
    try:
        return _bytes(path), []
    except UnreadableError as error:
        complaints.error(error.line, error.message)
    except OSError as error:
        complaints.error(None, f"cannot be read: {error.strerror}; check the file and its rights")
    return b"", complaints.problems


def _bytes(path: str) -> bytes:
    status = os.stat(path)
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableError(None, "not a file; remove it or put the file there")
    if status.st_size > LARGEST_FILE:
        raise UnreadableError(None, f"over {LARGEST_FILE // 1_000_000} MB: no figure file is; remove or correct it")
    with open(path, "rb", buffering=0) as file:
        data = file.read(status.st_size + 1)  # asking for all it may have takes as much memory
    if len(data) > status.st_size:
        raise UnreadableError(None, "it grew while it was read; load it again when it is complete")
    return data


def _digest(data: bytes, tables: dict[str, bytes]) -> str:
    digest = blake2b(str(RULES).encode(), digest_size=16)
    for kind, content in (("figure", data), *sorted(tables.items())):
        digest.update(f"\n{kind} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
