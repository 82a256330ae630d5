"""Publications and what a supplement needs.

Why: a supplement has a reason, an item that is withdrawn after the release keeps its number and says why, and
publishing the public edition of a version is an act of its own that can be revoked.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=200), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=200), nullable=False),
        sa.Column("revoked_reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_publication_meeting_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
    )
    holds = sa.text("revoked_at IS NULL")
    op.create_index(
        "uq_publication_holds", "publication", ["meeting_id"], unique=True, sqlite_where=holds, postgresql_where=holds
    )
    # Added in place: rebuilding agenda_release would lose its triggers.
    op.add_column("agenda_release", sa.Column("reason", sa.String(length=500), nullable=False, server_default=""))
    op.add_column(
        "agenda_item", sa.Column("withdrawn_reason", sa.String(length=500), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.execute("ALTER TABLE agenda_item DROP COLUMN withdrawn_reason")
    op.execute("ALTER TABLE agenda_release DROP COLUMN reason")
    op.drop_table("publication")
