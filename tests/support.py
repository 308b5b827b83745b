"""What the tests have in common: figures to write, a database to load them into and to look at."""

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from click.testing import CliRunner, Result
from sqlalchemy import Connection, Table, func, select

from pfocr_db import schema
from pfocr_db.database import connect
from pfocr_db.derive import faults
from pfocr_db.load import Report, load
from pfocr_db.schema import SEARCH

SEEDS = Path(__file__).parent.parent / "seeds"
REAL = Path(__file__).parent.parent.parent / "shared" / "real"
"""Published figures beside the checkout; tests that read them pass without them, too."""

GENE_HEADER = (
    "organism_id",
    "organism_name",
    "organism_group",
    "word",
    "match",
    "ncbigene_symbol",
    "ncbigene_id",
    "source",
    "count_direct",
    "count_synonym",
    "count_match",
)
CHEMICAL_HEADER = ("word", "mesh", "match", "name", "chebi")
DISEASE_HEADER = ("word", "mesh", "match", "name", "doid")

PUBLISHED = (schema.figures, *schema.PUBLISHED)
_BOOKKEEPING = {"figure_id", "first_load_id", "changed_load_id", "withdrawn_load_id"}


@dataclass(frozen=True)
class Database:
    """A database under test: `target` is what --db takes."""

    target: str

    def load(self, *paths: Path | str, **options: Any) -> Report:
        """Load as the command does; LoadError and the like come through."""
        settings = {name: options.pop(name) for name in ("source", "snapshot") if name in options}
        report = Report([str(path) for path in paths], **settings)
        load(connect(self.target, create=True), report, **options)
        return report

    def run(
        self, *words: str | Path, cwd: Path | None = None, timeout: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """The command line in a process of its own."""
        return subprocess.run(
            pfocr_db("--db", self.target, *words),
            capture_output=True,
            text=True,
            cwd=cwd,
            timeout=timeout,
            check=False,
        )

    def invoke(self, *words: str | Path) -> Result:
        """The command line in this process: quicker, where a process of its own is not the point."""
        from pfocr_db.cli import main

        return CliRunner().invoke(main, ["--db", self.target, *map(str, words)])

    def faults(self) -> list[str]:
        """Where the derived tables are not what follows from the published ones."""
        with connect(self.target).connect() as connection:
            return faults(connection)

    def rows(self, table: Table) -> list[dict[str, Any]]:
        """All rows of a table, with the figure's figid for its number, in a comparable order."""
        with connect(self.target).connect() as connection:
            return _comparable(connection, table)

    def count(self, table: Table) -> int:
        with connect(self.target).connect() as connection:
            return int(connection.execute(select(func.count()).select_from(table)).scalar_one())

    def content(self) -> dict[str, Any]:
        """Everything published and derived, surrogate keys and the bookkeeping of loads aside."""
        with connect(self.target).connect() as connection:
            tables: dict[str, Any] = {
                table.name: _comparable(connection, table) for table in (*PUBLISHED, *schema.DERIVED)
            }
            key = "rowid" if connection.dialect.name == "sqlite" else "figure_id"
            indexed = f"SELECT figid FROM {SEARCH} s JOIN figures f ON f.figure_id = s.{key} ORDER BY 1"
            tables[SEARCH] = [figid for (figid,) in connection.exec_driver_sql(indexed)]
        return tables


def _comparable(connection: Connection, table: Table) -> list[dict[str, Any]]:
    query: Any = select(table)
    if "figure_id" in table.columns and table is not schema.figures:
        query = select(schema.figures.c.figid, table).join_from(table, schema.figures)
    found = [dict(row) for row in connection.execute(query).mappings()]
    cleaned = [{name: value for name, value in row.items() if name not in _BOOKKEEPING} for row in found]
    return sorted(cleaned, key=repr)


def pfocr_db(*words: str | Path) -> list[str]:
    return [sys.executable, "-m", "pfocr_db", *map(str, words)]


def write_figure(folder: Path, figid: str = "PMC1__a", **keys: Any) -> Path:
    """A figure file with the front matter of the newer files; `keys` add to it, None leaves a key out."""
    front_matter = {
        "figid": figid,
        "figtitle": "A pathway",
        "pmcid": figid.partition("__")[0],
        "number": "F1",
        "caption": "What is seen.",
        "papertitle": "A paper.",
        "year": "2024",
    } | keys
    kept = {key: value for key, value in front_matter.items() if value is not None}
    return write_text(
        folder / f"{figid}.md", f"---\n{yaml.safe_dump(kept, allow_unicode=True, sort_keys=False)}---\n"
    )


def write_genes(folder: Path, figid: str, rows: Iterable[Mapping[str, str]]) -> Path:
    """A gene sidecar; what a row leaves out is that of a plain human gene."""
    usual = {
        "organism_id": "9606",
        "organism_name": "Homo sapiens",
        "organism_group": "Primates",
        "source": "ncbigene_symbol",
        "count_direct": "1",
        "count_synonym": "2",
        "count_match": "3",
    }
    cells = []
    for row in rows:
        symbol = row.get("ncbigene_symbol", row["word"])
        full = usual | {"match": row["word"], "ncbigene_symbol": symbol} | dict(row)
        cells.append([full[name] for name in GENE_HEADER])
    return write_table(folder / f"{figid}-genes.tsv", GENE_HEADER, cells)


def write_table(file: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    return write_text(file, "".join("\t".join(cells) + "\n" for cells in (header, *rows)))


def write_text(file: Path, content: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8", newline="")
    return file


def age(*files: Path) -> None:
    """Make files look old: what was written a moment ago is read again, because its times prove nothing."""
    for file in files:
        os.utime(file, (1_600_000_000, 1_600_000_000))
