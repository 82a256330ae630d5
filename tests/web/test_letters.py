"""Guests and letters over HTTP: inviting, when to come, who gets a letter, and that nobody is told too much."""

import io
import re
import subprocess

import pytest
from docx import Document
from sqlmodel import select

from app.agenda.models import AgendaItemGuest, GuestRole, LetterDispatch
from app.bodies import rules as body_rules
from app.bodies import service as bodies
from app.bodies.models import AddressKind, MembershipKind, Seat
from app.bodies.queries import list_seats
from app.db import ident
from app.drafting.service.releasing import release_meeting
from app.people.models import Organisation, Person, PersonFunction
from tests import factories
from tests.factories import operator
from tests.web.heart import DAY, YES, add_item, make_house, release, words

SECRET = "Verhandlungsziele Marzahn"


@pytest.fixture
def house(database):
    house = make_house(database, entry_details="Eingang Jüdenstraße, bitte Ausweis mitbringen")
    with database.write() as session:
        chair = session.get_one(Person, house.chair.person_id)
        chair.first_name, chair.last_name, chair.title, chair.salutation = "Vera", "Vorsitz", "Dr.", "Frau"
        seats = {view.seat.chair: view for view in list_seats(session, ident(house.body), DAY)}
        seat = session.get_one(Seat, seats[True].seat.id)
        deputy = factories.make_person(session, "Vertretung", first_name="Jo")
        bodies.fill_seat(session, operator(), seat, person_id=ident(deputy), kind=MembershipKind.DEPUTY)
        bodies.add_seat_address(
            session, operator(), seat, kind=AddressKind.OFFICE, name="Büro Vorsitz", email="buero@example.org"
        )
        house.deputy = deputy
    house.item = add_item(database, house, "Additive Fertigung", section="schwerpunktthema", minutes=30)
    house.secret = add_item(database, house, SECRET, section="beschlussfassung", level="confidential")
    return house


def new_guest(browse, house, item_id, **fields):
    values = {
        "last_name": "Beispiel",
        "first_name": "Ada",
        "title": "Prof. Dr.",
        "salutation": "Frau",
        "function": "Leiterin Additive Fertigung",
        "organisation": "Technische Universität",
        "role": "speaker",
        "topic": "Druck statt Guss",
        **fields,
    }
    return browse(house.secretariat).submit(f"{house.address}/tagesordnung/{item_id}/gaeste/neu", **values)


def guest_of(database, item_id):
    with database.read() as session:
        return session.exec(select(AgendaItemGuest).where(AgendaItemGuest.item_id == item_id)).one()


def letter(browse, house, person_id, who="secretariat"):
    answer = browse(getattr(house, who)).get(f"{house.address}/schreiben/{person_id}.docx")
    assert answer.status_code == 200
    document = Document(io.BytesIO(answer.content))
    above = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join((*above, *(paragraph.text for paragraph in document.paragraphs)))


def test_somebody_new_is_entered_and_invited_in_place(browse, database, house):
    assert new_guest(browse, house, house.item).status_code == 303
    guest = guest_of(database, house.item)
    assert (guest.role, guest.topic) == (GuestRole.SPEAKER, "Druck statt Guss")
    page = words(browse(house.secretariat).get(f"{house.address}/tagesordnung/{house.item}"))
    assert "Prof. Dr. Ada Beispiel , Leiterin Additive Fertigung, Technische Universität" in page
    assert "Impuls/Vortrag: Druck statt Guss" in page
    assert "Voraussichtlich 10:05–10:35 Uhr, bitte um 09:55 Uhr da sein." in page


def test_a_known_person_is_invited_changed_and_uninvited(browse, database, house):
    address = f"{house.address}/tagesordnung/{house.item}/gaeste"
    browser = browse(house.secretariat)
    assert browser.submit(address, person=str(house.deputy.id), role="guest").status_code == 303
    again = browser.submit(address, person=str(house.deputy.id), role="guest")
    assert again.status_code == 422
    assert "Jo Vertretung ist schon eingeladen." in words(again)
    assert browser.submit(f"{address}/{house.deputy.id}", role="speaker", topic="T" * 300).status_code == 303
    assert guest_of(database, house.item).topic == "T" * 300
    assert browser.submit(f"{address}/{house.deputy.id}/ausladen").status_code == 303
    assert "noch niemand eingeladen" in words(browser.get(address))
    assert browser.submit(f"{address}/{house.deputy.id}/ausladen").status_code == 404


def test_what_does_not_hold_is_told_at_the_field_and_kept(browse, house):
    answer = new_guest(browse, house, house.item, last_name="", first_name="Ümit 🙂")
    assert answer.status_code == 422
    assert "Bitte füllen Sie dieses Feld aus." in words(answer)
    assert "Ümit 🙂" in answer.text
    assert new_guest(browse, house, house.item, function="").status_code == 422
    assert (
        browse(house.secretariat)
        .submit(f"{house.address}/tagesordnung/{house.item}/gaeste", person="999999")
        .status_code
        == 422
    )


@pytest.mark.parametrize(("who", "status"), [("chair", 403), ("member", 404), ("stranger", 404), ("auditor", 404)])
def test_only_the_secretariat_invites(browse, house, who, status):
    browser = browse(getattr(house, who))
    address = f"{house.address}/tagesordnung/{house.item}/gaeste"
    assert browser.get(address).status_code == status
    assert browser.submit(address, person=str(house.deputy.id)).status_code == status


def test_guests_stand_in_the_released_agenda(browse, database, house):
    new_guest(browse, house, house.item)
    release(database, house)
    page = words(browse(house.member).get(house.address))
    assert "Impuls „Druck statt Guss“: Prof. Dr. Ada Beispiel, Leiterin Additive Fertigung" in page
    assert "Einlass: Eingang Jüdenstraße, bitte Ausweis mitbringen" in page
    pdf = browse(house.advisory).get(f"{house.address}/tagesordnung.pdf").content
    text = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert "Prof. Dr. Ada Beispiel" in " ".join(text.split())
    assert "Eingang Jüdenstraße" in text


def test_everybody_who_gets_a_letter_is_listed_with_what_is_enclosed(browse, house):
    new_guest(browse, house, house.item)
    page = words(browse(house.secretariat).get(f"{house.address}/schreiben"))
    assert "Dr. Vera Vorsitz Mitglied" in page
    assert "Sehr geehrte Frau Dr. Vorsitz," in page
    assert "Tagesordnung (Entwurf, Fassung vollständig)" in page
    assert "Tagesordnung (Entwurf, Fassung ohne Vertrauliches)" in page
    assert "Jo Vertretung (Stellvertretung) Büro Vorsitz, buero@example.org" in page
    assert "Prof. Dr. Ada Beispiel Gast" in page
    assert "Die Schreiben sind Entwürfe." in page


def test_a_letter_says_when_where_and_how_to_get_in(browse, database, house):
    release(database, house)
    told = letter(browse, house, house.chair.person_id)
    assert "Sehr geehrte Frau Dr. Vorsitz," in told
    assert "zur 18. Sitzung lade ich Sie herzlich ein. Sie findet am Dienstag, 12. Mai 2026, 10–12 Uhr statt" in told
    assert "Ort: Rotes Rathaus" in told
    assert "Einlass: Eingang Jüdenstraße" in told
    assert "Tagesordnung (Version 1, Fassung vollständig)" in told
    assert "Jo Vertretung (Stellvertretung)" in told
    assert "Entwurf" not in told


def test_a_guests_letter_names_the_own_item_and_time_only(browse, database, house):
    new_guest(browse, house, house.item)
    guest = guest_of(database, house.item)
    told = letter(browse, house, guest.person_id, who="chair")
    assert "Sehr geehrte Frau Prof. Dr. Beispiel," in told
    assert "Ihr Punkt: TOP 2.1 „Additive Fertigung“" in told
    assert "Uhrzeit: 10:05–10:35 Uhr" in told
    assert "Ihr Thema: Druck statt Guss" in told
    assert SECRET not in told
    assert "Tagesordnung (Entwurf, Fassung Gast TOP 2.1)" in told
    assert told.count("Tagesordnung (") == 1
    assert "Nachrichtlich" not in told


def test_of_a_confidential_item_a_file_tells_the_guest_the_number_only(browse, database, house):
    new_guest(browse, house, house.secret, topic="Geheimes Thema")
    told = letter(browse, house, guest_of(database, house.secret).person_id)
    assert "Ihr Punkt: TOP 3.1\n" in f"{told}\n"
    assert SECRET not in told
    assert "Geheimes Thema" not in told


def test_text_blocks_are_rules_and_place_holders_plain_text(browse, database, house):
    with database.write() as session:
        body = session.get_one(type(house.body), house.body.id)
        block = "{anrede}! Am {termin} in {ort} {{7*7}} <b>fett</b>"
        typed = {body_rules.MEMBER_LETTER.key: (block.replace("{{7*7}}", "[[7*7]]"), "")}
        bodies.change_rules(session, operator(), body, typed, body_rules.RULES)
        person = session.get_one(Person, house.member.person_id)
        person.last_name, person.first_name = "{ort} & <i>", "Alex"
    told = letter(browse, house, house.member.person_id)
    assert (
        "Guten Tag Alex {ort} & <i>! Am Dienstag, 12. Mai 2026, 10–12 Uhr in Rotes Rathaus [[7*7]] <b>fett</b>" in told
    )
    assert told.count("Guten Tag Alex") == 1


@pytest.mark.parametrize("who", ["member", "advisory", "auditor", "admin", "stranger"])
def test_letters_exist_for_secretariat_and_chair_only(browse, house, who):
    browser = browse(getattr(house, who))
    for part in ("", ".pdf", ".docx", f"/{house.chair.person_id}.pdf", f"/{house.chair.person_id}.docx"):
        assert browser.get(f"{house.address}/schreiben{part}").status_code == 404, part


def test_persons_who_get_no_letter_have_none(browse, house):
    browser = browse(house.secretariat)
    assert browser.get(f"{house.address}/schreiben/{house.deputy.id}.pdf").status_code == 404
    assert browser.get(f"{house.address}/schreiben/999999.docx").status_code == 404


def test_all_letters_come_in_one_file(browse, house):
    browser = browse(house.chair)
    docx = Document(io.BytesIO(browser.get(f"{house.address}/schreiben.docx").content))
    subjects = [paragraph for paragraph in docx.paragraphs if paragraph.style.name == "Heading 1"]
    assert len(subjects) == 3
    pdf = browser.get(f"{house.address}/schreiben.pdf")
    assert pdf.status_code == 200
    text = subprocess.run(["pdftotext", "-", "-"], input=pdf.content, capture_output=True, check=True).stdout.decode()
    assert text.count("lade ich Sie herzlich ein") == 3


def test_entry_details_are_those_of_the_body_unless_the_meeting_says_otherwise(browse, database, house):
    with database.write() as session:
        body = session.get_one(type(house.body), house.body.id)
        bodies.change_rules(session, operator(), body, {body_rules.ENTRY.key: ("Pforte Nord", "")}, body_rules.RULES)
        meeting = session.get_one(type(house.meeting), house.meeting.id)
        meeting.entry_details = ""
    assert "Einlass: Pforte Nord" in letter(browse, house, house.chair.person_id)


def send(browse, house, *persons, who="secretariat", **fields):
    values = {"way": "post", "sent_on": "2026-03-02", "sent_by": "Frau Postausgang", **fields}
    browser = browse(getattr(house, who))
    return browser.submit(f"{house.address}/schreiben/versandt", persons=[str(one) for one in persons], **values)


def chosen(page):
    return len(re.findall(r'name="persons"[^>]* checked', page.text))


def dispatches(database):
    with database.read() as session:
        return list(session.exec(select(LetterDispatch).order_by(LetterDispatch.id)).all())


def supplement(database, house):
    add_item(database, house, "Nachgereichtes", section="beratung")
    with database.write() as session:
        meeting = session.get_one(type(house.meeting), house.meeting.id)
        release_meeting(session, operator(), meeting, YES.model_copy(update={"reason": "Nachgereicht"}))


def test_the_address_of_the_institution_or_the_persons_own_stands_in_the_letter(browse, database, house):
    with database.write() as session:
        seat = next(view.seat for view in list_seats(session, ident(house.body), DAY) if view.seat.chair)
        organisation = session.get_one(Organisation, seat.organisation_id)
        organisation.address = "Jüdenstraße 1\n10178 Berlin"
        member = session.get_one(Person, house.member.person_id)
        member.address, member.country = "c/o Beispiel\nGasse 1\n1010 Wien", "Österreich"
        session.add_all([organisation, member])
    page = words(browse(house.secretariat).get(f"{house.address}/schreiben"))
    assert "Jüdenstraße 1 10178 Berlin" in page
    assert page.count("Postanschrift fehlt") == 1
    told = letter(browse, house, house.member.person_id)
    assert f"{member.name}\nc/o Beispiel\nGasse 1\n1010 Wien\nÖSTERREICH" in told


def test_a_guest_gets_the_letter_at_the_institution_of_the_function(browse, database, house):
    new_guest(browse, house, house.item)
    guest = guest_of(database, house.item)
    with database.write() as session:
        function = session.exec(select(PersonFunction).where(PersonFunction.person_id == guest.person_id)).one()
        session.get_one(Organisation, function.organisation_id).address = "Marchstraße 23\n10587 Berlin"
    assert "Leiterin Additive Fertigung\nMarchstraße 23\n10587 Berlin" in letter(browse, house, guest.person_id)


def test_letters_are_marked_as_sent_and_kept_as_they_were(browse, database, house):
    release(database, house)
    assert send(browse, house, house.chair.person_id, house.member.person_id).status_code == 303
    page = words(browse(house.secretariat).get(f"{house.address}/schreiben"))
    assert "1 Schreiben ist in Version 1 noch zu versenden." in page
    assert page.count("Version 1 am 02.03.2026 per Post (Frau Postausgang)") == 2
    first = dispatches(database)[0]
    with database.write() as session:
        session.get_one(Person, first.person_id).last_name = "Umbenannt"
    file = browse(house.chair).get(f"{house.address}/schreiben/versandt/{first.id}.pdf")
    told = subprocess.run(["pdftotext", "-", "-"], input=file.content, capture_output=True, check=True).stdout.decode()
    assert "Sehr geehrte Frau Dr. Vorsitz," in told
    assert f"Prüfsumme {first.hash[:12]}" in " ".join(told.split())
    assert file.content == browse(house.chair).get(f"{house.address}/schreiben/versandt/{first.id}.pdf").content
    again = words(browse(house.secretariat).get(f"{house.address}/schreiben"))
    assert "Das Schreiben lautet inzwischen anders als das versandte." in again


def test_the_checksum_finds_a_sent_letter_for_those_who_read_letters(browse, database, house):
    release(database, house)
    send(browse, house, house.chair.person_id)
    found = f"/pruefsumme?hash={dispatches(database)[0].hash[:12]}"
    assert "Schreiben an Dr. Vera Vorsitz" in words(browse(house.secretariat).get(found))
    assert "Kein Dokument gefunden" in words(browse(house.member).get(found))


def test_a_newer_version_has_to_be_sent_again(browse, database, house):
    release(database, house)
    everybody = (house.chair.person_id, house.member.person_id, house.advisory.person_id)
    send(browse, house, *everybody)
    page = browse(house.secretariat).get(f"{house.address}/schreiben")
    assert "Alle Schreiben sind in Version 1 versandt." in words(page)
    assert chosen(page) == 0
    supplement(database, house)
    page = browse(house.secretariat).get(f"{house.address}/schreiben")
    assert "3 Schreiben sind in Version 2 noch zu versenden." in words(page)
    assert words(page).count("Version 2 ist noch nicht versandt.") == 3
    assert chosen(page) == 3


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"sent_on": "2026-03-03"}, "Der Versand kann nicht in der Zukunft liegen."),
        ({"sent_on": "2026-03-01"}, "Version 1 ist erst am 02.03.2026 freigegeben worden"),
        ({"sent_on": ""}, "Bitte geben Sie ein gültiges Datum ein."),
        ({"way": "taube"}, "Bitte wählen Sie eine der angebotenen Möglichkeiten."),
        ({"sent_by": ""}, "Bitte füllen Sie dieses Feld aus."),
    ],
)
def test_what_does_not_hold_is_told_and_nothing_is_marked(browse, database, house, fields, sentence):
    release(database, house)
    answer = send(browse, house, house.chair.person_id, **fields)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert dispatches(database) == []


def test_nobody_chosen_and_people_without_a_letter_are_refused(browse, database, house):
    release(database, house)
    assert "Bitte wählen Sie mindestens ein Schreiben." in words(send(browse, house))
    assert "bekommt kein Schreiben mehr" in words(send(browse, house, 999999))


def test_a_draft_is_not_sent(browse, database, house):
    answer = send(browse, house, house.chair.person_id)
    assert answer.status_code == 409
    assert "Versandt werden die Schreiben erst danach." in words(answer)
    assert dispatches(database) == []


def test_a_wrong_mark_is_taken_back_with_a_reason_once(browse, database, house):
    release(database, house)
    send(browse, house, house.chair.person_id, way="messenger")
    browser, address = browse(house.secretariat), f"{house.address}/schreiben/versandt/{dispatches(database)[0].id}"
    assert browser.submit(f"{address}/zuruecknehmen", reason="").status_code == 422
    assert browser.submit(f"{address}/zuruecknehmen", reason="Verwechslung").status_code == 303
    assert "3 Schreiben sind in Version 1 noch zu versenden." in words(browser.get(f"{house.address}/schreiben"))
    assert browser.submit(f"{address}/zuruecknehmen", reason="Noch einmal").status_code == 409
    assert browser.get(f"{address}.pdf").status_code == 200
    history = words(browser.get(f"{house.address}/verlauf"))
    assert "Versandvermerk zurückgenommen" in history
    assert "Schreiben als versandt vermerkt" in history
    assert "durch Boten" in history


@pytest.mark.parametrize(("who", "status"), [("chair", 403), ("member", 404), ("auditor", 404), ("stranger", 404)])
def test_only_the_secretariat_marks_letters(browse, database, house, who, status):
    release(database, house)
    send(browse, house, house.chair.person_id)
    address = f"{house.address}/schreiben/versandt/{dispatches(database)[0].id}"
    assert send(browse, house, house.chair.person_id, who=who).status_code == status
    browser = browse(getattr(house, who))
    assert browser.submit(f"{address}/zuruecknehmen", reason="Probe").status_code == status
    assert browser.get(f"{address}.pdf").status_code == (200 if who == "chair" else 404)
    assert len(dispatches(database)) == 1
