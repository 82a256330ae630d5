"""The overview of members: answering right there, and what is new since the last visit, as far as it is theirs."""

import datetime as dt
import re

import pytest
from sqlmodel import select

from app import clock
from app.access.queries import actor_of
from app.agenda.models import AgendaItemGuest, Level
from app.attendance.models import Announcement, Answer
from app.bodies.models import Membership, MembershipKind, Seat
from app.history.service import record
from app.meetings.models import Meeting
from app.meetings.schemas import CancelIn
from app.meetings.service import cancel_meeting
from app.people.service.visits import note_visit
from app.web.news import news_since
from tests import factories
from tests.conftest import NOW
from tests.factories import operator
from tests.queries import recorded_queries
from tests.web.heart import add_item, make_house, release, words

BEFORE = NOW - dt.timedelta(hours=10)


@pytest.fixture
def house(database):
    with clock.standing_at(BEFORE - dt.timedelta(days=1)):
        house = make_house(database)
        house.item = add_item(database, house, "Flächen")
    with clock.standing_at(BEFORE), database.write() as session:
        for account in (house.member, house.advisory, house.secretariat, house.stranger, house.chair):
            note_visit(session, account.id)
    return house


def main_of(answer):
    assert answer.status_code == 200
    return words(answer)


def test_members_answer_on_the_overview_and_stay_there(browse, database, house):
    release(database, house)
    member = browse(house.member)
    page = member.get("/")
    assert "Ihre Antwort fehlt noch: Kommen Sie?" in main_of(page)
    action = re.search(r'action="(/sitzungen/\d+/anwesenheit/ankuendigung/\d+)"', page.text).group(1)
    answer = member.submit(action, answer="accepted", ansicht="uebersicht", version="0")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    again = member.get("/")
    assert "Ihre Antwort: zugesagt" in main_of(again)
    assert 'value="accepted"' not in again.text
    with database.read() as session:
        row = session.get(Announcement, (house.meeting.id, int(action.rpartition("/")[2])))
    assert row.answer is Answer.ACCEPTED
    stale = member.submit(action, answer="declined", ansicht="uebersicht", version="0")
    assert stale.status_code == 412
    assert browse(house.advisory).submit(action, answer="declined", ansicht="uebersicht").status_code == 403


def test_an_office_answers_for_its_member_and_names_a_deputy(browse, database, house):
    with database.write() as session:
        seat = next(one for one in session.exec(select(Seat)) if one.body_id == house.body.id and not one.chair)
        people = [factories.make_person(session), factories.make_person(session, "Vertretung")]
        for person, kind in zip(people, (MembershipKind.OFFICE, MembershipKind.DEPUTY), strict=True):
            session.add(Membership(seat_id=seat.id, person_id=person.id, kind=kind))
        office = factories.make_account(session, person=people[0])
        deputy_id = people[1].id
    release(database, house)
    browser = browse(office)
    page = browser.get("/")
    assert "Vertretung nennen" in main_of(page)
    action = f"{house.address}/anwesenheit/ankuendigung/{seat.id}"
    browser.submit(action, answer="represented", deputy=str(deputy_id), ansicht="uebersicht", version="0")
    assert "vertreten durch" in main_of(browser.get("/"))


def test_guests_and_strangers_have_nothing_to_answer(browse, database, house):
    with database.write() as session:
        person = factories.make_person(session)
        guest = factories.make_account(session, person=person)
        session.add(AgendaItemGuest(item_id=house.item, person_id=person.id))
    release(database, house)
    page = browse(guest).get("/")
    assert "Ihre Antwort" not in main_of(page)
    assert f'href="{house.address}/lesen"' in page.text
    assert f'href="{house.address}/sitzungsmappe.pdf"' in page.text
    assert "Ihre Antwort" not in main_of(browse(house.stranger).get("/"))


def test_what_was_released_and_moved_is_new(browse, database, house):
    member = browse(house.member)
    assert "Neu seit Ihrem letzten Besuch" in main_of(member.get("/"))
    assert "hat sich für Sie nichts geändert" in main_of(member.get("/"))
    release(database, house)
    told = main_of(member.get("/"))
    assert "Tagesordnung der 18. Sitzung am 12.05.2026 ist freigegeben 02.03.2026" in told
    with database.write() as session:
        cancel_meeting(session, operator(), session.get_one(Meeting, house.meeting.id), CancelIn(reason="Streik"))
    assert "18. Sitzung am 12.05.2026 ist abgesagt" in main_of(member.get("/"))
    assert "18. Sitzung" not in main_of(browse(house.stranger).get("/"))


def test_nobody_reads_of_their_own_doing_and_of_what_was_before(browse, database, house):
    release(database, house)
    with database.write() as session:
        mine = actor_of(session, house.secretariat)
        cancel_meeting(session, mine, session.get_one(Meeting, house.meeting.id), CancelIn(reason="Streik"))
    assert "ist abgesagt" not in main_of(browse(house.secretariat).get("/")).partition("Neu seit")[2]
    assert "ist abgesagt" in main_of(browse(house.member).get("/"))
    with clock.standing_at(NOW + dt.timedelta(hours=9)):
        later = main_of(browse(house.member).get("/"))
    assert "ist abgesagt" not in later.partition("Neu seit")[2].partition("Für Sie")[0]


def test_decisions_and_actions_are_told_to_their_readers_alone(database, house):
    with database.write() as session:
        open_one = factories.make_decision(session, house.body, title="Messestand")
        secret = factories.make_decision(session, house.body, title="Halle 7", level=Level.CONFIDENTIAL)
        for decision in (open_one, secret):
            record(session, operator(), "decision.number", decision, body_id=house.body.id)
    told = {}
    with database.read() as session:
        for account in (house.member, house.advisory, house.stranger):
            found = news_since(session, actor_of(session, account), BEFORE)
            told[account.id] = {line.words.partition(": ")[2] for line in found.lines}
    assert told == {
        house.member.id: {"Messestand", "Halle 7"},
        house.advisory.id: {"Messestand"},
        house.stranger.id: set(),
    }


def test_more_news_asks_no_more_queries(browse, database, house):
    member, counts = browse(house.member), []
    for count in (1, 3):
        with database.write() as session:
            for number in range(count):
                day = dt.date(2026, 6, 1) + dt.timedelta(days=10 * count + number)
                meeting = factories.make_meeting(session, house.body, day)
                meeting.announced_at = clock.now()
                session.flush()
                cancel_meeting(session, operator(), meeting, CancelIn(reason="Streik"))
        with recorded_queries(database.engine) as found:
            assert "ist abgesagt" in main_of(member.get("/"))
        counts.append(len(found))
    assert counts[0] == counts[1]
