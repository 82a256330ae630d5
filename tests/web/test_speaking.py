"""Speaking notes over HTTP: who finds them, writing them, two writers, files, and naming accounts."""

import datetime as dt
import io
import json

import pytest
from docx import Document
from sqlmodel import select

from app import clock
from app.actions.models import Action, ActionProject, ActionState
from app.agenda.models import AgendaItem, ItemKind, Proposal, ProposalState, SectionKey
from app.db import ident
from app.decisions.models import Decision, DecisionProject, FollowUpState
from app.meetings.models import Meeting
from tests.web.heart import DAY, add_item, make_house, release, value_of, words

NAMES = ("secretariat", "colleague", "member", "advisory", "auditor", "admin", "stranger")


@pytest.fixture
def house(database):
    return make_house(database)


@pytest.fixture
def item_id(database, house):
    return add_item(
        database,
        house,
        "Reallabor Wasserstoff",
        section="beschlussfassung",
        projects=[house.red.id],
        proposed_decision="1. Der Steuerungskreis stimmt zu.",
        occasion="Die Ampel ist rot.",
    )


def write(browser, house, item_id, **texts):
    address = f"{house.address}/sprechzettel/{item_id}"
    fields = {"version": value_of(browser.get(address), "version"), **texts}
    return browser.submit(address, **fields)


def name_colleague(browse, house):
    address = f"/sprechzettel/{house.body.id}"
    chair = browse(house.chair)
    stand = value_of(chair.get(address), "stand")
    return chair.submit(address, stand=stand, named=[str(house.colleague.id)])


def test_the_chair_reads_then_now_what_to_decide_and_why(browse, house, item_id):
    page = words(browse(house.chair).get(f"{house.address}/sprechzettel"))
    assert "Beschluss über den vorgeschlagenen Wortlaut herbeiführen." in page
    assert "Die Ampel ist rot." in page
    assert "Sitzung vom 18.11.2025" in page
    assert "1.9 grün Stand 30.09.2025 · in Umsetzung rot Stand 14.02.2026 · in Umsetzung" in page
    assert "1. Der Steuerungskreis stimmt zu." in page
    assert "noch nicht geschrieben" in page


def test_the_chair_writes_and_reads_its_own_texts(browse, house, item_id):
    chair = browse(house.chair)
    answer = write(chair, house, item_id, goal="Einvernehmen", key_messages="Eins\nZwei", reactive="Zur Not: vertagen")
    assert answer.status_code == 303
    page = words(chair.get(f"{house.address}/sprechzettel"))
    assert "Ziel Einvernehmen Kernbotschaften Eins Zwei Reaktiv Zur Not: vertagen" in page


def test_open_decisions_and_actions_stand_with_the_item_of_their_project(browse, database, house, item_id):
    with database.write() as session:
        fields = {"body_id": ident(house.body), "changed_at": clock.now()}
        took = dt.date(2025, 11, 18)
        decision = Decision(number="SKIP 2025/03", title="Flächen sichern", decided_on=took, **fields)
        over = Decision(number="SKIP 2025/04", title="Alt", decided_on=took, state=FollowUpState.DONE, **fields)
        action = Action(number="A 2025/007", title="Fragen", given_on=took, due_on=dt.date(2026, 5, 11), **fields)
        other = Action(number="A 2025/008", title="Anderes", given_on=took, **fields)
        session.add_all([decision, over, action, other])
        session.flush()
        for one in (decision, over):
            session.add(DecisionProject(decision_id=ident(one), project_id=ident(house.red)))
        session.add(ActionProject(action_id=ident(action), project_id=ident(house.red)))
        session.add(ActionProject(action_id=ident(other), project_id=ident(house.worse)))
    page = words(browse(house.chair).get(f"{house.address}/sprechzettel"))
    assert "SKIP 2025/03 Flächen sichern offen zur nächsten Sitzung" in page
    assert "A 2025/007 Fragen offen bis 11.05.2026, überfällig" in page
    assert "SKIP 2025/04" not in page
    assert "A 2025/008" not in page


def test_what_an_item_reports_or_goes_on_from_is_named_with_it(browse, database, house, item_id):
    with database.write() as session:
        fields = {"body_id": ident(house.body), "changed_at": clock.now()}
        told = Action(number="A 2025/009", title="Gemeldet", given_on=DAY, state=ActionState.DONE, **fields)
        past = session.exec(select(Meeting).where(Meeting.number == 17)).one()
        texts = {"title": "Früher", "kind": ItemKind.DEBATE, "minutes": 5, "position": 1, "changed_at": clock.now()}
        earlier = AgendaItem(meeting_id=ident(past), section=SectionKey.DEBATE, **texts)
        session.add_all([told, earlier])
        session.flush()
        going_on = Action(number="A 2025/010", title="Geht weiter", given_on=DAY, item_id=ident(earlier), **fields)
        session.add(going_on)
        item = session.get_one(AgendaItem, item_id)
        item.carried_from_id = ident(earlier)
        reason = {"rule": "action_overdue", "text": "Erledigt: A 2025/009", "project": None, "since": None}
        session.add(
            Proposal(
                meeting_id=ident(house.meeting),
                key="actions",
                section=SectionKey.IMPLEMENTATION,
                kind=ItemKind.REPORT,
                title="Stand der Aufträge",
                minutes=0,
                score=0,
                reasons=json.dumps([{**reason, "gone": False, "thing": f"action:{told.id}", "closed": True}]),
                state=ProposalState.ACCEPTED,
                item_id=item_id,
            )
        )
        item.occasion = "Die Ampel ist rot.\nErledigt: A 2025/009"
    page = words(browse(house.chair).get(f"{house.address}/sprechzettel"))
    assert "A 2025/009 Gemeldet erledigt –" in page
    assert "A 2025/010 Geht weiter offen ohne Frist" in page
    assert "Erledigt: A 2025/009" not in page


@pytest.mark.parametrize("who", NAMES)
def test_for_everybody_else_there_is_nothing(browse, house, item_id, who):
    browser = browse(getattr(house, who))
    for part in ("", f"/{item_id}", "/rahmen", ".pdf", ".docx"):
        assert browser.get(f"{house.address}/sprechzettel{part}").status_code == 404, part
    assert browser.submit(f"{house.address}/sprechzettel/{item_id}", goal="x", version="0").status_code == 404
    assert "Sprechzettel" not in words(browser.get(house.address))


def test_the_secretariat_reads_them_once_it_is_named(browse, house, item_id):
    assert name_colleague(browse, house).status_code == 303
    colleague = browse(house.colleague)
    assert colleague.get(f"{house.address}/sprechzettel").status_code == 200
    assert "Sprechzettel" in words(colleague.get(house.address))
    assert write(colleague, house, item_id, goal="Ziel der Geschäftsstelle").status_code == 303
    assert browse(house.secretariat).get(f"{house.address}/sprechzettel").status_code == 404
    assert "Katrin Berger" not in words(colleague.get(f"{house.address}/verlauf"))
    assert "Sprechzettel geändert" in words(colleague.get(f"{house.address}/verlauf"))
    assert "Sprechzettel geändert" not in words(browse(house.secretariat).get(f"{house.address}/verlauf"))
    assert "Ziel der Geschäftsstelle" not in browse(house.auditor).get("/verlauf").text


def test_two_writers_see_both_texts(browse, house, item_id):
    chair = browse(house.chair)
    write(chair, house, item_id, goal="Mein Ziel")
    answer = chair.submit(f"{house.address}/sprechzettel/{item_id}", version="0", goal="Anderes Ziel")
    assert answer.status_code == 412
    page = words(answer)
    assert "Zwei Texte" in page
    assert "Ihr Text Anderes Ziel Jetziger Stand Mein Ziel" in page
    assert value_of(answer, "version") == "1"


def test_what_is_too_long_is_told_at_the_field_and_kept(browse, house, item_id):
    answer = write(browse(house.chair), house, item_id, goal="ü" * 5001)
    assert answer.status_code == 422
    assert "Bitte kürzen Sie auf höchstens 5000 Zeichen." in words(answer)
    assert "ü" * 5001 in answer.text


def test_opening_and_closing_are_written_apart(browse, house, item_id):
    chair = browse(house.chair)
    address = f"{house.address}/sprechzettel/rahmen"
    answer = chair.submit(address, version="0", opening="Guten Morgen 🌅", closing="Danke")
    assert answer.status_code == 303
    page = words(chair.get(f"{house.address}/sprechzettel"))
    assert "Guten Morgen 🌅" in page
    assert "Danke" in page
    assert chair.submit(address, version="0", opening="Zu spät").status_code == 412


def test_an_agenda_without_items_says_the_next_step(browse, house):
    page = words(browse(house.chair).get(f"{house.address}/sprechzettel"))
    assert "Die Tagesordnung enthält noch keine Punkte." in page


def test_after_the_release_the_released_agenda_is_followed(browse, database, house, item_id):
    write(browse(house.chair), house, item_id, goal="Einvernehmen")
    release(database, house)
    answer = browse(house.chair).get(f"{house.address}/sprechzettel")
    assert "Version 1 der Tagesordnung" in words(answer)
    assert "Einvernehmen" in words(answer)


def test_the_files_hold_the_same(browse, house, item_id):
    chair = browse(house.chair)
    write(chair, house, item_id, goal="Einvernehmen mit Ümlaut")
    pdf = chair.get(f"{house.address}/sprechzettel.pdf")
    assert pdf.status_code == 200
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.headers["cache-control"] == "private, no-store"
    assert 'filename="SKIP 18. Sitzung Sprechzettel Entwurf.pdf"' in pdf.headers["content-disposition"]
    docx = chair.get(f"{house.address}/sprechzettel.docx")
    assert docx.headers["content-disposition"].startswith("attachment")
    assert "Einvernehmen mit Ümlaut" in [p.text for p in Document(io.BytesIO(docx.content)).paragraphs]


def test_naming_is_for_the_chair_and_the_administration(browse, house):
    address = f"/sprechzettel/{house.body.id}"
    for who in ("chair", "admin"):
        page = browse(getattr(house, who)).get(address)
        assert page.status_code == 200
        assert "Jo Kollege" in words(page)
    for who in ("secretariat", "member", "advisory", "auditor", "stranger"):
        assert browse(getattr(house, who)).get(address).status_code == 404
        assert browse(getattr(house, who)).submit(address, named="1").status_code == 404
    assert "Zugang zum Sprechzettel" in words(browse(house.chair).get(f"/gremien/{house.body.id}"))


def test_only_the_secretariat_can_be_named_and_an_old_page_does_not_win(browse, database, house):
    address, chair = f"/sprechzettel/{house.body.id}", browse(house.chair)
    stand = value_of(chair.get(address), "stand")
    assert chair.submit(address, stand=stand, named=str(ident(house.member))).status_code == 422
    assert chair.submit(address, stand="alt", named=str(house.colleague.id)).status_code == 412
    assert browse(house.colleague).get(f"{house.address}/sprechzettel").status_code == 404
