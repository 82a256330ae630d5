"""Tries of mails, and what the sending needs to know.

Why: each try of a mail is told with its time and the server's answer; ``data_at`` parts a worker's death before the
mail was handed over (certain: not sent) from one after it (uncertain); ``next_try_at`` is when a waiting mail comes
again. The files of mails are named like those of papers, so that the sweep of orphans keeps them.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_try",
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Enum("waiting", "sending", "sent", "refused", "given_up", "uncertain", "withheld", "cancelled", name="mail_try_outcome", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_mail_try_mail_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("mail_id", "number", name=op.f("pk_mail_try")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("data_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("texts_erased_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("retries", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("mail_attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mail_attachment_hash"))
        batch_op.alter_column("hash", new_column_name="file_key", existing_type=sa.String(length=64))
    with op.batch_alter_table("mail_attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_attachment_file_key"), ["file_key"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("mail_attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mail_attachment_file_key"))
        batch_op.alter_column("file_key", new_column_name="hash", existing_type=sa.String(length=64))
    with op.batch_alter_table("mail_attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_attachment_hash"), ["hash"], unique=False)
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_column("retries")
        batch_op.drop_column("texts_erased_at")
        batch_op.drop_column("next_try_at")
        batch_op.drop_column("data_at")
    op.drop_table("mail_try")
