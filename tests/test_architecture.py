"""docs/architecture.md, where a machine can see to it."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pfocr_db import schema
from pfocr_db.source import records
from pfocr_db.source.problems import Problem

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "pfocr_db"
ORDER = [
    "__init__",
    "settings",
    "errors",
    "text",
    "schema",
    "schema_docs",
    "dialects",
    "database",
    "migrate",
    "bulk",
    "source",
    "overlay",
    "derive",
    "load",
    "curate",
    "names",
    "statistics",
    "questions",
    "export",
    "status",
    "cli",
    "web",
    "__main__",
]
"""A module or package imports only from those before it."""
DIALECT_NAMES = {"sqlite", "pysqlite", "sqlite3", "postgres", "postgresql", "psycopg"}
MAY_TELL_DIALECTS_APART = {"dialects", "database"}
MAY_HAVE_RAW_SQL = {"dialects", "migrate"}
LONGEST = 300
MAY_BE_LONGER = {"schema.py"}

FILES = sorted(PACKAGE.rglob("*.py"))
NAMES = [str(file.relative_to(PACKAGE)) for file in FILES]
every_file = pytest.mark.parametrize("file", FILES, ids=NAMES)


def unit(file: Path) -> str:
    """The module or package of pfocr_db that a file belongs to."""
    return file.relative_to(PACKAGE).with_suffix("").parts[0]


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


# ----------------------------------------------------------------------------------------------------- imports


@every_file
def test_a_module_imports_only_from_those_above_it(file: Path) -> None:
    above = ORDER[: ORDER.index(unit(file))]
    assert set(imported_units(parsed(file))) - {unit(file)} <= set(above)


@every_file
def test_imports_within_a_package_make_no_circle(file: Path) -> None:
    assert file not in reachable(file)


@every_file
def test_nothing_is_imported_relatively(file: Path) -> None:
    assert not [node for node in ast.walk(parsed(file)) if isinstance(node, ast.ImportFrom) and node.level]


def test_source_knows_no_database() -> None:
    for file in (PACKAGE / "source").glob("*.py"):
        assert "sqlalchemy" not in imported_packages(parsed(file)), file


def test_revisions_stand_by_themselves() -> None:
    """A revision says what the tables were then; the models say what they are now."""
    revisions = sorted((ROOT / "migrations" / "versions").glob("*.py"))
    assert revisions
    for file in revisions:
        assert "pfocr_db" not in imported_packages(parsed(file)), file


def imported_modules(tree: ast.AST) -> Iterator[str]:
    """Names as they are imported; of `from a import b` both a and a.b, for b may be a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_packages(tree: ast.AST) -> set[str]:
    return {name.partition(".")[0] for name in imported_modules(tree)}


def imported_units(tree: ast.AST) -> Iterator[str]:
    for name in imported_modules(tree):
        package, *rest = name.split(".")
        if package == "pfocr_db" and rest and is_module(rest[0]):
            yield rest[0]


def is_module(name: str) -> bool:
    return (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").exists()


def imported_files(file: Path) -> Iterator[Path]:
    for name in imported_modules(parsed(file)):
        place = ROOT.joinpath(*name.split("."))
        if place.with_suffix(".py").exists():
            yield place.with_suffix(".py")
        elif name != "pfocr_db" and (place / "__init__.py").exists():
            yield place / "__init__.py"


def reachable(file: Path) -> set[Path]:
    """The files that are read when this one is imported; those of its own package, for the order sees to the rest."""
    found: set[Path] = set()
    waiting = [file]
    while waiting:
        for each in imported_files(waiting.pop()):
            if unit(each) == unit(file) and each not in found:
                found.add(each)
                waiting.append(each)
    return found


# ---------------------------------------------------------------------------------------------------- databases


@every_file
def test_dialects_are_told_apart_in_one_place(file: Path) -> None:
    if unit(file) not in MAY_TELL_DIALECTS_APART:
        assert list(dialect_tests(parsed(file))) == []


@every_file
def test_raw_sql_stays_with_the_dialects(file: Path) -> None:
    if unit(file) not in MAY_HAVE_RAW_SQL:
        assert list(raw_sql(parsed(file))) == []


@pytest.mark.parametrize(
    ("find", "code"),
    [
        ("dialect_tests", "if connection.dialect.name == wanted: pass"),
        ("dialect_tests", "if name == 'sqlite': pass"),
        ("dialect_tests", "if name in ('postgresql', 'mysql'): pass"),
        ("dialect_tests", "url.drivername.startswith('postgresql+psycopg')"),
        ("dialect_tests", "url.get_backend_name()"),
        ("dialect_tests", "match name:\n case 'sqlite': pass"),
        ("raw_sql", "connection.execute(text('SELECT 1'))"),
        ("raw_sql", "connection.execute(sa.text('SELECT 1'))"),
        ("raw_sql", "connection.exec_driver_sql('SELECT 1')"),
        ("raw_sql", "connection.connection.cursor()"),
    ],
)
def test_the_checks_find_what_they_are_for(find: str, code: str) -> None:
    checks: dict[str, Callable[[ast.AST], Iterator[str]]] = {"dialect_tests": dialect_tests, "raw_sql": raw_sql}
    assert list(checks[find](ast.parse(code)))


def test_variants_of_types_are_no_test_of_the_dialect() -> None:
    assert list(dialect_tests(ast.parse("Text().with_variant(Text(collation='C'), 'postgresql')"))) == []


def dialect_tests(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        tested: list[ast.expr] = []
        if isinstance(node, ast.Compare):
            tested = [node.left, *node.comparators]
        elif isinstance(node, ast.MatchValue):
            tested = [node.value]
        elif isinstance(node, ast.Call) and called(node) in {"startswith", "endswith"}:
            tested = node.args
        elif isinstance(node, ast.Subscript):
            tested = [node.slice]
        if any(names_dialect(part) for each in tested for part in ast.walk(each)) or asks_for_dialect(node):
            yield ast.unparse(node)


def names_dialect(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and bool(DIALECT_NAMES & set(node.value.split("+")))
    )


def asks_for_dialect(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return called(node) in {"get_backend_name", "get_driver_name"}
    if not isinstance(node, ast.Attribute):
        return False
    of_dialect = isinstance(node.value, ast.Attribute) and node.value.attr == "dialect"
    return node.attr == "drivername" or (node.attr == "name" and of_dialect)


def raw_sql(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in {"text", "literal_column", "exec_driver_sql", "cursor"}:
            yield ast.unparse(node)


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


# ------------------------------------------------------------------------------------------------------- sizes


@every_file
def test_no_module_is_long(file: Path) -> None:
    if file.name not in MAY_BE_LONGER:
        assert len(file.read_text(encoding="utf-8").splitlines()) <= LONGEST


# ----------------------------------------------------------------------------------------------------- records


@pytest.mark.parametrize(
    ("record", "table"),
    [
        (records.Alias, schema.figure_aliases),
        (records.OrganismRow, schema.figure_organisms),
        (records.Keyword, schema.figure_keywords),
        (records.ChemicalRow, schema.chemical_mentions),
        (records.DiseaseRow, schema.disease_mentions),
    ],
    ids=lambda value: getattr(value, "name", None) or value.__name__,
)
def test_records_have_the_columns_of_their_tables(record: type, table: schema.Table) -> None:
    assert columns_of(table) == ["figure_id", "ordinal", *fields_of(record)]


def test_the_record_of_a_figure_has_the_columns_of_its_table() -> None:
    bookkeeping = ["source", "digest", "first_load_id", "changed_load_id", "withdrawn_load_id"]
    assert columns_of(schema.figures) == ["figure_id", *fields_of(records.FigureRow), *bookkeeping]
    assert columns_of(schema.paper_claims) == ["figure_id", *fields_of(records.PaperClaim)]


def test_the_record_of_a_gene_row_has_the_columns_of_its_table_but_the_tier() -> None:
    """That takes all rows of a figure to tell."""
    assert columns_of(schema.gene_mentions) == ["figure_id", "ordinal", *fields_of(records.GeneRow), "tier"]


def test_a_problem_has_the_columns_of_its_table() -> None:
    assert columns_of(schema.load_problems) == ["load_id", "ordinal", *fields_of(Problem)]


def columns_of(table: schema.Table) -> list[str]:
    return [column.name for column in table.columns]


def fields_of(record: type) -> list[str]:
    fields: tuple[str, ...] = getattr(record, "_fields", ())
    return list(fields)
