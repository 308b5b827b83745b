"""From what --db says to an engine. A password goes in and never comes out."""

from pathlib import Path

from sqlalchemy import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError

from pfocr_db.dialects import DIALECTS
from pfocr_db.errors import UsageError

_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def parse_url(target: str) -> URL:
    """The URL of a file path or of any spelling of a SQLAlchemy URL."""
    if "://" not in target:
        return _file_url(target)
    try:
        url = make_url(target)
        driver = _DRIVERS[url.drivername]
    except (ArgumentError, ValueError):
        raise UsageError("--db: not a URL; it should look like postgresql://user@host:5432/name") from None
    except KeyError:
        known = "a file path, sqlite:/// or postgresql://"
        raise UsageError(f"--db: {url.drivername}:// is not a database pfocr-db works with; give {known}") from None
    url = url.set(drivername=driver)
    if driver.startswith("sqlite"):
        return _file_url(url.database or "")
    if "password" in url.query:
        url = url.set(password=str(url.query["password"])).difference_update_query(["password"])
    return url


def connect(target: str, *, create: bool = False) -> Engine:
    """The engine of a database; unless it may be created, there has to be one."""
    url = parse_url(target)
    dialect = DIALECTS[url.get_backend_name()]
    if not create and not dialect.exists(url):
        raise UsageError(
            f"{shown(url)}: there is no database here; load one with `pfocr-db load PATH`,"
            " or name another with --db or PFOCR_DB_URL"
        )
    return dialect.engine(url)


def shown(url: URL) -> str:
    """How a database is named in messages."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    where = f"{url.host or 'localhost'}{f':{url.port}' if url.port else ''}"
    return f"postgresql://{f'{url.username}@' if url.username else ''}{where}/{url.database or ''}"


def _file_url(path: str) -> URL:
    if path in ("", ":memory:"):
        raise UsageError("--db: give the database a file; one in memory would be gone at the end of the command")
    file = Path(path).expanduser()
    if file.is_dir():
        raise UsageError(f"--db: {path} is a folder; name a file in it")
    if not file.absolute().parent.is_dir():
        raise UsageError(f"--db: the folder of {path} does not exist; create it first")
    return URL.create("sqlite+pysqlite", database=str(file))
