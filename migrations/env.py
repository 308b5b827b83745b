"""Runs the revisions, on the connection pfocr-db hands over or, under plain `alembic`, on PFOCR_DB_URL."""

import os
from typing import Any

from alembic import context
from sqlalchemy import Connection

from pfocr_db import migrate
from pfocr_db.database import connect
from pfocr_db.errors import UsageError
from pfocr_db.schema import SEARCH, metadata
from pfocr_db.settings import DATABASE_VARIABLE, DEFAULT_DATABASE


def not_search(name: str | None, kind: str, _parents: Any) -> bool:
    """The full-text tables are made by hand and unknown to the metadata: autogenerate must not drop them."""
    return not (kind == "table" and (name or "").startswith(SEARCH))


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_name=not_search,
        compare_type=True,
        compare_server_default=True,
        render_as_batch=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    raise UsageError("migrations need a database to look at; --sql is not supported")

handed_over: Connection | None = context.config.attributes.get("connection")
if handed_over is not None:
    run(handed_over)
else:
    target = os.environ.get(DATABASE_VARIABLE, DEFAULT_DATABASE)
    with migrate.transaction(connect(target, create=True)) as own:
        run(own)
