"""What the tests of meetings, agendas and proposals share: a body with people, projects that turned red, shortcuts."""

import datetime as dt
import html
import re
from types import SimpleNamespace

from sqlmodel import select

from app.actor import Role
from app.agenda.models import AgendaItem, Proposal
from app.agenda.schemas.wishes import ItemIn, OutcomeIn, ReleaseIn
from app.agenda.service import items
from app.agenda.service.closing import set_outcome
from app.db import ident
from app.drafting.service.releasing import release_meeting
from app.meetings import service as meetings
from app.minutes.service.closing import close_meeting
from app.projects.models import Light, Phase
from tests import factories
from tests.factories import operator

APPROVED = {"approved_by": "Vera Vorsitz", "approved_on": "2026-03-02", "approved_how": "E-Mail"}
YES = ReleaseIn(approved_by="Vera Vorsitz", approved_on=dt.date(2026, 3, 2), approved_how="E-Mail")
DAY = dt.date(2026, 5, 12)


def make_house(database, **meeting_fields):
    """SKIP with its 18. meeting on 12 May 2026, everybody around it, and two projects that turned red."""
    with database.write() as session:
        body = factories.make_body(session, "SKIP", "Steuerungskreis Industriepolitik")
        other_body = factories.make_body(session, "KLIMA")
        meeting = factories.make_meeting(session, body, DAY, number=18, place="Rotes Rathaus", **meeting_fields)
        red = factories.make_project(session, "1.9", "Reallabor Wasserstoff")
        worse = factories.make_project(session, "1.10", "Prüffeld Leistungselektronik")
        for project, then, now in ((red, Light.GREEN, Light.RED), (worse, Light.GREEN, Light.YELLOW)):
            factories.make_status(session, project, dt.date(2025, 9, 30), then, phase=Phase.RUNNING)
            factories.make_status(session, project, dt.date(2026, 2, 14), now, phase=Phase.RUNNING)
        hold_meeting(session, body, dt.date(2025, 11, 18), 17)
        return SimpleNamespace(
            body=body,
            meeting=meeting,
            address=f"/sitzungen/{meeting.id}",
            red=red,
            worse=worse,
            secretariat=factories.make_account(session, Role.SECRETARIAT, body, name="Katrin Berger"),
            colleague=factories.make_account(session, Role.SECRETARIAT, body, name="Jo Kollege"),
            chair=factories.make_seated(session, body, chair=True),
            member=factories.make_seated(session, body),
            advisory=factories.make_seated(session, body, voting=False),
            auditor=factories.make_account(session, Role.AUDITOR, body),
            admin=factories.make_account(session, Role.ADMIN),
            stranger=factories.make_account(session, Role.SECRETARIAT, other_body),
        )


def hold_meeting(session, body, day, number):
    """A held meeting of the past without items."""
    meeting = factories.make_meeting(session, body, day, number=number)
    release_meeting(session, operator(), meeting, ReleaseIn())
    meetings.start_meeting(session, operator(), meeting)
    close_meeting(session, operator(), meeting)
    return meeting


def add_item(database, house, title="Ein Punkt", section="beratung", **fields):
    """An item on the house's agenda; its id."""
    with database.write() as session:
        meeting = session.get_one(type(house.meeting), house.meeting.id)
        return ident(items.add_item(session, operator(), meeting, ItemIn(title=title, section=section, **fields)))


def release(database, house):
    """Release the house's agenda."""
    with database.write() as session:
        release_meeting(session, operator(), session.get_one(type(house.meeting), house.meeting.id), YES)


def start(database, house):
    """Open the house's meeting."""
    with database.write() as session:
        meetings.start_meeting(session, operator(), session.get_one(type(house.meeting), house.meeting.id))


def decide(database, house, item_id, outcome, **fields):
    """Say what became of an item."""
    with database.write() as session:
        meeting = session.get_one(type(house.meeting), house.meeting.id)
        item = session.get_one(AgendaItem, item_id)
        set_outcome(session, operator(), meeting, item, OutcomeIn(outcome=outcome, **fields))


def item(database, item_id):
    """The item as it is stored."""
    with database.read() as session:
        return session.get(AgendaItem, item_id)


def meeting_of(database, house):
    """The meeting as it is stored."""
    with database.read() as session:
        return session.get_one(type(house.meeting), house.meeting.id)


def proposals(database, house):
    """The stored proposals by title."""
    with database.read() as session:
        rows = session.exec(select(Proposal).where(Proposal.meeting_id == house.meeting.id)).all()
        return {row.title: row for row in rows}


def words(answer):
    """The visible words of a page, with single spaces."""
    inside = re.sub(r"<(script|style|head)\b.*?</\1>", " ", answer.text, flags=re.S)
    plain = html.unescape(re.sub(r"<[^>]+>", " ", inside)).replace("\u00a0", " ")
    return " ".join(plain.split())


def value_of(answer, name):
    """What the field *name* of the first form that has it holds."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', answer.text)
    assert found, f"no field {name}"
    value = re.search(r'value="([^"]*)"', found[0])
    return html.unescape(value[1]) if value else ""
