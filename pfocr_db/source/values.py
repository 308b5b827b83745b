"""Published text to values: what counts as missing, what a table can hold, what is no number."""

import math
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from pfocr_db.source.problems import Complaints
from pfocr_db.text import fold

KEY_BYTES = 1_000
"""The longest text that is indexed: a row of a Postgres index holds 2.7 KB, and some indexes two of these."""
TEXT_BYTES = 100_000
"""The longest text that is searched: a tsvector ends at 1 MB."""
LARGEST_ID = 2**63 - 1
LARGEST_COUNT = 2**31 - 1
YEARS = range(1600, 2101)

MISSING = frozenset({"", "NA", ".na.character", "unassigned"})
_ID = re.compile(r"[1-9][0-9]*")
_COUNT = re.compile(r"0|[1-9][0-9]*")
_YEAR = re.compile(r"[0-9]{4}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_MESH = re.compile(r"(?:mesh:)?([CD][0-9]{6,9})")


def missing_to_none(value: str) -> str | None:
    return None if value in MISSING else value


def checked(value: str, limit: int, name: str, line: int | None, complaints: Complaints) -> str:
    """The value as it is; complains when it is longer than the tables can hold."""
    if len(value) * 4 > limit and len(value.encode()) > limit:
        complaints.error(line, f"{name} has {len(value.encode()):,} bytes, at most {limit:,} are kept; shorten it")
    return value


def check_cells(names: Iterable[str], cells: Iterable[str], line: int | None, complaints: Complaints) -> None:
    for name, cell in zip(names, cells, strict=True):
        checked(cell, KEY_BYTES, name, line, complaints)


def whole_id(value: str, name: str, line: int | None, complaints: Complaints) -> int | None:
    return _whole(value, _ID, LARGEST_ID, name, line, complaints)


def whole_count(value: str, name: str, line: int | None, complaints: Complaints) -> int | None:
    return _whole(value, _COUNT, LARGEST_COUNT, name, line, complaints)


def year(value: str, line: int | None, complaints: Complaints) -> int | None:
    if value in MISSING:
        return None
    if not _YEAR.fullmatch(value) or int(value) not in YEARS:
        span = f"{YEARS.start} to {YEARS.stop - 1}"
        complaints.error(line, f"year is {_shown(value)}, not a year from {span}; correct or empty it")
        return None
    return int(value)


def score(value: str, name: str, line: int | None, complaints: Complaints) -> float | None:
    if value in MISSING:
        return None
    number = float(value) if _NUMBER.fullmatch(value) else math.nan
    if not math.isfinite(number):
        complaints.error(line, f"{name} is {_shown(value)}, not a finite number; correct or empty it")
        return None
    return number


def symbol(value: str, matched: str | None, source: str | None) -> str | None:
    """A gene can be called NA: then it was matched by that very symbol."""
    if value not in MISSING:
        return value
    is_a_gene = matched is not None and fold(matched) == fold(value) and (source or "").endswith("_symbol")
    return value if is_a_gene else None


def matched_name(value: str, word: str) -> str | None:
    """NA is the name matched if it is the word."""
    return value if value not in MISSING or (value and fold(value) == fold(word)) else None


def mesh_id(value: str) -> str:
    """mesh:D005947, as the newer files spell it; another kind of identifier stays as it is."""
    mesh = _MESH.fullmatch(value)
    return f"mesh:{mesh[1]}" if mesh else value


def entity_key(word: str, *ids: str | None) -> str:
    """What makes a chemical or disease one: its published ids, or else its word."""
    return " ".join(each for each in ids if each) or f"word:{fold(word)}"


def line_of(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


@lru_cache(maxsize=65536)
def _number(value: str, pattern: re.Pattern[str], largest: int) -> int | None:
    """The same ids and counts come again and again."""
    if not pattern.fullmatch(value) or len(value) > 19 or int(value) > largest:
        return None
    return int(value)


def _whole(  # noqa: PLR0913
    value: str, pattern: re.Pattern[str], largest: int, name: str, line: int | None, complaints: Complaints
) -> int | None:
    if value in MISSING:
        return None
    number = _number(value, pattern, largest)
    if number is None:
        least = 0 if pattern is _COUNT else 1
        message = f"{name} is {_shown(value)}, not a whole number from {least} to {largest}; correct it or write NA"
        complaints.error(line, message)
    return number


def _shown(value: Any, longest: int = 60) -> str:
    text = repr(value)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
