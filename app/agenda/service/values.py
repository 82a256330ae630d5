"""Assembles the complete values of an agenda from its rows: for a preview (version 0) and for a release."""

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlmodel import Session

from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem, AgendaItemPaper, AgendaItemProject, Edition
from app.agenda.queries import GuestLine, ProjectLine
from app.agenda.queries.second_invitations import find_repeated_meeting
from app.agenda.rules.layout import PlacedItem, PlacedSection, Sums, place, sums
from app.agenda.schemas.frozen import (
    AgendaValues,
    FrozenApproval,
    FrozenBody,
    FrozenGuest,
    FrozenItem,
    FrozenMeeting,
    FrozenPaper,
    FrozenProject,
    FrozenSection,
    read_values,
)
from app.bodies import rules as settings
from app.bodies.queries import list_sections, load_body, load_rules, name_on
from app.db import ident
from app.installation.queries import is_demo
from app.meetings.models import Meeting, MeetingPaper
from app.meetings.queries import load_meeting
from app.meetings.rules import life
from app.papers.queries import held_at
from app.papers.schemas import HeldPaper


def agenda_values(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    *,
    as_of: dt.date,
    version: int = 0,
    released_at: dt.datetime | None = None,
    approval: FrozenApproval | None = None,
    late_reason: str = "",
    supplement_reason: str = "",
) -> AgendaValues:
    """The whole agenda of the working copy as plain values, in the edition *vollständig*.

    Ten queries, one more once something is released.
    """
    body, book = load_body(session, meeting.body_id), load_rules(session, meeting.body_id)
    items = queries.list_items(session, actor, ident(meeting))
    links = queries.projects_of_items(session, [ident(item) for item in items])
    projects = queries.project_lines(
        session, ids={link.project_id for there in links.values() for link in there}, on=as_of
    )
    papers = held_at(session, AgendaItemPaper, "item_id", [ident(item) for item in items])
    of_meeting = held_at(session, MeetingPaper, "meeting_id", [ident(meeting)]).get(ident(meeting), [])
    day = life.day_of(meeting)
    guests = queries.guests_of_items(session, [ident(item) for item in items], day)
    return AgendaValues(
        demo=is_demo(session),
        body=FrozenBody(
            id=ident(body),
            short_name=body.short_name,
            name=name_on(body, day),
            chair_title=book[settings.CHAIR_TITLE],
        ),
        meeting=_meeting(meeting, meeting.entry_details or book[settings.ENTRY]),
        version=version,
        as_of=as_of,
        released_at=released_at,
        approval=approval,
        late_reason=late_reason,
        supplement_reason=supplement_reason,
        reference=book[settings.REFERENCE],
        letterhead=tuple(line for line in str(book[settings.LETTERHEAD]).split("\n") if line),
        sender=book[settings.SENDER],
        invitation=_invitation(session, meeting, book[settings.INVITATION]),
        length_minutes=meeting.length_minutes,
        sections=tuple(
            _section(placed, links, projects, papers, guests)
            for placed in place(
                list_sections(session, meeting.body_id), items, meeting.starts_at, released_numbers(session, meeting)
            )
        ),
        papers=frozen_papers(of_meeting),
    )


def _invitation(session: Session, meeting: Meeting, usual: str) -> str:
    """The text of the body; a second invitation says what follows from it (domain §5, model of § 90 Abs. 3 VwVfG)."""
    first_id = find_repeated_meeting(session, ident(meeting))
    first = load_meeting(session, first_id) if first_id is not None else None
    if first is None:
        return usual
    repeats = (
        f"Diese Sitzung wiederholt die {life.label_with_date(first)}, in der das Gremium nicht beschlussfähig war. "
        "Zu denselben Sachen ist es diesmal ohne Rücksicht auf die Zahl der Anwesenden beschlussfähig."
    )
    return f"{usual}\n\n{repeats}".strip()


def frozen_papers(held: Sequence[HeldPaper]) -> tuple[FrozenPaper, ...]:
    """Papers with their newest files as a release encloses them; withdrawn ones are not enclosed."""
    return tuple(
        FrozenPaper(
            id=ident(one.paper),
            kind=one.paper.kind,
            title=one.paper.title,
            version=one.file.version,
            file_name=one.file.file_name,
            media_type=one.file.media_type,
            size=one.file.size,
            hash=one.file.file_key,
            level=one.paper.level,
        )
        for one in held
        if not one.paper.withdrawn
    )


def default_as_of(session: Session, meeting: Meeting, today: dt.date) -> dt.date:
    """The Stichtag: of the last drafting, else today, never after the meeting; of a Nacherfassung its own date.

    After the release it stays that of the release until somebody drafts again, and never goes back.
    """
    day = life.day_of(meeting)
    drafted = queries.find_draft(session, ident(meeting))
    if meeting.state not in life.PREPARING:
        shown = next((one.as_of for one in queries.list_releases(session, ident(meeting))), None)
        if shown is not None:
            return max(shown, min(drafted.as_of, day)) if drafted is not None else shown
    if drafted is not None:
        return min(drafted.as_of, day)
    return day if meeting.entered_afterwards else min(today, day)


def released_values(session: Session, meeting_id: int, *, version: int | None = None) -> AgendaValues | None:
    """The whole agenda as it was released (default: last), None before the release. Rights are the caller's matter."""
    found = queries.find_edition(session, meeting_id, Edition.FULL, version=version)
    return read_values(found.content) if found is not None else None


def released_numbers(session: Session, meeting: Meeting) -> dict[str, str]:
    """The numbers of the sections that were released, by key; empty before the release."""
    values = released_values(session, ident(meeting)) if meeting.state not in life.PREPARING else None
    return {section.key: section.number for section in values.sections} if values else {}


def _meeting(meeting: Meeting, entry: str) -> FrozenMeeting:
    return FrozenMeeting(
        id=ident(meeting),
        uid=meeting.uid,
        sequence=meeting.sequence,
        changed_at=meeting.calendar_changed_at,
        label=life.label(meeting),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        zone=meeting.zone,
        place=meeting.place,
        main_topic=meeting.main_topic,
        entry=entry,
    )


def _section(
    placed: PlacedSection,
    links: Mapping[int, Sequence[AgendaItemProject]],
    projects: Mapping[int, ProjectLine],
    papers: Mapping[int, Sequence[HeldPaper]],
    guests: Mapping[int, Sequence[GuestLine]],
) -> FrozenSection:
    return FrozenSection(
        number=placed.number,
        key=placed.section.key,
        title=placed.section.title,
        minutes=placed.minutes,
        starts_at=placed.starts_at,
        standing=placed.standing,
        items=tuple(
            _item(
                one,
                [projects[link.project_id] for link in links.get(ident(one.item), ())],
                papers.get(ident(one.item), ()),
                guests.get(ident(one.item), ()),
            )
            for one in placed.items
        ),
    )


def _item(
    placed: PlacedItem,
    projects: Sequence[ProjectLine],
    papers: Sequence[HeldPaper],
    guests: Sequence[GuestLine],
) -> FrozenItem:
    item: AgendaItem = placed.item
    return FrozenItem(
        id=ident(item),
        number=placed.number,
        title=item.title,
        kind=item.kind,
        minutes=item.minutes,
        starts_at=placed.starts_at,
        presenter=item.presenter,
        occasion=item.occasion,
        proposed_decision=item.proposed_decision,
        level=item.level,
        withdrawn=item.withdrawn,
        withdrawn_reason=item.withdrawn_reason,
        guests=tuple(
            FrozenGuest(name=one.person.name, function=one.where, topic=one.topic, person=one.person.id)
            for one in guests
        ),
        projects=tuple(
            FrozenProject(
                id=line.id,
                code=line.code,
                title=line.title,
                light=line.standing.light,
                phase=line.standing.phase,
                as_of=line.standing.light_as_of or line.standing.as_of,
            )
            for line in projects
        ),
        papers=frozen_papers(papers),
    )


def agenda_sums(session: Session, actor: Actor, meeting: Meeting) -> Sums:
    """The minutes of the working copy beside the meeting's length."""
    items = queries.list_items(session, actor, ident(meeting))
    return sums(place(list_sections(session, meeting.body_id), items, meeting.starts_at), meeting.length_minutes)
