"""Giving decisions their numbers: gap-free per body and year, with what they say fixed at that moment (domain §5)."""

import datetime as dt
from collections.abc import Mapping

from sqlmodel import Session

from app import clock, text
from app.actor import Actor, Role
from app.agenda.models import AgendaItem
from app.agenda.queries import list_items
from app.bodies.queries import load_body, load_rules
from app.db import ident
from app.decisions import queries
from app.decisions.models import Decision, FollowUpState, SeriesKind
from app.decisions.rules.majority import contradiction, vote_errors
from app.decisions.rules.numbers import number_text as number_text
from app.decisions.rules.outcomes import ends_in_decision, final_wording, mismatch
from app.decisions.schemas import VoidIn
from app.decisions.service.contents import freeze_statuses, record_decision, told, touch_decision
from app.decisions.service.following import note_follow_up
from app.decisions.service.writing import DecisionTexts, begin_decision, decision_label, note_presence, votes_of
from app.errors import Forbidden, Refused
from app.meetings.models import Meeting
from app.meetings.queries import load_meeting
from app.meetings.rules import life
from app.projects.service.needs import answer_needs
from app.revisions.service import close_texts


def take_number(session: Session, body_id: int, kind: SeriesKind, year: int) -> int:
    """The next number of a body's series in a year; the series stays locked until the commit, so none is lost.

    Locked after everything else but the history: whoever takes numbers of both kinds takes those of decisions first.
    """
    series = queries.lock_series(session, body_id, kind, year)
    series.last += 1
    session.add(series)
    session.flush()
    return series.last


def number_decisions(session: Session, actor: Actor, meeting: Meeting) -> Mapping[int, str]:
    """Number the decisions of a meeting that is being closed, in the order of its items; their numbers by item.

    *meeting* is locked by the caller, who has checked the right and that no outcome is missing. Refused, naming every
    item, where wording, votes or attendance do not fit the outcome.
    """
    items = sorted(list_items(session, actor, ident(meeting)), key=_place)
    given, wrong = {}, []
    for item in items:
        decision = queries.draft_of_item(session, ident(item))
        if not ends_in_decision(item, has_text=decision is not None and _has_text(session, decision)):
            continue
        if decision is None:
            decision = begin_decision(session, actor, meeting, item)
        close_texts(session, DecisionTexts(session, meeting, item, decision))
        problem = _prepare(session, meeting, item, decision)
        if problem:
            wrong.append(f"TOP {item.number or '–'}: {problem}")
            continue
        give_number(session, actor, decision, label=decision_label(meeting, item))
        given[ident(item)] = decision.number
    if wrong:
        raise Refused(f"Die Sitzung kann noch nicht geschlossen werden. {' '.join(wrong)}")
    return given


def give_number(session: Session, actor: Actor, decision: Decision, *, label: str) -> Decision:
    """The next number of its body and year for a provisional decision whose day and outcome are set.

    The statuses of its projects are frozen, the decision needs that it answers are closed, and what it replaces says
    so. Everything of the decision is locked by the caller: its meeting, or its circular procedure.
    """
    if decision.number or decision.decided_on is None:
        raise ValueError("only a provisional decision with its day gets a number")
    before = told(session, decision)
    freeze_statuses(session, decision)
    earlier = _replaced(session, decision)
    year = decision.decided_on.year
    serial, number = _free_number(session, decision.body_id, year)
    decision.year, decision.serial, decision.number = year, serial, number
    touch_decision(session, actor, decision)
    _answer_needs(session, actor, decision, decision.decided_on)
    if earlier is not None:
        mark_replaced(session, actor, earlier, decision)
    record_decision(session, actor, "decision.number", decision, before, label=label)
    return decision


def _free_number(session: Session, body_id: int, year: int) -> tuple[int, str]:
    """The next place of the series with its number; numbers that taken-over decisions bear already are passed over."""
    short_name = load_body(session, body_id).short_name
    while True:
        serial = take_number(session, body_id, SeriesKind.DECISION, year)
        number = number_text(short_name, SeriesKind.DECISION, year, serial)
        if queries.find_numbered(session, body_id, number) is None:
            return serial, number


def mark_replaced(session: Session, actor: Actor, earlier: Decision, decision: Decision) -> None:
    """A follow-up entry of the locked *earlier* decision says that *decision* replaces it."""
    note_follow_up(
        session,
        actor,
        earlier,
        FollowUpState.REPLACED,
        as_of=max(day for day in (decision.decided_on, earlier.decided_on, dt.date.min) if day is not None),
        text=f"Ersetzt durch {decision.number}",
    )


def void_number(session: Session, actor: Actor, decision: Decision, wish: VoidIn) -> Decision:
    """The number of a decision stands for nothing ("nicht vergeben"), with the reason; the number stays taken.

    The decision is locked by the caller, its meeting before. Refused once the minutes that tell it are approved.
    """
    _require_secretariat(actor, decision)
    if not decision.number:
        raise Refused("Dieser Beschluss hat noch keine Nummer.")
    if decision.void_reason:
        raise Refused(f"{decision.number} ist schon als nicht vergeben vermerkt.")
    meeting_id = queries.meeting_of(session, decision)
    meeting = load_meeting(session, meeting_id) if meeting_id is not None else None
    if meeting is not None:
        life.require_unsealed(meeting)
    later = queries.find_successor(session, ident(decision))
    if later is not None:
        raise Refused(f"{decision.number} ist durch {later.number} ersetzt und bleibt darum stehen.")
    before = told(session, decision)
    earlier = queries.lock_earlier(session, decision.body_id, decision.replaces_id) if decision.replaces_id else None
    decision.void_reason, decision.replaces_id = wish.reason, None
    touch_decision(session, actor, decision)
    if earlier is not None:
        take_back_replaced(session, actor, earlier, f"{decision.number} ist nicht vergeben")
    record_decision(
        session, actor, "decision.void", decision, before, label=decision.number, reason=decision.void_reason
    )
    return decision


def take_back_replaced(session: Session, actor: Actor, earlier: Decision, why: str) -> None:
    """The locked *earlier* decision is not replaced any more: it is open again, and an entry says why."""
    if earlier.state is FollowUpState.REPLACED:
        note_follow_up(session, actor, earlier, FollowUpState.OPEN, as_of=clock.today(), text=f"Wieder offen: {why}")


def _require_secretariat(actor: Actor, decision: Decision) -> None:
    if not actor.has(Role.SECRETARIAT, decision.body_id):
        raise Forbidden()


def _place(item: AgendaItem) -> tuple[bool, str, int, int]:
    """The order of the agenda; items without a number come last."""
    return not item.number, text.number_key(item.number), item.position, ident(item)


def _has_text(session: Session, decision: Decision) -> bool:
    return bool(decision.wording or queries.clauses_of(session, [ident(decision)]))


def _prepare(session: Session, meeting: Meeting, item: AgendaItem, decision: Decision) -> str:
    """Set day, outcome and final wording of a decision; says why they do not fit, "" where they do."""
    has_clauses = bool(queries.clauses_of(session, [ident(decision)]))
    wording = decision.wording
    problem = mismatch(item.outcome, item.proposed_decision, wording, clauses=has_clauses)
    votes = votes_of(decision)
    problem = problem or contradiction(load_rules(session, meeting.body_id), item.outcome, votes)
    with session.no_autoflush:
        count = note_presence(session, meeting, item, decision)
        if votes is not None and not problem:
            problem = next(iter(vote_errors(votes, count).values()), "")
        decision.wording = final_wording(item.outcome, item.proposed_decision, wording)
        decision.proposed_wording, decision.outcome = item.proposed_decision, item.outcome
        decision.decided_on = life.day_of(meeting)
    return problem


def _replaced(session: Session, decision: Decision) -> Decision | None:
    if decision.replaces_id is None:
        return None
    earlier = queries.lock_earlier(session, decision.body_id, decision.replaces_id)
    if earlier is None or earlier.void_reason or queries.find_successor(session, decision.replaces_id, but=decision.id):
        raise Refused(
            f"Der frühere Beschluss, den „{decision.title}“ ersetzen soll, ist inzwischen schon ersetzt oder nicht "
            "vergeben. Bitte ändern Sie die Angabe."
        )
    return earlier


def _answer_needs(session: Session, actor: Actor, decision: Decision, day: dt.date) -> None:
    links = queries.projects_of(session, [ident(decision)]).get(ident(decision), [])
    answers = {link.project_id: f"Beschluss {decision.number}: {decision.title}" for link in links if link.answers_need}
    if answers:
        answer_needs(session, actor, answers, on=day)
