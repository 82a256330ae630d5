"""Proposals over HTTP: from project status to agenda and back, drafting again, refusals, the page of changes."""

import datetime as dt
import json

import pytest
from sqlmodel import select

from app import clock
from app.agenda.models import AgendaItem, Proposal, ProposalProject, ProposalState, Topic
from app.db import ident
from app.meetings.models import MeetingState
from app.projects.models import DecisionNeed, Light, Phase
from tests import factories
from tests.queries import recorded_queries
from tests.web.heart import (
    APPROVED,
    add_item,
    item,
    make_house,
    meeting_of,
    proposals,
    release,
    start,
    value_of,
    words,
)

RED, YELLOW = "Reallabor Wasserstoff", "Prüffeld Leistungselektronik"


@pytest.fixture
def house(database):
    return make_house(database)


def draft(browser, house, as_of="2026-03-02"):
    return browser.submit(f"{house.address}/vorschlaege", as_of=as_of)


def accept(browser, house, proposal):
    return browser.submit(f"{house.address}/vorschlaege/{proposal.id}/uebernehmen")


def reject(browser, house, proposal, **fields):
    return browser.submit(f"{house.address}/vorschlaege/{proposal.id}/ablehnen", **fields)


def test_the_whole_way_from_status_to_a_held_meeting(browse, database, house):
    secretariat, member = browse(house.secretariat), browse(house.member)
    assert draft(secretariat, house).headers["location"] == f"{house.address}/vorschlaege"
    page = words(secretariat.get(f"{house.address}/vorschlaege"))
    assert "Vorschläge 2 offen" in page
    assert "Ampel seit 14.02.2026 rot, zuvor grün (Stand 30.09.2025)" in page
    found = proposals(database, house)
    accepted = accept(secretariat, house, found[RED])
    assert accepted.headers["location"] == f"{house.address}/vorschlaege#vorschlag-{found[YELLOW].id}"
    rejected = reject(secretariat, house, found[YELLOW], reason="Erst nach der Prüfung", resume_on="2026-09-01")
    assert rejected.headers["location"] == f"{house.address}/vorschlaege#vorschlaege"
    page = words(secretariat.get(f"{house.address}/vorschlaege"))
    assert "Kein Vorschlag ist mehr offen." in page
    assert "Übernommen (1)" in page
    assert "Abgelehnt (1)" in page
    assert "Grund: Erst nach der Prüfung" in page
    item_id = proposals(database, house)[RED].item_id
    secretariat.submit(
        f"{house.address}/tagesordnung/{item_id}",
        version=value_of(secretariat.get(f"{house.address}/tagesordnung/{item_id}"), "version"),
        title="Reallabor: wie weiter?",
        section="beratung",
        kind="debate",
        minutes="20",
        presenter="SenWiEnBe",
        projects="1.9",
        occasion="Ampel steht auf Rot.",
        proposed_decision="1. Der Steuerungskreis bittet um einen Plan.",
        level="internal",
    )
    second = add_item(database, house, "Ausblick")
    secretariat.submit(f"{house.address}/tagesordnung/{second}/verschieben", move="up")
    assert secretariat.submit(f"{house.address}/freigabe", **APPROVED).status_code == 303
    shown = words(member.get(house.address))
    assert shown.index("2.1 Ausblick") < shown.index("2.2 Reallabor: wie weiter?")
    assert "1.9 Reallabor Wasserstoff rot Stand 14.02.2026" in shown
    assert "zuvor grün" not in shown
    assert secretariat.submit(f"{house.address}/eroeffnen").status_code == 303
    form = secretariat.get(f"{house.address}/protokoll")
    outcomes = {f"version-{one}": value_of(form, f"version-{one}") for one in (item_id, second)}
    outcomes |= {f"outcome-{item_id}": "adopted", f"outcome-{second}": "noted"}
    assert secretariat.submit(f"{house.address}/protokoll/ergebnisse", **outcomes, then="close").status_code == 303
    assert meeting_of(database, house).state is MeetingState.HELD


def test_drafting_again_leaves_what_hands_did(browse, database, house):
    browser = browse(house.secretariat)
    draft(browser, house)
    found = proposals(database, house)
    accept(browser, house, found[RED])
    reject(browser, house, found[YELLOW], reason="Nein")
    item_id = proposals(database, house)[RED].item_id
    with database.write() as session:
        session.add(DecisionNeed(project_id=house.red.id, opened_on=dt.date(2026, 2, 14), text="Rahmen 2027"))
        factories.make_status(
            session, session.get_one(type(house.worse), house.worse.id), dt.date(2026, 3, 1), Light.YELLOW
        )
    draft(browser, house)
    page = words(browser.get(f"{house.address}/vorschlaege"))
    assert "Übernommen, seitdem verändert" in page
    assert "Seitdem: neu: Entscheidungsbedarf" in page
    assert proposals(database, house)[YELLOW].state is ProposalState.REJECTED
    assert "Seit der Übernahme hat sich der Vorschlag geändert" in words(
        browser.get(f"{house.address}/tagesordnung/{item_id}")
    )
    assert item(database, item_id).title == RED


def test_what_lost_its_reason_is_shown_as_vanished(browse, database, house):
    browser = browse(house.secretariat)
    draft(browser, house)
    with database.write() as session:
        project = session.get_one(type(house.worse), house.worse.id)
        factories.make_status(session, project, dt.date(2026, 3, 1), Light.GREEN, phase=Phase.RUNNING)
    draft(browser, house)
    page = words(browser.get(f"{house.address}/vorschlaege"))
    assert "Entfallen (1)" in page
    assert "Ampel seit 14.02.2026 gelb" in page


def test_a_vanished_reason_of_several_projects_names_its_project_and_is_called_vanished_once(browse, database, house):
    browser = browse(house.secretariat)
    draft(browser, house)
    with database.write() as session:
        proposal = session.exec(select(Proposal)).first()
        gone = {"rule": "turned_red", "text": "entfallen: Ampel seit 14.02.2026 rot", "project": "1.9", "gone": True}
        proposal.reasons = json.dumps([gone])
        known = {link.project_id for link in session.exec(select(ProposalProject)) if link.proposal_id == proposal.id}
        for project in {ident(house.red), ident(house.worse)} - known:
            session.add(ProposalProject(proposal_id=ident(proposal), project_id=project, position=1))
    page = browser.get(f"{house.address}/vorschlaege").text
    assert "<del>1.9: Ampel seit 14.02.2026 rot</del>" in page


def test_reports_after_the_stichtag_are_listed_and_not_used(browse, database, house):
    browser = browse(house.secretariat)
    draft(browser, house, as_of="01.02.2026")
    page = words(browser.get(f"{house.address}/vorschlaege"))
    assert "zum Stichtag 01.02.2026" in page
    assert "Nach dem Stichtag (2)" in page
    assert "1.9 Reallabor Wasserstoff : Stand 14.02.2026: Ampel rot" in page
    assert RED not in proposals(database, house)


@pytest.mark.parametrize(
    ("as_of", "sentence"),
    [
        ("2026-05-13", "Der Stichtag 13.05.2026 liegt nach der Sitzung am 12.05.2026."),
        ("2025-11-17", "Der Stichtag 17.11.2025 liegt vor der vorigen Sitzung am 18.11.2025."),
        ("morgen", "Bitte geben Sie ein gültiges Datum ein."),
    ],
)
def test_a_wrong_stichtag_is_refused_at_its_field(browse, database, house, as_of, sentence):
    answer = draft(browse(house.secretariat), house, as_of)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert value_of(answer, "as_of") == as_of
    assert proposals(database, house) == {}


def test_rejecting_needs_a_reason_and_keeps_what_was_typed(browse, database, house):
    browser = browse(house.secretariat)
    draft(browser, house)
    proposal = proposals(database, house)[RED]
    answer = reject(browser, house, proposal, reason=" ", resume_on="2026-09-01")
    assert answer.status_code == 422
    assert "Bitte füllen Sie dieses Feld aus." in words(answer)
    assert 'value="2026-09-01"' in answer.text
    assert answer.text.count('<details class="confirm" open>') == 1
    assert proposals(database, house)[RED].state is ProposalState.OPEN
    with database.read() as session:
        assert session.exec(select(Topic)).all() == []


def test_a_proposal_cannot_be_settled_twice(browse, database, house):
    browser = browse(house.secretariat)
    draft(browser, house)
    proposal = proposals(database, house)[RED]
    accept(browser, house, proposal)
    for answer in (accept(browser, house, proposal), reject(browser, house, proposal, reason="x")):
        assert answer.status_code == 409
        assert "Dieser Vorschlag ist schon übernommen." in words(answer)
    with database.read() as session:
        assert len(session.exec(select(AgendaItem).where(AgendaItem.meeting_id == house.meeting.id)).all()) == 1


def test_a_project_on_another_coming_agenda_cannot_be_accepted(browse, database, house):
    with database.write() as session:
        other = factories.make_meeting(
            session, session.get_one(type(house.body), house.body.id), dt.date(2026, 9, 8), number=19
        )
    browser = browse(house.secretariat)
    there = f"/sitzungen/{other.id}"
    browser.submit(f"{there}/tagesordnung", title="Schon dort", section="beratung")
    browser_items = browser.get(there).text.split(f"{there}/tagesordnung/")[1].split('"')[0].split("/")[0]
    form = f"{there}/tagesordnung/{browser_items}"
    browser.submit(
        form,
        version=value_of(browser.get(form), "version"),
        title="Schon dort",
        section="beratung",
        kind="debate",
        minutes="10",
        projects="1.9",
        level="internal",
    )
    draft(browser, house)
    page = words(browser.get(f"{house.address}/vorschlaege"))
    assert "Tagesordnung der 19. Sitzung am 08.09.2026" in page
    answer = accept(browser, house, proposals(database, house)[RED])
    assert answer.status_code == 409
    assert "kann nicht übernommen werden" in words(answer)


def test_with_scripts_the_workbench_comes_back_as_a_piece(browse, database, house):
    browser = browse(house.secretariat)
    draft(browser, house)
    found = proposals(database, house)
    headers = {"HX-Request": "true", "X-CSRF-Token": browser.token()}
    piece = browser.post(f"{house.address}/vorschlaege/{found[RED].id}/uebernehmen", headers=headers)
    assert piece.text.lstrip().startswith('<div class="workbench" id="werkbank">')
    assert f'id="vorschlag-{found[YELLOW].id}" aria-labelledby' in piece.text
    assert "data-focus" in piece.text
    assert f"Übernommen: {RED}" in words(piece)
    refused = browser.post(f"{house.address}/vorschlaege/{found[RED].id}/uebernehmen", headers=headers)
    assert "Dieser Vorschlag ist schon übernommen." in words(refused)
    wrong = browser.post(
        f"{house.address}/vorschlaege/{found[YELLOW].id}/ablehnen", headers=headers, data={"reason": ""}
    )
    assert "Bitte füllen Sie dieses Feld aus." in words(wrong)


def test_with_scripts_an_ended_session_leads_to_the_sign_in(browse, database, house):
    browser = browse(house.secretariat)
    draft(browser, house)
    proposal = proposals(database, house)[RED]
    headers = {"HX-Request": "true", "X-CSRF-Token": browser.token()}
    with clock.standing_at(clock.now() + dt.timedelta(hours=30)):
        answer = browser.post(f"{house.address}/vorschlaege/{proposal.id}/uebernehmen", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["hx-refresh"] == "true"
    assert proposals(database, house)[RED].state is ProposalState.OPEN


def test_the_chair_reads_proposals_and_changes_none(browse, database, house):
    draft(browse(house.secretariat), house)
    proposal = proposals(database, house)[RED]
    page = browse(house.chair).get(f"{house.address}/vorschlaege")
    assert "zuvor grün (Stand 30.09.2025)" in words(page)
    assert "uebernehmen" not in page.text
    assert draft(browse(house.chair), house).status_code == 403
    assert accept(browse(house.chair), house, proposal).status_code == 403
    assert reject(browse(house.chair), house, proposal, reason="x").status_code == 403


@pytest.mark.parametrize("role", ["member", "advisory", "auditor", "admin", "stranger"])
def test_reasons_are_for_secretariat_and_chair(browse, database, house, role):
    draft(browse(house.secretariat), house)
    accept(browse(house.secretariat), house, proposals(database, house)[RED])
    release(database, house)
    browser = browse(getattr(house, role))
    proposal = proposals(database, house)[YELLOW]
    assert browser.get(f"{house.address}/vorschlaege").status_code == 404
    assert accept(browser, house, proposal).status_code in (403, 404)
    assert reject(browser, house, proposal, reason="x").status_code in (403, 404)
    assert proposals(database, house)[YELLOW].state is ProposalState.OPEN


def test_after_the_release_proposals_go_into_the_supplement(browse, database, house):
    browser = browse(house.secretariat)
    draft(browser, house)
    accept(browser, house, proposals(database, house)[RED])
    release(database, house)
    page = browser.get(f"{house.address}/vorschlaege")
    assert "Was Sie jetzt übernehmen, kommt in den Nachtrag" in words(page)
    assert draft(browser, house).status_code == 303
    assert accept(browser, house, proposals(database, house)[YELLOW]).status_code == 303
    assert YELLOW not in words(browse(house.member).get(house.address))
    start(database, house)
    page = browser.get(f"{house.address}/vorschlaege")
    assert "die Vorschläge stehen hier zum Nachlesen" in words(page)
    assert "uebernehmen" not in page.text
    assert draft(browser, house).status_code == 409


def test_the_workbench_takes_as_many_queries_for_many_proposals(browse, database, house):
    browser = browse(house.secretariat)

    def count():
        draft(browser, house)
        with recorded_queries(database.connection) as seen:
            browser.get(f"{house.address}/vorschlaege")
        return len(seen)

    few = count()
    with database.write() as session:
        for number in range(20):
            project = factories.make_project(session, f"7.{number}")
            factories.make_status(session, project, dt.date(2025, 9, 30), Light.GREEN, phase=Phase.RUNNING)
            factories.make_status(session, project, dt.date(2026, 2, 1), Light.RED, phase=Phase.RUNNING)
    assert count() == few
    assert len(proposals(database, house)) > 20


def test_strange_addresses_of_proposals_are_not_found(browse, database, house):
    browser = browse(house.secretariat)
    draft(browser, house)
    with database.write() as session:
        other = factories.make_meeting(session, session.get_one(type(house.body), house.body.id), dt.date(2026, 9, 8))
    proposal = proposals(database, house)[RED]
    for path in (f"/sitzungen/{ident(other)}/vorschlaege/{proposal.id}", f"{house.address}/vorschlaege/999999"):
        assert browser.submit(f"{path}/uebernehmen").status_code == 404
        assert browser.submit(f"{path}/ablehnen", reason="x").status_code == 404
