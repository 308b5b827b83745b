"""What follows from the published rows.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

TIERS = (
    (1, "curated", "a curator confirmed, added or remapped it"),
    (2, "symbol", "its approved symbol was printed"),
    (3, "synonym", "another name was printed that gave this gene alone"),
    (4, "family", "a family or complex was printed, and expanded to its members"),
    (5, "ambiguous", "the printed word gave several genes of the organism"),
    (6, "keyword", "only the published keyword list has it: the figure has no gene rows"),
    (7, "text", "only the caption, the title or the paper's title says it"),
)


def upgrade() -> None:
    op.create_table(
        "tiers",
        sa.Column(
            "tier",
            sa.SmallInteger(),
            autoincrement=False,
            nullable=False,
            comment="The rank: 1 is the surest",
        ),
        sa.Column("name", Name, nullable=False, comment="The tier's name"),
        sa.Column("meaning", Name, nullable=False, comment="A gene is there because …"),
        sa.PrimaryKeyConstraint("tier", name=op.f("pk_tiers")),
        sa.UniqueConstraint("name", name=op.f("uq_tiers_name")),
        comment="How sure it is that a figure mentions a gene: the ranks used in gene_mentions and figure_genes",
    )

    tiers = sa.table("tiers", sa.column("tier"), sa.column("name"), sa.column("meaning"))
    op.bulk_insert(tiers, [{"tier": tier, "name": name, "meaning": meaning} for tier, name, meaning in TIERS])

    op.create_table(
        "derived_state",
        sa.Column(
            "rules",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="The rules the derived tables follow; another number: derive all again",
        ),
        sa.PrimaryKeyConstraint("rules", name=op.f("pk_derived_state")),
        comment="One row: what the derived tables were last computed by",
    )

    op.create_table(
        "papers",
        sa.Column("pmcid", Name, autoincrement=False, nullable=False, comment="The paper's PubMed Central id"),
        sa.Column("title", Name, nullable=True, comment="Title"),
        sa.Column("citation", Name, nullable=True, comment="Authors, journal, date and pages in one line"),
        sa.Column("year", sa.SmallInteger(), nullable=True, comment="Year of publication"),
        sa.Column("doi", Name, nullable=True, comment="DOI"),
        sa.Column("journal", Name, nullable=True, comment="The journal's full name"),
        sa.Column("journal_abbrev", Name, nullable=True, comment="The journal's NLM abbreviation"),
        sa.Column("publisher", Name, nullable=True, comment="Publisher"),
        sa.Column(
            "keywords",
            Name,
            nullable=True,
            comment="The authors' keywords, joined by ' | '; one a row in paper_keywords",
        ),
        sa.PrimaryKeyConstraint("pmcid", name=op.f("pk_papers")),
        comment="Derived: a paper with standing figures; each value is the one most of its figures publish",
    )

    op.create_table(
        "paper_keywords",
        sa.Column("pmcid", Name, autoincrement=False, nullable=False, comment="The paper"),
        sa.Column(
            "ordinal",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="Its place in the list, from 1",
        ),
        sa.Column("keyword", Name, nullable=False, comment="One of the authors' keywords"),
        sa.ForeignKeyConstraint(["pmcid"], ["papers.pmcid"], name=op.f("fk_paper_keywords_pmcid_papers")),
        sa.PrimaryKeyConstraint("pmcid", "ordinal", name=op.f("pk_paper_keywords")),
        comment="Derived: the authors' keywords of a paper",
        sqlite_with_rowid=False,
    )

    op.create_table(
        "organisms",
        sa.Column(
            "name",
            Name,
            autoincrement=False,
            nullable=False,
            comment="The organism's name as published, misspelled ones included",
        ),
        sa.Column("taxon_id", Id, nullable=True, comment="The NCBI taxonomy id most often published with it"),
        sa.Column("organism_group", Name, nullable=True, comment="The group most often published with it"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_organisms")),
        comment="Derived: an organism the standing figures name",
    )
    op.create_index(op.f("ix_organisms_taxon_id"), "organisms", ["taxon_id"])

    op.create_table(
        "gene_readings",
        sa.Column("gene_id", Id, autoincrement=False, nullable=False, comment="The NCBI Gene id"),
        sa.Column(
            "taxon_id",
            Id,
            autoincrement=False,
            nullable=False,
            comment="The organism's NCBI taxonomy id; 0 where none is published",
        ),
        sa.Column(
            "symbol",
            Name,
            autoincrement=False,
            nullable=False,
            comment="The symbol published with it; '' where none is",
        ),
        sa.Column(
            "matched",
            Name,
            autoincrement=False,
            nullable=False,
            comment="The name that was matched; '' where none is published",
        ),
        sa.Column(
            "kind",
            Name,
            autoincrement=False,
            nullable=False,
            comment="What that name is to the gene: symbol, synonym or family",
        ),
        sa.Column(
            "mentions",
            sa.Integer(),
            nullable=False,
            comment="Published rows that read so in standing figures",
        ),
        sa.PrimaryKeyConstraint("gene_id", "taxon_id", "symbol", "matched", "kind", name=op.f("pk_gene_readings")),
        comment="Derived: how often a gene was read from a name",
        sqlite_with_rowid=False,
    )

    op.create_table(
        "genes",
        sa.Column("gene_id", Id, autoincrement=False, nullable=False, comment="The NCBI Gene id"),
        sa.Column("symbol", Name, nullable=True, comment="The symbol most often published with it"),
        sa.Column("taxon_id", Id, nullable=True, comment="The NCBI taxonomy id most often published with it"),
        sa.Column("name", Name, nullable=True, comment="Its full name, where an imported lexicon gave one"),
        sa.PrimaryKeyConstraint("gene_id", name=op.f("pk_genes")),
        comment="Derived: a gene the standing figures mention",
    )
    op.create_index(op.f("ix_genes_symbol"), "genes", ["symbol"])

    op.create_table(
        "gene_names",
        sa.Column(
            "folded",
            Name,
            autoincrement=False,
            nullable=False,
            comment="The name without case, blanks and dashes, Greek as Latin letters",
        ),
        sa.Column("gene_id", Id, autoincrement=False, nullable=False, comment="The gene"),
        sa.Column("kind", Name, autoincrement=False, nullable=False, comment="symbol, synonym or family"),
        sa.PrimaryKeyConstraint("folded", "gene_id", "kind", name=op.f("pk_gene_names")),
        comment="Derived: a name under which a gene can be asked for",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_gene_names_gene_id"), "gene_names", ["gene_id"])

    op.create_table(
        "chemicals",
        sa.Column(
            "chemical_key",
            Name,
            autoincrement=False,
            nullable=False,
            comment="The published ids joined by a blank; word:… where there is none",
        ),
        sa.Column("mesh_id", Name, nullable=True, comment="The MeSH id"),
        sa.Column("chebi_id", Name, nullable=True, comment="The published ChEBI id, spelled chebi:4167"),
        sa.Column(
            "name",
            Name,
            nullable=False,
            comment="The name most often published for it, or else the word most often printed",
        ),
        sa.PrimaryKeyConstraint("chemical_key", name=op.f("pk_chemicals")),
        comment="Derived: a chemical the standing figures mention; one pair of published ids, never merged",
    )

    op.create_table(
        "diseases",
        sa.Column(
            "disease_key",
            Name,
            autoincrement=False,
            nullable=False,
            comment="The published ids joined by a blank; word:… where there is none",
        ),
        sa.Column("mesh_id", Name, nullable=True, comment="The MeSH id"),
        sa.Column("doid", Name, nullable=True, comment="The published Disease Ontology id, spelled doid:162"),
        sa.Column(
            "name",
            Name,
            nullable=False,
            comment="The name most often published for it, or else the word most often printed",
        ),
        sa.PrimaryKeyConstraint("disease_key", name=op.f("pk_diseases")),
        comment="Derived: a disease the standing figures mention; one pair of published ids, never merged",
    )

    op.create_table(
        "figure_genes",
        sa.Column("figure_id", Id, autoincrement=False, nullable=False, comment="The figure"),
        sa.Column("gene_id", Id, autoincrement=False, nullable=False, comment="The gene"),
        sa.Column(
            "published_tier",
            sa.SmallInteger(),
            nullable=True,
            comment="How sure it is (see tiers): 1 curated, 2 symbol, 3 synonym, 4 family, 5 ambiguous, 6 keyword, 7 text; as published, NULL: only curators put it there",
        ),
        sa.Column(
            "tier",
            sa.SmallInteger(),
            nullable=True,
            comment="How sure it is (see tiers): 1 curated, 2 symbol, 3 synonym, 4 family, 5 ambiguous, 6 keyword, 7 text; with the curators' decisions, NULL: they took it out",
        ),
        sa.ForeignKeyConstraint(["figure_id"], ["figures.figure_id"], name=op.f("fk_figure_genes_figure_id_figures")),
        sa.PrimaryKeyConstraint("figure_id", "gene_id", name=op.f("pk_figure_genes")),
        comment="Derived: the genes of each standing figure, each once, with the surest reason",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_figure_genes_gene_id_figure_id"), "figure_genes", ["gene_id", "figure_id"])


def downgrade() -> None:
    op.drop_table("figure_genes")
    op.drop_table("diseases")
    op.drop_table("chemicals")
    op.drop_table("gene_names")
    op.drop_table("genes")
    op.drop_table("gene_readings")
    op.drop_table("organisms")
    op.drop_table("paper_keywords")
    op.drop_table("papers")
    op.drop_table("derived_state")
    op.drop_table("tiers")
