"""What waits for people from circular procedures: votes to give, results to establish."""

from collections.abc import Iterator

from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.circulars.models import BallotRole
from app.circulars.queries.answers import ballots_of, ended_unestablished, open_procedures, roles_of, seats_asked
from app.circulars.rules.counting import counting
from app.circulars.rules.rights import may_run
from app.db import ident
from app.web.waiting import Waiting


def open_votes(session: Session, actor: Actor) -> Iterator[Waiting]:
    """For whom it is a seat's turn: nobody has answered for it yet, or only the deputy while the member asks here."""
    found = open_procedures(session, actor, clock.now())
    if not found:
        return
    ids, roles = [ident(circular) for circular, _ in found], roles_of(session, actor)
    seats, ballots = seats_asked(session, ids), ballots_of(session, ids)
    for circular, decision in found:
        number, ends_at = ident(circular), circular.ends_at or clock.now()
        given = counting(ballots.get(number, ()), ends_at)
        own = [seat.seat_id for seat in seats.get(number, ()) if seat.seat_id in roles]
        open_seats = [
            one
            for one in own
            if one not in given or (roles[one] is BallotRole.MEMBER and given[one].role is BallotRole.DEPUTY)
        ]
        if open_seats:
            note = "Die Stellvertretung hat schon geantwortet." if all(one in given for one in open_seats) else ""
            yield Waiting(
                f"Im Umlaufverfahren „{text.one_line(decision.title)}“ antworten",
                f"/umlaufverfahren/{number}",
                note=note,
                until=circular.ends_on,
            )


def results_to_establish(session: Session, actor: Actor) -> Iterator[Waiting]:
    """For the secretariat: procedures whose end has passed while their result is not established."""
    for circular, decision in ended_unestablished(session, actor, clock.now()):
        if may_run(actor, circular):
            ended = f"beendet am {text.date(circular.ends_on)}" if circular.ends_on else ""
            yield Waiting(
                f"Ergebnis des Umlaufverfahrens „{text.one_line(decision.title)}“ feststellen",
                f"/umlaufverfahren/{circular.id}",
                ended,
            )
