"""The obvious way to load figures: SafeLoader, session.merge for each row, a commit a figure."""

import csv
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import yaml
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class Paper(Base):
    __tablename__ = "naive_papers"
    pmcid: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str | None]
    year: Mapped[str | None]
    doi: Mapped[str | None]
    journal: Mapped[str | None]


class Figure(Base):
    __tablename__ = "naive_figures"
    figid: Mapped[str] = mapped_column(primary_key=True)
    pmcid: Mapped[str] = mapped_column(ForeignKey("naive_papers.pmcid"))
    number: Mapped[str | None]
    title: Mapped[str | None]
    caption: Mapped[str | None]


class GeneMention(Base):
    __tablename__ = "naive_gene_mentions"
    figid: Mapped[str] = mapped_column(ForeignKey("naive_figures.figid"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    organism_id: Mapped[str]
    word: Mapped[str]
    match: Mapped[str | None]
    ncbigene_symbol: Mapped[str | None]
    ncbigene_id: Mapped[str | None] = mapped_column(index=True)
    source: Mapped[str | None]


class Chemical(Base):
    __tablename__ = "naive_chemicals"
    figid: Mapped[str] = mapped_column(ForeignKey("naive_figures.figid"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str]
    mesh: Mapped[str | None]
    chebi: Mapped[str | None]


class Disease(Base):
    __tablename__ = "naive_diseases"
    figid: Mapped[str] = mapped_column(ForeignKey("naive_figures.figid"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str]
    mesh: Mapped[str | None]
    doid: Mapped[str | None]


SIDECARS = {"genes": GeneMention, "chemicals": Chemical, "diseases": Disease}


def load(url: str, folder: Path, figures: int) -> None:
    """Load the first so many figures of a corpus."""
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        for file in sorted((folder / "_figures").iterdir())[:figures]:
            text = file.read_text(encoding="utf-8")
            for row in figure_rows(yaml.safe_load(text.split("---\n")[1])):
                session.merge(row)
            for row in sidecar_rows(folder / "_data", file.stem):
                session.merge(row)
            session.commit()
    engine.dispose()


def merge_gene_rows(url: str, folder: Path, figures: int) -> float:
    """Rows a second, of the gene rows alone and read beforehand."""
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    files = sorted((folder / "_figures").iterdir())[:figures]
    rows = {file.stem: list(gene_rows(folder / "_data", file.stem)) for file in files}
    with Session(engine) as session:
        session.merge(Paper(pmcid="PMC0"))
        for figid in rows:
            session.merge(Figure(figid=figid, pmcid="PMC0"))
        session.commit()
        began = perf_counter()
        for some in rows.values():
            for row in some:
                session.merge(row)
            session.commit()
        seconds = perf_counter() - began
    engine.dispose()
    return sum(map(len, rows.values())) / seconds


def gene_rows(folder: Path, figid: str) -> Iterator[Base]:
    return (row for row in sidecar_rows(folder, figid) if isinstance(row, GeneMention))


def figure_rows(front_matter: dict[str, Any]) -> Iterator[Base]:
    get = front_matter.get
    yield Paper(
        pmcid=get("pmcid"), title=get("papertitle"), year=get("year"), doi=get("doi"), journal=get("journal_title")
    )
    yield Figure(
        figid=get("figid"),
        pmcid=get("pmcid"),
        number=str(get("number")),
        title=get("figtitle"),
        caption=get("caption"),
    )


def sidecar_rows(folder: Path, figid: str) -> Iterator[Base]:
    for kind, model in SIDECARS.items():
        file = folder / f"{figid}-{kind}.tsv"
        if not file.exists():
            continue
        known = {column.name for column in model.__table__.columns}
        with file.open(encoding="utf-8", newline="") as lines:
            for ordinal, row in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 1):
                kept = {name: value for name, value in row.items() if name in known}
                yield model(figid=figid, ordinal=ordinal, **kept)
