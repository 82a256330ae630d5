"""Papers of registered topics.

Why: whoever registers a topic has its papers at hand then, not only when the secretariat has made an item of it. The
link has the paper as key like the other links, because a paper hangs at one place only; nothing deletes a paper by
deleting its owner.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "registration_paper",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["paper.id"], name=op.f("fk_registration_paper_paper_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_registration_paper_registration_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("paper_id", name=op.f("pk_registration_paper")),
    )
    op.create_index(op.f("ix_registration_paper_registration_id"), "registration_paper", ["registration_id"])


def downgrade() -> None:
    op.drop_table("registration_paper")
