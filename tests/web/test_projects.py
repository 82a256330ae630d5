"""The pages of projects through HTTP: what each role sees and may do, forms that lose nothing, ugly data."""

import csv
import datetime as dt
import io
import re

import openpyxl
import pytest
from sqlmodel import select

from app.actor import Role
from app.agenda.models import AgendaRelease, FrozenStatus
from app.bodies.models import Body
from app.db import ident
from app.history.models import HistoryEntry
from app.meetings.models import MeetingState
from app.projects.models import (
    DecisionNeed,
    Light,
    Milestone,
    MilestoneDate,
    Phase,
    Project,
    ProjectField,
    ProjectLead,
    ProjectLineage,
    StatusReport,
    StatusSource,
    StatusState,
)
from app.projects.service.needs import refresh_needs
from tests import factories as make
from tests.queries import recorded_queries

D1, D2, D3 = dt.date(2025, 9, 30), dt.date(2026, 1, 15), dt.date(2026, 2, 14)
ACCOUNTS = ("secretariat", "member", "chair", "auditor", "lead", "other_lead", "guest", "admin", "nobody")
READERS = ("secretariat", "member", "chair", "auditor", "lead")


@pytest.fixture
def house(database):
    """A project with three reports, a correction, a need, a milestone and a report that waits; one account per role."""
    with database.write() as session:
        body = make.make_body(session, "SKIP")
        period = make.make_period(session, "2022–2026")
        field = make.make_field(session, period, "Rahmenbedingungen")
        office = make.make_organisation(session, "Senatsverwaltung für Wirtschaft", "SenWEB")
        project = make.make_project(
            session, "3.2", "Ankaufsstrategie Flächen", period_id=period.id, field_id=field.id, lead_id=office.id
        )
        key = ident(project)
        make.make_status(session, project, D1, Light.GREEN, phase=Phase.RUNNING, summary="Es geht voran.")
        old = make.make_status(session, project, D2, Light.GREEN, valid=False)
        make.make_status(
            session, project, D2, Light.YELLOW, corrects_id=old.id, correction_reason="Übertragungsfehler", progress=40
        )
        report = make.make_status(session, project, D3, Light.RED, decision_need="Rahmen 2027 festlegen")
        waiting = make.make_status(
            session,
            project,
            dt.date(2026, 2, 28),
            Light.YELLOW,
            summary="Noch nicht angenommener Satz",
            state=StatusState.SUBMITTED,
            source=StatusSource.LEAD,
        )
        milestone = Milestone(project_id=key, title="Satzung beschlossen")
        session.add(milestone)
        session.flush()
        session.add(MilestoneDate(milestone_id=ident(milestone), told_on=D1, due_on=dt.date(2026, 3, 31)))
        session.add(MilestoneDate(milestone_id=ident(milestone), told_on=D3, due_on=dt.date(2026, 6, 30)))
        refresh_needs(session, [key])
        person, other = make.make_person(session, "Beispiel"), make.make_person(session)
        another = make.make_project(session, "9.9", "Ein anderes Vorhaben", period_id=period.id)
        session.add(ProjectLead(project_id=key, person_id=ident(person)))
        session.add(ProjectLead(project_id=ident(another), person_id=ident(other)))
        return {
            "id": key,
            "body": ident(body),
            "report": ident(report),
            "waiting": ident(waiting),
            "milestone": ident(milestone),
            "need": session.exec(select(DecisionNeed.id)).one(),
            "period": ident(period),
            "field": ident(field),
            "other": ident(another),
            "secretariat": make.make_account(session, Role.SECRETARIAT),
            "member": make.make_seated(session, body),
            "chair": make.make_seated(session, body, chair=True),
            "auditor": make.make_account(session, Role.AUDITOR),
            "lead": make.make_account(session, person=person),
            "other_lead": make.make_account(session, person=other),
            "guest": make.make_account(session, person=make.make_person(session)),
            "admin": make.make_account(session, Role.ADMIN),
            "nobody": make.make_account(session),
        }


def words_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def reports(database) -> list[StatusReport]:
    with database.read() as session:
        return list(session.exec(select(StatusReport).order_by(StatusReport.id)).all())


def newest(database) -> StatusReport:
    return reports(database)[-1]


# --- who sees what


@pytest.mark.parametrize("role", ACCOUNTS)
def test_the_page_is_for_readers_of_the_projects_and_its_lead(house, browse, role):
    answer = browse(house[role]).get(f"/projekte/{house['id']}")
    if role not in READERS:
        assert answer.status_code == 404
        assert "Ankaufsstrategie" not in answer.text
        return
    assert answer.status_code == 200
    shown = words_of(answer)
    for sentence in (
        "3.2 Ankaufsstrategie Flächen",
        "rot seit 14.02.2026, zuvor gelb (Stand 15.01.2026): verschlechtert",
        "30.06.2026, ursprünglich 31.03.2026",
        "Rahmen 2027 festlegen",
        "offen seit 14.02.2026",
        "berichtigt: Übertragungsfehler",
        "Vor der Berichtigung",
        "Senatsverwaltung für Wirtschaft",
    ):
        assert sentence in shown, sentence
    assert ("Noch nicht angenommener Satz" in shown) is (role in ("secretariat", "lead"))
    assert ("Meldung annehmen" in shown) is (role == "secretariat")
    assert ("Sachstand melden" in shown) is (role in ("secretariat", "lead"))
    assert ("Projekt bearbeiten" in shown) is (role == "secretariat")
    assert ("Verlauf" in shown.partition("Ampel")[0].partition("Ankaufs")[2]) is (role in ("secretariat", "auditor"))


@pytest.mark.parametrize("role", ACCOUNTS)
@pytest.mark.parametrize("address", ["/projekte", "/projekte.csv", "/projekte.xlsx"])
def test_lists_and_files_hold_the_same_projects(house, browse, role, address):
    answer = browse(house[role]).get(address)
    assert answer.status_code == 200
    if address.endswith("xlsx"):
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        shown = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    else:
        shown = answer.content.decode("utf-8-sig")
    assert ("Ankaufsstrategie" in shown) is (role in READERS)
    expected = role in READERS and role != "lead"
    assert ("Ein anderes Vorhaben" in shown) is (expected or role == "other_lead")
    assert "Noch nicht angenommener Satz" not in shown


@pytest.mark.parametrize("role", ACCOUNTS)
@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("/projekte/{id}/status/neu", ("secretariat", "lead")),
        ("/projekte/{id}/status/{report}/berichtigen", ("secretariat",)),
        ("/projekte/{id}/bearbeiten", ("secretariat",)),
    ],
)
def test_forms_are_forbidden_for_readers_and_unknown_to_others(house, browse, role, address, allowed):
    browser, place = browse(house[role]), address.format(**{key: house[key] for key in ("id", "report")})
    expected = 200 if role in allowed else 403 if role in READERS else 404
    assert browser.get(place).status_code == expected
    posted = browser.submit(place, as_of="2026-03-01", light="red", title="Anders", code="3.2", reason="so")
    assert posted.status_code == (expected if role not in allowed else 303)


@pytest.mark.parametrize("role", ACCOUNTS)
@pytest.mark.parametrize(
    "address",
    [
        "/projekte/{id}/status/{waiting}/annehmen",
        "/projekte/{id}/status/{waiting}/ablehnen",
        "/projekte/{id}/bedarf/{need}/schliessen",
    ],
)
def test_only_the_secretariat_decides_about_reports_and_needs(house, browse, database, role, address):
    place = address.format(**{key: house[key] for key in ("id", "waiting", "need")})
    answer = browse(house[role]).submit(place, reason="Ein Grund")
    unseen = 404 if "status" in address and role != "lead" else 403
    assert answer.status_code == {"secretariat": 303}.get(role, unseen if role in READERS else 404)
    with database.read() as session:
        states = {
            session.get_one(StatusReport, house["waiting"]).state,
            session.get_one(DecisionNeed, house["need"]).closed_on,
        }
    assert (states == {StatusState.SUBMITTED, None}) is (role != "secretariat")


@pytest.mark.parametrize("role", ACCOUNTS)
@pytest.mark.parametrize("address", ["/projekte/neu", "/projekte/import"])
def test_creating_and_reading_in_are_for_the_secretariat(house, browse, role, address):
    assert browse(house[role]).get(address).status_code == (200 if role == "secretariat" else 403)


def test_nobody_signed_in_is_led_to_the_sign_in_or_gets_401(browse, house):
    assert browse().get(f"/projekte/{house['id']}").headers["location"].startswith("/anmelden?weiter=%2Fprojekte")
    assert browse().get("/projekte.csv").status_code == 401
    assert browse().get("/projekte/4711").status_code == 303


@pytest.mark.parametrize(
    "address", ["/projekte/99999", "/projekte/0", "/projekte/abc", "/projekte/-1", "/projekte/1.5"]
)
def test_unknown_projects_are_not_found(browse, house, address):
    assert browse(house["secretariat"]).get(address).status_code == 404


def test_the_history_of_a_project_is_for_those_who_read_the_history(house, browse):
    secretariat, address = browse(house["secretariat"]), f"/projekte/{house['id']}/verlauf"
    secretariat.submit(f"/projekte/{house['id']}/bedarf/{house['need']}/schliessen", reason="Ist geklärt.")
    shown = words_of(secretariat.get(address))
    assert "Entscheidungsbedarf geschlossen" in shown
    assert "Ist geklärt." in shown
    assert browse(house["auditor"]).get(address).status_code == 200
    assert browse(house["member"]).get(address).status_code == 404


def test_what_a_lead_submitted_is_not_told_to_revision_by_the_history(house, browse):
    browse(house["lead"]).submit(f"/projekte/{house['id']}/status/neu", as_of="2026-03-01", summary="Vertrauter Satz")
    assert "Vertrauter Satz" in browse(house["secretariat"]).get(f"/projekte/{house['id']}/verlauf").text
    assert "Vertrauter Satz" not in browse(house["auditor"]).get(f"/projekte/{house['id']}/verlauf").text


def test_readers_of_a_body_see_the_lights_as_its_meetings_were_shown_them(house, browse, database):
    with database.write() as session:
        held = make.make_meeting(session, session.get_one(Body, house["body"]), dt.date(2025, 11, 18), number=16)
        held.state = MeetingState.HELD
        session.add(held)
        for version, light in ((1, Light.RED), (2, Light.GREEN)):
            release = AgendaRelease(meeting_id=ident(held), version=version, as_of=D1, released_at=held.starts_at)
            session.add(release)
            session.flush()
            session.add(
                FrozenStatus(
                    release_id=ident(release), project_id=house["id"], light=light, code="3.2", title="Ankaufsstrategie"
                )
            )
    pages = {role: words_of(browse(house[role]).get(f"/projekte/{house['id']}")) for role in ("member", "lead")}
    assert "Ampel zu den Sitzungen grün 16. Sitzung am 18.11.2025 rot heute" in pages["member"]
    assert "Ampel zu den Sitzungen" not in pages["lead"]


# --- reporting


def test_the_form_of_five_minutes_shows_what_was_told_last(house, browse):
    shown = words_of(browse(house["secretariat"]).get(f"/projekte/{house['id']}/status/neu"))
    for sentence in (
        "zuletzt rot (Stand 14.02.2026)",
        "zuletzt in Umsetzung",
        "Letzte Meldung (Stand 14.02.2026)",
        "offen seit 14.02.2026",
        "ursprünglich 31.03.2026",
    ):
        assert sentence in shown, sentence


def test_a_report_with_a_new_date_of_a_milestone_and_a_new_milestone(house, browse, database):
    answer = browse(house["secretariat"]).submit(
        f"/projekte/{house['id']}/status/neu",
        **{
            "as_of": "01.03.2026",
            "light": "yellow",
            "light_cost": "red",
            "phase": "running",
            "progress": "55",
            "summary": "Zeile eins\r\nZeile zwei 🌊",
            "need": "zurueckgezogen",
            f"milestone-{house['milestone']}-due_on": "2026-09-30",
            f"milestone-{house['milestone']}-done_on": "",
            "milestone-new-title": "Ankauf Süd",
            "milestone-new-due_on": "2026-12-31",
        },
    )
    assert answer.status_code == 303
    report = newest(database)
    assert (report.as_of, report.light, report.light_cost, report.light_schedule) == (
        dt.date(2026, 3, 1),
        Light.YELLOW,
        Light.RED,
        None,
    )
    assert (report.progress, report.summary, report.decision_need) == (55, "Zeile eins\nZeile zwei 🌊", "")
    with database.read() as session:
        assert session.get_one(DecisionNeed, house["need"]).closed_on == dt.date(2026, 3, 1)
        told = session.exec(select(MilestoneDate.due_on).where(MilestoneDate.told_on == dt.date(2026, 3, 1))).all()
    assert sorted(told) == [dt.date(2026, 9, 30), dt.date(2026, 12, 31)]


def test_milestones_that_were_not_touched_are_not_told_anew(house, browse, database):
    fields = {f"milestone-{house['milestone']}-due_on": "2026-06-30", f"milestone-{house['milestone']}-done_on": ""}
    browse(house["secretariat"]).submit(
        f"/projekte/{house['id']}/status/neu", as_of="2025-12-01", light="red", **fields
    )
    with database.read() as session:
        assert session.get(MilestoneDate, (house["milestone"], dt.date(2025, 12, 1))) is None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"as_of": "2026-03-03", "light": "red"}, "Der Stand liegt in der Zukunft"),
        ({"as_of": "", "light": "red"}, "Bitte füllen Sie dieses Feld aus."),
        ({"as_of": "31.02.2026", "light": "red"}, "Bitte geben Sie ein gültiges Datum ein."),
        ({"as_of": "2026-02-14", "light": "red"}, "gibt es schon eine Meldung"),
        ({"as_of": "2026-03-01"}, "Die Meldung ist leer"),
        ({"as_of": "2026-03-01", "progress": "101"}, "Der größte erlaubte Wert ist 100."),
        ({"as_of": "2026-03-01", "progress": "viel"}, "Bitte geben Sie eine ganze Zahl ein."),
        ({"as_of": "2026-03-01", "light": "blau"}, "Bitte wählen Sie eine der angebotenen Möglichkeiten."),
        ({"as_of": "2026-03-01", "light": "red", "need": "neu"}, "Bitte schreiben Sie, was zu entscheiden ist."),
        ({"as_of": "2026-03-01", "need_text": "Rahmen"}, "Bitte wählen Sie „neu oder geändert“."),
        (
            {"as_of": "2026-03-01", "light": "red", "milestone-new-due_on": "2026-12-31"},
            "Bitte füllen Sie dieses Feld aus.",
        ),
        ({"as_of": "2026-03-01", "light": "red", "milestone-new-title": "satzung beschlossen"}, "gibt es schon"),
        ({"as_of": "2026-03-01", "light": "red", "milestone-new-title": "x" * 301}, "höchstens 300 Zeichen"),
        ({"as_of": "2026-03-01", "summary": "x" * 20_001}, "höchstens 20000 Zeichen"),
    ],
)
def test_what_does_not_hold_is_told_at_its_field_and_nothing_typed_is_lost(house, browse, database, fields, sentence):
    before = len(reports(database))
    typed = {"next_steps": "Ein Satz, der bleiben soll", **fields}
    if sentence.startswith("Die Meldung ist leer"):
        typed.pop("next_steps")
    answer = browse(house["secretariat"]).submit(f"/projekte/{house['id']}/status/neu", **typed)
    assert answer.status_code == 422
    assert sentence in words_of(answer)
    assert all(value[:300] in answer.text for name, value in typed.items() if name not in ("light", "need"))
    assert len(reports(database)) == before
    with database.read() as session:
        assert session.exec(select(Milestone)).all()[1:] == []


def test_a_taken_stand_leads_to_its_correction(house, browse):
    answer = browse(house["secretariat"]).submit(
        f"/projekte/{house['id']}/status/neu", as_of=D3.isoformat(), light="red"
    )
    assert f"/projekte/{house['id']}/status/{house['report']}/berichtigen" in answer.text


def test_a_lead_reports_and_reads_why_it_was_not_accepted(house, browse, database):
    lead, secretariat = browse(house["lead"]), browse(house["secretariat"])
    assert "milestone-new-title" not in lead.get(f"/projekte/{house['id']}/status/neu").text
    lead.submit(f"/projekte/{house['id']}/status/neu", as_of="2026-03-01", light="green", summary="Alles gut.")
    report = newest(database)
    assert report.state is StatusState.SUBMITTED
    nothing = secretariat.submit(f"/projekte/{house['id']}/status/{report.id}/ablehnen", reason=" ")
    assert nothing.status_code == 422
    assert "Bitte nennen Sie den Grund." in nothing.text
    secretariat.submit(f"/projekte/{house['id']}/status/{report.id}/ablehnen", reason="Kosten fehlen.")
    shown = words_of(lead.get(f"/projekte/{house['id']}"))
    assert "Nicht angenommen: Kosten fehlen." in shown
    assert "Kosten fehlen." not in browse(house["member"]).get(f"/projekte/{house['id']}").text
    again = secretariat.submit(f"/projekte/{house['id']}/status/{report.id}/annehmen")
    assert again.status_code == 409
    assert "schon entschieden" in again.text


def test_accepting_makes_a_report_count_for_everybody(house, browse):
    answer = browse(house["secretariat"]).submit(f"/projekte/{house['id']}/status/{house['waiting']}/annehmen")
    assert answer.status_code == 303
    shown = words_of(browse(house["member"]).get(f"/projekte/{house['id']}"))
    assert "Noch nicht angenommener Satz" in shown
    assert "gelb seit 28.02.2026, zuvor rot (Stand 14.02.2026): verbessert" in shown


def test_a_correction_shows_both_and_its_reason(house, browse, database):
    browser, address = browse(house["secretariat"]), f"/projekte/{house['id']}/status/{house['report']}/berichtigen"
    form = browser.get(address).text
    assert "Rahmen 2027 festlegen" in form
    unreasoned = browser.submit(address, as_of=D3.isoformat(), light="yellow", need="unveraendert")
    assert unreasoned.status_code == 422
    answer = browser.submit(
        address,
        as_of=D3.isoformat(),
        light="yellow",
        need="neu",
        need_text="Rahmen 2027 festlegen",
        need_before="Rahmen 2027 festlegen",
        reason="Vertippt",
    )
    assert answer.status_code == 303
    report = newest(database)
    assert (report.corrects_id, report.light, report.decision_need) == (
        house["report"],
        Light.YELLOW,
        "Rahmen 2027 festlegen",
    )
    shown = words_of(browse(house["member"]).get(f"/projekte/{house['id']}"))
    assert "berichtigt: Vertippt" in shown
    assert shown.count("Vor der Berichtigung") == 2
    stale = browser.submit(address, as_of=D3.isoformat(), light="green", need="unveraendert", reason="noch einmal")
    assert stale.status_code == 409
    assert "zählt nicht mehr" in stale.text


# --- the project itself


def test_a_project_is_created_and_changed_by_its_forms(house, browse, database):
    browser = browse(house["secretariat"])
    with database.write() as session:
        person, further = (
            ident(make.make_person(session, "Neu")),
            ident(make.make_field(session, session.get_one(type(make.make_period(session)), house["period"]))),
        )
    answer = browser.submit(
        "/projekte/neu",
        **{
            "code": " 4.1 ",
            "title": "Industriekulturelle Woche",
            "period": house["period"],
            "field": house["field"],
            "fields": [further],
            "ends_on": "31.12.2026",
            "earlier": "K 7\n2.2 | 2022–2026",
            "leads-0-person": person,
            "lineage-0-to": house["other"],
            "lineage-0-kind": "merged",
            "lineage-0-since_on": "2026-01-01",
        },
    )
    assert answer.status_code == 303
    address = answer.headers["location"]
    shown = words_of(browser.get(address))
    for sentence in (
        "Frühere Nummer K 7",
        "Frühere Nummer 2.2 (2022–2026)",
        "zusammengeführt in 9.9",
        "31. Dezember 2026",
    ):
        assert sentence in shown, sentence
    form = browser.get(f"{address}/bearbeiten").text
    version = re.search(r'name="version" value="(\d+)"', form)[1]
    browser.submit(f"{address}/bearbeiten", code="4.2", title="Woche", period=house["period"], version=version)
    with database.read() as session:
        project = session.get_one(Project, int(address.rpartition("/")[2]))
        assert (project.code, project.title, project.field_id, project.ends_on) == ("4.2", "Woche", None, None)
        assert session.exec(select(ProjectLineage)).all() == []
        assert session.exec(select(ProjectField)).all() == []
    assert "Frühere Nummer 4.1" in words_of(browser.get(address))


def test_refused_project_forms_keep_everything(house, browse):
    browser = browse(house["secretariat"])
    answer = browser.submit(
        "/projekte/neu",
        **{
            "code": "3.2",
            "title": "",
            "period": house["period"],
            "ends_on": "gestern",
            "funding": "Eine Quelle",
            "lineage-1-to": house["other"],
            "lineage-1-kind": "merged",
            "earlier": "7 | 1900–1901",
        },
    )
    assert answer.status_code == 422
    assert "1900–1901" in answer.text
    answer = browser.submit(
        "/projekte/neu",
        **{
            "code": "3.2",
            "title": "",
            "period": house["period"],
            "ends_on": "gestern",
            "funding": "Eine Quelle",
            "lineage-1-to": house["other"],
            "lineage-1-kind": "merged",
        },
    )
    assert answer.status_code == 422
    for wanted in ('href="#f-title"', 'href="#f-ends_on"', 'href="#f-lineage-1-since_on"', "Eine Quelle"):
        assert wanted in answer.text, wanted
    taken = browser.submit("/projekte/neu", code="3.2", title="A", period=house["period"])
    assert "Die Nummer 3.2 gibt es in dieser Planperiode schon." in taken.text


@pytest.mark.parametrize("nonsense", ["²", "9" * 5000])
def test_a_version_that_is_none_is_no_stumble(house, browse, nonsense):
    fields = {"code": "3.2", "period": house["period"], "title": "Neuer Titel", "version": nonsense}
    assert browse(house["secretariat"]).submit(f"/projekte/{house['id']}/bearbeiten", **fields).status_code < 500


def test_a_stale_form_shows_both_states_and_loses_nothing(house, browse, database):
    address = f"/projekte/{house['id']}/bearbeiten"
    one, two = browse(house["secretariat"]), browse(house["secretariat"])
    version = re.search(r'name="version" value="(\d+)"', one.get(address).text)[1]
    common = {"code": "3.2", "period": house["period"], "version": version}
    assert two.submit(address, title="Zweiter Titel", **common).status_code == 303
    answer = one.submit(address, title="Erster Titel", **common)
    assert answer.status_code == 412
    shown = words_of(answer)
    assert "Titel: Erster Titel" in shown
    assert "Titel: Zweiter Titel" in shown
    risen = re.search(r'name="version" value="(\d+)"', answer.text)[1]
    assert one.submit(address, title="Erster Titel", **{**common, "version": risen}).status_code == 303


# --- lists


def test_filter_sort_counts_and_files_agree(house, browse, database):
    browser = browse(house["secretariat"])
    answer = browser.get("/projekte?ampel=red&sortierung=-stand&q=flächen")
    assert "Ankaufsstrategie" in answer.text
    assert "Ein anderes Vorhaben" not in answer.text
    assert 'aria-sort="descending"' in answer.text
    assert "/projekte.csv?q=fl%C3%A4chen&amp;ampel=red&amp;sortierung=-stand" in answer.text
    rows = list(
        csv.reader(io.StringIO(browser.get("/projekte.csv?ampel=red").content.decode("utf-8-sig")), delimiter=";")
    )
    assert [row[:2] for row in rows] == [["Nr.", "Projekt"], ["3.2", "Ankaufsstrategie Flächen"]]
    named = dict(zip(rows[0], rows[1], strict=True))
    assert (named["Ampel"], named["Zuvor"], named["Stand"], named["Phase"]) == (
        "rot",
        "gelb",
        "14.02.2026",
        "in Umsetzung",
    )
    empty = browser.get("/projekte?q=gibtesnicht")
    assert "Kein Projekt passt zu diesem Filter." in empty.text
    assert browser.get("/projekte?ampel=lila&phase=x&periode=abc&sortierung=zufall").status_code == 200
    assert browser.get("/projekte?nach=kaputt").status_code == 404


def test_ugly_titles_are_shown_as_text_everywhere(house, browse, database):
    ugly = '<script>alert("x")</script> {{ 7*7 }} 🏭 Übergrößenträger' + "ä" * 260
    with database.write() as session:
        project = make.make_project(session, "=1+1", ugly[:300])
        make.make_status(session, project, D3, Light.RED, summary='"><img src=x onerror=alert(1)>')
        key = ident(project)
    browser = browse(house["secretariat"])
    for address in ("/projekte", f"/projekte/{key}", f"/projekte/{key}/status/neu", f"/projekte/{key}/bearbeiten"):
        shown = browser.get(address).text
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "{{ 7*7 }}" in shown
        assert "🏭" in shown
    rows = list(csv.reader(io.StringIO(browser.get("/projekte.csv").content.decode("utf-8-sig")), delimiter=";"))
    assert ["'=1+1", ugly[:300]] in [row[:2] for row in rows]


def test_five_hundred_projects_are_paged_in_as_many_queries_as_one(house, browse, database):
    browser = browse(house["secretariat"])

    def cost(address: str) -> int:
        with recorded_queries(database.connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    few = cost("/projekte")
    with database.write() as session:
        lead = make.make_organisation(session)
        for number in range(500):
            project = make.make_project(session, f"{number // 100}.{number}", f"Vorhaben {number}", lead_id=lead.id)
            make.make_status(session, project, D3, list(Light)[number % 3])
    assert cost("/projekte") == few
    first = browser.get("/projekte?sortierung=titel")
    assert first.text.count('<th scope="row">') == 100
    onward = re.search(r'href="(/projekte\?[^"]*nach=[^"]*)" rel="next"', first.text)[1].replace("&amp;", "&")
    second = browser.get(onward)
    assert second.text.count('<th scope="row">') == 100
    assert 'rel="prev"' in second.text
    assert len(browser.get("/projekte.csv").content.decode().splitlines()) == 503
    assert openpyxl.load_workbook(io.BytesIO(browser.get("/projekte.xlsx").content)).active.max_row == 503


def test_what_was_done_stands_in_the_history(house, browse, database):
    browser = browse(house["secretariat"])
    browser.submit(f"/projekte/{house['id']}/status/{house['waiting']}/annehmen")
    browser.submit(f"/projekte/{house['id']}/status/neu", as_of="2026-03-01", light="red")
    with database.read() as session:
        verbs = session.exec(select(HistoryEntry.verb).where(HistoryEntry.object_id == house["id"])).all()
    assert {"project.status.accept", "project.status.enter"} <= set(verbs)
