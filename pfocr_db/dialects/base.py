"""What the package asks of a database beyond the SQL that SQLAlchemy writes for both."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Index, Table

Row = tuple[Any, ...]
HELD_FOR = 5.0
"""Seconds a load waits for another one before it gives up."""


class Dialect(ABC):
    is_backed_up_first: bool
    """Whether an upgrade copies the database before it begins."""
    reading: Mapping[str, Any]
    """Options of a connection that sees one state of the database, whatever is committed meanwhile."""
    search: Table
    """The full-text table; its first column is the figure's id."""

    @abstractmethod
    def engine(self, url: URL) -> Engine:
        """An engine whose connections are set up as this package needs them. Connects to nothing yet."""

    @abstractmethod
    def exists(self, url: URL) -> bool:
        """Whether there is a database at all; a server is asked only when it is connected to."""

    @abstractmethod
    def exclusive(self, engine: Engine, *, migrating: bool = False) -> AbstractContextManager[Connection]:
        """A transaction no other load can run beside; commits at the end. DatabaseHeldError if one does.

        `migrating` allows tables to be rebuilt, and refuses to commit if that left rows without their parents.
        """

    @abstractmethod
    def insert(self, connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Row]) -> int:
        """Put many rows in by the fastest way there is; the number of rows."""

    @abstractmethod
    def drop_indexes(self, connection: Connection, tables: Iterable[Table]) -> Callable[[], None]:
        """Take from empty tables what is faster to make once they are filled; returns what makes it again."""

    @abstractmethod
    def analyze(self, connection: Connection, tables: Iterable[Table]) -> None:
        """Let the planner know what is in the tables now."""

    @abstractmethod
    def search_row(self, figure_id: int, title: str, caption: str, paper_title: str) -> Row:
        """The row of `search` for texts already cut into words, joined by blanks."""

    @abstractmethod
    def faults(self, connection: Connection) -> list[str]:
        """What the database's own checks find wrong with it."""

    @abstractmethod
    def backup(self, url: URL, target: Path) -> None:
        """Write a complete copy to a file that does not exist yet."""

    @abstractmethod
    def backup_name(self, url: URL, stamp: str) -> str:
        """A name for such a file."""


def indexes_of(tables: Iterable[Table]) -> list[Index]:
    """In the order of their names, so that two databases are made alike."""
    return sorted((index for table in tables for index in table.indexes), key=lambda index: str(index.name))
