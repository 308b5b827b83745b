"""docs/schema.md, from the tables' own comments:  python -m pfocr_db.schema_docs > docs/schema.md"""

from collections.abc import Iterator

from sqlalchemy import Column, Table

from pfocr_db import schema

_INTRODUCTION = """\
# The tables

<!-- Made by `python -m pfocr_db.schema_docs > docs/schema.md`; a test fails when it is stale. -->

On Postgres, `\\d+ figures` shows the same descriptions. A figure is `figure_id` within the database and `figid`
outside of it; a gene is its NCBI Gene id. Text compares by bytes on both databases. A figure stands while its
`withdrawn_load_id` is NULL; the derived tables are about standing figures alone.
"""
_SEARCH = """\
### figure_search

Derived: the searchable text of each standing figure, cut into words by pfocr-db. On SQLite an FTS5 table with the
columns `title`, `caption` and `paper_title`, whose `rowid` is the figure_id; on Postgres `figure_id` and `document`,
a tsvector in which the title weighs A, the paper's title B and the caption C.
"""


def markdown() -> str:
    published = [schema.figures, *schema.PUBLISHED]
    groups = {
        "What was published": published,
        "What follows from it": [schema.tiers, *schema.DERIVED, schema.derived_state],
        "What curators decided": [schema.curation_events],
        "What loads did": [schema.loads, schema.load_changes, schema.load_problems, schema.source_files],
    }
    assert {table.name for tables in groups.values() for table in tables} == set(schema.metadata.tables)
    parts = [_INTRODUCTION]
    for title, tables in groups.items():
        parts.append(f"## {title}\n")
        parts += ["\n".join(_table(table)) for table in tables]
        if title == "What follows from it":
            parts.append(_SEARCH)
    return "\n".join(parts)


def _table(table: Table) -> Iterator[str]:
    yield f"### {table.name}\n\n{table.comment}.\n"
    yield "| column | type | meaning |\n|---|---|---|"
    for column in table.columns:
        meaning = str(column.comment).replace("<", "&lt;")
        yield f"| {column.name} | {_type(column)} | {meaning} |"
    yield ""


def _type(column: Column[object]) -> str:
    kind = str(column.type).lower()
    marks = [kind, "key" if column.primary_key else "", "" if column.nullable or column.primary_key else "not null"]
    return " ".join(filter(None, marks))


if __name__ == "__main__":
    print(markdown(), end="")  # noqa: T201 - printing is what this module is run for
