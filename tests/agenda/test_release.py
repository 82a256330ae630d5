"""Releases: what is frozen stays, numbers and hashes hold, both editions, every project's status as of the Stichtag."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app import clock
from app.agenda.models import AgendaDraft, AgendaItem, Edition, FrozenDocument, FrozenStatus, Level, SectionKey
from app.agenda.schemas.frozen import hash_values, read_values
from app.agenda.schemas.wishes import ItemIn, ReleaseIn
from app.agenda.service.items import add_item
from app.agenda.service.release import release_agenda
from app.bodies.service import steer_periods
from app.db import ident
from app.errors import Invalid, Refused
from app.jobs.models import Job
from app.meetings.models import MeetingState
from app.projects.models import Light, Phase
from tests import factories
from tests.factories import operator

YES = ReleaseIn(approved_by="Vorsitz", approved_on=dt.date(2026, 3, 1), approved_how="E-Mail")


@pytest.fixture
def meeting(session):
    return factories.make_meeting(session, factories.make_body(session), dt.date(2026, 5, 12), number=18)


def add(session, meeting, title="Punkt", section=SectionKey.DEBATE, **fields):
    return add_item(session, operator(), meeting, ItemIn(title=title, section=section, **fields))


def editions(session, release):
    session.flush()
    rows = session.exec(
        select(FrozenDocument).where(
            FrozenDocument.meeting_id == release.meeting_id, FrozenDocument.version == release.version
        )
    ).all()
    return {row.edition: row for row in rows}


def test_a_release_fixes_numbers_and_confirms_the_meeting(session, meeting):
    debate = add(session, meeting)
    first, second = (add(session, meeting, title, SectionKey.DECISION) for title in ("A", "B"))
    release = release_agenda(session, operator(), meeting, YES)
    session.flush()
    assert (first.number, second.number, debate.number) == ("2.1", "2.2", "3.1")
    assert meeting.state is MeetingState.RELEASED
    assert meeting.announced_at == clock.now()
    assert (release.version, release.as_of) == (1, clock.today())


def test_both_editions_are_frozen_with_hashes_that_hold(session, meeting):
    add(session, meeting, "Offen", proposed_decision="1. Ja")
    add(session, meeting, "Heikel", level=Level.CONFIDENTIAL)
    found = editions(session, release_agenda(session, operator(), meeting, YES))
    whole, part = (read_values(found[which].content) for which in (Edition.FULL, Edition.NON_CONFIDENTIAL))
    assert [item.title for section in whole.sections for item in section.items] == ["Offen", "Heikel"]
    assert [item.title for section in part.sections for item in section.items] == ["Offen"]
    assert "Heikel" not in found[Edition.NON_CONFIDENTIAL].content
    assert all(hash_values(row.content) == row.hash for row in found.values())
    waiting = session.exec(select(Job.payload)).all()
    assert all(any(row.hash in payload for payload in waiting) for row in found.values())


def test_minutes_of_the_smaller_edition_leave_the_confidential_out(session, meeting):
    add(session, meeting, minutes=20)
    add(session, meeting, minutes=15, level=Level.CONFIDENTIAL)
    found = editions(session, release_agenda(session, operator(), meeting, YES))
    whole = (Edition.FULL, Edition.NON_CONFIDENTIAL)
    debate = {which: read_values(found[which].content).sections[1].minutes for which in whole}
    assert debate == {Edition.FULL: 35, Edition.NON_CONFIDENTIAL: 20}


def test_the_status_of_every_steered_project_is_frozen_as_of_the_stichtag(session, meeting):
    period, other = factories.make_period(session), factories.make_period(session)
    red, silent = (factories.make_project(session, code, period_id=period.id) for code in ("1.1", "1.2"))
    factories.make_project(session, "9.9", period_id=other.id)
    factories.make_status(session, red, dt.date(2025, 9, 30), Light.GREEN, phase=Phase.RUNNING)
    factories.make_status(session, red, dt.date(2026, 2, 14), Light.RED)
    factories.make_status(session, red, dt.date(2026, 3, 1), Light.YELLOW)
    body = session.get_one(type(factories.make_body(session)), meeting.body_id)
    steer_periods(session, operator(), body, [ident(period)])
    session.add(AgendaDraft(meeting_id=ident(meeting), as_of=dt.date(2026, 2, 20), drafted_at=clock.now()))
    add(session, meeting, projects=[ident(red)])
    release = release_agenda(session, operator(), meeting, YES)
    session.flush()
    rows = {row.project_id: row for row in session.exec(select(FrozenStatus))}
    assert set(rows) == {red.id, silent.id}
    assert (rows[red.id].light, rows[red.id].phase) == (Light.RED, Phase.RUNNING)
    assert rows[red.id].as_of == dt.date(2026, 2, 14)
    assert (rows[silent.id].light, rows[silent.id].as_of) == (None, None)
    shown = read_values(editions(session, release)[Edition.FULL].content).sections[1].items[0].projects[0]
    assert (shown.light, shown.as_of) == (Light.RED, dt.date(2026, 2, 14))


def test_a_meeting_entered_afterwards_freezes_its_own_day(session):
    held = factories.make_meeting(session, factories.make_body(session), dt.date(2025, 5, 14))
    project = factories.make_project(session)
    factories.make_status(session, project, dt.date(2025, 3, 31), Light.GREEN)
    factories.make_status(session, project, dt.date(2025, 9, 30), Light.RED)
    release = release_agenda(session, operator(), held, ReleaseIn())
    session.flush()
    assert release.as_of == dt.date(2025, 5, 14)
    frozen = session.exec(select(FrozenStatus).where(FrozenStatus.release_id == release.id)).one()
    assert frozen.light is Light.GREEN


def test_the_database_refuses_to_change_what_was_released(database):
    with database.write() as session:
        meeting = factories.make_meeting(session, factories.make_body(session))
        add(session, meeting, projects=[ident(factories.make_project(session))])
        release_agenda(session, operator(), meeting, YES)
    for statement in (
        "UPDATE frozen_document SET content = '{}'",
        "DELETE FROM frozen_document",
        "UPDATE agenda_release SET late_reason = 'x'",
        "UPDATE frozen_status SET light = 'green'",
    ):
        with pytest.raises(sa.exc.DBAPIError), database.write() as session:
            session.execute(sa.text(statement))


def test_nothing_is_frozen_when_the_form_does_not_hold(session, meeting):
    item = add(session, meeting)
    with pytest.raises(Invalid) as refused:
        release_agenda(session, operator(), meeting, ReleaseIn(approved_on=clock.today() + dt.timedelta(days=1)))
    assert set(refused.value.fields) == {"approved_by", "approved_on", "approved_how"}
    with pytest.raises(Refused, match="noch leer"):
        empty = factories.make_meeting(session, factories.make_body(session))
        release_agenda(session, operator(), empty, YES)
    session.flush()
    assert (item.number, meeting.state) == ("", MeetingState.DRAFT)
    assert session.exec(select(FrozenDocument)).all() == []


def test_an_agenda_is_released_again_only_with_changes(session, meeting):
    add(session, meeting)
    release_agenda(session, operator(), meeting, YES)
    with pytest.raises(Refused, match="Seit Version 1 hat sich an der Tagesordnung nichts geändert"):
        release_agenda(session, operator(), meeting, YES)


def test_equal_agendas_have_equal_values_whatever_the_order_of_typing(session):
    body = factories.make_body(session)
    found = []
    for titles in (("A", "B"), ("B", "A")):
        meeting = factories.make_meeting(session, body, dt.date(2026, 5, 12))
        for title in titles:
            add(session, meeting, title, SectionKey.DECISION if title == "A" else SectionKey.DEBATE)
        release = release_agenda(session, operator(), meeting, YES)
        values = read_values(editions(session, release)[Edition.FULL].content)
        found.append([(item.number, item.title, item.starts_at) for part in values.sections for item in part.items])
        meeting.state = MeetingState.CANCELLED
    assert found[0] == found[1]
    assert session.exec(select(sa.func.count()).select_from(AgendaItem)).one() == 4
