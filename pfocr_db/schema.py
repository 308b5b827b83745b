"""Every table. The comments are the data dictionary: docs/schema.md and Postgres' own comments come from here.

Three kinds of tables: what was published (with its figure, as it was published), what follows from it (derived:
may be dropped and computed again at any time), and the record of loads and decisions.
Full-text search lives in `figure_search`, which each database makes in its own way (see dialects/).
"""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import SchemaItem

# SQLite numbers rows by itself only where the type is INTEGER; text compares and sorts by bytes on both.
Id = BigInteger().with_variant(Integer(), "sqlite")
Name = Text().with_variant(Text(collation="C"), "postgresql")
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

SEARCH = "figure_search"
"""The full-text table: made by migrations, filled through the dialects, unknown to the metadata."""

TIERS = {
    "curated": 1,
    "symbol": 2,
    "synonym": 3,
    "family": 4,
    "ambiguous": 5,
    "keyword": 6,
    "text": 7,
}
HUMAN_TAXON, HUMAN_NAME = 9606, "Homo sapiens"
"""The organism of the older files' gene lists, which do not say it."""
_TIER = "How sure it is (see tiers): " + ", ".join(f"{rank} {tier}" for tier, rank in TIERS.items())


def _col(name: str, kind: Any, comment: str, *more: Any, **options: Any) -> Column[Any]:
    if options.get("primary_key"):
        options["autoincrement"] = False  # a load holds the lock on loads: it numbers what it adds by itself
    return Column(name, kind, *more, comment=comment, **options)


def _figure_rows(name: str, comment: str, *columns: SchemaItem) -> Table:
    """A table with any number of rows a figure, in the order they were published."""
    return Table(
        name,
        metadata,
        _col("figure_id", Id, "The figure", ForeignKey("figures.figure_id"), primary_key=True),
        _col("ordinal", Integer, "Its place among the figure's rows of this table, from 1", primary_key=True),
        *columns,
        comment=comment,
        sqlite_with_rowid=False,
    )


# ---------------------------------------------------------------------------------------------------- loads

loads = Table(
    "loads",
    metadata,
    _col("load_id", Id, "The load's number", primary_key=True),
    _col("source", Name, "The name its figures are kept under (--source)", nullable=False),
    _col("status", Name, "loaded, or failed: then nothing was changed", nullable=False),
    _col("started_at", DateTime(timezone=True), "When it began (UTC)", nullable=False),
    _col("seconds", Double, "How long it took", nullable=False),
    _col("paths", Json, "The paths it was given", nullable=False),
    _col(
        "snapshot",
        Boolean(),
        "Whether figures that were gone were withdrawn",
        nullable=False,
    ),
    _col("version", Name, "The version of pfocr-db", nullable=False),
    _col("seen", Integer, "Figures found in the paths", nullable=False),
    _col("added", Integer, "Figures that were new", nullable=False),
    _col("changed", Integer, "Figures whose files had changed", nullable=False),
    _col("unchanged", Integer, "Figures that were as they are in the database", nullable=False),
    _col("withdrawn", Integer, "Figures that were gone from the source (--snapshot)", nullable=False),
    _col("returned", Integer, "Withdrawn figures that were there again", nullable=False),
    _col("rejected", Integer, "Figures that could not be read: see load_problems", nullable=False),
    _col("rows", Json, "Rows written (inserted, updated or deleted), by table", nullable=False),
    _col("error", Name, "Why it failed"),
    CheckConstraint("status IN ('loaded', 'failed')", name="status"),
    comment="What each load did, the failed ones included; a load that was killed leaves no row",
)

load_problems = Table(
    "load_problems",
    metadata,
    _col("load_id", Id, "The load", ForeignKey("loads.load_id"), primary_key=True),
    _col("ordinal", Integer, "Its place among the load's problems, from 1", primary_key=True),
    _col("path", Name, "The file or folder", nullable=False),
    _col("line", Integer, "The line, where one can be named"),
    _col("severity", Name, "error: the file was left out; warning: it was loaded all the same", nullable=False),
    _col("message", Name, "What is wrong and what to do", nullable=False),
    CheckConstraint("severity IN ('error', 'warning')", name="severity"),
    comment="What a load could not read, or found odd",
)

# ------------------------------------------------------------------------------------------------ published

figures = Table(
    "figures",
    metadata,
    _col("figure_id", Id, "The database's own number for the figure", primary_key=True),
    _col("figid", Name, "The published name: PMC<digits>__<image file stem>", nullable=False, unique=True),
    _col("pmcid", Name, "The paper, as published or, where the file has none, from the figid", nullable=False),
    _col("number", Name, "The figure's number in the paper: F1, Fig. 5, S1"),
    _col("title", Name, "The figure's title (figtitle)"),
    _col("caption", Name, "The figure's caption"),
    _col("type", Name, "Figure, Scheme, Supplemental figure, Graphical abstract, … (figtype)"),
    _col("filename", Name, "The image file, as published: with or without the PMC…__ prefix"),
    _col("figlink", Name, "The figure's page at PubMed Central, as published"),
    _col("pathway_score", Double, "How sure the classifier was that this is a pathway figure, 0 to 1"),
    _col("ndex_id", Name, "The NDEx network made of the figure (ndex)"),
    _col("wikipathways_id", Name, "The WikiPathways pathway made of the figure (wpid)"),
    _col(
        "extra",
        Json,
        "Front matter no column holds, or no column gives back as it was spelled",
        nullable=False,
    ),
    _col("source", Name, "The --source of the load that last read it", nullable=False),
    _col("digest", Name, "A digest of the figure's files: it changes when they do", nullable=False),
    _col("first_load_id", Id, "The load that added it", ForeignKey("loads.load_id"), nullable=False),
    _col("changed_load_id", Id, "The load that last changed it", ForeignKey("loads.load_id"), nullable=False),
    _col(
        "withdrawn_load_id",
        Id,
        "The load that found it gone from its source; NULL while the figure stands",
        ForeignKey("loads.load_id"),
    ),
    Index(None, "pmcid"),
    # What a load has to know of a figure that did not change: SQLite reads it without the long texts.
    Index(None, "source", "withdrawn_load_id", "figid", "digest"),
    comment="A pathway figure",
)

source_files = Table(
    "source_files",
    metadata,
    _col("figure_id", Id, "The figure", ForeignKey("figures.figure_id"), primary_key=True),
    _col("path", Name, "The figure's file", nullable=False),
    _col(
        "stat",
        BigInteger(),
        "Stands for size and times of the figure's file and sidecars when last read; 0: read them again",
        nullable=False,
    ),
    comment="Where each figure was last read, so that files that did not change are not read again",
)

load_changes = Table(
    "load_changes",
    metadata,
    _col("load_id", Id, "The load", ForeignKey("loads.load_id"), primary_key=True),
    _col("figure_id", Id, "The figure", ForeignKey("figures.figure_id"), primary_key=True),
    _col("change", Name, "added, changed, withdrawn or returned", nullable=False),
    _col("parts", Name, "Of a changed figure: the columns of figures and the tables that differ"),
    CheckConstraint("change IN ('added', 'changed', 'withdrawn', 'returned')", name="change"),
    comment="What each load did to each figure it changed",
    sqlite_with_rowid=False,
)

paper_claims = Table(
    "paper_claims",
    metadata,
    _col("figure_id", Id, "The figure", ForeignKey("figures.figure_id"), primary_key=True),
    _col("title", Name, "The paper's title (papertitle)"),
    _col("citation", Name, "Authors, journal, date and pages in one line (reftext)"),
    _col("year", SmallInteger, "Year of publication"),
    _col("doi", Name, "The paper's DOI"),
    _col("journal", Name, "The journal's full name (journal_title)"),
    _col("journal_abbrev", Name, "The journal's NLM abbreviation (journal_nlm_ta)"),
    _col("publisher", Name, "The publisher's name (publisher_name)"),
    _col("keywords", Name, "The authors' keywords, joined by ' | '"),
    comment="What one figure's file says of its paper; siblings may disagree, see papers",
)

figure_aliases = _figure_rows(
    "figure_aliases",
    "Another name of a figure; two figures may claim one",
    _col("alias", Name, "The name, such as PMC55365__F6", nullable=False, index=True),
    _col("published_as", Name, "The key it was published under: figid_alias or redirect_from", nullable=False),
)

figure_organisms = _figure_rows(
    "figure_organisms",
    "An organism of a figure: the article's, or one recognised in the figure",
    _col("role", Name, "article (organisms) or recognised (organisms_ner, and the gene rows)", nullable=False),
    _col("name", Name, "The organism's name as published"),
    _col("taxon_id", Id, "Its NCBI taxonomy id, where the gene rows give one"),
    _col("organism_group", Name, "Its group, such as Primates, where the gene rows give one"),
    _col("count_direct", Integer, "The published count_direct of this figure and organism"),
    _col("count_synonym", Integer, "The published count_synonym of this figure and organism"),
    _col("count_match", Integer, "The published count_match of this figure and organism"),
    CheckConstraint("role IN ('article', 'recognised')", name="role"),
    Index(None, "name", "taxon_id", "organism_group"),
)

figure_keywords = _figure_rows(
    "figure_keywords",
    "The published keywords (schema-jsonld) of a figure without gene rows; elsewhere they repeat the rows",
    _col(
        "keyword",
        Name,
        "A gene symbol, a chemical's or a disease's word: the list does not say",
        nullable=False,
    ),
    Index(None, "keyword"),
)

gene_mentions = _figure_rows(
    "gene_mentions",
    "One published gene row: a word printed in the figure, and a gene it may mean",
    _col("word", Name, "The word as it was read from the image", nullable=False),
    _col("matched", Name, "The name it was matched to (match; symbol in the older files)"),
    _col("symbol", Name, "The gene's symbol as published (ncbigene_symbol; hgnc_symbol in the older files)"),
    _col("gene_id", Id, "The NCBI Gene id: the gene's identity"),
    _col("taxon_id", Id, "The row's NCBI taxonomy id; the older files are human throughout: 9606"),
    _col("source", Name, "The list that matched: hgnc_symbol, ncbigene_synonym, famplex_relations, …"),
    _col("tier", SmallInteger, _TIER + "; by this figure's rows alone, before curation", nullable=False),
    Index(None, "gene_id"),
)


def _entity_mentions(kind: str, other: str, other_comment: str) -> Table:
    return _figure_rows(
        f"{kind}_mentions",
        f"One published {kind} row",
        _col("word", Name, "The word as it was read from the image", nullable=False),
        _col("matched", Name, "The name it was matched to (match)"),
        _col("name", Name, f"The {kind}'s name as published"),
        _col(
            "mesh_id",
            Name,
            "The published MeSH id, spelled mesh:D005947, or an older file's other identifier",
        ),
        _col(other, Name, other_comment),
        _col("source", Name, "What the older files call source or type"),
        _col(f"{kind}_key", Name, f"The {kind}: see {kind}s", nullable=False, index=True),
    )


def _entities(kind: str, other: str, other_comment: str) -> Table:
    return Table(
        f"{kind}s",
        metadata,
        _col(
            f"{kind}_key",
            Name,
            "The published ids joined by a blank; word:… where there is none",
            primary_key=True,
        ),
        _col("mesh_id", Name, "The MeSH id"),
        _col(other, Name, other_comment),
        _col(
            "name",
            Name,
            "The name most often published for it, or else the word most often printed",
            nullable=False,
        ),
        comment=f"Derived: a {kind} the standing figures mention; one pair of published ids, never merged",
    )


_CHEBI = ("chebi_id", "The published ChEBI id, spelled chebi:4167")
_DOID = ("doid", "The published Disease Ontology id, spelled doid:162")
chemical_mentions = _entity_mentions("chemical", *_CHEBI)
disease_mentions = _entity_mentions("disease", *_DOID)

# -------------------------------------------------------------------------------------------------- derived

tiers = Table(
    "tiers",
    metadata,
    _col("tier", SmallInteger, "The rank: 1 is the surest", primary_key=True),
    _col("name", Name, "The tier's name", nullable=False, unique=True),
    _col("meaning", Name, "A gene is there because …", nullable=False),
    comment="How sure it is that a figure mentions a gene: the ranks used in gene_mentions and figure_genes",
)

derived_state = Table(
    "derived_state",
    metadata,
    _col(
        "rules",
        Integer,
        "The rules the derived tables follow; another number: derive all again",
        primary_key=True,
    ),
    comment="One row: what the derived tables were last computed by",
)

papers = Table(
    "papers",
    metadata,
    _col("pmcid", Name, "The paper's PubMed Central id", primary_key=True),
    _col("title", Name, "Title"),
    _col("citation", Name, "Authors, journal, date and pages in one line"),
    _col("year", SmallInteger, "Year of publication"),
    _col("doi", Name, "DOI"),
    _col("journal", Name, "The journal's full name"),
    _col("journal_abbrev", Name, "The journal's NLM abbreviation"),
    _col("publisher", Name, "Publisher"),
    _col("keywords", Name, "The authors' keywords, joined by ' | '; one a row in paper_keywords"),
    comment="Derived: a paper with standing figures; each value is the one most of its figures publish",
)

paper_keywords = Table(
    "paper_keywords",
    metadata,
    _col("pmcid", Name, "The paper", ForeignKey("papers.pmcid"), primary_key=True),
    _col("ordinal", Integer, "Its place in the list, from 1", primary_key=True),
    _col("keyword", Name, "One of the authors' keywords", nullable=False),
    comment="Derived: the authors' keywords of a paper",
    sqlite_with_rowid=False,
)

organisms = Table(
    "organisms",
    metadata,
    _col("name", Name, "The organism's name as published, misspelled ones included", primary_key=True),
    _col("taxon_id", Id, "The NCBI taxonomy id most often published with it"),
    _col("organism_group", Name, "The group most often published with it"),
    Index(None, "taxon_id"),
    comment="Derived: an organism the standing figures name",
)

gene_readings = Table(
    "gene_readings",
    metadata,
    _col("gene_id", Id, "The NCBI Gene id", primary_key=True),
    _col("taxon_id", Id, "The organism's NCBI taxonomy id; 0 where none is published", primary_key=True),
    _col("symbol", Name, "The symbol published with it; '' where none is", primary_key=True),
    _col("matched", Name, "The name that was matched; '' where none is published", primary_key=True),
    _col("kind", Name, "What that name is to the gene: symbol, synonym or family", primary_key=True),
    _col("mentions", Integer, "Published rows that read so in standing figures", nullable=False),
    comment="Derived: how often a gene was read from a name",
    sqlite_with_rowid=False,
)

genes = Table(
    "genes",
    metadata,
    _col("gene_id", Id, "The NCBI Gene id", primary_key=True),
    _col("symbol", Name, "The symbol most often published with it"),
    _col("taxon_id", Id, "The NCBI taxonomy id most often published with it"),
    _col("name", Name, "Its full name, where an imported lexicon gave one"),
    Index(None, "symbol"),
    comment="Derived: a gene the standing figures mention",
)

gene_names = Table(
    "gene_names",
    metadata,
    _col("folded", Name, "The name without case, blanks and dashes, Greek as Latin letters", primary_key=True),
    _col("gene_id", Id, "The gene", primary_key=True),
    _col("kind", Name, "symbol, synonym or family", primary_key=True),
    Index(None, "gene_id"),
    comment="Derived: a name under which a gene can be asked for",
    sqlite_with_rowid=False,
)

chemicals = _entities("chemical", *_CHEBI)
diseases = _entities("disease", *_DOID)

figure_genes = Table(
    "figure_genes",
    metadata,
    _col("figure_id", Id, "The figure", ForeignKey("figures.figure_id"), primary_key=True),
    _col("gene_id", Id, "The gene", primary_key=True),
    _col("published_tier", SmallInteger, _TIER + "; as published, NULL: only curators put it there"),
    _col("tier", SmallInteger, _TIER + "; with the curators' decisions, NULL: they took it out"),
    Index(None, "gene_id", "figure_id"),
    comment="Derived: the genes of each standing figure, each once, with the surest reason",
    sqlite_with_rowid=False,
)

# ------------------------------------------------------------------------------------------------- curation

curation_events = Table(
    "curation_events",
    metadata,
    _col("uid", Name, "The event's own name, the same in every database it is imported into", primary_key=True),
    _col("at", DateTime(timezone=True), "When it was decided (UTC)", nullable=False),
    _col("curator", Name, "Who decided", nullable=False),
    _col("verb", Name, "reject, confirm, remap, add, hide, set or retract", nullable=False),
    _col("figid", Name, "Pattern: the figure; NULL: any"),
    _col("kind", Name, "Pattern: gene, chemical or disease"),
    _col("word", Name, "Pattern: the printed word or one of its parts; NULL: any"),
    _col("matched", Name, "Pattern: the matched name, compared folded; NULL: any"),
    _col("entity", Name, "Pattern: the published id; NULL: any"),
    _col("organism", Name, "Pattern: the NCBI taxonomy id; NULL: any"),
    _col("value", Json, "What the verb puts in place: ids, field values, the uid that is retracted"),
    _col("tag", Name, "Why, from a closed list"),
    _col("note", Name, "Why, in words"),
    _col("against", Json, "What stood there when it was decided"),
    CheckConstraint(
        "verb IN ('reject', 'confirm', 'remap', 'add', 'hide', 'set', 'retract')",
        name="verb",
    ),
    CheckConstraint("kind IN ('gene', 'chemical', 'disease')", name="kind"),
    Index(None, "figid"),
    comment="The curators' decisions: only ever added to, and never touched by a load",
)

PUBLISHED = (
    paper_claims,
    figure_aliases,
    figure_organisms,
    figure_keywords,
    gene_mentions,
    chemical_mentions,
    disease_mentions,
)
"""What a figure's files publish besides its row in `figures`: keyed by figure_id, replaced figure by figure."""

DERIVED = (
    papers,
    paper_keywords,
    organisms,
    gene_readings,
    genes,
    gene_names,
    chemicals,
    diseases,
    figure_genes,
)
