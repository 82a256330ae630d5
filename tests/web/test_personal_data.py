"""What is stored about somebody: whole, without secrets and other people, for themself and the administration."""

import datetime as dt
import json

import pytest

from app import clock
from app.actor import Actor, Grant, Role
from app.db import ident
from app.outbox.schemas import Letter, Mailbox
from app.outbox.service import post_mail
from app.people import service as people
from app.people.models import PersonFunction
from app.privacy.models import Feedback
from app.privacy.queries.people import find_subjects
from app.projects.models import ProjectLead
from tests import factories
from tests.documents.personal_samples import STRAINING, drawn
from tests.tools.pdf_structure import problems


def letter(subject):
    return Letter(subject, f"{subject} als Text", f"<p>{subject} als Seite</p>")


@pytest.fixture
def house(database):
    with database.write() as session:
        body = factories.make_body(session, "SKIP")
        person = factories.make_person(session, "Ahorn", first_name="Ada", email="ada@example.org", address="Weg 1")
        other = factories.make_person(session, "Birke", email="birke@example.org")
        account = factories.make_account(session, None, None, person, email="ada.ahorn@example.org", name="Ada Ahorn")
        session.add(PersonFunction(person_id=ident(person), title="Präsidentin"))
        session.add(ProjectLead(project_id=ident(factories.make_project(session, "P-7")), person_id=ident(person)))
        meeting = factories.make_meeting(session, body, dt.date(2026, 5, 12))
        for to, subject in ((person, "Einladung an Ada"), (other, "Einladung an Birke")):
            post_mail(
                session,
                letter(subject),
                kind="invitation",
                to=Mailbox(to.email),
                sender=Mailbox("haus@example.org"),
                person_id=ident(to),
                account_id=ident(account) if to is person else None,
                meeting_id=ident(meeting),
            )
        post_mail(
            session,
            letter("An die Adresse allein"),
            kind="account.reset",
            to=Mailbox("ADA@example.org"),
            sender=Mailbox("haus@example.org"),
        )
        session.add(Feedback(made_at=clock.now(), message="Zu klein", reply_to="ada@example.org"))
        actor = factories.operator()
        people.create_api_token(session, actor, account, label="Auswertung")
        return {
            "admin": factories.make_account(session, Role.ADMIN),
            "secretariat": factories.make_account(session, Role.SECRETARIAT),
            "person": person,
            "other": other,
            "account": account,
        }


def told(answer):
    assert answer.status_code == 200
    return json.loads(answer.content)


def test_somebody_takes_home_what_is_stored_about_them_and_nothing_else(browse, house):
    answer = browse(house["account"]).get("/profil/daten.json")
    data = told(answer)
    parts = {part["key"]: part for part in data["parts"]}
    assert {"person", "account", "person_function.person_id", "project_lead.person_id", "api_token.account_id"} <= set(
        parts
    )
    assert {"mail.account_id", "mail.address", "feedback.reply_to", "sign_in_session.account_id"} <= set(parts)
    assert "mail.person_id" not in parts, "a mail that names account and person is told once"
    text = answer.text
    for word in ("ada@example.org", "Weg 1", "Präsidentin", "P-7", "Einladung an Ada", "Auswertung", "Zu klein"):
        assert word in text
    assert "An die Adresse allein" in text
    assert "Birke" not in text
    assert house["account"].password_hash not in text
    (field,) = [one for one in parts["person"]["rows"][0] if one["key"] == "address"]
    assert field == {"key": "address", "label": "Postanschrift", "value": "Weg 1", "words": "Weg 1"}
    assert any("Entwürfe" in one["what"] for one in data["left_out"])


def test_programs_get_the_same(browse, house):
    browser = browse(house["account"])
    by_program, by_page = (told(browser.get(one)) for one in ("/api/v1/me/data", "/profil/daten.json"))
    assert by_program["parts"] == by_page["parts"]
    assert browse().get("/api/v1/me/data").status_code == 401


def test_the_page_and_the_paper_say_the_same(browse, house):
    browser = browse(house["account"])
    page = browser.get("/profil/daten").text
    for word in ("Präsidentin", "Einladung an Ada", "Was hier nicht steht"):
        assert word in page
    paper = browser.get("/profil/daten.pdf")
    assert paper.headers["content-type"] == "application/pdf"
    assert problems(paper.content) == []
    assert 'href="/profil/daten"' in browser.get("/profil").text


def test_the_administration_gives_it_out_and_the_history_says_so(browse, house):
    admin = browse(house["admin"])
    found = admin.get("/auskunft?q=ahorn").text
    address = f"/auskunft/personen/{house['person'].id}"
    assert f'href="{address}"' in found
    assert "Birke" not in found
    assert admin.get("/auskunft?q=100%25").text.count("/auskunft/personen/") == 0
    assert "Mails an das Konto" in admin.get(address).text
    assert "Auskunft über gespeicherte Daten erstellt" not in admin.get("/verlauf").text
    assert told(admin.submit(f"{address}/herausgeben", act="json"))["name"] == "Ada Ahorn"
    assert "Auskunft über gespeicherte Daten erstellt" in admin.get("/verlauf").text
    of_account = f"/auskunft/konten/{house['secretariat'].id}"
    assert admin.submit(f"{of_account}/herausgeben", act="pdf").content.startswith(b"%PDF")


def test_nobody_else_finds_the_others(browse, house):
    for who in ("secretariat", "account"):
        browser = browse(house[who])
        for address in ("/auskunft", f"/auskunft/personen/{house['other'].id}", "/auskunft/personen/999999"):
            assert browser.get(address).status_code == 404
        assert browser.submit(f"/auskunft/personen/{house['other'].id}/herausgeben", act="json").status_code == 404
        assert browser.submit(f"/auskunft/konten/{house['admin'].id}/herausgeben", act="json").status_code == 404
    admin = browse(house["admin"])
    assert admin.get("/auskunft/personen/999999").status_code == 404
    assert admin.submit("/auskunft/konten/999999/herausgeben", act="json").status_code == 404


@pytest.mark.parametrize("name", STRAINING)
@pytest.mark.once
def test_structure(name):
    assert problems(drawn(name)) == []


def test_words_about_the_matter_stay_in_the_files(database, browse, house):
    with database.write() as session:
        body = factories.make_body(session, "Runde")
        factories.make_action(session, body, title="Streng geheimer Auftrag", person_id=ident(house["person"]))
    text = browse(house["account"]).get("/profil/daten.json").text
    assert '"action.person_id"' in text
    assert "Streng geheimer Auftrag" not in text


@pytest.mark.parametrize("typed", ["Öztürk", "öztürk", "OZTURK", "Jasmin Öztürk", "öztürk jasmin", "oeffentlich@"])
def test_people_are_found_however_their_umlauts_are_typed(database, typed):
    with database.write() as session:
        factories.make_person(session, "Öztürk", first_name="Jasmin", email="Oeffentlich@example.org")
        factories.make_person(session, "Birke", email="birke@example.org")
        found = find_subjects(session, Actor(1, "Admin", clock.today(), grants=(Grant(Role.ADMIN),)), typed)
    assert [name for name, _, _ in found] == ["Jasmin Öztürk"]
