"""How fast loads are, against what one would compare them with: both sides in one run, with the ratio.

    python benchmarks/load.py all [--figures 20000] [--large 117000] [--folder DIR]

or one of: whole, rows, postgres, unchanged, growth. The corpus is made on first use and kept in DIR.
"""

import argparse
import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import log
from pathlib import Path
from time import perf_counter
from typing import Any

import naive
from corpus import change_corpus, write_corpus

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

JOBS = 2
NAIVE_FIGURES = 300


class Bench:
    def __init__(self, folder: Path, figures: int, large: int) -> None:
        self.folder = folder
        self.figures = figures
        self.large = large
        self.missed = 0

    def corpus(self, figures: int) -> Path:
        made = self.folder / f"corpus-{figures}"
        if not (made / "complete").exists():
            shutil.rmtree(made, ignore_errors=True)
            print(f"… making {figures:,} figures", file=sys.stderr)
            write_corpus(made, figures)
            (made / "complete").touch()
        return made

    def database(self, name: str) -> str:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.folder / name}{suffix}").unlink(missing_ok=True)
        return str(self.folder / name)

    def line(self, what: str, ours: str, theirs: str, ratio: float, least: float = 0, most: float = 0) -> None:
        """One comparison; `ratio` must be at least or at most so much."""
        holds = ratio >= least if least else ratio <= most
        self.missed += not holds
        wanted = f"at least {least:g}" if least else f"at most {most:.3g}"
        print(f"{what:<44} {ours:>18} {theirs:>22} {ratio:>8.2f}  {wanted}{'' if holds else '  MISSED'}", flush=True)


def whole(bench: Bench) -> None:
    folder = bench.corpus(bench.figures)
    ours = in_own_process(bench.database("whole.db"), folder)
    began = perf_counter()
    naive.load(f"sqlite:///{bench.database('naive.db')}", folder, NAIVE_FIGURES)
    theirs = NAIVE_FIGURES / (perf_counter() - began)
    rate = bench.figures / ours["seconds"]
    bench.line("whole load, figures/s (session.merge)", f"{rate:,.0f}", f"{theirs:,.1f}", rate / theirs, least=15)
    print_phases(ours)


def rows(bench: Bench) -> None:
    """The same rows, read beforehand, into a new database (indexes included) and into keyless memory tables."""
    from pfocr_db import schema
    from pfocr_db.database import connect
    from pfocr_db.dialects import dialect_of
    from pfocr_db.load.rows import Task, read_batch
    from pfocr_db.load.stage import STAGED, Direct
    from pfocr_db.migrate import upgrade_in
    from pfocr_db.source.tree import find_figures

    found = find_figures([str(bench.corpus(bench.figures))]).figures
    tasks = [Task(figid, number, "added", None, found[figid]) for number, figid in enumerate(sorted(found), 1)]
    _, content = read_batch(tasks, "pfocr", 1)
    number = sum(map(len, content.values()))

    engine = connect(bench.database("rows.db"), create=True)
    with dialect_of(engine).exclusive(engine) as connection:
        upgrade_in(connection)
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")  # there is no load these figures could be of
        began = perf_counter()
        make_indexes = dialect_of(engine).drop_indexes(connection, STAGED)
        Direct(connection).add(content)
        make_indexes()
        ours = number / (perf_counter() - began)
        connection.rollback()

    memory = sqlite3.connect(":memory:")
    names = [name for name in content if name in schema.metadata.tables]
    for name in names:
        columns = ", ".join(column.name for column in schema.metadata.tables[name].columns)
        memory.execute(f"CREATE TABLE {name} ({columns})")
    began = perf_counter()
    for name in names:
        places = ", ".join("?" * len(schema.metadata.tables[name].columns))
        memory.executemany(f"INSERT INTO {name} VALUES ({places})", content[name])
    theirs = number / (perf_counter() - began)
    bench.line("rows/s into SQLite (executemany, memory)", f"{ours:,.0f}", f"{theirs:,.0f}", ours / theirs, least=0.3)


def postgres(bench: Bench) -> None:
    from postgres_server import running_server
    from sqlalchemy import create_engine, make_url, text

    folder = bench.corpus(bench.figures)
    sqlite = in_own_process(bench.database("whole.db"), folder)
    with running_server() as server:
        print(f"Postgres: {server.origin}")
        admin = create_engine(server.url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text("DROP DATABASE IF EXISTS bench WITH (FORCE)"))
            connection.execute(text("CREATE DATABASE bench"))
        url = make_url(server.url).set(database="bench").render_as_string(hide_password=False)
        ours = in_own_process(url, folder)
        theirs = naive.merge_gene_rows(url, folder, NAIVE_FIGURES)
        with admin.connect() as connection:
            connection.execute(text("DROP DATABASE bench WITH (FORCE)"))
        admin.dispose()
    rate = ours["published_rows"] / (ours["phases"]["staging"] + ours["phases"]["indexing"])
    bench.line("rows/s into Postgres (session.merge)", f"{rate:,.0f}", f"{theirs:,.0f}", rate / theirs, least=40)
    seconds = ours["seconds"], sqlite["seconds"]
    bench.line(
        "whole load into Postgres, s (SQLite)", *(f"{each:.1f}" for each in seconds), seconds[0] / seconds[1], most=3
    )
    print_phases(ours)


def unchanged(bench: Bench) -> None:
    folder = bench.corpus(bench.figures)
    database = bench.database("whole.db")
    first = in_own_process(database, folder)["seconds"]
    look = best(5, lambda: scan(folder))
    start = best(5, lambda: command(database, "db", "status"))
    again = best(5, lambda: command(database, "load", str(folder), "--jobs", str(JOBS)))
    own = again - start
    bench.line("nothing changed, s (scandir + stat)", f"{own:.3f}", f"{look:.3f}", own / look, most=3)
    bench.line("nothing changed, all, s (first load)", f"{again:.3f}", f"{first:.2f}", again / first, most=1 / 15)
    with changed_copy(folder) as copy:
        command(database, "load", str(copy), "--jobs", str(JOBS))
        change_corpus(copy, 0.01, seed=7)
        some = command(database, "load", str(copy), "--jobs", str(JOBS))
    bench.line("1 % changed, s (first load)", f"{some:.2f}", f"{first:.2f}", some / first, most=1 / 6)


def growth(bench: Bench) -> None:
    small = in_own_process(bench.database("small.db"), bench.corpus(bench.figures))
    large = in_own_process(bench.database("large.db"), bench.corpus(bench.large))
    data = bench.large / bench.figures
    allowed = 7 ** (log(data) / log(5))
    seconds = large["seconds"], small["seconds"]
    bench.line(
        f"{data:.2f} times the figures, s",
        *(f"{each:.1f}" for each in seconds),
        seconds[0] / seconds[1],
        most=allowed,
    )
    peak = large["peak_mb"], small["peak_mb"]
    bench.line("peak memory of the parent, MB", *(f"{each:.0f}" for each in peak), peak[0] / peak[1], most=2)
    bench.line("… and in all, MB", f"{peak[0]:.0f}", "400", peak[0] / 400, most=1)
    print_phases(large)


# ------------------------------------------------------------------------------------------------- measuring


def in_own_process(target: str, folder: Path) -> dict[str, Any]:
    """A load in a process of its own, so that its peak memory is nobody else's."""
    words = [sys.executable, __file__, "one", "--folder", str(folder), "--target", target]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def one(target: str, folder: Path) -> None:
    from pfocr_db import schema
    from pfocr_db.database import connect
    from pfocr_db.load import Report, load

    report = Report([str(folder)])
    load(connect(target, create=True), report, jobs=JOBS)
    published = sum(report.rows[table.name] for table in (schema.figures, *schema.PUBLISHED))
    out = {"seconds": report.seconds, "phases": report.phases, "peak_mb": peak_mb(), "published_rows": published}
    print(json.dumps(out))


def peak_mb() -> float:
    """Of this process alone: getrusage would count what it was forked from."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def command(database: str, *words: str) -> float:
    began = perf_counter()
    subprocess.run([sys.executable, "-m", "pfocr_db", "--db", database, *words], check=True, capture_output=True)
    return perf_counter() - began


def scan(folder: Path) -> float:
    began = perf_counter()
    for below in ("_figures", "_data"):
        with os.scandir(folder / below) as entries:
            for entry in entries:
                entry.stat()
    return perf_counter() - began


def best(times: int, measure: Callable[[], float]) -> float:
    return min(measure() for _ in range(times))


@contextmanager
def changed_copy(folder: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=folder.parent) as place:
        copy = Path(place) / "corpus"
        shutil.copytree(folder, copy)
        yield copy


def print_phases(result: dict[str, Any]) -> None:
    total = result["seconds"]
    shares = ", ".join(f"{name} {100 * part / total:.0f} %" for name, part in result["phases"].items())
    print(f"    of {total:.1f} s: {shares}")


COMPARISONS: dict[str, Callable[[Bench], None]] = {
    "whole": whole,
    "rows": rows,
    "postgres": postgres,
    "unchanged": unchanged,
    "growth": growth,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("comparison", choices=["all", *COMPARISONS, "one"])
    parser.add_argument("--figures", type=int, default=20_000)
    parser.add_argument("--large", type=int, default=117_000)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "pfocr-db-benchmark")
    parser.add_argument("--target", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.comparison == "one":
        one(options.target, options.folder)
        return
    options.folder.mkdir(parents=True, exist_ok=True)
    bench = Bench(options.folder, options.figures, options.large)
    version = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    print(f"{bench.figures:,} figures, {JOBS} processes, {os.cpu_count()} cores, {platform.machine()}, {version}")
    print(f"{'':<44} {'pfocr-db':>18} {'the other side':>22} {'ratio':>8}")
    for name, compare in COMPARISONS.items():
        if options.comparison in ("all", name):
            compare(bench)
    sys.exit(1 if bench.missed else 0)


if __name__ == "__main__":
    main()
