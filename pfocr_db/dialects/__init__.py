"""All that differs between the databases, behind one small interface."""

from sqlalchemy import Connection, Engine

from pfocr_db.dialects.base import Dialect
from pfocr_db.dialects.postgres import Postgres
from pfocr_db.dialects.sqlite import Sqlite

DIALECTS: dict[str, Dialect] = {"sqlite": Sqlite(), "postgresql": Postgres()}


def dialect_of(bind: Engine | Connection) -> Dialect:
    return DIALECTS[bind.dialect.name]


__all__ = ["DIALECTS", "Dialect", "dialect_of"]
