"""Asking whether a meeting is the second one about the same matters, and whether its invitation has to say so."""

import sqlalchemy as sa
from sqlmodel import Session

# Attendance stands above agendas in the list of packages, so its table is named, not imported.
_REPEAT = sa.table(
    "second_invitation",
    *(sa.column(name, sa.Integer) for name in ("meeting_id", "first_meeting_id")),
    sa.column("says_so", sa.Boolean),
)


def find_repeated_meeting(session: Session, meeting_id: int) -> int | None:
    """The id of the meeting that this one repeats, where its invitation says so; None otherwise."""
    found: int | None = session.execute(
        sa.select(_REPEAT.c.first_meeting_id).where(_REPEAT.c.meeting_id == meeting_id, _REPEAT.c.says_so)
    ).scalar()
    return found
