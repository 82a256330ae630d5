"""What happens in the room of an invented meeting: who comes, who leads, what is said, decided and given to do."""

import datetime as dt
from collections.abc import Iterable

from app import clock
from app.actions.schemas import ActionIn
from app.actions.service.giving import give_action
from app.agenda.models import AgendaItem, Outcome
from app.agenda.schemas.wishes import OutcomeIn
from app.agenda.service.closing import set_outcome
from app.attendance.models import Answer
from app.attendance.queries import expected_seats
from app.attendance.schemas import AnnounceIn, ArriveIn, ChairIn, MomentIn
from app.attendance.service.announcing import announce
from app.attendance.service.chairing import take_chair
from app.attendance.service.presence import arrive, arrive_all
from app.bodies.models import MembershipKind
from app.db import ident
from app.decisions.models import Taking
from app.decisions.schemas import ClauseIn, DecisionIn
from app.decisions.service.writing import write_decision
from app.demo.queries import decision_about
from app.demo.rulings import Given, Ruling, Ziffer
from app.demo.stage import Stage
from app.meetings.models import Meeting
from app.minutes.schemas.notes import MinuteNoteIn
from app.minutes.service.notes import begin_item, end_item, write_note

ABSENT, SENDS_DEPUTY, LATE = "sen_fin", "sen_web", "uvb"
"""Institutions whose seats decline, are represented, and come after the beginning."""
LATE_BY = dt.timedelta(minutes=20)


def announce_all(stage: Stage, meeting: Meeting) -> None:
    """The seats have answered: most come, one declines, one sends its deputy, one says nothing and comes late."""
    for view in expected_seats(stage.session, meeting):
        wish = AnnounceIn(answer=Answer.ACCEPTED)
        if view.seat.organisation_id == stage.organisations[ABSENT]:
            wish = AnnounceIn(answer=Answer.DECLINED, note="Haushaltsberatung")
        elif view.seat.organisation_id == stage.organisations[SENDS_DEPUTY]:
            deputies = [one for one in view.holders if one.membership.kind is MembershipKind.DEPUTY]
            wish = AnnounceIn(answer=Answer.REPRESENTED, deputy=deputies[0].membership.person_id)
        elif view.seat.organisation_id == stage.organisations[LATE]:
            continue
        announce(stage.session, stage.secretary(), meeting, ident(view.seat), wish)


def gather(stage: Stage, meeting: Meeting) -> None:
    """Everybody who said so is there, and the chair leads."""
    secretary = stage.secretary()
    arrive_all(stage.session, secretary, meeting, MomentIn())
    take_chair(stage.session, secretary, meeting, ChairIn(person=stage.persons["vorsitz"]))


def arrive_late(stage: Stage, meeting: Meeting) -> None:
    """The seat that had not answered comes."""
    late = next(
        view
        for view in expected_seats(stage.session, meeting)
        if view.seat.organisation_id == stage.organisations[LATE]
    )
    arrive(stage.session, stage.secretary(), meeting, ArriveIn(seat=ident(late.seat)))


def deal_with(stage: Stage, meeting: Meeting, items: Iterable[tuple[AgendaItem, Ruling | None]]) -> None:
    """The items one after the other, each at its time; those without a ruling are taken note of."""
    now, waiting = meeting.starts_at, True
    for item, ruling in items:
        with clock.standing_at(now):
            _deal(stage, meeting, item, ruling)
        now += dt.timedelta(minutes=item.minutes)
        with clock.standing_at(min(now, meeting.ends_at)):
            if item.minutes:
                end_item(stage.session, stage.secretary(), meeting, item)
            if waiting and now >= meeting.starts_at + LATE_BY:
                waiting = False
                arrive_late(stage, meeting)


def _deal(stage: Stage, meeting: Meeting, item: AgendaItem, ruling: Ruling | None) -> None:
    secretary = stage.secretary()
    if item.minutes:
        begin_item(stage.session, secretary, meeting, item)
    if ruling is None:
        set_outcome(stage.session, secretary, meeting, item, OutcomeIn(outcome=Outcome.NOTED))
        return
    if ruling.said:
        write_note(stage.session, secretary, meeting, item, MinuteNoteIn(note=ruling.said), base_version=0)
    set_outcome(stage.session, secretary, meeting, item, OutcomeIn(outcome=ruling.outcome, note=ruling.note))
    if ruling.wording or ruling.clauses:
        write_decision(stage.session, secretary, meeting, item, _decision(stage, ruling))
    for given in ruling.actions:
        give_action(stage.session, secretary, stage.body, _action(stage, given), item=item)


def _decision(stage: Stage, ruling: Ruling) -> DecisionIn:
    wish = DecisionIn(clauses=clauses_of(stage, ruling.clauses))
    if ruling.wording:
        wish = wish.model_copy(update={"wording": ruling.wording})
    more: dict[str, object] = {}
    if ruling.votes is not None:
        more = dict(zip(("yes", "no", "abstentions"), ruling.votes, strict=True)) | {"taking": Taking.VOTES}
    if ruling.level is not None:
        more["level"] = ruling.level
    if ruling.replaces:
        more["replaces"] = ident(decision_about(stage.session, title_of(stage, ruling.replaces)))
    return DecisionIn.model_validate({**wish.model_dump(exclude_unset=True), **more})


def clauses_of(stage: Stage, clauses: Iterable[Ziffer]) -> list[ClauseIn]:
    """Clauses with the institutions and days of this demo."""
    return [
        ClauseIn(
            verb=one.verb,
            text=one.text,
            organisation=stage.organisations[one.org] if one.org else None,
            due_on=stage.days.after(one.until) if one.until is not None else None,
        )
        for one in clauses
    ]


def _action(stage: Stage, given: Given) -> ActionIn:
    return ActionIn(
        title=given.title,
        details=given.details,
        organisation=stage.organisations[given.org],
        person=stage.persons[given.person] if given.person else None,
        due_on=stage.days.after(given.until) if given.until is not None else None,
    )


def title_of(stage: Stage, name: str) -> str:
    """The title of the project *name*, else *name* itself: as the decisions of the story are called."""
    return stage.projects[name].title if name in stage.projects else name
