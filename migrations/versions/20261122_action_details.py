"""The folded text of an action for searching.

Why: lists of actions are searched like the register of decisions, for parts of German compounds and without regard to
case and umlauts, which neither database does by itself. Nothing wrote actions before this, so no row waits.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A plain column: rebuilding the table would lose its triggers.
    op.add_column("action", sa.Column("folded", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("action", "folded")
