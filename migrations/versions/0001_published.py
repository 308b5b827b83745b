"""What the figures publish, and the record of loads.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
Json = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "loads",
        sa.Column("load_id", Id, autoincrement=False, nullable=False, comment="The load's number"),
        sa.Column("source", Name, nullable=False, comment="The name its figures are kept under (--source)"),
        sa.Column("status", Name, nullable=False, comment="loaded, or failed: then nothing was changed"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False, comment="When it began (UTC)"),
        sa.Column("seconds", sa.Double(), nullable=False, comment="How long it took"),
        sa.Column("paths", Json, nullable=False, comment="The paths it was given"),
        sa.Column("snapshot", sa.Boolean(), nullable=False, comment="Whether figures that were gone were withdrawn"),
        sa.Column("version", Name, nullable=False, comment="The version of pfocr-db"),
        sa.Column("seen", sa.Integer(), nullable=False, comment="Figures found in the paths"),
        sa.Column("added", sa.Integer(), nullable=False, comment="Figures that were new"),
        sa.Column("changed", sa.Integer(), nullable=False, comment="Figures whose files had changed"),
        sa.Column("unchanged", sa.Integer(), nullable=False, comment="Figures that were as they are in the database"),
        sa.Column(
            "withdrawn",
            sa.Integer(),
            nullable=False,
            comment="Figures that were gone from the source (--snapshot)",
        ),
        sa.Column("returned", sa.Integer(), nullable=False, comment="Withdrawn figures that were there again"),
        sa.Column(
            "rejected",
            sa.Integer(),
            nullable=False,
            comment="Figures that could not be read: see load_problems",
        ),
        sa.Column("rows", Json, nullable=False, comment="Rows written (inserted, updated or deleted), by table"),
        sa.Column("error", Name, nullable=True, comment="Why it failed"),
        sa.CheckConstraint("status IN ('loaded', 'failed')", name=op.f("ck_loads_status")),
        sa.PrimaryKeyConstraint("load_id", name=op.f("pk_loads")),
        comment="What each load did, the failed ones included; a load that was killed leaves no row",
    )

    op.create_table(
        "load_problems",
        sa.Column("load_id", Id, autoincrement=False, nullable=False, comment="The load"),
        sa.Column(
            "ordinal",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="Its place among the load's problems, from 1",
        ),
        sa.Column("path", Name, nullable=False, comment="The file or folder"),
        sa.Column("line", sa.Integer(), nullable=True, comment="The line, where one can be named"),
        sa.Column(
            "severity",
            Name,
            nullable=False,
            comment="error: the file was left out; warning: it was loaded all the same",
        ),
        sa.Column("message", Name, nullable=False, comment="What is wrong and what to do"),
        sa.CheckConstraint("severity IN ('error', 'warning')", name=op.f("ck_load_problems_severity")),
        sa.ForeignKeyConstraint(["load_id"], ["loads.load_id"], name=op.f("fk_load_problems_load_id_loads")),
        sa.PrimaryKeyConstraint("load_id", "ordinal", name=op.f("pk_load_problems")),
        comment="What a load could not read, or found odd",
    )

    op.create_table(
        "figures",
        sa.Column(
            "figure_id",
            Id,
            autoincrement=False,
            nullable=False,
            comment="The database's own number for the figure",
        ),
        sa.Column("figid", Name, nullable=False, comment="The published name: PMC<digits>__<image file stem>"),
        sa.Column(
            "pmcid",
            Name,
            nullable=False,
            comment="The paper, as published or, where the file has none, from the figid",
        ),
        sa.Column("number", Name, nullable=True, comment="The figure's number in the paper: F1, Fig. 5, S1"),
        sa.Column("title", Name, nullable=True, comment="The figure's title (figtitle)"),
        sa.Column("caption", Name, nullable=True, comment="The figure's caption"),
        sa.Column(
            "type",
            Name,
            nullable=True,
            comment="Figure, Scheme, Supplemental figure, Graphical abstract, … (figtype)",
        ),
        sa.Column(
            "filename",
            Name,
            nullable=True,
            comment="The image file, as published: with or without the PMC…__ prefix",
        ),
        sa.Column("figlink", Name, nullable=True, comment="The figure's page at PubMed Central, as published"),
        sa.Column(
            "pathway_score",
            sa.Double(),
            nullable=True,
            comment="How sure the classifier was that this is a pathway figure, 0 to 1",
        ),
        sa.Column("ndex_id", Name, nullable=True, comment="The NDEx network made of the figure (ndex)"),
        sa.Column(
            "wikipathways_id",
            Name,
            nullable=True,
            comment="The WikiPathways pathway made of the figure (wpid)",
        ),
        sa.Column(
            "extra",
            Json,
            nullable=False,
            comment="Front matter no column holds, or no column gives back as it was spelled",
        ),
        sa.Column("source", Name, nullable=False, comment="The --source of the load that last read it"),
        sa.Column("digest", Name, nullable=False, comment="A digest of the figure's files: it changes when they do"),
        sa.Column("first_load_id", Id, nullable=False, comment="The load that added it"),
        sa.Column("changed_load_id", Id, nullable=False, comment="The load that last changed it"),
        sa.Column(
            "withdrawn_load_id",
            Id,
            nullable=True,
            comment="The load that found it gone from its source; NULL while the figure stands",
        ),
        sa.ForeignKeyConstraint(
            ["changed_load_id"], ["loads.load_id"], name=op.f("fk_figures_changed_load_id_loads")
        ),
        sa.ForeignKeyConstraint(["first_load_id"], ["loads.load_id"], name=op.f("fk_figures_first_load_id_loads")),
        sa.ForeignKeyConstraint(
            ["withdrawn_load_id"], ["loads.load_id"], name=op.f("fk_figures_withdrawn_load_id_loads")
        ),
        sa.PrimaryKeyConstraint("figure_id", name=op.f("pk_figures")),
        sa.UniqueConstraint("figid", name=op.f("uq_figures_figid")),
        comment="A pathway figure",
    )
    op.create_index(op.f("ix_figures_pmcid"), "figures", ["pmcid"])
    op.create_index(
        op.f("ix_figures_source_withdrawn_load_id_figid_digest"),
        "figures",
        ["source", "withdrawn_load_id", "figid", "digest"],
    )

    op.create_table(
        "source_files",
        sa.Column("figure_id", Id, autoincrement=False, nullable=False, comment="The figure"),
        sa.Column("path", Name, nullable=False, comment="The figure's file"),
        sa.Column(
            "stat",
            sa.BigInteger(),
            nullable=False,
            comment="Stands for size and times of the figure's file and sidecars when last read; 0: read them again",
        ),
        sa.ForeignKeyConstraint(["figure_id"], ["figures.figure_id"], name=op.f("fk_source_files_figure_id_figures")),
        sa.PrimaryKeyConstraint("figure_id", name=op.f("pk_source_files")),
        comment="Where each figure was last read, so that files that did not change are not read again",
    )

    op.create_table(
        "load_changes",
        sa.Column("load_id", Id, autoincrement=False, nullable=False, comment="The load"),
        sa.Column("figure_id", Id, autoincrement=False, nullable=False, comment="The figure"),
        sa.Column("change", Name, nullable=False, comment="added, changed, withdrawn or returned"),
        sa.Column(
            "parts",
            Name,
            nullable=True,
            comment="Of a changed figure: the columns of figures and the tables that differ",
        ),
        sa.CheckConstraint(
            "change IN ('added', 'changed', 'withdrawn', 'returned')", name=op.f("ck_load_changes_change")
        ),
        sa.ForeignKeyConstraint(["figure_id"], ["figures.figure_id"], name=op.f("fk_load_changes_figure_id_figures")),
        sa.ForeignKeyConstraint(["load_id"], ["loads.load_id"], name=op.f("fk_load_changes_load_id_loads")),
        sa.PrimaryKeyConstraint("load_id", "figure_id", name=op.f("pk_load_changes")),
        comment="What each load did to each figure it changed",
        sqlite_with_rowid=False,
    )

    op.create_table(
        "paper_claims",
        sa.Column("figure_id", Id, autoincrement=False, nullable=False, comment="The figure"),
        sa.Column("title", Name, nullable=True, comment="The paper's title (papertitle)"),
        sa.Column("citation", Name, nullable=True, comment="Authors, journal, date and pages in one line (reftext)"),
        sa.Column("year", sa.SmallInteger(), nullable=True, comment="Year of publication"),
        sa.Column("doi", Name, nullable=True, comment="The paper's DOI"),
        sa.Column("journal", Name, nullable=True, comment="The journal's full name (journal_title)"),
        sa.Column("journal_abbrev", Name, nullable=True, comment="The journal's NLM abbreviation (journal_nlm_ta)"),
        sa.Column("publisher", Name, nullable=True, comment="The publisher's name (publisher_name)"),
        sa.Column("keywords", Name, nullable=True, comment="The authors' keywords, joined by ' | '"),
        sa.ForeignKeyConstraint(["figure_id"], ["figures.figure_id"], name=op.f("fk_paper_claims_figure_id_figures")),
        sa.PrimaryKeyConstraint("figure_id", name=op.f("pk_paper_claims")),
        comment="What one figure's file says of its paper; siblings may disagree, see papers",
    )

    op.create_table(
        "figure_aliases",
        sa.Column("figure_id", Id, autoincrement=False, nullable=False, comment="The figure"),
        sa.Column(
            "ordinal",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="Its place among the figure's rows of this table, from 1",
        ),
        sa.Column("alias", Name, nullable=False, comment="The name, such as PMC55365__F6"),
        sa.Column(
            "published_as",
            Name,
            nullable=False,
            comment="The key it was published under: figid_alias or redirect_from",
        ),
        sa.ForeignKeyConstraint(
            ["figure_id"], ["figures.figure_id"], name=op.f("fk_figure_aliases_figure_id_figures")
        ),
        sa.PrimaryKeyConstraint("figure_id", "ordinal", name=op.f("pk_figure_aliases")),
        comment="Another name of a figure; two figures may claim one",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_figure_aliases_alias"), "figure_aliases", ["alias"])

    op.create_table(
        "figure_organisms",
        sa.Column("figure_id", Id, autoincrement=False, nullable=False, comment="The figure"),
        sa.Column(
            "ordinal",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="Its place among the figure's rows of this table, from 1",
        ),
        sa.Column(
            "role",
            Name,
            nullable=False,
            comment="article (organisms) or recognised (organisms_ner, and the gene rows)",
        ),
        sa.Column("name", Name, nullable=True, comment="The organism's name as published"),
        sa.Column("taxon_id", Id, nullable=True, comment="Its NCBI taxonomy id, where the gene rows give one"),
        sa.Column(
            "organism_group",
            Name,
            nullable=True,
            comment="Its group, such as Primates, where the gene rows give one",
        ),
        sa.Column(
            "count_direct",
            sa.Integer(),
            nullable=True,
            comment="The published count_direct of this figure and organism",
        ),
        sa.Column(
            "count_synonym",
            sa.Integer(),
            nullable=True,
            comment="The published count_synonym of this figure and organism",
        ),
        sa.Column(
            "count_match",
            sa.Integer(),
            nullable=True,
            comment="The published count_match of this figure and organism",
        ),
        sa.CheckConstraint("role IN ('article', 'recognised')", name=op.f("ck_figure_organisms_role")),
        sa.ForeignKeyConstraint(
            ["figure_id"], ["figures.figure_id"], name=op.f("fk_figure_organisms_figure_id_figures")
        ),
        sa.PrimaryKeyConstraint("figure_id", "ordinal", name=op.f("pk_figure_organisms")),
        comment="An organism of a figure: the article's, or one recognised in the figure",
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_figure_organisms_name_taxon_id_organism_group"),
        "figure_organisms",
        ["name", "taxon_id", "organism_group"],
    )

    op.create_table(
        "figure_keywords",
        sa.Column("figure_id", Id, autoincrement=False, nullable=False, comment="The figure"),
        sa.Column(
            "ordinal",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="Its place among the figure's rows of this table, from 1",
        ),
        sa.Column(
            "keyword",
            Name,
            nullable=False,
            comment="A gene symbol, a chemical's or a disease's word: the list does not say",
        ),
        sa.ForeignKeyConstraint(
            ["figure_id"], ["figures.figure_id"], name=op.f("fk_figure_keywords_figure_id_figures")
        ),
        sa.PrimaryKeyConstraint("figure_id", "ordinal", name=op.f("pk_figure_keywords")),
        comment="The published keywords (schema-jsonld) of a figure without gene rows; elsewhere they repeat the rows",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_figure_keywords_keyword"), "figure_keywords", ["keyword"])

    op.create_table(
        "gene_mentions",
        sa.Column("figure_id", Id, autoincrement=False, nullable=False, comment="The figure"),
        sa.Column(
            "ordinal",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="Its place among the figure's rows of this table, from 1",
        ),
        sa.Column("word", Name, nullable=False, comment="The word as it was read from the image"),
        sa.Column(
            "matched",
            Name,
            nullable=True,
            comment="The name it was matched to (match; symbol in the older files)",
        ),
        sa.Column(
            "symbol",
            Name,
            nullable=True,
            comment="The gene's symbol as published (ncbigene_symbol; hgnc_symbol in the older files)",
        ),
        sa.Column("gene_id", Id, nullable=True, comment="The NCBI Gene id: the gene's identity"),
        sa.Column(
            "taxon_id",
            Id,
            nullable=True,
            comment="The row's NCBI taxonomy id; the older files are human throughout: 9606",
        ),
        sa.Column(
            "source",
            Name,
            nullable=True,
            comment="The list that matched: hgnc_symbol, ncbigene_synonym, famplex_relations, …",
        ),
        sa.Column(
            "tier",
            sa.SmallInteger(),
            nullable=False,
            comment="How sure it is (see tiers): 1 curated, 2 symbol, 3 synonym, 4 family, 5 ambiguous, 6 keyword, 7 text; by this figure's rows alone, before curation",
        ),
        sa.ForeignKeyConstraint(
            ["figure_id"], ["figures.figure_id"], name=op.f("fk_gene_mentions_figure_id_figures")
        ),
        sa.PrimaryKeyConstraint("figure_id", "ordinal", name=op.f("pk_gene_mentions")),
        comment="One published gene row: a word printed in the figure, and a gene it may mean",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_gene_mentions_gene_id"), "gene_mentions", ["gene_id"])

    op.create_table(
        "chemical_mentions",
        sa.Column("figure_id", Id, autoincrement=False, nullable=False, comment="The figure"),
        sa.Column(
            "ordinal",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="Its place among the figure's rows of this table, from 1",
        ),
        sa.Column("word", Name, nullable=False, comment="The word as it was read from the image"),
        sa.Column("matched", Name, nullable=True, comment="The name it was matched to (match)"),
        sa.Column("name", Name, nullable=True, comment="The chemical's name as published"),
        sa.Column(
            "mesh_id",
            Name,
            nullable=True,
            comment="The published MeSH id, spelled mesh:D005947, or an older file's other identifier",
        ),
        sa.Column("chebi_id", Name, nullable=True, comment="The published ChEBI id, spelled chebi:4167"),
        sa.Column("source", Name, nullable=True, comment="What the older files call source or type"),
        sa.Column("chemical_key", Name, nullable=False, comment="The chemical: see chemicals"),
        sa.ForeignKeyConstraint(
            ["figure_id"], ["figures.figure_id"], name=op.f("fk_chemical_mentions_figure_id_figures")
        ),
        sa.PrimaryKeyConstraint("figure_id", "ordinal", name=op.f("pk_chemical_mentions")),
        comment="One published chemical row",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_chemical_mentions_chemical_key"), "chemical_mentions", ["chemical_key"])

    op.create_table(
        "disease_mentions",
        sa.Column("figure_id", Id, autoincrement=False, nullable=False, comment="The figure"),
        sa.Column(
            "ordinal",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="Its place among the figure's rows of this table, from 1",
        ),
        sa.Column("word", Name, nullable=False, comment="The word as it was read from the image"),
        sa.Column("matched", Name, nullable=True, comment="The name it was matched to (match)"),
        sa.Column("name", Name, nullable=True, comment="The disease's name as published"),
        sa.Column(
            "mesh_id",
            Name,
            nullable=True,
            comment="The published MeSH id, spelled mesh:D005947, or an older file's other identifier",
        ),
        sa.Column("doid", Name, nullable=True, comment="The published Disease Ontology id, spelled doid:162"),
        sa.Column("source", Name, nullable=True, comment="What the older files call source or type"),
        sa.Column("disease_key", Name, nullable=False, comment="The disease: see diseases"),
        sa.ForeignKeyConstraint(
            ["figure_id"], ["figures.figure_id"], name=op.f("fk_disease_mentions_figure_id_figures")
        ),
        sa.PrimaryKeyConstraint("figure_id", "ordinal", name=op.f("pk_disease_mentions")),
        comment="One published disease row",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_disease_mentions_disease_key"), "disease_mentions", ["disease_key"])


def downgrade() -> None:
    op.drop_table("disease_mentions")
    op.drop_table("chemical_mentions")
    op.drop_table("gene_mentions")
    op.drop_table("figure_keywords")
    op.drop_table("figure_organisms")
    op.drop_table("figure_aliases")
    op.drop_table("paper_claims")
    op.drop_table("load_changes")
    op.drop_table("source_files")
    op.drop_table("figures")
    op.drop_table("load_problems")
    op.drop_table("loads")
