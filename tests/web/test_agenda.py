"""Agendas over HTTP: items, two editors, release, the released agenda for each reader, outcomes, closing, backlog."""

import datetime as dt

import pytest
from sqlmodel import select

from app import clock
from app.agenda.models import AgendaItem, AgendaItemProject, AgendaRelease, Level, Outcome, Topic
from app.agenda.schemas.wishes import GuestIn
from app.agenda.service.guests import invite_guest
from app.bodies.models import BodyRule
from app.db import ident
from app.meetings.models import MeetingState
from app.projects.models import ProjectLead
from tests import factories
from tests.factories import operator
from tests.web.heart import APPROVED, add_item, decide, item, make_house, meeting_of, release, start, value_of, words

FORM = {
    "title": "Ankaufsstrategie",
    "section": "beratung",
    "kind": "debate",
    "minutes": "15",
    "presenter": "SenWiEnBe",
    "projects": "",
    "occasion": "",
    "proposed_decision": "",
    "level": "internal",
}


@pytest.fixture
def house(database):
    return make_house(database)


def stored_items(database, house):
    with database.read() as session:
        rows = session.exec(select(AgendaItem).where(AgendaItem.meeting_id == house.meeting.id)).all()
        return sorted(rows, key=lambda row: (row.section, row.position))


def edit(browser, house, item_id, **changes):
    address = f"{house.address}/tagesordnung/{item_id}"
    version = value_of(browser.get(address), "version")
    return browser.submit(address, **{**FORM, "version": version, **changes})


# --- items ------------------------------------------------------------------------------------------------------------


def test_an_own_item_comes_onto_the_agenda(browse, database, house):
    browser = browse(house.secretariat)
    answer = browser.submit(f"{house.address}/tagesordnung", title="Bericht des Clusters", section="schwerpunktthema")
    assert answer.status_code == 303
    page = words(browser.get(house.address))
    assert "2 Schwerpunktthema 10:05 30 Min. 2.1 Bericht des Clusters" in page
    assert "40 von 120 Min." in page


def test_an_item_without_a_title_is_refused_with_the_form_open(browse, database, house):
    answer = browse(house.secretariat).submit(
        f"{house.address}/tagesordnung", title=" ", section="beratung", minutes="7"
    )
    assert answer.status_code == 422
    assert "Bitte füllen Sie dieses Feld aus." in words(answer)
    assert '<details class="confirm" open>' in answer.text
    assert value_of(answer, "minutes") == "7"
    assert stored_items(database, house) == []


def test_editing_changes_every_field(browse, database, house):
    item_id = add_item(database, house, "Vorher", projects=[house.red.id])
    browser = browse(house.secretariat)
    answer = edit(
        browser,
        house,
        item_id,
        title="Ankauf 😀 „Flächen“",
        section="beschlussfassung",
        kind="decision",
        projects="1.10; 1.9",
        occasion="Zeile eins\r\nZeile zwei",
        proposed_decision="1. Der Steuerungskreis stimmt zu.",
        level="confidential",
    )
    assert answer.headers["location"] == f"{house.address}#top-{item_id}"
    found = item(database, item_id)
    assert (found.title, found.minutes, found.level) == ("Ankauf 😀 „Flächen“", 15, Level.CONFIDENTIAL)
    assert (found.occasion, found.section) == ("Zeile eins\nZeile zwei", "beschlussfassung")
    with database.read() as session:
        links = session.exec(select(AgendaItemProject).order_by(AgendaItemProject.position)).all()
    assert [link.project_id for link in links] == [house.worse.id, house.red.id]
    form = browser.get(f"{house.address}/tagesordnung/{item_id}")
    assert value_of(form, "projects") == "1.10, 1.9"
    page = words(browser.get(house.address))
    assert "1.9 Reallabor Wasserstoff rot Stand 14.02.2026" in page
    assert "vertraulich" in page


def test_fields_are_cleared(browse, database, house):
    item_id = add_item(
        database, house, occasion="Anlass", proposed_decision="Ja", presenter="X", projects=[house.red.id]
    )
    edit(browse(house.secretariat), house, item_id, presenter="")
    found = item(database, item_id)
    assert (found.occasion, found.proposed_decision, found.presenter) == ("", "", "")
    with database.read() as session:
        assert session.exec(select(AgendaItemProject)).all() == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Bitte füllen Sie dieses Feld aus."),
        ({"title": "x" * 501}, "Bitte kürzen Sie auf höchstens 500 Zeichen."),
        ({"minutes": ""}, "Bitte geben Sie eine ganze Zahl ein."),
        ({"minutes": "601"}, "Der größte erlaubte Wert ist 600."),
        ({"projects": "1.9, 7.77"}, "Ein Projekt mit der Nummer „7.77“ gibt es nicht."),
        ({"level": "geheim"}, "Bitte wählen Sie eine der angebotenen"),
        ({"section": "irgendwo"}, "Bitte wählen Sie eine der angebotenen"),
    ],
)
def test_what_does_not_hold_is_told_at_the_field_and_nothing_is_lost(browse, database, house, changes, sentence):
    item_id = add_item(database, house, "Vorher")
    answer = edit(browse(house.secretariat), house, item_id, **{"occasion": "Lange getippt", **changes})
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "Lange getippt" in answer.text
    assert item(database, item_id).title == "Vorher"


def test_all_wrong_fields_are_told_at_once(browse, database, house):
    answer = edit(browse(house.secretariat), house, add_item(database, house), minutes="viele", projects="7.77")
    assert "Bitte geben Sie eine ganze Zahl ein." in words(answer)
    assert "„7.77“ gibt es nicht" in words(answer)


def test_the_slower_of_two_editors_sees_both_texts_and_loses_nothing(browse, database, house):
    item_id = add_item(database, house, "Ursprung", occasion="Alter Anlass")
    slow, fast = browse(house.secretariat), browse(house.colleague)
    address = f"{house.address}/tagesordnung/{item_id}"
    seen = value_of(slow.get(address), "version")
    edit(fast, house, item_id, title="Fassung des Schnelleren", occasion="Neuer Anlass", kind="note")
    mine = {**FORM, "title": "Meine Fassung", "occasion": "Mein langer Anlass", "projects": "1.9", "version": seen}
    answer = slow.submit(address, **mine)
    assert answer.status_code == 412
    page = words(answer)
    assert "Jo Kollege hat diesen Punkt um 09:00 Uhr geändert." in page
    assert "Titel Ihr Text Meine Fassung Jetziger Stand Fassung des Schnelleren" in page
    assert "Anlass Ihr Text Mein langer Anlass Jetziger Stand Neuer Anlass" in page
    assert "Art Ihr Text Beratung Jetziger Stand Kenntnisnahme" in page
    assert "Projekte Ihr Text 1.9 Jetziger Stand (leer)" in page
    assert "Minuten Ihr Text" not in page
    assert value_of(answer, "title") == "Meine Fassung"
    assert item(database, item_id).title == "Fassung des Schnelleren"
    saved = slow.submit(address, **{**mine, "version": value_of(answer, "version")})
    assert saved.status_code == 303
    assert item(database, item_id).title == "Meine Fassung"


def test_moving_an_item_is_not_in_the_way_of_whoever_edits_it(browse, database, house):
    first, second = add_item(database, house, "A"), add_item(database, house, "B")
    editor, mover = browse(house.secretariat), browse(house.colleague)
    versions = [value_of(editor.get(f"{house.address}/tagesordnung/{one}"), "version") for one in (first, second)]
    mover.submit(f"{house.address}/tagesordnung/{second}/verschieben", move="up")
    assert [one.title for one in stored_items(database, house)] == ["B", "A"]
    for one, version in zip((first, second), versions, strict=True):
        answer = editor.submit(f"{house.address}/tagesordnung/{one}", **{**FORM, "version": version})
        assert answer.status_code == 303


def test_a_release_meanwhile_does_not_lose_what_was_typed(browse, database, house):
    item_id = add_item(database, house)
    browser = browse(house.secretariat)
    version = value_of(browser.get(f"{house.address}/tagesordnung/{item_id}"), "version")
    release(database, house)
    answer = browser.submit(
        f"{house.address}/tagesordnung/{item_id}", **{**FORM, "version": version, "occasion": "Lange getippt"}
    )
    assert answer.status_code == 412
    assert "Zwei Texte" in words(answer)
    assert "Lange getippt" in answer.text


def test_items_are_moved_by_buttons_with_and_without_scripts(browse, database, house):
    first, second = add_item(database, house, "A"), add_item(database, house, "B")
    browser = browse(house.secretariat)
    answer = browser.submit(f"{house.address}/tagesordnung/{second}/verschieben", move="up", ansicht="werkbank")
    assert answer.headers["location"] == f"{house.address}/vorschlaege#top-{second}"
    assert [one.title for one in stored_items(database, house)] == ["B", "A"]
    piece = browser.post(
        f"{house.address}/tagesordnung/{first}/verschieben",
        data={"move": "up", "csrf_token": browser.token()},
        headers={"HX-Request": "true"},
    )
    assert piece.status_code == 200
    assert piece.text.lstrip().startswith("<section")
    assert [one.title for one in stored_items(database, house)] == ["A", "B"]
    assert browser.submit(f"{house.address}/tagesordnung/{first}/verschieben", move="seitwärts").status_code == 422


def test_an_item_goes_into_the_backlog_with_its_reason(browse, database, house):
    item_id = add_item(database, house, "Zu früh", projects=[house.red.id])
    browser = browse(house.secretariat)
    address = f"{house.address}/tagesordnung/{item_id}/themenspeicher"
    refused = browser.submit(address, reason="", resume_on="2020-01-01")
    assert refused.status_code == 422
    assert item(database, item_id) is not None
    past = browser.submit(address, reason="Später", resume_on="2020-01-01")
    assert "Die Wiedervorlage liegt in der Vergangenheit." in words(past)
    answer = browser.submit(address, reason="Erst nach dem Haushalt", resume_on="2026-09-01")
    assert answer.status_code == 303
    assert item(database, item_id) is None
    page = words(browser.get("/themenspeicher"))
    assert "Zu früh 1.9 rot" in page
    assert "Erst nach dem Haushalt" in page
    assert "01.09.2026" in page
    assert "18. Sitzung am 12.05.2026" in page


@pytest.mark.parametrize("role", ["member", "chair", "auditor", "admin", "stranger"])
def test_only_the_secretariat_changes_the_agenda(browse, database, house, role):
    item_id = add_item(database, house, "Unberührt")
    browser = browse(getattr(house, role))
    address = f"{house.address}/tagesordnung"
    for path, fields in (
        (address, {"title": "Neu", "section": "beratung"}),
        (f"{address}/{item_id}", {**FORM, "version": "1"}),
        (f"{address}/{item_id}/verschieben", {"move": "up"}),
        (f"{address}/{item_id}/themenspeicher", {"reason": "weg"}),
        (f"{house.address}/freigabe", APPROVED),
        (f"{house.address}/protokoll/ergebnisse", {}),
    ):
        assert browser.submit(path, **fields).status_code in (403, 404)
    assert [one.title for one in stored_items(database, house)] == ["Unberührt"]
    assert meeting_of(database, house).state is MeetingState.DRAFT


def test_the_chair_reads_the_draft_and_members_do_not(browse, database, house):
    item_id = add_item(database, house, "Noch geheim")
    page = browse(house.chair).get(house.address)
    assert "Noch geheim" in words(page)
    assert "verschieben" not in page.text
    assert browse(house.chair).get(f"{house.address}/tagesordnung/{item_id}").status_code == 403
    for account in (house.member, house.stranger, house.admin):
        assert browse(account).get(f"{house.address}/tagesordnung/{item_id}").status_code == 404


def test_ugly_texts_and_sixty_items_are_shown(browse, database, house):
    long = ("Straßenbahnbetriebshofsanierungsgesamtkonzept & <b>fett</b> 😀 " * 6)[:300].strip()
    for number in range(60):
        add_item(database, house, f"{long} {number}"[:500], minutes=3)
    page = browse(house.secretariat).get(house.address)
    assert page.status_code == 200
    assert page.text.count('class="agenda-row" id="top-') == 60
    assert "<b>fett</b>" not in page.text
    assert "Geplant sind 190 von 120 Min." in words(page)


def test_mandatory_items_beyond_the_length_are_said(browse, database, house):
    for number in range(12):
        add_item(database, house, f"Beschluss {number}", "beschlussfassung")
    page = words(browse(house.secretariat).get(house.address))
    assert "Pflichtpunkte 130 von 120 Min." in page
    assert page.count("Beschluss 1") >= 1


# --- release ----------------------------------------------------------------------------------------------------------


def test_the_release_page_says_what_will_be_frozen(browse, database, house):
    add_item(database, house, "Offen")
    add_item(database, house, "Heikel", level=Level.CONFIDENTIAL)
    page = words(browse(house.secretariat).get(f"{house.address}/freigabe"))
    assert "Stichtag 2. März 2026" in page
    assert "Projektstände 2 Projekte" in page
    assert "Zeit 30 von 120 Minuten" in page
    assert "innerhalb der Frist" in page
    assert "vollständig 2 Punkte" in page
    assert "ohne Vertrauliches 1 Punkt " in page


def test_the_chairs_yes_is_asked_for_at_the_fields(browse, database, house):
    add_item(database, house)
    answer = browse(house.secretariat).submit(f"{house.address}/freigabe", approved_by="Vera", approved_on="2026-03-03")
    assert answer.status_code == 422
    page = words(answer)
    assert "Die Freigabe kann nicht in der Zukunft liegen." in page
    assert "Bitte geben Sie an, wie die Freigabe erteilt wurde." in page
    assert "wer die Tagesordnung freigegeben hat" not in page
    assert value_of(answer, "approved_by") == "Vera"
    assert meeting_of(database, house).state is MeetingState.DRAFT


def test_a_late_dispatch_needs_its_reason(browse, database, house):
    add_item(database, house)
    with clock.standing_at(dt.datetime(2026, 5, 5, 9, tzinfo=clock.BERLIN)):
        browser = browse(house.secretariat)
        assert "nach Ablauf der Frist" in words(browser.get(f"{house.address}/freigabe"))
        refused = browser.submit(f"{house.address}/freigabe", **APPROVED)
        assert "Bitte begründen Sie den späten Versand." in words(refused)
        answer = browser.submit(f"{house.address}/freigabe", **APPROVED, late_reason="Vorlage kam spät")
        assert answer.status_code == 303
        assert "Später Versand Vorlage kam spät" in words(browser.get(house.address))


def test_an_empty_agenda_is_not_released(browse, database, house):
    answer = browse(house.secretariat).submit(f"{house.address}/freigabe", **APPROVED)
    assert answer.status_code == 409
    assert "Diese Tagesordnung ist noch leer." in words(answer)
    assert value_of(answer, "approved_by") == "Vera Vorsitz"


def test_a_release_after_somebody_elses_change_asks_again(browse, database, house):
    add_item(database, house)
    browser = browse(house.secretariat)
    seen = value_of(browser.get(f"{house.address}/freigabe"), "version")
    add_item(database, house, "Gerade hinzugekommen")
    answer = browser.submit(f"{house.address}/freigabe", **APPROVED, version=seen)
    assert answer.status_code == 412
    assert "Inzwischen wurde an der Tagesordnung gearbeitet." in words(answer)
    assert value_of(answer, "approved_by") == "Vera Vorsitz"
    again = browser.submit(f"{house.address}/freigabe", **APPROVED, version=value_of(answer, "version"))
    assert again.status_code == 303
    assert browser.submit(f"{house.address}/freigabe", **APPROVED).status_code == 409


def test_without_the_bodys_rule_nobody_is_asked(browse, database, house):
    add_item(database, house)
    with database.write() as session:
        session.add(
            BodyRule(body_id=house.body.id, key="approval_required", value="false", provenance="Geschäftsordnung")
        )
    browser = browse(house.secretariat)
    assert "Freigegeben durch" not in words(browser.get(f"{house.address}/freigabe"))
    assert browser.submit(f"{house.address}/freigabe").status_code == 303


def test_a_meeting_entered_afterwards_is_led_to_its_end(browse, database, house):
    browser = browse(house.secretariat)
    planned = browser.submit("/sitzungen", **{"on": "14.05.2025", "from": "10:00", "to": "12:00", "number": "16"})
    address = planned.headers["location"]
    assert browser.submit(f"{address}/freigabe").status_code == 303
    assert browser.submit(f"{address}/eroeffnen").status_code == 303
    answer = browser.submit(f"{address}/protokoll/ergebnisse", then="close")
    assert answer.headers["location"] == f"{address}/protokoll"
    page = words(browser.get(address))
    assert "gehalten · Nacherfassung" in page
    assert "16. Sitzung" in words(browse(house.member).get("/sitzungen"))


# --- the released agenda ----------------------------------------------------------------------------------------------


@pytest.fixture
def released(database, house):
    house.open_item = add_item(
        database,
        house,
        "Reallabor",
        "beschlussfassung",
        projects=[house.red.id],
        occasion="Ampel rot",
        proposed_decision="1. Zustimmen",
    )
    house.secret_item = add_item(database, house, "Heikle Vergabe", level=Level.CONFIDENTIAL, projects=[house.worse.id])
    with database.write() as session:
        guest = factories.make_person(session, "Gast")
        lead = factories.make_person(session, "Leitung")
        meeting = session.get_one(type(house.meeting), house.meeting.id)
        invite_guest(
            session, operator(), meeting, session.get_one(AgendaItem, house.secret_item), GuestIn(person=ident(guest))
        )
        session.add(ProjectLead(project_id=house.red.id, person_id=ident(lead)))
        session.add(ProjectLead(project_id=house.worse.id, person_id=ident(lead)))
        house.guest = factories.make_account(session, person=guest)
        house.lead = factories.make_account(session, person=lead)
    release(database, house)
    return house


def test_voting_members_read_the_whole_released_agenda(browse, released):
    page = browse(released.member).get(released.address)
    shown = words(page)
    assert "2.1 Reallabor" in shown
    assert "rot Stand 14.02.2026" in shown
    assert "Ampel rot" in shown
    assert 'class="proposed-decision"' in page.text
    assert "Heikle Vergabe vertraulich" in shown
    assert "Version 1, vollständig" in shown
    assert "Freigabe durch Vera Vorsitz, 02.03.2026, E-Mail" in shown
    assert f'href="{released.address}/tagesordnung.pdf"' in page.text
    assert "Vorschläge" not in shown
    assert "tagesordnung/" not in page.text


def test_advisory_members_and_revision_read_it_without_the_confidential(browse, released):
    for account in (released.advisory, released.auditor):
        shown = words(browse(account).get(released.address))
        assert "2.1 Reallabor" in shown
        assert "Heikle Vergabe" not in shown
        assert "Version 1, ohne Vertrauliches" in shown
        assert browse(account).get(f"{released.address}?fassung=vollstaendig").status_code == 404


def test_other_editions_and_versions_by_address(browse, released):
    member = browse(released.member)
    shown = words(member.get(f"{released.address}?fassung=ohne-vertrauliches&version=1"))
    assert "Heikle Vergabe" not in shown
    assert "vollständig : Tagesordnung als Seite" in shown
    for query in ("?fassung=geheim", "?version=2", "?version=0"):
        assert member.get(f"{released.address}{query}").status_code == 404


def test_guests_see_their_own_items_only(browse, released):
    page = browse(released.guest).get(released.address)
    shown = words(page)
    assert "Heikle Vergabe" in shown
    assert "Reallabor" not in shown
    assert "Eröffnung" not in shown
    assert "tagesordnung.pdf" not in page.text
    assert browse(released.guest).get(f"{released.address}?fassung=vollstaendig").status_code == 404


def test_project_leads_see_their_projects_items_but_no_confidential_ones(browse, released):
    shown = words(browse(released.lead).get(released.address))
    assert "Reallabor" in shown
    assert "Heikle Vergabe" not in shown


def test_strangers_and_administration_see_nothing(browse, released):
    for account in (released.stranger, released.admin):
        assert browse(account).get(released.address).status_code == 404


def test_the_released_agenda_stays_what_it_was(browse, database, released):
    with database.write() as session:
        row = session.get_one(AgendaItem, released.open_item)
        row.title = "Nachträglich geändert"
        project = session.get_one(type(released.red), released.red.id)
        project.title = "Umbenannt"
        session.add_all([row, project])
    for account in (released.member, released.secretariat):
        shown = words(browse(account).get(released.address))
        assert "2.1 Reallabor" in shown
        assert "Nachträglich" not in shown
        assert "Umbenannt" not in shown


# --- outcomes ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def running(database, released):
    start(database, released)
    return released


def outcome_form(browser, house):
    page = browser.get(f"{house.address}/protokoll")
    return {
        f"{name}-{one}": value_of(page, f"version-{one}") if name == "version" else ""
        for one in (house.open_item, house.secret_item)
        for name in ("version", "outcome", "note", "resume_on")
    }


def test_outcomes_are_saved_and_the_meeting_is_closed(browse, database, running):
    browser = browse(running.secretariat)
    form = outcome_form(browser, running)
    form[f"outcome-{running.open_item}"] = "adopted"
    saved = browser.submit(f"{running.address}/protokoll/ergebnisse", **form)
    assert saved.headers["location"] == f"{running.address}/protokoll#ergebnisse"
    assert "Noch 1 Punkt braucht ein Ergebnis." in words(browser.get(f"{running.address}/protokoll"))
    form = {**form, f"version-{running.open_item}": str(item(database, running.open_item).version)}
    refused = browser.submit(f"{running.address}/protokoll/ergebnisse", **form, then="close")
    assert refused.status_code == 422
    assert "TOP 3.1: Bitte halten Sie ein Ergebnis fest" in words(refused)
    assert meeting_of(database, running).state is MeetingState.IN_SESSION
    form[f"outcome-{running.secret_item}"] = "adjourned"
    closed = browser.submit(f"{running.address}/protokoll/ergebnisse", **form, then="close")
    assert closed.headers["location"] == f"{running.address}/protokoll"
    assert meeting_of(database, running).state is MeetingState.HELD
    assert "ungeändert beschlossen" in words(browser.get(running.address))
    assert "ungeändert beschlossen" not in words(browse(running.member).get(running.address))


def test_one_wrong_outcome_saves_none_and_keeps_all_that_was_typed(browse, database, running):
    browser = browse(running.secretariat)
    form = outcome_form(browser, running)
    form |= {
        f"outcome-{running.open_item}": "adopted",
        f"note-{running.open_item}": "Einstimmig nach langer Aussprache",
        f"outcome-{running.secret_item}": "referred",
    }
    answer = browser.submit(f"{running.address}/protokoll/ergebnisse", **form)
    assert answer.status_code == 422
    assert "TOP 3.1: Bitte geben Sie an, an wen überwiesen wird." in words(answer)
    assert "Einstimmig nach langer Aussprache" in answer.text
    assert item(database, running.open_item).outcome is None


def test_two_who_record_outcomes_see_each_other(browse, database, running):
    browser = browse(running.secretariat)
    form = outcome_form(browser, running)
    decide(database, running, running.open_item, Outcome.REJECTED, note="Von der Kollegin")
    form |= {f"outcome-{running.open_item}": "adopted", f"note-{running.open_item}": "Von mir"}
    answer = browser.submit(f"{running.address}/protokoll/ergebnisse", **form)
    assert answer.status_code == 412
    assert "Inzwischen hat jemand festgehalten: abgelehnt, Von der Kollegin." in words(answer)
    assert "Von mir" in answer.text
    assert item(database, running.open_item).outcome is Outcome.REJECTED
    form[f"version-{running.open_item}"] = value_of(answer, f"version-{running.open_item}")
    assert browser.submit(f"{running.address}/protokoll/ergebnisse", **form).status_code == 303
    assert item(database, running.open_item).outcome_note == "Von mir"


def test_outcomes_of_a_meeting_that_does_not_run_lead_to_its_page(browse, database, house):
    browser = browse(house.secretariat)
    assert browser.get(f"{house.address}/protokoll").headers["location"] == house.address
    refused = browser.submit(f"{house.address}/protokoll/ergebnisse", then="close")
    assert refused.status_code == 409
    assert "sobald die Sitzung eröffnet ist" in words(refused)
    assert browser.get(f"{house.address}/ergebnisse").headers["location"] == f"{house.address}/protokoll"


# --- the backlog ------------------------------------------------------------------------------------------------------


def put_away(browse, house, database, title, body_house=None):
    item_id = add_item(database, house, title)
    browse(house.secretariat).submit(f"{house.address}/tagesordnung/{item_id}/themenspeicher", reason="Später")


def test_the_backlog_is_for_secretariat_and_chair(browse, database, house):
    put_away(browse, house, database, "Wartet")
    for account in (house.secretariat, house.chair):
        assert "Wartet" in words(browse(account).get("/themenspeicher"))
        assert "Wartet" in browse(account).get("/themenspeicher.csv").text
    for account in (house.member, house.auditor, house.admin):
        assert browse(account).get("/themenspeicher").status_code == 404
        assert browse(account).get("/themenspeicher.csv").status_code == 404
    assert "Wartet" not in words(browse(house.stranger).get("/themenspeicher"))


def test_the_backlog_is_filtered_by_word_and_state(browse, database, house):
    put_away(browse, house, database, "Flächenankauf")
    put_away(browse, house, database, "Messestand")
    with database.write() as session:
        used = session.exec(select(Topic).where(Topic.title == "Messestand")).one()
        used.state = "used"
        session.add(used)
    browser = browse(house.secretariat)
    assert "Messestand" not in words(browser.get("/themenspeicher"))
    assert "Messestand" in words(browser.get("/themenspeicher?stand=alle"))
    found = words(browser.get("/themenspeicher?stand=alle&q=flachenANKAUF"))
    assert "Flächenankauf" in found
    assert "Messestand" not in found
    assert "Kein Eintrag passt" in words(browser.get("/themenspeicher?q=gibtesnicht"))
    for query in ("stand=irgend", "gremium=987654", f"gremium={house.body.id}x"):
        assert browser.get(f"/themenspeicher?{query}").status_code == 404


def test_releasing_writes_one_version_only(browse, database, released):
    with database.read() as session:
        assert [
            one.version
            for one in session.exec(select(AgendaRelease).where(AgendaRelease.meeting_id == released.meeting.id)).all()
        ] == [1]
