"""What a load has to say for itself."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from pfocr_db.settings import COUNTS, DEFAULT_SOURCE
from pfocr_db.source.problems import ERROR, Problem


@dataclass
class Report:
    paths: list[str]
    source: str = DEFAULT_SOURCE
    snapshot: bool = False
    load_id: int | None = None
    status: str = "failed"
    """Until it is known better: loaded, or checked."""
    error: str | None = None
    figures: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(COUNTS, 0)))
    rows: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    phases: dict[str, float] = field(default_factory=dict)
    """Seconds by phase: looking, deciding, reading (waiting for it), staging, settling, deriving, indexing."""
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    _began: float = field(default_factory=perf_counter)

    @property
    def seconds(self) -> float:
        return round(perf_counter() - self._began, 3)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        began = perf_counter()
        try:
            yield
        finally:
            self.phases[name] = self.phases.get(name, 0.0) + perf_counter() - began

    @property
    def has_rejects(self) -> bool:
        """Whether a figure, or a file, was left out."""
        return self.figures["rejected"] > 0 or any(problem.severity == ERROR for problem in self.problems)

    def as_json(self) -> dict[str, Any]:
        return {
            "load_id": self.load_id,
            "status": self.status,
            "seconds": self.seconds,
            "figures": {name: self.figures[name] for name in COUNTS},
            "rows": dict(sorted(self.rows.items())),
            "problems": [problem._asdict() for problem in self.problems],
        }
