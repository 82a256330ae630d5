"""What meetings hear of circular procedures: running, failed and adopted ones, and until when."""

import datetime as dt

import pytest

from app import clock
from app.agenda import queries as agenda
from app.agenda.models import ItemKind, Outcome, ProposalState, SectionKey
from app.agenda.schemas.wishes import ItemIn, OutcomeIn, RejectIn, ReleaseIn
from app.agenda.service.closing import set_outcome
from app.agenda.service.items import add_item
from app.agenda.service.proposals import accept_proposal, reject_proposal
from app.agenda.service.topics import use_topic
from app.circulars.models import CircularState, Vote
from app.circulars.schemas import WithdrawIn
from app.circulars.service.starting import withdraw_circular
from app.db import ident
from app.drafting.queries import read_reasons
from app.drafting.service.proposing import draft_agenda
from app.drafting.service.releasing import release_meeting
from app.errors import Refused
from app.meetings.service import start_meeting
from app.minutes.service.closing import close_meeting
from app.projects.models import Light, Phase
from tests import factories
from tests.circulars.circle import OPERATOR, Circle, yes

APPROVED = ReleaseIn(
    approved_by="den Vorsitz", approved_on=dt.date(2026, 3, 1), approved_how="mündlich", late_reason="Eilt"
)
AUTUMN = dt.datetime(2026, 10, 1, 9, tzinfo=clock.BERLIN)
LATER = dt.datetime(2026, 4, 1, 9, tzinfo=clock.BERLIN)


@pytest.fixture
def circle(session):
    return Circle(session, short_name="SKIP")


@pytest.fixture
def meeting(session, circle):
    return factories.make_meeting(session, circle.body, dt.date(2026, 5, 12))


def proposals(session, meeting, at=LATER):
    with clock.standing_at(at):
        draft_agenda(session, OPERATOR, meeting)
    return {row.key: row for row in agenda.list_proposals(session, OPERATOR, ident(meeting))}


def hold(session, meeting):
    release_meeting(session, OPERATOR, meeting, APPROVED)
    start_meeting(session, OPERATOR, meeting)
    for item in agenda.list_items(session, OPERATOR, ident(meeting)):
        if item.kind is ItemKind.DECISION:
            set_outcome(session, OPERATOR, meeting, item, OutcomeIn(outcome=Outcome.REJECTED))
    close_meeting(session, OPERATOR, meeting)


def test_a_failed_procedure_brings_its_text_to_the_next_meeting(session, circle, meeting):
    project = factories.make_project(session)
    factories.make_status(session, project, dt.date(2026, 2, 14), Light.RED, phase=Phase.RUNNING)
    failed = circle.ended(Vote.NO, Vote.NO, Vote.YES, projects=[ident(project)], grounds="Es eilt.")
    found = proposals(session, meeting)
    row = found[f"circular:{failed.id}"]
    assert (row.section, row.kind, row.mandatory) == (SectionKey.DECISION, ItemKind.DECISION, True)
    assert row.proposed_decision == "Der Kreis stimmt zu."
    assert "gescheitert: Abgelehnt (mehr Nein als Ja): 1 Ja, 2 Nein" in row.occasion
    assert row.occasion.endswith("Es eilt.")
    assert {one.rule.value for one in read_reasons(row.reasons)} == {"circular_failed", "turned_red"}
    assert f"project:{project.id}" not in found


def test_once_taken_up_a_failed_procedure_does_not_come_back_by_itself(session, circle, meeting):
    failed = circle.ended(Vote.NO, Vote.NO, Vote.NO)
    key = f"circular:{failed.id}"
    accept_proposal(session, OPERATOR, meeting, proposals(session, meeting)[key])
    following = factories.make_meeting(session, circle.body, dt.date(2026, 11, 12))
    assert "Tagesordnung der" in proposals(session, following)[key].taken_by
    hold(session, meeting)
    assert proposals(session, following, AUTUMN)[key].state is ProposalState.VANISHED


def test_a_failed_procedure_put_into_the_backlog_waits_there(session, circle, meeting):
    failed = circle.ended(Vote.NO, Vote.NO, Vote.NO)
    key = f"circular:{failed.id}"
    topic = reject_proposal(
        session, OPERATOR, meeting, proposals(session, meeting)[key], RejectIn(reason="Wird neu gefasst")
    )
    following = factories.make_meeting(session, circle.body, dt.date(2026, 11, 12))
    found = proposals(session, following)
    assert key not in found
    assert f"topic:{topic.id}" in found


def test_a_resolution_is_told_without_debate_until_a_held_meeting_has_heard_it(session, circle, meeting):
    adopted = circle.ended(*yes(4))
    key = f"circular:{adopted.id}"
    row = proposals(session, meeting)[key]
    assert (row.section, row.kind) == (SectionKey.CONSENT, ItemKind.NOTE)
    assert row.title == "Umlaufbeschluss SKIP 2026/01: Flächen sichern"
    assert row.occasion.startswith("Umlaufbeschluss SKIP 2026/01 vom 16.03.2026: Beschlossen mit 4 Ja, 0 Nein")
    following = factories.make_meeting(session, circle.body, dt.date(2026, 11, 12))
    assert key in proposals(session, following)
    accept_proposal(session, OPERATOR, meeting, row)
    hold(session, meeting)
    assert adopted.reported_in_id == meeting.id
    assert proposals(session, following, AUTUMN)[key].state is ProposalState.VANISHED


def test_a_meeting_that_closes_without_it_has_not_heard_of_it(session, circle, meeting):
    adopted = circle.ended(*yes(4))
    add_item(session, OPERATOR, meeting, ItemIn(title="Anderes", section=SectionKey.CONSENT, kind=ItemKind.NOTE))
    hold(session, meeting)
    assert adopted.reported_in_id is None


def test_a_running_procedure_keeps_its_projects_off_every_agenda(session, circle, meeting):
    project = factories.make_project(session)
    factories.make_status(session, project, dt.date(2026, 2, 14), Light.RED, phase=Phase.RUNNING)
    before = proposals(session, meeting)[f"project:{project.id}"]
    circular = circle.started(projects=[ident(project)])
    with pytest.raises(Refused, match="Umlaufverfahren „Flächen sichern“"):
        accept_proposal(session, OPERATOR, meeting, before)
    row = proposals(session, meeting)[f"project:{project.id}"]
    assert row.taken_by == "Umlaufverfahren „Flächen sichern“"
    with pytest.raises(Refused):
        accept_proposal(session, OPERATOR, meeting, row)
    withdraw_circular(session, OPERATOR, circular, WithdrawIn(reason="Neue Fassung"))
    row = proposals(session, meeting)[f"project:{project.id}"]
    assert row.taken_by == ""
    accept_proposal(session, OPERATOR, meeting, row)


def test_a_proposed_project_that_was_decided_in_writing_is_not_proposed_again(session, circle, meeting):
    project = factories.make_project(session)
    factories.make_status(session, project, dt.date(2026, 2, 14), phase=Phase.PROPOSED)
    assert f"project:{project.id}" in proposals(session, meeting)
    circle.ended(*yes(4), projects=[ident(project)])
    assert proposals(session, meeting)[f"project:{project.id}"].state is ProposalState.VANISHED


def test_a_deferred_item_decided_in_writing_does_not_come_back(session, circle):
    earlier = factories.make_meeting(session, circle.body, dt.date(2026, 3, 3))
    wish = ItemIn(title="Hafen", section=SectionKey.DECISION, proposed_decision="Der Kreis beschließt den Hafen.")
    item = add_item(session, OPERATOR, earlier, wish)
    release_meeting(session, OPERATOR, earlier, APPROVED)
    start_meeting(session, OPERATOR, earlier)
    set_outcome(session, OPERATOR, earlier, item, OutcomeIn(outcome=Outcome.ADJOURNED))
    close_meeting(session, OPERATOR, earlier)
    following = factories.make_meeting(session, circle.body, dt.date(2026, 5, 12))
    assert f"item:{item.id}" in proposals(session, following)
    circular = circle.started(item=ident(item), title="Hafen", wording=item.proposed_decision)
    row = proposals(session, following)[f"item:{item.id}"]
    assert row.taken_by == "Umlaufverfahren „Hafen“"
    with pytest.raises(Refused):
        accept_proposal(session, OPERATOR, following, row)
    for place in range(4):
        circle.answer(circular, place)
    from app.circulars.service.establishing import establish_result

    with clock.standing_at(circular.ends_at):
        establish_result(session, OPERATOR, circular)
    assert circular.state is CircularState.ADOPTED
    assert proposals(session, following)[f"item:{item.id}"].state is ProposalState.VANISHED


def test_an_entry_of_the_backlog_that_carries_an_item_waits_while_the_item_is_decided_in_writing(session, circle):
    earlier = factories.make_meeting(session, circle.body, dt.date(2026, 3, 3))
    wish = ItemIn(title="Hafen", section=SectionKey.DECISION, proposed_decision="Der Kreis beschließt den Hafen.")
    item = add_item(session, OPERATOR, earlier, wish)
    release_meeting(session, OPERATOR, earlier, APPROVED)
    start_meeting(session, OPERATOR, earlier)
    set_outcome(session, OPERATOR, earlier, item, OutcomeIn(outcome=Outcome.ADJOURNED))
    close_meeting(session, OPERATOR, earlier)
    following = factories.make_meeting(session, circle.body, dt.date(2026, 5, 12))
    row = proposals(session, following)[f"item:{item.id}"]
    topic = reject_proposal(session, OPERATOR, following, row, RejectIn(reason="Noch nicht reif"))
    circular = circle.started(item=ident(item), title="Hafen", wording=item.proposed_decision)
    with pytest.raises(Refused, match="Darüber wird gerade im Umlaufverfahren „Hafen“ entschieden"):
        use_topic(session, OPERATOR, following, topic)
    withdraw_circular(session, OPERATOR, circular, WithdrawIn(reason="Neue Fassung"))
    assert use_topic(session, OPERATOR, following, topic).carried_from_id == item.id


def test_a_confidential_procedure_gives_a_confidential_proposal(session, circle, meeting):
    adopted = circle.ended(*yes(4), level="confidential")
    assert proposals(session, meeting)[f"circular:{adopted.id}"].level == "confidential"
