"""Frozen documents of every kind in one table, and editions for guests and the public.

Why: a release freezes more than the agenda in two editions: the sheet of changes and the delta page of a version, and
an edition for every guest and for the public. One table holds them all, so that one query tells which document a hash
belongs to and one rule keeps the rendered bytes.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "frozen_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "agenda",
                "changes",
                "delta",
                name="document_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "edition",
            sa.Enum(
                "vollstaendig",
                "ohne-vertrauliches",
                "gast",
                "oeffentlich",
                name="edition",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name=op.f("fk_frozen_document_item_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_frozen_document_meeting_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_document")),
    )
    key = ["meeting_id", "kind", "version", "edition"]
    with op.batch_alter_table("frozen_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_frozen_document_hash"), ["hash"], unique=False)
        for name, columns, where in (
            ("uq_frozen_document_whole", key, sa.text("item_id IS NULL")),
            ("uq_frozen_document_item", [*key, "item_id"], sa.text("item_id IS NOT NULL")),
        ):
            batch_op.create_index(name, columns, unique=True, sqlite_where=where, postgresql_where=where)
    op.execute(
        "INSERT INTO frozen_document (meeting_id, kind, version, edition, content, hash, frozen_at) "
        "SELECT r.meeting_id, 'agenda', r.version, e.edition, e.content, e.hash, r.released_at "
        "FROM agenda_edition e JOIN agenda_release r ON r.id = e.release_id ORDER BY e.id"
    )
    guard("frozen_document")
    op.drop_table("agenda_edition")  # its triggers go with it


def downgrade() -> None:
    op.create_table(
        "agenda_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column(
            "edition",
            sa.Enum(
                "vollstaendig",
                "ohne-vertrauliches",
                name="edition",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["agenda_release.id"], name=op.f("fk_agenda_edition_release_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_edition")),
        sa.UniqueConstraint("release_id", "edition", name=op.f("uq_agenda_edition_release_id_edition")),
    )
    with op.batch_alter_table("agenda_edition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agenda_edition_hash"), ["hash"], unique=False)
    op.execute(
        "INSERT INTO agenda_edition (release_id, edition, content, hash) "
        "SELECT r.id, d.edition, d.content, d.hash FROM frozen_document d "
        "JOIN agenda_release r ON r.meeting_id = d.meeting_id AND r.version = d.version "
        "WHERE d.kind = 'agenda' AND d.edition IN ('vollstaendig', 'ohne-vertrauliches') ORDER BY d.id"
    )
    guard("agenda_edition")
    op.drop_table("frozen_document")


def guard(table: str) -> None:
    """Let the database itself refuse every change of *table* (``refuse_change`` is of the first migration)."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
