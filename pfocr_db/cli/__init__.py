"""The command line: thin commands, heavy imports inside their bodies, errors mapped once."""

import sys
from typing import Any

import click

from pfocr_db import __version__
from pfocr_db.cli.db import db
from pfocr_db.cli.load import load
from pfocr_db.cli.loads import loads
from pfocr_db.errors import PfocrDbError
from pfocr_db.settings import DATABASE_VARIABLE, DEFAULT_DATABASE


class Commands(click.Group):
    """Turns what may go wrong into one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except PfocrDbError as error:
            _fail(str(error), error.exit_code)
        except KeyboardInterrupt:
            _fail("interrupted; nothing was changed", 1)
        except Exception as error:
            # Imported here: --help shall not wait for it. Whatever raises these has imported it already.
            from sqlalchemy.exc import DBAPIError

            from pfocr_db.database import parse_url, shown

            if not isinstance(error, DBAPIError):
                raise
            _fail(f"{shown(parse_url(ctx.obj))}: the database says: {' '.join(str(error.orig).split())}", 1)


def _fail(message: str, code: int) -> None:
    click.echo(f"pfocr-db: {message}", err=True)
    sys.exit(code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--db",
    "target",
    metavar="PATH-OR-URL",
    envvar=DATABASE_VARIABLE,
    default=DEFAULT_DATABASE,
    show_default=True,
    help=f"The database: a SQLite file, or a URL such as postgresql://user@host/name. Also {DATABASE_VARIABLE}.",
)
@click.version_option(__version__, prog_name="pfocr-db")
@click.pass_context
def main(context: click.Context, target: str) -> None:
    """The pathway figures of the biological literature, as a database.

    \b
    Exit codes: 0 done; 1 failed, nothing changed; 2 wrong usage;
    3 loaded, but some files were rejected, or the report could not be written;
    75 another load holds the database.
    """
    context.obj = target


main.add_command(load)
main.add_command(loads)
main.add_command(db)
