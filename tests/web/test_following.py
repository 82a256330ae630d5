"""The Beschlusskontrolle over HTTP: the list, entries at the line and for many, and what became of a meeting's."""

import csv
import datetime as dt
import io
import re

import pytest
from sqlmodel import select

from app.agenda.models import Outcome, SectionKey
from app.agenda.schemas.wishes import ItemIn
from app.agenda.service.items import add_item
from app.db import ident
from app.decisions.models import Clause, Decision, FollowUp, Verb
from app.decisions.models import FollowUpState as S
from app.meetings.models import Meeting, MeetingState
from app.projects.models import ProjectLead
from app.visibility import Level
from tests import factories
from tests.factories import make_decision, operator
from tests.web.heart import make_house, words

HOME = "/beschlusskontrolle"
NOVEMBER = dt.date(2026, 11, 12)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def house(database):
    made = make_house(database)
    with database.write() as session:
        meeting, body = session.merge(made.meeting), session.merge(made.body)
        ihk, field = factories.make_organisation(session, short="IHK"), factories.make_field(session)
        asks = Clause(verb=Verb.ASKS, text="berichten", decision_id=0, position=1, organisation_id=ihk.id)
        project = factories.make_project(session, field_id=field.id)
        items = [
            add_item(session, operator(), meeting, ItemIn(title=f"Punkt {n}", section=SectionKey.DECISION))
            for n in range(4)
        ]
        made.due = make_decision(
            session, body, title="Flächen sichern", item_id=items[0].id, due_on=dt.date(2026, 2, 18), clauses=(asks,)
        )
        made.open = make_decision(session, body, title="Karte zeichnen", item_id=items[1].id, projects=(project,))
        made.done = make_decision(session, body, title="Liste führen", item_id=items[2].id, state=S.DONE)
        made.rejected = make_decision(session, body, title="Turm bauen", item_id=items[3].id, outcome=Outcome.REJECTED)
        made.secret = make_decision(session, body, title="Ankauf Geheimgrund", level=Level.CONFIDENTIAL)
        made.provisional = make_decision(session, body, title="Vorläufiges", number="", decided_on=None)
        made.ihk, made.field, made.project = ihk, field, project
    return made


def version_of(database, decision):
    with database.read() as session:
        return session.get_one(Decision, decision.id).version


def entry(database, decision, **fields):
    return {"state": "in_progress", "as_of": "2026-03-02", "version": str(version_of(database, decision)), **fields}


def titles(page):
    return re.findall(r'<a href="/beschluesse/\d+">([^<]*)</a>', page.text)


def send(client, address, data, headers=None):
    return client.post(address, data={"csrf_token": client.token(), **data}, headers=headers)


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_the_list_shows_what_runs_due_first_with_numbers_that_lead_to_it(browse, house):
    page = browse(house.secretariat).get(HOME)
    assert titles(page)[0] == "Flächen sichern"
    assert set(titles(page)) == {"Flächen sichern", "Karte zeichnen", "Liste führen", "Ankauf Geheimgrund"}
    told = words(page)
    assert "seit 12 Tagen fällig (18.02.2026)" in told
    assert "zur nächsten Sitzung (12.05.2026)" in told
    assert "noch zu berichten" in told
    for word, count, found in (
        ("fällig", 1, {"Flächen sichern"}),
        ("zur nächsten Sitzung", 3, {"Flächen sichern", "Karte zeichnen", "Ankauf Geheimgrund"}),
        ("offen", 3, {"Flächen sichern", "Karte zeichnen", "Ankauf Geheimgrund"}),
        ("abgeschlossen, noch zu berichten", 1, {"Liste führen"}),
    ):
        (address,) = re.findall(rf'<a href="([^"]*)">{word} {count}</a>', page.text)
        assert set(titles(browse(house.secretariat).get(address.replace("&amp;", "&")))) == found


def test_filters_by_body_institution_field_meeting_and_state(browse, house):
    member = browse(house.member)
    for query, found in (
        (f"institution={house.ihk.id}", ["Flächen sichern"]),
        (f"feld={house.field.id}", ["Karte zeichnen"]),
        (f"sitzung={house.meeting.id}&stand=umgesetzt", ["Liste führen"]),
        ("stand=aufgehoben", []),
        (f"gremium={house.body.id}&stand=faellig", ["Flächen sichern"]),
    ):
        assert titles(member.get(f"{HOME}?{query}")) == found, query
    assert "Kein Beschluss passt" in words(member.get(f"{HOME}?stand=aufgehoben"))
    for wrong in ("stand=nie", "gremium=x", "institution=99999999999"):
        assert member.get(f"{HOME}?{wrong}").status_code == 404


def test_members_read_without_entering_and_only_what_they_may(browse, house):
    for account, sees in ((house.member, True), (house.chair, True), (house.advisory, False), (house.auditor, False)):
        page = browse(account).get(HOME)
        assert ("Ankauf Geheimgrund" in page.text) is sees
        assert "Eintrag machen" not in page.text
        assert "Vorläufiges" not in page.text
    for account in (house.stranger, house.admin):
        page = browse(account).get(HOME)
        assert titles(page) == []
        assert "Flächen" not in page.text


def test_a_project_lead_reads_what_concerns_the_own_projects(browse, database, house):
    with database.write() as session:
        person = factories.make_person(session)
        session.add(ProjectLead(project_id=ident(house.project), person_id=ident(person)))
        lead = factories.make_account(session, person=person)
    page = browse(lead).get(HOME)
    assert titles(page) == ["Karte zeichnen"]
    assert f"/sitzungen/{house.meeting.id}" not in page.text


def test_an_entry_at_the_line_without_scripts_and_with_them(browse, database, house):
    client = browse(house.secretariat)
    answer = send(
        client,
        f"{HOME}/{house.due.id}",
        data=entry(database, house.due, text="Ausgeschrieben", filter="stand=faellig"),
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{HOME}?stand=faellig#beschluss-{house.due.id}"
    assert "in Umsetzung" in words(client.get(HOME))
    piece = send(
        client,
        f"{HOME}/{house.open.id}",
        data=entry(database, house.open, state="ongoing", due_on="12.11.2026"),
        headers=HTMX,
    )
    assert piece.status_code == 200
    assert "<html" not in piece.text
    assert "nächster Bericht 12.11.2026" in words(piece)
    assert "Stand „fortlaufend“" in words(piece)


def test_a_refused_entry_is_told_at_its_line_and_nothing_typed_is_lost(browse, database, house):
    client = browse(house.secretariat)
    sent = entry(database, house.due, state="delayed", text="Wartet auf Gutachten")
    for headers, status in (({}, 422), (HTMX, 200)):
        page = send(client, f"{HOME}/{house.due.id}", data=sent, headers=headers)
        assert page.status_code == status
        assert "Grund der Verzögerung" in words(page)
        assert "den neuen Termin" in words(page)
        assert "Wartet auf Gutachten" in page.text
        assert page.text.count('<details class="fold" open>') == 1
    closed = send(client, f"{HOME}/{house.done.id}", data=entry(database, house.done, state="delayed"))
    assert closed.status_code == 409
    with database.read() as session:
        assert session.exec(select(FollowUp)).all() == []


def test_whoever_was_slower_reads_what_was_entered_meanwhile(browse, database, house):
    sent = entry(database, house.due, text="Meins")
    send(browse(house.colleague), f"{HOME}/{house.due.id}", data={**sent, "text": "Ausgeschrieben"})
    page = send(browse(house.secretariat), f"{HOME}/{house.due.id}", data=sent)
    assert page.status_code == 412
    assert "Jo Kollege eingetragen: in Umsetzung, Ausgeschrieben" in words(page)
    assert "Meins" in page.text


def test_only_the_secretariat_enters(browse, database, house):
    for account, status in ((house.member, 403), (house.chair, 403), (house.stranger, 404)):
        answer = send(browse(account), f"{HOME}/{house.due.id}", data=entry(database, house.due))
        assert answer.status_code == status
    many = {"decision": f"{house.due.id}:1", "state": "in_progress"}
    assert send(browse(house.member), f"{HOME}/eintraege", data=many).status_code == 403
    assert send(browse(house.stranger), f"{HOME}/eintraege", data=many).status_code == 409


def test_the_same_entry_for_many(browse, database, house):
    client = browse(house.secretariat)
    chosen = [f"{one.id}:{version_of(database, one)}" for one in (house.due, house.open)]
    answer = send(client, f"{HOME}/eintraege", data={"decision": chosen, "state": "in_progress", "text": "Angelaufen"})
    assert answer.status_code == 303
    assert "2 Einträge gemacht." in words(client.get(HOME))
    stale = send(client, f"{HOME}/eintraege", data={"decision": chosen, "state": "in_progress", "text": "Noch einmal"})
    assert stale.status_code == 409
    assert "Es wurde nichts eingetragen." in words(stale)
    assert "Noch einmal" in stale.text
    assert len(re.findall(r'auswählen" checked', stale.text)) == 2
    none = send(client, f"{HOME}/eintraege", data={"state": "in_progress"})
    assert "mindestens einen Beschluss" in words(none)


def test_files_hold_the_filtered_list(browse, house):
    client = browse(house.secretariat)
    rows = list(
        csv.DictReader(io.StringIO(client.get(f"{HOME}.csv?stand=faellig").content.decode("utf-8-sig")), delimiter=";")
    )
    assert [(row["Beschluss"], row["Wiedervorlage"], row["Zuständig"]) for row in rows] == [
        ("Flächen sichern", "18.02.2026", "IHK")
    ]
    assert client.get(f"{HOME}.xlsx").headers["content-type"].startswith("application/vnd.openxml")
    member = browse(house.advisory).get(f"{HOME}.csv").content.decode("utf-8-sig")
    assert "Geheimgrund" not in member


def test_what_became_of_the_decisions_of_a_meeting(browse, house):
    client = browse(house.secretariat)
    address = f"{HOME}/sitzungen/{house.meeting.id}"
    page = client.get(address)
    assert "Was wurde aus den Beschlüssen der 18. Sitzung?" in words(page)
    assert set(titles(page)) == {"Flächen sichern", "Karte zeichnen", "Liste führen", "Turm bauen"}
    numbers = dict(re.findall(r'<tr><th scope="row">([^<]*)</th><td>(?:<[^>]*>)?(\d+)', page.text))
    assert numbers == {
        "offen": "2",
        "in Umsetzung": "0",
        "fortlaufend": "0",
        "verzögert": "0",
        "umgesetzt": "1",
        "nicht umgesetzt": "0",
        "aufgehoben": "0",
        "ersetzt": "0",
        "nicht nachgehalten": "1",
    }
    assert "2 offen, 1 umgesetzt und 1 nicht nachgehalten" in page.text
    for key, found in (("offen", 2), ("umgesetzt", 1), ("ohne", 1), ("verzoegert", 0)):
        assert len(titles(client.get(f"{address}?stand={key}"))) == found
    rows = client.get(f"{address}/beschluesse.csv?stand=ohne").content.decode("utf-8-sig")
    assert "Turm bauen" in rows
    assert "nicht nachgehalten" in rows
    assert client.get(f"{address}?stand=nie").status_code == 404


def test_all_meetings_in_one_table_agree_with_each_of_them(browse, house):
    client = browse(house.secretariat)
    page = client.get(f"{HOME}/sitzungen")
    assert f'<a href="{HOME}/sitzungen/{house.meeting.id}">4</a>' in page.text
    for address, count in re.findall(rf'<a href="({HOME}/sitzungen/\d+\?stand=[a-z-]+)">(\d+)</a>', page.text):
        assert len(titles(client.get(address))) == int(count)
    (row,) = rows_of(client.get(f"{HOME}/sitzungen.csv"))
    assert (row["Beschlüsse"], row["offen"], row["umgesetzt"], row["nicht nachgehalten"]) == ("4", "2", "1", "1")
    assert "Noch keine Sitzung" in words(browse(house.stranger).get(f"{HOME}/sitzungen"))


def test_a_meeting_that_one_may_not_read_is_not_there(browse, house):
    for suffix in ("", "/beschluesse.csv"):
        assert browse(house.stranger).get(f"{HOME}/sitzungen/{house.meeting.id}{suffix}").status_code == 404


def test_the_overview_of_the_secretariat_tells_what_is_due_and_a_held_meeting_leads_here(browse, database, house):
    told = browse(house.secretariat).get("/")
    assert "1 Beschluss nachhalten" in words(told)
    assert "fällig seit 18.02.2026" in words(told)
    assert f'href="{HOME}?stand=faellig"' in told.text
    assert "nachhalten" not in words(browse(house.member).get("/"))
    with database.read() as session:
        held = session.exec(select(Meeting).where(Meeting.state == MeetingState.HELD)).one()
    assert f'href="{HOME}/sitzungen/{held.id}"' in browse(house.member).get(f"/sitzungen/{held.id}").text
