"""Papers with versions, and their links to items, meetings, projects and topics.

Why: files on agenda items, meetings and projects. A paper's files are append only, because releases name them by hash;
a paper hangs at one place only, so its link has the paper as key; nothing deletes a paper by deleting its owner.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

LINKS = (
    ("agenda_item_paper", "item_id", "agenda_item"),
    ("meeting_paper", "meeting_id", "meeting"),
    ("project_paper", "project_id", "project"),
    ("topic_paper", "topic_id", "topic"),
)


def upgrade() -> None:
    op.create_table(
        "paper",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "submission", "annex", "tabled", name="paper_kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "public", "internal", "confidential", name="level", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("grounds", sa.String(), nullable=False),
        sa.Column("costs", sa.String(), nullable=False),
        sa.Column("cosigned", sa.String(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("NOT withdrawn OR withdrawn_reason <> ''", name=op.f("ck_paper_withdrawn_reason")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
    )
    op.create_table(
        "paper_version",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("file_key", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_paper_version_version")),
        sa.CheckConstraint("size > 0", name=op.f("ck_paper_version_size")),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["paper.id"], name=op.f("fk_paper_version_paper_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("paper_id", "version", name=op.f("pk_paper_version")),
    )
    op.create_index(op.f("ix_paper_version_file_key"), "paper_version", ["file_key"])
    for table, column, owner in LINKS:
        op.create_table(
            table,
            sa.Column("paper_id", sa.Integer(), nullable=False),
            sa.Column(column, sa.Integer(), nullable=False),
            sa.Column("position", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(
                ["paper_id"], ["paper.id"], name=op.f(f"fk_{table}_paper_id"), ondelete="RESTRICT"
            ),
            sa.ForeignKeyConstraint(
                [column], [f"{owner}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT"
            ),
            sa.PrimaryKeyConstraint("paper_id", name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    guard()


def guard() -> None:
    """A file that was ever uploaded stays as it was."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER paper_version_no_{act.lower()} BEFORE {act} ON paper_version "
                "BEGIN SELECT RAISE(ABORT, 'paper_version is append only'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER paper_version_no_change BEFORE UPDATE OR DELETE ON paper_version "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER paper_version_no_truncate BEFORE TRUNCATE ON paper_version "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    for table, _column, _owner in reversed(LINKS):
        op.drop_table(table)
    op.drop_table("paper_version")
    op.drop_table("paper")
