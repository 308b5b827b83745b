"""pfocr-db loads: what the last loads did."""

from typing import TYPE_CHECKING

import click

from pfocr_db.cli.output import counts_line, print_table, problem_line
from pfocr_db.settings import COUNTS

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row


@click.group(invoke_without_command=True, epilog="Example: pfocr-db loads --limit 3")
@click.option("--limit", type=click.IntRange(1, 2**31), default=10, show_default=True, metavar="N", help="How many.")
@click.pass_context
def loads(context: click.Context, limit: int) -> None:
    """What the last loads did, the latest first; failed ones included."""
    if context.invoked_subcommand is not None:
        return
    from sqlalchemy import select

    from pfocr_db import schema
    from pfocr_db.migrate import opened

    query = select(schema.loads).order_by(schema.loads.c.load_id.desc()).limit(limit)
    with opened(context.obj) as connection:
        rows = connection.execute(query).all()
    print_table(
        ("load", "started (UTC)", "source", "status", "seconds", *COUNTS),
        (
            (
                row.load_id,
                f"{row.started_at:%Y-%m-%d %H:%M:%S}",
                row.source,
                row.status,
                f"{row.seconds:.1f}",
                *(f"{getattr(row, name):,}" for name in COUNTS),
            )
            for row in rows
        ),
    )
    if any(row.error for row in rows):
        click.echo("`pfocr-db loads show ID` says why a load failed")


@loads.command(epilog="Example: pfocr-db loads show 1")
@click.argument("load_id", metavar="ID", type=click.IntRange(1, 2**63 - 1))
@click.pass_obj
def show(target: str, load_id: int) -> None:
    """One load, figure by figure, with the problems."""
    from sqlalchemy import select

    from pfocr_db import schema
    from pfocr_db.errors import UsageError
    from pfocr_db.migrate import opened

    with opened(target) as connection:
        row = connection.execute(select(schema.loads).where(schema.loads.c.load_id == load_id)).first()
        if row is None:
            raise UsageError(f"there is no load {load_id}; `pfocr-db loads` lists them")
        _print_head(row)
        _print_changes(connection, load_id)
        _print_problems(connection, load_id)


def _print_head(row: "Row[tuple[object, ...]]") -> None:
    snapshot = " (snapshot)" if row.snapshot else ""
    click.echo(f"load {row.load_id}: {row.status} {' '.join(row.paths)}{snapshot} as source {row.source}")
    click.echo(f"  started  {row.started_at:%Y-%m-%d %H:%M:%S} UTC, {row.seconds:.1f} s, pfocr-db {row.version}")
    click.echo("  figures  " + counts_line({name: getattr(row, name) for name in COUNTS}))
    click.echo("  written  " + counts_line(row.rows))
    if row.error:
        click.echo(f"  error    {row.error}")


def _print_changes(connection: "Connection", load_id: int) -> None:
    from sqlalchemy import select

    from pfocr_db.bulk import stream
    from pfocr_db.schema import figures, load_changes

    changes = select(load_changes.c.change, figures.c.figid, load_changes.c.parts).join_from(load_changes, figures)
    for change, figid, parts in stream(
        connection, changes.where(load_changes.c.load_id == load_id).order_by(figures.c.figid)
    ):
        click.echo(f"{change}  {figid}{f'  {parts}' if parts else ''}")


def _print_problems(connection: "Connection", load_id: int) -> None:
    from sqlalchemy import select

    from pfocr_db.bulk import stream
    from pfocr_db.schema import load_problems
    from pfocr_db.source.problems import Problem

    columns = [load_problems.c[name] for name in Problem._fields]
    problems = select(*columns).where(load_problems.c.load_id == load_id).order_by(load_problems.c.ordinal)
    for row in stream(connection, problems):
        problem = Problem(*row)
        click.echo(f"{problem.severity}: {problem_line(problem)}")
