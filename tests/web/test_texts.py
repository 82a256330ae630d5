"""Writing items together over HTTP: saving while typing, both texts, presence, earlier texts, the key of copies."""

import datetime as dt
import re
import uuid

import pytest
from sqlmodel import select

from app import clock
from app.access.queries import actor_of
from app.agenda.models import AgendaItem, Registration
from app.agenda.schemas.wishes import OCCASION
from app.history.models import HistoryDetail
from app.meetings.models import MeetingState
from app.revisions.models import EditPresence, TextRevision
from app.storage import Folder
from app.worker import Workplace, work_once
from tests.conftest import NOW
from tests.web.heart import add_item, item, make_house, proposals, release, start, value_of, words


@pytest.fixture
def house(database):
    return make_house(database)


@pytest.fixture
def address(database, house):
    return f"{house.address}/tagesordnung/{add_item(database, house, 'Flächen', occasion='Anfang')}"


class Form:
    """An open form as together.js speaks for it."""

    def __init__(self, browser, address):
        self.browser, self.address, self.writer, self.sequence = browser, address, str(uuid.uuid4()), 0
        self.version = value_of(browser.get(address), "version")

    def save(self, text, field="occasion", **more):
        self.sequence += 1
        sent = {"field": field, "text": text, "writer": self.writer, "sequence": self.sequence}
        answer = self.browser.submit(f"{self.address}/texte", **{**sent, "version": self.version, **more})
        if answer.status_code == 200:
            self.version = answer.json().get("version", self.version)
        return answer

    def leave(self):
        return self.browser.submit(f"{self.address}/texte", writer=self.writer, leave="1")

    def beat(self):
        return self.browser.submit(f"{self.address}/anwesend", writer=self.writer)


def item_id(address):
    return int(address.rsplit("/", 1)[1])


def occasion(database, address):
    with database.read() as session:
        return session.get_one(AgendaItem, item_id(address)).occasion


def test_a_save_answers_when_and_the_version_from_which_the_form_goes_on(browse, database, house, address):
    form = Form(browse(house.secretariat), address)
    answer = form.save("Der Ankauf ist ausgesetzt.")
    told = answer.json()
    assert (told["state"], told["saved_at"], told["behind"]) == ("saved", "09:00", False)
    assert occasion(database, address) == "Der Ankauf ist ausgesetzt."
    page = form.browser.get(address)
    assert value_of(page, "version") == str(told["version"])
    assert answer.headers["cache-control"] == "private, no-store"


def test_after_saves_the_whole_form_is_not_stale_against_itself(browse, database, house, address):
    form = Form(browse(house.secretariat), address)
    form.save("Eins")
    form.save("1. Der Kreis stimmt zu.", field="proposed_decision")
    answer = form.browser.submit(
        address,
        title="Flächen",
        section="beratung",
        kind="debate",
        minutes="15",
        presenter="",
        projects="",
        occasion="Eins",
        proposed_decision="1. Der Kreis stimmt zu.",
        level="internal",
        version=form.version,
    )
    assert answer.status_code == 303
    with database.read() as session:
        assert all(row.closed_at for row in session.exec(select(TextRevision))), "leaving by the button closes"


def test_whoever_is_slower_gets_both_texts_and_the_form_shows_the_difference_in_words(browse, database, house, address):
    first, second = Form(browse(house.secretariat), address), Form(browse(house.colleague), address)
    first.save("Der Ankauf ist ausgesetzt.")
    answer = second.save("Der Ankauf ist beschlossen.")
    assert answer.status_code == 412
    told = answer.json()
    assert (told["state"], told["yours"], told["text"]) == (
        "conflict",
        "Der Ankauf ist beschlossen.",
        "Der Ankauf ist ausgesetzt.",
    )
    assert "Katrin Berger" in told["sentence"]
    assert "nicht verloren" in told["sentence"]
    assert occasion(database, address) == "Der Ankauf ist ausgesetzt."
    page = second.browser.submit(
        address,
        title="Flächen",
        section="beratung",
        kind="debate",
        minutes="10",
        occasion="Der Ankauf ist beschlossen.",
        level="internal",
        version=second.version,
    )
    assert page.status_code == 412
    assert re.search(r"<del>.*ausgesetzt.*</del>", page.text)
    assert re.search(r"<ins>.*beschlossen.*</ins>", page.text)
    assert "data-paused" in page.text, "nothing is saved by itself before a decision"


def test_a_running_meeting_and_a_text_too_long_say_so(browse, database, house, address):
    form = Form(browse(house.secretariat), address)
    answer = form.save("x" * (OCCASION + 1))
    assert (answer.status_code, answer.json()["state"]) == (422, "refused")
    assert str(OCCASION) in answer.json()["sentence"]
    release(database, house)
    start(database, house)
    answer = form.save("Während der Sitzung")
    assert (answer.status_code, answer.json()["state"]) == (409, "refused")
    assert occasion(database, address) == "Anfang"


def test_only_the_secretariat_writes_and_is_seen(browse, house, address):
    for account, expected in ((house.chair, 403), (house.member, 404), (house.stranger, 404), (house.admin, 404)):
        browser = browse(account)
        sent = {"field": "occasion", "text": "Neu", "writer": str(uuid.uuid4()), "sequence": 1, "version": 1}
        assert browser.submit(f"{address}/texte", **sent).status_code == expected
        assert browser.submit(f"{address}/anwesend", writer=str(uuid.uuid4())).status_code == expected
        assert browser.get(f"{address}/texte").status_code == (200 if account is house.chair else 404)


def test_who_is_not_signed_in_is_told_by_the_status(browse, house, address):
    form = Form(browse(house.secretariat), address)
    form.browser.cookies.clear()
    assert form.save("Neu").status_code in (401, 403)


@pytest.mark.parametrize(
    "wrong", [{"writer": "x"}, {"sequence": "0"}, {"sequence": "²"}, {"field": "title"}, {"field": ""}, {"writer": ""}]
)
def test_nonsense_is_refused(browse, database, house, address, wrong):
    assert Form(browse(house.secretariat), address).save("Neu", **wrong).status_code == 422
    assert occasion(database, address) == "Anfang"


def test_presence_is_said_in_the_form_and_on_the_agenda_and_ends(browse, house, address):
    first, second = Form(browse(house.secretariat), address), Form(browse(house.colleague), address)
    assert first.beat().json() == {"sentence": ""}
    assert second.beat().json() == {"sentence": "Wird gerade bearbeitet von Katrin Berger (seit 09:00)."}
    assert "Wird gerade bearbeitet von Katrin Berger" in words(second.browser.get(address))
    agenda = words(second.browser.get(house.address))
    assert "Wird gerade bearbeitet von Katrin Berger (seit 09:00)" in agenda
    assert "bearbeitet von" not in words(browse(house.chair).get(house.address))
    assert first.leave().json() == {"state": "left"}
    assert second.beat().json() == {"sentence": ""}
    first.beat()
    with clock.standing_at(NOW + dt.timedelta(minutes=2)):
        assert second.beat().json() == {"sentence": ""}


def test_leaving_with_a_last_text_saves_and_closes(browse, database, house, address):
    form = Form(browse(house.secretariat), address)
    form.beat()
    assert form.save("Letzter Satz.", leave="1").json()["state"] == "saved"
    with database.read() as session:
        (row,) = session.exec(select(TextRevision)).all()
        assert row.content == "Letzter Satz."
        assert row.closed_at is not None
        assert session.exec(select(EditPresence)).all() == []


def test_an_earlier_text_is_compared_and_restored(browse, database, house, address):
    form = Form(browse(house.secretariat), address)
    assert "noch kein Text geändert" in words(form.browser.get(f"{address}/texte"))
    form.save("Der Ankauf ist ausgesetzt.", leave="1")
    form.save("Der Ankauf ist beschlossen.", leave="1")
    page = form.browser.get(f"{address}/texte")
    assert re.search(r"<del>.*ausgesetzt.*</del>", page.text)
    assert "Katrin Berger" in page.text
    assert page.text.count("Diesen Text wiederherstellen") == 1, "not for the text that stands there now"
    assert "Frühere Texte (2)" in words(form.browser.get(address))
    sent = {"revision": value_of(page, "revision"), "version": value_of(page, "version")}
    answer = form.browser.submit(f"{address}/texte/wiederherstellen", **sent)
    assert answer.status_code == 303
    assert occasion(database, address) == "Der Ankauf ist ausgesetzt."
    again = form.browser.submit(f"{address}/texte/wiederherstellen", **sent)
    assert again.status_code == 412
    assert "inzwischen geändert" in words(again)
    history = words(form.browser.get(f"{house.address}/verlauf"))
    assert "Text eines Tagesordnungspunkts geschrieben" in history
    assert "wiederhergestellt" in history


def test_an_unknown_revision_or_one_of_another_item_cannot_be_restored(browse, database, house, address):
    other = f"{house.address}/tagesordnung/{add_item(database, house, 'Anderer')}"
    form = Form(browse(house.secretariat), address)
    form.save("Neu", leave="1")
    with database.read() as session:
        revision = session.exec(select(TextRevision)).one().id
    for number in (revision, 999, "x", ""):
        version = value_of(form.browser.get(other), "version")
        answer = form.browser.submit(f"{other}/texte/wiederherstellen", revision=number, version=version)
        assert answer.status_code == 404


def test_the_chair_reads_earlier_texts_and_cannot_restore(browse, house, address):
    Form(browse(house.secretariat), address).save("Neu", leave="1")
    page = browse(house.chair).get(f"{address}/texte")
    assert "wiederherstellen" not in page.text


def test_every_account_has_a_key_of_its_own_for_copies_in_the_browser(browse, house, address):
    keys = [
        re.search(r'data-key="([^"]+)"', browse(account).get(address).text).group(1)
        for account in (house.secretariat, house.colleague, house.secretariat)
    ]
    assert keys[0] == keys[2] != keys[1]


def test_the_api_and_the_form_collide_like_two_people(browse, database, house, address):
    form = Form(browse(house.secretariat), address)
    form.save("Aus dem Formular")
    colleague = browse(house.colleague)
    api = f"/api/v1/meetings/{house.meeting.id}/agenda-items/{item_id(address)}"
    stale = {"If-Match": '"1"', "X-CSRF-Token": colleague.token()}
    assert colleague.patch(api, json={"occasion": "Vom Programm"}, headers=stale).status_code == 412
    fresh = {**stale, "If-Match": f'"{form.version}"'}
    assert colleague.patch(api, json={"occasion": "Vom Programm"}, headers=fresh).status_code == 200
    assert form.save("Aus dem Formular, weiter").status_code == 412
    assert occasion(database, address) == "Vom Programm"


def proposal_address(browse, house, database):
    browse(house.secretariat).submit(f"{house.address}/vorschlaege", as_of="2026-03-02")
    return f"{house.address}/vorschlaege/{proposals(database, house)['Reallabor Wasserstoff'].id}"


def registration_address(browse, house, database):
    browser = browse(house.secretariat)
    seat = re.search(r'name="seat".*?<option value="(\d+)"', browser.get("/anmeldungen/neu").text, re.S).group(1)
    wish = {"body": house.body.id, "seat": seat, "title": "Thema", "section": "beratung", "level": "internal"}
    answer = browser.submit("/anmeldungen", occasion="Anfang", meeting="", **wish)
    return answer.headers["location"]


PLACES = {
    "proposal": ("occasion", proposal_address),
    "registration": ("occasion", registration_address),
    "frame": ("opening", lambda _browse, house, _database: f"{house.address}/sprechzettel/rahmen"),
    "entry": ("entry_details", lambda _browse, house, _database: f"{house.address}/bearbeiten"),
}


@pytest.mark.parametrize("place", PLACES)
def test_every_long_text_is_saved_compared_and_restored(browse, database, house, place):
    field, find = PLACES[place]
    address = find(browse, house, database)
    who = ("chair", "chair") if place == "frame" else ("secretariat", "colleague")
    first, second = (Form(browse(getattr(house, one)), address) for one in who)
    assert first.save("Der Ankauf ist ausgesetzt.", field).json()["state"] == "saved"
    second.beat()
    sentence = first.beat().json()["sentence"]
    assert "anderen Fenster" in sentence if place == "frame" else "Wird gerade bearbeitet von" in sentence
    conflict = second.save("Der Ankauf ist beschlossen.", field)
    assert (conflict.status_code, conflict.json()["text"]) == (412, "Der Ankauf ist ausgesetzt.")
    assert "Der Ankauf ist ausgesetzt." in first.browser.get(address).text
    first.leave()
    first.save("Dritter Text.", field, leave="1")
    assert "Frühere Texte (2)" in words(first.browser.get(address))
    page = first.browser.get(f"{address}/texte")
    assert re.search(r"<del>.*Ankauf.*</del>", page.text)
    sent = {"revision": value_of(page, "revision"), "version": value_of(page, "version")}
    assert first.browser.submit(f"{address}/texte/wiederherstellen", **sent).headers["location"] == address
    assert "Der Ankauf ist ausgesetzt." in first.browser.get(address).text
    assert first.browser.submit(f"{address}/texte/wiederherstellen", **sent).status_code == 412
    for stranger in (house.stranger, house.admin):
        assert browse(stranger).get(f"{address}/texte").status_code == 404
        assert browse(stranger).submit(f"{address}/texte", field=field, text="x").status_code == 404
        assert browse(stranger).submit(f"{address}/anwesend", writer=str(uuid.uuid4())).status_code == 404


@pytest.mark.parametrize("place", PLACES)
def test_the_pause_is_closed_by_the_worker_and_enters_the_history(browse, database, house, place, settings, tmp_path):
    field, find = PLACES[place]
    form = Form(browse(house.chair if place == "frame" else house.secretariat), find(browse, house, database))
    form.save("Geschrieben und weggegangen.", field)
    with clock.standing_at(NOW + dt.timedelta(minutes=7)):
        while work_once(Workplace(database, Folder(tmp_path), settings)):
            pass
    with database.read() as session:
        (row,) = session.exec(select(TextRevision)).all()
        assert row.closed_at is not None
        assert "Geschrieben und weggegangen." in "".join(one.content for one in session.exec(select(HistoryDetail)))


def test_a_proposal_written_by_hand_stays_so_and_a_settled_one_is_not_written(browse, database, house):
    address = proposal_address(browse, house, database)
    form = Form(browse(house.secretariat), address)
    form.save("Von Hand.")
    browse(house.secretariat).submit(f"{house.address}/vorschlaege", as_of="2026-03-02")
    assert proposals(database, house)["Reallabor Wasserstoff"].occasion == "Von Hand."
    assert form.browser.submit(f"{address}/uebernehmen").status_code == 303
    answer = form.save("Zu spät.")
    assert (answer.status_code, answer.json()["state"]) == (409, "refused")
    assert "schon" in answer.json()["sentence"]


def test_with_consent_a_registrant_sends_the_form_because_the_chair_is_asked_again(browse, database, house):
    address = registration_address(browse, house, database)
    with database.write() as session:
        stored = session.exec(select(Registration)).one()
        stored.seat_id = actor_of(session, house.member).seats[0].seat_id
        stored.consent_by, stored.consent_on, stored.consent_how = "Vorsitz", NOW.date(), "mündlich"
    form = Form(browse(house.member), address)
    answer = form.save("Anders.")
    assert (answer.status_code, answer.json()["state"]) == (409, "refused")
    assert "noch einmal gefragt" in answer.json()["sentence"]
    assert Form(browse(house.secretariat), address).save("Anders.").status_code == 200


def test_the_einlass_of_two_collides_and_nothing_else_of_the_meeting_is_in_the_way(browse, database, house):
    address = f"{house.address}/bearbeiten"
    form, other = Form(browse(house.secretariat), address), browse(house.colleague)
    page = other.get(address)
    sent = {name: value_of(page, name) for name in ("stand", "version", "length_minutes", "number")}
    assert form.save("Über den Hof.", "entry_details").json()["behind"] is False
    add_item(database, house, "Inzwischen")
    assert form.save("Über den Hof, mit Ausweis.", "entry_details").json()["behind"] is False
    answer = other.submit(address, entry_details="Durch das Tor.", main_topic="", **sent)
    assert answer.status_code == 412
    assert "Zwei Texte" in words(answer)
    with database.read() as session:
        assert session.get_one(type(house.meeting), house.meeting.id).entry_details == "Über den Hof, mit Ausweis."
    sent["version"] = value_of(answer, "version")
    assert other.submit(address, entry_details="Durch das Tor.", main_topic="", **sent).status_code == 303
    assert form.save("Doch über den Hof.", "entry_details").status_code == 412


def test_a_row_is_dropped_at_a_place_of_its_section_and_in_another_section(browse, database, house):
    numbers = [add_item(database, house, title) for title in ("Eins", "Zwei", "Drei")]
    browser = browse(house.secretariat)

    def drop(number, section, position):
        address = f"{house.address}/tagesordnung/{number}/verschieben"
        return browser.submit(address, move="to", section=section, position=position)

    def order(section):
        with database.read() as session:
            rows = session.exec(select(AgendaItem).where(AgendaItem.section == section)).all()
            return [row.title for row in sorted(rows, key=lambda row: row.position)]

    assert drop(numbers[2], "beratung", 1).status_code == 303
    assert order("beratung") == ["Drei", "Eins", "Zwei"]
    kind = item(database, numbers[0]).kind
    assert drop(numbers[0], "beschlussfassung", 1).status_code == 303
    assert (order("beratung"), order("beschlussfassung")) == (["Drei", "Zwei"], ["Eins"])
    assert item(database, numbers[0]).kind == kind
    assert drop(numbers[0], "gibtsnicht", 1).status_code == 422
    assert drop(numbers[0], "beratung", 0).status_code == 422
    with database.write() as session:
        session.get_one(type(house.meeting), house.meeting.id).state = MeetingState.HELD
    assert drop(numbers[0], "beratung", 1).status_code == 409
