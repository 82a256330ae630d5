"""Attendance of a meeting: announcing, coming and going, guests, the chair, exclusion, the second invitation."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import text
from app.actor import Actor
from app.attendance.queries import get_presence
from app.attendance.rules.reading import reads_room, require_reader
from app.attendance.rules.times import parse_time
from app.attendance.schemas import (
    AnnounceIn,
    ArriveIn,
    ChairIn,
    ExcludeIn,
    MomentIn,
    PresenceChange,
    RepeatIn,
)
from app.attendance.service import chairing, excluding, presence, repeating
from app.attendance.service.announcing import announce, expected_seat, require_answerer
from app.attendance.service.traces import require_keeper
from app.db import Database
from app.documents.attendance import render_attendance_list
from app.documents.attendance_values import attendance_list_values
from app.documents.pdf import Busy
from app.errors import Invalid, Refused, Stale
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting, lock_meeting
from app.meetings.rules import life
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.web.downloads import PDF, file_headers, wait_page
from app.web.forms import read_form, seen_version, typed
from app.web.meetings.meeting_frame import ATTENDANCE, address_of
from app.web.meetings.room import Typed, attendance_page, attendance_piece
from app.web.respond import done, wants_piece

router = APIRouter()

Act = Callable[[Session, Meeting, dict[str, Any]], str]
TIMES = ("at", "from_at", "until_at")
VIEW, OVERVIEW = "ansicht", "uebersicht"
"""Members answer on the overview, too, and stay there."""
PLACE = "/sitzungen/{meeting_id}/anwesenheit"


@router.get(PLACE)
def show_attendance(request: Request, meeting_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """Who is expected, who said yes, who is there."""
    meeting = get_meeting(session, actor, meeting_id)
    require_reader(actor, meeting)
    return attendance_page(request, session, actor, meeting)


@router.get("/sitzungen/{meeting_id}/anwesenheitsliste.pdf")
def download_list(request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """The list to sign; the database is left before anything is rendered."""
    with database.read() as session:
        values = attendance_list_values(session, actor, get_meeting(session, actor, meeting_id))
    try:
        content = render_attendance_list(values)
    except Busy as busy:
        return wait_page(request, actor, busy)
    headers = file_headers(values.body_short, values.label, "Anwesenheitsliste", ending="pdf")
    return Response(content, headers=headers, media_type=PDF)


@router.post(PLACE + "/ankuendigung/{seat_id}")
def answer(
    request: Request,
    meeting_id: int,
    seat_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """What a seat says: it comes, it does not, it is represented."""

    def act(session: Session, meeting: Meeting, values: dict[str, Any]) -> str:
        require_answerer(actor, meeting, expected_seat(session, meeting, seat_id))
        version = seen_version(values)
        if life.may_run(actor, meeting) and values.pop("full", ""):
            values.setdefault("excused", "")
            values["excused"] = values["excused"] or "false"
        values = {name: value for name, value in values.items() if name not in ("version", VIEW)}
        announce(session, actor, meeting, seat_id, read_form(AnnounceIn, values), base_version=version)
        return "Die Antwort ist eingetragen."

    return _act(request, database, actor, meeting_id, submitted, act, f"antwort-{seat_id}")


@router.post(PLACE + "/kommen")
def come(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Somebody is there."""

    def act(session: Session, meeting: Meeting, values: dict[str, Any]) -> str:
        require_keeper(actor, meeting)
        row = presence.arrive(session, actor, meeting, read_form(ArriveIn, values))
        return f"{row.name} ist da."

    return _act(request, database, actor, meeting_id, submitted, act, f"kommen-{typed(submitted).get('seat', '')}")


@router.post(PLACE + "/alle")
def come_all(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Everybody who said yes is there."""

    def act(session: Session, meeting: Meeting, values: dict[str, Any]) -> str:
        require_keeper(actor, meeting)
        rows = presence.arrive_all(session, actor, meeting, read_form(MomentIn, values))
        return "Eine Person ist eingetragen." if len(rows) == 1 else f"{len(rows)} Personen sind eingetragen."

    return _act(request, database, actor, meeting_id, submitted, act, "alle")


@router.post(PLACE + "/anwesend/{presence_id}/gehen")
def go(
    request: Request,
    meeting_id: int,
    presence_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """Somebody goes."""

    def act(session: Session, meeting: Meeting, values: dict[str, Any]) -> str:
        wish = read_form(MomentIn, {"at": values.get("at", "")})
        row = presence.leave(session, actor, meeting, presence_id, wish, base_version=seen_version(values))
        return f"{row.name} ist gegangen."

    return _act(request, database, actor, meeting_id, submitted, act, f"anwesend-{presence_id}")


@router.post(PLACE + "/anwesend/{presence_id}")
def correct(
    request: Request,
    meeting_id: int,
    presence_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """Correct when somebody was there."""

    def act(session: Session, meeting: Meeting, values: dict[str, Any]) -> str:
        change = _correction(session, actor, meeting, presence_id, values)
        presence.change_presence(session, actor, meeting, presence_id, change, base_version=seen_version(values))
        return "Die Zeiten sind berichtigt."

    return _act(request, database, actor, meeting_id, submitted, act, f"anwesend-{presence_id}")


@router.post(PLACE + "/anwesend/{presence_id}/streichen")
def strike(
    request: Request,
    meeting_id: int,
    presence_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """The entry was a mistake."""

    def act(session: Session, meeting: Meeting, values: dict[str, Any]) -> str:
        presence.remove_presence(session, actor, meeting, presence_id, base_version=seen_version(values))
        return "Der Eintrag ist gestrichen."

    return _act(request, database, actor, meeting_id, submitted, act, f"anwesend-{presence_id}")


@router.post(PLACE + "/leitung")
def take_chair(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Somebody takes the chair."""

    def act(session: Session, meeting: Meeting, values: dict[str, Any]) -> str:
        require_keeper(actor, meeting)
        row = chairing.take_chair(session, actor, meeting, read_form(ChairIn, values))
        return f"{row.name} leitet die Sitzung."

    return _act(request, database, actor, meeting_id, submitted, act, "leitung")


@router.post(PLACE + "/leitung/{chairing_id}/streichen")
def strike_chair(
    request: Request,
    meeting_id: int,
    chairing_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """The entry was a mistake."""

    def act(session: Session, meeting: Meeting, _values: dict[str, Any]) -> str:
        chairing.remove_chairing(session, actor, meeting, chairing_id)
        return "Der Eintrag zur Leitung ist gestrichen."

    return _act(request, database, actor, meeting_id, submitted, act, "leitung")


@router.post(PLACE + "/ausschluss")
def exclude(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Somebody takes no part in an item."""

    def act(session: Session, meeting: Meeting, values: dict[str, Any]) -> str:
        require_keeper(actor, meeting)
        excluding.exclude(session, actor, meeting, read_form(ExcludeIn, values))
        return "Der Ausschluss ist eingetragen."

    return _act(request, database, actor, meeting_id, submitted, act, "ausschluss")


@router.post(PLACE + "/ausschluss/{item_id}/{person_id}/aufheben")
def admit(
    request: Request,
    meeting_id: int,
    item_id: int,
    person_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """Somebody takes part in the item after all."""

    def act(session: Session, meeting: Meeting, _values: dict[str, Any]) -> str:
        excluding.admit(session, actor, meeting, item_id, person_id)
        return "Der Ausschluss ist aufgehoben."

    return _act(request, database, actor, meeting_id, submitted, act, "ausschluss")


@router.post(PLACE + "/zweite-einladung")
def repeat(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """The meeting repeats one that was not quorate."""

    def act(session: Session, meeting: Meeting, values: dict[str, Any]) -> str:
        require_keeper(actor, meeting)
        repeating.repeat_meeting(session, actor, meeting, read_form(RepeatIn, values))
        return "Die zweite Einladung ist eingetragen."

    return _act(request, database, actor, meeting_id, submitted, act, "zweite")


@router.post(PLACE + "/zweite-einladung/aufheben")
def unrepeat(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """The meeting is an ordinary one after all."""

    def act(session: Session, meeting: Meeting, _values: dict[str, Any]) -> str:
        require_keeper(actor, meeting)
        repeating.unrepeat_meeting(session, actor, meeting)
        return "Die Sitzung gilt nicht mehr als Wiederholung."

    return _act(request, database, actor, meeting_id, submitted, act, "zweite")


def _act(
    request: Request,
    database: Database,
    actor: Actor,
    meeting_id: int,
    submitted: Any,
    act: Act,
    form: str,
) -> Response:
    """Do *act* with the locked meeting; what does not hold is shown at the form *form*, with everything typed kept."""
    values = typed(submitted)
    try:
        with database.write() as session:
            meeting = lock_meeting(session, actor, meeting_id)
            require_reader(actor, meeting)
            said = act(session, meeting, _with_moments(meeting, values))
            address = address_of(meeting)
    except (Invalid, Refused, Stale) as error:
        return _again(request, database, actor, meeting_id, Typed(form, values, error))
    if wants_piece(request):
        with database.read() as session:
            meeting = get_meeting(session, actor, meeting_id)
            if reads_room(actor, meeting):
                return attendance_piece(request, session, actor, meeting, said=said)
    return done(request, "/" if values.get(VIEW) == OVERVIEW else f"{address}/{ATTENDANCE}", said)


def _again(request: Request, database: Database, actor: Actor, meeting_id: int, wrong: Typed) -> Response:
    with database.read() as session:
        meeting = get_meeting(session, actor, meeting_id)
        if wants_piece(request) and reads_room(actor, meeting):
            return attendance_piece(request, session, actor, meeting, wrong=wrong)
        return attendance_page(request, session, actor, meeting, wrong)


def _correction(
    session: Session, actor: Actor, meeting: Meeting, presence_id: int, values: Mapping[str, Any]
) -> PresenceChange:
    """What was changed: fields show minutes, so a time that still reads the same keeps its seconds."""
    row = get_presence(session, actor, meeting, presence_id)
    wish: dict[str, Any] = {"remote": bool(values.get("remote"))}
    for name in ("from_at", "until_at"):
        stored, wanted = getattr(row, name), values.get(name) or None
        if (text.time(stored) if stored else None) != (text.time(wanted) if wanted else None):
            wish[name] = wanted
    return PresenceChange.model_validate(wish)


def _with_moments(meeting: Meeting, values: Mapping[str, str]) -> dict[str, Any]:
    """The typed values, with hours and minutes as moments of the meeting."""
    found: dict[str, Any] = dict(values)
    for name in TIMES:
        if name in found:
            found[name] = parse_time(meeting, values[name], name) or ""
    return found
