"""What people do with projects and reports: effects, refusals, history, and two people at once."""

import datetime as dt
import threading

import pytest
from sqlmodel import select

from app import clock
from app.access.queries import actor_of
from app.actor import Role
from app.bodies.models import BodyPeriod
from app.db import Database, commit, ident
from app.errors import Forbidden, Invalid, Refused, Stale
from app.history.queries import list_entries
from app.people.models import Account
from app.projects.models import (
    DecisionNeed,
    Light,
    LineageKind,
    NeedEnd,
    Phase,
    ProjectCode,
    ProjectEnd,
    ProjectLead,
    StatusReport,
    StatusSource,
    StatusState,
)
from app.projects.queries import projects as queries
from app.projects.queries.view import list_milestones, load_view
from app.projects.schemas import CorrectionIn, MilestoneIn, ProjectChange, ProjectIn, StatusIn
from app.projects.service.milestones import tell_milestones
from app.projects.service.needs import answer_needs, close_need, refresh_needs
from app.projects.service.projects import change_project, create_project
from app.projects.service.status import (
    accept_status,
    correct_status,
    enter_status,
    reject_status,
    store_report,
)
from tests import factories as make

TODAY = dt.date(2026, 3, 2)
D1, D2, D3 = dt.date(2025, 9, 30), dt.date(2026, 1, 15), dt.date(2026, 2, 14)


def wish(as_of=D3, **fields) -> StatusIn:
    return StatusIn(as_of=as_of, **(fields or {"light": Light.RED}))


@pytest.fixture
def project(session):
    return make.make_project(session, "1.1", "Ankaufsstrategie Flächen")


@pytest.fixture
def lead(session, project):
    person = make.make_person(session)
    session.add(ProjectLead(project_id=ident(project), person_id=ident(person)))
    session.flush()
    return actor_of(session, make.make_account(session, person=person))


@pytest.fixture
def secretariat(session):
    return actor_of(session, make.make_account(session, Role.SECRETARIAT))


def stored_needs(session, project) -> list[tuple]:
    rows = session.exec(
        select(DecisionNeed).where(DecisionNeed.project_id == project.id).order_by(DecisionNeed.opened_on)
    ).all()
    return [(row.opened_on, row.text, row.closed_on, row.closed_how) for row in rows]


# --- reports


def test_the_secretariats_report_counts_at_once_and_is_remembered(session, secretariat, project):
    report = enter_status(
        session, secretariat, project, wish(light=Light.RED, phase=Phase.RUNNING, summary=" Es stockt. ")
    )
    assert (report.state, report.source, report.valid) == (StatusState.ACCEPTED, StatusSource.SECRETARIAT, True)
    assert report.summary == "Es stockt."
    assert report.created_by == secretariat.name
    commit(session)
    entry = list_entries(session, secretariat, object_kind="project", object_id=project.id)[0]
    assert entry.verb == "project.status.enter"
    assert entry.changes["light"] == [None, "red"]
    assert "14.02.2026" in entry.label


def test_a_leads_report_waits_and_then_counts(session, secretariat, lead, project):
    report = enter_status(session, lead, project, wish(light=Light.RED, decision_need="Rahmen 2027"))
    assert report.state is StatusState.SUBMITTED
    assert stored_needs(session, project) == []
    accept_status(session, secretariat, project, report)
    assert report.state is StatusState.ACCEPTED
    assert report.source is StatusSource.LEAD
    assert stored_needs(session, project) == [(D3, "Rahmen 2027", None, None)]


def test_the_same_report_of_a_lead_waits_only_once(session, lead, project):
    enter_status(session, lead, project, wish())
    with pytest.raises(Refused, match="liegt der Geschäftsstelle schon vor"):
        enter_status(session, lead, project, wish())
    enter_status(session, lead, project, wish(light=Light.YELLOW))


def test_accepting_a_second_report_of_a_stand_needs_a_reason_and_corrects(session, secretariat, lead, project):
    first = enter_status(session, secretariat, project, wish(light=Light.GREEN))
    second = enter_status(session, lead, project, wish(light=Light.RED))
    with pytest.raises(Invalid) as refused:
        accept_status(session, secretariat, project, second)
    assert "reason" in refused.value.fields
    accept_status(session, secretariat, project, second, reason="Die Leitung hat neuere Zahlen.")
    assert (first.valid, second.corrects_id, second.valid) == (False, first.id, True)


def test_a_refused_report_stays_with_its_reason_and_is_decided_once(session, secretariat, lead, project):
    report = enter_status(session, lead, project, wish())
    reject_status(session, secretariat, project, report, reason="Die Zahlen fehlen.")
    assert (report.state, report.rejection_reason) == (StatusState.REJECTED, "Die Zahlen fehlen.")
    with pytest.raises(Refused, match="schon entschieden"):
        accept_status(session, secretariat, project, report)


def test_only_the_secretariat_accepts_refuses_and_corrects(session, secretariat, lead, project):
    waiting = enter_status(session, lead, project, wish())
    counting = enter_status(session, secretariat, project, wish(as_of=D2, light=Light.GREEN))
    with pytest.raises(Forbidden):
        accept_status(session, lead, project, waiting)
    with pytest.raises(Forbidden):
        reject_status(session, lead, project, waiting, reason="nein")
    with pytest.raises(Forbidden):
        correct_status(session, lead, project, counting, CorrectionIn(as_of=D2, light=Light.RED, reason="so"))


def test_members_and_leads_of_other_projects_do_not_report(session, lead, project):
    body = make.make_body(session)
    member = actor_of(session, make.make_seated(session, body))
    other = make.make_project(session)
    with pytest.raises(Forbidden):
        enter_status(session, member, project, wish())
    with pytest.raises(Forbidden):
        enter_status(session, lead, other, wish())


def test_future_empty_and_doubled_reports_are_told_at_their_field(session, secretariat, project):
    with pytest.raises(Invalid) as future:
        enter_status(session, secretariat, project, wish(as_of=TODAY + dt.timedelta(days=1), light=Light.RED))
    assert "Zukunft" in future.value.fields["as_of"]
    with pytest.raises(Invalid) as empty:
        enter_status(session, secretariat, project, wish(light=None))
    assert "leer" in empty.value.fields[""]
    enter_status(session, secretariat, project, wish(as_of=TODAY, light=Light.RED))
    with pytest.raises(Invalid) as doubled:
        enter_status(session, secretariat, project, wish(as_of=TODAY, light=Light.GREEN))
    assert "berichtigen" in doubled.value.fields["as_of"]


def test_withdrawing_a_need_alone_is_a_report(session, secretariat, project):
    enter_status(session, secretariat, project, wish(as_of=D1, light=Light.RED, decision_need="Rahmen"))
    enter_status(session, secretariat, project, wish(as_of=D2, decision_need=""))
    assert stored_needs(session, project) == [(D1, "Rahmen", D2, NeedEnd.WITHDRAWN)]


def test_a_correction_keeps_both_and_rules_see_the_new_one(session, secretariat, project):
    old = enter_status(session, secretariat, project, wish(light=Light.GREEN, decision_need="Rahmen"))
    new = correct_status(
        session, secretariat, project, old, CorrectionIn(as_of=D3, light=Light.YELLOW, reason="Übertragungsfehler")
    )
    assert (old.valid, old.light, new.corrects_id, new.valid) == (False, Light.GREEN, old.id, True)
    view = load_view(session, secretariat, project)
    assert view.standing.light is Light.YELLOW
    assert {report.id for report in view.reports} == {old.id, new.id}
    assert stored_needs(session, project) == []
    with pytest.raises(Refused, match="zählt nicht mehr"):
        correct_status(session, secretariat, project, old, CorrectionIn(as_of=D3, light=Light.RED, reason="nochmals"))


def test_a_correction_changes_something_and_may_move_the_stand(session, secretariat, project):
    first = enter_status(session, secretariat, project, wish(as_of=D2, light=Light.GREEN))
    second = enter_status(session, secretariat, project, wish(as_of=D3, light=Light.RED))
    with pytest.raises(Invalid) as nothing:
        correct_status(session, secretariat, project, first, CorrectionIn(as_of=D2, light=Light.GREEN, reason="so"))
    assert "nichts geändert" in nothing.value.fields[""]
    with pytest.raises(Invalid) as taken:
        correct_status(session, secretariat, project, first, CorrectionIn(as_of=D3, light=Light.GREEN, reason="so"))
    assert "as_of" in taken.value.fields
    moved = correct_status(
        session, secretariat, project, first, CorrectionIn(as_of=D1, light=Light.GREEN, reason="Tag")
    )
    counting = session.exec(queries.counting_reports([ident(project)])).all()
    assert {report.id for report in counting} == {moved.id, second.id}


def test_a_race_on_the_index_becomes_a_sentence(session, project):
    def report() -> StatusReport:
        return StatusReport(
            project_id=ident(project), as_of=D3, light=Light.RED, source=StatusSource.IMPORT, created_at=clock.now()
        )

    store_report(session, report())
    with pytest.raises(Refused, match="hat gerade jemand anders gemeldet"):
        store_report(session, report())
    session.rollback()


def test_two_people_reporting_the_same_stand_at_once(own_database: Database):
    with own_database.write() as session:
        project_id = ident(make.make_project(session))
        accounts = [ident(make.make_account(session, Role.SECRETARIAT)) for _ in range(2)]
    start, outcomes = threading.Barrier(2), []

    def report(account_id: int, light: Light) -> None:
        start.wait()
        try:
            with own_database.write() as session:
                actor = actor_of(session, session.get_one(Account, account_id))
                project = queries.lock_project(session, actor, project_id)
                enter_status(session, actor, project, wish(light=light))
            outcomes.append("done")
        except (Refused, Invalid) as error:
            outcomes.append(type(error).__name__)

    with clock.standing_at(clock.now()):
        threads = [
            threading.Thread(target=report, args=pair) for pair in zip(accounts, (Light.RED, Light.GREEN), strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(outcomes) == ["Invalid", "done"]
    with own_database.read() as session:
        assert len(session.exec(select(StatusReport)).all()) == 1


# --- decision needs


def test_needs_are_the_same_in_whatever_order_statuses_came(session, project):
    other = make.make_project(session)
    told = [(D1, "A"), (D2, ""), (D3, "B")]
    for target, order in ((project, told), (other, told[::-1])):
        for as_of, words in order:
            make.make_status(session, target, as_of, decision_need=words)
            refresh_needs(session, [ident(target)])
    assert stored_needs(session, project) == stored_needs(session, other)
    assert stored_needs(session, project) == [(D1, "A", D2, NeedEnd.WITHDRAWN), (D3, "B", None, None)]


def test_refreshing_twice_changes_nothing_and_keeps_rows(session, project):
    make.make_status(session, project, D2, decision_need="A")
    refresh_needs(session, [ident(project)])
    first = session.exec(select(DecisionNeed)).all()
    ids = [row.id for row in first]
    refresh_needs(session, [ident(project), ident(project)])
    assert [row.id for row in session.exec(select(DecisionNeed)).all()] == ids


def test_a_need_closed_by_the_secretariat_stays_closed_and_opens_anew(session, secretariat, project):
    enter_status(session, secretariat, project, wish(as_of=D2, decision_need="Rahmen"))
    need = session.exec(select(DecisionNeed)).one()
    close_need(session, secretariat, project, need, reason="Mit der Finanzverwaltung geklärt.")
    assert (need.closed_on, need.closed_how) == (TODAY, NeedEnd.CLOSED)
    with pytest.raises(Refused, match="nicht mehr offen"):
        close_need(session, secretariat, project, need, reason="noch einmal")
    with clock.standing_at(clock.now() + dt.timedelta(days=30)):
        enter_status(session, secretariat, project, wish(as_of=TODAY + dt.timedelta(days=9), decision_need="Rahmen"))
    assert [row[3] for row in stored_needs(session, project)] == [NeedEnd.CLOSED, None]


def test_an_older_status_moves_the_opening_and_keeps_the_closing(session, secretariat, project):
    enter_status(session, secretariat, project, wish(as_of=D2, decision_need="Rahmen"))
    need = session.exec(select(DecisionNeed)).one()
    close_need(session, secretariat, project, need, reason="Geklärt.")
    make.make_status(session, project, D1, decision_need="Rahmen")
    refresh_needs(session, [ident(project)])
    assert stored_needs(session, project) == [(D1, "Rahmen", TODAY, NeedEnd.CLOSED)]
    assert session.exec(select(DecisionNeed)).one().id == need.id


def test_a_closing_by_hand_survives_the_correction_of_its_status(session, secretariat, project):
    report = enter_status(session, secretariat, project, wish(as_of=D2, decision_need="Rahmen"))
    close_need(session, secretariat, project, session.exec(select(DecisionNeed)).one(), reason="Geklärt.")
    correct_status(session, secretariat, project, report, CorrectionIn(as_of=D2, light=Light.RED, reason="Versehen"))
    assert stored_needs(session, project) == [(D2, "Rahmen", TODAY, NeedEnd.CLOSED)]


def test_a_decision_answers_what_was_open_on_its_day(session, secretariat, project):
    later = make.make_project(session)
    enter_status(session, secretariat, project, wish(as_of=D1, decision_need="Rahmen"))
    enter_status(session, secretariat, later, wish(as_of=D3, decision_need="Später"))
    reason = "TOP 4.1 der 17. Sitzung"
    answer_needs(session, secretariat, {ident(project): reason, ident(later): reason}, on=D2)
    assert stored_needs(session, project) == [(D1, "Rahmen", D2, NeedEnd.DECIDED)]
    assert stored_needs(session, later) == [(D3, "Später", None, None)]


def test_only_the_secretariat_closes_needs(session, secretariat, lead, project):
    enter_status(session, secretariat, project, wish(as_of=D2, decision_need="Rahmen"))
    with pytest.raises(Forbidden):
        close_need(session, lead, project, session.exec(select(DecisionNeed)).one(), reason="weg")


# --- milestones and ends


def test_a_milestone_remembers_its_dates(session, secretariat, project):
    due, late = dt.date(2026, 6, 30), dt.date(2026, 12, 31)
    tell_milestones(session, secretariat, project, [MilestoneIn(title="Satzung", due_on=due)], told_on=D1)
    key = list_milestones(session, ident(project))[0].milestone.id
    tell_milestones(session, secretariat, project, [MilestoneIn(id=key, title="Satzung", due_on=due)], told_on=D2)
    tell_milestones(session, secretariat, project, [MilestoneIn(id=key, title="Satzung", due_on=late)], told_on=D3)
    found = list_milestones(session, ident(project))[0]
    assert dict(found.told) == {D1: due, D3: late}
    assert (found.dating.original, found.dating.current, found.dating.moves) == (due, late, 1)
    wish_done = MilestoneIn(id=key, title="Satzung", due_on=late, done_on=TODAY)
    tell_milestones(session, secretariat, project, [wish_done], told_on=TODAY)
    assert list_milestones(session, ident(project))[0].milestone.done_on == TODAY
    assert load_view(session, secretariat, project).next_milestone is None


def test_milestones_are_told_once_by_the_secretariat_and_done_by_today(session, secretariat, lead, project):
    with pytest.raises(Forbidden):
        tell_milestones(session, lead, project, [MilestoneIn(title="Satzung")], told_on=D3)
    twice = [MilestoneIn(title="Satzung"), MilestoneIn(title=" satzung ", done_on=dt.date(2026, 3, 3))]
    with pytest.raises(Invalid) as refused:
        tell_milestones(session, secretariat, project, twice, told_on=D3)
    assert set(refused.value.fields) == {"milestones.1.title", "milestones.1.done_on"}
    assert list_milestones(session, ident(project)) == []


# --- projects themselves


def test_a_new_project_with_everything(session, secretariat):
    period = make.make_period(session)
    main, further = make.make_field(session, period), make.make_field(session, period)
    lead, partner = make.make_organisation(session, "Senat"), make.make_organisation(session, "Kammer")
    heir, person = make.make_project(session), make.make_person(session)
    wished = ProjectIn(
        code="3.2",
        title="  Ankauf   von Flächen ",
        period=period.id,
        field=main.id,
        fields=(further.id, main.id),
        lead=lead.id,
        partners=(partner.id,),
        ends_on=dt.date(2027, 12, 31),
        earlier_codes=({"code": "2.7"},),
        lineage=({"to": heir.id, "kind": LineageKind.CONTINUED, "since_on": "01.01.2026"},),
        leads=({"person": person.id},),
    )
    project = create_project(session, secretariat, wished)
    view = load_view(session, secretariat, project)
    assert (project.title, project.code_key, project.stated_on) == (
        "Ankauf von Flächen",
        "0000000003 0000000002",
        TODAY,
    )
    assert [name for _, name in view.further_fields] == [further.name]
    assert (view.lead, view.partners[0][1]) == ("Senat", "Kammer")
    assert [one.code for one in view.successors] == [heir.code]
    assert view.ends == {TODAY: dt.date(2027, 12, 31)}
    assert [one.name for one in view.leads] == [person.name]
    assert load_view(session, secretariat, heir).predecessors[0].word == "Fortführung von"


def test_numbers_are_unique_in_their_period_and_references_must_fit(session, secretariat):
    period, other = make.make_period(session), make.make_period(session)
    make.make_project(session, "1.1", period_id=period.id)
    foreign = make.make_field(session, other)
    wished = ProjectIn(
        code="1.1",
        title="A",
        period=period.id,
        field=foreign.id,
        lead=99_999,
        starts_on=D3,
        ends_on=D1,
        lineage=({"to": 99_999, "kind": LineageKind.MERGED, "since_on": D1},),
    )
    with pytest.raises(Invalid) as refused:
        create_project(session, secretariat, wished)
    assert set(refused.value.fields) == {"code", "field", "lead", "ends_on", "lineage"}
    create_project(session, secretariat, ProjectIn(code="1.1", title="A", period=other.id))
    create_project(session, secretariat, ProjectIn(code="1.1", title="Ohne Periode"))
    with pytest.raises(Invalid):
        create_project(session, secretariat, ProjectIn(code="1.1", title="Ohne Periode"))


def test_a_change_keeps_the_old_number_findable_and_the_ends_as_told(session, secretariat):
    project = create_project(session, secretariat, ProjectIn(code="1.1", title="A", ends_on=D1))
    version = project.version
    with clock.standing_at(clock.now() + dt.timedelta(days=1)):
        change = ProjectChange(code="2.1", ends_on=D2)
        change_project(session, secretariat, project, change, expected=version)
    assert project.title == "A"
    assert project.version > version
    assert session.exec(select(ProjectCode.code)).all() == ["1.1"]
    ends = session.exec(select(ProjectEnd).order_by(ProjectEnd.told_on)).all()
    assert [(row.told_on, row.ends_on) for row in ends] == [(TODAY, D1), (TODAY + dt.timedelta(days=1), D2)]


def test_changing_only_a_list_lets_the_version_rise_and_changing_nothing_does_not(session, secretariat, project):
    partner, version = make.make_organisation(session), project.version
    change_project(session, secretariat, project, ProjectChange(partners=(partner.id,)))
    risen = project.version
    assert risen > version
    change_project(session, secretariat, project, ProjectChange(partners=(partner.id,), title=project.title))
    assert project.version == risen


def test_a_stale_change_shows_what_stands_now(session, secretariat, project):
    stale = project.version
    change_project(session, secretariat, project, ProjectChange(title="Neu"))
    with pytest.raises(Stale) as refused:
        change_project(session, secretariat, project, ProjectChange(title="Auch neu"), expected=stale)
    assert refused.value.current["title"] == "Neu"


def test_a_secretariat_of_one_body_changes_only_what_it_steers(session):
    body, period, foreign = make.make_body(session), make.make_period(session), make.make_period(session)
    session.add(BodyPeriod(body_id=ident(body), period_id=ident(period)))
    session.flush()
    actor = actor_of(session, make.make_account(session, Role.SECRETARIAT, body))
    project = create_project(session, actor, ProjectIn(code="1", title="A", period=period.id))
    with pytest.raises(Forbidden):
        create_project(session, actor, ProjectIn(code="1", title="A", period=foreign.id))
    with pytest.raises(Forbidden):
        change_project(session, actor, project, ProjectChange(period=foreign.id))
