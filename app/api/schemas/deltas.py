"""The changes since the last meeting as programs read them."""

import datetime as dt

from pydantic import BaseModel

from app.agenda.rules.delta_sums import Count, FieldSums, field_sums
from app.agenda.schemas.frozen_delta import DeltaMeeting, DeltaProject, DeltaValues
from app.api.schemas.thing import PREFIX, Thing
from app.projects.models import Light


class SumsOut(BaseModel):
    """One light of a field ("total": all): then + came - went + turned_to - turned_from = now."""

    light: Light | None
    total: bool
    then: int
    came: int
    went: int
    turned_to: int
    turned_from: int
    now: int


class FieldOut(BaseModel):
    """A main field ("" = all fields, "-" = none) with its sums."""

    key: str
    name: str
    sums: list[SumsOut]


class DeltaOut(Thing):
    """Then against now; ``version`` is that of the release it was frozen with, 0 before; ``hash`` "" before."""

    body: int
    hash: str
    then: DeltaMeeting | None
    as_of: dt.date
    fields: list[FieldOut]
    projects: list[DeltaProject]


def delta_out(values: DeltaValues, digest: str) -> DeltaOut:
    """The values with their sums."""
    return DeltaOut(
        id=values.meeting.id,
        version=values.version,
        url=f"{PREFIX}/meetings/{values.meeting.id}/delta",
        page=f"/sitzungen/{values.meeting.id}/veraenderungen",
        body=values.body.id,
        hash=digest,
        then=values.then,
        as_of=values.as_of,
        fields=[_field(one) for one in field_sums(values.projects)],
        projects=list(values.projects),
    )


def _field(sums: FieldSums) -> FieldOut:
    return FieldOut(
        key=sums.key,
        name=sums.name,
        sums=[
            SumsOut(
                light=row.light,
                total=not row.light_key,
                then=row.counts[Count.THEN],
                came=row.counts[Count.CAME],
                went=row.counts[Count.WENT],
                turned_to=row.counts[Count.TURNED_TO],
                turned_from=row.counts[Count.TURNED_FROM],
                now=row.counts[Count.NOW],
            )
            for row in sums.rows
        ],
    )
