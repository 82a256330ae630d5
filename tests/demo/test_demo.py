"""The demo as a whole: what is real and what is invented, every rule at work, and a history that verifies."""

import json

import pytest
from sqlmodel import Session, col, select

from app import clock
from app.agenda.models import (
    AgendaItem,
    AgendaItemGuest,
    AgendaItemProject,
    AgendaRelease,
    FrozenStatus,
    Level,
    Outcome,
    Proposal,
    ProposalState,
    Topic,
)
from app.bodies.models import Body, Membership, MembershipKind, Seat, SeatAddress
from app.demo.reading import real_meetings, real_projects
from app.drafting.rules.table import TABLE
from app.history.models import HistoryDetail
from app.history.queries import verify_chain
from app.installation.models import Installation
from app.meetings.models import Meeting, MeetingState
from app.people.models import Account, Person
from app.projects.models import (
    DecisionNeed,
    Light,
    LineageKind,
    Milestone,
    NeedEnd,
    Phase,
    PlanPeriod,
    Project,
    ProjectCode,
    ProjectLineage,
    StatusReport,
    StatusSource,
    StatusState,
)
from tests.demo.conftest import fired, next_meeting

pytestmark = pytest.mark.once


def codes(session: Session) -> dict[int | None, str]:
    invented = session.exec(select(Project).where(col(Project.invented).is_(True)))
    return {project.id: project.code for project in invented}


def test_every_rule_fires(reading: Session) -> None:
    assert fired(reading) == {row.rule.value for row in TABLE}


def test_real_projects_come_with_their_source_and_without_any_status(reading: Session) -> None:
    real = reading.exec(select(Project).where(col(Project.invented).is_(False))).all()
    assert {one.title for one in real} == {row["title"] for row in real_projects()}
    for row in real_projects():
        found = next(one for one in real if one.title == row["title"])
        assert row["source"].split(" ;")[0] in found.source
    ids = [one.id for one in real]
    for table in (StatusReport, DecisionNeed, Milestone, AgendaItemProject):
        assert reading.exec(select(table).where(col(table.project_id).in_(ids))).all() == []
    frozen = reading.exec(select(FrozenStatus).where(col(FrozenStatus.project_id).in_(ids))).all()
    assert {(row.light, row.phase, row.status_id) for row in frozen} <= {(None, None, None)}


def test_everything_invented_says_so(reading: Session) -> None:
    periods = {period.id: period for period in reading.exec(select(PlanPeriod))}
    invented = reading.exec(select(Project).where(col(Project.invented).is_(True))).all()
    assert len(invented) > 100
    for project in invented:
        assert periods[project.period_id].invented
        assert periods[project.period_id].name.startswith("Demo 20")
        assert "erfunden" in project.source
    assert {period.name for period in periods.values() if not period.invented} == {
        "2010–2020",
        "2018–2021",
        "2022–2026",
    }
    told = {report.project_id for report in reading.exec(select(StatusReport))}
    assert told <= {project.id for project in invented}
    made_up = reading.exec(select(Meeting).where(col(Meeting.source).contains("erfunden"))).all()
    assert len(made_up) == 6
    released = {release.meeting_id for release in reading.exec(select(AgendaRelease))}
    assert released <= {meeting.id for meeting in made_up}
    assert reading.get_one(Installation, 1).demo_made_on == clock.today()


def test_past_meetings_are_held_without_agenda_and_do_not_disturb_the_drafting(reading: Session) -> None:
    dated = {int(row["number"]): row for row in real_meetings() if row["date"].count("-") == 2}
    found = reading.exec(select(Meeting).where(col(Meeting.number) < 100)).all()
    assert {meeting.number for meeting in found} == set(dated)
    for meeting in found:
        row = dated[meeting.number or 0]
        assert meeting.starts_at.astimezone(clock.BERLIN).date().isoformat() == row["date"]
        assert (meeting.place, meeting.main_topic) == (row["place"], row["topics"])
        assert row["source"] in meeting.source
        assert (meeting.state, meeting.without_status, meeting.entered_afterwards) == (MeetingState.HELD, True, True)


def test_seats_and_people(reading: Session) -> None:
    body = reading.exec(select(Body)).one()
    seats = reading.exec(select(Seat).where(Seat.body_id == body.id).order_by(col(Seat.protocol_order))).all()
    assert (seats[0].chair, seats[0].title) == (True, "Regierender Bürgermeister")
    assert [seat.voting for seat in seats].count(False) == 1
    assert all(seat.source for seat in seats)
    assert set(reading.exec(select(Membership.kind))) == set(MembershipKind)
    addresses = [address.email for address in reading.exec(select(SeatAddress))]
    mails = addresses + [person.email for person in reading.exec(select(Person))]
    mails += [account.email for account in reading.exec(select(Account))]
    assert all(mail.endswith("@example.org") and mail.isascii() for mail in mails)


def test_the_deferred_item_is_also_red_late_and_waits_for_a_decision(reading: Session) -> None:
    adjourned = reading.exec(select(AgendaItem).where(AgendaItem.outcome == Outcome.ADJOURNED)).one()
    proposal = reading.exec(select(Proposal).where(Proposal.key == f"item:{adjourned.id}")).one()
    rules = {reason["rule"] for reason in json.loads(proposal.reasons)}
    assert rules == {"item_deferred", "still_red", "milestone_overdue", "decision_needed"}


def test_the_next_agenda_has_something_of_everything(reading: Session) -> None:
    meeting = next_meeting(reading)
    items = reading.exec(select(AgendaItem).where(AgendaItem.meeting_id == meeting.id)).all()
    links = [link.item_id for link in reading.exec(select(AgendaItemProject))]
    assert max(links.count(item.id or 0) for item in items) == 3
    assert [item.level for item in items].count(Level.CONFIDENTIAL) == 1
    guests = reading.exec(select(AgendaItemGuest)).all()
    assert [guest.item_id in {item.id for item in items} for guest in guests] == [True]
    states = [one.state for one in reading.exec(select(Proposal).where(Proposal.meeting_id == meeting.id))]
    assert (states.count(ProposalState.ACCEPTED), states.count(ProposalState.REJECTED)) == (6, 1)
    assert states.count(ProposalState.OPEN) > 20
    topics = reading.exec(select(Topic).where(Topic.from_meeting_id == meeting.id)).all()
    assert [topic.resume_on is not None and topic.resume_on > clock.today() for topic in topics] == [True]


def test_meetings_of_every_kind(reading: Session) -> None:
    invented = reading.exec(select(Meeting).where(col(Meeting.number).is_(None) | (col(Meeting.number) > 100))).all()
    states = sorted(meeting.state for meeting in invented)
    held, coming = MeetingState.HELD, MeetingState.PLANNED
    assert states == sorted([held, held, held, MeetingState.CANCELLED, MeetingState.DRAFT, coming])
    assert [meeting.state for meeting in invented if meeting.special] == [held]
    assert next_meeting(reading).announced_at is not None
    settled = {item.outcome for item in reading.exec(select(AgendaItem)) if item.outcome}
    assert settled >= {
        Outcome.ADOPTED,
        Outcome.ADOPTED_CHANGED,
        Outcome.CONFIRMED,
        Outcome.NOTED,
        Outcome.ADJOURNED,
        Outcome.NOT_REACHED,
        Outcome.REFERRED,
        Outcome.RETRACTED,
    }


def test_stories_are_irregular(reading: Session) -> None:
    names = codes(reading)
    reports = reading.exec(select(StatusReport)).all()
    paths: dict[str, list[Light | None]] = {}
    for report in sorted(reports, key=lambda report: report.as_of):
        if report.valid and report.state is StatusState.ACCEPTED:
            paths.setdefault(names[report.project_id], []).append(report.light)
    assert paths["3.11"] == [Light.RED, Light.YELLOW, Light.RED]
    assert paths["4.4"] == [Light.GREEN, Light.GREEN, Light.RED, Light.GREEN]
    assert "4.26" not in paths
    assert None in paths["3.26"]
    corrected = [report for report in reports if report.corrects_id]
    assert len(corrected) == 3
    assert all(report.correction_reason for report in corrected)
    waiting = [report for report in reports if report.state is StatusState.SUBMITTED]
    assert {report.source for report in waiting} == {StatusSource.LEAD}
    assert len(waiting) == 3
    assert {report.phase for report in reports} >= set(Phase) - {Phase.UNKNOWN, Phase.REJECTED}
    ends = [need.closed_how for need in reading.exec(select(DecisionNeed))]
    assert set(ends) == {None, *NeedEnd}
    assert {line.kind for line in reading.exec(select(ProjectLineage))} == set(LineageKind)
    assert len(reading.exec(select(ProjectCode)).all()) >= 6


def test_numbers_sort_as_people_count(reading: Session) -> None:
    rows = reading.exec(select(Project).where(Project.source == "erfunden für die Demo").order_by(Project.code_key))
    ordered = [project.code for project in rows if project.code.startswith("1.")]
    assert ordered.index("1.10") > ordered.index("1.9")


def test_the_history_grew_by_named_hands_and_verifies(reading: Session) -> None:
    verdict = verify_chain(reading)
    assert (verdict.broken_at, verdict.entries > 1000) == (None, True)
    who = {json.loads(detail.content)["who"] for detail in reading.exec(select(HistoryDetail))}
    assert who >= {"Einrichtung der Demo", "Jule Brandwein (Geschäftsstelle)", "Dr.-Ing. Emre Köstlin (Projektleitung)"}
