"""The supplement on its pages: worked on apart, shown to nobody else, released, discarded."""

import re

import pytest

from app.agenda.models import AgendaItem, Level
from app.agenda.schemas.wishes import GuestIn
from app.agenda.service.guests import invite_guest
from app.meetings.models import Meeting
from tests import factories
from tests.factories import operator
from tests.web.heart import APPROVED, add_item, item, make_house, meeting_of, release, value_of, words

RELEASE = {**APPROVED, "reason": "Neue Vorlage"}


@pytest.fixture
def house(database):
    house = make_house(database)
    house.debate = add_item(database, house, "Reallabor", proposed_decision="1. Der Kreis stimmt zu.")
    house.other = add_item(database, house, "Halle Nord")
    house.secret = add_item(database, house, "Vergabe Halle 7", level=Level.CONFIDENTIAL)
    release(database, house)
    house.supplement = f"{house.address}/nachtrag"
    return house


def change(browser, house, item_id, **fields):
    path = f"{house.address}/tagesordnung/{item_id}"
    version = value_of(browser.get(path), "version")
    form = {"title": "Reallabor", "section": "beratung", "kind": "debate", "minutes": "10", "level": "internal"}
    return browser.submit(path, **{**form, "ansicht": "nachtrag", "version": version, **fields})


def let_go(browser, house, **fields):
    version = value_of(browser.get(f"{house.address}/freigabe"), "version")
    return browser.submit(f"{house.address}/freigabe", **{**RELEASE, "version": version, **fields})


def test_changes_wait_in_the_supplement_and_nobody_else_sees_them(browse, house):
    browser = browse(house.secretariat)
    assert "Noch nichts" in words(browser.get(house.supplement))
    answer = change(browser, house, house.debate, minutes="25", proposed_decision="1. Der Kreis stimmt dem Plan zu.")
    assert answer.headers["location"].startswith(house.supplement)
    page = browser.get(house.supplement)
    assert "TOP 2.1 Reallabor 10 → 25 Min." in words(page)
    assert "<ins>" in page.text
    assert "[neu: dem Plan" in words(page)
    assert "Ein Nachtrag ist in Arbeit: 2 Änderungen" in words(browser.get(house.address))
    for account in (house.member, house.auditor):
        shown = browse(account).get(house.address)
        assert "25 Min." not in words(shown)
        assert "Nachtrag" not in words(shown)
        assert browse(account).get(house.supplement).status_code == 404
        assert browse(account).get(f"{house.supplement}.pdf").status_code == 404
    assert "25 Min." in words(browse(house.chair).get(house.supplement))


def test_a_released_supplement_is_shown_with_marks_and_its_changes(browse, house):
    browser = browse(house.secretariat)
    browser.submit(f"{house.address}/tagesordnung/{house.other}/absetzen", reason="Vorlage fehlt")
    browser.submit(f"{house.address}/tagesordnung", title="Dritter", section="beratung", ansicht="nachtrag")
    form = words(browser.get(f"{house.address}/freigabe"))
    assert "TOP 2.2 Halle Nord Abgesetzt (Vorlage fehlt)" in form
    assert "Wer sieht was" in form
    refused = let_go(browser, house, reason="")
    assert refused.status_code == 422
    assert "Bitte nennen Sie den Grund des Nachtrags." in words(refused)
    done = let_go(browser, house)
    assert done.headers["location"] == house.address
    member = browse(house.member)
    shown = words(member.get(house.address))
    assert "2.2 Halle Nord abgesetzt" in shown
    assert "Abgesetzt: Vorlage fehlt" in shown
    assert "2.4 Dritter neu" in shown
    assert "Nachtrag, Version 2: Neue Vorlage" in shown
    changes = words(member.get(f"{house.address}/aenderungen"))
    assert "Version 2 gegenüber 1, vollständig" in changes
    assert "Neu (Beratung, 10 Min.)" in changes
    assert "abgesetzt" not in words(member.get(f"{house.address}?version=1"))
    assert member.get(f"{house.address}/aenderungen?version=1").status_code == 404
    assert member.get(f"{house.address}/aenderungen.pdf").content.startswith(b"%PDF-")
    assert browse(house.admin).get(f"{house.address}/aenderungen").status_code == 404


def test_readers_without_the_confidential_never_learn_what_changed_there(browse, house):
    browser = browse(house.secretariat)
    change(browser, house, house.secret, title="Vergabe Halle 8", level="confidential", minutes="45")
    let_go(browser, house)
    advisory = browse(house.advisory)
    page = words(advisory.get(f"{house.address}/aenderungen"))
    assert "hat sich gegenüber Version 1 nichts geändert" in page
    assert not any(word in page for word in ("Halle 7", "Halle 8", "45 Min", "TOP 2.3"))
    assert advisory.get(f"{house.address}/aenderungen?fassung=vollstaendig").status_code == 404


def test_a_meeting_begins_only_after_the_supplement_or_without_it(browse, database, house):
    browser = browse(house.secretariat)
    change(browser, house, house.debate, minutes="25")
    refused = browser.submit(f"{house.address}/eroeffnen")
    assert refused.status_code == 409
    assert "Geben Sie ihn frei, oder verwerfen Sie die Änderungen" in words(refused)
    assert "Nachtrag freigeben …" in words(refused)
    assert "Änderungen verwerfen …" in words(refused)
    assert browser.submit(f"{house.supplement}/verwerfen").headers["location"] == house.supplement
    assert item(database, house.debate).minutes == 10
    assert browser.submit(f"{house.address}/eroeffnen").status_code == 303
    assert meeting_of(database, house).state == "in_session"


def test_withdrawing_asks_for_a_reason_and_can_be_taken_back(browse, database, house):
    browser = browse(house.secretariat)
    path = f"{house.address}/tagesordnung/{house.debate}"
    assert "TOP 2.1 absetzen …" in words(browser.get(path))
    refused = browser.submit(f"{path}/absetzen", reason="")
    assert refused.status_code == 422
    browser.submit(f"{path}/absetzen", reason="zurückgezogen")
    assert item(database, house.debate).withdrawn
    assert "Wieder aufnehmen" in words(browser.get(path))
    browser.submit(f"{path}/aufnehmen")
    assert not item(database, house.debate).withdrawn
    assert browse(house.chair).submit(f"{path}/absetzen", reason="x").status_code == 403


def test_since_the_release_new_statuses_and_proposals_are_listed_and_taken_over(browse, database, house):
    browser = browse(house.secretariat)
    browser.submit(f"{house.address}/vorschlaege", as_of="2026-03-01")
    page = browser.get(house.supplement)
    assert "Prüffeld Leistungselektronik" in words(page)
    assert "In den Nachtrag übernehmen" in words(page)
    action = next(
        part.split('"')[0] for part in page.text.split('action="')[1:] if "/nachtrag/vorschlaege/" in part.split('"')[0]
    )
    assert browser.submit(action).headers["location"] == house.supplement
    assert "neu (" in words(browser.get(house.supplement)).lower()


def test_every_document_of_every_version_is_listed_for_its_readers(browse, database, house):
    browser = browse(house.secretariat)
    change(browser, house, house.debate, minutes="25")
    let_go(browser, house)
    shown = words(browser.get(house.address))
    assert "Version 2, freigegeben" in shown
    assert "Version 1, freigegeben" in shown
    assert "Änderungsübersicht" in shown
    assert "öffentlich" in shown
    advisory = browse(house.advisory).get(house.address)
    assert "fassung=vollstaendig&amp;version=1" not in advisory.text.replace(
        "veraenderungen.pdf?fassung=vollstaendig", ""
    )
    assert "fassung=ohne-vertrauliches&amp;version=2" in advisory.text


def test_a_guest_gets_an_invitation_of_their_item_alone(browse, database):
    house = make_house(database)
    own, _ = add_item(database, house, "Impuls"), add_item(database, house, "Fremdes Thema")
    with database.write() as session:
        guest = factories.make_account(session, person=factories.make_person(session))
        meeting = session.get_one(Meeting, house.meeting.id)
        invite_guest(
            session, operator(), meeting, session.get_one(AgendaItem, own), GuestIn(person=guest.person_id or 0)
        )
    release(database, house)
    page = browse(guest).get(house.address)
    assert "Einladung als PDF: Gast TOP 2.1" in words(page)
    assert "Fremdes Thema" not in words(page)
    alone = words(browse(guest).get(f"{house.address}?fassung=gast-2.1"))
    assert "Impuls" in alone
    assert "Fremdes Thema" not in alone
    assert "von 120 Minuten" not in alone
    assert "von 120 Minuten" in words(browse(house.member).get(f"{house.address}?fassung=vollstaendig"))
    for query in ("?fassung=gast-2.2", "?fassung=oeffentlich", "?fassung=vollstaendig", "?version=1"):
        assert browse(guest).get(f"{house.address}{query}").status_code == 404
    assert browse(guest).get(f"{house.address}/tagesordnung.pdf").content.startswith(b"%PDF-")
    assert browse(guest).get(f"{house.address}?fassung=gast-2.1&version=1").status_code == 200
    assert browse(guest).get(f"{house.address}?fassung=gast-2.1&version=2").status_code == 404
    assert browse(house.member).get(f"{house.address}?fassung=gast-2.1").status_code == 200
    assert browse(house.admin).get(f"{house.address}?fassung=gast-2.1").status_code == 404


def test_a_guest_does_not_learn_when_the_items_before_begin(browse, database):
    house = make_house(database)
    _, own = add_item(database, house, "Fremdes Thema"), add_item(database, house, "Impuls")
    with database.write() as session:
        guest = factories.make_account(session, person=factories.make_person(session))
        meeting = session.get_one(Meeting, house.meeting.id)
        invite_guest(
            session, operator(), meeting, session.get_one(AgendaItem, own), GuestIn(person=guest.person_id or 0)
        )
    release(database, house)
    page = browse(guest).get(house.address).text
    section, item = re.findall(r'agenda-time">(\d[^<]+)<', page)
    assert section == item
    assert "Fremdes Thema" not in page
