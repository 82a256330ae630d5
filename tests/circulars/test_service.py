"""Circular procedures on the database: from a draft to a number, and everything that is refused on the way."""

import datetime as dt

import pytest
from sqlmodel import select

from app import clock
from app.actions.models import Action
from app.agenda.models import Outcome, SectionKey, TopicState
from app.agenda.schemas.wishes import ItemIn, TopicIn
from app.agenda.service.items import add_item
from app.agenda.service.topics import add_topic, use_topic
from app.circulars.models import Ballot, BallotRole, CircularSeat, CircularState, Vote
from app.circulars.queries.circulars import resolution_of
from app.circulars.schemas import BallotIn, CircularChange, CircularIn, StartIn, WithdrawIn
from app.circulars.service.answering import cast_ballot
from app.circulars.service.establishing import establish_due, establish_result
from app.circulars.service.preparing import change_circular, discard_circular, prepare_circular
from app.circulars.service.starting import start_circular, withdraw_circular
from app.db import ident
from app.decisions.models import Decision, FollowUpState, Taking, Verb
from app.decisions.queries import projects_of
from app.decisions.schemas import ClauseIn
from app.errors import Forbidden, Invalid, Refused, Stale
from app.jobs.models import Job
from app.projects.models import DecisionNeed
from app.visibility import Level
from tests import factories
from tests.circulars.circle import OPERATOR, Circle, yes

SECOND = dt.timedelta(seconds=1)
BALLOT = BallotIn(procedure_agreed=True, vote=Vote.YES)


@pytest.fixture
def circle(session):
    return Circle(session, short_name="SKIP")


def topic_of(session, circle, **values):
    wish = {"body": ident(circle.body), "title": "Hafen", "section": SectionKey.DECISION, "why": "Zeit", **values}
    return add_topic(session, OPERATOR, TopicIn(**wish))


# --- preparing and starting


def test_a_draft_begins_with_the_text_of_what_it_takes_over(session, circle):
    project = factories.make_project(session)
    topic = topic_of(
        session,
        circle,
        occasion="Weil es eilt.",
        proposed_decision="Der Kreis stimmt zu.",
        level=Level.CONFIDENTIAL,
        projects=[ident(project)],
    )
    circular = prepare_circular(session, OPERATOR, CircularIn(body=ident(circle.body), topic=ident(topic)))
    decision = resolution_of(session, circular)
    assert (decision.title, decision.wording, circular.grounds) == ("Hafen", "Der Kreis stimmt zu.", "Weil es eilt.")
    assert (decision.level, decision.taking, decision.number) == (Level.CONFIDENTIAL, Taking.CIRCULAR, "")
    assert [link.project_id for link in projects_of(session, [ident(decision)])[ident(decision)]] == [project.id]
    assert topic.state is TopicState.OPEN


def test_an_item_of_another_body_cannot_be_taken_over(session, circle):
    other = factories.make_meeting(session, factories.make_body(session))
    item = add_item(session, OPERATOR, other, ItemIn(title="Fremd", section=SectionKey.DECISION))
    with pytest.raises(Invalid) as refused:
        prepare_circular(session, OPERATOR, CircularIn(body=ident(circle.body), item=ident(item)))
    assert "item" in refused.value.fields


def test_without_any_title_nothing_begins(session, circle):
    with pytest.raises(Invalid) as refused:
        prepare_circular(session, OPERATOR, CircularIn(body=ident(circle.body)))
    assert "title" in refused.value.fields


def test_members_prepare_nothing(session, circle):
    with pytest.raises(Forbidden):
        prepare_circular(session, circle.actor(0), CircularIn(body=ident(circle.body), title="Eigenes"))


def test_a_draft_is_changed_with_its_clauses_by_whoever_saw_its_version(session, circle):
    circular = circle.prepared()
    seen = circular.version
    wish = CircularChange(title="Neu", clauses=[ClauseIn(verb=Verb.AGREES, text="dem Plan")], level=Level.PUBLIC)
    change_circular(session, OPERATOR, circular, wish, base_version=seen)
    assert resolution_of(session, circular).title == "Neu"
    with pytest.raises(Stale):
        change_circular(session, OPERATOR, circular, wish, base_version=seen)


def test_a_draft_is_discarded_and_leaves_no_decision(session, circle):
    circular = circle.prepared(clauses=[ClauseIn(verb=Verb.NOTES, text="den Bericht")])
    number = circular.decision_id
    discard_circular(session, OPERATOR, circular)
    assert session.get(Decision, number) is None


def test_starting_asks_the_voting_seats_of_the_day_until_a_working_day(session, circle):
    factories.make_seat(session, circle.body, voting=False)
    circular = circle.started()
    asked = session.exec(select(CircularSeat).where(CircularSeat.circular_id == circular.id)).all()
    assert {seat.seat_id for seat in asked} == {seat.id for seat in circle.seats}
    assert [seat.seat_id for seat in asked if seat.chair] == [circle.seats[0].id]
    assert circular.ends_on == dt.date(2026, 3, 16)
    assert circular.ends_at == clock.end_of_day(dt.date(2026, 3, 16))
    job = session.exec(select(Job).where(Job.name == "circular.establish")).one()
    assert job.run_at == circular.ends_at
    factories.make_seat(session, circle.body)
    assert len(session.exec(select(CircularSeat).where(CircularSeat.circular_id == circular.id)).all()) == 5


@pytest.mark.parametrize("day", [dt.date(2026, 3, 2), dt.date(2026, 2, 27), dt.date(2026, 3, 14), dt.date(2026, 4, 3)])
def test_the_last_day_lies_ahead_and_is_a_working_day(session, circle, day):
    with pytest.raises(Invalid) as refused:
        circle.started(ends_on=day)
    assert "ends_on" in refused.value.fields


def test_without_a_text_nothing_starts(session, circle):
    with pytest.raises(Refused, match="Beschlusstext"):
        circle.started(wording="")


def test_a_started_text_is_changed_and_started_no_more(session, circle):
    circular = circle.started()
    with pytest.raises(Refused):
        change_circular(session, OPERATOR, circular, CircularChange(title="X"), base_version=circular.version)
    with pytest.raises(Refused):
        start_circular(session, OPERATOR, circular, StartIn())
    with pytest.raises(Refused):
        discard_circular(session, OPERATOR, circular)


# --- only a text on no coming agenda


def test_an_item_on_a_coming_agenda_is_not_decided_in_writing(session, circle):
    meeting = factories.make_meeting(session, circle.body)
    item = add_item(session, OPERATOR, meeting, ItemIn(title="Hafen", section=SectionKey.DECISION))
    with pytest.raises(Refused, match="Der Punkt steht auf der Tagesordnung der"):
        circle.started(item=ident(item))


def test_a_text_on_a_coming_agenda_is_not_decided_in_writing(session, circle):
    meeting = factories.make_meeting(session, circle.body)
    add_item(
        session,
        OPERATOR,
        meeting,
        ItemIn(title="Anders", section=SectionKey.DECISION, proposed_decision="Der  Kreis stimmt\nzu."),
    )
    with pytest.raises(Refused, match="Dieser Text steht auf der Tagesordnung"):
        circle.started()
    circle.started(wording="Der Kreis stimmt nicht zu.")


def test_projects_with_an_item_on_a_coming_agenda_are_not_decided_in_writing(session, circle):
    project = factories.make_project(session)
    meeting = factories.make_meeting(session, circle.body)
    wish = ItemIn(title="Zum Projekt", section=SectionKey.DEBATE, projects=[ident(project)])
    add_item(session, OPERATOR, meeting, wish)
    with pytest.raises(Refused, match="zu einem dieser Projekte"):
        circle.started(projects=[ident(project)])


def test_an_entry_of_the_backlog_is_taken_up_once(session, circle):
    topic = topic_of(session, circle, proposed_decision="Der Kreis stimmt zu.")
    meeting = factories.make_meeting(session, circle.body)
    circular = circle.started(topic=ident(topic))
    assert topic.state is TopicState.USED
    with pytest.raises(Refused, match="Umlaufverfahren „Flächen sichern“"):
        use_topic(session, OPERATOR, meeting, topic)
    withdraw_circular(session, OPERATOR, circular, WithdrawIn(reason="Doch in der Sitzung"))
    assert topic.state is TopicState.OPEN
    use_topic(session, OPERATOR, meeting, topic)
    with pytest.raises(Refused):
        circle.started(topic=ident(topic), title="Noch einmal", wording="Anderer Text")


def test_one_item_is_not_decided_in_two_procedures_at_once(session, circle):
    topic = topic_of(session, circle)
    circle.started(topic=ident(topic))
    with pytest.raises(Refused, match="läuft schon das Umlaufverfahren"):
        circle.started(topic=ident(topic), title="Zweites")


# --- answering


def test_a_member_answers_and_may_change_their_mind_until_the_last_second(session, circle):
    circular, member = circle.started(), circle.actor(1)
    cast_ballot(session, member, circular, BALLOT)
    with clock.standing_at(circular.ends_at - SECOND):
        cast_ballot(session, member, circular, BallotIn(procedure_agreed=False, vote=Vote.NO, remark="Doch nicht"))
    kept = session.exec(select(Ballot).where(Ballot.circular_id == circular.id).order_by(Ballot.id)).all()
    assert [(one.vote, one.role, one.person_id) for one in kept] == [
        (Vote.YES, BallotRole.MEMBER, member.person_id),
        (Vote.NO, BallotRole.MEMBER, member.person_id),
    ]


def test_an_answer_at_the_end_is_late_and_the_sentence_names_both_times(session, circle):
    circular, member = circle.started(), circle.actor(1)
    with clock.standing_at(circular.ends_at), pytest.raises(Refused) as refused:
        cast_ballot(session, member, circular, BALLOT)
    assert "16.03.2026 um 24:00 Uhr" in refused.value.sentence
    assert "17.03.2026 um 00:00:00 Uhr" in refused.value.sentence
    assert not session.exec(select(Ballot)).all()


def test_a_deputy_answers_until_the_member_does(session, circle):
    circular, member, deputy = circle.started(), circle.actor(1), circle.deputy(1)
    cast_ballot(session, deputy, circular, BALLOT)
    cast_ballot(session, member, circular, BallotIn(procedure_agreed=True, vote=Vote.NO))
    with pytest.raises(Refused, match="nur seine Antwort zählt"):
        cast_ballot(session, deputy, circular, BALLOT)


def test_an_office_and_people_without_a_seat_do_not_vote(session, circle):
    circular = circle.started()
    guest = circle.office(1)
    with pytest.raises(Forbidden):
        cast_ballot(session, guest, circular, BALLOT)
    with pytest.raises(Forbidden):
        cast_ballot(session, guest, circular, BallotIn(**{**BALLOT.model_dump(), "reason": "Telefonat"}))


def test_the_secretariat_answers_on_behalf_only_with_a_reason(session, circle):
    circular, member = circle.started(), circle.actor(2)
    with pytest.raises(Invalid) as refused:
        cast_ballot(session, OPERATOR, circular, BALLOT)
    assert "reason" in refused.value.fields
    seat = ident(circle.seats[2])
    wish = BallotIn(seat=seat, procedure_agreed=True, vote=Vote.YES, reason="E-Mail vom 02.03.2026")
    ballot = cast_ballot(session, OPERATOR, circular, wish)
    assert (ballot.role, ballot.person_id, ballot.cast_by) == (BallotRole.ON_BEHALF, member.person_id, OPERATOR.name)
    with pytest.raises(Invalid):
        cast_ballot(session, OPERATOR, circular, wish.model_copy(update={"seat": None}))


def test_who_has_two_seats_says_for_which(session, circle):
    from app.bodies import service as bodies
    from app.bodies.models import MembershipKind

    member = circle.actor(1)
    bodies.fill_seat(session, OPERATOR, circle.seats[2], person_id=member.person_id, kind=MembershipKind.DEPUTY)
    both, circular = circle.actor(1), circle.started()
    with pytest.raises(Invalid):
        cast_ballot(session, both, circular, BALLOT)
    ballot = cast_ballot(session, both, circular, BALLOT.model_copy(update={"seat": circle.seats[2].id}))
    assert ballot.role is BallotRole.DEPUTY


# --- the result


def test_an_adopted_text_becomes_a_numbered_decision(session, circle):
    project = factories.make_project(session)
    session.add(DecisionNeed(project_id=ident(project), text="Ja?", opened_on=dt.date(2026, 1, 5)))
    organisation = factories.make_organisation(session)
    clause = ClauseIn(verb=Verb.ASKS, text="um Bericht", organisation=organisation.id, due_on=dt.date(2026, 9, 30))
    circular = circle.ended(
        Vote.YES, Vote.YES, Vote.NO, Vote.ABSTENTION, projects=[ident(project)], answers_needs=True, clauses=[clause]
    )
    decision = resolution_of(session, circular)
    assert circular.state is CircularState.ADOPTED
    assert (decision.number, decision.decided_on) == ("SKIP 2026/01", dt.date(2026, 3, 16))
    assert (decision.yes, decision.no, decision.abstentions) == (2, 1, 1)
    assert (decision.present, decision.entitled, decision.outcome) == (4, 5, Outcome.ADOPTED)
    assert decision.quorum == "4 von 5 Sitzen haben geantwortet, nötig waren 3."
    assert (decision.state, decision.taking) == (FollowUpState.OPEN, Taking.CIRCULAR)
    assert f'"project":{project.id}' in decision.statuses
    need = session.exec(select(DecisionNeed)).one()
    assert need.closed_on == dt.date(2026, 3, 16)
    action = session.exec(select(Action)).one()
    assert (action.number, action.organisation_id) == ("A 2026/001", organisation.id)
    assert (action.given_on, action.due_on) == (dt.date(2026, 3, 16), dt.date(2026, 9, 30))


def test_a_failed_text_gets_no_number(session, circle):
    circular = circle.ended(Vote.YES, Vote.NO, Vote.NO)
    decision = resolution_of(session, circular)
    assert circular.state is CircularState.FAILED
    assert "mehr Nein als Ja" in circular.outcome_note
    assert (decision.number, decision.decided_on, decision.outcome) == ("", None, None)


def test_the_number_is_of_the_year_in_which_it_ended(session, circle):
    with clock.standing_at(dt.datetime(2026, 12, 28, 9, tzinfo=clock.BERLIN)):
        circular = circle.started(ends_on=dt.date(2026, 12, 30))
        for place in range(3):
            circle.answer(circular, place)
    with clock.standing_at(dt.datetime(2027, 1, 4, 9, tzinfo=clock.BERLIN)):
        establish_result(session, OPERATOR, circular)
    assert resolution_of(session, circular).number == "SKIP 2026/01"


def test_nothing_is_established_while_answers_may_still_come(session, circle):
    circular = circle.started()
    circle.answer(circular, 0)
    with clock.standing_at(circular.ends_at - SECOND), pytest.raises(Refused, match="läuft bis 16.03.2026"):
        establish_result(session, OPERATOR, circular)
    for place in range(1, 5):
        circle.answer(circular, place)
    establish_result(session, OPERATOR, circular)
    assert resolution_of(session, circular).decided_on == clock.today()
    with pytest.raises(Refused):
        circle.answer(circular, 0, Vote.NO)


def test_the_rules_of_the_day_of_the_start_count(session, circle):
    from app.bodies.models import BodyRule

    circular = circle.started()
    for place in range(1, 4):
        circle.answer(circular, place)
    session.add(BodyRule(body_id=ident(circle.body), key="circular_chair", value="false", provenance="Test"))
    session.flush()
    with clock.standing_at(circular.ends_at):
        establish_result(session, OPERATOR, circular)
    assert circular.state is CircularState.FAILED
    assert circle.ended(*yes(0), title="Zweites", wording="Anderes").state is CircularState.FAILED


def test_the_worker_establishes_once_and_never_too_early(session, circle):
    circular = circle.started()
    for place in range(3):
        circle.answer(circular, place)
    establish_due(session, ident(circular))
    assert circular.state is CircularState.RUNNING
    with clock.standing_at(circular.ends_at):
        establish_due(session, ident(circular))
        establish_due(session, ident(circular))
        establish_due(session, 999_999)
    assert circular.state is CircularState.ADOPTED
    assert circular.established_by == "automatisch nach Ablauf"
    assert len(session.exec(select(Decision).where(Decision.number != "")).all()) == 1
    with pytest.raises(Refused):
        establish_result(session, OPERATOR, circular)


def test_a_withdrawn_one_takes_no_answers_and_has_no_result(session, circle):
    circular = circle.started()
    with pytest.raises(Forbidden):
        withdraw_circular(session, circle.actor(0), circular, WithdrawIn(reason="Nein"))
    withdraw_circular(session, OPERATOR, circular, WithdrawIn(reason="Neue Fassung"))
    with pytest.raises(Refused, match="zurückgezogen"):
        circle.answer(circular, 0)
    with clock.standing_at(circular.ends_at):
        establish_due(session, ident(circular))
    assert circular.state is CircularState.WITHDRAWN
    assert circular.outcome_note == "Neue Fassung"
