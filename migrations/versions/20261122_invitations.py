"""Invitations and answers.

Why: what was sent to whom, with the state of the meeting that it told, says what changed since and never sends twice;
answers by link and mail are kept as they came, guests' answers have a table of their own because guests have no seat.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guest_answer",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "open",
                "accepted",
                "declined",
                "represented",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_guest_answer_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_guest_answer_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", "person_id", name=op.f("pk_guest_answer")),
    )
    with op.batch_alter_table("guest_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guest_answer_person_id"), ["person_id"], unique=False)

    op.create_table(
        "invitation_dispatch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column(
            "method",
            sa.Enum("request", "cancel", name="dispatch_method", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=1000), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("preview", sa.String(length=64), nullable=False),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dispatched_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_invitation_dispatch_meeting_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_dispatch")),
        sa.UniqueConstraint("meeting_id", "serial", name=op.f("uq_invitation_dispatch_meeting_id_serial")),
    )
    op.create_table(
        "invitation_recipient",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dispatch_id", sa.Integer(), nullable=False),
        sa.Column(
            "method",
            sa.Enum("request", "cancel", name="dispatch_method", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "role",
            sa.Enum(
                "member",
                "deputy",
                "office",
                "copy",
                "guest",
                "secretariat",
                name="recipient_role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("seat_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("edition", sa.String(length=40), nullable=False),
        sa.Column("answers", sa.Boolean(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dispatch_id"],
            ["invitation_dispatch.id"],
            name=op.f("fk_invitation_recipient_dispatch_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["personal_link.id"], name=op.f("fk_invitation_recipient_link_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["mail.id"], name=op.f("fk_invitation_recipient_mail_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_invitation_recipient_person_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seat.id"], name=op.f("fk_invitation_recipient_seat_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_recipient")),
        sa.UniqueConstraint("dispatch_id", "address", name=op.f("uq_invitation_recipient_dispatch_id_address")),
    )
    with op.batch_alter_table("invitation_recipient", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_recipient_link_id"), ["link_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_recipient_mail_id"), ["mail_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_recipient_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_recipient_seat_id"), ["seat_id"], unique=False)

    op.create_table(
        "invitation_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("recipient_id", sa.Integer(), nullable=True),
        sa.Column(
            "way",
            sa.Enum("link", "mail", name="reply_way", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stamped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("partstat", sa.String(length=40), nullable=False),
        sa.Column("comment", sa.String(length=500), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "taken",
                "noted",
                "outdated",
                "refused",
                "unmatched",
                "no_reply",
                name="reply_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_invitation_reply_meeting_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["invitation_recipient.id"],
            name=op.f("fk_invitation_reply_recipient_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_reply")),
        sa.UniqueConstraint("message_id", "place", name=op.f("uq_invitation_reply_message_id_place")),
    )
    with op.batch_alter_table("invitation_reply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_reply_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_reply_recipient_id"), ["recipient_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("invitation_reply", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_reply_recipient_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_reply_meeting_id"))

    op.drop_table("invitation_reply")
    with op.batch_alter_table("invitation_recipient", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_recipient_seat_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_recipient_person_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_recipient_mail_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_recipient_link_id"))

    op.drop_table("invitation_recipient")
    op.drop_table("invitation_dispatch")
    with op.batch_alter_table("guest_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guest_answer_person_id"))

    op.drop_table("guest_answer")
