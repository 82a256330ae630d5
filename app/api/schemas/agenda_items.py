"""How programs read the items of an agenda: the working copy, and what was released."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from app.agenda.models import AgendaItem, AgendaItemProject, ItemKind, ItemOrigin, Level, Outcome
from app.agenda.queries import ProjectLine
from app.agenda.rules.layout import PlacedItem, PlacedSection
from app.agenda.schemas.frozen import AgendaValues, FrozenItem, FrozenSection
from app.api.schemas.thing import PREFIX, Moment, Shape, Thing
from app.db import ident
from app.meetings.models import Meeting
from app.projects.models import Light, Phase


class ItemProjectOut(Shape):
    """A project that an item is about, with its light (null = no report) as of the agenda's Stichtag."""

    id: int
    code: str
    title: str
    light: Light | None
    phase: Phase | None
    as_of: dt.date | None


class AgendaItemOut(Thing):
    """An item (TOP). ``section`` is the body's title, ``section_key`` its key; ``position`` counts from 1 within it.

    ``agenda_version`` is the released version that this is read from, 0 for the working copy. ``meeting_version`` is
    the meeting's version, which rises with every change of an item, 0 where this is read from a release. What stands
    behind ``origin`` is told of the working copy only.
    """

    meeting: int
    meeting_version: int
    agenda_version: int
    number: str
    section: str
    section_key: str
    position: int
    title: str
    kind: ItemKind
    minutes: int
    starts_at: Moment
    presenter: str
    occasion: str
    proposed_decision: str
    level: Level
    projects: list[ItemProjectOut]
    origin: ItemOrigin | None = None
    mandatory: bool | None = None
    withdrawn: bool = False
    withdrawn_reason: str = ""
    outcome: Outcome | None = None
    outcome_note: str = ""
    resume_on: dt.date | None = None
    changed_at: Moment | None = None
    changed_by: str = ""


def working_items(
    meeting: Meeting,
    sections: Sequence[PlacedSection],
    links: Mapping[int, Sequence[AgendaItemProject]],
    projects: Mapping[int, ProjectLine],
) -> list[AgendaItemOut]:
    """The working copy in the order of the agenda."""
    return [
        _working_item(
            meeting, section, place, one, [projects[link.project_id] for link in links.get(ident(one.item), ())]
        )
        for section in sections
        for place, one in enumerate(section.items, 1)
    ]


def released_items(meeting: Meeting, values: AgendaValues) -> list[AgendaItemOut]:
    """The items of a released version, as far as *values* hold them, in the order of the agenda."""
    return [
        _released_item(meeting, values, section, place, one)
        for section in values.sections
        for place, one in enumerate(section.items, 1)
    ]


def _working_item(
    meeting: Meeting, section: PlacedSection, place: int, placed: PlacedItem, projects: Sequence[ProjectLine]
) -> AgendaItemOut:
    item: AgendaItem = placed.item
    return AgendaItemOut(
        **_addresses(meeting, ident(item)),
        version=item.version,
        agenda_version=0,
        number=placed.number,
        section=section.section.title,
        section_key=section.section.key,
        position=place,
        title=item.title,
        kind=item.kind,
        minutes=item.minutes,
        starts_at=placed.starts_at,
        presenter=item.presenter,
        occasion=item.occasion,
        proposed_decision=item.proposed_decision,
        level=item.level,
        projects=[
            ItemProjectOut(
                id=one.id,
                code=one.code,
                title=one.title,
                light=one.standing.light,
                phase=one.standing.phase,
                as_of=one.standing.light_as_of or one.standing.as_of,
            )
            for one in projects
        ],
        origin=item.origin,
        mandatory=item.mandatory,
        withdrawn=item.withdrawn,
        withdrawn_reason=item.withdrawn_reason,
        outcome=item.outcome,
        outcome_note=item.outcome_note,
        resume_on=item.resume_on,
        changed_at=item.changed_at,
        changed_by=item.changed_by,
    )


def _released_item(
    meeting: Meeting, values: AgendaValues, section: FrozenSection, place: int, item: FrozenItem
) -> AgendaItemOut:
    return AgendaItemOut(
        **_addresses(meeting, item.id, released=True),
        agenda_version=values.version,
        number=item.number,
        section=section.title,
        section_key=section.key,
        position=place,
        title=item.title,
        kind=item.kind,
        minutes=item.minutes,
        starts_at=item.starts_at,
        presenter=item.presenter,
        occasion=item.occasion,
        proposed_decision=item.proposed_decision,
        level=item.level,
        projects=[ItemProjectOut(**one.model_dump()) for one in item.projects],
        withdrawn=item.withdrawn,
        withdrawn_reason=item.withdrawn_reason,
    )


def _addresses(meeting: Meeting, item_id: int, *, released: bool = False) -> dict[str, Any]:
    return {
        "id": item_id,
        "url": f"{PREFIX}/meetings/{meeting.id}/agenda-items/{item_id}",
        "page": f"/sitzungen/{meeting.id}#top-{item_id}",
        "meeting": meeting.id,
        "meeting_version": 0 if released else meeting.version,
    }
