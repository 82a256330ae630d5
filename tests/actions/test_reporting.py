"""Reports on actions: dated steps, dates with their reason, many at once, and what a held meeting has carried."""

import datetime as dt

import pytest

from app import clock
from app.access.queries import actor_of
from app.actions import queries
from app.actions.models import ActionState
from app.actions.schemas import ActionChange, ProgressIn
from app.actions.service.changing import change_action
from app.actions.service.reporting import report_many, report_progress
from app.actor import Role
from app.agenda import queries as agenda
from app.agenda.models import SectionKey
from app.agenda.schemas.wishes import ItemIn, ReleaseIn
from app.agenda.service.items import add_item
from app.agenda.service.proposals import accept_proposal
from app.db import ident
from app.drafting.service.proposing import draft_agenda
from app.drafting.service.releasing import release_meeting
from app.errors import Forbidden, Invalid, NotFound, Stale
from app.meetings.service import start_meeting
from app.minutes.service.closing import close_meeting
from app.visibility import Level
from tests import factories
from tests.factories import make_action, operator

OPEN, WORK, DONE, DROPPED = ActionState
TODAY = dt.date(2026, 3, 2)
YES = ReleaseIn(approved_by="den Vorsitz", approved_on=dt.date(2026, 3, 1), approved_how="mündlich")


@pytest.fixture
def body(session):
    return factories.make_body(session, "SKIP")


def responsible(session, action):
    """The account of a person who answers for the action and has no other right."""
    person = factories.make_person(session)
    action.person_id = ident(person)
    session.flush()
    return actor_of(session, factories.make_account(session, person=person))


def test_a_step_is_kept_with_its_day_and_moves_the_action(session, body):
    action = make_action(session, body, due_on=TODAY - dt.timedelta(12))
    report_progress(session, operator(), action, ProgressIn(state=WORK, text="Angefangen", as_of=dt.date(2026, 2, 20)))
    report_progress(session, operator(), action, ProgressIn(due_on=dt.date(2026, 6, 30), reason="Daten fehlen"))
    report_progress(session, operator(), action, ProgressIn(state=DONE, text="Liegt vor"))
    steps = queries.list_steps(session, [ident(action)])[ident(action)]
    assert [(one.as_of, one.state, one.text, one.due_before, one.due_on, one.reason) for one in steps] == [
        (dt.date(2026, 2, 20), WORK, "Angefangen", None, None, ""),
        (TODAY, WORK, "", TODAY - dt.timedelta(12), dt.date(2026, 6, 30), "Daten fehlen"),
        (TODAY, DONE, "Liegt vor", None, None, ""),
    ]
    assert (action.state, action.done_on) == (DONE, TODAY)
    assert (action.first_due_on, action.due_on) == (TODAY - dt.timedelta(12), dt.date(2026, 6, 30))
    report_progress(session, operator(), action, ProgressIn(state=WORK, text="Doch nicht"))
    assert (action.state, action.done_on) == (WORK, None)


def test_an_action_without_a_date_gets_its_first_one(session, body):
    action = make_action(session, body)
    report_progress(session, operator(), action, ProgressIn(due_on=dt.date(2026, 6, 30), reason="Vereinbart"))
    assert action.first_due_on == action.due_on == dt.date(2026, 6, 30)


def test_who_answers_for_it_reports_and_others_do_not(session, body):
    action = make_action(session, body)
    own = responsible(session, action)
    report_progress(session, own, action, ProgressIn(state=DONE, text="Erledigt durch uns"))
    assert action.state is DONE
    member = actor_of(session, factories.make_seated(session, body))
    chair = actor_of(session, factories.make_seated(session, body, chair=True))
    for reader in (member, chair):
        with pytest.raises(Forbidden):
            report_progress(session, reader, action, ProgressIn(text="Ich auch"))
    with pytest.raises(Forbidden):
        report_progress(session, own, action, ProgressIn(state=DROPPED, text="Nein"))
    with pytest.raises(Forbidden):
        report_progress(session, own, action, ProgressIn(state=WORK, text="x", due_on=TODAY, reason="y"))
    with pytest.raises(Forbidden):
        change_action(session, own, action, ActionChange(title="Anders"))


def test_nobody_reports_on_what_has_no_number(session, body):
    with pytest.raises(Forbidden):
        report_progress(session, operator(), make_action(session, body, number=""), ProgressIn(text="x"))


def test_two_people_who_change_one_action_do_not_undo_each_other(session, body):
    action = make_action(session, body)
    seen = action.version
    report_progress(session, operator(), action, ProgressIn(text="Die erste"), base_version=seen)
    with pytest.raises(Stale) as refused:
        report_progress(session, operator(), action, ProgressIn(state=DONE, text="Die zweite"), base_version=seen)
    assert refused.value.current["version"] == action.version
    with pytest.raises(Stale):
        change_action(session, operator(), action, ActionChange(title="Anders"), base_version=seen)
    assert action.state is OPEN


def test_another_house_is_responsible_from_now_on_but_never_nobody(session, body):
    house, project = factories.make_organisation(session), factories.make_project(session)
    action = make_action(session, body, person_id=ident(factories.make_person(session)))
    wish = ActionChange(organisation=ident(house), person=None, projects=[ident(project)])
    change_action(session, operator(), action, wish)
    assert (action.organisation_id, action.person_id) == (ident(house), None)
    assert queries.project_ids_of(session, [ident(action)]) == {ident(action): [ident(project)]}
    with pytest.raises(Invalid) as refused:
        change_action(session, operator(), action, ActionChange(organisation=None))
    assert list(refused.value.fields) == ["organisation"]


def test_unknown_institutions_persons_and_projects_are_refused(session, body):
    action = make_action(session, body, person_id=ident(factories.make_person(session)))
    for field in ("organisation", "person", "projects"):
        wish = ActionChange(**{field: [999999] if field == "projects" else 999999})
        with pytest.raises(Invalid) as refused, session.begin_nested():
            change_action(session, operator(), action, wish)
        assert list(refused.value.fields) == [field]


def test_many_get_the_same_step_or_none_does(session, body):
    first, second = make_action(session, body), make_action(session, body, due_on=dt.date(2026, 4, 1))
    wish = ProgressIn(due_on=dt.date(2026, 9, 30), reason="Wahl")
    late = ProgressIn(due_on=dt.date(2025, 9, 30), reason="Wahl")
    pairs = [(ident(first), first.version), (ident(second), second.version)]
    with pytest.raises(Invalid) as refused, session.begin_nested():
        report_many(session, operator(), pairs, late)
    assert first.number in refused.value.fields[""]
    assert second.number in refused.value.fields[""]
    with pytest.raises(Invalid) as refused, session.begin_nested():
        report_many(session, operator(), [(ident(first), first.version - 1)], wish)
    assert "inzwischen" in refused.value.fields[""]
    report_many(session, operator(), pairs, wish)
    assert first.due_on == second.due_on == dt.date(2026, 9, 30)
    assert (first.first_due_on, second.first_due_on) == (dt.date(2026, 9, 30), dt.date(2026, 4, 1))
    with pytest.raises(Invalid):
        report_many(session, operator(), [], wish)


def test_many_at_once_are_for_the_secretariat_of_each(session, body):
    other = make_action(session, factories.make_body(session))
    own = actor_of(session, factories.make_account(session, Role.SECRETARIAT, body))
    with pytest.raises(NotFound):
        report_many(session, own, [(ident(other), None)], ProgressIn(text="x"))
    action = make_action(session, body)
    with pytest.raises(Forbidden):
        report_many(session, responsible(session, action), [(ident(action), None)], ProgressIn(text="x"))


def table_of(session, meeting, key="actions"):
    (row,) = [row for row in agenda.list_proposals(session, operator(), ident(meeting)) if row.key == key]
    return row


def hold(session, meeting):
    release_meeting(session, operator(), meeting, YES)
    start_meeting(session, operator(), meeting)
    close_meeting(session, operator(), meeting)


def test_the_agenda_lists_all_open_ones_and_done_ones_until_a_held_meeting_told_them(session, body):
    house = factories.make_organisation(session, "Industrie- und Handelskammer", "IHK")
    late = make_action(session, body, title="Bericht", due_on=dt.date(2026, 2, 1), organisation_id=ident(house))
    later = make_action(session, body, title="Karte", due_on=dt.date(2026, 12, 1))
    done, secret = make_action(session, body, title="Liste"), make_action(session, body, level=Level.CONFIDENTIAL)
    make_action(session, body, title="Kommt erst", number="")
    make_action(session, factories.make_body(session), title="Andere")
    report_progress(session, operator(), done, ProgressIn(state=DONE, text="Liegt vor"))
    report_progress(session, operator(), late, ProgressIn(due_on=dt.date(2026, 3, 20), reason="Krank"))
    meeting = factories.make_meeting(session, body, dt.date(2026, 5, 12))
    draft_agenda(session, operator(), meeting)
    row = table_of(session, meeting)
    assert row.grouped
    day = "01.01.2026"
    assert row.occasion.split("\n") == [
        f"Fällig am 20.03.2026: {late.number} „Bericht“ ({day}), zuständig IHK, offen, ursprünglich bis 01.02.2026",
        f"Offen: {later.number} „Karte“ ({day}), offen, Frist 01.12.2026",
        f"Erledigt: {done.number} „Liste“ ({day}), erledigt, Stand 02.03.2026",
    ]
    assert secret.number in table_of(session, meeting, "actions-confidential").occasion
    accept_proposal(session, operator(), meeting, row)
    hold(session, meeting)
    assert [one.reported_in_id for one in (late, later, done, secret)] == [None, None, ident(meeting), None]
    following = factories.make_meeting(session, body, dt.date(2026, 11, 12))
    with clock.standing_at(dt.datetime(2026, 6, 1, 9, tzinfo=clock.BERLIN)):
        draft_agenda(session, operator(), following)
        assert "Liste" not in table_of(session, following).occasion
        report_progress(session, operator(), done, ProgressIn(state=WORK, text="Doch noch nicht"))
        assert done.reported_in_id is None
        draft_agenda(session, operator(), following)
        assert "Liste" in table_of(session, following).occasion


def test_what_the_agenda_did_not_tell_or_no_longer_is_so_comes_again(session, body):
    again, unsaid = make_action(session, body), make_action(session, body)
    report_progress(session, operator(), again, ProgressIn(state=DONE, text="Fertig"))
    meeting = factories.make_meeting(session, body, dt.date(2026, 5, 12))
    draft_agenda(session, operator(), meeting)
    accept_proposal(session, operator(), meeting, table_of(session, meeting))
    report_progress(session, operator(), again, ProgressIn(state=OPEN, text="Doch nicht"))
    report_progress(session, operator(), unsaid, ProgressIn(state=DONE, text="Fertig"))
    hold(session, meeting)
    assert (again.reported_in_id, unsaid.reported_in_id) == (None, None)


def test_a_meeting_without_the_table_has_carried_nothing(session, body):
    done = make_action(session, body)
    report_progress(session, operator(), done, ProgressIn(state=DONE, text="Fertig"))
    meeting = factories.make_meeting(session, body, dt.date(2026, 5, 12))
    draft_agenda(session, operator(), meeting)
    add_item(session, operator(), meeting, ItemIn(title="Bericht", section=SectionKey.CONSENT))
    hold(session, meeting)
    assert done.reported_in_id is None


def test_only_what_was_reported_up_to_the_stichtag_counts(session, body):
    action = make_action(session, body, due_on=dt.date(2026, 2, 1))
    report_progress(session, operator(), action, ProgressIn(text="x", state=WORK, as_of=dt.date(2026, 2, 10)))
    report_progress(session, operator(), action, ProgressIn(due_on=dt.date(2026, 9, 1), reason="y"))
    report_progress(session, operator(), action, ProgressIn(state=DONE, text="z"))
    meeting = factories.make_meeting(session, body, dt.date(2026, 5, 12))

    def line(as_of):
        draft_agenda(session, operator(), meeting, as_of=as_of)
        return table_of(session, meeting).occasion

    early = line(dt.date(2026, 2, 9))
    assert early.startswith("Fällig am 01.02.2026: ")
    assert early.endswith(", offen")
    assert line(dt.date(2026, 2, 10)).endswith(", in Arbeit")
    assert line(clock.today()).startswith("Erledigt: ")
    assert line(dt.date(2026, 2, 9)) == early
