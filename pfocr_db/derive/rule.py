"""The one rule for what figures share: the most frequent value, ties to the smallest in byte order."""

from collections import Counter
from collections.abc import Iterable
from typing import Any


def most_frequent(votes: Iterable[tuple[Any, int]]) -> Any:
    """The value with the most votes; None is no vote. Python compares text by code points: so do UTF-8's bytes."""
    counts: Counter[Any] = Counter()
    for value, number in votes:
        if value is not None:
            counts[value] += number
    return min(counts, key=lambda value: (-counts[value], value), default=None)
