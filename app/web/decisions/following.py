"""Beschlusskontrolle: the working list with its numbers, filters and files, and entries for one decision or many."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock, text
from app.actor import Actor, Role
from app.bodies.queries import list_bodies
from app.db import ident
from app.decisions import queries
from app.decisions.models import FollowUpState
from app.decisions.queries.following import (
    FollowFilter,
    institutions_and_fields,
    list_followed,
)
from app.decisions.rules.following import WORDS
from app.decisions.schemas import FollowUpIn
from app.decisions.service.following import add_follow_up, add_follow_ups
from app.errors import Forbidden, Invalid, NotFound, Refused, SkipError, Stale
from app.meetings.queries import list_meetings
from app.meetings.rules import life
from app.people.queries import names_on
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.web.decisions.following_lines import COLUMNS, FollowLine, follow_lines
from app.web.forms import Form, read_form, typed, typed_number
from app.web.respond import done, page, piece, wants_piece
from app.web.tables import download

router = APIRouter()

HOME = "/beschlusskontrolle"
FIELDS = ("state", "as_of", "text", "reason", "due_on")
FILTERS = ("gremium", "stand", "institution", "feld", "sitzung")

WORKING: Mapping[str, tuple[str, Callable[[FollowLine], bool]]] = {
    "faellig": ("fällig", lambda line: line.late),
    "naechste-sitzung": ("zur nächsten Sitzung", lambda line: line.next_meeting),
    "offen": (WORDS[FollowUpState.OPEN], lambda line: line.state is FollowUpState.OPEN),
    "in-umsetzung": (WORDS[FollowUpState.IN_PROGRESS], lambda line: line.state is FollowUpState.IN_PROGRESS),
    "fortlaufend": (WORDS[FollowUpState.ONGOING], lambda line: line.state is FollowUpState.ONGOING),
    "verzoegert": (WORDS[FollowUpState.DELAYED], lambda line: line.state is FollowUpState.DELAYED),
    "zu-berichten": ("abgeschlossen, noch zu berichten", lambda line: line.closed),
}
"""Parts of the working list: what its numbers count and what they lead to."""

CLOSED: Mapping[str, FollowUpState] = {
    "umgesetzt": FollowUpState.DONE,
    "nicht-umgesetzt": FollowUpState.NOT_DONE,
    "aufgehoben": FollowUpState.REPEALED,
    "ersetzt": FollowUpState.REPLACED,
}
"""States that leave the list once a meeting was told; here they are found for ever."""

ALL = "alle"


@router.get(HOME)
def show_list(
    request: Request,
    session: ReadSession,
    actor: CurrentActor,
    gremium: str = "",
    stand: str = "",
    institution: str = "",
    feld: str = "",
    sitzung: str = "",
) -> Response:
    """The working list, due first; ``stand`` shows a part of it, or what has left it."""
    return _list_page(request, session, actor, _asked(gremium, stand, institution, feld, sitzung))


@router.get(f"{HOME}.csv")
@router.get(f"{HOME}.xlsx")
def download_list(
    request: Request,
    database: CurrentDatabase,
    actor: CurrentActor,
    gremium: str = "",
    stand: str = "",
    institution: str = "",
    feld: str = "",
    sitzung: str = "",
) -> Response:
    """The filtered list as a file."""
    with database.read() as session:
        lines = _chosen(_lines(session, actor, _asked(gremium, stand, institution, feld, sitzung)), stand)
    ending = request.url.path.rpartition(".")[2]
    return download(ending, COLUMNS, lines, title="Beschlusskontrolle", name="beschlusskontrolle")


@router.post(f"{HOME}/eintraege")
def enter_for_many(request: Request, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted) -> Response:
    """The same entry for every chosen decision, or for none of them."""
    values, asked = typed(submitted), _asked_of(submitted.get("filter"))
    chosen = [str(one) for one in submitted.getlist("decision")]
    if not actor.is_secretariat:
        raise Forbidden()
    try:
        wanted = [(typed_number(number), typed_number(version)) for number, _, version in _parted(chosen)]
        wish = read_form(FollowUpIn, {name: values.get(name, "") for name in FIELDS})
        with database.write() as session:
            count = len(add_follow_ups(session, actor, wanted, wish))
    except (Invalid, Refused) as error:
        with database.read() as session:
            return _list_page(
                request, session, actor, asked, many=_many_form(values, error), ticked=chosen, status=error.status
            )
    said = f"{text.counted(count, 'Eintrag', 'Einträge')} gemacht."
    return done(request, _address(asked), said)


@router.post(f"{HOME}/{{decision_id}}")
def enter(
    request: Request, decision_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """An entry at the line; whoever was slower sees what has been entered meanwhile."""
    values, asked = typed(submitted), _asked_of(submitted.get("filter"))
    try:
        with database.write() as session:
            decision = queries.lock_decision(session, actor, decision_id)
            if not actor.has(Role.SECRETARIAT, decision.body_id):
                raise Forbidden()
            wish = read_form(FollowUpIn, {name: values.get(name, "") for name in FIELDS})
            add_follow_up(session, actor, decision, wish, base_version=typed_number(values.get("version", "")))
            number, word = decision.number, WORDS[decision.state]
    except (Invalid, Refused, Stale) as error:
        with database.read() as session:
            form = Form(values, _errors(error))
            if wants_piece(request):
                return _list_piece(request, session, actor, asked, form=form, at=decision_id)
            return _list_page(request, session, actor, asked, form=form, at=decision_id, status=error.status)
    said = f"{number}: eingetragen, Stand „{word}“."
    if wants_piece(request):
        with database.read() as session:
            return _list_piece(request, session, actor, asked, said=said, focus=decision_id)
    return done(request, f"{_address(asked)}#beschluss-{decision_id}", said)


def _many_form(values: Mapping[str, str], error: SkipError) -> Form:
    """What no field of the form is about stands above it."""
    said = dict(error.by_field)
    if "decisions" in said:
        said[""] = said.pop("decisions")
    return Form(values, said)


def _errors(error: SkipError) -> dict[str, str]:
    if not isinstance(error, Stale):
        return error.by_field
    state = WORDS[FollowUpState(error.current["state"])]
    by, told = error.current["entered_by"], error.current["text"] or error.current["reason"]
    return {
        "": f"Inzwischen hat {by or 'jemand'} eingetragen: {state}{f', {told}' if told else ''}. Ihr Eintrag "
        "steht noch im Formular und ist nicht gespeichert; senden Sie ihn noch einmal, wenn er danach gelten soll."
    }


def _parted(chosen: Sequence[str]) -> list[tuple[str, str, str]]:
    return [one.partition(":") for one in chosen]


def _asked(gremium: str, stand: str, institution: str, feld: str, sitzung: str) -> dict[str, str]:
    """The filters of the address; NotFound where one is no filter."""
    asked = {"gremium": gremium, "stand": stand, "institution": institution, "feld": feld, "sitzung": sitzung}
    if stand and stand not in (*WORKING, *CLOSED, ALL):
        raise NotFound()
    for name in ("gremium", "institution", "feld", "sitzung"):
        if asked[name] and not (asked[name].isdecimal() and len(asked[name]) < 10):
            raise NotFound()
    return {name: value for name, value in asked.items() if value}


def _asked_of(sent: object) -> dict[str, str]:
    """The filters that a form brings along; what is none of them is left out."""
    found = dict(parse_qsl(sent)) if isinstance(sent, str) else {}
    try:
        return _asked(**{name: found.get(name, "") for name in FILTERS})
    except NotFound:
        return {}


def _address(asked: Mapping[str, str], **further: str) -> str:
    query = urlencode({**asked, **further})
    return f"{HOME}?{query}" if query else HOME


def _lines(session: Session, actor: Actor, asked: Mapping[str, str]) -> list[FollowLine]:
    stand = asked.get("stand", "")
    wanted = FollowFilter(
        body_id=_number(asked, "gremium"),
        state=CLOSED.get(stand),
        organisation_id=_number(asked, "institution"),
        field_id=_number(asked, "feld"),
        meeting_id=_number(asked, "sitzung"),
        working=stand != ALL,
    )
    return follow_lines(session, actor, list_followed(session, actor, wanted))


def _number(asked: Mapping[str, str], name: str) -> int | None:
    return int(asked[name]) if name in asked else None


def _chosen(lines: Sequence[FollowLine], stand: str) -> list[FollowLine]:
    return [line for line in lines if stand not in WORKING or WORKING[stand][1](line)]


def _list_page(
    request: Request, session: Session, actor: Actor, asked: Mapping[str, str], *, status: int = 200, **values: Any
) -> Response:
    return page(
        request,
        actor,
        "decisions/following.html",
        title="Beschlusskontrolle",
        status=status,
        **_choices(session, actor),
        **_values(session, actor, asked, **values),
    )


def _list_piece(request: Request, session: Session, actor: Actor, asked: Mapping[str, str], **values: Any) -> Response:
    return piece(request, "decisions/_following_list.html", **_values(session, actor, asked, **values))


def _values(
    session: Session,
    actor: Actor,
    asked: Mapping[str, str],
    *,
    form: Form | None = None,
    at: int = 0,
    many: Form | None = None,
    ticked: Sequence[str] = (),
    said: str = "",
    focus: int = 0,
) -> dict[str, Any]:
    """What the list shows: ``at`` the decision whose entry was refused, ``focus`` the one that was just entered."""
    stand = asked.get("stand", "")
    lines = _lines(session, actor, asked)
    base = {name: value for name, value in asked.items() if name != "stand"}
    working = stand in WORKING or not stand
    return {
        "lines": _chosen(lines, stand),
        "numbers": [
            (word, sum(1 for line in lines if holds(line)), _address(base, stand=key), key == stand)
            for key, (word, holds) in WORKING.items()
        ]
        if working
        else [],
        "asked": {name: asked.get(name, "") for name in FILTERS},
        "filtered": bool(asked),
        "filter": urlencode(asked),
        "reset": HOME,
        "many_bodies": len({line.body for line in lines}) > 1,
        "today": clock.today(),
        "may_enter": any(line.choices for line in lines),
        "states": [(one.value, word) for one, word in WORDS.items() if one is not FollowUpState.REPLACED],
        "form": form or Form(),
        "no_form": Form(),
        "at": at,
        "at_number": next((line.number for line in lines if line.id == at), ""),
        "many": many or Form(),
        "ticked": {one.partition(":")[0] for one in ticked},
        "said": said,
        "focus": focus,
    }


def _choices(session: Session, actor: Actor) -> dict[str, Any]:
    institutions, fields = institutions_and_fields(session, actor)
    names = names_on(session, institutions, clock.today())
    stands = [(key, word) for key, (word, _) in WORKING.items()]
    stands += [(key, WORDS[state]) for key, state in CLOSED.items()]
    named = [(key, name.short) for key, name in names.items()]
    return {
        "bodies": [(ident(body), body.short_name) for body in list_bodies(session, actor)],
        "institutions": sorted(named, key=lambda one: text.sort_key(one[1])),
        "fields": [(key, f"{name} ({period})" if period else name) for key, name, period in fields],
        "meetings": [(ident(one), life.label_with_date(one)) for one in list_meetings(session, actor)],
        "stands": [*stands, (ALL, "alle, auch berichtete")],
        "is_secretariat": actor.has_anywhere(Role.SECRETARIAT),
    }
