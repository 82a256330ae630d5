"""Writing the chair's texts together over HTTP: saving while typing, for readers of notes alone."""

import uuid

import pytest
from sqlmodel import select

from app.agenda.models import AgendaItem, SpeakingNote
from app.revisions.models import TextRevision
from tests.web.heart import make_house, value_of
from tests.web.test_speaking import name_colleague
from tests.web.test_texts import Form, add_item


@pytest.fixture
def house(database):
    return make_house(database)


@pytest.fixture
def address(database, house):
    return f"{house.address}/sprechzettel/{add_item(database, house, 'Flächen')}"


def note(database):
    with database.read() as session:
        return session.exec(select(SpeakingNote)).first()


def test_the_first_text_begins_the_note_and_later_ones_go_on(browse, database, house, address):
    with database.read() as session:
        before = [(row.id, row.version) for row in session.exec(select(AgendaItem))]
    form = Form(browse(house.chair), address)
    assert form.version == "0"
    assert form.save("Einvernehmen", "goal").json()["version"] == 1
    assert form.save("Eins\nZwei", "key_messages").json()["version"] == 2
    assert (note(database).goal, note(database).key_messages) == ("Einvernehmen", "Eins\nZwei")
    assert value_of(form.browser.get(address), "version") == "2"
    answer = form.browser.submit(address, goal="Einvernehmen", key_messages="Eins\nZwei", version="2")
    assert answer.status_code == 303
    with database.read() as session:
        assert [(row.id, row.version) for row in session.exec(select(AgendaItem))] == before, "nobody else notices"
        assert all(row.closed_at for row in session.exec(select(TextRevision)))


def test_the_form_of_one_and_the_saves_of_another_collide(browse, database, house, address):
    name_colleague(browse, house)
    chair, colleague = Form(browse(house.chair), address), Form(browse(house.colleague), address)
    assert chair.browser.submit(address, goal="Vom Vorsitz", version="0").status_code == 303
    answer = colleague.save("Von der Kollegin", "goal")
    assert answer.status_code == 412
    assert answer.json()["text"] == "Vom Vorsitz"
    assert note(database).goal == "Vom Vorsitz"


def test_readers_of_notes_see_each_other(browse, house, address):
    name_colleague(browse, house)
    chair, colleague = Form(browse(house.chair), address), Form(browse(house.colleague), address)
    chair.beat()
    assert "Wird gerade bearbeitet von" in colleague.beat().json()["sentence"]
    assert "bearbeitet von" not in browse(house.secretariat).get(house.address).text


@pytest.mark.parametrize("who", ["secretariat", "member", "auditor", "admin", "stranger"])
def test_for_everybody_else_there_is_nothing_to_write(browse, database, house, address, who):
    browser = browse(getattr(house, who))
    sent = {"field": "goal", "text": "x", "writer": str(uuid.uuid4()), "sequence": 1, "version": 0}
    assert browser.submit(f"{address}/texte", **sent).status_code == 404
    assert browser.submit(f"{address}/texte", leave="1").status_code == 404
    assert browser.submit(f"{address}/anwesend", writer=str(uuid.uuid4())).status_code == 404
    assert note(database) is None
