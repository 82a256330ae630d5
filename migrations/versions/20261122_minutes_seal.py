"""What the approval of minutes needs: when a meeting was sealed, why a dispatch was late, and frozen addenda.

Why: the seal of a meeting is asked by everybody who writes below it, so it stands with the meeting. Addenda are frozen
like minutes. On SQLite the table of frozen documents is made anew for its CHECK, so its triggers are made again.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BEFORE = ("agenda", "changes", "delta", "minutes")


def upgrade() -> None:
    op.add_column("meeting", sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("minutes_release", sa.Column("late_reason", sa.String(length=500), nullable=False, server_default=""))
    _set_kinds((*BEFORE, "addendum"), BEFORE)


def downgrade() -> None:
    _unguard()
    op.execute("DELETE FROM frozen_document WHERE kind = 'addendum'")
    if op.get_bind().dialect.name != "sqlite":
        _guard()
    _set_kinds(BEFORE, (*BEFORE, "addendum"))
    op.drop_column("minutes_release", "late_reason")
    op.drop_column("meeting", "sealed_at")


def _set_kinds(kinds: tuple[str, ...], before: tuple[str, ...]) -> None:
    allowed = ", ".join(f"'{kind}'" for kind in kinds)
    name = "ck_frozen_document_document_kind"
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"ALTER TABLE frozen_document DROP CONSTRAINT {name}")
        op.execute(f"ALTER TABLE frozen_document ADD CONSTRAINT {name} CHECK (kind IN ({allowed}))")
        return
    with op.batch_alter_table("frozen_document", recreate="always") as batch_op:
        batch_op.alter_column(
            "kind",
            existing_type=sa.Enum(*before, name="document_kind", native_enum=False, create_constraint=True, length=40),
            type_=sa.Enum(*kinds, name="document_kind", native_enum=False, create_constraint=True, length=40),
            existing_nullable=False,
        )
    _guard()


def _unguard() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER frozen_document_no_{act}")
        return
    for act in ("change", "truncate"):
        op.execute(f"DROP TRIGGER frozen_document_no_{act} ON frozen_document")


def _guard() -> None:
    """Let the database itself refuse every change (``refuse_change`` is of the first migration)."""
    table = "frozen_document"
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
