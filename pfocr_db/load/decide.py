"""What is news: the files in the paths against the figures in the database."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Connection, Select, func, select

from pfocr_db import schema
from pfocr_db.bulk import stream
from pfocr_db.load.rows import Task
from pfocr_db.schema import figures
from pfocr_db.source.tree import Tree


@dataclass
class Decision:
    tasks: list[Task]
    """Figures to be read, in the order of their figids."""
    unchanged: int = 0
    """Figures whose files look as they did when last read."""
    moved_in: list[int] = field(default_factory=list)
    """Of these, the ones that were last read under another source."""
    gone: list[int] = field(default_factory=list)
    """Standing figures of the source that are not in the paths."""
    standing: int = 0
    """How many figures of the source stand so far."""
    known: int = 0
    """How many figures the database has so far."""


def decide(connection: Connection, tree: Tree, source: str, *, verify: bool = False) -> Decision:
    """Takes the figures out of the tree as it goes."""
    decision = Decision([])
    for figid, figure_id, digest, owner, withdrawn, path, stat in stream(connection, _known_figures()):
        found = tree.figures.pop(figid, None)
        standing_here = owner == source and withdrawn is None
        decision.standing += standing_here
        decision.known += 1
        if found is None:
            if standing_here and figid not in tree.rejected:
                decision.gone.append(figure_id)
        elif withdrawn is not None:
            decision.tasks.append(Task(figid, figure_id, "returned", None, found))
        elif verify or not stat or found.stat != stat or found.path(figid) != path:
            decision.tasks.append(Task(figid, figure_id, "changed", digest, found))
        else:
            decision.unchanged += 1
            if owner != source:
                decision.moved_in.append(figure_id)
    for figure_id, figid in enumerate(sorted(tree.figures), next_id(connection, figures.c.figure_id)):
        decision.tasks.append(Task(figid, figure_id, "added", None, tree.figures.pop(figid)))
    decision.tasks.sort()
    return decision


def next_id(connection: Connection, column: Column[int]) -> int:
    """Only one load runs at a time, so that the next number is nobody else's."""
    return int(connection.execute(select(func.coalesce(func.max(column), 0))).scalar_one()) + 1


def _known_figures() -> Select[Any]:
    files = schema.source_files
    return select(
        figures.c.figid,
        figures.c.figure_id,
        figures.c.digest,
        figures.c.source,
        figures.c.withdrawn_load_id,
        files.c.path,
        files.c.stat,
    ).join_from(figures, files)
