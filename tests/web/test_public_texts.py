"""The operator's public pages: shipped texts with gaps, versions, preview, reports about barriers."""

import datetime as dt

import pytest
from sqlmodel import select

from app import clock
from app.actor import Role
from app.checking import check
from app.markdown import page_html
from app.outbox.models import Mail
from app.privacy.models import Feedback, PublicText, TextName
from app.privacy.queries.texts import shipped
from app.privacy.rules.texts import gaps
from tests import factories
from tests.browser_client import Browser
from tests.conftest import NOW

PAGES = ("barrierefreiheit", "datenschutz", "impressum")


@pytest.fixture
def house(database):
    with database.write() as session:
        return {
            "admin": factories.make_account(session, Role.ADMIN),
            "secretariat": factories.make_account(session, Role.SECRETARIAT),
        }


@pytest.mark.parametrize("name", PAGES)
def test_shipped_texts_are_pages_and_name_what_the_operator_must_fill_in(browse, name):
    assert gaps(shipped(TextName(name)))
    answer = browse().get(f"/{name}")
    assert answer.status_code == 200
    assert "[…" in answer.text
    assert "<h2>" in answer.text


def test_every_page_links_the_texts_also_sign_in_and_errors(browse, house):
    for address, status in (("/anmelden", 200), ("/", 200), ("/gibt-es-nicht", 404)):
        browser = browse() if address == "/anmelden" else browse(house["secretariat"])
        answer = browser.get(address)
        assert answer.status_code == status
        for name in PAGES:
            assert f'href="/{name}"' in answer.text


def test_only_the_administration_finds_the_settings(browse, house):
    for address in ("/einstellungen", "/einstellungen/impressum", "/einstellungen/aufbewahrung", "/rueckmeldungen"):
        assert browse(house["secretariat"]).get(address).status_code == 404
        assert browse(house["admin"]).get(address).status_code == 200
    refused = browse(house["secretariat"]).submit("/einstellungen/impressum", content="x")
    assert refused.status_code == 404


def test_a_text_is_previewed_then_saved_and_earlier_versions_stay(browse, house, database):
    admin = browse(house["admin"])
    shown = admin.submit("/einstellungen/impressum", content="# Amt\n\nErste Fassung", act="preview")
    assert shown.status_code == 200
    assert "Noch nicht gespeichert" in shown.text
    assert "<h2>Amt</h2>" in shown.text
    assert "Erste Fassung" not in browse().get("/impressum").text
    assert admin.submit("/einstellungen/impressum", content="Erste Fassung").headers["location"] == "/impressum"
    admin.submit("/einstellungen/impressum", content="Zweite Fassung")
    admin.submit("/einstellungen/impressum", content="Zweite Fassung")
    public = browse().get("/impressum").text
    assert "Zweite Fassung" in public
    assert "Erste Fassung" not in public
    with database.read() as session:
        first, second = session.exec(select(PublicText).order_by(PublicText.id)).all()
    assert "Erste Fassung" in admin.get(f"/einstellungen/impressum?stand={first.id}").text
    assert admin.get(f"/einstellungen/datenschutz?stand={second.id}").status_code == 404
    assert "Öffentlichen Text geändert" in admin.get("/verlauf").text
    empty = admin.submit("/einstellungen/impressum", content="")
    assert empty.status_code == 422


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,y)",
        "![x](https://example.org/x.png)",
        "[x](//example.org)",
        "<https://example.org/><img src=x onerror=y>",
        "[x]: javascript:alert(1)\n\n[x]",
    ],
)
def test_what_is_typed_runs_nowhere(source):
    html = page_html(source)
    for bad in ("<script", "<img", 'href="javascript', 'href="data', 'href="//'):
        assert bad not in html


def test_links_headings_and_lists_are_shown():
    html = page_html("# Eins\n\n###### Sechs\n\n- [Amt](https://example.org)\n- [Mail](mailto:a@example.org)")
    assert "<h2>Eins</h2>" in html
    assert "<h4>Sechs</h4>" in html
    assert '<a href="https://example.org">Amt</a>' in html
    assert '<a href="mailto:a@example.org">Mail</a>' in html


def test_the_privacy_page_says_how_long_what_is_kept_as_it_is_set(browse, house):
    admin = browse(house["admin"])
    form = admin.get("/einstellungen/aufbewahrung").text
    assert "Sicherheitsprotokoll" in form
    values = {f"{kind}-{part}": value for kind, part, value in _sent(form)}
    values["mails-days"] = "41"
    refused = admin.submit("/einstellungen/aufbewahrung", **{**values, "jobs-days": "0"})
    assert refused.status_code == 422
    assert ">41<" not in browse().get("/datenschutz").text
    assert admin.submit("/einstellungen/aufbewahrung", **values).status_code == 303
    assert ">41<" in browse().get("/datenschutz").text
    assert "Aufbewahrungsfrist geändert" in admin.get("/verlauf").text


def _sent(form):
    from tests.visibility.forms import forms_of

    there = next(one for one in forms_of("", form) if one.action == "/einstellungen/aufbewahrung")
    return [(*name.rsplit("-", 1), value) for name, value in there.fields if "-" in name]


def test_a_report_needs_no_sign_in_is_kept_told_and_answered(browse, house, database, settings):
    settings.mail_from = "Betrieb <betrieb@example.org>"
    sent = browse().submit(
        "/barrierefreiheit", message="Der Kalender ist stumm.", place="/kalender", reply_to="Kim@Example.org"
    )
    assert sent.headers["location"] == "/barrierefreiheit"
    with database.read() as session:
        report = session.exec(select(Feedback)).one()
        mail = session.exec(select(Mail)).one()
    assert (report.message, report.reply_to) == ("Der Kalender ist stumm.", "kim@example.org")
    assert mail.address == "betrieb@example.org"
    assert "stumm" not in mail.text + mail.subject
    assert "kim@" not in mail.text
    admin = browse(house["admin"])
    assert "Der Kalender ist stumm." in admin.get("/rueckmeldungen").text
    assert "1 offen" in admin.get("/einstellungen").text
    assert admin.submit(f"/rueckmeldungen/{report.id}", note="Behoben").status_code == 303
    assert "Behoben" in admin.get("/rueckmeldungen").text
    assert admin.submit("/rueckmeldungen/999999", note="x").status_code == 404
    assert browse(house["secretariat"]).submit(f"/rueckmeldungen/{report.id}", note="x").status_code == 404


def test_without_a_mailbox_a_report_is_kept_alone(browse, database):
    assert browse().submit("/barrierefreiheit", message="Zu klein.").status_code == 303
    with database.read() as session:
        assert session.exec(select(Feedback)).one().reply_to == ""
        assert session.exec(select(Mail)).all() == []


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(browse, database):
    answer = browse().submit("/barrierefreiheit", message="Sehr wichtig", reply_to="keine Adresse")
    assert answer.status_code == 422
    assert "gültige E-Mail-Adresse" in answer.text
    assert "Sehr wichtig" in answer.text
    assert browse().submit("/barrierefreiheit", message=" ").status_code == 422
    with database.read() as session:
        assert session.exec(select(Feedback)).all() == []


def test_programs_that_fill_in_everything_are_thanked_and_forgotten(browse, database):
    assert browse().submit("/barrierefreiheit", message="Spam", webseite="https://example.org").status_code == 303
    with database.read() as session:
        assert session.exec(select(Feedback)).all() == []


def test_one_connection_sends_five_reports_in_a_quarter_of_an_hour(browse):
    browser = browse()
    answers = [browser.submit("/barrierefreiheit", message=f"Nummer {number}") for number in range(6)]
    assert [one.status_code for one in answers] == [303] * 5 + [429]
    assert "Nummer 5" in answers[-1].text
    with clock.standing_at(NOW + dt.timedelta(minutes=16)):
        assert browser.submit("/barrierefreiheit", message="Später").status_code == 303


def test_one_subscriber_has_one_network_of_addresses(application, database):
    def report(number):
        browser = Browser(application, database, client=(f"2001:db8::{number:x}", 50000))
        return browser.submit("/barrierefreiheit", message="Nummer").status_code

    assert [report(number) for number in range(1, 7)] == [303] * 5 + [429]


def test_a_form_of_a_foreign_page_is_refused_without_a_word_of_signing_in(browse):
    answer = browse().post("/barrierefreiheit", data={"message": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_the_check_warns_while_gaps_stand(own_database, settings):
    found = {one.name: one for one in check(settings.model_copy(update={"database_url": own_database.url}))}
    assert found["Impressum"].ok is None
    assert "/einstellungen/impressum" in found["Impressum"].remedy
