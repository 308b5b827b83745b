"""What follows from the published rows of the figures that stand: all of it, or what a change touched."""

from sqlalchemy import Connection, delete, func, insert, select

from pfocr_db import schema
from pfocr_db.derive.change import Change
from pfocr_db.derive.check import faults
from pfocr_db.derive.compute import compute
from pfocr_db.dialects import dialect_of

RULES = 1
"""Raise it when a rule of this package changes: a database derives all its tables again at its next load."""


def is_current(connection: Connection) -> bool:
    return connection.execute(select(schema.derived_state.c.rules)).scalar() == RULES


def derive_all(connection: Connection) -> dict[str, int]:
    """Compute every derived table from scratch; the rows of each."""
    tables = (*schema.DERIVED, dialect_of(connection).search)
    for table in reversed(tables):
        connection.execute(delete(table))
    compute(connection, lambda table: table)
    connection.execute(delete(schema.derived_state))
    connection.execute(insert(schema.derived_state).values(rules=RULES))
    counts = {table.name: select(func.count()).select_from(table) for table in tables}
    return {name: connection.execute(count).scalar_one() for name, count in counts.items()}


__all__ = ["RULES", "Change", "derive_all", "faults", "is_current"]
