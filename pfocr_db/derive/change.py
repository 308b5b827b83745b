"""Deriving only what a change to some figures touched."""

from collections import Counter
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Select, Table, delete, exists, func, select, union, update

from pfocr_db import schema
from pfocr_db.bulk import append, differing, merge, rows_written, same_key, temporary
from pfocr_db.derive.figure_genes import figure_genes, readings
from pfocr_db.derive.search import derive_search
from pfocr_db.derive.shared import fill_entities, fill_genes, fill_organisms, fill_papers
from pfocr_db.schema import SEARCH, figures

ENTITIES = (
    (schema.chemicals, schema.chemical_mentions),
    (schema.diseases, schema.disease_mentions),
)


class Change:
    """Made before the figures' published rows are written; `derive` is called afterwards.

    Between the two it remembers which shared things the figures had a say in, and what their rows counted for.
    """

    def __init__(self, connection: Connection, figure_ids: Select[Any] | CompoundSelect[Any]) -> None:
        self._connection = connection
        self._figures = self._keys("touched_figures", figures, "figure_id")
        append(connection, self._figures, figure_ids)
        self._papers = self._keys("touched_papers", schema.papers, "pmcid")
        self._organisms = self._keys("touched_organisms", schema.organisms, "name")
        self._entities = [
            self._keys(f"touched_{entities.name}", entities, next(iter(entities.primary_key)).name)
            for entities, _ in ENTITIES
        ]
        self._votes = temporary(connection, "touched_votes", schema.gene_readings, keyed=False)
        self._note(-1)

    def derive(self) -> dict[str, int]:
        """Bring the derived tables up to date; the number of rows written by table."""
        self._note(+1)
        written: Counter[str] = Counter()
        written.update(self._derive_papers())
        written.update(self._derive_entities())
        regraded = self._keys("regraded_figures", figures, "figure_id")
        append(self._connection, regraded, select(self._figures))
        written.update(self._derive_organisms(regraded))
        written.update(self._derive_genes(regraded))
        written.update(self._derive_figure_genes(regraded))
        written[SEARCH] += derive_search(self._connection, select(self._figures))
        return dict(written)

    def _keys(self, name: str, like: Table, column: str) -> Table:
        return temporary(self._connection, name, like, (column,))

    def _note(self, sign: int) -> None:
        touched = select(self._figures)
        named = schema.figure_organisms.c
        self._add_keys(self._papers, select(figures.c.pmcid).where(figures.c.figure_id.in_(touched)))
        self._add_keys(
            self._organisms, select(named.name).where(named.figure_id.in_(touched), named.name.is_not(None))
        )
        for keys, (entities, mentions) in zip(self._entities, ENTITIES, strict=True):
            key = mentions.c[next(iter(entities.primary_key)).name]
            self._add_keys(keys, select(key).where(mentions.c.figure_id.in_(touched)))
        append(self._connection, self._votes, readings(touched, sign))

    def _add_keys(self, keys: Table, more: Select[Any]) -> None:
        found = more.distinct().subquery()
        (key,), (new,) = keys.columns, found.columns
        append(self._connection, keys, select(new).where(~exists().where(key == new)))

    def _derive_papers(self) -> dict[str, int]:
        papers, keywords = self._fresh(schema.papers), self._fresh(schema.paper_keywords)
        fill_papers(self._connection, select(self._papers), papers, keywords)
        pairs = [(schema.papers, papers), (schema.paper_keywords, keywords)]
        return merge(self._connection, pairs, select(self._papers))

    def _derive_entities(self) -> dict[str, int]:
        written: dict[str, int] = {}
        for keys, (entities, mentions) in zip(self._entities, ENTITIES, strict=True):
            fresh = self._fresh(entities)
            fill_entities(self._connection, select(keys), fresh, mentions)
            written |= merge(self._connection, [(entities, fresh)], select(keys))
        return written

    def _derive_organisms(self, regraded: Table) -> dict[str, int]:
        """Where a name now stands for another taxon, figures with keywords have other genes."""
        touched = select(self._organisms)
        fresh = self._fresh(schema.organisms)
        fill_organisms(self._connection, touched, fresh)
        named, keywords = schema.figure_organisms.c, schema.figure_keywords.c
        renamed = differing(schema.organisms, fresh, touched)
        having = select(named.figure_id).where(named.name.in_(renamed), named.role == "recognised")
        self._add_keys(regraded, select(keywords.figure_id).where(keywords.figure_id.in_(having)))
        return merge(self._connection, [(schema.organisms, fresh)], touched)

    def _derive_genes(self, regraded: Table) -> dict[str, int]:
        """Where a gene has another symbol now, figures with the old or the new one among their keywords, too."""
        net = self._net_votes()
        touched = select(net.c.gene_id).distinct()
        written = {schema.gene_readings.name: self._count_votes(net)}
        genes, names = self._fresh(schema.genes), self._fresh(schema.gene_names)
        fill_genes(self._connection, touched, genes, names)
        changed = differing(schema.genes, genes, touched)
        symbols = union(*(select(each.c.symbol).where(each.c.gene_id.in_(changed)) for each in (schema.genes, genes)))
        keywords = schema.figure_keywords.c
        self._add_keys(regraded, select(keywords.figure_id).where(keywords.keyword.in_(symbols)))
        written |= merge(self._connection, [(schema.genes, genes)], touched)
        by_gene = schema.gene_names.c.gene_id
        return written | merge(self._connection, [(schema.gene_names, names)], touched, by_gene)

    def _net_votes(self) -> Table:
        """What the change adds to and takes from gene_readings; rows that stayed cancel out."""
        *facts, mentions = self._votes.columns
        total = func.sum(mentions)
        net = self._fresh(schema.gene_readings)
        query = select(*facts, total.label("mentions")).group_by(*facts).having(total != 0)
        append(self._connection, net, query)
        return net

    def _count_votes(self, net: Table) -> int:
        counted = schema.gene_readings
        same = same_key(counted, net)
        more = update(counted).values(mentions=counted.c.mentions + net.c.mentions).where(same)
        written = rows_written(self._connection, more)
        written += append(self._connection, counted, select(net).where(~exists().where(same)))
        none = delete(counted).where(counted.c.mentions == 0, counted.c.gene_id.in_(select(net.c.gene_id)))
        self._connection.execute(none)
        return written

    def _derive_figure_genes(self, regraded: Table) -> dict[str, int]:
        fresh = self._fresh(schema.figure_genes)
        append(self._connection, fresh, figure_genes(select(regraded)))
        return merge(self._connection, [(schema.figure_genes, fresh)], select(regraded))

    def _fresh(self, table: Table) -> Table:
        return temporary(self._connection, f"fresh_{table.name}", table)
