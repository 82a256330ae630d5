"""The reasons of the Revision.

Why: the Revision reads confidential matters of a body only with a recorded reason and for a while (domain §6); the reason
stays when the access is over. The new table touches no other.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_access",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > begins_at", name=op.f("ck_audit_access_span")),
        sa.CheckConstraint("length(reason) >= 20", name=op.f("ck_audit_access_reason")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_audit_access_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_audit_access_body_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_access")),
    )
    with op.batch_alter_table("audit_access", schema=None) as batch_op:
        batch_op.create_index("ix_audit_access_account", ["account_id", "ends_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_access_body_id"), ["body_id"], unique=False)


def downgrade() -> None:
    op.drop_table("audit_access")
