"""The list of circular procedures, one of them, and what members and secretariat do with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock
from app.actor import Actor, Role
from app.agenda.queries import project_lines
from app.bodies.queries import list_bodies, load_body
from app.circulars.models import BallotRole, Circular, CircularState
from app.circulars.queries import circulars as queries
from app.circulars.queries.answers import ballots_of, seats_asked
from app.circulars.rules.counting import counting, end_in_words, is_in_time, may_establish, tally, votes_in_words
from app.circulars.rules.rights import ENDED, may_run, sees_tally
from app.circulars.rules.settings import read_kept
from app.circulars.rules.words import ROLE_WORDS, VOTE_WORDS
from app.circulars.schemas import BallotIn, StartIn, WithdrawIn
from app.circulars.service.answering import answerable_seats, cast_ballot, require_asked
from app.circulars.service.establishing import establish_result
from app.circulars.service.preparing import discard_circular, projects_asked
from app.circulars.service.recording import require_run
from app.circulars.service.starting import start_circular, usual_end, withdraw_circular
from app.db import Database, ident
from app.errors import Invalid, NotFound, Refused
from app.notices.service.foretelling import told_after_start
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.visibility import LEVEL_WORDS, Matter, body_ids
from app.web.circulars.lines import (
    COLUMNS,
    CircularLine,
    SeatLine,
    circular_lines,
    clause_lines,
    seat_lines,
    state_words,
)
from app.web.forms import Form, read_form, typed
from app.web.history import history_of, reads_history
from app.web.respond import done, page, sends_mail
from app.web.tables import download

router = APIRouter()

HOME = "/umlaufverfahren"
STATES: Mapping[str, tuple[str, tuple[CircularState, ...]]] = {
    "": ("alle", ()),
    "laufend": ("laufend", (CircularState.RUNNING,)),
    "entwurf": ("Entwürfe", (CircularState.DRAFT,)),
    "beendet": ("beendet", (*ENDED, CircularState.WITHDRAWN)),
}
AGREED = (("true", "Einverstanden"), ("false", "Ich widerspreche; der Text soll in die nächste Sitzung"))


@dataclass(frozen=True, slots=True)
class OwnSeat:
    """A seat for which the person answers, as what; ``settled``: its member has answered, so a deputy does not."""

    line: SeatLine
    role: str
    settled: bool


@router.get(HOME)
def show_circulars(
    request: Request, session: ReadSession, actor: CurrentActor, gremium: str = "", stand: str = ""
) -> Response:
    """The procedures that the person reads: running ones first."""
    lines, bodies = _lines(session, actor, gremium, stand)
    return page(
        request,
        actor,
        "circulars/list.html",
        title="Umlaufverfahren",
        lines=lines,
        bodies=bodies,
        gremium=gremium,
        stand=stand,
        states=[(key, word) for key, (word, _) in STATES.items() if key],
        may_prepare=any(actor.has(Role.SECRETARIAT, body_id) for body_id, _ in bodies),
    )


@router.get(f"{HOME}.csv")
@router.get(f"{HOME}.xlsx")
def download_circulars(
    request: Request, database: CurrentDatabase, actor: CurrentActor, gremium: str = "", stand: str = ""
) -> Response:
    """The filtered procedures as a file."""
    with database.read() as session:
        lines, _ = _lines(session, actor, gremium, stand)
    ending = request.url.path.rpartition(".")[2]
    return download(ending, COLUMNS, lines, title="Umlaufverfahren", name="umlaufverfahren")


@router.get(HOME + "/{circular_id:int}")
def show_circular(request: Request, circular_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """One procedure: its question for those who answer, its tally for those who run it, its result for all."""
    return circular_page(request, session, actor, queries.get_circular(session, actor, circular_id))


@router.post(HOME + "/{circular_id:int}/antwort")
def answer(
    request: Request, circular_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Answer for one's seat."""
    values = typed(submitted)

    def act(session: Session, circular: Circular) -> str:
        require_asked(session, actor, circular)
        cast_ballot(session, actor, circular, read_form(BallotIn, values))
        return f"Ihre Antwort ist gespeichert. Sie können sie bis {_end(circular)} ändern."

    return _act(request, database, actor, circular_id, act, values, "answer_form", run=False)


@router.post(HOME + "/{circular_id:int}/im-auftrag")
def answer_on_behalf(
    request: Request, circular_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Write down what somebody else answered."""
    values = typed(submitted)

    def act(session: Session, circular: Circular) -> str:
        if not values.get("reason", "").strip():
            raise Invalid({"reason": "Bitte füllen Sie dieses Feld aus."})
        cast_ballot(session, actor, circular, read_form(BallotIn, values))
        return "Die Antwort ist im Auftrag festgehalten."

    return _act(request, database, actor, circular_id, act, values, "behalf_form")


@router.post(HOME + "/{circular_id:int}/starten")
def start(
    request: Request, circular_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Ask the voting seats."""
    values = typed(submitted)

    def act(session: Session, circular: Circular) -> str:
        start_circular(session, actor, circular, read_form(StartIn, values))
        return f"Das Umlaufverfahren läuft bis {_end(circular)}."

    return _act(request, database, actor, circular_id, act, values, "start_form")


@router.post(HOME + "/{circular_id:int}/zurueckziehen")
def withdraw(
    request: Request, circular_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """End a running procedure without a result."""
    values = typed(submitted)

    def act(session: Session, circular: Circular) -> str:
        withdraw_circular(session, actor, circular, read_form(WithdrawIn, values))
        return "Das Umlaufverfahren ist zurückgezogen."

    return _act(request, database, actor, circular_id, act, values, "withdraw_form")


@router.post(HOME + "/{circular_id:int}/ergebnis")
def establish(request: Request, circular_id: int, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """Ergebnis feststellen."""

    def act(session: Session, circular: Circular) -> str:
        establish_result(session, actor, circular)
        return f"Das Ergebnis ist festgestellt: {circular.outcome_note}"

    return _act(request, database, actor, circular_id, act, {}, "establish_form")


@router.post(HOME + "/{circular_id:int}/verwerfen")
def discard(request: Request, circular_id: int, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """A draft that is not wanted any more."""
    with database.write() as session:
        discard_circular(session, actor, queries.lock_circular(session, actor, circular_id))
    return done(request, HOME, "Der Entwurf ist verworfen.")


def _act(
    request: Request,
    database: Database,
    actor: Actor,
    circular_id: int,
    act: Callable[[Session, Circular], str],
    values: Mapping[str, str],
    form: str,
    *,
    run: bool = True,
) -> Response:
    """Do *act* with the locked procedure; a refusal is shown in place, at the form called *form*."""
    try:
        with database.write() as session:
            circular = queries.lock_circular(session, actor, circular_id)
            if run:
                require_run(actor, circular)
            said = act(session, circular)
    except (Invalid, Refused) as error:
        with database.read() as session:
            circular = queries.get_circular(session, actor, circular_id)
            shown = {form: Form(values, error.by_field)}
            return circular_page(request, session, actor, circular, status=error.status, **shown)
    return done(request, f"{HOME}/{circular_id}", said)


def _end(circular: Circular) -> str:
    return end_in_words(circular.ends_at) if circular.ends_at else ""


def _lines(
    session: Session, actor: Actor, gremium: str, stand: str
) -> tuple[list[CircularLine], list[tuple[int, str]]]:
    bodies = {ident(body): body.short_name for body in list_bodies(session, actor)}
    known = not gremium or (gremium.isdecimal() and len(gremium) < 10 and int(gremium) in bodies)
    nobody = not bodies and body_ids(actor, Matter.INTERNAL) is not None  # of an empty installation all read nothing
    if nobody or stand not in STATES or not known:
        raise NotFound()
    rows = queries.list_circulars(session, actor, body_id=int(gremium) if gremium else None, states=STATES[stand][1])
    return circular_lines(session, actor, rows, bodies), list(bodies.items())


def circular_page(
    request: Request,
    session: Session,
    actor: Actor,
    circular: Circular,
    *,
    status: int = 200,
    **forms: Form,
) -> Response:
    """The page of a readable procedure; *forms* are those with what was typed and what is wrong with it."""
    decision = queries.resolution_of(session, circular)
    number, run = ident(circular), may_run(actor, circular)
    startable = run and circular.state is CircularState.DRAFT
    seats, ballots = seats_asked(session, [number]).get(number, []), ballots_of(session, [number]).get(number, [])
    project_ids, answers_needs = projects_asked(session, decision)
    projects = project_lines(session, ids=project_ids, on=clock.today())
    sees = sees_tally(actor, circular) and circular.ends_at is not None
    counted = counting(ballots, circular.ends_at) if circular.ends_at is not None else {}
    found = tally(seats, counted)
    open_now = circular.state is CircularState.RUNNING and is_in_time(clock.now(), circular.ends_at or clock.now())
    lines = seat_lines(session, circular, seats, ballots)
    own = _own(session, actor, circular, lines) if open_now else []
    names: dict[str, Any] = {name: Form() for name in ("answer_form", "behalf_form", "start_form", "withdraw_form")}
    return page(
        request,
        actor,
        "circulars/show.html",
        title=decision.title,
        status=status,
        crumbs=(("Umlaufverfahren", HOME), (decision.title, None)),
        circular=circular,
        decision=decision,
        home=f"{HOME}/{number}",
        body=load_body(session, circular.body_id).short_name,
        state_word=state_words(circular),
        level_word=LEVEL_WORDS[decision.level],
        end=_end(circular),
        clauses=clause_lines(session, decision),
        projects=[projects[one] for one in project_ids if one in projects],
        answers_needs=answers_needs,
        own=own,
        open_seats=[(one.line.seat_id, f"{one.role} für {one.line.name}") for one in own if not one.settled],
        votes=[(vote.value, word) for vote, word in VOTE_WORDS.items()],
        agreed=AGREED,
        seats=lines if sees else [],
        all_seats=[(line.seat_id, line.name) for line in lines],
        tally=found if sees else None,
        tally_words=votes_in_words(found) if sees else "",
        may_run=run,
        may_answer_on_behalf=run and open_now,
        may_establish=run
        and circular.state is CircularState.RUNNING
        and circular.ends_at is not None
        and may_establish(clock.now(), circular.ends_at, found, read_kept(circular.rules)),
        usual_end=usual_end(session, circular.body_id) if startable else None,
        told=told_after_start(session, actor, circular, sends=sends_mail(request)) if startable else "",
        establish_form=forms.get("establish_form", Form()),
        **{name: forms.get(name, form) for name, form in names.items()},
        shows_history=reads_history(actor, circular.body_id),
        lines=history_of(session, actor, "circular", number) if reads_history(actor, circular.body_id) else [],
    )


def _own(session: Session, actor: Actor, circular: Circular, lines: list[SeatLine]) -> list[OwnSeat]:
    by_seat = {line.seat_id: line for line in lines}
    roles = answerable_seats(session, actor, circular)
    return [
        OwnSeat(by_seat[seat_id], ROLE_WORDS[role], _is_settled(role, by_seat[seat_id]))
        for seat_id, role in roles.items()
    ]


def _is_settled(role: BallotRole, line: SeatLine) -> bool:
    return role is BallotRole.DEPUTY and line.role not in (None, BallotRole.DEPUTY)
