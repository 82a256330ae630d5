"""The ground floor: every table of the first release, the append-only triggers and the two one-row tables.

Why: people, bodies, projects with status, meetings, agenda with frozen releases, history, jobs.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "body",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("short_name", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
        sa.UniqueConstraint("short_name", name=op.f("uq_body_short_name")),
    )
    op.create_table(
        "history_entry",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.Column("object_kind", sa.String(length=60), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column(
            "reach",
            sa.Enum(
                "internal",
                "draft",
                "confidential",
                "account",
                name="reach",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_history_entry_hash")),
    )
    with op.batch_alter_table("history_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_history_entry_body_id"), ["body_id"], unique=False)
        batch_op.create_index("ix_history_entry_object", ["object_kind", "object_id", "id"], unique=False)

    op.create_table(
        "history_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_history_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_head")),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("demo_made_on", sa.Date(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=120), nullable=True),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=1000), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(
            "ix_job_waiting",
            ["run_at"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL AND failed_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL AND failed_at IS NULL"),
        )
        batch_op.create_index(
            "uq_job_dedupe",
            ["dedupe_key"],
            unique=True,
            sqlite_where=sa.text("done_at IS NULL AND failed_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL AND failed_at IS NULL"),
        )

    op.create_table(
        "kept_document",
        sa.Column("values_hash", sa.String(length=64), nullable=False),
        sa.Column("file_key", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("values_hash", name=op.f("pk_kept_document")),
    )
    op.create_table(
        "organisation",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "senate",
                "chamber",
                "association",
                "union",
                "promotion",
                "labour",
                "company",
                "science",
                "other",
                name="organisation_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["organisation.id"], name=op.f("fk_organisation_successor_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_table(
        "person",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("first_name", sa.String(length=120), nullable=False),
        sa.Column("last_name", sa.String(length=120), nullable=False),
        sa.Column("salutation", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column(
            "sort_key",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_sort_key"), ["sort_key"], unique=False)

    op.create_table(
        "plan_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_period")),
        sa.UniqueConstraint("name", name=op.f("uq_plan_period_name")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_failure_key_at", ["key", "at"], unique=False)

    op.create_table(
        "account",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=300), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_person_id"), ["person_id"], unique=False)

    op.create_table(
        "body_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_body_name_body_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_name")),
    )
    with op.batch_alter_table("body_name", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_body_name_body_id"), ["body_id"], unique=False)

    op.create_table(
        "body_period",
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_body_period_body_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["period_id"], ["plan_period.id"], name=op.f("fk_body_period_period_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("body_id", "period_id", name=op.f("pk_body_period")),
    )
    op.create_table(
        "body_rule",
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("provenance", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_body_rule_body_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("body_id", "key", name=op.f("pk_body_rule")),
    )
    op.create_table(
        "closing_day",
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_closing_day_body_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("body_id", "day", name=op.f("pk_closing_day")),
    )
    op.create_table(
        "history_detail",
        sa.Column("entry_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["history_entry.id"], name=op.f("fk_history_detail_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_history_detail")),
    )
    with op.batch_alter_table("history_detail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_history_detail_account_id"), ["account_id"], unique=False)

    op.create_table(
        "history_erasure",
        sa.Column("entry_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["history_entry.id"], name=op.f("fk_history_erasure_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_history_erasure")),
    )
    op.create_table(
        "meeting",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("special", sa.Boolean(), nullable=False),
        sa.Column("without_status", sa.Boolean(), nullable=False),
        sa.Column("entered_afterwards", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "announced",
                "draft",
                "released",
                "in_session",
                "held",
                "cancelled",
                name="meeting_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("main_topic", sa.String(length=300), nullable=False),
        sa.Column("length_minutes", sa.Integer(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(length=500), nullable=False),
        sa.Column("uid", sa.String(length=200), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("calendar_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_meeting_span")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_meeting_body_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("uid", name=op.f("uq_meeting_uid")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_body_starts", ["body_id", "starts_at", "id"], unique=False)
        batch_op.create_index(
            "uq_meeting_number",
            ["body_id", "number"],
            unique=True,
            sqlite_where=sa.text("number IS NOT NULL AND state <> 'cancelled'"),
            postgresql_where=sa.text("number IS NOT NULL AND state <> 'cancelled'"),
        )

    op.create_table(
        "organisation_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("long", sa.String(length=300), nullable=False),
        sa.Column("short", sa.String(length=80), nullable=False),
        sa.Column(
            "sort_key",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to",
            name=op.f("ck_organisation_name_validity"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_name_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_name")),
    )
    with op.batch_alter_table("organisation_name", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_name_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_name_sort_key"), ["sort_key"], unique=False)

    op.create_table(
        "person_function",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_person_function_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_function_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_function")),
    )
    with op.batch_alter_table("person_function", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_function_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_function_person_id"), ["person_id"], unique=False)

    op.create_table(
        "plan_field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["period_id"], ["plan_period.id"], name=op.f("fk_plan_field_period_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_field")),
    )
    with op.batch_alter_table("plan_field", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_field_period_id"), ["period_id"], unique=False)
        batch_op.create_index(
            "uq_plan_field_name",
            ["period_id", "name"],
            unique=True,
            sqlite_where=sa.text("period_id IS NOT NULL"),
            postgresql_where=sa.text("period_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_plan_field_name_alone",
            ["name"],
            unique=True,
            sqlite_where=sa.text("period_id IS NULL"),
            postgresql_where=sa.text("period_id IS NULL"),
        )

    op.create_table(
        "seat",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("voting", sa.Boolean(), nullable=False),
        sa.Column("chair", sa.Boolean(), nullable=False),
        sa.Column("protocol_order", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_seat_body_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_seat_organisation_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
    )
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_body_id"), ["body_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "uq_seat_chair",
            ["body_id"],
            unique=True,
            sqlite_where=sa.text("chair AND valid_to IS NULL"),
            postgresql_where=sa.text("chair AND valid_to IS NULL"),
        )

    op.create_table(
        "section",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("minutes_in_all", sa.Boolean(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_section_body_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section")),
        sa.UniqueConstraint("body_id", "key", name=op.f("uq_section_body_id_key")),
    )
    with op.batch_alter_table("section", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_section_body_id"), ["body_id"], unique=False)

    op.create_table(
        "account_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "admin",
                "secretariat",
                "auditor",
                "chair",
                "member",
                "guest",
                "lead",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("role IN ('admin', 'secretariat', 'auditor')", name=op.f("ck_account_role_given_role")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_role_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_account_role_body_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_role")),
    )
    with op.batch_alter_table("account_role", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_role_account_id"), ["account_id"], unique=False)

    op.create_table(
        "agenda_draft",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_draft_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_agenda_draft")),
    )
    op.create_table(
        "agenda_item",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
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
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
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
        sa.Column("minutes", sa.Integer(), nullable=False),
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
        sa.Column(
            "origin",
            sa.Enum("proposal", "own", name="item_origin", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("mandatory", sa.Boolean(), nullable=False),
        sa.Column("grouped", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("carried_from_id", sa.Integer(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "adopted",
                "adopted_changed",
                "confirmed",
                "noted",
                "rejected",
                "adjourned",
                "deferred",
                "referred",
                "not_reached",
                "removed",
                "retracted",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("outcome_note", sa.String(), nullable=False),
        sa.Column("resume_on", sa.Date(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 0 AND 600", name=op.f("ck_agenda_item_minutes")),
        sa.ForeignKeyConstraint(
            ["carried_from_id"], ["agenda_item.id"], name=op.f("fk_agenda_item_carried_from_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_item_meeting_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
    )
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agenda_item_carried_from_id"), ["carried_from_id"], unique=False)
        batch_op.create_index("ix_agenda_item_meeting", ["meeting_id", "section", "position"], unique=False)
        batch_op.create_index(
            "uq_agenda_item_number",
            ["meeting_id", "number"],
            unique=True,
            sqlite_where=sa.text("number <> ''"),
            postgresql_where=sa.text("number <> ''"),
        )

    op.create_table(
        "agenda_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by", sa.String(length=200), nullable=False),
        sa.Column("approved_by", sa.String(length=200), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approved_how", sa.String(length=40), nullable=False),
        sa.Column("late_reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_release_meeting_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_release")),
        sa.UniqueConstraint("meeting_id", "version", name=op.f("uq_agenda_release_meeting_id_version")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_api_token_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_account_id"), ["account_id"], unique=False)

    op.create_table(
        "cluster",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["field_id"], ["plan_field.id"], name=op.f("fk_cluster_field_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster")),
    )
    with op.batch_alter_table("cluster", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cluster_field_id"), ["field_id"], unique=False)
        batch_op.create_index(
            "uq_cluster_name",
            ["field_id", "name"],
            unique=True,
            sqlite_where=sa.text("field_id IS NOT NULL"),
            postgresql_where=sa.text("field_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_cluster_name_alone",
            ["name"],
            unique=True,
            sqlite_where=sa.text("field_id IS NULL"),
            postgresql_where=sa.text("field_id IS NULL"),
        )

    op.create_table(
        "feed_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_feed_token_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_feed_token_body_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feed_token_token_hash")),
    )
    with op.batch_alter_table("feed_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feed_token_account_id"), ["account_id"], unique=False)

    op.create_table(
        "idempotent_answer",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("location", sa.String(length=400), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_idempotent_answer_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("pk_idempotent_answer")),
    )
    with op.batch_alter_table("idempotent_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotent_answer_made_at"), ["made_at"], unique=False)

    op.create_table(
        "meeting_deadline",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_deadline_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", "kind", name=op.f("pk_meeting_deadline")),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "member",
                "deputy",
                "office",
                name="membership_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", name=op.f("ck_membership_validity")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_membership_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_membership_seat_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_seat_id"), ["seat_id"], unique=False)

    op.create_table(
        "seat_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("office", "copy", name="address_kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_seat_address_seat_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_address")),
    )
    with op.batch_alter_table("seat_address", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_address_seat_id"), ["seat_id"], unique=False)

    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_sign_in_session_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_session_token_hash")),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_session_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_session_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "agenda_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column(
            "edition",
            sa.Enum(
                "vollstaendig",
                "ohne-vertrauliches",
                name="edition",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["agenda_release.id"], name=op.f("fk_agenda_edition_release_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_edition")),
        sa.UniqueConstraint("release_id", "edition", name=op.f("uq_agenda_edition_release_id_edition")),
    )
    with op.batch_alter_table("agenda_edition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agenda_edition_hash"), ["hash"], unique=False)

    op.create_table(
        "agenda_item_guest",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name=op.f("fk_agenda_item_guest_item_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_agenda_item_guest_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("item_id", "person_id", name=op.f("pk_agenda_item_guest")),
    )
    with op.batch_alter_table("agenda_item_guest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agenda_item_guest_person_id"), ["person_id"], unique=False)

    op.create_table(
        "project",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column(
            "code_key",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column(
            "title_key",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("field_id", sa.Integer(), nullable=True),
        sa.Column("cluster_id", sa.Integer(), nullable=True),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("stated_on", sa.Date(), nullable=True),
        sa.Column("funding", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=600), nullable=False),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["cluster.id"], name=op.f("fk_project_cluster_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["field_id"], ["plan_field.id"], name=op.f("fk_project_field_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["lead_id"], ["organisation.id"], name=op.f("fk_project_lead_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["period_id"], ["plan_period.id"], name=op.f("fk_project_period_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
    )
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_code"), ["code"], unique=False)
        batch_op.create_index("ix_project_code_key", ["code_key", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_field_id"), ["field_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_lead_id"), ["lead_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_period_id"), ["period_id"], unique=False)
        batch_op.create_index(
            "uq_project_code",
            ["period_id", "code"],
            unique=True,
            sqlite_where=sa.text("period_id IS NOT NULL"),
            postgresql_where=sa.text("period_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_project_code_alone",
            ["code"],
            unique=True,
            sqlite_where=sa.text("period_id IS NULL"),
            postgresql_where=sa.text("period_id IS NULL"),
        )

    op.create_table(
        "topic",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("from_meeting_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("carried_from_id", sa.Integer(), nullable=True),
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
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "public", "internal", "confidential", name="level", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("proposed_decision", sa.String(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("grouped", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("resume_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("open", "used", "closed", name="topic_state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_topic_body_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["carried_from_id"], ["agenda_item.id"], name=op.f("fk_topic_carried_from_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["from_meeting_id"], ["meeting.id"], name=op.f("fk_topic_from_meeting_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
    )
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.create_index("ix_topic_body_state", ["body_id", "state"], unique=False)

    op.create_table(
        "agenda_item_project",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("answers_need", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name=op.f("fk_agenda_item_project_item_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_agenda_item_project_project_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("item_id", "project_id", name=op.f("pk_agenda_item_project")),
    )
    with op.batch_alter_table("agenda_item_project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agenda_item_project_project_id"), ["project_id"], unique=False)

    op.create_table(
        "decision_need",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column(
            "closed_how",
            sa.Enum(
                "decided", "withdrawn", "closed", name="need_end", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("closed_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("(closed_on IS NULL) = (closed_how IS NULL)", name=op.f("ck_decision_need_closing")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_decision_need_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_need")),
        sa.UniqueConstraint("project_id", "opened_on", name=op.f("uq_decision_need_project_id_opened_on")),
    )
    op.create_table(
        "milestone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_milestone_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
        sa.UniqueConstraint("project_id", "title", name=op.f("uq_milestone_project_id_title")),
    )
    op.create_table(
        "project_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["period_id"], ["plan_period.id"], name=op.f("fk_project_code_period_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_code_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_code")),
    )
    with op.batch_alter_table("project_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_code_code"), ["code"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_code_project_id"), ["project_id"], unique=False)

    op.create_table(
        "project_end",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_end_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "told_on", name=op.f("pk_project_end")),
    )
    op.create_table(
        "project_field",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["field_id"], ["plan_field.id"], name=op.f("fk_project_field_field_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_field_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "field_id", name=op.f("pk_project_field")),
    )
    with op.batch_alter_table("project_field", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_field_field_id"), ["field_id"], unique=False)

    op.create_table(
        "project_lead",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_project_lead_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_lead_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_lead")),
    )
    with op.batch_alter_table("project_lead", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_lead_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_lead_project_id"), ["project_id"], unique=False)

    op.create_table(
        "project_lineage",
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "continued",
                "merged",
                "split",
                name="lineage_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_project_lineage_not_itself")),
        sa.ForeignKeyConstraint(
            ["from_id"], ["project.id"], name=op.f("fk_project_lineage_from_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["to_id"], ["project.id"], name=op.f("fk_project_lineage_to_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("from_id", "to_id", name=op.f("pk_project_lineage")),
    )
    with op.batch_alter_table("project_lineage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_lineage_to_id"), ["to_id"], unique=False)

    op.create_table(
        "project_partner",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_project_partner_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_partner_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "organisation_id", name=op.f("pk_project_partner")),
    )
    with op.batch_alter_table("project_partner", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_partner_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "proposal",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
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
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("fits", sa.Boolean(), nullable=False),
        sa.Column("mandatory", sa.Boolean(), nullable=False),
        sa.Column("grouped", sa.Boolean(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "public", "internal", "confidential", name="level", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("proposed_decision", sa.String(), nullable=False),
        sa.Column("taken_by", sa.String(length=300), nullable=False),
        sa.Column("difference", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "accepted",
                "rejected",
                "vanished",
                name="proposal_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reject_reason", sa.String(length=500), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("carried_from_id", sa.Integer(), nullable=True),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["carried_from_id"], ["agenda_item.id"], name=op.f("fk_proposal_carried_from_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_proposal_item_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_proposal_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_proposal_topic_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("meeting_id", "key", name=op.f("uq_proposal_meeting_id_key")),
    )
    op.create_table(
        "status_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column(
            "light",
            sa.Enum("green", "yellow", "red", name="light", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column(
            "light_schedule",
            sa.Enum(
                "green", "yellow", "red", name="light_schedule", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column(
            "light_cost",
            sa.Enum("green", "yellow", "red", name="light_cost", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column(
            "light_content",
            sa.Enum(
                "green", "yellow", "red", name="light_content", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column(
            "phase",
            sa.Enum(
                "proposed",
                "rejected",
                "planned",
                "running",
                "paused",
                "completed",
                "aborted",
                "transferred",
                "unknown",
                name="phase",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("progress", sa.Integer(), nullable=True),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("next_steps", sa.String(), nullable=False),
        sa.Column("risks", sa.String(), nullable=False),
        sa.Column("decision_need", sa.String(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "accepted",
                "rejected",
                name="status_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "import",
                "secretariat",
                "lead",
                name="status_source",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("valid", sa.Boolean(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("correction_reason", sa.String(length=500), nullable=False),
        sa.Column("rejection_reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "corrects_id IS NULL OR correction_reason <> ''", name=op.f("ck_status_report_correction_reason")
        ),
        sa.CheckConstraint("progress IS NULL OR progress BETWEEN 0 AND 100", name=op.f("ck_status_report_progress")),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["status_report.id"], name=op.f("fk_status_report_corrects_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_status_report_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_report")),
    )
    with op.batch_alter_table("status_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_status_report_project_id"), ["project_id"], unique=False)
        batch_op.create_index(
            "uq_status_report_valid",
            ["project_id", "as_of"],
            unique=True,
            sqlite_where=sa.text("valid AND state = 'accepted'"),
            postgresql_where=sa.text("valid AND state = 'accepted'"),
        )

    op.create_table(
        "topic_project",
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_topic_project_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_topic_project_topic_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("topic_id", "project_id", name=op.f("pk_topic_project")),
    )
    with op.batch_alter_table("topic_project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topic_project_project_id"), ["project_id"], unique=False)

    op.create_table(
        "frozen_status",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("status_id", sa.Integer(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column(
            "light",
            sa.Enum("green", "yellow", "red", name="light", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column(
            "light_schedule",
            sa.Enum(
                "green", "yellow", "red", name="light_schedule", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column(
            "light_cost",
            sa.Enum("green", "yellow", "red", name="light_cost", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column(
            "light_content",
            sa.Enum(
                "green", "yellow", "red", name="light_content", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column(
            "phase",
            sa.Enum(
                "proposed",
                "rejected",
                "planned",
                "running",
                "paused",
                "completed",
                "aborted",
                "transferred",
                "unknown",
                name="phase",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("field", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_frozen_status_project_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["agenda_release.id"], name=op.f("fk_frozen_status_release_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["status_id"], ["status_report.id"], name=op.f("fk_frozen_status_status_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("release_id", "project_id", name=op.f("pk_frozen_status")),
    )
    with op.batch_alter_table("frozen_status", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_frozen_status_project_id"), ["project_id"], unique=False)

    op.create_table(
        "milestone_date",
        sa.Column("milestone_id", sa.Integer(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["milestone_id"], ["milestone.id"], name=op.f("fk_milestone_date_milestone_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("milestone_id", "told_on", name=op.f("pk_milestone_date")),
    )
    op.create_table(
        "proposal_project",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("answers_need", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_proposal_project_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_project_proposal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("proposal_id", "project_id", name=op.f("pk_proposal_project")),
    )
    with op.batch_alter_table("proposal_project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_project_project_id"), ["project_id"], unique=False)

    op.execute("INSERT INTO history_head (id, last_id, last_hash) VALUES (1, 0, '')")
    op.execute("INSERT INTO installation (id) VALUES (1)")
    guard()


APPEND_ONLY = ("history_entry", "history_erasure", "agenda_release", "agenda_edition", "frozen_status", "kept_document")


def guard() -> None:
    """Let the database itself refuse to change what must never change."""
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append only'); END"
                )
        op.execute(
            "CREATE TRIGGER history_detail_no_update BEFORE UPDATE ON history_detail "
            "BEGIN SELECT RAISE(ABORT, 'history_detail is append only'); END"
        )
        op.execute(
            "CREATE TRIGGER history_detail_no_delete BEFORE DELETE ON history_detail "
            "WHEN NOT EXISTS (SELECT 1 FROM history_erasure WHERE entry_id = OLD.entry_id) "
            "BEGIN SELECT RAISE(ABORT, 'history_detail is erased only with a reason'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append only', TG_TABLE_NAME; END $$"
    )
    op.execute(
        "CREATE FUNCTION refuse_erasure() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NOT EXISTS (SELECT 1 FROM history_erasure WHERE entry_id = OLD.entry_id) "
        "THEN RAISE EXCEPTION 'history_detail is erased only with a reason'; END IF; RETURN OLD; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        "CREATE TRIGGER history_detail_no_update BEFORE UPDATE ON history_detail "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER history_detail_no_delete BEFORE DELETE ON history_detail "
        "FOR EACH ROW EXECUTE FUNCTION refuse_erasure()"
    )
    for table in (*APPEND_ONLY, "history_detail"):
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_table("proposal_project")
    op.drop_table("milestone_date")
    op.drop_table("frozen_status")
    op.drop_table("topic_project")
    op.drop_table("status_report")
    op.drop_table("proposal")
    op.drop_table("project_partner")
    op.drop_table("project_lineage")
    op.drop_table("project_lead")
    op.drop_table("project_field")
    op.drop_table("project_end")
    op.drop_table("project_code")
    op.drop_table("milestone")
    op.drop_table("decision_need")
    op.drop_table("agenda_item_project")
    op.drop_table("topic")
    op.drop_table("project")
    op.drop_table("agenda_item_guest")
    op.drop_table("agenda_edition")
    op.drop_table("sign_in_session")
    op.drop_table("seat_address")
    op.drop_table("membership")
    op.drop_table("meeting_deadline")
    op.drop_table("idempotent_answer")
    op.drop_table("feed_token")
    op.drop_table("cluster")
    op.drop_table("api_token")
    op.drop_table("agenda_release")
    op.drop_table("agenda_item")
    op.drop_table("agenda_draft")
    op.drop_table("account_role")
    op.drop_table("section")
    op.drop_table("seat")
    op.drop_table("plan_field")
    op.drop_table("person_function")
    op.drop_table("organisation_name")
    op.drop_table("meeting")
    op.drop_table("history_erasure")
    op.drop_table("history_detail")
    op.drop_table("closing_day")
    op.drop_table("body_rule")
    op.drop_table("body_period")
    op.drop_table("body_name")
    op.drop_table("account")
    op.drop_table("sign_in_failure")
    op.drop_table("plan_period")
    op.drop_table("person")
    op.drop_table("organisation")
    op.drop_table("kept_document")
    op.drop_table("job")
    op.drop_table("installation")
    op.drop_table("history_head")
    op.drop_table("history_entry")
    op.drop_table("body")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_change()")
        op.execute("DROP FUNCTION refuse_erasure()")
