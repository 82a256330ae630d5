"""Answering in a circular procedure: for one's seat, or written down by the secretariat on behalf of somebody."""

from dataclasses import dataclass

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.circulars.models import Ballot, BallotRole, Circular, CircularState
from app.circulars.queries import answers
from app.circulars.queries import circulars as queries
from app.circulars.rules.counting import counting, is_in_time, late_sentence
from app.circulars.rules.rights import may_run
from app.circulars.rules.words import ROLE_WORDS, STATE_WORDS, VOTE_WORDS, procedure_word
from app.circulars.schemas import BallotIn
from app.circulars.service.recording import note
from app.db import ident
from app.errors import Forbidden, Invalid, Refused


@dataclass(frozen=True, slots=True)
class Standing:
    """For which seat somebody answers, as what, and whose answer it is."""

    seat_id: int
    role: BallotRole
    person_id: int | None


def cast_ballot(session: Session, actor: Actor, circular: Circular, wish: BallotIn) -> Ballot:
    """Keep an answer; the procedure is locked by the caller. Whoever answers again changes their mind until the end.

    Forbidden for people without a seat that is asked, and for offices; Refused after the end (both times are named),
    and for a deputy once the member has answered.
    """
    standing = _standing(session, actor, circular, wish)
    now, ends_at = clock.now(), circular.ends_at
    if ends_at is not None and not is_in_time(now, ends_at):
        raise Refused(late_sentence(now, ends_at))
    if circular.state is not CircularState.RUNNING or ends_at is None:
        raise Refused(
            f"Dieses Umlaufverfahren nimmt keine Antworten an; sein Stand ist „{STATE_WORDS[circular.state]}“."
        )
    given = counting(answers.ballots_of(session, [ident(circular)]).get(ident(circular), []), ends_at)
    before = given.get(standing.seat_id)
    if standing.role is BallotRole.DEPUTY and before is not None and before.role is not BallotRole.DEPUTY:
        raise Refused("Das Mitglied hat für diesen Sitz schon selbst geantwortet; nur seine Antwort zählt.")
    ballot = Ballot(
        circular_id=ident(circular),
        seat_id=standing.seat_id,
        person_id=standing.person_id,
        role=standing.role,
        procedure_agreed=wish.procedure_agreed,
        vote=wish.vote,
        remark=wish.remark,
        reason=wish.reason,
        cast_at=now,
        cast_by=actor.name,
    )
    session.add(ballot)
    session.flush()
    decision = queries.resolution_of(session, circular)
    note(
        session,
        actor,
        "circular.ballot",
        circular,
        decision,
        before={"seat_id": None},
        after={
            "seat_id": standing.seat_id,
            "role": ROLE_WORDS[standing.role],
            "procedure": procedure_word(wish.procedure_agreed),
            "vote": VOTE_WORDS[wish.vote],
            "remark": wish.remark,
        },
        reason=wish.reason,
        secret=True,  # who answered what is nobody's but the secretariat's and the chair's before the end
    )
    return ballot


def require_asked(session: Session, actor: Actor, circular: Circular) -> None:
    """Forbidden for people who answer for no seat that is asked and do not write down others' answers."""
    if not may_run(actor, circular) and not answerable_seats(session, actor, circular):
        raise Forbidden()


def answerable_seats(session: Session, actor: Actor, circular: Circular) -> dict[int, BallotRole]:
    """The seats that are asked and for which the actor answers today, in order of protocol, and as what."""
    roles = answers.roles_of(session, actor)
    asked = answers.seats_asked(session, [ident(circular)]).get(ident(circular), [])
    return {seat.seat_id: roles[seat.seat_id] for seat in asked if seat.seat_id in roles}


def _standing(session: Session, actor: Actor, circular: Circular, wish: BallotIn) -> Standing:
    if wish.reason:
        return _on_behalf(session, actor, circular, wish)
    own = answerable_seats(session, actor, circular)
    if not own:
        if may_run(actor, circular):
            raise Invalid({"reason": "Bitte geben Sie an, warum Sie im Auftrag antworten und woher Sie es wissen."})
        raise Forbidden()
    seat_id = next(iter(own)) if wish.seat is None and len(own) == 1 else wish.seat
    if seat_id not in own:
        raise Invalid({"seat": "Bitte wählen Sie einen Ihrer Sitze."})
    return Standing(seat_id, own[seat_id], actor.person_id)


def _on_behalf(session: Session, actor: Actor, circular: Circular, wish: BallotIn) -> Standing:
    if not may_run(actor, circular):
        raise Forbidden()
    asked = {seat.seat_id for seat in answers.seats_asked(session, [ident(circular)]).get(ident(circular), [])}
    if wish.seat not in asked or wish.seat is None:
        raise Invalid({"seat": "Bitte wählen Sie einen Sitz, der gefragt ist."})
    return Standing(wish.seat, BallotRole.ON_BEHALF, answers.member_of(session, wish.seat, clock.today()))
