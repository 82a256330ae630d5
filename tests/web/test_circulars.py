"""Circular procedures over HTTP: prepare, start, answer, establish; what whom is shown, and what is refused where."""

import datetime as dt

import pytest
from sqlmodel import select

from app import clock
from app.actor import Role
from app.agenda.models import SectionKey
from app.agenda.schemas.wishes import TopicIn
from app.agenda.service.topics import add_topic
from app.bodies import service as bodies
from app.bodies.models import MembershipKind, Seat
from app.circulars.models import Ballot, Circular, CircularState
from app.db import ident
from app.decisions.models import Decision
from tests import factories
from tests.queries import recorded_queries
from tests.web.heart import add_item, decide, make_house, release, start, value_of, words

HOME = "/umlaufverfahren"
AFTER = dt.datetime(2026, 3, 17, 0, 0, tzinfo=clock.BERLIN)
TEXT = {"title": "Flächen sichern", "wording": "Der Kreis stimmt zu.", "grounds": "Es eilt.", "level": "internal"}
YES = {"procedure_agreed": "true", "vote": "yes"}


@pytest.fixture
def house(database):
    return make_house(database)


def only(database, table):
    with database.read() as session:
        return session.exec(select(table)).one()


def prepared(browse, house, **values):
    answer = browse(house.secretariat).submit(HOME, **{**TEXT, **values})
    assert answer.status_code == 303, words(answer)
    return answer.headers["location"]


def started(browse, house, **values):
    address = prepared(browse, house, **values)
    assert browse(house.secretariat).submit(f"{address}/starten").status_code == 303
    return address


def another_seat(database, house, kind=MembershipKind.MEMBER, seat_id=None, **seat):
    """An account at a further seat of the body, or in another way at a known one."""
    with database.write() as session:
        body = session.get_one(type(house.body), house.body.id)
        if seat_id is None:
            return factories.make_seated(session, body, kind, **seat)
        person = factories.make_person(session)
        there = session.get_one(Seat, seat_id)
        bodies.fill_seat(session, factories.operator(), there, person_id=ident(person), kind=kind)
        return factories.make_account(session, person=person)


def test_an_item_about_a_project_that_is_decided_upon_in_writing_is_saved_with_a_warning(browse, database, house):
    item_id = add_item(database, house, "Wasserstoff")
    office, path = browse(house.secretariat), f"{house.address}/tagesordnung/{item_id}"

    def saved(**fields):
        shown = office.get(path)
        kept = {name: value_of(shown, name) for name in ("title", "version")}
        answer = office.submit(path, **{**kept, **fields, "section": "beratung"})
        assert answer.status_code == 303, words(answer)
        return words(office.get(answer.headers["location"]))

    started(browse, house, projects="1.9")
    assert "Umlaufverfahren „" not in saved(title="Ohne Projekt")
    told = saved(projects="1.9")
    assert "Der Punkt ist gespeichert. Zu einem seiner Projekte läuft das Umlaufverfahren „Flächen sichern“" in told


def test_from_the_form_to_a_numbered_decision(browse, database, house):
    office, member = browse(house.secretariat), browse(house.member)
    assert "Es gibt noch kein Umlaufverfahren" in words(office.get(HOME))
    clause = {"clauses-0-verb": "agrees", "clauses-0-text": "dem Flächenplan"}
    address = prepared(browse, house, projects="1.9", **clause)
    page = words(office.get(address))
    assert "Umlaufverfahren · Entwurf" in page
    assert "SKIP stimmt zu : dem Flächenplan" in page
    assert value_of(office.get(address), "ends_on") == "2026-03-16"
    assert member.get(address).status_code == 404
    assert office.submit(f"{address}/starten", ends_on="2026-03-16").status_code == 303
    shown = words(member.get(address))
    assert "läuft · Antworten bis 16.03.2026 um 24:00 Uhr" in shown
    assert "Sind Sie mit dem schriftlichen Verfahren einverstanden?" in shown
    assert "haben geantwortet" not in shown
    assert f'href="{address}"' in member.get("/").text
    assert member.submit(f"{address}/antwort", **YES).status_code == 303
    assert "Jetzt zählt Ja zur Sache" in words(member.get(address))
    assert f'href="{address}"' not in member.get("/").text
    assert "1 von 2 Sitzen haben geantwortet: 1 Ja" in words(office.get(address))
    assert browse(house.chair).submit(f"{address}/antwort", **{**YES, "vote": "abstention"}).status_code == 303
    assert "Ergebnis feststellen" in words(office.get(address))
    assert office.submit(f"{address}/ergebnis").status_code == 303
    shown = words(member.get(address))
    assert "beschlossen" in shown
    assert "Beschlossen mit 1 Ja, 0 Nein, 1 Enthaltung." in shown
    assert "2 von 2 Sitzen haben geantwortet" in shown
    assert only(database, Decision).number == "SKIP 2026/01"


def test_what_is_missing_is_said_at_the_field_and_nothing_typed_is_lost(browse, house):
    office = browse(house.secretariat)
    answer = office.submit(HOME, **{**TEXT, "title": "", "projects": "77.7", "clauses-0-text": "bis wann?"})
    assert answer.status_code == 422
    said = words(answer)
    assert "Ein Projekt mit der Nummer „77.7“ gibt es nicht." in said or "Bitte füllen Sie dieses Feld aus." in said
    assert "Es eilt." in answer.text
    address = prepared(browse, house)
    answer = office.submit(f"{address}/starten", ends_on="2026-03-14")
    assert answer.status_code == 422
    assert "Der 14.03.2026 ist kein Arbeitstag; der nächste ist der 16.03.2026." in words(answer)


def test_an_answer_needs_both_questions(browse, database, house):
    address = started(browse, house)
    answer = browse(house.member).submit(f"{address}/antwort", vote="yes")
    assert answer.status_code == 422
    assert "Bitte füllen Sie dieses Feld aus." in words(answer)
    with database.read() as session:
        assert not session.exec(select(Ballot)).all()


def test_a_late_answer_is_refused_with_both_times(browse, house):
    address, member = started(browse, house), browse(house.member)
    assert "Ihre Antwort" in words(member.get(address))
    with clock.standing_at(AFTER):
        member = browse(house.member)
        answer = member.submit(f"{address}/antwort", **YES)
        assert answer.status_code == 409
        assert "endete am 16.03.2026 um 24:00 Uhr; Ihre Antwort kam am 17.03.2026 um 00:00:00 Uhr an" in words(answer)
        assert "Ergebnis noch nicht festgestellt" in words(member.get(address))
        assert "feststellen" in words(browse(house.secretariat).get("/"))


def test_reading_never_establishes(browse, database, house):
    address = started(browse, house)
    with clock.standing_at(AFTER):
        for account in (house.secretariat, house.chair, house.member):
            assert browse(account).get(address).status_code == 200
            assert browse(account).get(HOME).status_code == 200
    assert only(database, Circular).state is CircularState.RUNNING


def test_an_office_reads_and_does_not_vote(browse, database, house):
    with database.read() as session:
        seat = session.exec(select(Seat).where(Seat.body_id == house.body.id, Seat.voting, Seat.chair == False)).one()  # noqa: E712
    office = browse(another_seat(database, house, MembershipKind.OFFICE, ident(seat)))
    deputy = browse(another_seat(database, house, MembershipKind.DEPUTY, ident(seat)))
    address = started(browse, house)
    assert "Ihre Antwort" not in words(office.get(address))
    assert office.submit(f"{address}/antwort", **YES).status_code == 403
    assert f'href="{address}"' not in office.get("/").text
    assert deputy.submit(f"{address}/antwort", **YES).status_code == 303
    assert "Die Stellvertretung hat schon geantwortet" in words(browse(house.member).get("/"))
    assert browse(house.member).submit(f"{address}/antwort", **YES).status_code == 303
    assert "Das Mitglied hat selbst geantwortet" in words(deputy.get(address))
    assert deputy.submit(f"{address}/antwort", **YES).status_code == 409


def test_answers_on_behalf_need_a_reason_and_stand_beside_it(browse, database, house):
    address, office = started(browse, house), browse(house.secretariat)
    with database.read() as session:
        seat = session.exec(select(Seat).where(Seat.body_id == house.body.id, Seat.chair)).one()
    wish = {**YES, "seat": ident(seat)}
    assert office.submit(f"{address}/im-auftrag", **wish).status_code == 422
    assert browse(house.member).submit(f"{address}/im-auftrag", **wish, reason="x").status_code == 403
    assert office.submit(f"{address}/im-auftrag", **wish, reason="E-Mail vom 02.03.2026").status_code == 303
    assert "im Auftrag" in words(office.get(address))
    assert "E-Mail vom 02.03.2026" in words(office.get(address))


def test_who_answered_what_is_seen_before_the_end_by_secretariat_and_chair_only(browse, house):
    address = started(browse, house)
    assert browse(house.member).submit(f"{address}/antwort", **YES, remark="Gern so").status_code == 303
    for account in (house.secretariat, house.chair):
        assert "Gern so" in words(browse(account).get(address))
    assert "Gern so" not in words(browse(house.advisory).get(address))
    for page in (address, "/verlauf"):
        told = words(browse(house.auditor).get(page))
        assert "Umlaufverfahren gestartet" in told, "the history tells the rest"
        assert "Gern so" not in told
        assert "Zur Sache" not in told
    with clock.standing_at(AFTER):
        browse(house.secretariat).submit(f"{address}/ergebnis")
        assert "Gern so" in words(browse(house.advisory).get(address))


def test_a_confidential_procedure_is_for_voting_seats(browse, house):
    address = started(browse, house, level="confidential")
    assert browse(house.member).get(address).status_code == 200
    assert browse(house.advisory).get(address).status_code == 404
    assert "Flächen sichern" not in words(browse(house.advisory).get(HOME))
    assert browse(house.stranger).get(address).status_code == 404


def test_a_topic_of_the_backlog_brings_its_text(browse, database, house):
    with database.write() as session:
        wish = TopicIn(
            body=house.body.id,
            title="Hafen",
            section=SectionKey.DECISION,
            why="Zeit",
            proposed_decision="Der Hafen bleibt.",
            projects=[house.red.id],
        )
        topic = ident(add_topic(session, factories.operator(), wish))
    office = browse(house.secretariat)
    assert f"{HOME}/neu?thema={topic}" in office.get(f"/themenspeicher/{topic}").text
    page = office.get(f"{HOME}/neu?thema={topic}")
    assert "Der Hafen bleibt." in page.text
    assert value_of(page, "title") == "Hafen"
    assert value_of(page, "projects") == "1.9"
    assert browse(house.chair).get(f"{HOME}/neu?thema={topic}").status_code == 403


def test_two_who_edit_a_draft_are_told(browse, house):
    address, office = prepared(browse, house), browse(house.secretariat)
    version = value_of(office.get(f"{address}/bearbeiten"), "version")
    changed = {**TEXT, "title": "Anders", "version": version}
    assert browse(house.colleague).submit(f"{address}/bearbeiten", **changed).status_code == 303
    answer = office.submit(f"{address}/bearbeiten", **{**TEXT, "title": "Meins", "version": version})
    assert answer.status_code == 412
    assert value_of(answer, "title") == "Meins"


def test_withdrawing_needs_a_reason_that_members_read(browse, house):
    address, office = started(browse, house), browse(house.secretariat)
    assert office.submit(f"{address}/zurueckziehen").status_code == 422
    assert browse(house.chair).submit(f"{address}/zurueckziehen", reason="x").status_code == 403
    assert office.submit(f"{address}/zurueckziehen", reason="Neue Fassung").status_code == 303
    assert "Neue Fassung" in words(browse(house.member).get(address))


def test_a_draft_is_discarded(browse, house):
    address, office = prepared(browse, house), browse(house.secretariat)
    assert office.submit(f"{address}/verwerfen").status_code == 303
    assert office.get(address).status_code == 404


def test_the_list_as_a_file_and_its_filters(browse, house):
    started(browse, house)
    prepared(browse, house, title="Noch Entwurf", wording="Anderes")
    office, member = browse(house.secretariat), browse(house.member)
    content = office.get(f"{HOME}.csv?stand=laufend").content.decode("utf-8-sig")
    assert "Flächen sichern;SKIP;läuft;16.03.2026;0 von 2;;" in content
    assert "Noch Entwurf" not in content
    assert "Noch Entwurf" not in words(member.get(HOME))
    assert "0 von 2" not in member.get(f"{HOME}.csv").text
    assert office.get(f"{HOME}?stand=unbekannt").status_code == 404


def test_the_list_costs_the_same_queries_however_long_it_is(browse, database, house):
    office = browse(house.secretariat)
    counts = []
    for number in range(2):
        for one in range(1 + 3 * number):
            started(browse, house, title=f"Text {number}.{one}", wording=f"Text {number}.{one}")
        with recorded_queries(database.connection) as seen:
            office.get(HOME)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_an_item_that_comes_back_may_be_decided_in_writing(browse, database, house):
    number = add_item(database, house, "Hafen", "beschlussfassung", proposed_decision="Der Hafen bleibt.")
    office, page = browse(house.secretariat), f"{house.address}/top/{number}"
    address = f"{HOME}/neu?punkt={number}"
    release(database, house)
    assert address not in office.get(page).text
    start(database, house)
    decide(database, house, number, "adjourned")
    assert address in office.get(page).text
    assert address not in browse(house.chair).get(page).text
    form = office.get(address)
    assert value_of(form, "title") == "Hafen"
    assert "Der Hafen bleibt." in form.text
    assert value_of(form, "item") == str(number)
    answer = office.submit(HOME, **{**TEXT, "wording": "Der Hafen bleibt.", "item": number})
    refused = office.submit(f"{answer.headers['location']}/starten")
    assert refused.status_code == 409
    assert "steht auf der Tagesordnung der 18. Sitzung am 12.05.2026" in words(refused)


def test_the_history_tells_the_vote_in_words(browse, house):
    address = started(browse, house)
    browse(house.member).submit(f"{address}/antwort", **YES, remark="Gern so")
    shown = words(browse(house.secretariat).get(address))
    assert "Im Umlaufverfahren geantwortet" in shown
    assert "Zur Sache" in shown
    assert "einverstanden" in shown


def test_an_empty_installation_has_a_page_that_says_what_comes_first(browse, database):
    with database.write() as session:
        secretariat = factories.make_account(session, Role.SECRETARIAT)
        guest = factories.make_account(session)
    page = browse(secretariat).get(HOME)
    assert page.status_code == 200
    assert "Es gibt noch kein Gremium." in words(page)
    assert browse(secretariat).get(f"{HOME}.csv").status_code == 200
    assert browse(guest).get(HOME).status_code == 404
