"""Wer sieht was, and publishing the public edition: a table before the act, the act, and taking it back."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock
from app.access.audiences import audiences_of
from app.actor import Actor
from app.agenda.schemas.wishes import RevokeIn
from app.agenda.service.publishing import publish_agenda, revoke_publication
from app.agenda.service.values import agenda_values, default_as_of, released_values
from app.db import Database, ident
from app.errors import Invalid, NotFound, Refused
from app.meetings.models import Meeting, MeetingState
from app.meetings.queries import find_publication, get_meeting, list_publications
from app.meetings.rules import life
from app.meetings.rules.life import Act
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.web.forms import Form, read_form, typed
from app.web.meetings.meeting_frame import act_on_meeting, meeting_page

router = APIRouter()


@router.get("/sitzungen/{meeting_id}/wer-sieht-was")
def show_audiences(request: Request, meeting_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """Every audience with what it gets: of the next version where one is being prepared, else of the last."""
    return _page(request, session, actor, get_meeting(session, actor, meeting_id), Form())


@router.post("/sitzungen/{meeting_id}/veroeffentlichen")
def publish(request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """Everybody with an account may read the public edition from now on."""

    def act(session: Session, meeting: Meeting) -> str:
        version = publish_agenda(session, actor, meeting).version
        return f"Die öffentliche Fassung von Version {version} ist veröffentlicht."

    return _do(request, database, actor, meeting_id, Form(), act)


@router.post("/sitzungen/{meeting_id}/veroeffentlichung/zuruecknehmen")
def revoke(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Only those who read the agenda anyway read it from now on."""
    values = typed(submitted)

    def act(session: Session, meeting: Meeting) -> str:
        revoke_publication(session, actor, meeting, read_form(RevokeIn, {"reason": values.get("reason", "")}))
        return "Die Veröffentlichung ist zurückgenommen."

    return _do(request, database, actor, meeting_id, Form(values), act)


def _do(
    request: Request,
    database: Database,
    actor: Actor,
    meeting_id: int,
    form: Form,
    act: Callable[[Session, Meeting], str],
) -> Response:
    def again(session: Session, error: Invalid | Refused) -> Response:
        meeting = get_meeting(session, actor, meeting_id)
        return _page(request, session, actor, meeting, Form(form.values, error.by_field), status=error.status)

    return act_on_meeting(request, database, actor, meeting_id, act, again, tab="wer-sieht-was")


def _page(
    request: Request, session: Session, actor: Actor, meeting: Meeting, form: Form, *, status: int = 200
) -> Response:
    if not life.reads_draft(actor, meeting):
        raise NotFound()
    coming = life.can(Act.DRAFT, meeting)
    released = released_values(session, ident(meeting))
    as_of = default_as_of(session, meeting, clock.today())
    values = agenda_values(session, actor, meeting, as_of=as_of) if coming or released is None else released
    publication = find_publication(session, ident(meeting))
    file = "nachtrag.pdf" if coming and released is not None else "tagesordnung.pdf"
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "agenda/audiences.html",
        title="Wer sieht was",
        status=status,
        form=form,
        audiences=audiences_of(session, meeting, values, published=publication is not None),
        file=file,
        coming=coming,
        version=released.version if released else 0,
        publication=publication,
        publications=list_publications(session, ident(meeting)),
        may_publish=life.may_run(actor, meeting)
        and released is not None
        and meeting.state is not MeetingState.CANCELLED
        and (publication is None or publication.version != released.version),
    )
