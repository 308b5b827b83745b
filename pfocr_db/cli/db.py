"""pfocr-db db: the database itself."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pfocr_db.cli.output import require_folder

if TYPE_CHECKING:
    from sqlalchemy import Engine


@click.group()
def db() -> None:
    """The database itself: its state, its schema, a copy, its soundness."""


@db.command(epilog="Example: pfocr-db db status")
@click.pass_obj
def status(target: str) -> None:
    """What is in the database, and whether its schema is this version's."""
    from pfocr_db import migrate
    from pfocr_db.database import connect, shown
    from pfocr_db.status import contents

    engine = connect(target)
    with engine.connect() as connection:
        click.echo(f"database  {shown(engine.url)}")
        found = migrate.state(connection)
        click.echo(f"schema    {found}")
        if found.is_current:
            for name, value in contents(connection):
                click.echo(f"{name:<9} {value}")


@db.command(epilog="Example: pfocr-db db upgrade")
@click.pass_obj
def upgrade(target: str) -> None:
    """Bring the schema to this version's; a SQLite file is backed up first."""
    from pfocr_db import migrate
    from pfocr_db.database import connect
    from pfocr_db.derive import derive_all, is_current
    from pfocr_db.dialects import dialect_of

    engine = connect(target)
    with engine.connect() as connection:
        before = migrate.state(connection)
    if before.is_current:
        click.echo(f"nothing to do: the schema is at revision {before.head}")
        return
    migrate.refuse_unknown(before)
    if not before.is_empty and dialect_of(engine).is_backed_up_first:
        click.echo(f"backed up to {_backup(engine, None)}")
    with migrate.transaction(engine) as connection:
        migrate.upgrade_in(connection)
        if not is_current(connection):
            derive_all(connection)
    click.echo(f"upgraded from {before.revision or 'nothing'} to {before.head}")


@db.command(epilog="Example: pfocr-db db backup pfocr-before.db")
@click.argument("file", type=click.Path(dir_okay=False), required=False)
@click.pass_obj
def backup(target: str, file: str | None) -> None:
    """Copy the whole database to FILE (SQLite: a database; Postgres: a pg_dump archive for pg_restore)."""
    from pfocr_db.database import connect

    click.echo(f"backed up to {_backup(connect(target), file)}")


@db.command(epilog="Example: pfocr-db db check")
@click.pass_obj
def check(target: str) -> None:
    """Whether the database is sound, and the derived tables are what follows from the published ones."""
    from pfocr_db.derive import faults
    from pfocr_db.dialects import dialect_of
    from pfocr_db.migrate import opened

    with opened(target) as connection:
        found = [*dialect_of(connection).faults(connection), *faults(connection)]
        connection.rollback()
    for fault in found:
        click.echo(fault, err=True)
    if found:
        click.echo(f"{len(found)} faults; `pfocr-db load --verify PATH` or a backup may mend them", err=True)
        sys.exit(1)
    click.echo("sound: the tables agree with each other")


def _backup(engine: "Engine", file: str | None) -> Path:
    from pfocr_db.dialects import dialect_of
    from pfocr_db.errors import UsageError

    dialect = dialect_of(engine)
    path = Path(file or dialect.backup_name(engine.url, f"{datetime.now():%Y%m%d-%H%M%S}"))
    if path.exists():
        raise UsageError(f"{path} exists already; name another file")
    require_folder(path)
    dialect.backup(engine.url, path)
    return path
