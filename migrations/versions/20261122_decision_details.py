"""When a decision was taken, and its folded text for searching.

Why: votes and quorum are those of the moment of the decision, which must still be known when it is corrected later; and
the register is searched for parts of German compounds and for words of two letters, for which one folded column does.
Nothing wrote decisions before this, so no row waits to be folded.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Plain columns: rebuilding the table would lose the triggers that seal approved minutes.
    op.add_column("decision", sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("decision", sa.Column("folded", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("decision", "folded")
    op.drop_column("decision", "taken_at")
