"""Where letters go, and which were sent.

Why: letters need a postal address to fit a window envelope: the institution's, or a person's own where it differs. And
a letter that left the house must be found again as it was: its values are frozen with their hash when it is marked as
sent; a mark that was wrong is taken back by a row of its own, so both tables are append only. ``organisation`` and
``person`` get columns in place, so that nothing is made anew.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ADDRESSED = ("organisation", "person")


def upgrade() -> None:
    for table in ADDRESSED:
        op.add_column(table, sa.Column("address", sa.String(length=500), nullable=False, server_default=""))
        op.add_column(table, sa.Column("country", sa.String(length=60), nullable=False, server_default=""))
    op.create_table(
        "letter_dispatch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=330), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column(
            "way",
            sa.Enum(
                "post", "email", "messenger", name="dispatch_way", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("sent_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_letter_dispatch_meeting_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_letter_dispatch_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_dispatch")),
    )
    for column in ("hash", "meeting_id", "person_id"):
        op.create_index(op.f(f"ix_letter_dispatch_{column}"), "letter_dispatch", [column], unique=False)
    op.create_table(
        "letter_revocation",
        sa.Column("dispatch_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["dispatch_id"],
            ["letter_dispatch.id"],
            name=op.f("fk_letter_revocation_dispatch_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("dispatch_id", name=op.f("pk_letter_revocation")),
    )
    for table in ("letter_dispatch", "letter_revocation"):
        _guard(table)


def downgrade() -> None:
    op.drop_table("letter_revocation")  # the triggers go with their tables
    op.drop_table("letter_dispatch")
    for table in ADDRESSED:
        for column in ("country", "address"):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")  # both know it; a batch would make the table anew


def _guard(table: str) -> None:
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
