"""Invitations and lost passwords: links that work once, end in time, and tell nobody whether an account exists."""

import datetime as dt
import re

import pytest
from sqlmodel import col, select

from app import clock
from app.actor import Role
from app.credentials.queries import find_password_link
from app.links.models import PersonalLink
from app.links.rules import Purpose, link_key
from app.links.service import make_link
from app.outbox.models import Mail
from app.people.models import Account, ApiToken
from app.web.sign_in import personal_links
from tests import factories
from tests.conftest import NOW, SECRET
from tests.queries import recorded_queries

CHOSEN = "ein selbst gewähltes Kennwort"


@pytest.fixture
def house(database):
    with database.write() as session:
        return {
            "admin": factories.make_account(session, Role.ADMIN, email="admin@example.org", name="Alma Verwalter"),
            "member": factories.make_account(session, email="ada@example.org", name="Ada <b>Beispiel</b>"),
        }


def mails(database):
    with database.read() as session:
        return list(session.exec(select(Mail).order_by(col(Mail.id))).all())


def newest_key(database, purpose):
    with database.read() as session:
        rows = session.exec(select(PersonalLink).where(PersonalLink.purpose == purpose).order_by(col(PersonalLink.id)))
        return link_key(SECRET.encode(), list(rows)[-1].nonce)


def choose(browser, key, password=CHOSEN, again=CHOSEN):
    return browser.submit(f"/konto/{key}", password=password, password_again=again)


def test_somebody_invited_chooses_a_password_once(browse, database, house):
    admin = browse(house["admin"])
    made = admin.submit("/konten/neu", name="Berta Beispiel", email="berta@example.org")
    assert made.headers["location"] == "/konten"
    text = admin.get("/konten").text
    assert "kein Mailserver eingerichtet" in text
    assert "eingeladen" in text
    (mail,) = mails(database)
    assert (mail.kind, mail.address, mail.secret) == ("account.invited", "berta@example.org", True)
    key = newest_key(database, Purpose.INVITED)
    assert key not in mail.text + mail.html
    assert "/konto/~persoenlicher-schluessel~" in mail.text
    assert browse().submit("/anmelden", email="berta@example.org", password="").status_code == 422
    browser = browse()
    page = browser.get(f"/konto/{key}")
    assert page.status_code == 200
    assert page.headers["referrer-policy"] == "no-referrer"
    assert 'name="referrer" content="no-referrer"' in page.text
    assert browser.get(f"/konto/{key}").status_code == 200, "seeing it uses nothing up"
    assert choose(browser, key).headers["location"] == "/anmelden"
    assert browser.submit("/anmelden", email="berta@example.org", password=CHOSEN).status_code == 303
    for answer in (browse().get(f"/konto/{key}"), choose(browse(), key)):
        assert answer.status_code == 404
        assert "Dieser Link gilt nicht mehr" in answer.text
    history = admin.get("/verlauf").text
    assert "Zu einem Konto eingeladen" in history
    assert "Einladung angenommen" in history
    assert "eingeladen<" not in admin.get("/konten").text


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [("kurz", "kurz", "mindestens 12 Zeichen"), (CHOSEN, CHOSEN + "!", "nicht gleich")],
)
def test_a_bad_choice_is_named_and_the_link_stays(browse, database, house, password, again, sentence):
    browse(house["admin"]).submit(f"/konten/{house['member'].id}/einladen")
    key = newest_key(database, Purpose.INVITED)
    answer = choose(browse(), key, password, again)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert CHOSEN not in answer.text
    assert choose(browse(), key).status_code == 303


def test_an_invitation_ends_in_time_when_withdrawn_and_by_a_newer_one(browse, database, house):
    admin, address = browse(house["admin"]), f"/konten/{house['member'].id}"
    admin.submit(f"{address}/einladen")
    first = newest_key(database, Purpose.INVITED)
    admin.submit(f"{address}/einladen")
    second = newest_key(database, Purpose.INVITED)
    assert browse().get(f"/konto/{first}").status_code == 404
    assert browse().get(f"/konto/{second}").status_code == 200
    with clock.standing_at(NOW + dt.timedelta(days=7)):
        assert browse().get(f"/konto/{second}").status_code == 404
    assert "gilt bis 09.03.2026, 09:00 Uhr" in admin.get(address).text
    assert admin.submit(f"{address}/einladung/zurueckziehen").status_code == 303
    assert choose(browse(), second).status_code == 404
    assert admin.submit(f"{address}/einladung/zurueckziehen").status_code == 409


def test_only_the_administration_invites_and_no_stilled_account(browse, house):
    for act in ("einladen", "einladung/zurueckziehen"):
        assert browse(house["member"]).submit(f"/konten/{house['admin'].id}/{act}").status_code == 404
    admin, address = browse(house["admin"]), f"/konten/{house['member'].id}"
    admin.submit(f"{address}/stilllegen")
    assert admin.submit(f"{address}/einladen").status_code == 409


def test_a_lost_password_is_chosen_anew_and_other_browsers_end(browse, database, house):
    elsewhere = browse(house["member"])
    key_of_program = re.findall(
        r'id="schluessel-neu" value="([\w-]+)"', elsewhere.submit("/profil/schluessel", label="Skript").text
    )[0]
    assert "/anmelden/kennwort" in browse().get("/anmelden").text
    assert browse().submit("/anmelden/kennwort", email=" ADA@example.org").status_code == 200
    (mail,) = mails(database)
    assert mail.kind == "account.reset"
    assert "Ada &lt;b&gt;" in mail.html
    assert mail.account_id == house["member"].id
    key = newest_key(database, Purpose.RESET)
    assert choose(browse(), key).status_code == 303
    assert elsewhere.get("/profil").status_code == 303
    assert browse().get("/profil", headers={"authorization": f"Bearer {key_of_program}"}).status_code == 200
    assert browse().submit("/anmelden", email="ada@example.org", password=factories.PASSWORD).status_code == 422
    assert browse().submit("/anmelden", email="ada@example.org", password=CHOSEN).status_code == 303
    assert choose(browse(), key).status_code == 404
    notice = mails(database)[-1]
    assert notice.kind == "account.changed"
    assert "über einen Link" in notice.text
    assert notice.link_id is None
    with database.read() as session:
        assert session.exec(select(ApiToken).where(col(ApiToken.revoked_at).is_(None))).one()


def test_a_link_to_a_lost_password_lasts_an_hour_and_ends_with_the_account(browse, database, house):
    browse().submit("/anmelden/kennwort", email="ada@example.org")
    key = newest_key(database, Purpose.RESET)
    with clock.standing_at(NOW + dt.timedelta(hours=1)):
        assert choose(browse(), key).status_code == 404
    browse(house["admin"]).submit(f"/konten/{house['member'].id}/stilllegen")
    assert choose(browse(), key).status_code == 404
    browse().submit("/anmelden/kennwort", email="ada@example.org")
    assert len(mails(database)) == 1, "an inactive account gets no mail"


def test_a_password_changed_at_the_screen_ends_the_link_that_waits(browse, database, house):
    browse().submit("/anmelden/kennwort", email="ada@example.org")
    key = newest_key(database, Purpose.RESET)
    wish = {"password_old": factories.PASSWORD, "password": CHOSEN, "password_again": CHOSEN}
    assert browse(house["member"]).submit("/profil/sicherheit/kennwort", **wish).status_code == 303
    assert browse().get(f"/konto/{key}").status_code == 404


def test_nobody_learns_whether_an_account_exists(browse, database, house):
    answers, statements = [], []
    for email in ("ada@example.org", "niemand@example.org"):
        browser = browse()
        token = browser.token("/anmelden/kennwort")
        with recorded_queries(database.engine) as asked:
            answer = browser.post("/anmelden/kennwort", data={"csrf_token": token, "email": email})
        answers.append((answer.status_code, re.sub(r"[0-9a-f]{64}", "TOKEN", answer.text)))
        statements.append([one.split()[0] for one in asked])
    assert answers[0] == answers[1]
    writes = [[one for one in asked if one in ("INSERT", "UPDATE", "DELETE")] for asked in statements]
    assert len(writes[0]) <= len(writes[1]) <= len(writes[0]) + 1, "nobody's row is written and taken back besides"
    assert [mail.address for mail in mails(database)] == ["ada@example.org"]
    with database.read() as session:
        assert len(session.exec(select(Account)).all()) == 2
        assert len(session.exec(select(PersonalLink)).all()) == 1


def test_mails_to_one_account_and_from_one_address_are_few(browse, database, house):
    for _ in range(personal_links.RESETS_PER_ACCOUNT + 2):
        assert browse().submit("/anmelden/kennwort", email="ada@example.org").status_code == 200
    assert len(mails(database)) == personal_links.RESETS_PER_ACCOUNT
    for number in range(personal_links.RESETS_PER_ADDRESS):
        answer = browse().submit("/anmelden/kennwort", email=f"niemand{number}@example.org")
    assert answer.status_code == 429


def test_bad_addresses_and_keys_are_refused(browse):
    assert "gültige E-Mail-Adresse" in browse().submit("/anmelden/kennwort", email="keine").text
    for key in ("x", "a" * 43, "%00", "ä" * 20):
        assert browse().get(f"/konto/{key}").status_code == 404


def test_the_link_of_one_purpose_opens_nothing_else(database, house):
    with database.write() as session:
        link = make_link(session, SECRET.encode(), Purpose.ANSWER, account_id=house["member"].id)
        assert find_password_link(session, link_key(SECRET.encode(), link.nonce)) is None
