"""The curators' decisions.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

Name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
Json = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "curation_events",
        sa.Column(
            "uid",
            Name,
            autoincrement=False,
            nullable=False,
            comment="The event's own name, the same in every database it is imported into",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="When it was decided (UTC)"),
        sa.Column("curator", Name, nullable=False, comment="Who decided"),
        sa.Column("verb", Name, nullable=False, comment="reject, confirm, remap, add, hide, set or retract"),
        sa.Column("figid", Name, nullable=True, comment="Pattern: the figure; NULL: any"),
        sa.Column("kind", Name, nullable=True, comment="Pattern: gene, chemical or disease"),
        sa.Column("word", Name, nullable=True, comment="Pattern: the printed word or one of its parts; NULL: any"),
        sa.Column("matched", Name, nullable=True, comment="Pattern: the matched name, compared folded; NULL: any"),
        sa.Column("entity", Name, nullable=True, comment="Pattern: the published id; NULL: any"),
        sa.Column("organism", Name, nullable=True, comment="Pattern: the NCBI taxonomy id; NULL: any"),
        sa.Column(
            "value",
            Json,
            nullable=True,
            comment="What the verb puts in place: ids, field values, the uid that is retracted",
        ),
        sa.Column("tag", Name, nullable=True, comment="Why, from a closed list"),
        sa.Column("note", Name, nullable=True, comment="Why, in words"),
        sa.Column("against", Json, nullable=True, comment="What stood there when it was decided"),
        sa.CheckConstraint("kind IN ('gene', 'chemical', 'disease')", name=op.f("ck_curation_events_kind")),
        sa.CheckConstraint(
            "verb IN ('reject', 'confirm', 'remap', 'add', 'hide', 'set', 'retract')",
            name=op.f("ck_curation_events_verb"),
        ),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_curation_events")),
        comment="The curators' decisions: only ever added to, and never touched by a load",
    )
    op.create_index(op.f("ix_curation_events_figid"), "curation_events", ["figid"])


def downgrade() -> None:
    decisions = op.get_bind().execute(sa.text("SELECT count(*) FROM curation_events")).scalar_one()
    if decisions:
        raise RuntimeError(
            f"refused: the downgrade would drop {decisions} decisions of curators, which no load brings back"
        )
    op.drop_table("curation_events")
