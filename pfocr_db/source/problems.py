"""What is wrong with a file: all of it is collected, nothing is raised past the file's reader."""

from dataclasses import dataclass, field
from typing import NamedTuple

ERROR = "error"
WARNING = "warning"


MOST_ERRORS = 100
"""So many are listed of one file: a table of another shape has one in every row."""


class Problem(NamedTuple):
    path: str
    line: int | None
    severity: str
    message: str

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.message}"


@dataclass
class Complaints:
    """Gathers the problems of one file."""

    path: str
    problems: list[Problem] = field(default_factory=list)

    def error(self, line: int | None, message: str) -> None:
        if len(self.problems) < MOST_ERRORS:
            self._add(line, ERROR, message)
        elif len(self.problems) == MOST_ERRORS:
            self._add(line, ERROR, "here and further down more is wrong; correct the above first")

    def warning(self, line: int | None, message: str) -> None:
        self._add(line, WARNING, message)

    def _add(self, line: int | None, severity: str, message: str) -> None:
        self.problems.append(Problem(storable(self.path), line, severity, storable(message)))


class UnreadableError(Exception):
    """Reading a file cannot go on."""

    def __init__(self, line: int | None, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


def storable(text: str) -> str:
    """The text with escapes for what no database holds: a NUL, and the bytes of a name that is not UTF-8."""
    return text.encode(errors="backslashreplace").decode().replace("\0", "\\0")


def has_errors(problems: list[Problem]) -> bool:
    return any(problem.severity == ERROR for problem in problems)
