"""The agenda of a meeting: the working copy with its items for the secretariat, the released one for its readers."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import text
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem, Level
from app.agenda.queries.circulars import find_running_circular
from app.agenda.rules import words
from app.agenda.rules.codes import KnownProject, codes_of_projects, projects_of_codes
from app.agenda.schemas.wishes import ItemChange, ItemIn, PlaceIn, RejectIn
from app.agenda.service import items
from app.agenda.service.texts import item_desk
from app.agenda.service.traces import TEXTS
from app.bodies.queries import steered_periods
from app.db import ident
from app.errors import Forbidden, Invalid, NotFound, Refused, SkipError, Stale
from app.meetings.models import Meeting, MeetingState
from app.meetings.queries import get_meeting, lock_meeting
from app.meetings.rules import life
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.web.agenda.guests import guest_values
from app.web.agenda.joining import moves_of
from app.web.agenda.released import minutes_instead, released_page
from app.web.agenda.supplements import supplement_page
from app.web.agenda.workbench import (
    SUPPLEMENT,
    WORKBENCH,
    agenda_page,
    agenda_panel,
    differences_in_words,
    panel_address,
    section_choices,
    workbench_page,
)
from app.web.forms import Form, read_form, typed, typed_number
from app.web.meetings.meeting_frame import AGENDA, address_of, lock_run, meeting_page, rights_of
from app.web.papers.meeting_papers import section_of_item
from app.web.respond import done, piece, wants_piece
from app.web.texts import Difference, difference, writing

router = APIRouter()

CLEARABLE = ("title", "minutes", "presenter", "occasion", "proposed_decision")
MOVES = {"up": -1, "down": 1}
LABELS: Mapping[str, str] = {
    "title": "Titel",
    "section": "Abschnitt",
    "kind": "Art",
    "minutes": "Minuten",
    "presenter": "Berichterstattung",
    "occasion": "Anlass",
    "proposed_decision": "Beschlussvorschlag",
    "level": "Vertraulichkeit",
    "projects": "Projekte",
}


# --- the agenda -------------------------------------------------------------------------------------------------------


@router.get("/sitzungen/{meeting_id}")
def show_meeting(
    request: Request,
    meeting_id: int,
    session: ReadSession,
    actor: CurrentActor,
    fassung: str = "",
    version: int | None = None,
) -> Response:
    """The agenda as this reader gets it: the working copy before the release, then the released edition.

    Who reads nothing of the agenda, but the minutes, is led to those.
    """
    meeting = get_meeting(session, actor, meeting_id)
    if queries.list_releases(session, meeting_id):
        try:
            return released_page(request, session, actor, meeting, fassung, version)
        except NotFound:
            minutes = minutes_instead(session, actor, meeting, fassung, version)
            if minutes is None:
                raise
            return done(request, minutes)
    if fassung or version is not None:
        raise NotFound()
    if meeting.state is MeetingState.HELD or not life.reads_draft(actor, meeting):
        return meeting_page(request, session, actor, meeting, "agenda/pending.html", tab=AGENDA)
    return agenda_page(request, session, actor, meeting)


# --- items ------------------------------------------------------------------------------------------------------------


@router.post("/sitzungen/{meeting_id}/tagesordnung")
def add_item(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """An item of one's own."""
    values = typed(submitted)
    view = values.pop("ansicht", "")
    try:
        with database.write() as session:
            meeting = lock_run(session, actor, meeting_id)
            items.require_draft(actor, meeting)
            item = items.add_item(session, actor, meeting, read_form(ItemIn, values))
            session.flush()
            address, item_id = address_of(meeting), ident(item)
    except (Invalid, Refused) as error:
        return _again(request, database, actor, meeting_id, view, error, Form(values, error.by_field))
    return done(request, f"{panel_address(address, view)}#top-{item_id}", "Der Punkt ist angelegt.")


@router.post("/sitzungen/{meeting_id}/tagesordnung/{item_id}/verschieben")
def move_item(
    request: Request,
    meeting_id: int,
    item_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """One place up or down within the section, or to a place in any section."""
    values = typed(submitted)
    view = values.get("ansicht", "")
    try:
        with database.write() as session:
            meeting = lock_meeting(session, actor, meeting_id)
            item = queries.get_item(session, actor, meeting_id, item_id)
            items.require_draft(actor, meeting)
            _move(session, actor, meeting, item, values)
            address = address_of(meeting)
    except (Invalid, Refused) as error:
        return _again(request, database, actor, meeting_id, view, error)
    if wants_piece(request):
        with database.read() as session:
            panel = agenda_panel(session, actor, get_meeting(session, actor, meeting_id), view=view)
            return piece(request, "agenda/_panel.html", address=address, **panel)
    return done(request, f"{panel_address(address, view)}#top-{item_id}")


def _move(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, values: Mapping[str, str]) -> None:
    steps = MOVES.get(values.get("move", ""))
    if steps is not None:
        items.move_item(session, actor, meeting, item, steps=steps)
        return
    try:
        wish = read_form(PlaceIn, {name: values.get(name, "") for name in ("section", "position")})
    except Invalid:
        raise Invalid({"": "Bitte wählen Sie, wohin der Punkt soll."}) from None
    items.place_item(session, actor, meeting, item, wish)


def _again(
    request: Request,
    database: CurrentDatabase,
    actor: Actor,
    meeting_id: int,
    view: str,
    error: SkipError,
    form: Form | None = None,
) -> Response:
    """The same page or piece once more, with what was typed and why it did not hold."""
    said = "" if isinstance(error, Invalid) and form else error.by_field.get("", error.sentence)
    with database.read() as session:
        meeting = get_meeting(session, actor, meeting_id)
        if wants_piece(request):
            panel = agenda_panel(session, actor, meeting, form=form, error=said, view=view)
            return piece(request, "agenda/_panel.html", address=address_of(meeting), **panel)
        if view == SUPPLEMENT and meeting.state is MeetingState.RELEASED:
            return supplement_page(request, session, actor, meeting, form=form, error=said, status=error.status)
        shown = workbench_page if view == WORKBENCH else agenda_page
        return shown(request, session, actor, meeting, form=form, error=said, status=error.status)


@router.get("/sitzungen/{meeting_id}/tagesordnung/{item_id}")
def edit_item(
    request: Request, meeting_id: int, item_id: int, session: ReadSession, actor: CurrentActor, ansicht: str = ""
) -> Response:
    """The form of one item."""
    meeting = get_meeting(session, actor, meeting_id)
    item = queries.get_item(session, actor, meeting_id, item_id)
    return _item_page(request, session, actor, meeting, item, view=ansicht)


@router.post("/sitzungen/{meeting_id}/tagesordnung/{item_id}")
def update_item(
    request: Request,
    meeting_id: int,
    item_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """Save the item; whoever was slower sees both texts and loses nothing."""
    values = typed(submitted)
    view = values.get("ansicht", "")
    try:
        with database.write() as session:
            meeting = lock_meeting(session, actor, meeting_id)
            item = queries.get_item(session, actor, meeting_id, item_id)
            items.require_draft(actor, meeting)
            wish = _wish(session, meeting, values)
            version = typed_number(values.get("version", ""))
            items.change_item(session, actor, meeting, item, wish, base_version=version)
            warning = _warned(session, meeting, wish)
            address = address_of(meeting)
    except (Invalid, Refused, Stale) as error:
        with database.read() as session:
            meeting = get_meeting(session, actor, meeting_id)
            item = queries.get_item(session, actor, meeting_id, item_id)
            return _item_page(request, session, actor, meeting, item, values, error, view=view)
    return done(request, f"{panel_address(address, view)}#top-{item_id}", f"Der Punkt ist gespeichert.{warning}")


@router.post("/sitzungen/{meeting_id}/tagesordnung/{item_id}/themenspeicher")
def set_item_aside(
    request: Request,
    meeting_id: int,
    item_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """Off the agenda and into the topic backlog, with the reason."""
    values = typed(submitted)
    view = values.pop("ansicht", "")
    try:
        with database.write() as session:
            meeting = lock_meeting(session, actor, meeting_id)
            item = queries.get_item(session, actor, meeting_id, item_id)
            items.require_draft(actor, meeting)
            items.set_item_aside(session, actor, meeting, item, read_form(RejectIn, values))
            address = address_of(meeting)
    except (Invalid, Refused) as error:
        with database.read() as session:
            meeting = get_meeting(session, actor, meeting_id)
            item = queries.get_item(session, actor, meeting_id, item_id)
            aside = Form(values, error.by_field)
            return _item_page(request, session, actor, meeting, item, aside=aside, status=error.status, view=view)
    return done(request, f"{panel_address(address, view)}#tagesordnung", "Der Punkt liegt im Themenspeicher.")


def _warned(session: Session, meeting: Meeting, wish: ItemChange) -> str:
    """What to know about an item whose project is just being decided upon in writing: it may be about another matter.

    What names the same item or entry of the backlog is refused instead, where it is put onto the agenda.
    """
    title = find_running_circular(session, meeting.body_id, project_ids=wish.projects or ())
    if title is None:
        return ""
    return f" Zu einem seiner Projekte läuft das Umlaufverfahren „{title}“: Bitte prüfen Sie, ob es dieselbe Sache ist."


def _wish(session: Session, meeting: Meeting, values: Mapping[str, str]) -> ItemChange:
    """The typed fields as a wish; every wrong field is told at once."""
    errors: dict[str, str] = {}
    given: dict[str, Any] = {name: values[name] for name in ("section", "kind", "level", *CLEARABLE) if name in values}
    try:
        known = queries.known_projects(session, steered_periods(session, meeting.body_id))
        given["projects"] = projects_of_codes(values.get("projects", ""), known, life.day_of(meeting))
    except Invalid as error:
        errors |= error.fields
    try:
        wish = read_form(ItemChange, given, keep_empty=CLEARABLE)
    except Invalid as error:
        raise Invalid({**error.fields, **errors}) from None
    if errors:
        raise Invalid(errors)
    return wish


def _item_page(
    request: Request,
    session: Session,
    actor: Actor,
    meeting: Meeting,
    item: AgendaItem,
    values: Mapping[str, str] | None = None,
    error: SkipError | None = None,
    *,
    aside: Form | None = None,
    status: int = 200,
    view: str = "",
) -> Response:
    if not life.may_run(actor, meeting):
        raise Forbidden()
    known = queries.known_projects(session, steered_periods(session, meeting.body_id))
    stored = _stored(session, meeting, item, known)
    stale = isinstance(error, Stale)
    fields = error.by_field if error is not None and not stale else {}
    sections = section_choices(session, meeting)
    shown = {**stored, **(values or {})}
    proposals, address = (
        queries.proposals_of_item(session, ident(item)),
        f"{address_of(meeting)}/tagesordnung/{item.id}",
    )
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "agenda/edit.html",
        title=f"TOP {item.number} bearbeiten" if item.number else "Punkt bearbeiten",
        status=error.status if error else status,
        form=Form(shown, fields),
        aside=aside or Form(),
        item=item,
        stale=error.sentence if stale and error else "",
        differences=_differences(stored, shown, sections) if stale else [],
        sections=sections,
        kinds=[(kind.value, word) for kind, word in words.KIND_WORDS.items()],
        levels=[(level.value, words.LEVEL_WORDS[level]) for level in Level],
        known=known,
        difference=differences_in_words(proposals),
        **moves_of(session, actor, meeting, item),
        view=view,
        **guest_values(session, actor, meeting, item),
        back=f"{panel_address(address_of(meeting), view)}#top-{item.id}",
        here=f"{address}{f'?ansicht={view}' if view else ''}",
        writing=writing(
            session,
            actor,
            item_desk(session, actor, meeting, item),
            address,
            may_write=rights_of(actor, meeting).edit_agenda,
            typed=values is not None,
            error=error,
        ),
        upload_form=Form(),
        **section_of_item(session, actor, request.app.state.settings, meeting, item),
    )


def _stored(session: Session, meeting: Meeting, item: AgendaItem, known: list[KnownProject]) -> dict[str, Any]:
    links = queries.projects_of_items(session, [ident(item)]).get(ident(item), [])
    codes = codes_of_projects([link.project_id for link in links], known, life.day_of(meeting))
    return {
        **{name: getattr(item, name) for name in ("title", "minutes", "presenter", "occasion", "proposed_decision")},
        "section": item.section.value,
        "kind": item.kind.value,
        "level": item.level.value,
        "projects": codes,
    }


def _differences(
    stored: Mapping[str, Any], shown: Mapping[str, Any], sections: list[tuple[str, str]]
) -> list[Difference]:
    in_words: dict[str, Mapping[Any, str]] = {
        "section": dict(sections),
        "kind": words.KIND_WORDS,
        "level": words.LEVEL_WORDS,
    }
    found = []
    for name, label in LABELS.items():
        yours, current = text.clean(str(shown[name])), text.clean(str(stored[name]))
        if yours != current:
            table = in_words.get(name, {})
            if name in TEXTS:
                found.append(difference(label, yours, current))
            else:
                mine, theirs = (table.get(one, one) or "(leer)" for one in (yours, current))
                found.append(Difference(label, mine, theirs))
    return found
