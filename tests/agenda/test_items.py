"""Items of the working copy: what is refused leaves no trace, moving disturbs nobody, setting aside loses nothing."""

import datetime as dt
import json

import pytest
from sqlmodel import select

from app import clock
from app.actor import Role
from app.agenda import queries
from app.agenda.models import (
    AgendaItem,
    ItemKind,
    Level,
    Proposal,
    ProposalProject,
    ProposalState,
    SectionKey,
    Topic,
    TopicState,
)
from app.agenda.schemas.wishes import ItemChange, ItemIn, RejectIn
from app.agenda.service import items, proposals
from app.db import ident
from app.errors import Forbidden, Invalid, Refused, Stale
from app.meetings.models import MeetingState
from app.validation import read
from tests import factories
from tests.factories import operator

REASONS = json.dumps([{"rule": "turned_red", "text": "Ampel rot", "project": "1.1", "since": "2026-02-14"}])


@pytest.fixture
def meeting(session):
    return factories.make_meeting(session, factories.make_body(session), number=1)


def add(session, meeting, title="Ein Punkt", section=SectionKey.DEBATE, **fields):
    return items.add_item(session, operator(), meeting, ItemIn(title=title, section=section, **fields))


def titles(session, meeting, section=SectionKey.DEBATE):
    there = queries.list_items(session, operator(), ident(meeting))
    return [item.title for item in there if item.section == section]


def propose(session, meeting, key="project:1", topic=None, projects=(), **fields):
    made = Proposal(
        meeting_id=ident(meeting),
        key=key,
        section=fields.pop("section", SectionKey.DEBATE),
        kind=ItemKind.DEBATE,
        title=fields.pop("title", "Prüffeld"),
        minutes=10,
        score=80,
        reasons=REASONS,
        topic_id=topic.id if topic else None,
        **fields,
    )
    session.add(made)
    session.flush()
    session.add_all(ProposalProject(proposal_id=made.id, project_id=ident(one)) for one in projects)
    session.flush()
    return made


def test_an_item_of_ones_own_takes_the_usual_kind_and_minutes_of_its_section(session, meeting):
    decision = add(session, meeting, section=SectionKey.DECISION)
    consent = add(session, meeting, section=SectionKey.CONSENT)
    assert (decision.kind, decision.minutes) == (ItemKind.DECISION, 10)
    assert (consent.kind, consent.minutes) == (ItemKind.NOTE, 0)
    assert meeting.state is MeetingState.DRAFT


def test_an_unknown_project_leaves_no_item_behind(session, meeting):
    with pytest.raises(Invalid) as refused:
        add(session, meeting, projects=[4711])
    assert "projects" in refused.value.fields
    assert titles(session, meeting) == []
    assert meeting.state is MeetingState.PLANNED


def test_a_change_with_an_unknown_project_changes_nothing(session, meeting):
    item = add(session, meeting, "Vorher")
    with pytest.raises(Invalid):
        wish = ItemChange(title="Nachher", projects=[4711])
        items.change_item(session, operator(), meeting, item, wish, base_version=item.version)
    session.flush()
    session.refresh(item)
    assert item.title == "Vorher"


def test_a_title_of_nothing_but_control_signs_is_refused():
    with pytest.raises(Invalid) as refused:
        read(ItemIn, {"title": "\x07 \x00", "section": "beratung"})
    assert refused.value.fields == {"title": "Bitte füllen Sie dieses Feld aus."}


def test_a_change_raises_both_versions_even_while_the_clock_stands(session, meeting):
    item = add(session, meeting)
    project = factories.make_project(session)
    session.flush()
    before = item.version, meeting.version
    wish = ItemChange(projects=[ident(project)])
    items.change_item(session, operator(), meeting, item, wish, base_version=item.version)
    session.flush()
    assert (item.version, meeting.version) == (before[0] + 1, before[1] + 1)


def test_saving_without_a_change_leaves_no_trace(session, meeting):
    item = add(session, meeting, "Gleich", occasion="Anlass")
    session.flush()
    before = item.version, meeting.version
    wish = ItemChange(title="Gleich", occasion="Anlass", projects=[])
    items.change_item(session, operator(), meeting, item, wish, base_version=item.version)
    session.flush()
    assert (item.version, meeting.version) == before


def test_a_stale_change_is_told_who_was_faster_and_changes_nothing(session, meeting):
    item = add(session, meeting, "Ursprung")
    session.flush()
    seen = item.version
    items.change_item(session, operator(), meeting, item, ItemChange(title="Schneller"), base_version=seen)
    session.flush()
    with pytest.raises(Stale) as refused:
        items.change_item(session, operator(), meeting, item, ItemChange(title="Zu spät"), base_version=seen)
    assert refused.value.sentence.startswith("Test hat diesen Punkt um 09:00 Uhr geändert.")
    assert refused.value.current["title"] == "Schneller"
    assert item.title == "Schneller"


def test_moving_changes_the_order_and_disturbs_no_editor(session, meeting):
    first, second, third = (add(session, meeting, title) for title in ("A", "B", "C"))
    session.flush()
    versions = [one.version for one in (first, second, third)]
    seen = meeting.version
    items.move_item(session, operator(), meeting, third, steps=-1)
    session.flush()
    assert titles(session, meeting) == ["A", "C", "B"]
    for one in (first, second, third):
        session.refresh(one)
    assert [one.version for one in (first, second, third)] == versions
    assert meeting.version == seen + 1


@pytest.mark.parametrize("steps", [-1, -5])
def test_the_first_item_stays_first(session, meeting, steps):
    first = add(session, meeting, "A")
    add(session, meeting, "B")
    items.move_item(session, operator(), meeting, first, steps=steps)
    assert titles(session, meeting) == ["A", "B"]


def test_another_section_puts_an_item_at_its_end(session, meeting):
    add(session, meeting, "Beschluss", SectionKey.DECISION)
    moved = add(session, meeting, "Beratung")
    wish = ItemChange(section=SectionKey.DECISION)
    items.change_item(session, operator(), meeting, moved, wish, base_version=moved.version)
    assert titles(session, meeting, SectionKey.DECISION) == ["Beschluss", "Beratung"]


def test_setting_aside_keeps_everything_in_the_backlog(session, meeting):
    project = factories.make_project(session)
    item = add(
        session,
        meeting,
        "Flächen",
        occasion="Der Anlass",
        proposed_decision="1. Ja",
        level=Level.CONFIDENTIAL,
        projects=[ident(project)],
    )
    wish = RejectIn(reason="Zu früh", resume_on=dt.date(2026, 9, 1))
    topic = items.set_item_aside(session, operator(), meeting, item, wish)
    session.flush()
    assert (topic.title, topic.occasion, topic.proposed_decision) == ("Flächen", "Der Anlass", "1. Ja")
    assert (topic.level, topic.why, topic.resume_on) == (Level.CONFIDENTIAL, "Zu früh", dt.date(2026, 9, 1))
    assert [link.project_id for link in queries.projects_of_topics(session, [ident(topic)])[ident(topic)]] == [
        project.id
    ]
    assert titles(session, meeting) == []


def test_setting_an_accepted_proposal_aside_rejects_it(session, meeting):
    project = factories.make_project(session)
    proposal = propose(session, meeting, projects=[project])
    item = proposals.accept_proposal(session, operator(), meeting, proposal)
    topic = items.set_item_aside(session, operator(), meeting, item, RejectIn(reason="Doch nicht"))
    session.flush()
    assert proposal.state is ProposalState.REJECTED
    assert (topic.key, topic.reasons) == (proposal.key, REASONS)


def test_a_topic_of_the_backlog_goes_back_to_its_own_entry(session, meeting):
    first = items.set_item_aside(session, operator(), meeting, add(session, meeting, "Alt"), RejectIn(reason="Eins"))
    session.flush()
    proposal = propose(session, meeting, key=f"topic:{first.id}", topic=first, title="Alt")
    item = proposals.accept_proposal(session, operator(), meeting, proposal)
    assert first.state is TopicState.USED
    wish = ItemChange(title="Neu gefasst")
    items.change_item(session, operator(), meeting, item, wish, base_version=item.version)
    again = items.set_item_aside(session, operator(), meeting, item, RejectIn(reason="Zwei"))
    session.flush()
    assert again.id == first.id
    assert (again.title, again.why, again.state) == ("Neu gefasst", "Zwei", TopicState.OPEN)
    assert len(session.exec(select(Topic)).all()) == 1


def test_a_resumption_in_the_past_is_refused_before_anything_happens(session, meeting):
    item = add(session, meeting)
    yesterday = clock.today() - dt.timedelta(days=1)
    with pytest.raises(Invalid) as refused:
        items.set_item_aside(session, operator(), meeting, item, RejectIn(reason="Später", resume_on=yesterday))
    assert "resume_on" in refused.value.fields
    proposal = propose(session, meeting)
    with pytest.raises(Invalid):
        proposals.reject_proposal(session, operator(), meeting, proposal, RejectIn(reason="x", resume_on=yesterday))
    assert proposal.state is ProposalState.OPEN


def test_a_proposal_is_accepted_and_rejected_once(session, meeting):
    accepted, rejected = propose(session, meeting, "project:1"), propose(session, meeting, "project:2")
    proposals.accept_proposal(session, operator(), meeting, accepted)
    proposals.reject_proposal(session, operator(), meeting, rejected, RejectIn(reason="Nein"))
    with pytest.raises(Refused, match="schon übernommen"):
        proposals.accept_proposal(session, operator(), meeting, accepted)
    with pytest.raises(Refused, match="schon abgelehnt"):
        proposals.accept_proposal(session, operator(), meeting, rejected)


def test_a_project_stands_on_one_coming_agenda_only(session, meeting):
    project = factories.make_project(session)
    other = factories.make_meeting(session, session.get_one(type(factories.make_body(session)), meeting.body_id))
    items.add_item(
        session,
        operator(),
        other,
        ItemIn(title="Schon dort", section=SectionKey.DEBATE, projects=[ident(project)]),
    )
    with pytest.raises(Refused, match="steht schon auf der Tagesordnung"):
        proposals.accept_proposal(session, operator(), meeting, propose(session, meeting, projects=[project]))


def test_once_the_meeting_runs_nothing_is_changed(session, meeting):
    item = add(session, meeting)
    meeting.state = MeetingState.IN_SESSION
    for act in (
        lambda: add(session, meeting),
        lambda: items.move_item(session, operator(), meeting, item, steps=1),
        lambda: items.change_item(session, operator(), meeting, item, ItemChange(title="x"), base_version=1),
        lambda: items.set_item_aside(session, operator(), meeting, item, RejectIn(reason="x")),
    ):
        with pytest.raises(Refused, match="läuft"):
            act()


def test_the_chair_reads_but_does_not_write(database):
    from app.access.queries import actor_of

    with database.write() as session:
        body = factories.make_body(session)
        meeting = factories.make_meeting(session, body)
        chair = actor_of(session, factories.make_seated(session, body, chair=True))
        other = actor_of(session, factories.make_account(session, Role.SECRETARIAT, factories.make_body(session)))
        wish = ItemIn(title="Von mir", section=SectionKey.DEBATE)
        for actor in (chair, other):
            with pytest.raises(Forbidden):
                items.add_item(session, actor, meeting, wish)
        assert session.exec(select(AgendaItem)).all() == []
