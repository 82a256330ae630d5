"""Drafting on the database: entered afterwards or released in time, again and again, in a fixed number of queries."""

import datetime as dt

import pytest
from sqlmodel import select

from app.agenda import queries as agenda
from app.agenda.models import AgendaItem, Edition, Outcome, ProposalState, Topic
from app.agenda.schemas.wishes import OutcomeIn, RejectIn, ReleaseIn
from app.agenda.service.closing import set_outcome
from app.agenda.service.proposals import accept_proposal, reject_proposal
from app.db import ident
from app.drafting.queries import load_beyond, load_inputs, read_reasons
from app.drafting.service.proposing import beyond_draft, draft_agenda
from app.drafting.service.releasing import release_meeting
from app.errors import Invalid, Refused
from app.meetings.schemas import CancelIn
from app.meetings.service import cancel_meeting, start_meeting
from app.minutes.service.closing import close_meeting
from app.projects.models import Light, Phase
from tests import factories
from tests.queries import recorded_queries

G, Y, R = Light.GREEN, Light.YELLOW, Light.RED
ACTOR = factories.operator()
THEN, NOW = dt.date(2025, 9, 30), dt.date(2026, 2, 14)
APPROVED = ReleaseIn(approved_by="den Vorsitz", approved_on=dt.date(2026, 3, 1), approved_how="mündlich")


def hold(session, meeting, release=None):
    """Lead a meeting from planned to held, with whatever stands on its agenda."""
    release_meeting(session, ACTOR, meeting, release or ReleaseIn())
    start_meeting(session, ACTOR, meeting)
    close_meeting(session, ACTOR, meeting)


def rules_of(session, meeting):
    """{project code: {rules}} of the open proposals."""
    found: dict[str | None, set[str]] = {}
    for row in agenda.list_proposals(session, ACTOR, ident(meeting), state=ProposalState.OPEN):
        for reason in read_reasons(row.reasons):
            found.setdefault(reason.project, set()).add(reason.rule.value)
    return found


@pytest.fixture
def body(session):
    return factories.make_body(session, "SKIP")


@pytest.fixture
def portfolio(session):
    """One project per cell of the table of lights: code "then>now"."""
    lights = {"-": None, "g": G, "y": Y, "r": R}
    made = {}
    for then, before in lights.items():
        for now, after in lights.items():
            project = factories.make_project(session, code=f"{then}>{now}")
            if before:
                factories.make_status(session, project, THEN, before, phase=Phase.RUNNING)
            if after:
                factories.make_status(session, project, NOW, after, phase=Phase.RUNNING)
            made[project.code] = project
    return made


def expected_rule(code):
    table = {
        "->r": "turned_red", "g>y": "worsened", "g>r": "turned_red", "y>g": "recovered", "y>r": "turned_red",
        "r>g": "recovered", "r>y": "improved", "r>r": "still_red",
        "r>-": "still_red",
    }  # fmt: skip
    return table.get(code)


@pytest.mark.parametrize("when", ["before", "after"])
def test_every_change_of_light_is_proposed_also_when_the_meeting_is_entered_afterwards(session, body, request, when):
    if when == "before":
        request.getfixturevalue("portfolio")
    held = factories.make_meeting(session, body, dt.date(2025, 11, 12), number=16)
    hold(session, held)
    if when == "after":
        request.getfixturevalue("portfolio")
    coming = factories.make_meeting(session, body, number=17)
    draft_agenda(session, ACTOR, coming)
    found = rules_of(session, coming)
    for code in (f"{then}>{now}" for then in "-gyr" for now in "-gyr"):
        lights = found.get(code, set()) - {"report_missing", "milestone_overdue"}
        assert lights == ({expected_rule(code)} if expected_rule(code) else set()), code


def test_the_reason_names_both_lights_and_their_dates(session, body):
    project = factories.make_project(session, code="3.2", title="Ankaufsstrategie Flächen")
    factories.make_status(session, project, THEN, Y)
    hold(session, factories.make_meeting(session, body, dt.date(2025, 11, 12), number=16))
    factories.make_status(session, project, NOW, R)
    coming = factories.make_meeting(session, body, number=17)
    draft_agenda(session, ACTOR, coming)
    (row,) = agenda.list_proposals(session, ACTOR, ident(coming))
    assert "Ampel seit 14.02.2026 rot, zuvor gelb (Stand 30.09.2025)" in row.occasion
    assert (row.title, row.section, row.score) == ("Ankaufsstrategie Flächen", "beratung", 80)


def test_a_status_after_the_stichtag_is_listed_and_never_used(session, body):
    project = factories.make_project(session, code="1.1")
    factories.make_status(session, project, dt.date(2026, 2, 20), R)
    coming = factories.make_meeting(session, body)
    made = draft_agenda(session, ACTOR, coming, as_of=dt.date(2026, 2, 10))
    assert [later.project.code for later in made.later] == ["1.1"]
    assert rules_of(session, coming).get("1.1", set()) <= {"report_missing"}


def test_the_stichtag_lies_between_the_meetings(session, body):
    hold(session, factories.make_meeting(session, body, dt.date(2025, 11, 12)))
    coming = factories.make_meeting(session, body)
    with pytest.raises(Invalid, match="prüfen") as refused:
        draft_agenda(session, ACTOR, coming, as_of=dt.date(2025, 11, 11))
    assert "vor der vorigen Sitzung am 12.11.2025" in refused.value.fields["as_of"]
    with pytest.raises(Invalid) as refused:
        draft_agenda(session, ACTOR, coming, as_of=dt.date(2027, 1, 1))
    assert "nach der Sitzung" in refused.value.fields["as_of"]


def test_drafting_again_changes_nothing_and_touches_no_hands_work(session, body, portfolio):
    hold(session, factories.make_meeting(session, body, dt.date(2025, 11, 12)))
    coming = factories.make_meeting(session, body)
    draft_agenda(session, ACTOR, coming)
    rows = {row.key: row for row in agenda.list_proposals(session, ACTOR, ident(coming))}
    accepted, rejected = rows[f"project:{portfolio['y>r'].id}"], rows[f"project:{portfolio['g>y'].id}"]
    accept_proposal(session, ACTOR, coming, accepted)
    reject_proposal(session, ACTOR, coming, rejected, RejectIn(reason="Wird bilateral geklärt"))
    session.flush()
    before = {row.key: row.model_dump() for row in rows.values()}
    draft_agenda(session, ACTOR, coming)
    after = {row.key: row.model_dump() for row in agenda.list_proposals(session, ACTOR, ident(coming))}
    changed = {key for key in before if {**before[key], "position": 0} != {**after[key], "position": 0}}
    assert changed == set()
    assert after.keys() == before.keys()


def test_a_new_rule_opens_a_rejected_proposal_again_and_a_vanished_reason_says_so(session, body):
    worse, gone = factories.make_project(session, code="1.1"), factories.make_project(session, code="1.2")
    for project in (worse, gone):
        factories.make_status(session, project, THEN, G, phase=Phase.RUNNING)
    hold(session, factories.make_meeting(session, body, dt.date(2025, 11, 12)))
    for project in (worse, gone):
        factories.make_status(session, project, NOW, Y, phase=Phase.RUNNING)
    coming = factories.make_meeting(session, body)
    draft_agenda(session, ACTOR, coming)
    rows = {row.key: row for row in agenda.list_proposals(session, ACTOR, ident(coming))}
    reject_proposal(session, ACTOR, coming, rows[f"project:{worse.id}"], RejectIn(reason="später"))
    factories.make_status(session, worse, dt.date(2026, 2, 20), Y, phase=Phase.PAUSED)
    factories.make_status(session, gone, dt.date(2026, 2, 20), G, phase=Phase.RUNNING)
    draft_agenda(session, ACTOR, coming)
    rows = {row.key: row for row in agenda.list_proposals(session, ACTOR, ident(coming))}
    assert rows[f"project:{worse.id}"].state is ProposalState.OPEN
    assert rows[f"project:{gone.id}"].state is ProposalState.VANISHED
    assert "entfallen" in rows[f"project:{gone.id}"].reasons


def test_deferred_items_and_items_of_cancelled_meetings_come_back_once(session, body):
    project = factories.make_project(session, code="1.1")
    factories.make_status(session, project, THEN, R, phase=Phase.RUNNING)
    first = factories.make_meeting(session, body, dt.date(2025, 11, 12), number=16)
    draft_agenda(session, ACTOR, first)
    (row,) = agenda.list_proposals(session, ACTOR, ident(first), state=ProposalState.OPEN)
    item = accept_proposal(session, ACTOR, first, row)
    release_meeting(session, ACTOR, first, ReleaseIn())
    start_meeting(session, ACTOR, first)
    with pytest.raises(Refused, match="TOP 2.1 ohne Ergebnis"):
        close_meeting(session, ACTOR, first)
    set_outcome(session, ACTOR, first, item, OutcomeIn(outcome=Outcome.ADJOURNED))
    close_meeting(session, ACTOR, first)

    second = factories.make_meeting(session, body, dt.date(2026, 4, 20), number=17)
    draft_agenda(session, ACTOR, second)
    rows = {row.key: row for row in agenda.list_proposals(session, ACTOR, ident(second))}
    assert rows.keys() == {f"item:{item.id}", "missing"}
    carried = rows[f"item:{item.id}"]
    assert {reason.rule.value for reason in read_reasons(carried.reasons)} >= {"item_deferred", "still_red"}
    again = accept_proposal(session, ACTOR, second, carried)
    assert again.carried_from_id == item.id
    third = factories.make_meeting(session, body, dt.date(2026, 9, 21), number=18)
    draft_agenda(session, ACTOR, third)
    taken = {row.key: row.taken_by for row in agenda.list_proposals(session, ACTOR, ident(third))}
    assert "17. Sitzung am 20.04.2026" in taken[f"project:{project.id}"]
    cancel_meeting(session, ACTOR, second, CancelIn(reason="Erkrankung"))
    draft_agenda(session, ACTOR, third)
    keys = {row.key: row for row in agenda.list_proposals(session, ACTOR, ident(third), state=ProposalState.OPEN)}
    assert "ausgefallenen 17. Sitzung" in keys[f"item:{again.id}"].occasion


def test_what_was_put_away_comes_back_on_its_day(session, body):
    project = factories.make_project(session, code="1.1")
    factories.make_status(session, project, NOW, R, phase=Phase.RUNNING)
    first = factories.make_meeting(session, body, dt.date(2026, 4, 20), number=17)
    draft_agenda(session, ACTOR, first)
    (row,) = agenda.list_proposals(session, ACTOR, ident(first), state=ProposalState.OPEN)
    wish = RejectIn(reason="Erst nach dem Gutachten", resume_on=dt.date(2026, 10, 1))
    reject_proposal(session, ACTOR, first, row, wish)
    for on, due in ((dt.date(2026, 9, 21), False), (dt.date(2026, 11, 23), True)):
        later = factories.make_meeting(session, body, on)
        made = draft_agenda(session, ACTOR, later)
        texts = [reason.text for one in made.proposals for reason in one.reasons if reason.rule == "backlog"]
        assert bool(texts) is due
        assert not due or "Erst nach dem Gutachten" in texts[0]
    assert session.exec(select(Topic)).one().why == "Erst nach dem Gutachten"


def test_a_project_on_another_coming_agenda_cannot_be_accepted_twice(session, body):
    project = factories.make_project(session, code="1.1")
    factories.make_status(session, project, NOW, R)
    first, second = (factories.make_meeting(session, body, dt.date(2026, month, 20)) for month in (4, 5))
    draft_agenda(session, ACTOR, first)
    draft_agenda(session, ACTOR, second)
    one, other = (agenda.list_proposals(session, ACTOR, ident(meeting))[0] for meeting in (first, second))
    accept_proposal(session, ACTOR, first, one)
    with pytest.raises(Refused, match="20.04.2026"):
        accept_proposal(session, ACTOR, second, other)
    assert session.exec(select(AgendaItem)).all() == [session.get(AgendaItem, one.item_id)]


def test_a_hundred_projects_cost_as_many_queries_as_three(session, body):
    def grow(count):
        for _ in range(count):
            project = factories.make_project(session)
            for month in range(6):
                light = (G, Y, R)[(month + count) % 3]
                factories.make_status(session, project, dt.date(2025, 7 + month, 1), light, phase=Phase.RUNNING)

    coming = factories.make_meeting(session, body)
    hold(session, factories.make_meeting(session, body, dt.date(2025, 11, 12)))
    counts = []
    for more in (3, 97):
        grow(more)
        session.flush()
        session.expunge_all()
        with recorded_queries(session.connection()) as seen:
            load_inputs(session, session.merge(coming), dt.date(2026, 3, 2))
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[1] <= 38


def test_what_lies_beyond_the_draft_is_told_without_drafting(session, body):
    stichtag = dt.date(2026, 2, 1)
    for number in range(3):
        project = factories.make_project(session, code=f"1.{3 - number}")
        for day in (dt.date(2025, 7, 1), dt.date(2025, 8, 1), dt.date(2026, 2, 20), dt.date(2026, 2, 10)):
            factories.make_status(session, project, day, G if number else R, phase=Phase.RUNNING)
    first, coming = factories.make_meeting(session, body, dt.date(2026, 4, 20)), factories.make_meeting(session, body)
    draft_agenda(session, ACTOR, first, as_of=stichtag)
    for proposal in agenda.list_proposals(session, ACTOR, ident(first)):
        reject_proposal(session, ACTOR, first, proposal, RejectIn(reason="später", resume_on=dt.date(2027, 1, 1)))
    session.flush()
    later, waiting = beyond_draft(session, coming, stichtag)
    assert len(later) == 6
    assert waiting
    made = draft_agenda(session, ACTOR, coming, as_of=stichtag)
    assert (made.later, made.waiting) == (later, waiting)
    with recorded_queries(session.connection()) as seen:
        load_beyond(session, coming, stichtag)
    told = [one for one in seen if "FROM status_report" in one]
    assert len(seen) <= 12
    assert len(told) == 1
    assert "status_report.as_of >" in told[0]


def test_loaded_inputs_name_only_projects_of_the_steered_periods(session, body):
    from app.bodies.models import BodyPeriod

    steered, other = factories.make_period(session), factories.make_period(session)
    inside = factories.make_project(session, period_id=steered.id)
    factories.make_project(session, period_id=other.id)
    session.add(BodyPeriod(body_id=ident(body), period_id=ident(steered)))
    session.flush()
    inputs = load_inputs(session, factories.make_meeting(session, body), dt.date(2026, 3, 2))
    assert [project.id for project in inputs.projects] == [inside.id]


def test_drafting_after_the_release_leaves_what_was_released_and_ends_when_the_meeting_begins(session, body):
    meeting = factories.make_meeting(session, body, dt.date(2025, 11, 12))
    release_meeting(session, ACTOR, meeting, ReleaseIn())
    released = agenda.find_edition(session, ident(meeting), Edition.FULL)
    draft_agenda(session, ACTOR, meeting)
    assert agenda.find_edition(session, ident(meeting), Edition.FULL).hash == released.hash
    assert agenda.list_items(session, ACTOR, ident(meeting)) == []
    start_meeting(session, ACTOR, meeting)
    with pytest.raises(Refused, match="läuft"):
        draft_agenda(session, ACTOR, meeting)
