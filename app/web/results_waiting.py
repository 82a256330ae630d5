"""What waits for people from the results of meetings: minutes, decisions to follow up, own actions."""

import datetime as dt
from collections.abc import Iterator

from sqlmodel import Session

from app import clock, text
from app.actions.queries import own_actions
from app.actions.queries.about import count_overdue
from app.actor import Actor, Role
from app.circulars.queries.answers import ballots_of, procedures_run, seats_asked
from app.db import ident
from app.decisions.queries.following import due_decisions
from app.meetings.queries import list_deadlines
from app.meetings.rules import life
from app.meetings.rules.deadlines import DeadlineKind
from app.minutes.models import MinutesState
from app.minutes.queries.work import MinutesAtWork, minutes_at_work
from app.minutes.rules.life import may_object, period_is_over
from app.web.waiting import Waiting

SOON = dt.timedelta(days=28)
NAMED_ACTIONS = 5


def minutes_to_finish(session: Session, actor: Actor) -> Iterator[Waiting]:
    """For the secretariat: drafts with their deadline, reviews with their end and the objections still open."""
    run = [one for one in minutes_at_work(session, actor) if life.may_run(actor, one.meeting)]
    deadlines = list_deadlines(session, [ident(one.meeting) for one in run]) if run else {}
    for one in run:
        due = {line.kind: line.due_on for line in deadlines[ident(one.meeting)]}
        if one.minutes.state is MinutesState.DRAFT:
            held = text.date(life.day_of(one.meeting))
            words = f"Niederschrift der {life.label(one.meeting)} fertigstellen und zur Prüfung versenden"
            yield Waiting(
                words, _address(one), note=f"Entwurf, Sitzung vom {held}", until=due.get(DeadlineKind.MINUTES)
            )
        else:
            yield _in_review(one)


def _in_review(one: MinutesAtWork) -> Waiting:
    label, until = life.label(one.meeting), one.minutes.objections_until
    objections = text.counted(one.objections, "Einwendung", "Einwendungen")
    if one.objections:
        return Waiting(f"{objections} zur Niederschrift der {label} beantworten", _address(one), until=until)
    if period_is_over(one.minutes, clock.now()):
        due = f"Frist endete am {text.date(until)}" if until else ""
        return Waiting(f"Niederschrift der {label} genehmigen lassen", _address(one), due)
    return Waiting(f"Niederschrift der {label} ist in Prüfung", _address(one), until=until, note="Keine Einwendung.")


def minutes_to_review(session: Session, actor: Actor) -> Iterator[Waiting]:
    """For those who may object, as long as the period lasts; who runs the body answers instead."""
    for one in minutes_at_work(session, actor):
        asked = one.minutes.state is MinutesState.REVIEW and may_object(actor, one.meeting.body_id)
        if asked and not life.may_run(actor, one.meeting) and not period_is_over(one.minutes, clock.now()):
            yield Waiting(
                f"Niederschrift der {life.label(one.meeting)} prüfen",
                _address(one),
                note="Bis dahin können Sie Einwendungen erheben.",
                until=one.minutes.objections_until,
            )


def overdue_actions(session: Session, actor: Actor) -> Iterator[Waiting]:
    """For the secretariat: how many actions are overdue."""
    found = count_overdue(session, actor, clock.today())
    if found:
        words = text.counted(found, "überfälligen Auftrag", "überfällige Aufträge")
        yield Waiting(f"{words} nachhalten", "/auftraege?stand=ueberfaellig")


def running_circulars(session: Session, actor: Actor) -> Iterator[Waiting]:
    """For the secretariat: procedures that still take answers, and how many seats have answered."""
    found = procedures_run(session, actor, clock.now())
    ids = [ident(circular) for circular, _ in found]
    seats, ballots = (seats_asked(session, ids), ballots_of(session, ids)) if ids else ({}, {})
    for circular, decision in found:
        answered = {ballot.seat_id for ballot in ballots.get(ident(circular), ())}
        yield Waiting(
            f"Umlaufverfahren „{text.one_line(decision.title)}“ läuft",
            f"/umlaufverfahren/{circular.id}",
            note=f"{len(answered)} von {len(seats.get(ident(circular), ()))} Sitzen haben geantwortet.",
            until=circular.ends_on,
        )


def _address(one: MinutesAtWork) -> str:
    return f"/sitzungen/{one.meeting.id}/niederschrift"


def decisions_to_follow(session: Session, actor: Actor) -> Iterator[Waiting]:
    """For the secretariat: decisions whose Wiedervorlage has come, as one line."""
    run = [one for one in due_decisions(session, actor, clock.today()) if actor.has(Role.SECRETARIAT, one.body_id)]
    if run and run[0].due_on is not None:
        words = text.counted(len(run), "Beschluss nachhalten", "Beschlüsse nachhalten")
        yield Waiting(words, "/beschlusskontrolle?stand=faellig", due=f"fällig seit {text.date(run[0].due_on)}")


def own_actions_to_do(session: Session, actor: Actor) -> Iterator[Waiting]:
    """Own actions that are overdue or fall due within the next weeks, the soonest by name."""
    horizon = clock.today() + SOON
    due = [one for one in own_actions(session, actor) if one.due_on is not None and one.due_on <= horizon]
    for one in due[:NAMED_ACTIONS]:
        yield Waiting(f"Auftrag {one.number} erledigen: {one.title}", f"/auftraege/{one.id}", until=one.due_on)
    more = len(due) - NAMED_ACTIONS
    if more > 0:
        words = text.counted(
            more, "weiterer eigener Auftrag ist bald fällig", "weitere eigene Aufträge sind bald fällig"
        )
        yield Waiting(words, "/auftraege?meine=1", until=due[NAMED_ACTIONS].due_on)
