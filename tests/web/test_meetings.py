"""Meetings over HTTP: list and files, planning, announcing, moving, cancelling, opening; who sees what."""

import csv
import datetime as dt
import io

import pytest
from sqlmodel import select

from app import clock
from app.db import ident
from app.meetings import service
from app.meetings.models import Meeting, MeetingState
from app.minutes.models import Minutes, MinutesState
from tests import factories
from tests.factories import operator
from tests.queries import recorded_queries
from tests.web.heart import add_item, make_house, meeting_of, release, start, value_of, words

TIMES = {"on": "12.05.2026", "from": "10:00", "to": "12:00"}


@pytest.fixture
def house(database):
    return make_house(database)


def announce(database, house):
    with database.write() as session:
        service.announce_meeting(session, operator(), session.get_one(type(house.meeting), house.meeting.id))


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_shows_coming_meetings_before_past_ones(browse, house):
    page = words(browse(house.secretariat).get("/sitzungen"))
    assert page.index("Kommende Sitzungen") < page.index("18. Sitzung") < page.index("Vergangene Sitzungen")
    assert page.index("Vergangene Sitzungen") < page.index("17. Sitzung")
    assert "12.05.2026" in page
    assert "10–12 Uhr" in page
    assert "17.03.2026 Monitoring-Runde schließt" in page


def test_the_secretariat_is_told_when_a_year_has_too_few_meetings(browse, house):
    page = words(browse(house.secretariat).get("/sitzungen"))
    assert "SKIP: In 2026 ist erst 1 von 2 Sitzungen gehalten oder geplant" in page
    assert "In 2026" not in words(browse(house.chair).get("/sitzungen"))


def test_files_of_the_list_hold_what_the_page_shows(browse, house):
    answer = browse(house.secretariat).get("/sitzungen.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:3] == ["Sitzung", "Gremium", "Datum"]
    assert [row[0] for row in rows[1:]] == ["18. Sitzung", "17. Sitzung"]
    xlsx = browse(house.secretariat).get("/sitzungen.xlsx")
    assert xlsx.content.startswith(b"PK")


def test_members_see_meetings_from_their_announcement_on(browse, database, house):
    member = browse(house.member)
    assert "18. Sitzung" not in words(member.get("/sitzungen"))
    assert member.get(house.address).status_code == 404
    announce(database, house)
    assert "18. Sitzung" in words(member.get("/sitzungen"))
    page = member.get(house.address)
    assert "Die Tagesordnung folgt mit der Einladung." in words(page)
    assert "Vorschläge" not in words(page)


def test_members_are_not_told_that_a_draft_is_being_written(browse, database, house):
    announce(database, house)
    add_item(database, house)
    assert "Entwurf" not in words(browse(house.member).get("/sitzungen"))
    assert "Entwurf" not in words(browse(house.member).get(house.address))
    assert "Entwurf, Versand bis 28. April" in words(browse(house.secretariat).get(house.address))


def test_the_list_takes_as_many_queries_for_many_meetings(browse, database, house):
    browser = browse(house.secretariat)

    def count():
        with recorded_queries(database.connection) as seen:
            browser.get("/sitzungen")
        return len(seen)

    few = count()
    with database.write() as session:
        body = session.get_one(type(house.body), house.body.id)
        for number in range(30, 40):
            factories.make_meeting(session, body, dt.date(2026, 6, number - 20), number=number)
    assert count() == few


@pytest.mark.parametrize("address", ["/sitzungen?gremium=987654", "/sitzungen?gremium=x", "/sitzungen?vor=987654"])
def test_a_strange_address_of_the_list_is_not_found(browse, house, address):
    assert browse(house.secretariat).get(address).status_code == 404


def test_past_meetings_go_on_page_by_page(browse, database, house, monkeypatch):
    monkeypatch.setattr("app.web.meetings.pages.PAST_AT_ONCE", 2)
    with database.write() as session:
        body = session.get_one(type(house.body), house.body.id)
        for year in (2021, 2022, 2023):
            factories.make_meeting(session, body, dt.date(year, 5, 4), number=year - 2010)
    browser = browse(house.secretariat)
    first = browser.get("/sitzungen")
    assert "13. Sitzung" in words(first)
    assert "12. Sitzung" not in words(first)
    onward = first.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = words(browser.get(onward))
    assert "12. Sitzung" in second
    assert "13. Sitzung" not in second


# --- planning ---------------------------------------------------------------------------------------------------------


def test_planning_makes_a_meeting_with_the_next_number(browse, database, house):
    browser = browse(house.secretariat)
    answer = browser.submit("/sitzungen", **{**TIMES, "on": "2026-11-10"}, place="Rotes Rathaus")
    assert answer.status_code == 303
    page = words(browser.get(answer.headers["location"]))
    assert "SKIP: 19. Sitzung" in page
    assert "Dienstag, 10. November 2026, 10–12 Uhr · Rotes Rathaus · geplant" in page
    assert "Die 19. Sitzung am 10.11.2026 ist geplant." in page


def test_a_holiday_warns_and_never_refuses(browse, house):
    browser = browse(house.secretariat)
    answer = browser.submit("/sitzungen", **{**TIMES, "on": "05.10.2026"})
    answer = browser.submit("/sitzungen", **{**TIMES, "on": "08.03.2027"})
    assert "Sitzung am Feiertag (Frauentag)" in words(browser.get(answer.headers["location"]))


def test_a_day_in_the_past_is_entered_afterwards(browse, house):
    browser = browse(house.secretariat)
    answer = browser.submit("/sitzungen", **{**TIMES, "on": "14.05.2025"}, number="16")
    page = words(browser.get(answer.headers["location"]))
    assert "wird nacherfasst" in page
    assert "Nacherfassung" in page
    assert "Versand bis" not in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"on": ""}, "Bitte geben Sie ein Datum ein, zum Beispiel 12.05.2026."),
        ({"on": "31.02.2026"}, "Bitte geben Sie ein Datum ein, zum Beispiel 12.05.2026."),
        ({"from": "25:00"}, "Bitte geben Sie eine Uhrzeit ein, zum Beispiel 10:00."),
        ({"to": "09:00"}, "Das Ende muss nach dem Beginn liegen."),
        ({"on": "0202-01-01"}, "Bitte prüfen Sie das Jahr: Möglich ist 1950 bis 2150."),
        ({"on": "28.03.2027", "from": "02:30"}, "springt die Uhr von 2 auf 3: 02:30 Uhr gibt es nicht."),
        ({"number": "18"}, "Eine 18. Sitzung gibt es schon."),
        ({"number": "viele"}, "Bitte geben Sie eine ganze Zahl ein."),
        ({"length_minutes": "5"}, "Der kleinste erlaubte Wert ist 15."),
        ({"place": "x" * 301}, "Bitte kürzen Sie auf höchstens 300 Zeichen."),
    ],
)
def test_what_does_not_hold_is_told_and_what_was_typed_is_kept(browse, house, changes, sentence):
    typed = {**TIMES, "main_topic": "Additive Fertigung 😀", **changes}
    answer = browse(house.secretariat).submit("/sitzungen", **typed)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "Additive Fertigung 😀" in answer.text


def test_only_a_secretariat_plans_and_only_for_its_body(browse, house):
    for account in (house.member, house.chair, house.auditor, house.admin):
        assert browse(account).get("/sitzungen/neu").status_code == 403
        assert browse(account).submit("/sitzungen", **TIMES).status_code == 403
    refused = browse(house.stranger).submit("/sitzungen", **TIMES, body=str(house.body.id))
    assert refused.status_code == 404


# --- one meeting ------------------------------------------------------------------------------------------------------


def test_announcing_shows_the_date_to_members(browse, database, house):
    answer = browse(house.secretariat).submit(f"{house.address}/ankuendigen")
    assert answer.status_code == 303
    assert meeting_of(database, house).state is MeetingState.ANNOUNCED
    assert "12. Mai 2026" in words(browse(house.member).get(house.address))
    again = browse(house.secretariat).submit(f"{house.address}/ankuendigen")
    assert again.status_code == 409
    assert "kann jetzt nicht angekündigt werden" in words(again)


def test_moving_computes_the_deadlines_anew(browse, database, house):
    browser = browse(house.secretariat)
    answer = browser.submit(
        f"{house.address}/verlegen", **{"on": "19.05.2026", "from": "14", "to": "16:30"}, place="IHK"
    )
    assert answer.status_code == 303
    page = words(browser.get(house.address))
    assert "Dienstag, 19. Mai 2026, 14–16:30 Uhr · IHK" in page
    assert "05.05.2026 Versand der Einladung" in page
    assert meeting_of(database, house).sequence == 1


def test_moving_after_the_release_says_so_beside_the_agenda(browse, database, house):
    add_item(database, house)
    release(database, house)
    browser = browse(house.secretariat)
    browser.submit(f"{house.address}/verlegen", **{"on": "19.05.2026", "from": "10:00", "to": "12:00"}, place="")
    for account in (house.secretariat, house.member):
        page = words(browse(account).get(house.address))
        assert "nach der Freigabe verlegt" in page
        assert "12.05.2026, 10:00 Uhr" in page


def test_cancelling_needs_a_reason_and_stays_visible(browse, database, house):
    announce(database, house)
    browser = browse(house.secretariat)
    refused = browser.submit(f"{house.address}/absagen", reason=" ")
    assert refused.status_code == 422
    assert "Bitte geben Sie einen Grund an." in words(refused)
    browser.submit(f"{house.address}/absagen", reason="Terminnot im Senat")
    page = words(browse(house.member).get(house.address))
    assert "Die Sitzung ist abgesagt. Terminnot im Senat" in page
    assert "abgesagt" in words(browse(house.member).get("/sitzungen"))
    assert browser.submit(f"{house.address}/absagen", reason="noch einmal").status_code == 409


def test_details_are_changed_and_cleared(browse, database, house):
    browser = browse(house.secretariat)
    browser.submit(f"{house.address}/bearbeiten", main_topic="Flächen", length_minutes="90", number="", special="1")
    meeting = meeting_of(database, house)
    assert (meeting.main_topic, meeting.length_minutes, meeting.number, meeting.special) == ("Flächen", 90, None, True)
    browser.submit(f"{house.address}/bearbeiten", main_topic="", length_minutes="90", number="18")
    meeting = meeting_of(database, house)
    assert (meeting.main_topic, meeting.number, meeting.special) == ("", 18, False)


def test_two_who_edit_the_same_details_lose_nothing(browse, database, house):
    slow, fast = browse(house.secretariat), browse(house.colleague)
    stand = value_of(slow.get(f"{house.address}/bearbeiten"), "stand")
    fast.submit(f"{house.address}/bearbeiten", main_topic="Schneller", length_minutes="120", number="18")
    answer = slow.submit(
        f"{house.address}/bearbeiten", main_topic="Langsamer", length_minutes="120", number="18", stand=stand
    )
    assert answer.status_code == 412
    assert "Inzwischen hat jemand diese Angaben geändert." in words(answer)
    assert "Schneller" in words(answer)
    assert 'value="Langsamer"' in answer.text
    assert meeting_of(database, house).main_topic == "Schneller"
    again = {"main_topic": "Langsamer", "length_minutes": "120", "number": "18", "stand": value_of(answer, "stand")}
    assert slow.submit(f"{house.address}/bearbeiten", **again).status_code == 303
    assert meeting_of(database, house).main_topic == "Langsamer"


def test_work_on_the_agenda_is_not_in_the_way_of_the_details(browse, database, house):
    browser = browse(house.secretariat)
    stand = value_of(browser.get(f"{house.address}/bearbeiten"), "stand")
    add_item(database, house)
    answer = browser.submit(
        f"{house.address}/bearbeiten", main_topic="A", length_minutes="120", number="18", stand=stand
    )
    assert answer.status_code == 303


def test_after_the_release_details_stand_and_the_meeting_is_opened(browse, database, house):
    add_item(database, house)
    release(database, house)
    browser = browse(house.secretariat)
    refused = browser.submit(f"{house.address}/bearbeiten", main_topic="Neu", length_minutes="60")
    assert refused.status_code == 409
    assert "ihre Angaben stehen fest" in words(refused)
    assert browser.submit(f"{house.address}/eroeffnen").headers["location"] == f"{house.address}/protokoll"
    assert meeting_of(database, house).state is MeetingState.IN_SESSION
    assert browser.submit(f"{house.address}/verlegen", **TIMES, place="x").status_code == 409


@pytest.mark.parametrize("act", ["ankuendigen", "eroeffnen", "absagen", "verlegen", "bearbeiten"])
def test_acts_are_for_the_secretariat_of_the_body(browse, database, house, act):
    announce(database, house)
    fields = {**TIMES, "reason": "x", "main_topic": "x", "length_minutes": "60"}
    before = meeting_of(database, house)
    for account in (house.member, house.chair, house.auditor):
        assert browse(account).submit(f"{house.address}/{act}", **fields).status_code == 403
    for account in (house.stranger, house.admin):
        assert browse(account).submit(f"{house.address}/{act}", **fields).status_code == 404
    assert meeting_of(database, house) == before


def test_the_history_of_a_meeting_is_for_secretariat_and_revision(browse, database, house):
    announce(database, house)
    page = words(browse(house.secretariat).get(f"{house.address}/verlauf"))
    assert "angekündigt" in page.lower()
    assert browse(house.auditor).get(f"{house.address}/verlauf").status_code == 200
    for account in (house.member, house.chair, house.stranger):
        assert browse(account).get(f"{house.address}/verlauf").status_code == 404


def test_the_line_of_deadlines_marks_today_and_shows_what_concerns_the_reader(browse, database, house):
    announce(database, house)
    page = words(browse(house.secretariat).get(house.address))
    assert page.index("02.03.2026 Heute") < page.index("17.03.2026 Monitoring-Runde schließt in 15 Tagen")
    member = words(browse(house.member).get(house.address))
    assert "Anmeldeschluss" in member
    assert "Versand der Einladung" not in member


def test_the_state_of_a_late_dispatch_is_said(browse, house):
    with clock.standing_at(dt.datetime(2026, 5, 5, 9, tzinfo=clock.BERLIN)):
        page = words(browse(house.secretariat).get(house.address))
    assert "geplant, Versand war bis 28. April fällig" in page


def test_a_meeting_in_session_offers_its_outcomes(browse, database, house):
    add_item(database, house)
    release(database, house)
    start(database, house)
    page = browse(house.secretariat).get(house.address)
    assert f'href="{house.address}/protokoll"' in page.text
    assert f'href="{house.address}/protokoll"' not in browse(house.member).get(house.address).text


def test_the_history_of_a_meeting_tells_of_its_items_even_those_gone(browse, database, house):
    item_id = add_item(database, house, "Kommt und geht")
    browser = browse(house.secretariat)
    browser.submit(f"{house.address}/tagesordnung/{item_id}/themenspeicher", reason="Zu früh")
    page = words(browser.get(f"{house.address}/verlauf"))
    assert "Tagesordnungspunkt in den Themenspeicher gelegt: 18. Sitzung am 12.05.2026: Kommt und geht" in page
    assert "Grund: Zu früh" in page
    stays = add_item(database, house, "Bleibt")
    browser.submit(f"{house.address}/tagesordnung/{stays}/verschieben", move="up")
    page = words(browser.get(f"{house.address}/verlauf"))
    assert "Tagesordnungspunkt aufgenommen: 18. Sitzung am 12.05.2026: Bleibt" in page
    assert "Bleibt" not in words(browse(house.auditor).get("/verlauf"))


def test_after_the_meeting_its_page_says_where_the_minutes_stand(browse, database, house):
    with database.write() as session:
        held = session.exec(select(Meeting).where(Meeting.number == 17)).one()
        minutes = session.exec(select(Minutes).where(Minutes.meeting_id == held.id)).one()
        address, key = f"/sitzungen/{held.id}", ident(minutes)
    page = browse(house.secretariat).get(address)
    assert "Niederschrift Entwurf" in words(page)
    assert "Niederschrift versenden …" in page.text
    assert f'href="{address}/niederschrift"' in page.text
    page = browse(house.member).get(address)
    assert "Niederschrift Entwurf" not in words(page)
    assert "Niederschrift ansehen" not in page.text
    with database.write() as session:
        minutes = session.get_one(Minutes, key)
        minutes.state, minutes.sent_at = MinutesState.REVIEW, clock.now()
        minutes.objections_until = dt.date(2026, 3, 10)
    said = words(browse(house.member).get(address))
    assert "Niederschrift zur Prüfung versandt, Einwendungen bis 10. März möglich" in said
    assert "Niederschrift ansehen" in said
    with database.write() as session:
        minutes = session.get_one(Minutes, key)
        minutes.state, minutes.approved_on = MinutesState.APPROVED, dt.date(2026, 3, 1)
    for who in ("member", "secretariat"):
        assert "Niederschrift genehmigt am 1. März" in words(browse(getattr(house, who)).get(address))
