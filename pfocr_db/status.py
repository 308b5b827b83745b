"""What is in a database, in a few lines."""

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from pfocr_db.derive import is_current
from pfocr_db.schema import figures, loads


def contents(connection: Connection) -> Iterator[tuple[str, str]]:
    withdrawn = func.count(figures.c.withdrawn_load_id)
    by_source = (
        select(figures.c.source, func.count(), withdrawn).group_by(figures.c.source).order_by(figures.c.source)
    )
    for source, number, gone in connection.execute(by_source):
        yield "figures", f"{number - gone:,} of source {source}" + (f", {gone:,} more withdrawn" if gone else "")
    last = connection.execute(select(loads).order_by(loads.c.load_id.desc()).limit(1)).first()
    if last:
        yield "last load", f"{last.load_id}, {last.status} {last.started_at:%Y-%m-%d %H:%M:%S} UTC"
    if not is_current(connection):
        yield "derived", "out of date: the next load computes all derived tables anew"
