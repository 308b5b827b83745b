"""From a figure's record to rows of the tables."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pfocr_db import schema
from pfocr_db.dialects.base import Row
from pfocr_db.source.reading import read
from pfocr_db.source.records import Figure
from pfocr_db.source.tree import Files

Rows = dict[str, list[Row]]


class Task(NamedTuple):
    """A figure whose files may be news."""

    figid: str
    figure_id: int
    change: str
    """What it is if they are: added, changed or returned."""
    known_digest: str | None
    files: Files

    @property
    def path(self) -> str:
        return self.files.path(self.figid)


READ, KNOWN, REJECTED = "read", "known", "rejected"


class Outcome(NamedTuple):
    """What became of a task: read (there are rows), known (the files are as they were) or rejected."""

    verdict: str
    problems: list[Row]


def read_batch(tasks: Sequence[Task], source: str, load_id: int) -> tuple[list[Outcome], Rows]:
    """Read some figures: what became of each, and the rows of those that are news."""
    outcomes: list[Outcome] = []
    rows: Rows = {}
    for task in tasks:
        reading = read(task.figid, task.path, task.files.sidecars(task.figid), task.known_digest)
        verdict = REJECTED if reading.is_rejected else READ if reading.figure else KNOWN
        if reading.figure and not reading.is_rejected:
            bookkeeping = (source, reading.digest, load_id, load_id, None)
            _add(rows, schema.figures.name, [(task.figure_id, *reading.figure.row, *bookkeeping)])
            _add_published(rows, task.figure_id, reading.figure)
        outcomes.append(Outcome(verdict, [tuple(problem) for problem in reading.problems]))
    return outcomes, rows


def _add_published(rows: Rows, figure_id: int, figure: Figure) -> None:
    _add(rows, schema.paper_claims.name, [(figure_id, *figure.claim)])
    for table, records in (
        (schema.figure_aliases, figure.aliases),
        (schema.figure_organisms, figure.organisms),
        (schema.figure_keywords, figure.keywords),
        (schema.chemical_mentions, figure.chemicals),
        (schema.disease_mentions, figure.diseases),
    ):
        _add(rows, table.name, ((figure_id, place, *record) for place, record in enumerate(records, 1)))
    genes = enumerate(zip(figure.genes, figure.gene_tiers, strict=True), 1)
    _add(rows, schema.gene_mentions.name, ((figure_id, place, *gene, tier) for place, (gene, tier) in genes))


def _add(rows: Rows, table: str, more: Iterable[Row]) -> None:
    rows.setdefault(str(table), []).extend(more)
