"""Minutes in their life as programs read them: state, frozen values, objections, addenda, publication."""

import datetime as dt

from pydantic import Field

from app.agenda.models import Edition
from app.api.schemas.thing import PREFIX, Moment, Thing
from app.db import ident
from app.meetings.models import MinutesPublication
from app.minutes.models import Addendum, Minutes, MinutesState, Objection, ObjectionState
from app.minutes.schemas.frozen import MinutesValues
from app.visibility import Level


class RecordOut(Thing):
    """The minutes of a meeting in one edition. ``number`` 0 is the working copy, which has no ``hash``.

    ``record``: who was there, course and results item by item, as they stand in that version.
    """

    meeting: int
    state: MinutesState
    number: int = Field(description="Nummer der Version, 0 für die Arbeitsfassung")
    edition: Edition
    hash: str
    objections_until: dt.date | None
    approved_on: dt.date | None
    approved_how: str
    record: MinutesValues


class ObjectionOut(Thing):
    """An objection with its answer; ``item`` null: to the minutes as a whole; ``late``: after the period."""

    meeting: int
    item: int | None
    by: str
    text: str
    late: bool
    raised_at: Moment
    state: ObjectionState
    answer: str
    answered_at: Moment | None
    answered_by: str


class AddendumOut(Thing):
    """A dated addendum to approved minutes."""

    meeting: int
    serial: int
    item: int | None
    level: Level
    added_on: dt.date
    text: str
    added_by: str


class MinutesPublicationOut(Thing):
    """The public edition of the minutes is published, or was until ``revoked_at``."""

    meeting: int
    number: int
    published_at: Moment
    revoked_at: Moment | None


def record_out(meeting_id: int, minutes: Minutes | None, values: MinutesValues, digest: str) -> RecordOut:
    """*values* of the minutes as an object; before the first writing its version is 0."""
    return RecordOut(
        id=meeting_id,
        version=minutes.version if minutes is not None else 0,
        url=f"{PREFIX}/meetings/{meeting_id}/minutes/record",
        page=f"/sitzungen/{meeting_id}/niederschrift",
        meeting=meeting_id,
        state=minutes.state if minutes is not None else MinutesState.DRAFT,
        number=values.version,
        edition=values.edition,
        hash=digest,
        objections_until=values.objections_until,
        approved_on=values.approved_on,
        approved_how=values.approved_how,
        record=values,
    )


def objection_out(meeting_id: int, one: Objection) -> ObjectionOut:
    """An objection as an object."""
    return ObjectionOut(
        id=ident(one),
        version=one.version,
        url=f"{PREFIX}/meetings/{meeting_id}/minutes/objections/{one.id}",
        page=f"/sitzungen/{meeting_id}/niederschrift#einwendung-{one.id}",
        meeting=meeting_id,
        item=one.item_id,
        by=one.by,
        text=one.text,
        late=one.late,
        raised_at=one.raised_at,
        state=one.state,
        answer=one.answer,
        answered_at=one.answered_at,
        answered_by=one.answered_by,
    )


def addendum_out(meeting_id: int, one: Addendum, *, named: bool = True) -> AddendumOut:
    """An addendum as an object; who added it is told to the body's own readers only (*named*)."""
    return AddendumOut(
        id=ident(one),
        url=f"{PREFIX}/meetings/{meeting_id}/minutes/addenda",
        page=f"/sitzungen/{meeting_id}/niederschrift#nachtrag-{one.serial}",
        meeting=meeting_id,
        serial=one.serial,
        item=one.item_id,
        level=one.level,
        added_on=one.added_on,
        text=one.text,
        added_by=one.added_by if named else "",
    )


def minutes_publication_out(meeting_id: int, one: MinutesPublication) -> MinutesPublicationOut:
    """A publication of minutes as an object."""
    return MinutesPublicationOut(
        id=ident(one),
        url=f"{PREFIX}/meetings/{meeting_id}/minutes/record",
        page=f"/sitzungen/{meeting_id}/niederschrift?fassung=oeffentlich",
        meeting=meeting_id,
        number=one.version,
        published_at=one.published_at,
        revoked_at=one.revoked_at,
    )
