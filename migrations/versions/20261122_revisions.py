"""Autosaved texts with their revisions, and who is writing.

Why: what is typed must not wait for a button, nor fill the history with every pause for breath. A revision gathers one
stretch of one writer; closed, it is part of the record, so the database refuses to change it. Only one may be open for
a field at a time, whatever two processes do.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "text_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("object_kind", sa.String(length=60), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("writer_name", sa.String(length=200), nullable=False),
        sa.Column("writer", sa.String(length=36), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_revision")),
    )
    op.create_index("ix_text_revision_object", "text_revision", ["object_kind", "object_id", "field", "id"])
    op.create_index(
        "uq_text_revision_open",
        "text_revision",
        ["object_kind", "object_id", "field"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "edit_presence",
        sa.Column("writer", sa.String(length=36), nullable=False),
        sa.Column("object_kind", sa.String(length=60), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("writer", name=op.f("pk_edit_presence")),
    )
    op.create_index("ix_edit_presence_object", "edit_presence", ["object_kind", "object_id"])
    guard()


def guard() -> None:
    """Let the database itself refuse to change a closed revision, and to delete any."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER text_revision_no_update BEFORE UPDATE ON text_revision WHEN OLD.closed_at IS NOT NULL "
            "BEGIN SELECT RAISE(ABORT, 'text_revision is append only once it is closed'); END"
        )
        op.execute(
            "CREATE TRIGGER text_revision_no_delete BEFORE DELETE ON text_revision "
            "BEGIN SELECT RAISE(ABORT, 'text_revision is append only'); END"
        )
        return
    op.execute(
        "CREATE TRIGGER text_revision_no_update BEFORE UPDATE ON text_revision "
        "FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL) EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER text_revision_no_delete BEFORE DELETE ON text_revision "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER text_revision_no_truncate BEFORE TRUNCATE ON text_revision "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("edit_presence")
    op.drop_table("text_revision")
