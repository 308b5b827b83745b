"""The full-text table: title, caption and paper title of each standing figure, cut into words."""

from collections.abc import Iterator

from sqlalchemy import Connection, Table, delete, select

from pfocr_db import schema
from pfocr_db.bulk import chunks, fill, first_key, stream
from pfocr_db.derive.shared import STANDS, Keys
from pfocr_db.dialects import dialect_of
from pfocr_db.dialects.base import Row
from pfocr_db.schema import figures
from pfocr_db.text import words

LONG_ROWS = 2_000
"""So many figures' texts are held at a time."""


LONGEST = 60_000
"""So many characters of a text are indexed; captions have up to 10,000, and a tsvector has to stay below 1 MB."""


def derive_search(connection: Connection, keys: Keys) -> int:
    """Index these figures, or all of them, anew; the number of figures indexed."""
    search = dialect_of(connection).search
    remove = delete(search)
    connection.execute(remove if keys is None else remove.where(first_key(search).in_(keys)))
    return fill_search(connection, keys, search)


def fill_search(connection: Connection, keys: Keys, search: Table) -> int:
    return sum(fill(connection, search, some) for some in chunks(_rows(connection, keys), LONG_ROWS))


def _rows(connection: Connection, keys: Keys) -> Iterator[Row]:
    search_row = dialect_of(connection).search_row
    texts = select(figures.c.figure_id, figures.c.title, figures.c.caption, schema.paper_claims.c.title)
    query = texts.join_from(figures, schema.paper_claims).where(STANDS)
    if keys is not None:
        query = query.where(figures.c.figure_id.in_(keys))
    for figure_id, *some in stream(connection, query):
        title, caption, paper_title = (_indexed(text or "") for text in some)
        yield search_row(figure_id, title, caption, paper_title)


def _indexed(text: str) -> str:
    joined = " ".join(words(text))
    return joined if len(joined) <= LONGEST else joined[:LONGEST].rpartition(" ")[0]
