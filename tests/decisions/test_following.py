"""The follow-up of decisions: entries, many at once, what a draft knows of them, and that what is over is told once."""

import datetime as dt
import threading

import pytest
from sqlmodel import select

from app import clock
from app.access.queries import actor_of
from app.actor import Role
from app.agenda.models import Edition, FrozenDocument, Outcome, Proposal, SectionKey
from app.agenda.schemas.wishes import ItemIn, OutcomeIn
from app.agenda.service.closing import set_outcome
from app.agenda.service.items import add_item
from app.agenda.service.proposals import accept_proposal
from app.agenda.service.release import release_agenda
from app.bodies.service import change_rules
from app.db import ident
from app.decisions import queries
from app.decisions.models import Clause, FollowUp, Verb
from app.decisions.models import FollowUpState as S
from app.decisions.queries.following import FollowFilter, counts_by_meeting, decisions_of_meeting, list_followed
from app.decisions.rules.settings import FOLLOW_UP_DAYS
from app.decisions.schemas import FollowUpIn
from app.decisions.service.following import add_follow_up, add_follow_ups, note_follow_up
from app.drafting.service.proposing import draft_agenda
from app.errors import Forbidden, Invalid, Refused, Stale
from app.history.models import HistoryDetail, HistoryEntry, Reach
from app.meetings.service import start_meeting
from app.minutes.service.closing import close_meeting
from app.people.models import Account
from app.visibility import Level
from tests import factories
from tests.decisions.room import YES
from tests.factories import make_decision, operator

MARCH = dt.date(2026, 3, 2)
MAY, NOVEMBER = dt.date(2026, 5, 12), dt.date(2026, 11, 12)


@pytest.fixture
def body(session):
    return factories.make_body(session, "SKIP")


def enter(session, decision, state, **fields):
    return add_follow_up(session, operator(), decision, FollowUpIn(state=state, **fields))


def table_of(session, meeting, key="decisions"):
    rows = session.exec(select(Proposal).where(Proposal.meeting_id == meeting.id, Proposal.key == key)).all()
    return rows[0] if rows else None


def hold(session, meeting):
    release_agenda(session, operator(), meeting, YES)
    start_meeting(session, operator(), meeting)
    close_meeting(session, operator(), meeting)
    session.flush()


# --- entries


def test_an_entry_is_added_and_the_decision_takes_over_state_and_date(session, body):
    decision = make_decision(session, body, due_on=dt.date(2026, 4, 1))
    enter(session, decision, S.IN_PROGRESS, text="Ausgeschrieben")
    assert (decision.state, decision.due_on, decision.done_on) == (S.IN_PROGRESS, None, None)
    enter(session, decision, S.DELAYED, reason="Einspruch", due_on=NOVEMBER)
    assert (decision.state, decision.due_on) == (S.DELAYED, NOVEMBER)
    enter(session, decision, S.DONE, text="Vertrag liegt vor", as_of=MARCH)
    assert (decision.state, decision.due_on, decision.done_on) == (S.DONE, None, MARCH)
    rows = session.exec(select(FollowUp).where(FollowUp.decision_id == decision.id).order_by(FollowUp.id)).all()
    assert [(row.state, row.due_before, row.due_on, row.entered_by) for row in rows] == [
        (S.IN_PROGRESS, dt.date(2026, 4, 1), None, "Test"),
        (S.DELAYED, None, NOVEMBER, "Test"),
        (S.DONE, NOVEMBER, None, "Test"),
    ]


def test_without_a_date_the_bodys_rule_says_when_it_comes_again(session, body):
    decision = make_decision(session, body)
    change_rules(session, operator(), body, {FOLLOW_UP_DAYS.key: ("90", "Beschluss")}, (FOLLOW_UP_DAYS,))
    enter(session, decision, S.IN_PROGRESS)
    assert decision.due_on == dt.date(2026, 5, 31)
    enter(session, decision, S.IN_PROGRESS, due_on=NOVEMBER)
    assert decision.due_on == NOVEMBER


def test_only_the_secretariat_of_the_body_enters(session, body):
    decision = make_decision(session, body)
    other = factories.make_account(session, Role.SECRETARIAT, factories.make_body(session))
    seat = factories.make_seated(session, body)
    session.flush()
    for account in (other, seat):
        with pytest.raises(Forbidden):
            add_follow_up(session, actor_of(session, account), decision, FollowUpIn(state=S.IN_PROGRESS))
    assert decision.state is S.OPEN


@pytest.mark.parametrize("fields", [{"number": "", "decided_on": None}, {"void_reason": "Doppelt"}])
def test_what_has_no_number_that_counts_is_not_followed(session, body, fields):
    decision = make_decision(session, body, **fields)
    with pytest.raises(Refused, match="eine Nummer"):
        enter(session, decision, S.IN_PROGRESS)
    assert list_followed(session, operator(), FollowFilter(body_id=ident(body))) == []


def test_whoever_was_slower_sees_the_entry_that_was_made_meanwhile(session, body):
    decision = make_decision(session, body)
    seen = decision.version
    enter(session, decision, S.DELAYED, reason="Einspruch", due_on=NOVEMBER)
    with pytest.raises(Stale) as stale:
        add_follow_up(session, operator(), decision, FollowUpIn(state=S.IN_PROGRESS), base_version=seen)
    assert stale.value.current["state"] == "delayed"
    assert stale.value.current["reason"] == "Einspruch"
    assert stale.value.current["version"] == decision.version


def test_what_was_closed_can_be_taken_up_again_and_is_told_again_later(session, body):
    meeting = factories.make_meeting(session, body, MAY)
    decision = make_decision(session, body, state=S.DONE, done_on=MARCH, reported_in_id=ident(meeting))
    enter(session, decision, S.IN_PROGRESS, reason="Vertrag ist gekündigt")
    assert (decision.done_on, decision.reported_in_id) == (None, None)


def test_a_replaced_decision_names_the_new_one(session, body):
    old = make_decision(session, body)
    new = make_decision(session, body, replaces_id=old.id)
    note_follow_up(session, operator(), old, S.REPLACED, as_of=MARCH, text=f"Ersetzt durch {new.number}")
    with pytest.raises(Refused, match=f"durch {new.number} ersetzt"):
        enter(session, old, S.OPEN, reason="Doch")


def test_the_history_tells_entries_as_far_as_the_decision_is_read(database):
    with database.write() as session:
        body = factories.make_body(session)
        enter(session, make_decision(session, body), S.NOT_DONE, reason="Kein Geld")
        enter(session, make_decision(session, body, level=Level.CONFIDENTIAL), S.IN_PROGRESS, text="Läuft")
    with database.read() as session:
        rows = session.exec(
            select(HistoryEntry, HistoryDetail)
            .join(HistoryDetail, HistoryDetail.entry_id == HistoryEntry.id)
            .where(HistoryEntry.verb == "decision.follow_up")
            .order_by(HistoryEntry.id)
        ).all()
        assert [entry.reach for entry, _ in rows] == [Reach.INTERNAL, Reach.CONFIDENTIAL]
        assert '"reason":"Kein Geld"' in rows[0][1].content.replace(": ", ":")


# --- many at once


def test_many_decisions_take_the_same_entry(session, body):
    decisions = [make_decision(session, body) for _ in range(3)]
    wanted = [(ident(one), one.version) for one in decisions]
    made = add_follow_ups(session, operator(), wanted, FollowUpIn(state=S.ONGOING, due_on=NOVEMBER))
    assert len(made) == 3
    assert {(one.state, one.due_on) for one in decisions} == {(S.ONGOING, NOVEMBER)}


def test_of_many_all_or_none_and_everyone_that_fails_is_named(session, body):
    good, late, closed = (make_decision(session, body) for _ in range(3))
    seen = late.version
    enter(session, late, S.IN_PROGRESS)
    enter(session, closed, S.REPEALED, reason="Überholt")
    wanted = [(ident(good), good.version), (ident(late), seen), (ident(closed), closed.version)]
    with pytest.raises(Refused) as refused:
        add_follow_ups(session, operator(), wanted, FollowUpIn(state=S.ONGOING, due_on=NOVEMBER))
    said = refused.value.sentence
    assert f"{late.number}: Inzwischen hat jemand" in said
    assert f"{closed.number}: Dieser Beschluss ist schon aufgehoben" in said
    assert good.number not in said
    with pytest.raises(Invalid):
        add_follow_ups(session, operator(), [], FollowUpIn(state=S.OPEN))
    with pytest.raises(Refused, match="nicht sichtbar"):
        add_follow_ups(session, operator(), [(2**31 - 1, 1)], FollowUpIn(state=S.OPEN))


# --- the list


def test_the_list_holds_what_runs_and_what_is_over_until_it_was_told(session, body):
    held = factories.make_meeting(session, body, MAY)
    running, over = make_decision(session, body), make_decision(session, body, state=S.DONE)
    told = make_decision(session, body, state=S.DONE, reported_in_id=held.id)
    make_decision(session, body, outcome=Outcome.REJECTED)
    make_decision(session, body, outcome=Outcome.NOTED)
    asks = Clause(verb=Verb.ASKS, text="zu berichten", decision_id=0, position=1)
    noted = make_decision(session, body, outcome=Outcome.NOTED, clauses=(asks,))

    def ids(**wanted):
        found = list_followed(session, operator(), FollowFilter(body_id=ident(body), **wanted))
        return {one.id for one in found}

    assert ids() == {running.id, over.id, noted.id}
    assert ids(state=S.DONE) == {over.id, told.id}
    assert ids(working=False) == {running.id, over.id, noted.id, told.id}


def test_the_list_can_be_filtered(session, body):
    ihk, field = factories.make_organisation(session), factories.make_field(session)
    asks = Clause(verb=Verb.ASKS, text="zu berichten", decision_id=0, position=1, organisation_id=ihk.id)
    project = factories.make_project(session, field_id=field.id)
    first = make_decision(session, body, clauses=(asks,))
    second = make_decision(session, body, projects=(project,))
    for wanted, expected in (
        ({"organisation_id": ihk.id}, first.id),
        ({"field_id": field.id}, second.id),
    ):
        (found,) = list_followed(session, operator(), FollowFilter(body_id=ident(body), **wanted))
        assert found.id == expected


def test_the_counts_of_a_meeting_agree_with_its_decisions(session, body):
    meeting = factories.make_meeting(session, body, MAY)
    items = [
        add_item(session, operator(), meeting, ItemIn(title=f"Punkt {n}", section=SectionKey.DECISION))
        for n in range(4)
    ]
    outcomes = (Outcome.ADOPTED, Outcome.ADOPTED, Outcome.REJECTED, Outcome.CONFIRMED)
    states = (S.OPEN, S.DONE, S.OPEN, S.DONE)
    for item, outcome, state in zip(items, outcomes, states, strict=True):
        make_decision(session, body, item_id=item.id, outcome=outcome, state=state)
    make_decision(session, body)
    counts = counts_by_meeting(session, operator(), body_id=ident(body))
    assert counts == {meeting.id: {S.OPEN: 1, S.DONE: 2, None: 1}}
    followed, others = decisions_of_meeting(session, operator(), ident(meeting))
    assert (len(followed), len(others)) == (3, 1)
    found = list_followed(session, operator(), FollowFilter(meeting_id=meeting.id))
    assert {one.id for one in found} == {one.id for one in followed}


# --- drafting


def test_the_table_holds_all_open_ones_and_tells_once_what_is_over(session, body):
    due = make_decision(session, body, title="Flächen", due_on=MAY)
    later = make_decision(session, body, title="Karte", due_on=NOVEMBER)
    whenever, done = make_decision(session, body, title="Satzung"), make_decision(session, body, title="Liste")
    secret = make_decision(session, body, title="Ankauf Geheim", level=Level.CONFIDENTIAL)
    make_decision(session, factories.make_body(session), title="Fremd")
    enter(session, done, S.DONE, text="Liegt vor")
    meeting = factories.make_meeting(session, body, MAY)
    draft_agenda(session, operator(), meeting)
    row = table_of(session, meeting)
    assert row.grouped
    day = "01.01.2026"
    assert row.occasion.split("\n") == [
        f"Fällig am 12.05.2026: {due.number} „Flächen“ ({day}), offen",
        f"Fällig: {whenever.number} „Satzung“ ({day}), offen",
        f"Offen: {later.number} „Karte“ ({day}), offen, Wiedervorlage 12.11.2026",
        f"Erledigt: {done.number} „Liste“ ({day}), umgesetzt, Stand 02.03.2026",
    ]
    hidden = table_of(session, meeting, "decisions-confidential")
    assert (hidden.level, "Ankauf Geheim" in hidden.occasion) == (Level.CONFIDENTIAL, True)
    accept_proposal(session, operator(), meeting, row)
    hold(session, meeting)
    assert [one.reported_in_id for one in (due, later, whenever, done, secret)] == [None] * 3 + [meeting.id, None]
    following = factories.make_meeting(session, body, NOVEMBER)
    with clock.standing_at(dt.datetime(2026, 6, 1, 9, tzinfo=clock.BERLIN)):
        draft_agenda(session, operator(), following)
        assert "Liste" not in table_of(session, following).occasion
        assert done not in list_followed(session, operator(), FollowFilter(body_id=ident(body)))
        assert done in list_followed(session, operator(), FollowFilter(body_id=ident(body), working=False))


def test_a_confidential_decision_is_frozen_only_in_the_edition_that_may_carry_it(session, body):
    make_decision(session, body, title="Karte")
    make_decision(session, body, title="Ankauf Geheim", level=Level.CONFIDENTIAL)
    meeting = factories.make_meeting(session, body, MAY)
    draft_agenda(session, operator(), meeting)
    for key in ("decisions", "decisions-confidential"):
        accept_proposal(session, operator(), meeting, table_of(session, meeting, key))
    release_agenda(session, operator(), meeting, YES)
    session.flush()
    found = session.exec(select(FrozenDocument).where(FrozenDocument.meeting_id == meeting.id)).all()
    holding = {row.edition for row in found if "Ankauf Geheim" in row.content}
    assert holding == {Edition.FULL}
    assert "Karte" in next(row.content for row in found if row.edition is Edition.NON_CONFIDENTIAL)
    assert not any("Karte" in row.content for row in found if row.edition is Edition.PUBLIC)


def test_what_the_agenda_did_not_tell_comes_again(session, body):
    again, unsaid = make_decision(session, body), make_decision(session, body)
    enter(session, again, S.DONE, text="Fertig")
    meeting = factories.make_meeting(session, body, MAY)
    draft_agenda(session, operator(), meeting)
    accept_proposal(session, operator(), meeting, table_of(session, meeting))
    enter(session, again, S.OPEN, reason="Doch nicht")
    enter(session, unsaid, S.REPEALED, reason="Überholt")
    hold(session, meeting)
    assert (again.reported_in_id, unsaid.reported_in_id) == (None, None)


def test_an_item_that_was_not_reached_has_told_nothing(session, body):
    done = make_decision(session, body)
    enter(session, done, S.DONE, text="Fertig")
    meeting = factories.make_meeting(session, body, MAY)
    draft_agenda(session, operator(), meeting)
    item = accept_proposal(session, operator(), meeting, table_of(session, meeting))
    release_agenda(session, operator(), meeting, YES)
    start_meeting(session, operator(), meeting)
    set_outcome(session, operator(), meeting, item, OutcomeIn(outcome=Outcome.NOT_REACHED))
    close_meeting(session, operator(), meeting)
    assert done.reported_in_id is None


def test_only_what_was_known_on_the_stichtag_counts(session, body):
    decision = make_decision(session, body, decided_on=dt.date(2026, 1, 15), due_on=dt.date(2026, 2, 1))
    enter(session, decision, S.DELAYED, as_of=dt.date(2026, 2, 10), reason="Einspruch", due_on=dt.date(2026, 9, 1))
    enter(session, decision, S.DONE, text="Fertig")
    meeting = factories.make_meeting(session, body, MAY)

    def line(as_of):
        draft_agenda(session, operator(), meeting, as_of=as_of)
        row = table_of(session, meeting)
        return row.occasion if row else None

    assert line(dt.date(2026, 1, 14)) is None
    early = line(dt.date(2026, 2, 9))
    assert early.startswith("Fällig am 01.02.2026: ")
    assert early.endswith(", offen")
    assert line(dt.date(2026, 2, 10)).endswith(", verzögert, Wiedervorlage 01.09.2026")
    assert line(MARCH).startswith("Erledigt: ")
    assert line(dt.date(2026, 2, 9)) == early


# --- two at once


def test_two_people_entering_at_once(own_database):
    with own_database.write() as session:
        decision = make_decision(session, factories.make_body(session))
        decision_id, seen = ident(decision), decision.version
        accounts = [ident(factories.make_account(session, Role.SECRETARIAT)) for _ in range(2)]
    start, outcomes = threading.Barrier(2), []

    def entering(account_id, state):
        start.wait()
        try:
            with own_database.write() as session:
                actor = actor_of(session, session.get_one(Account, account_id))
                found = queries.lock_decision(session, actor, decision_id)
                add_follow_up(session, actor, found, FollowUpIn(state=state), base_version=seen)
            outcomes.append("done")
        except Stale:
            outcomes.append("stale")

    with clock.standing_at(clock.now()):
        threads = [
            threading.Thread(target=entering, args=pair) for pair in zip(accounts, (S.OPEN, S.IN_PROGRESS), strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(outcomes) == ["done", "stale"]
    with own_database.read() as session:
        assert len(session.exec(select(FollowUp)).all()) == 1
