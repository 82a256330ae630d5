"""Visits, and the last meeting pack of every edition.

Why: the overview says what is new since somebody's last visit, for which two moments of the account are enough; a
meeting pack takes seconds to put together and is made once for all readers of an edition.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("visited_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("account", sa.Column("visited_before", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_history_entry_at"), "history_entry", ["at"])
    op.create_table(
        "meeting_pack",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("file_key", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_pack_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", "edition", "version", name=op.f("pk_meeting_pack")),
    )


def downgrade() -> None:
    op.drop_table("meeting_pack")
    op.drop_index(op.f("ix_history_entry_at"), table_name="history_entry")
    op.drop_column("account", "visited_before")
    op.drop_column("account", "visited_at")
