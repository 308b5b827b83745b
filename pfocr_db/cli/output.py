"""How things are written on a terminal."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pfocr_db.errors import UsageError

if TYPE_CHECKING:
    from pfocr_db.source.problems import Problem


def counts_line(counts: Mapping[str, int]) -> str:
    """3 added, 1,204 unchanged: what is not zero, or that all is."""
    return ", ".join(f"{number:,} {name}" for name, number in counts.items() if number) or "none"


def problem_line(problem: "Problem") -> str:
    """With a path as short as the current folder allows."""
    relative = os.path.relpath(problem.path) if problem.path.startswith(os.getcwd() + os.sep) else problem.path
    return str(problem._replace(path=relative))


def require_folder(file: Path) -> None:
    """Said before the work is done, not after."""
    if not file.absolute().parent.is_dir():
        raise UsageError(f"{file}: there is no folder {file.parent}; create it first")


def print_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Aligned columns, numbers to the right."""
    cells = [[str(cell) if cell is not None else "" for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(header, *cells, strict=True)]
    numeric = [
        all(row[place].replace(",", "").replace(".", "").isdigit() or not row[place] for row in cells)
        for place in range(len(header))
    ]
    for line in (list(header), *cells):
        padded = [
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, numeric, strict=True)
        ]
        click.echo("  ".join(padded).rstrip())
