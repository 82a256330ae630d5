"""What the editing screens of people and bodies need.

Why: two people may correct who sits on a seat, so a membership counts its versions; the database guards that a seat has
one member without an end; and stored sort keys of persons pass over particles ("von der Heide" sorts below H).

Revision ID: 0008
Revises: 0007
"""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OPEN_MEMBER = sa.text("kind = 'member' AND valid_to IS NULL")
PARTICLES = frozenset(("von", "vom", "zu", "zum", "zur", "und", "an", "am", "auf", "der", "den", "dem", "de", "del")) | {
    "della", "di", "da", "du", "la", "le", "van", "ten", "ter"
}
PERSON = sa.table("person", sa.column("id"), sa.column("last_name"), sa.column("sort_key"))
MEMBERSHIP = sa.table(
    "membership",
    sa.column("id"),
    sa.column("seat_id"),
    sa.column("kind"),
    sa.column("valid_from", sa.Date),
    sa.column("valid_to", sa.Date),
)


def upgrade() -> None:
    op.add_column("membership", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    end_earlier_members()
    op.create_index(
        "uq_membership_member",
        "membership",
        ["seat_id"],
        unique=True,
        sqlite_where=OPEN_MEMBER,
        postgresql_where=OPEN_MEMBER,
    )
    pass_over_particles()


def downgrade() -> None:
    op.drop_index("uq_membership_member", table_name="membership")
    op.drop_column("membership", "version")


def end_earlier_members() -> None:
    """Where several members of a seat have no end, all but the latest end the day before the next one begins.

    Those that begin on the same day cannot be told apart: the earlier entered one becomes a deputy, and nothing is lost.
    """
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(MEMBERSHIP).where(MEMBERSHIP.c.kind == "member", MEMBERSHIP.c.valid_to.is_(None))
    ).all()
    seats: dict[int, list[sa.Row]] = {}
    for row in sorted(rows, key=lambda row: (row.valid_from or dt.date.min, row.id)):
        seats.setdefault(row.seat_id, []).append(row)
    for members in seats.values():
        for row, following in zip(members, members[1:], strict=False):
            change = sa.update(MEMBERSHIP).where(MEMBERSHIP.c.id == row.id)
            if following.valid_from is None or following.valid_from == row.valid_from:
                connection.execute(change.values(kind="deputy"))
            else:
                connection.execute(change.values(valid_to=following.valid_from - dt.timedelta(days=1)))


def pass_over_particles() -> None:
    """Keys are small letters and words between single spaces; particles go from their beginning to their end."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(PERSON)).all():
        names, words = row.last_name.split(), row.sort_key.split()
        passed = 0
        while passed < len(names) - 1 and names[passed] in PARTICLES:
            passed += 1
        if passed:
            key = " ".join([*words[passed:], *words[:passed]])
            connection.execute(sa.update(PERSON).where(PERSON.c.id == row.id).values(sort_key=key))
