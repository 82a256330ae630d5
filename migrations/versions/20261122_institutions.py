"""Institutions that became one, and a plan that people edit.

Why: an institution that was imported twice is merged into the other one and keeps its names, address and history; fields
of action and clusters may end while projects stay in them; and whatever of the plan two people may edit counts its
versions. Written as plain columns: making ``organisation`` anew would shake everything that names it.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

EDITED = ("plan_period", "plan_field", "cluster")


def upgrade() -> None:
    for table in EDITED:
        op.add_column(table, sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    for table in ("plan_field", "cluster"):
        op.add_column(table, sa.Column("ends_on", sa.Date(), nullable=True))
    op.execute(  # both know it; Alembic would make the table anew on SQLite
        "ALTER TABLE organisation ADD COLUMN merged_into_id INTEGER "
        "CONSTRAINT fk_organisation_merged_into_id REFERENCES organisation (id)"
    )


def downgrade() -> None:
    """What was merged stands in the lists again, with its names and nothing hanging on it."""
    op.execute("ALTER TABLE organisation DROP COLUMN merged_into_id")
    for table in ("plan_field", "cluster"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN ends_on")
    for table in EDITED:
        op.execute(f"ALTER TABLE {table} DROP COLUMN version")
