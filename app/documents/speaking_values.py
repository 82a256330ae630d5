"""The chair's speaking notes (Sprechzettel) as plain values, gathered from agenda, reasons, statuses and own texts."""

import datetime as dt
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import ItemKind, Level, SpeakingNote
from app.agenda.rules.speaking import reads_notes, to_decide
from app.agenda.schemas.frozen import AgendaValues, FrozenItem, FrozenProject, FrozenSection
from app.db import ident
from app.documents.agenda import guest_words
from app.documents.choosing import choose_agenda
from app.documents.speaking_duties import Duty, abouts_of, duties_of_items
from app.drafting.queries import load_inputs, read_reasons
from app.drafting.rules.case import Case, cases
from app.drafting.schemas import Reason
from app.errors import NotFound
from app.meetings.models import Meeting
from app.meetings.rules import life
from app.projects.models import Light, Phase


class _Plain(BaseModel):
    model_config = ConfigDict(frozen=True)


class SpeakingProject(_Plain):
    """A project of an item: what the body was shown at its previous meeting, and what holds now.

    ``known_then`` False: nothing was shown. ``now_on`` and ``then_on`` are the Stand of the lights.
    """

    id: int
    code: str
    title: str
    known_then: bool = False
    then: Light | None = None
    then_on: dt.date | None = None
    phase_then: Phase | None = None
    now: Light | None = None
    now_on: dt.date | None = None
    phase_now: Phase | None = None


class SpeakingItem(_Plain):
    """One item before the chair. ``occasion`` is printed for everybody, ``reasons`` are for chair and secretariat.

    ``duties``: open decisions and actions of its projects, of the item from which it goes on, and what it reports.

    ``base_version`` is that of the own texts (0 = nothing was written yet).
    """

    id: int
    number: str
    title: str
    section: str
    kind: ItemKind
    starts_at: dt.datetime
    minutes: int
    presenter: str
    guests: tuple[str, ...] = ()
    confidential: bool
    occasion: str
    reasons: tuple[str, ...]
    projects: tuple[SpeakingProject, ...]
    duties: tuple[Duty, ...] = ()
    to_decide: str
    proposed_decision: str
    goal: str = ""
    key_messages: str = ""
    reactive: str = ""
    base_version: int = 0


class SpeakingSection(_Plain):
    """A section with its standing points (words only) and its items."""

    number: str
    title: str
    starts_at: dt.datetime
    minutes: int
    standing: tuple[str, ...]
    items: tuple[SpeakingItem, ...]


class SpeakingValues(_Plain):
    """The speaking notes of a meeting. ``version`` is that of the agenda they follow, 0 for its draft.

    ``previous`` names the meeting of "then" ("" = there was none); ``frame_version`` belongs to opening and closing.
    """

    demo: bool
    body_name: str
    body_short: str
    chair_title: str
    label: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str
    main_topic: str
    changed_at: dt.datetime
    made_at: dt.datetime
    version: int
    as_of: dt.date | None
    previous: str
    reference: str
    sender: str
    letterhead: tuple[str, ...]
    length_minutes: int
    sections: tuple[SpeakingSection, ...]
    opening: str = ""
    closing: str = ""
    frame_version: int = 0

    @property
    def items(self) -> tuple[SpeakingItem, ...]:
        """All items in the order of the agenda."""
        return tuple(item for section in self.sections for item in section.items)


def speaking_values(session: Session, actor: Actor, meeting: Meeting) -> SpeakingValues:
    """The speaking notes for *actor*, on the agenda as it stands: the last release, before it the draft.

    NotFound for people who may not read them and for meetings without any agenda. A fixed number of queries.
    """
    if not reads_notes(actor, meeting):
        raise NotFound()
    agenda = choose_agenda(session, actor, meeting).values
    notes = queries.notes_of_meeting(session, actor, ident(meeting))
    frame = queries.find_frame(session, actor, ident(meeting))
    then_now = _cases(session, meeting, agenda)
    reasons = _reasons(session, actor, ident(meeting))
    named = {item.id: [one.id for one in item.projects] for section in agenda.sections for item in section.items}
    duties = duties_of_items(session, actor, meeting, abouts_of(session, actor, meeting, named, reasons))
    stamps = [meeting.changed_at, *(one.changed_at for one in notes.values())]
    return SpeakingValues(
        demo=agenda.demo,
        body_name=agenda.body.name,
        body_short=agenda.body.short_name,
        chair_title=agenda.body.chair_title,
        label=agenda.meeting.label,
        starts_at=agenda.meeting.starts_at,
        ends_at=agenda.meeting.ends_at,
        place=agenda.meeting.place,
        main_topic=agenda.meeting.main_topic,
        changed_at=max([*stamps, frame.changed_at] if frame else stamps),
        made_at=clock.now(),
        version=agenda.version,
        as_of=agenda.as_of,
        previous=_previous(then_now),
        reference=agenda.reference,
        sender=agenda.sender,
        letterhead=agenda.letterhead,
        length_minutes=agenda.length_minutes,
        sections=tuple(_section(section, notes, reasons, then_now, duties) for section in agenda.sections),
        opening=frame.opening if frame else "",
        closing=frame.closing if frame else "",
        frame_version=frame.version if frame else 0,
    )


def _cases(session: Session, meeting: Meeting, agenda: AgendaValues) -> dict[int, Case]:
    """Then and now of every project the body steers, as the rules see it; nothing where no item names a project."""
    if not any(item.projects for section in agenda.sections for item in section.items):
        return {}
    inputs = load_inputs(session, meeting, agenda.as_of or life.day_of(meeting))
    return {case.project.id: case for case in cases(inputs, ())}


def _previous(then_now: Mapping[int, Case]) -> str:
    case = next(iter(then_now.values()), None)
    return case.previous.on.strftime("%d.%m.%Y") if case is not None and case.previous is not None else ""


def _reasons(session: Session, actor: Actor, meeting_id: int) -> dict[int, list[Reason]]:
    """The reasons that still hold, by the item they led to."""
    found: dict[int, list[Reason]] = {}
    for proposal in queries.list_proposals(session, actor, meeting_id):
        if proposal.item_id is not None:
            told = [reason for reason in read_reasons(proposal.reasons) if not reason.gone]
            found.setdefault(proposal.item_id, []).extend(told)
    return found


def _section(
    section: FrozenSection,
    notes: Mapping[int, SpeakingNote],
    reasons: Mapping[int, Sequence[Reason]],
    then_now: Mapping[int, Case],
    duties: Mapping[int, tuple[Duty, ...]],
) -> SpeakingSection:
    return SpeakingSection(
        number=section.number,
        title=section.title,
        starts_at=section.starts_at,
        minutes=section.minutes,
        standing=section.standing,
        items=tuple(
            _item(section, item, notes.get(item.id), reasons.get(item.id, ()), then_now, duties.get(item.id, ()))
            for item in section.items
            if not item.withdrawn
        ),
    )


def _item(
    section: FrozenSection,
    item: FrozenItem,
    note: SpeakingNote | None,
    reasons: Sequence[Reason],
    then_now: Mapping[int, Case],
    duties: tuple[Duty, ...],
) -> SpeakingItem:
    lines = {reason.text for reason in reasons if reason.thing}
    told = (reason.text for reason in reasons if not reason.thing and reason.text not in item.occasion)
    return SpeakingItem(
        id=item.id,
        number=item.number,
        title=item.title,
        section=section.title,
        kind=item.kind,
        starts_at=item.starts_at,
        minutes=item.minutes,
        presenter=item.presenter,
        guests=tuple(guest_words(guest) for guest in item.guests),
        confidential=item.level is Level.CONFIDENTIAL,
        # The lines of a table of decisions or actions stand below as duties, with their present state.
        occasion="\n".join(line for line in item.occasion.splitlines() if line not in lines),
        reasons=tuple(dict.fromkeys(told)),
        projects=tuple(_project(project, then_now.get(project.id)) for project in item.projects),
        duties=duties,
        to_decide=to_decide(item.kind, item.proposed_decision),
        proposed_decision=item.proposed_decision,
        goal=note.goal if note else "",
        key_messages=note.key_messages if note else "",
        reactive=note.reactive if note else "",
        base_version=note.version if note else 0,
    )


def _project(project: FrozenProject, case: Case | None) -> SpeakingProject:
    """Now as the agenda shows it; then as the rules say it, for projects that the body still steers."""
    now = SpeakingProject(
        id=project.id,
        code=project.code,
        title=project.title,
        now=project.light,
        now_on=project.as_of,
        phase_now=project.phase,
    )
    if case is None or not case.then.known:
        return now
    then = case.then
    return now.model_copy(
        update={"known_then": True, "then": then.light, "then_on": then.as_of, "phase_then": then.phase}
    )
