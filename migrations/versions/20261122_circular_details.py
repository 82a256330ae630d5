"""Where a circular procedure came from, and the rules by which it runs.

Why: a topic of the backlog that is decided in writing must not be taken up a second time, so the procedure remembers it
as it remembers an item. The rules of the body are copied when the procedure starts: whoever changes them later does not
change how answers count that were already given.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("circular", schema=None) as batch_op:
        batch_op.add_column(sa.Column("topic_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("rules", sa.String(), nullable=False, server_default="{}"))
        batch_op.create_foreign_key(
            batch_op.f("fk_circular_topic_id"), "topic", ["topic_id"], ["id"], ondelete="RESTRICT"
        )
        batch_op.create_index(batch_op.f("ix_circular_topic_id"), ["topic_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("circular", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_circular_topic_id"))
        batch_op.drop_constraint(batch_op.f("fk_circular_topic_id"), type_="foreignkey")
        batch_op.drop_column("rules")
        batch_op.drop_column("topic_id")
