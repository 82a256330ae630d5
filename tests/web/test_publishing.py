"""Publishing: an act that opens the public edition, and nothing else, to everybody with an account; and checksums."""

import pytest
from sqlmodel import col, select

from app.agenda.models import AgendaItem, DocumentKind, Edition, FrozenDocument, Level
from app.history.models import HistoryEntry
from tests.web.heart import APPROVED, add_item, make_house, release, value_of, words


@pytest.fixture
def house(database):
    house = make_house(database)
    add_item(database, house, "Offenes Thema", level=Level.PUBLIC, presenter="Fraktion X", occasion="Anlass Y")
    add_item(database, house, "Internes Thema")
    release(database, house)
    house.api = f"/api/v1/meetings/{house.meeting.id}"
    return house


def publish(browse, house):
    return browse(house.secretariat).submit(f"{house.address}/veroeffentlichen")


def hash_of(database, edition):
    with database.read() as session:
        return session.exec(
            select(FrozenDocument.hash)
            .where(FrozenDocument.edition == edition, FrozenDocument.kind == DocumentKind.AGENDA)
            .order_by(col(FrozenDocument.id).desc())
        ).first()


def item_titled(database, title):
    with database.read() as session:
        return session.exec(select(AgendaItem.id).where(AgendaItem.title == title)).one()


def test_nobody_from_outside_reads_it_before_it_is_published(browse, house):
    for account in (house.admin, house.stranger):
        for path in (
            house.address,
            f"{house.address}?fassung=oeffentlich",
            f"{house.address}/tagesordnung.pdf",
            house.api,
        ):
            assert browse(account).get(path).status_code == 404
    assert browse(house.member).get(f"{house.address}?fassung=oeffentlich").status_code == 200


def test_published_everybody_reads_the_public_edition_and_nothing_else(browse, house):
    assert publish(browse, house).status_code == 303
    for account in (house.admin, house.stranger):
        browser = browse(account)
        page = words(browser.get(house.address))
        assert "Offenes Thema" in page
        assert not any(
            word in page for word in ("Internes Thema", "Fraktion X", "Anlass Y", "Vera Vorsitz", "Stichtag")
        )
        assert browser.get(f"{house.address}/tagesordnung.pdf").content.startswith(b"%PDF-")
        items = browser.get(f"{house.api}/agenda-items").json()["items"]
        assert [one["title"] for one in items] == ["Offenes Thema"]
        assert items[0]["presenter"] == items[0]["occasion"] == ""
        for query in ("?fassung=vollstaendig", "?fassung=ohne-vertrauliches", "?version=2"):
            assert browser.get(f"{house.address}{query}").status_code == 404
        versions = browser.get(f"{house.api}/releases").json()["items"]
        assert [one["edition"] for version in versions for one in version["documents"]] == ["oeffentlich"]
        assert versions[0]["approved_by"] == ""
        assert browser.get(f"{house.address}/wer-sieht-was").status_code == 404


def test_readers_from_outside_learn_that_a_published_meeting_is_cancelled_but_not_why(browse, house):
    publish(browse, house)
    browse(house.secretariat).submit(f"{house.address}/absagen", reason="Terminnot im Senat")
    assert "Terminnot" in words(browse(house.member).get(house.address))
    told = words(browse(house.stranger).get(house.address))
    assert "Die Sitzung ist abgesagt." in told
    assert "Terminnot" not in told


def test_a_publication_is_revoked_with_a_reason_and_both_are_in_the_history(browse, database, house):
    publish(browse, house)
    browser = browse(house.secretariat)
    path = f"{house.address}/veroeffentlichung/zuruecknehmen"
    assert browser.submit(path, reason="").status_code == 422
    assert browser.submit(path, reason="Zu früh").status_code == 303
    assert browse(house.admin).get(house.address).status_code == 404
    assert "zurückgenommen" in words(browser.get(f"{house.address}/wer-sieht-was"))
    with database.read() as session:
        verbs = session.exec(select(HistoryEntry.verb)).all()
    assert {"agenda.publish", "agenda.revoke"} <= set(verbs)
    assert browse(house.member).submit(f"{house.address}/veroeffentlichen").status_code == 403
    assert browser.submit(path, reason="noch einmal").status_code == 409


def test_who_sees_what_is_counted_by_the_rules_that_serve(browse, house):
    page = words(browse(house.secretariat).get(f"{house.address}/wer-sieht-was"))
    assert "Stimmberechtigte Mitglieder, Stellvertretungen, Büros 1 vollständig als PDF 2 0" in page
    assert "Beratende Sitze 1 ohne Vertrauliches als PDF 2 0" in page
    assert "öffentlich, erst nach der Veröffentlichung als PDF 1 0" in page
    assert browse(house.member).get(f"{house.address}/wer-sieht-was").status_code == 404


def test_a_checksum_says_which_document_it_is_to_those_who_may_read_it(browse, database, house):
    whole = hash_of(database, Edition.FULL)
    for typed in (whole, whole[:12], f"Prüfsumme {whole[:8].upper()}"):
        found = words(browse(house.member).get("/pruefsumme", params={"hash": typed}))
        assert "Tagesordnung, Version 1, vollständig" in found
        assert whole in found
    hidden = words(browse(house.advisory).get(f"/pruefsumme?hash={whole}"))
    unknown = words(browse(house.advisory).get(f"/pruefsumme?hash={'0' * 64}"))
    assert "Kein Dokument gefunden" in hidden
    assert "Kein Dokument gefunden" in unknown
    assert browse(house.member).get("/pruefsumme?hash=xyz").status_code == 422
    assert browse(house.member).get("/pruefsumme").status_code == 200


def test_the_api_publishes_lists_and_revokes(browse, house):
    browser = browse(house.secretariat)
    headers = {"X-CSRF-Token": browser.token()}
    assert browser.get(f"{house.api}/publication").status_code == 404
    done = browser.post(f"{house.api}/publish", headers=headers)
    assert (done.status_code, done.json()["agenda_version"]) == (200, 1)
    assert browser.post(f"{house.api}/publish", headers=headers).status_code == 409
    assert browse(house.admin).get(f"{house.api}/publication").json()["published_by"] == ""
    assert browser.post(f"{house.api}/unpublish", json={"reason": "Zu früh"}, headers=headers).status_code == 200
    assert browser.get(f"{house.api}/changes").status_code == 404
    items = browser.get(f"{house.api}/agenda-items").json()["items"]
    item = f"{house.api}/agenda-items/{items[0]['id']}"
    assert browser.post(f"{item}/withdraw", json={"reason": "fehlt"}, headers=headers).json()["withdrawn"]
    wish = {"approved_by": "V", "approved_on": "2026-03-02", "approved_how": "E-Mail", "reason": "Neu"}
    assert browser.post(f"{house.api}/release", json=wish, headers=headers).status_code == 200
    changes = browser.get(f"{house.api}/changes").json()
    assert [one["text"] for one in changes["changes"]] == ["TOP 2.1 abgesetzt (fehlt): Offenes Thema"]
    assert browser.post(f"{item}/reinstate", headers=headers).json()["withdrawn"] is False
    assert browser.post(f"{house.api}/discard-changes", headers=headers).status_code == 200
    assert [one["number"] for one in browser.get(f"{house.api}/releases").json()["items"]] == [2, 1]


def test_what_stood_there_before_publishing_is_not_quoted_to_the_public(browse, database, house):
    browser = browse(house.secretariat)
    path = f"{house.address}/tagesordnung/{item_titled(database, 'Offenes Thema')}"
    version = value_of(browser.get(path), "version")
    form = {"section": "beratung", "kind": "debate", "minutes": "10", "level": "public"}
    browser.submit(path, **form, title="Standort", version=version)
    version = value_of(browser.get(f"{house.address}/freigabe"), "version")
    browser.submit(f"{house.address}/freigabe", **APPROVED, reason="Neuer Titel", version=version)
    publish(browse, house)
    public = browse(house.stranger)
    page = public.get(house.address)
    assert "Standort" in words(page)
    assert "/aenderungen" not in page.text
    for address in (f"{house.address}/aenderungen", f"{house.address}/aenderungen.pdf", f"{house.api}/changes"):
        assert public.get(address).status_code == 404
    with database.read() as session:
        kept = select(FrozenDocument.hash).where(FrozenDocument.kind == DocumentKind.CHANGES)
        digest = session.exec(kept.where(FrozenDocument.edition == Edition.PUBLIC)).one()
    assert "Änderungsübersicht" not in words(public.get("/pruefsumme", params={"hash": digest}))
    assert "Offenes Thema" in words(browse(house.member).get(f"{house.address}/aenderungen?fassung=oeffentlich"))
