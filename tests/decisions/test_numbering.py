"""Numbers of decisions at the closing of a meeting, and what is fixed with them."""

import datetime as dt
import json

import pytest
from sqlmodel import select

from app.agenda.models import Outcome, SectionKey
from app.attendance.queries import list_presences
from app.db import ident
from app.decisions import queries
from app.decisions.models import FollowUp, FollowUpState, NumberSeries, SeriesKind, Taking
from app.decisions.schemas import DecisionIn, TakenOverIn, VoidIn, read_statuses
from app.decisions.service.numbering import take_number, void_number
from app.decisions.service.registering import take_over_decision
from app.decisions.service.writing import write_decision
from app.errors import Forbidden, Invalid, Refused
from app.meetings.models import MeetingState
from app.meetings.queries import load_meeting
from app.minutes.service.closing import close_meeting
from app.projects.models import DecisionNeed, Light, NeedEnd
from tests import factories
from tests.decisions import room
from tests.factories import operator


@pytest.fixture
def body(session):
    return factories.make_body(session, "SKIP")


@pytest.fixture
def meeting(session, body):
    return factories.make_meeting(session, body, number=1)


def write(session, meeting, item, **fields):
    return write_decision(session, operator(), meeting, item, DecisionIn(**fields))


def numbered(session, meeting, *items):
    found = queries.decisions_of_items(session, operator(), [ident(item) for item in items])
    return [found[ident(item)].number if ident(item) in found else None for item in items]


def test_numbers_follow_the_order_of_the_items_not_that_of_writing(session, meeting):
    first, second = room.add(session, meeting, "Eins"), room.add(session, meeting, "Zwei")
    debated = room.add(session, meeting, "Drei", section=SectionKey.DEBATE)
    put_off = room.add(session, meeting, "Vier", section=SectionKey.DEBATE)
    noted = room.add(session, meeting, "Fünf", section=SectionKey.CONSENT)
    room.start(session, meeting)
    write(session, meeting, second, wording="Zwei gilt.")
    write(session, meeting, put_off, wording="Noch nicht.")
    room.settle(session, meeting, second)
    room.settle(session, meeting, first, Outcome.REJECTED)
    room.settle(session, meeting, debated, Outcome.NOTED)
    room.settle(session, meeting, put_off, Outcome.ADJOURNED)
    close_meeting(session, operator(), meeting)
    assert meeting.state is MeetingState.HELD
    assert numbered(session, meeting, first, second, debated, put_off, noted) == [
        "SKIP 2026/01",
        "SKIP 2026/02",
        "SKIP 2026/03",
        "",
        None,
    ]


def test_years_are_those_of_the_day_and_a_meeting_entered_later_gets_the_next_free_number(session, body, meeting):
    item = room.add(session, meeting)
    room.start(session, meeting)
    room.settle(session, meeting, item)
    close_meeting(session, operator(), meeting)
    numbers = []
    for day in (dt.date(2024, 12, 31), dt.date(2026, 1, 5)):
        past = factories.make_meeting(session, body, day)
        there = room.add(session, past)
        room.start(session, past)
        room.settle(session, past, there)
        close_meeting(session, operator(), past)
        numbers += numbered(session, past, there)
    assert numbers == ["SKIP 2024/01", "SKIP 2026/02"]


def test_numbers_that_taken_over_decisions_bear_are_passed_over(session, body, meeting):
    for number in ("SKIP 2026/01", "SKIP 2026/03"):
        wish = {"title": "Altes", "source": "Niederschrift", "decided_on": dt.date(2026, 1, 5)}
        take_over_decision(session, operator(), TakenOverIn(body=ident(body), number=number, **wish))
    items = [room.add(session, meeting, title) for title in ("Eins", "Zwei")]
    room.start(session, meeting)
    for item in items:
        room.settle(session, meeting, item)
    close_meeting(session, operator(), meeting)
    assert numbered(session, meeting, *items) == ["SKIP 2026/02", "SKIP 2026/04"]


def test_the_year_is_that_of_berlin(session, body):
    late = factories.make_meeting(session, body, dt.date(2025, 6, 1))
    late.starts_at = dt.datetime(2024, 12, 31, 23, 30, tzinfo=dt.UTC)
    late.ends_at = late.starts_at + dt.timedelta(hours=1)
    item = room.add(session, late)
    room.start(session, late)
    room.settle(session, late, item)
    close_meeting(session, operator(), late)
    made = queries.draft_of_item(session, ident(item))
    assert (made.number, made.decided_on) == ("SKIP 2025/01", dt.date(2025, 1, 1))


def test_what_was_proposed_and_how_the_projects_stood_is_fixed(session, meeting):
    project = factories.make_project(session)
    factories.make_status(session, project, dt.date(2026, 2, 1), light=Light.YELLOW)
    item = room.add(session, meeting, proposed_decision="Der Rahmen gilt.", projects=[ident(project)])
    room.start(session, meeting)
    room.settle(session, meeting, item)
    close_meeting(session, operator(), meeting)
    made = queries.draft_of_item(session, ident(item))
    assert (made.wording, made.proposed_wording, made.outcome) == (
        "Der Rahmen gilt.",
        "Der Rahmen gilt.",
        Outcome.ADOPTED,
    )
    then = read_statuses(made.statuses)[ident(project)]
    assert (then.light, then.as_of, then.code) == (Light.YELLOW, dt.date(2026, 2, 1), project.code)
    assert made.statuses == json.dumps(
        json.loads(made.statuses), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    frozen = made.statuses
    project.title = "Neuer Name"
    session.flush()
    write(session, meeting, item, title="Berichtigt")
    assert queries.draft_of_item(session, ident(item)).statuses == frozen


def test_the_decision_that_answers_a_need_closes_it_by_its_number(session, meeting):
    project = factories.make_project(session)
    session.add(DecisionNeed(project_id=ident(project), opened_on=dt.date(2026, 2, 1), text="Rahmen 2027?"))
    item = room.add(session, meeting, projects=[ident(project)])
    room.start(session, meeting)
    write(session, meeting, item, wording="Der Rahmen gilt.", answers=[ident(project)])
    room.settle(session, meeting, item)
    close_meeting(session, operator(), meeting)
    need = session.exec(select(DecisionNeed).where(DecisionNeed.project_id == ident(project))).one()
    assert need.closed_how is NeedEnd.DECIDED
    assert need.closed_reason == "Beschluss SKIP 2026/01: Flächen"


@pytest.mark.parametrize(
    ("proposed", "wording", "outcome", "said"),
    [
        ("Der Rahmen gilt.", "Der Rahmen gilt bis 2027.", Outcome.ADOPTED, "weicht vom Vorschlag ab"),
        ("Der Rahmen gilt.", "", Outcome.ADOPTED_CHANGED, "fehlt"),
    ],
)
def test_closing_is_refused_while_wording_and_outcome_differ(session, meeting, proposed, wording, outcome, said):
    item = room.add(session, meeting, proposed_decision=proposed)
    room.start(session, meeting)
    write(session, meeting, item, wording=wording)
    room.settle(session, meeting, item, outcome)
    with pytest.raises(Refused) as refused:
        close_meeting(session, operator(), meeting)
    assert f"TOP {item.number}: " in refused.value.sentence
    assert said in refused.value.sentence


def test_closing_is_refused_while_votes_and_outcome_differ(session, body, meeting):
    item = room.add(session, meeting)
    room.start(session, meeting)
    room.seat_people(session, body, meeting, 3)
    write(session, meeting, item, taking=Taking.VOTES, yes=2, no=1)
    room.settle(session, meeting, item)
    with pytest.raises(Refused) as refused:
        close_meeting(session, operator(), meeting)
    assert "im Konsens; 1 Nein-Stimme" in refused.value.sentence


def test_closing_is_refused_where_fewer_were_there_than_voted(session, body, meeting):
    item = room.add(session, meeting)
    room.start(session, meeting)
    room.seat_people(session, body, meeting, 3)
    write(session, meeting, item, taking=Taking.VOTES, yes=3, no=0)
    room.settle(session, meeting, item)
    session.delete(list_presences(session, ident(meeting))[0])
    session.flush()
    with pytest.raises(Refused, match="3 Stimmen, aber nur 2 stimmberechtigte Sitze sind anwesend"):
        close_meeting(session, operator(), meeting)


def test_the_tenth_item_comes_after_the_ninth(session, meeting):
    items = [room.add(session, meeting, f"Punkt {place}") for place in range(1, 12)]
    room.start(session, meeting)
    for item in items:
        room.settle(session, meeting, item)
    close_meeting(session, operator(), meeting)
    made = queries.decisions_of_items(session, operator(), [ident(item) for item in items])
    assert [made[ident(item)].serial for item in items] == list(range(1, 12))


def test_a_missing_outcome_is_named_before_anything_else(session, meeting):
    item, other = room.add(session, meeting, proposed_decision="So."), room.add(session, meeting)
    room.start(session, meeting)
    write(session, meeting, item, wording="Anders.")
    room.settle(session, meeting, item)
    with pytest.raises(Refused) as refused:
        close_meeting(session, operator(), meeting)
    assert f"TOP {other.number} ohne Ergebnis" in refused.value.sentence


def held(session, body, title="Flächen", **wish):
    """A meeting that took one decision."""
    meeting = factories.make_meeting(session, body)
    item = room.add(session, meeting, title)
    room.start(session, meeting)
    made = write(session, meeting, item, wording="So.", **wish)
    room.settle(session, meeting, item)
    close_meeting(session, operator(), meeting)
    return made


def test_what_is_replaced_says_so_and_only_once(session, body):
    old = held(session, body)
    new = held(session, body, "Neu", replaces=ident(old))
    assert (old.state, new.replaces_id) == (FollowUpState.REPLACED, old.id)
    entry = session.exec(select(FollowUp).where(FollowUp.decision_id == ident(old))).one()
    assert entry.text == f"Ersetzt durch {new.number}"
    with pytest.raises(Invalid) as refused:
        held(session, body, "Noch einmal", replaces=ident(old))
    assert refused.value.fields["replaces"] == f"{old.number} ist schon durch {new.number} ersetzt."
    with pytest.raises(Invalid):
        held(session, body, "Unbekannt", replaces=2_000_000_000)


def test_a_void_number_stays_taken_and_replaces_nothing(session, body):
    old = held(session, body)
    new = held(session, body, "Neu", replaces=ident(old))
    void_number(session, operator(), new, VoidIn(reason="doppelt erfasst"))
    assert (new.number, new.void_reason, old.state) == ("SKIP 2026/02", "doppelt erfasst", FollowUpState.OPEN)
    assert held(session, body, "Drei").number == "SKIP 2026/03"
    assert [one.number for one in queries.open_decisions(session, ident(body))] == ["SKIP 2026/01", "SKIP 2026/03"]
    with pytest.raises(Refused):
        void_number(session, operator(), new, VoidIn(reason="noch einmal"))


def test_what_another_decision_replaces_is_not_void(session, body):
    old = held(session, body)
    new = held(session, body, "Neu", replaces=ident(old))
    with pytest.raises(Refused, match=f"ist durch {new.number} ersetzt"):
        void_number(session, operator(), old, VoidIn(reason="doppelt"))


def test_a_number_is_void_only_by_the_secretariat_and_while_the_minutes_are_not_approved(session, body):
    made = held(session, body)
    stranger = operator().__class__(account_id=None, name="Fremd", on=dt.date(2026, 3, 2))
    with pytest.raises(Forbidden):
        void_number(session, stranger, made, VoidIn(reason="so"))
    load_meeting(session, queries.meeting_of(session, made)).sealed_at = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    with pytest.raises(Refused):
        void_number(session, operator(), made, VoidIn(reason="so"))


def test_each_body_kind_and_year_counts_for_itself(session, body):
    other = factories.make_body(session)
    taken = [
        take_number(session, ident(body), SeriesKind.DECISION, 2026),
        take_number(session, ident(body), SeriesKind.DECISION, 2026),
        take_number(session, ident(body), SeriesKind.ACTION, 2026),
        take_number(session, ident(body), SeriesKind.DECISION, 2027),
        take_number(session, ident(other), SeriesKind.DECISION, 2026),
    ]
    assert taken == [1, 2, 1, 1, 1]
    rows = session.exec(select(NumberSeries).where(NumberSeries.body_id == ident(body))).all()
    assert sorted((row.kind, row.year, row.last) for row in rows) == [
        (SeriesKind.ACTION, 2026, 1),
        (SeriesKind.DECISION, 2026, 2),
        (SeriesKind.DECISION, 2027, 1),
    ]
