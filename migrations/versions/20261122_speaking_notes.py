"""Speaking notes, guests with a role, letters.

Why: the chair's own texts per item and per meeting with the accounts of the secretariat that may read them; a guest
speaks or listens and a talk has a topic; a meeting says how to get in. ``agenda_item_guest`` carries no triggers and is
referenced by nothing, so that SQLite may make it anew; ``meeting`` only gets a column.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "speaking_note",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("goal", sa.String(), nullable=False),
        sa.Column("key_messages", sa.String(), nullable=False),
        sa.Column("reactive", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name=op.f("fk_speaking_note_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speaking_note")),
        sa.UniqueConstraint("item_id", name=op.f("uq_speaking_note_item_id")),
    )
    op.create_table(
        "speaking_frame",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("opening", sa.String(), nullable=False),
        sa.Column("closing", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_speaking_frame_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speaking_frame")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_speaking_frame_meeting_id")),
    )
    op.create_table(
        "speaking_grant",
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_speaking_grant_body_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_speaking_grant_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("body_id", "account_id", name=op.f("pk_speaking_grant")),
    )
    with op.batch_alter_table("speaking_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_speaking_grant_account_id"), ["account_id"], unique=False)
    with op.batch_alter_table("agenda_item_guest", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "role",
                sa.Enum("guest", "speaker", name="guest_role", native_enum=False, create_constraint=True, length=40),
                nullable=False,
                server_default="guest",
            )
        )
        batch_op.add_column(sa.Column("topic", sa.String(length=300), nullable=False, server_default=""))
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("entry_details", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.execute("ALTER TABLE meeting DROP COLUMN entry_details")  # both know it; a batch would make the table anew
    with op.batch_alter_table("agenda_item_guest", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_agenda_item_guest_guest_role"), type_="check")
        batch_op.drop_column("topic")
        batch_op.drop_column("role")
    op.drop_table("speaking_grant")
    op.drop_table("speaking_frame")
    op.drop_table("speaking_note")
