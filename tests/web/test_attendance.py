"""The page of attendance: announcing, the room, errors at their fields, what members see, pieces for htmx."""

import datetime as dt
import re

import pytest

from app import clock
from app.agenda.models import AgendaItem, Outcome
from app.agenda.schemas.wishes import OutcomeIn
from app.agenda.service.closing import set_outcome
from app.attendance import queries
from app.attendance.models import Answer
from app.bodies import service as bodies
from app.bodies.models import MembershipKind, Seat
from app.bodies.queries import list_seats
from app.db import ident
from app.meetings.models import Meeting
from app.minutes.service.closing import close_meeting
from app.people.models import Person
from tests import factories
from tests.factories import operator
from tests.queries import recorded_queries
from tests.web.heart import DAY, add_item, make_house, release, start, words

NOW = dt.datetime(2026, 5, 12, 10, 5, tzinfo=clock.BERLIN)


@pytest.fixture
def house(database):
    house = make_house(database)
    with database.write() as session:
        house.seats = {}
        for view in list_seats(session, ident(house.body), DAY):
            for name in ("chair", "member", "advisory"):
                person = session.get_one(Person, getattr(house, name).person_id)
                if view.holders[0].membership.person_id == person.id:
                    house.seats[name] = view.seat.id
                    person.first_name, person.last_name = "Kim", name.capitalize()
        deputy = factories.make_person(session, "Vertretung", first_name="Jo")
        seat = session.get_one(Seat, house.seats["member"])
        bodies.fill_seat(session, operator(), seat, person_id=ident(deputy), kind=MembershipKind.DEPUTY)
        house.deputy = ident(deputy)
    house.item = add_item(database, house, "Additive Fertigung")
    house.secret = add_item(database, house, "Verhandlungsziele Marzahn", level="confidential")
    release(database, house)
    house.page = f"{house.address}/anwesenheit"
    return house


@pytest.fixture
def running(database, house):
    with clock.standing_at(NOW):
        start(database, house)
        yield house


def by_htmx(browser, address, **fields):
    values = {"csrf_token": browser.token(), **fields}
    return browser.post(address, data=values, headers={"HX-Request": "true"})


def announced(database, house, seat):
    with database.read() as session:
        return queries.find_announcement(session, ident(house.meeting), house.seats[seat])


def presences(database, house):
    with database.read() as session:
        return queries.list_presences(session, ident(house.meeting))


def test_the_secretariat_enters_answers_and_the_page_says_them(browse, database, house):
    browser = browse(house.secretariat)
    assert "keine Antwort" in words(browser.get(house.page))
    address = f"{house.page}/ankuendigung/{house.seats['member']}"
    answer = browser.submit(address, version="0", answer="represented", deputy=str(house.deputy), full="1")
    assert answer.headers["location"] == house.page
    assert "vertreten durch Jo Vertretung" in words(browser.get(house.page))
    overtaken = browser.submit(address, version="0", answer="declined", note="verreist", full="1")
    assert overtaken.status_code == 412
    assert 'value="verreist"' in overtaken.text
    assert announced(database, house, "member").answer is Answer.REPRESENTED


def test_what_a_seat_announced_is_nowhere_told_to_those_who_only_read(browse, house):
    browser = browse(house.secretariat)
    address = f"{house.page}/ankuendigung/{house.seats['member']}"
    browser.submit(address, version="0", answer="declined", note="Rückenleiden", full="1")
    history = f"{house.page.removesuffix('/anwesenheit')}/verlauf"
    assert "Rückenleiden" in words(browser.get(history))
    for page in (house.page, history, "/verlauf"):
        assert "Rückenleiden" not in words(browse(house.auditor).get(page)), page


def test_a_wrong_answer_stays_in_its_form_with_the_sentence_at_the_field(browse, house):
    answer = browse(house.secretariat).submit(
        f"{house.page}/ankuendigung/{house.seats['member']}", version="0", answer="represented", note="so geht es nicht"
    )
    assert answer.status_code == 422
    assert "Bitte sagen Sie, wer vertritt." in words(answer)
    assert f'href="#f-antwort-{house.seats["member"]}-deputy"' in answer.text
    assert f'id="f-antwort-{house.seats["member"]}-deputy"' in answer.text
    assert 'value="so geht es nicht"' in answer.text


def test_a_member_answers_for_the_own_seat_and_sees_nobody_elses(browse, database, house):
    browse(house.secretariat).submit(
        f"{house.page}/ankuendigung/{house.seats['chair']}", version="0", answer="declined", note="auf Dienstreise"
    )
    browser = browse(house.member)
    text = words(browser.get(house.page))
    assert "Ihre Antwort: keine Antwort" in text
    assert "auf Dienstreise" not in text
    assert "Kim Chair" not in text
    own = f"{house.page}/ankuendigung/{house.seats['member']}"
    assert browser.submit(own, version="0", answer="accepted").status_code == 303
    assert "Ihre Antwort: zugesagt" in words(browser.get(house.page))
    foreign = browser.submit(f"{house.page}/ankuendigung/{house.seats['chair']}", version="1", answer="accepted")
    assert foreign.status_code == 403
    assert announced(database, house, "chair").answer is Answer.DECLINED
    piece = by_htmx(browser, own, version="1", answer="declined")
    assert "auf Dienstreise" not in piece.text


def test_the_chair_sees_the_room_and_answers_for_the_own_seat_only(browse, running):
    browser = browse(running.chair)
    text = words(browser.get(running.page))
    assert "0 von 2 Sitzen mit Stimme" in text
    assert "ist da" not in text
    assert browser.submit(f"{running.page}/kommen", seat=str(running.seats["chair"])).status_code == 403


@pytest.mark.parametrize("who", ["stranger", "admin"])
def test_for_others_there_is_no_such_page(browse, house, who):
    browser = browse(getattr(house, who))
    assert browser.get(house.page).status_code == 404
    assert browser.submit(f"{house.page}/alle").status_code == 404


def test_one_click_and_somebody_is_there_and_another_and_they_go(browse, database, running):
    browser = browse(running.secretariat)
    assert browser.submit(f"{running.page}/kommen", seat=str(running.seats["member"])).status_code == 303
    text = words(browser.get(running.page))
    assert "1 von 2 Sitzen mit Stimme" in text
    assert "Mitglied · seit 10:05 Uhr" in text
    again = browser.submit(f"{running.page}/kommen", seat=str(running.seats["member"]))
    assert again.status_code == 409
    assert "Kim Member ist schon da (seit 10:05 Uhr)." in words(again)
    (row,) = presences(database, running)
    with clock.standing_at(NOW + dt.timedelta(minutes=20)):
        browser.submit(f"{running.page}/anwesend/{row.id}/gehen", version=str(row.version))
        assert "10:05 bis 10:25 Uhr" in words(browser.get(running.page))


def test_htmx_gets_the_room_alone_also_with_a_refusal(browse, running):
    browser = browse(running.secretariat)
    address = f"{running.page}/kommen"
    piece = by_htmx(browser, address, seat=str(running.seats["member"]))
    assert piece.status_code == 200
    assert piece.text.lstrip().startswith('<div id="raum">')
    assert "Kim Member ist da." in piece.text
    refused = by_htmx(browser, address, seat=str(running.seats["member"]))
    assert "ist schon da" in refused.text
    assert "<html" not in refused.text


def test_everybody_who_said_yes_is_there_at_once(browse, database, running):
    browser = browse(running.secretariat)
    for seat in ("member", "advisory"):
        browser.submit(f"{running.page}/ankuendigung/{running.seats[seat]}", version="0", answer="accepted", full="1")
    browser.submit(f"{running.page}/alle")
    assert "2 Personen sind eingetragen." in words(browser.get(running.page))
    assert {row.from_at for row in presences(database, running)} == {NOW.replace(minute=0).astimezone(dt.UTC)}
    assert "ist niemand mehr einzutragen" in words(browser.submit(f"{running.page}/alle"))


def test_times_are_typed_as_hours_and_minutes_and_seconds_survive(browse, database, running):
    browser = browse(running.secretariat)
    with clock.standing_at(NOW + dt.timedelta(seconds=33)):
        browser.submit(f"{running.page}/kommen", seat=str(running.seats["member"]))
    (row,) = presences(database, running)
    address = f"{running.page}/anwesend/{row.id}"
    with clock.standing_at(NOW + dt.timedelta(minutes=30)):
        browser.submit(address, version="1", from_at="10:05", until_at="10:20", remote="1")
        (row,) = presences(database, running)
        assert (row.from_at.second, row.remote) == (33, True)
        assert row.until_at == NOW.replace(minute=20)
        wrong = browser.submit(address, version=str(row.version), from_at="10:05", until_at="9:61")
        assert wrong.status_code == 422
        assert "Bitte geben Sie die Zeit so ein: 10:05." in words(wrong)
        early = browser.submit(address, version=str(row.version), from_at="10:05", until_at="10:01")
        assert "Das Ende liegt vor dem Beginn um 10:05 Uhr." in words(early)
        browser.submit(f"{address}/streichen", version=str(row.version))
    assert presences(database, running) == []


def test_guests_chair_and_exclusion_on_the_page(browse, database, running):
    browser = browse(running.secretariat)
    browser.submit(f"{running.page}/kommen", name="Ada Gast, TU Berlin", role="guest", item=str(running.item))
    browser.submit(f"{running.page}/kommen", seat=str(running.seats["chair"]))
    chair = running.chair.person_id
    browser.submit(f"{running.page}/leitung", person=str(chair))
    browser.submit(f"{running.page}/ausschluss", item=str(running.secret), person=str(chair), reason="Aufsichtsrat")
    text = words(browser.get(running.page))
    assert "nur zu TOP" in text
    assert "Kim Chair seit 10:05 Uhr" in text
    assert "Verhandlungsziele Marzahn · Aufsichtsrat" in text
    empty = browser.submit(f"{running.page}/ausschluss", item=str(running.item), person=str(chair))
    assert empty.status_code == 422
    assert 'href="#f-ausschluss-reason"' in empty.text
    browser.submit(f"{running.page}/ausschluss/{running.secret}/{chair}/aufheben")
    assert "Niemand ist von einem Punkt ausgeschlossen." in words(browser.get(running.page))
    with database.read() as session:
        (led,) = queries.list_chairings(session, ident(running.meeting))
    browser.submit(f"{running.page}/leitung/{led.id}/streichen")
    assert "Wer die Sitzung leitet, ist noch nicht eingetragen." in words(browser.get(running.page))


def test_the_history_tells_an_exclusion_from_a_confidential_item_to_those_who_read_it(browse, running):
    browser = browse(running.secretariat)
    person = str(running.member.person_id)
    browser.submit(f"{running.page}/ausschluss", item=str(running.secret), person=person, reason="Aufsichtsrat Marzahn")
    history = f"{running.address}/verlauf"
    assert "Aufsichtsrat Marzahn" in words(browser.get(history))
    assert "Aufsichtsrat Marzahn" not in words(browse(running.auditor).get(history))


def test_after_the_meeting_members_see_who_was_there(browse, database, running):
    browser = browse(running.secretariat)
    browser.submit(f"{running.page}/kommen", seat=str(running.seats["chair"]))
    assert "Kim Chair" not in words(browse(running.advisory).get(running.page))
    with clock.standing_at(NOW + dt.timedelta(minutes=55)), database.write() as session:
        meeting = session.get_one(Meeting, ident(running.meeting))
        for item in (running.item, running.secret):
            row = session.get_one(AgendaItem, item)
            set_outcome(session, operator(), meeting, row, OutcomeIn(outcome=Outcome.ADOPTED))
        close_meeting(session, operator(), meeting)
    text = words(browse(running.advisory).get(running.page))
    assert "Kim Chair Mitglied · 10:05 bis 11:00 Uhr" in text
    assert "unentschuldigt" in text


def test_before_the_opening_nobody_is_there(browse, house):
    refused = browse(house.secretariat).submit(f"{house.page}/kommen", seat=str(house.seats["member"]))
    assert refused.status_code == 409
    assert "sobald die Sitzung eröffnet ist" in words(refused)


def test_the_list_to_sign_is_for_secretariat_and_chair(browse, house):
    address = f"{house.address}/anwesenheitsliste.pdf"
    for account in (house.secretariat, house.chair):
        answer = browse(account).get(address)
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
    assert browse(house.member).get(address).status_code == 404


def test_every_field_of_the_room_has_an_id_of_its_own_and_a_label(browse, running):
    browser = browse(running.secretariat)
    browser.submit(f"{running.page}/kommen", seat=str(running.seats["chair"]))
    page = browser.get(running.page).text
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert {one for one in ids if ids.count(one) > 1} == set()
    assert set(re.findall(r'<label[^>]* for="([^"]+)"', page)) <= set(ids)


def test_the_page_asks_as_often_for_many_seats_as_for_few(browse, database, running):
    browser = browse(running.secretariat)
    browser.submit(f"{running.page}/kommen", seat=str(running.seats["chair"]))
    with recorded_queries(database.engine) as few:
        browser.get(running.page)
    with database.write() as session:
        for _ in range(3):
            factories.make_seated(session, running.body)
    with recorded_queries(database.engine) as many:
        browser.get(running.page)
    assert len(few) == len(many)
