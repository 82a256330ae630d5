"""The delivery log, one mail, its acts, and the preview: who sees what, and that no mail runs anything."""

import datetime as dt
import re
from pathlib import Path

import pytest

from app import clock
from app.db import ident
from app.outbox.models import Mail, MailState
from app.outbox.rules import KEY_MARK, NO_MAILBOX
from app.outbox.schemas import Letter, Mailbox
from app.outbox.service import post_mail
from app.web.outbox.mail_kinds import KINDS, kind_title
from tests.conftest import NOW
from tests.web.heart import make_house, words

EVIL = '<p onclick="x()">Guten Tag</p><script>alert(1)</script>'


@pytest.fixture
def house(database):
    return make_house(database)


@pytest.fixture
def mails(database, house):
    """A refused invitation and an uncertain one of the house's meeting, and a secret mail about an account."""
    with database.write() as session:
        meeting_id = ident(house.meeting)
        body_id = ident(house.body)
        made = [
            post_mail(
                session,
                Letter(subject, f"Guten Tag http://testserver/antwort/{KEY_MARK}", EVIL),
                kind=kind,
                to=Mailbox("ada@beispiel.test", "Ada Beispiel"),
                sender=Mailbox("gremium@beispiel.test", "Geschäftsstelle"),
                body_id=body_id if kind == "invitation" else None,
                meeting_id=meeting_id if kind == "invitation" else None,
                secret=kind != "invitation",
            )
            for subject, kind in (
                ("Einladung eins", "invitation"),
                ("Einladung zwei", "invitation"),
                ("Neues Kennwort", "account.reset"),
            )
        ]
        made[0].state, made[0].answer = MailState.REFUSED, "550 mailbox unknown"
        made[1].state = MailState.UNCERTAIN
        return [ident(one) for one in made]


def state_of(database, mail_id):
    with database.read() as session:
        return session.get_one(Mail, mail_id).state


def test_the_secretariat_sees_what_became_of_its_mails(browse, house, mails):
    browser = browse(house.secretariat)
    page = words(browser.get("/postausgang"))
    assert "Einladung eins" in page
    assert "vom Mailserver abgelehnt 1" in page
    assert "ungewiss" in page
    assert "Es ist kein Mailserver eingerichtet." in page
    assert "Neues Kennwort" not in page
    assert "Einladung zwei" not in words(browser.get("/postausgang?stand=refused"))
    assert "Keine Mail passt" in words(browser.get("/postausgang?stand=sent"))
    assert "Einladung eins" in browser.get("/postausgang.csv").text
    assert browser.get("/postausgang.xlsx?stand=refused").content.startswith(b"PK")
    assert "Einladung eins" in words(browser.get(f"{house.address}/versand"))


def test_others_see_none_of_it(browse, house, mails):
    for who, addresses in (
        (house.member, ("/postausgang", "/postausgang.csv", "/postausgang/vorschau", f"/postausgang/{mails[0]}")),
        (house.stranger, (f"/postausgang/{mails[0]}", f"/postausgang/{mails[2]}", f"/postausgang/{mails[0]}/ansicht")),
    ):
        browser = browse(who)
        assert [browser.get(address).status_code for address in addresses] == [404] * len(addresses)
        assert browser.submit(f"/postausgang/{mails[0]}/erneut").status_code == 404
    assert "Einladung" not in browse(house.stranger).get("/postausgang.csv").text
    assert browse(house.member).get(f"{house.address}/versand").status_code == 404, "not announced yet"


def test_the_administration_sees_states_and_never_texts(browse, house, mails):
    browser = browse(house.admin)
    page = words(browser.get("/postausgang"))
    assert "Einladung eins" not in page
    assert "Neues Kennwort" in page, "the kind, not what it says"
    one = words(browser.get(f"/postausgang/{mails[2]}"))
    assert "liest nur ihr Empfänger" in one
    assert "Guten Tag" not in one
    assert browser.get(f"/postausgang/{mails[2]}/ansicht").status_code == 404
    assert browser.get(f"/postausgang/{mails[0]}").status_code == 404


def test_a_mail_is_shown_without_its_key_and_runs_nothing(browse, house, mails):
    browser = browse(house.secretariat)
    page = browser.get(f"/postausgang/{mails[0]}")
    assert "550 mailbox unknown" in words(page)
    assert "PERSOENLICHER-SCHLUESSEL" in page.text
    assert KEY_MARK not in page.text
    assert "alert(1)" not in page.text
    shown = browser.get(f"/postausgang/{mails[0]}/ansicht")
    policy = shown.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none';")
    assert "allow-" not in policy
    assert "script-src" not in policy


def test_a_mail_without_a_mailbox_says_so(browse, database, house, mails):
    with database.write() as session:
        mail = session.get_one(Mail, mails[0])
        mail.sender, mail.state = NO_MAILBOX, MailState.WITHHELD
    page = words(browse(house.secretariat).get(f"/postausgang/{mails[0]}"))
    assert "Geschäftsstelle (ein Postfach ist nicht eingerichtet)" in page
    assert NO_MAILBOX not in page


def test_a_refused_mail_is_sent_again_and_withdrawn(browse, database, house, mails):
    browser = browse(house.secretariat)
    address = f"/postausgang/{mails[0]}"
    assert "Mail noch einmal senden" in words(browser.get(address))
    assert browser.submit(f"{address}/erneut").status_code == 303
    assert state_of(database, mails[0]) is MailState.WAITING
    assert browser.submit(f"{address}/erneut").status_code == 409
    assert browser.submit(f"{address}/zurueckziehen").status_code == 303
    assert state_of(database, mails[0]) is MailState.CANCELLED


def test_an_uncertain_mail_needs_a_confirmation(browse, database, house, mails):
    browser = browse(house.secretariat)
    address = f"/postausgang/{mails[1]}"
    refused = browser.submit(f"{address}/erneut")
    assert refused.status_code == 422
    assert "Bitte bestätigen Sie" in words(refused)
    assert state_of(database, mails[1]) is MailState.UNCERTAIN
    assert browser.submit(f"{address}/erneut", confirmed="1").status_code == 303
    assert state_of(database, mails[1]) is MailState.WAITING


def test_every_kind_of_mail_can_be_looked_at(browse, house):
    browser = browse(house.secretariat)
    overview = words(browser.get("/postausgang/vorschau"))
    for name, kind in KINDS.items():
        assert kind.title in overview
        assert kind.preview().subject in words(browser.get(f"/postausgang/vorschau/{name}"))
        assert (
            browser.get(f"/postausgang/vorschau/{name}/ansicht")
            .headers["content-security-policy"]
            .startswith("sandbox")
        )
    assert browser.get("/postausgang/vorschau/unbekannt").status_code == 404


@pytest.mark.once
def test_every_mail_template_has_an_example():
    """A mail without an entry in its owner's MAILS is one that the secretariat cannot look at before it goes out."""
    folder = Path(__file__).parents[2] / "templates" / "mail"
    shown = {kind.template or kind.name for kind in KINDS.values()}
    assert {one.name for one in folder.iterdir() if one.is_dir()} == shown


@pytest.mark.once
@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_mail_is_whole(name):
    letter = KINDS[name].preview(demo=True)
    assert letter.subject.startswith("[Beispieldaten] ")
    assert letter.html.count("<h1") == 1
    assert not re.search(r"<(img|link|script|style|iframe)|url\(|@import", letter.html)
    for address in re.findall(r'href="([^"]+)"', letter.html):
        assert address.replace("&amp;", "&") in letter.text, "text and HTML lead to the same places"
    assert "warum" not in letter.text
    assert KINDS[name].example["why"] in re.sub(r"\s+", " ", letter.text)
    assert kind_title(name.replace("_", ".", 1)) == KINDS[name].title


def test_what_did_not_arrive_waits_for_the_secretariat(browse, house, mails):
    assert "2 Mails kamen vielleicht nicht an" in words(browse(house.secretariat).get("/"))
    assert "vielleicht nicht an" not in words(browse(house.member).get("/"))
    with clock.standing_at(NOW + dt.timedelta(days=15)):
        assert "vielleicht nicht an" not in words(browse(house.secretariat).get("/"))
