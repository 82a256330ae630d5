"""Joining proposals into one item, parting it again, moving items between meetings, and drafting again with them."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from app.agenda import queries
from app.agenda.models import AgendaItem, ItemKind, Level, Outcome, Proposal, ProposalState, SectionKey, Topic
from app.agenda.rules.joining import joined_clauses, suggest
from app.agenda.schemas.wishes import ItemChange, ItemIn, JoinIn, OutcomeIn, ProposalChange, RejectIn, ReleaseIn
from app.agenda.service.closing import set_outcome
from app.agenda.service.items import add_item, change_item, set_item_aside
from app.agenda.service.joining import join_proposals, part_item
from app.agenda.service.moving import move_item_to
from app.agenda.service.proposals import accept_proposal, edit_proposal, reject_proposal
from app.agenda.service.release import release_agenda
from app.db import ident
from app.drafting.service.proposing import draft_agenda
from app.errors import Invalid, Refused, SkipError, Stale
from app.meetings.queries import lock_meeting
from app.meetings.schemas import CancelIn
from app.meetings.service import cancel_meeting, start_meeting
from app.minutes.service.closing import close_meeting
from app.projects.models import DecisionNeed, Light, Phase
from tests import factories

ACTOR = factories.operator()
FIRST, SECOND, THIRD = dt.date(2026, 4, 20), dt.date(2026, 6, 22), dt.date(2026, 9, 21)
YES = ReleaseIn(approved_by="Vorsitz", approved_on=dt.date(2026, 3, 1), approved_how="mündlich", late_reason="spät")


@pytest.fixture
def body(session):
    return factories.make_body(session, "SKIP")


def red_project(session, code):
    project = factories.make_project(session, code=code, title=f"Projekt {code}")
    factories.make_status(session, project, dt.date(2026, 2, 14), Light.RED, phase=Phase.RUNNING)
    return project


@pytest.fixture
def projects(session):
    return [red_project(session, f"1.{number}") for number in (1, 2, 3)]


def drafted(session, meeting):
    draft_agenda(session, ACTOR, meeting)
    return {row.key: row for row in queries.list_proposals(session, ACTOR, ident(meeting))}


def open_keys(session, meeting):
    rows = queries.list_proposals(session, ACTOR, ident(meeting), state=ProposalState.OPEN)
    return {row.key for row in rows if not row.taken_by and row.key != "missing"}


def joined(session, meeting, projects, **values):
    rows = drafted(session, meeting)
    chosen = [rows[f"project:{project.id}"] for project in projects]
    wish = JoinIn(proposals=[ident(row) for row in chosen], **values)
    return chosen, join_proposals(session, ACTOR, meeting, wish)


def codes(session, item):
    links = queries.projects_of_items(session, [ident(item)]).get(ident(item), [])
    return [session.get_one(factories.Project, link.project_id).code for link in links]


def make(**values):
    given = {"section": SectionKey.DEBATE, "kind": ItemKind.DEBATE, "title": "A", "minutes": 10, "score": 1}
    return Proposal(meeting_id=1, key="x", reasons="[]", **{**given, **values})


def test_the_suggestion_is_put_together_from_all():
    lead = {"section": SectionKey.DECISION, "kind": ItemKind.DECISION}
    found = suggest(
        [
            make(occasion="rot.", proposed_decision="1. Eins\n2. Zwei", presenter="IHK"),
            make(title="B", minutes=20, proposed_decision="1. Drei", level=Level.CONFIDENTIAL, **lead),
        ]
    )
    assert (found.title, found.section, found.kind, found.minutes) == ("A und B", "beschlussfassung", "decision", 20)
    assert (found.occasion, found.proposed_decision) == ("A: rot.", "1. Eins\n2. Zwei\n3. Drei")
    assert (found.level, found.presenter) == (Level.CONFIDENTIAL, "IHK")


def test_clauses_are_counted_through_only_where_all_are_numbered():
    assert joined_clauses(["1. Eins", "Zwei"]) == "1. Eins\nZwei"
    assert joined_clauses(["", "1. Eins"]) == "1. Eins"


def test_a_long_title_is_cut():
    found = suggest([make(title="x" * 400), make(title="y" * 400)])
    assert len(found.title) <= 500
    assert found.title.endswith("u. a.")


def test_joining_makes_one_item_with_all_projects_and_keeps_the_reasons(session, body, projects):
    meeting = factories.make_meeting(session, body, FIRST)
    chosen, item = joined(session, meeting, projects[:2], title="Flächen", minutes=25)
    assert (item.title, item.minutes, codes(session, item)) == ("Flächen", 25, ["1.1", "1.2"])
    assert {row.item_id for row in chosen} == {item.id}
    assert all(row.state is ProposalState.ACCEPTED and "turned_red" in row.reasons for row in chosen)
    assert open_keys(session, meeting) == {f"project:{projects[2].id}"}


def test_drafting_again_leaves_a_joined_item_and_says_the_difference_of_each(session, body, projects):
    meeting = factories.make_meeting(session, body, FIRST)
    chosen, item = joined(session, meeting, projects[:2])
    before = item.model_dump()
    session.add(DecisionNeed(project_id=ident(projects[1]), opened_on=dt.date(2026, 2, 20), text="Rahmen 2027"))
    session.flush()
    rows = drafted(session, meeting)
    assert rows[chosen[0].key].difference == ""
    assert "neu: Entscheidungsbedarf" in rows[chosen[1].key].difference
    assert all(row.taken_by == "" for row in chosen)
    assert item.model_dump() == before
    assert len(rows) == 3


@pytest.mark.parametrize("wrong", ["one", "other", "twice", "taken", "group"])
def test_what_cannot_be_joined_is_refused(session, body, projects, wrong):
    meeting = factories.make_meeting(session, body, FIRST)
    rows = list(drafted(session, meeting).values())
    ids = [ident(row) for row in rows[:2]]
    if wrong == "one":
        ids = [ids[0], ids[0]]
    elif wrong == "other":
        ids = [ids[0], 999_999]
    elif wrong == "twice":
        accept_proposal(session, ACTOR, meeting, rows[0])
    elif wrong == "taken":
        other = factories.make_meeting(session, body, SECOND)
        accept_proposal(session, ACTOR, other, drafted(session, other)[rows[0].key])
    else:
        rows[0].grouped = True
    with pytest.raises((Invalid, Refused)):
        join_proposals(session, ACTOR, meeting, JoinIn(proposals=ids))
    assert rows[1].state is ProposalState.OPEN
    assert rows[1].item_id is None


def test_parting_opens_the_proposals_again_with_their_texts(session, body, projects):
    meeting = factories.make_meeting(session, body, FIRST)
    chosen, item = joined(session, meeting, projects[:2], title="Beides")
    before = [(row.title, row.occasion) for row in chosen]
    parted = part_item(session, ACTOR, meeting, item)
    assert list(parted.proposals) == chosen
    assert [(row.title, row.occasion) for row in chosen] == before
    assert all(row.state is ProposalState.OPEN and row.item_id is None and not row.edited for row in chosen)
    assert session.exec(select(AgendaItem)).all() == []
    assert len(open_keys(session, meeting)) == 3


def test_parting_keeps_what_was_edited_since_with_the_first_proposal(session, body, projects):
    meeting = factories.make_meeting(session, body, FIRST)
    chosen, item = joined(session, meeting, projects[:2])
    wish = ItemChange(
        occasion="Von Hand.",
        proposed_decision="1. Neu",
        presenter="IHK",
        projects=[ident(project) for project in projects],
    )
    change_item(session, ACTOR, meeting, item, wish, base_version=item.version)
    part_item(session, ACTOR, meeting, item)
    assert (chosen[0].occasion, chosen[0].proposed_decision, chosen[0].presenter) == ("Von Hand.", "1. Neu", "IHK")
    assert chosen[0].edited
    drafted(session, meeting)
    assert chosen[0].occasion == "Von Hand."
    links = queries.projects_of_proposals(session, [ident(chosen[0])])[ident(chosen[0])]
    assert ident(projects[2]) in {link.project_id for link in links}


def test_a_joined_item_set_aside_is_one_entry_and_comes_back_once(session, body, projects):
    meeting = factories.make_meeting(session, body, FIRST)
    chosen, item = joined(session, meeting, projects[:2], title="Beides")
    topic = set_item_aside(session, ACTOR, meeting, item, RejectIn(reason="Erst das Gutachten"))
    assert session.exec(select(Topic)).one() is topic
    linked = queries.projects_of_topics(session, [ident(topic)])[ident(topic)]
    assert [link.project_id for link in linked] == [project.id for project in projects[:2]]
    assert topic.reasons.count('"rule"') >= 2
    assert {row.state for row in chosen} == {ProposalState.REJECTED}
    later = factories.make_meeting(session, body, SECOND)
    drafted(session, later)
    assert open_keys(session, later) == {f"topic:{topic.id}", f"project:{projects[2].id}"}


def test_an_item_of_several_projects_is_parted_into_one_for_each(session, body, projects):
    meeting = factories.make_meeting(session, body, FIRST)
    wish = ItemIn(
        title="Bericht", section=SectionKey.DEBATE, occasion="Text", projects=[ident(one) for one in projects]
    )
    item = add_item(session, ACTOR, meeting, wish)
    parted = part_item(session, ACTOR, meeting, item)
    assert [(one.title, one.occasion) for one in parted.items] == [
        (f"Bericht: Projekt 1.{number}", "Text") for number in (1, 2, 3)
    ]
    assert [codes(session, one) for one in parted.items] == [["1.1"], ["1.2"], ["1.3"]]
    with pytest.raises(Refused, match="lässt sich nicht trennen"):
        part_item(session, ACTOR, meeting, item)


def test_a_released_item_is_neither_parted_nor_moved(session, body, projects):
    meeting, other = factories.make_meeting(session, body, FIRST), factories.make_meeting(session, body, SECOND)
    _, item = joined(session, meeting, projects[:2])
    release_agenda(session, ACTOR, meeting, YES)
    for act in (
        lambda: part_item(session, ACTOR, meeting, item),
        lambda: move_item_to(session, ACTOR, meeting, item, other),
    ):
        with pytest.raises(Refused):
            act()


@pytest.mark.parametrize("how", ["cancelled", "not reached"])
def test_joined_items_come_back_once_and_whole(session, body, projects, how):
    first = factories.make_meeting(session, body, dt.date(2026, 2, 24), number=17)
    _, item = joined(session, first, projects[:2], title="Beides")
    release_agenda(session, ACTOR, first, YES)
    if how == "cancelled":
        cancel_meeting(session, ACTOR, first, CancelIn(reason="Erkrankung"))
    else:
        start_meeting(session, ACTOR, first)
        set_outcome(session, ACTOR, first, item, OutcomeIn(outcome=Outcome.NOT_REACHED))
        close_meeting(session, ACTOR, first)
    second = factories.make_meeting(session, body, FIRST, number=18)
    rows = drafted(session, second)
    back = rows[f"item:{item.id}"]
    assert open_keys(session, second) == {back.key, f"project:{projects[2].id}"}
    again = accept_proposal(session, ACTOR, second, back)
    assert codes(session, again) == ["1.1", "1.2"]
    third = factories.make_meeting(session, body, SECOND, number=19)
    drafted(session, third)
    assert open_keys(session, third) == {f"project:{projects[2].id}"}


def test_two_deferred_items_joined_do_not_come_back_beside_the_joined_one(session, body, projects):
    first = factories.make_meeting(session, body, dt.date(2026, 3, 24), number=17)
    rows = drafted(session, first)
    items = [accept_proposal(session, ACTOR, first, rows[f"project:{one.id}"]) for one in projects[:2]]
    cancel_meeting(session, ACTOR, first, CancelIn(reason="Erkrankung"))
    second = factories.make_meeting(session, body, FIRST, number=18)
    rows = drafted(session, second)
    both = [rows[f"item:{one.id}"] for one in items]
    item = join_proposals(session, ACTOR, second, JoinIn(proposals=[ident(row) for row in both]))
    third = factories.make_meeting(session, body, SECOND, number=19)
    drafted(session, third)
    assert open_keys(session, third) == {f"project:{projects[2].id}"}
    topic = set_item_aside(session, ACTOR, second, item, RejectIn(reason="später"))
    drafted(session, third)
    assert open_keys(session, third) == {f"topic:{topic.id}", f"project:{projects[2].id}"}


def test_an_item_moves_to_another_meeting_with_its_proposals(session, body, projects):
    meeting, other = factories.make_meeting(session, body, FIRST), factories.make_meeting(session, body, SECOND)
    chosen, item = joined(session, meeting, projects[:2])
    move_item_to(session, ACTOR, meeting, item, other)
    assert item.meeting_id == other.id
    assert {row.state for row in chosen} == {ProposalState.REJECTED}
    assert chosen[0].reject_reason == "verschoben auf die Sitzung am 22.06.2026"
    there = drafted(session, other)
    assert {there[row.key].item_id for row in chosen} == {item.id}
    drafted(session, meeting)
    assert open_keys(session, meeting) == {f"project:{projects[2].id}"}
    with pytest.raises(Invalid):
        move_item_to(session, ACTOR, other, item, other)
    strange = factories.make_meeting(session, factories.make_body(session), SECOND)
    with pytest.raises(Invalid):
        move_item_to(session, ACTOR, other, item, strange)


def test_what_hands_edited_stays_when_drafting_again_and_the_difference_is_said(session, body, projects):
    meeting = factories.make_meeting(session, body, FIRST)
    row = drafted(session, meeting)[f"project:{projects[0].id}"]
    wish = ProposalChange(title="Flächen sichern", section=SectionKey.DECISION, minutes=20, occasion="Von Hand.")
    edit_proposal(session, ACTOR, meeting, row, wish, base_version=row.version)
    with pytest.raises(Stale):
        edit_proposal(session, ACTOR, meeting, row, ProposalChange(title="Zu spät"), base_version=row.version - 1)
    session.add(DecisionNeed(project_id=ident(projects[0]), opened_on=dt.date(2026, 2, 20), text="Rahmen 2027"))
    session.flush()
    drafted(session, meeting)
    assert (row.title, row.section, row.minutes, row.occasion) == (
        "Flächen sichern",
        "beschlussfassung",
        20,
        "Von Hand.",
    )
    assert "neu: Entscheidungsbedarf" in row.difference
    item = accept_proposal(session, ACTOR, meeting, row)
    assert (item.title, item.occasion) == ("Flächen sichern", "Von Hand.")


def test_a_rejected_edited_proposal_opens_again_with_hands_texts_and_its_own_entry(session, body, projects):
    meeting = factories.make_meeting(session, body, FIRST)
    row = drafted(session, meeting)[f"project:{projects[0].id}"]
    edit_proposal(session, ACTOR, meeting, row, ProposalChange(title="Von Hand"), base_version=row.version)
    topic = reject_proposal(session, ACTOR, meeting, row, RejectIn(reason="später"))
    drafted(session, meeting)
    assert row.state is ProposalState.REJECTED
    session.add(DecisionNeed(project_id=ident(projects[0]), opened_on=dt.date(2026, 2, 20), text="Rahmen 2027"))
    session.flush()
    drafted(session, meeting)
    assert (row.state, row.title) == (ProposalState.OPEN, "Von Hand")
    accept_proposal(session, ACTOR, meeting, row)
    assert topic.state == "used"
    later = factories.make_meeting(session, body, SECOND)
    drafted(session, later)
    assert f"topic:{topic.id}" not in open_keys(session, later)


def test_of_two_who_accept_and_join_at_once_one_wins(own_database):
    with own_database.write() as session:
        body = factories.make_body(session, "SKIP")
        [red_project(session, f"1.{number}") for number in (1, 2)]
        meeting = factories.make_meeting(session, body, FIRST)
        ids = [ident(row) for row in drafted(session, meeting).values()]

    def act(join):
        try:
            with own_database.write() as session:
                locked = lock_meeting(session, ACTOR, meeting.id)
                if join:
                    join_proposals(session, ACTOR, locked, JoinIn(proposals=ids))
                else:
                    row = queries.get_proposal(session, ACTOR, meeting.id, ids[0])
                    accept_proposal(session, ACTOR, locked, row)
        except SkipError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        done = [one.result() for one in [pool.submit(act, join) for join in (True, False, True, False)]]
    assert done.count(True) == 1
    with own_database.read() as session:
        assert len(session.exec(select(AgendaItem)).all()) == 1


def test_two_meetings_never_take_up_the_same_project_at_once(own_database):
    with own_database.write() as session:
        body = factories.make_body(session, "SKIP")
        red_project(session, "1.1")
        meetings = [factories.make_meeting(session, body, day) for day in (FIRST, SECOND)]
        ids = [(one.id, ident(next(iter(drafted(session, one).values())))) for one in meetings]

    def act(meeting_id, proposal_id):
        try:
            with own_database.write() as session:
                locked = lock_meeting(session, ACTOR, meeting_id)
                accept_proposal(session, ACTOR, locked, queries.get_proposal(session, ACTOR, meeting_id, proposal_id))
        except SkipError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = [one.result() for one in [pool.submit(act, *pair) for pair in ids]]
    assert sorted(done) == [False, True]
