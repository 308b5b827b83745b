"""The one rule for what figures share: the most frequent value, ties to the smallest in byte order."""

from collections import Counter
from collections.abc import Sequence
from typing import Any


def most_frequent(votes: Sequence[tuple[Any, int]]) -> Any:
    """The value with the most votes; None is no vote. Python compares text by code points: so do UTF-8's bytes."""
    values = {value for value, _ in votes if value is not None}
    if len(values) < 2:
        return next(iter(values), None)
    counts: Counter[Any] = Counter()
    for value, number in votes:
        counts[value] += number
    return min(values, key=lambda value: (-counts[value], value))
