"""Full text: FTS5 on SQLite, a tsvector on Postgres.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # The texts come cut into words of letters and digits: the ascii tokenizer leaves them as they are.
        op.execute("CREATE VIRTUAL TABLE figure_search USING fts5(title, caption, paper_title, tokenize = 'ascii')")
    else:
        op.create_table(
            "figure_search",
            sa.Column("figure_id", sa.BigInteger(), comment="The figure"),
            sa.Column(
                "document",
                TSVECTOR(),
                nullable=False,
                comment="Words of the title (A), paper title (B) and caption (C)",
            ),
            sa.PrimaryKeyConstraint("figure_id", name=op.f("pk_figure_search")),
            sa.ForeignKeyConstraint(
                ["figure_id"], ["figures.figure_id"], name=op.f("fk_figure_search_figure_id_figures")
            ),
            comment="Derived: the searchable text of each standing figure",
        )
        op.create_index(op.f("ix_figure_search_document"), "figure_search", ["document"], postgresql_using="gin")
    op.execute("DELETE FROM derived_state")  # nothing is indexed yet: all is to be derived again


def downgrade() -> None:
    op.drop_table("figure_search")
