"""Registered topics, and what joining and the topic backlog need.

Why: members, offices and project leads register topics themselves (TOP-Anmeldung), with deadline, Eilbedarf and the
chair's consent. A proposal keeps what hands edited before accepting, an entry of the backlog says why it was closed, and
both keep the Berichterstattung of the item they were or become.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "registration",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("seat_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=400), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column(
            "section",
            sa.Enum(
                "regularien",
                "umsetzungsstand",
                "schwerpunktthema",
                "beschlussfassung",
                "beratung",
                "ohne-aussprache",
                "verschiedenes",
                name="section_key",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "formality",
                "decision",
                "debate",
                "note",
                "report",
                name="item_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("presenter", sa.String(length=300), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("proposed_decision", sa.String(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "public", "internal", "confidential", name="level", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("papers_follow", sa.Boolean(), nullable=False),
        sa.Column("papers_on", sa.Date(), nullable=True),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("consent_by", sa.String(length=200), nullable=False),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.Column("consent_how", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "scheduled",
                "declined",
                "withdrawn",
                name="registration_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("minutes IS NULL OR minutes BETWEEN 0 AND 600", name=op.f("ck_registration_minutes")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_registration_body_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_registration_meeting_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_registration_seat_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_registration_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name=op.f("fk_registration_item_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
    )
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_index("ix_registration_body_state", ["body_id", "state"], unique=False)
        for column in ("meeting_id", "seat_id", "person_id", "item_id"):
            batch_op.create_index(batch_op.f(f"ix_registration_{column}"), [column], unique=False)
    op.create_table(
        "registration_project",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_registration_project_registration_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_registration_project_project_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("registration_id", "project_id", name=op.f("pk_registration_project")),
    )
    with op.batch_alter_table("registration_project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_registration_project_project_id"), ["project_id"], unique=False)
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("presenter", sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("edited", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_index(batch_op.f("ix_proposal_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_topic_id"), ["topic_id"], unique=False)
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.add_column(sa.Column("presenter", sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("closed_reason", sa.String(length=500), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.drop_column("closed_reason")
        batch_op.drop_column("presenter")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_topic_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_item_id"))
        batch_op.drop_column("edited")
        batch_op.drop_column("presenter")
    op.drop_table("registration_project")
    op.drop_table("registration")
