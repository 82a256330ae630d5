"""Writing decisions down: contents, votes against the people who are there, clauses, projects, collisions."""

import datetime as dt

import pytest

from app import clock
from app.agenda.models import Outcome
from app.attendance.queries import list_presences
from app.db import ident
from app.decisions import queries
from app.decisions.models import Taking, Verb
from app.decisions.schemas import ClauseIn, DecisionIn
from app.decisions.service.writing import DecisionTexts, decision_desk, load_decision_texts, write_decision
from app.errors import Forbidden, Invalid, Refused, Stale
from app.minutes.service.closing import close_meeting
from app.revisions.schemas import TextSave
from app.revisions.service import write_at
from app.visibility import Level
from tests import factories
from tests.decisions import room
from tests.factories import operator


@pytest.fixture
def body(session):
    return factories.make_body(session, "SKIP")


@pytest.fixture
def meeting(session, body):
    return factories.make_meeting(session, body, number=1)


def clause(text="prüft die Flächen", verb=Verb.CHARGES, **fields):
    return ClauseIn(verb=verb, text=text, **fields)


def texts(session, decision):
    return [(one.position, one.text) for one in queries.clauses_of(session, [ident(decision)])[ident(decision)]]


def test_a_decision_begins_with_what_its_item_says(session, meeting):
    project = factories.make_project(session)
    item = room.add(
        session, meeting, proposed_decision="Der Rahmen gilt.", level=Level.CONFIDENTIAL, projects=[ident(project)]
    )
    room.start(session, meeting)
    before = meeting.version
    made = write_decision(session, operator(), meeting, item, DecisionIn())
    session.flush()
    assert (made.number, made.title, made.wording) == ("", "Flächen", "Der Rahmen gilt.")
    assert (made.level, made.proposed_wording) == (Level.CONFIDENTIAL, "Der Rahmen gilt.")
    assert [link.project_id for link in queries.projects_of(session, [ident(made)])[ident(made)]] == [ident(project)]
    assert meeting.version > before
    assert queries.draft_of_item(session, ident(item)) is made


def test_changing_raises_the_version_by_one_and_absent_fields_stay(session, meeting):
    item = room.add(session, meeting)
    room.start(session, meeting)
    made = write_decision(session, operator(), meeting, item, DecisionIn(wording="Erst so."))
    seen = made.version
    write_decision(session, operator(), meeting, item, DecisionIn(title="Anders", clauses=[clause()]))
    assert (made.version, made.title, made.wording) == (seen + 1, "Anders", "Erst so.")
    assert made.folded == "\nanders\nerst so.\npruft die flachen\n so "


def test_more_votes_than_voting_seats_are_refused(session, body, meeting):
    item = room.add(session, meeting)
    room.start(session, meeting)
    room.seat_people(session, body, meeting, 3)
    with pytest.raises(Invalid) as refused:
        write_decision(session, operator(), meeting, item, DecisionIn(taking=Taking.VOTES, yes=4, no=0))
    assert refused.value.fields["yes"] == "4 Stimmen, aber nur 3 stimmberechtigte Sitze sind anwesend."


def test_votes_are_recorded_with_who_was_there_and_a_later_correction_keeps_the_moment(session, body, meeting):
    item = room.add(session, meeting)
    room.start(session, meeting)
    room.seat_people(session, body, meeting, 3, chair=True)
    made = write_decision(
        session, operator(), meeting, item, DecisionIn(taking=Taking.VOTES, yes=1, no=1, chair_vote=True)
    )
    assert (made.present, made.entitled, made.taken_at) == (3, 3, clock.now())
    assert "keine Regel" in made.quorum
    moment = made.taken_at
    for row in list_presences(session, ident(meeting))[1:]:
        row.until_at = clock.now() + dt.timedelta(minutes=1)
    session.flush()
    made = write_decision(session, operator(), meeting, item, DecisionIn(yes=2, no=1, chair_vote=False))
    assert (made.present, made.taken_at, made.yes) == (3, moment, 2)


def test_the_vote_is_the_moment_of_a_decision_that_was_noted_before(session, body, meeting):
    item = room.add(session, meeting)
    room.start(session, meeting)
    room.seat_people(session, body, meeting, 2)
    begun = write_decision(session, operator(), meeting, item, DecisionIn(wording="So.")).taken_at
    later = begun + dt.timedelta(minutes=20)
    with clock.standing_at(later):
        made = write_decision(session, operator(), meeting, item, DecisionIn(taking=Taking.VOTES, yes=2, no=0))
    assert made.taken_at == later


def test_votes_of_a_meeting_entered_afterwards_are_checked_only_where_its_attendance_is_known(session, body, meeting):
    item = room.add(session, meeting)
    room.start(session, meeting)
    meeting.entered_afterwards = True
    wish = DecisionIn(taking=Taking.VOTES, yes=4, no=0)
    made = write_decision(session, operator(), meeting, item, wish)
    assert (made.present, made.entitled, made.quorum) == (None, None, "")
    room.seat_people(session, body, meeting, 3)
    with pytest.raises(Invalid):
        write_decision(session, operator(), meeting, item, wish)


def test_consensus_has_no_votes(session, body, meeting):
    item = room.add(session, meeting)
    room.start(session, meeting)
    room.seat_people(session, body, meeting, 2)
    write_decision(session, operator(), meeting, item, DecisionIn(taking=Taking.VOTES, yes=2, no=0))
    made = write_decision(session, operator(), meeting, item, DecisionIn(taking=Taking.CONSENSUS))
    assert (made.yes, made.no, made.abstentions) == (None, None, None)
    with pytest.raises(Invalid):
        write_decision(session, operator(), meeting, item, DecisionIn(taking=Taking.CIRCULAR))


def test_clauses_keep_their_rows_while_they_change_places(session, meeting):
    item = room.add(session, meeting)
    room.start(session, meeting)
    made = write_decision(
        session, operator(), meeting, item, DecisionIn(clauses=[clause("eins"), clause("zwei"), clause("drei")])
    )
    first, second, _ = queries.clauses_of(session, [ident(made)])[ident(made)]
    wished = [clause("zwei neu", id=ident(second)), clause("vier"), clause("eins", id=ident(first))]
    write_decision(session, operator(), meeting, item, DecisionIn(clauses=wished))
    assert texts(session, made) == [(1, "zwei neu"), (2, "vier"), (3, "eins")]
    rows = queries.clauses_of(session, [ident(made)])[ident(made)]
    assert (rows[0].id, rows[2].id) == (second.id, first.id)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"due_on": dt.date(2026, 1, 1)}, "clauses.0.due_on"),
        ({"verb": Verb.NOTES, "due_on": dt.date(2027, 1, 1)}, "clauses.0.due_on"),
        ({"organisation": 2_000_000_000}, "clauses.0.organisation"),
        ({"person": 2_000_000_000}, "clauses.0.person"),
    ],
)
def test_clauses_that_do_not_hold_are_refused(session, meeting, wish, field):
    item = room.add(session, meeting)
    room.start(session, meeting)
    with pytest.raises(Invalid) as refused:
        write_decision(session, operator(), meeting, item, DecisionIn(clauses=[clause(**wish)]))
    assert field in refused.value.fields


def test_unknown_projects_and_answers_apart_from_them_are_refused(session, meeting):
    project, item = factories.make_project(session), room.add(session, meeting)
    room.start(session, meeting)
    with pytest.raises(Invalid):
        write_decision(session, operator(), meeting, item, DecisionIn(projects=[2_000_000_000]))
    with pytest.raises(Invalid):
        write_decision(session, operator(), meeting, item, DecisionIn(projects=[], answers=[ident(project)]))


def test_it_is_written_once_the_meeting_is_open_by_its_secretariat_and_not_of_a_withdrawn_item(session, meeting):
    item = room.add(session, meeting)
    with pytest.raises(Refused):
        write_decision(session, operator(), meeting, item, DecisionIn())
    room.start(session, meeting)
    stranger = factories.operator().__class__(account_id=None, name="Fremd", on=clock.today())
    with pytest.raises(Forbidden):
        write_decision(session, stranger, meeting, item, DecisionIn())
    item.withdrawn = True
    with pytest.raises(Refused):
        write_decision(session, operator(), meeting, item, DecisionIn())
    item.withdrawn, meeting.sealed_at = False, clock.now()
    with pytest.raises(Refused):
        write_decision(session, operator(), meeting, item, DecisionIn())


def test_whoever_is_overtaken_is_told(session, meeting):
    item = room.add(session, meeting)
    room.start(session, meeting)
    made = write_decision(session, operator(), meeting, item, DecisionIn(wording="Eins"), base_version=0)
    with pytest.raises(Stale) as stale:
        write_decision(session, operator(), meeting, item, DecisionIn(wording="Zwei"), base_version=0)
    assert stale.value.current["wording"] == "Eins"
    write_decision(session, operator(), meeting, item, DecisionIn(wording="Zwei"), base_version=made.version)
    assert made.wording == "Zwei"


def test_the_wording_saves_itself_from_its_first_letter_on(session, meeting):
    item = room.add(session, meeting, proposed_decision="Der Rahmen gilt.")
    room.start(session, meeting)
    desk = decision_desk(session, operator(), meeting, item)
    assert (desk.holder.version, desk.holder.text("wording")) == (0, "")
    writer = "0" * 8 + "-0000-0000-0000-" + "0" * 12
    save = TextSave(field="wording", text="Der Rahmen gilt bis 2027.", writer=writer, sequence=1, base_version=0)
    saved = write_at(session, operator(), desk, save)
    made = queries.draft_of_item(session, ident(item))
    assert (made.wording, made.version, saved.version) == ("Der Rahmen gilt bis 2027.", 1, 1)
    assert load_decision_texts(session, ident(item)).text("wording") == made.wording
    assert load_decision_texts(session, 2_000_000_000) is None
    assert isinstance(desk.holder, DecisionTexts)


def test_after_closing_it_can_be_corrected_and_keeps_its_number(session, meeting):
    item = room.add(session, meeting)
    room.start(session, meeting)
    write_decision(session, operator(), meeting, item, DecisionIn(wording="Der Rahmen gillt."))
    room.settle(session, meeting, item, Outcome.ADOPTED)
    close_meeting(session, operator(), meeting)
    made = write_decision(session, operator(), meeting, item, DecisionIn(wording="Der Rahmen gilt."))
    assert (made.number, made.wording) == ("SKIP 2026/01", "Der Rahmen gilt.")
    assert "der rahmen gilt." in made.folded


def test_the_moment_whose_attendance_counts_can_be_named_and_lies_at_the_meeting(session, body, meeting):
    item = room.add(session, meeting)
    room.start(session, meeting)
    room.seat_people(session, body, meeting, 2)
    with pytest.raises(Invalid) as refused:
        write_decision(
            session, operator(), meeting, item, DecisionIn(taken_at=dt.datetime(1, 1, 1, tzinfo=clock.BERLIN))
        )
    assert list(refused.value.fields) == ["taken_at"]
    for row in list_presences(session, ident(meeting)):
        row.from_at = meeting.starts_at
    before = meeting.starts_at - dt.timedelta(hours=1)
    with pytest.raises(Invalid) as refused:
        write_decision(
            session, operator(), meeting, item, DecisionIn(taking=Taking.VOTES, yes=1, no=0, taken_at=before)
        )
    assert "kein stimmberechtigter Sitz" in refused.value.fields["yes"]
