"""The view for the room, and the text blocks of a body."""

import datetime as dt

import pytest
from sqlmodel import select

from app import clock
from app.minutes.models import TextBlock
from tests.conftest import NOW
from tests.web.heart import add_item, make_house, release, start, value_of, words


@pytest.fixture
def house(database):
    made = make_house(database)
    made.first = add_item(database, made, "Flächen", proposed_decision="1. Der Kreis stimmt zu.")
    made.secret = add_item(
        database, made, "Geheimer Ankauf", level="confidential", proposed_decision="1. Der Kreis kauft."
    )
    release(database, made)
    start(database, made)
    made.screen, made.hall = f"{made.address}/protokoll", f"{made.address}/saal"
    return made


def test_the_room_sees_the_item_its_proposal_and_the_time_left(browse, house):
    browser = browse(house.secretariat)
    assert "Gerade läuft kein Punkt." in words(browser.get(house.hall))
    browser.submit(f"{house.screen}/{house.first}/beginnen")
    with clock.standing_at(NOW + dt.timedelta(minutes=3)):
        shown = words(browser.get(f"{house.hall}/stand"))
    assert "TOP 2.1 noch 7 Min. Flächen Beschlussvorschlag 1. Der Kreis stimmt zu." in shown
    assert "Danach: TOP 2.2 Vertraulicher Punkt" in shown
    browser.submit(f"{house.screen}/{house.first}/beschluss", outcome="adopted", item_version="", version="0")
    assert "Ungeändert beschlossen" in words(browse(house.chair).get(f"{house.hall}/stand"))


def test_confidential_items_are_shown_only_by_choice_and_after_a_warning(browse, house):
    browser = browse(house.secretariat)
    browser.submit(f"{house.screen}/{house.secret}/beginnen")
    for address in (house.hall, f"{house.hall}/stand"):
        shown = browser.get(address).text
        assert "Vertraulicher Punkt" in shown
        assert "Ankauf" not in shown
        assert "Der Kreis kauft" not in shown
    assert "Bitte prüfen Sie, wer im Raum ist." in browser.get(house.hall).text
    shown = words(browser.get(f"{house.hall}?vertraulich=1"))
    assert "Geheimer Ankauf" in shown
    assert "Der Kreis kauft." in shown
    assert "Vertrauliche Punkte werden gezeigt." in shown


def test_the_view_is_for_who_leads_the_meeting(browse, house):
    assert browse(house.member).get(house.hall).status_code == 403
    assert browse(house.stranger).get(f"{house.hall}/stand").status_code == 404


def blocks(database, house):
    with database.read() as session:
        rows = session.exec(
            select(TextBlock).where(TextBlock.body_id == house.body.id).order_by(TextBlock.position)
        ).all()
        return [(one.title, one.text) for one in rows]


def test_text_blocks_are_added_changed_and_go(browse, database, house):
    browser, address = browse(house.secretariat), f"/gremien/{house.body.id}/textbausteine"
    assert f'href="{address}"' in browser.get(f"/gremien/{house.body.id}").text

    def save(*rows):
        page = browser.get(address)
        form = {"stand": value_of(page, "stand")}
        for place, (title, content) in enumerate(rows):
            key = page.text.split(f'name="blocks-{place}-id" value="')
            form |= {f"blocks-{place}-title": title, f"blocks-{place}-text": content}
            form |= {f"blocks-{place}-id": key[1].split('"')[0] if len(key) > 1 else ""}
        return browser.submit(address, **form)

    assert save(("Einstimmig", "Einstimmig so beschlossen.")).status_code == 303
    save(("Einstimmig", "Einstimmig so beschlossen."), ("Kenntnis", "Zur Kenntnis genommen."))
    assert save(("Kenntnis", "Einstimmig."), ("Einstimmig", "Kenntnis.")).status_code == 303, "titles may be swapped"
    assert blocks(database, house) == [("Kenntnis", "Einstimmig."), ("Einstimmig", "Kenntnis.")]
    refused = save(("Kenntnis", "Eins"), ("kenntnis", "Zwei"))
    assert refused.status_code == 422
    assert "Diesen Titel trägt schon ein anderer Textbaustein." in words(refused)
    assert save(("", "Eins")).status_code == 422
    save(("Kenntnis", ""), ("Einstimmig", "Kenntnis."))
    assert blocks(database, house) == [("Einstimmig", "Kenntnis.")]
    late = browser.submit(address, stand="alt", **{"blocks-0-title": "Neu", "blocks-0-text": "Neu"})
    assert late.status_code == 412
    assert "Einstimmig: Kenntnis." in late.text


def test_text_blocks_are_the_secretariats(browse, house):
    address = f"/gremien/{house.body.id}/textbausteine"
    assert browse(house.member).get(address).status_code == 403
    assert browse(house.member).submit(address, stand="").status_code == 403
    assert browse(house.stranger).get(address).status_code == 404
