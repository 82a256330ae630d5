"""The agenda to read on a phone: one long page, every paper a tap away, and afterwards what came of each item."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import Level, Outcome
from app.agenda.rules.changes import MARK_WORDS, changes_between, marked, sentence
from app.agenda.rules.outcomes import WORDS as OUTCOME_WORDS
from app.agenda.rules.reading import edition_of, key_of, shows_own_alone
from app.agenda.rules.words import KIND_WORDS
from app.agenda.schemas.changes import ChangeKind, FrozenChange
from app.agenda.schemas.frozen import AgendaValues, FrozenItem, FrozenSection
from app.agenda.service.shown_papers import groups_of
from app.agenda.service.values import agenda_values, default_as_of
from app.db import ident
from app.decisions.models import Decision
from app.decisions.queries.decisions import decisions_of_items
from app.documents.choosing import choose_agenda, own_key
from app.errors import NotFound
from app.meetings.models import Meeting, MeetingState
from app.meetings.queries import get_meeting
from app.meetings.rules import life
from app.papers.rules.formats import FORMATS
from app.papers.rules.names import ending_of
from app.papers.rules.words import PAPER_KINDS, size_in_words
from app.papers.schemas import ShownPaper
from app.request import CurrentActor, ReadSession
from app.web.agenda.released import minutes_instead, query_of, released_for
from app.web.meetings.meeting_frame import address_of, meeting_page
from app.web.respond import done

router = APIRouter()

TITLE = "Tagesordnung lesen"


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper in words: what it is ("Anlage, PDF, 1,4 MB"), and where it is had ("": ``why`` not)."""

    title: str
    words: str
    address: str
    confidential: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """An item with everything that its reader wants beside it; ``before`` and ``after`` are its neighbours."""

    section: FrozenSection
    item: FrozenItem
    own: bool
    papers: tuple[PaperLine, ...]
    changes: tuple[str, ...]
    outcome: Outcome | None
    decision: Decision | None
    before: FrozenItem | None
    after: FrozenItem | None


@router.get("/sitzungen/{meeting_id}/lesen")
def read_agenda(
    request: Request,
    meeting_id: int,
    session: ReadSession,
    actor: CurrentActor,
    fassung: str = "",
    version: int | None = None,
) -> Response:
    """The agenda as this reader gets it, to be read from top to bottom; like the page of the meeting, but alone."""
    meeting = get_meeting(session, actor, meeting_id)
    try:
        values = _values(session, actor, meeting, fassung, version)
    except NotFound:
        minutes = minutes_instead(session, actor, meeting, fassung, version)
        if minutes is None:
            raise
        return done(request, minutes)
    first = _first(session, actor, meeting, values) if values else None
    changes = changes_between(first, values) if values and first else ()
    values = marked(first, values) if values and first else values
    alone = values is not None and shows_own_alone(actor, meeting.body_id, values.edition)
    papers = _papers(session, actor, meeting, values) if values else {}
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "agenda/reading.html",
        title=TITLE,
        agenda=values,
        points=_points(session, actor, meeting, values, papers, changes) if values else [],
        of_meeting=papers.get(None, ()),
        changes=[sentence(one) for one in changes if one.item_id is None],
        edition_word=key_of(values.edition, values.guest).word if values and not alone else "",
        pack=_pack(session, actor, meeting, values) if values else "",
        kind_words=KIND_WORDS,
        mark_words=MARK_WORDS,
        outcome_words=OUTCOME_WORDS,
    )


def _values(session: Session, actor: Actor, meeting: Meeting, fassung: str, version: int | None) -> AgendaValues | None:
    """What was released, else the draft for those who read drafts; None where nobody may read anything yet."""
    if queries.list_releases(session, ident(meeting)):
        return released_for(session, actor, meeting, fassung, version)
    if fassung or version is not None:
        raise NotFound()
    if meeting.state is MeetingState.HELD or not life.reads_draft(actor, meeting):
        return None
    as_of = default_as_of(session, meeting, clock.today())
    return agenda_values(session, actor, meeting, as_of=as_of)


def _first(session: Session, actor: Actor, meeting: Meeting, values: AgendaValues) -> AgendaValues | None:
    """Version 1 of the same edition, for the body's own readers: others know the last version alone."""
    if values.version < 2 or edition_of(actor, meeting.body_id) is None:
        return None
    try:
        named = str(key_of(values.edition, values.guest))
        return choose_agenda(session, actor, meeting, named=named, version=1).values
    except NotFound:
        return None  # a guest who came with a supplement


def _points(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    values: AgendaValues,
    papers: Mapping[int | None, tuple[PaperLine, ...]],
    changes: Sequence[FrozenChange],
) -> list[Point]:
    places = [(section, item) for section in values.sections for item in section.items]
    ids = [item.id for _, item in places]
    told = meeting.state is MeetingState.HELD or life.reads_draft(actor, meeting)
    outcomes = queries.outcomes_of(session, ids) if told else {}
    decisions = decisions_of_items(session, actor, ids)
    return [
        Point(
            section=section,
            item=item,
            own=_is_own(actor, item),
            papers=papers.get(item.id, ()),
            changes=tuple(_said(one) for one in changes if one.item_id == item.id and one.kind is ChangeKind.CHANGED),
            outcome=outcomes.get(item.id),
            decision=decisions.get(item.id),
            before=places[place - 1][1] if place else None,
            after=places[place + 1][1] if place + 1 < len(places) else None,
        )
        for place, (section, item) in enumerate(places)
    ]


def _is_own(actor: Actor, item: FrozenItem) -> bool:
    """Whether the reader is a guest of the item or leads one of its projects."""
    return item.id in actor.guest_item_ids or any(project.id in actor.lead_project_ids for project in item.projects)


def _said(change: FrozenChange) -> str:
    """10 → 15 Min. / Beschlussvorschlag geändert"""
    return change.words or f"{change.label} geändert"


def _papers(
    session: Session, actor: Actor, meeting: Meeting, values: AgendaValues
) -> dict[int | None, tuple[PaperLine, ...]]:
    home = f"{address_of(meeting)}/unterlagen"
    return {
        group.item_id: tuple(_paper(one, home, released=values.version > 0) for one in group.papers)
        for group in groups_of(session, actor, meeting, values)
    }


def _paper(paper: ShownPaper, home: str, *, released: bool) -> PaperLine:
    known = FORMATS.get(ending_of(paper.file.name))
    words = [PAPER_KINDS[paper.kind], known.word if known else "", size_in_words(paper.file.size)]
    why = "zurückgezogen" if paper.withdrawn else "" if paper.may_download else "vertraulich, nur der Titel"
    query = f"?version={paper.file.version}" if released else ""
    return PaperLine(
        title=paper.title,
        words=", ".join(word for word in words if word),
        address="" if why else f"{home}/{paper.id}{query}",
        confidential=paper.level is Level.CONFIDENTIAL,
        why=why,
    )


def _pack(session: Session, actor: Actor, meeting: Meeting, values: AgendaValues) -> str:
    """Where everything is had in one PDF, "" for readers of single items without an edition of their own."""
    own = own_key(session, actor, meeting)
    if own is None:
        return ""
    address = f"{address_of(meeting)}/sitzungsmappe.pdf"
    if not values.version:
        return address
    if shows_own_alone(actor, meeting.body_id, values.edition):
        return address
    latest = queries.last_version(session, ident(meeting)) or values.version
    return address + query_of(key_of(values.edition, values.guest), own, values.version, latest)
