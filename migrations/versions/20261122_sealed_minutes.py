"""Approved minutes are sealed by the database.

Why: once the minutes of a meeting are approved (``meeting.sealed_at``), the database itself refuses to change what they
tell: presence, chair, exclusions, notes, outcomes, decisions with their clauses, objections. What lives on stays free:
the follow-up of a decision, what replaces it, and references to persons and institutions that are merged.

On SQLite a later migration that makes one of these tables anew must drop all these triggers before and make them again:
SQLite refuses to rename a table while a trigger names one that is missing.

Revision ID: 0018
Revises: 0017
"""

from collections.abc import Sequence

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

OF_MEETING = "SELECT 1 FROM meeting m WHERE m.sealed_at IS NOT NULL AND m.id = {row}.meeting_id"
OF_ITEM = (
    "SELECT 1 FROM meeting m JOIN agenda_item i ON i.meeting_id = m.id "
    "WHERE m.sealed_at IS NOT NULL AND i.id = {row}.item_id"
)
OF_DECISION = (
    "SELECT 1 FROM meeting m JOIN agenda_item i ON i.meeting_id = m.id JOIN decision d ON d.item_id = i.id "
    "WHERE m.sealed_at IS NOT NULL AND d.id = {row}.decision_id"
)
OF_MINUTES = "SELECT 1 FROM minutes n WHERE n.state = 'approved' AND n.id = {row}.minutes_id"

ITEM = ("meeting_id", "section", "number", "title", "kind", "level", "withdrawn", "withdrawn_reason")
DECISION = (
    "body_id", "item_id", "year", "serial", "number", "title", "decided_on", "outcome", "wording", "proposed_wording",
    "level", "taking", "yes", "no", "abstentions", "chair_vote", "present", "entitled", "quorum", "statuses",
)  # fmt: skip

SEALED: tuple[tuple[str, str, tuple[str, ...] | None], ...] = (
    ("announcement", OF_MEETING, ("seat_id", "answer", "deputy_name", "excused")),
    ("presence", OF_MEETING, ("meeting_id", "seat_id", "item_id", "name", "role", "remote", "from_at", "until_at")),
    ("chairing", OF_MEETING, ("meeting_id", "name", "from_at", "until_at")),
    ("exclusion", OF_ITEM, ("item_id", "reason")),
    ("agenda_item", OF_MEETING, (*ITEM, "proposed_decision", "outcome", "outcome_note", "resume_on")),
    ("minute_note", OF_ITEM, None),
    ("decision", OF_ITEM, DECISION),
    ("clause", OF_DECISION, ("decision_id", "position", "verb", "text", "due_on")),
    ("objection", OF_MINUTES, ("minutes_id", "item_id", "by", "text", "late", "raised_at", "state", "answer")),
)
"""Table, what makes a row of it sealed, and the columns that then stand (None = all of them)."""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _seal_sqlite()
    else:
        _seal_postgresql()


def downgrade() -> None:
    tables = (*(table for table, _, _ in SEALED), "minutes", "meeting")
    if op.get_bind().dialect.name == "sqlite":
        for table in tables:
            for act in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER IF EXISTS {table}_sealed_{act}")
        return
    for table in tables:
        op.execute(f"DROP TRIGGER {table}_sealed_change ON {table}")
        op.execute(f"DROP FUNCTION {table}_sealed()")


def _changed(columns: Sequence[str] | None) -> str:
    other = "IS NOT" if op.get_bind().dialect.name == "sqlite" else "IS DISTINCT FROM"
    return " OR ".join(f'NEW."{one}" {other} OLD."{one}"' for one in columns) if columns is not None else ""


def _seal_sqlite() -> None:
    stop = "BEGIN SELECT RAISE(ABORT, '{table} is sealed by approved minutes'); END"
    for table, sealed, columns in SEALED:
        end = stop.format(table=table)
        new, old = sealed.format(row="NEW"), sealed.format(row="OLD")
        changed = f" AND ({_changed(columns)})" if columns is not None else ""
        op.execute(f"CREATE TRIGGER {table}_sealed_insert BEFORE INSERT ON {table} WHEN EXISTS ({new}) {end}")
        op.execute(
            f"CREATE TRIGGER {table}_sealed_update BEFORE UPDATE ON {table} "
            f"WHEN (EXISTS ({old}) OR EXISTS ({new})){changed} {end}"
        )
        op.execute(f"CREATE TRIGGER {table}_sealed_delete BEFORE DELETE ON {table} WHEN EXISTS ({old}) {end}")
    end = stop.format(table="minutes")
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER minutes_sealed_{act.lower()} BEFORE {act} ON minutes WHEN OLD.state = 'approved' {end}"
        )
    end = stop.format(table="meeting")
    op.execute(
        "CREATE TRIGGER meeting_sealed_update BEFORE UPDATE ON meeting "
        f"WHEN OLD.sealed_at IS NOT NULL AND ({_changed(('sealed_at', 'state'))}) {end}"
    )
    op.execute(f"CREATE TRIGGER meeting_sealed_delete BEFORE DELETE ON meeting WHEN OLD.sealed_at IS NOT NULL {end}")


def _seal_postgresql() -> None:
    for table, sealed, columns in SEALED:
        new, old = sealed.format(row="NEW"), sealed.format(row="OLD")
        changed = f"({_changed(columns)})" if columns is not None else "TRUE"
        _function(
            table,
            f"IF TG_OP = 'INSERT' THEN IF EXISTS ({new}) THEN bad := TRUE; END IF; "
            f"ELSIF TG_OP = 'DELETE' THEN IF EXISTS ({old}) THEN bad := TRUE; END IF; "
            f"ELSIF {changed} AND (EXISTS ({old}) OR EXISTS ({new})) THEN bad := TRUE; END IF; ",
            "INSERT OR UPDATE OR DELETE",
        )
    _function("minutes", "bad := OLD.state = 'approved'; ", "UPDATE OR DELETE")
    changed = _changed(("sealed_at", "state"))
    _function(
        "meeting",
        "IF OLD.sealed_at IS NOT NULL THEN IF TG_OP = 'DELETE' THEN bad := TRUE; "
        f"ELSIF {changed} THEN bad := TRUE; END IF; END IF; ",
        "UPDATE OR DELETE",
    )


def _function(table: str, body: str, acts: str) -> None:
    op.execute(
        f"CREATE FUNCTION {table}_sealed() RETURNS trigger AS $$ DECLARE bad boolean := FALSE; BEGIN {body}"
        f"IF bad THEN RAISE EXCEPTION '{table} is sealed by approved minutes'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$ LANGUAGE plpgsql"
    )
    op.execute(
        f"CREATE TRIGGER {table}_sealed_change BEFORE {acts} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_sealed()"
    )
