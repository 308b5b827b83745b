"""Whether the derived tables are what follows from the published rows: computed again, and compared."""

from sqlalchemy import Connection, Table, func, select

from pfocr_db import schema
from pfocr_db.bulk import temporary
from pfocr_db.derive.compute import compute
from pfocr_db.dialects import dialect_of


def faults(connection: Connection) -> list[str]:
    tables = (*schema.DERIVED, dialect_of(connection).search)
    fresh = {table.name: temporary(connection, f"fresh_{table.name}", table) for table in tables}
    compute(connection, lambda table: fresh[table.name])
    return [fault for table in tables if (fault := _difference(connection, table, fresh[table.name]))]


def _difference(connection: Connection, table: Table, fresh: Table) -> str | None:
    columns = [table.c[column.name] for column in fresh.columns]
    surplus = _count(connection, select(*columns).except_(select(fresh)).subquery())
    lacking = _count(connection, select(fresh).except_(select(*columns)).subquery())
    if not surplus and not lacking:
        return None
    return f"{table.name}: {surplus:,} rows that should not be there, {lacking:,} that are missing"


def _count(connection: Connection, rows: object) -> int:
    return int(connection.execute(select(func.count()).select_from(rows)).scalar_one())  # type: ignore[arg-type]
