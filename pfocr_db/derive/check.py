"""Whether the derived tables are what follows from the published rows: computed again, and compared."""

from sqlalchemy import Connection, Table, func, select

from pfocr_db import schema
from pfocr_db.bulk import append, temporary
from pfocr_db.derive.change import ENTITIES
from pfocr_db.derive.figure_genes import figure_genes, readings
from pfocr_db.derive.search import fill_search
from pfocr_db.derive.shared import fill_entities, fill_genes, fill_organisms, fill_papers
from pfocr_db.dialects import dialect_of


def faults(connection: Connection) -> list[str]:
    fresh = {table.name: temporary(connection, f"fresh_{table.name}", table) for table in schema.DERIVED}
    append(connection, fresh["gene_readings"], readings(None))
    append(connection, fresh["figure_genes"], figure_genes(None))
    fill_genes(connection, None, fresh["genes"], fresh["gene_names"])
    fill_organisms(connection, None, fresh["organisms"])
    fill_papers(connection, None, fresh["papers"], fresh["paper_keywords"])
    for entities, mentions in ENTITIES:
        fill_entities(connection, None, fresh[entities.name], mentions)
    search = dialect_of(connection).search
    fresh[search.name] = temporary(connection, f"fresh_{search.name}", search)
    fill_search(connection, None, fresh[search.name])
    tables = (*schema.DERIVED, search)
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
