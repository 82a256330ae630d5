"""The pages of actions: the list with its filters and files, reports, dates, many at once, and who may do what."""

import csv
import datetime as dt
import io
import json
from types import SimpleNamespace

import pikepdf
import pytest

from app.actions import queries
from app.actions.models import Action, ActionState
from app.db import ident
from app.visibility import Level
from tests import factories
from tests.factories import make_action
from tests.queries import recorded_queries
from tests.web.heart import make_house, value_of, words

LATE = dt.date(2026, 2, 18)


@pytest.fixture
def house(database):
    made = make_house(database)
    with database.write() as session:
        person = factories.make_person(session)
        made.doer = factories.make_account(session, person=person, name="Toni Tut")
        made.home = factories.make_organisation(session, "Industrie- und Handelskammer", "IHK")
        made.late = make_action(
            session,
            made.body,
            title="Flächenkarte vorlegen",
            due_on=LATE,
            organisation_id=ident(made.home),
            person_id=ident(person),
            projects=(made.red,),
        )
        made.later = make_action(session, made.body, title="Bericht schreiben", due_on=dt.date(2026, 9, 30))
        made.done = make_action(session, made.body, title="Längst fertig", state=ActionState.DONE, done_on=LATE)
        made.secret = make_action(session, made.body, title="Heimlich prüfen", level=Level.CONFIDENTIAL)
        made.foreign = make_action(session, factories.make_body(session), title="Fremder Auftrag")
    return made


def stored(database, action) -> SimpleNamespace:
    with database.read() as session:
        row = session.get(Action, ident(action))
        steps = queries.list_steps(session, [ident(action)]).get(ident(action), [])
        return SimpleNamespace(**row.model_dump(), steps=steps)


def test_the_list_shows_what_runs_the_overdue_first_in_words(browse, house):
    page = browse(house.secretariat).get("/auftraege")
    said = words(page)
    assert "seit 12 Tagen überfällig" in said
    assert said.index("Flächenkarte vorlegen") < said.index("Bericht schreiben")
    assert "Heimlich prüfen" in said
    assert "Längst fertig" not in said
    assert "Fremder Auftrag" not in said
    assert "due-late" in page.text


def test_the_filters_lead_to_what_is_over_overdue_mine_or_about_a_project(browse, house):
    browser = browse(house.doer)

    def titles(query, who=None):
        said = words((who or browser).get(f"/auftraege{query}"))
        names = ("Flächenkarte vorlegen", "Bericht schreiben", "Längst fertig", "Heimlich prüfen")
        return [name for name in names if name in said]

    office = browse(house.secretariat)
    assert titles("") == ["Flächenkarte vorlegen"]
    assert titles("?stand=vorbei", office) == ["Längst fertig"]
    assert titles("?stand=ueberfaellig", office) == ["Flächenkarte vorlegen"]
    assert titles("?meine=1", office) == []
    assert titles(f"?projekt={house.red.id}&institution={house.home.id}", office) == ["Flächenkarte vorlegen"]
    assert titles("?q=flachenkarte", office) == ["Flächenkarte vorlegen"]
    assert titles("?stand=alle", browse(house.advisory)) == [
        "Flächenkarte vorlegen",
        "Bericht schreiben",
        "Längst fertig",
    ]


def test_the_files_are_the_list_as_it_is_filtered(browse, house):
    answer = browse(house.member).get("/auftraege.csv?stand=ueberfaellig")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert row["Auftrag"] == "Flächenkarte vorlegen"
    assert (row["Frist"], row["Tage überfällig"], row["Stand"]) == ("18.02.2026", "12", "offen")
    assert browse(house.member).get("/auftraege.xlsx").content.startswith(b"PK")


def test_the_document_is_the_list_as_it_is_filtered(browse, house):
    answer = browse(house.member).get("/auftraege/liste.pdf?stand=ueberfaellig")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        (attached,) = pdf.attachments.values()
        values = json.loads(attached.get_file().read_bytes())
    (action,) = values["actions"]
    assert (action["title"], action["late"]) == ("Flächenkarte vorlegen", "seit 12 Tagen überfällig")
    assert (values["selection"], values["body"]) == ("überfällig", "SKIP")
    assert browse(house.stranger).get("/auftraege/liste.pdf").status_code == 200


def test_an_action_says_what_who_until_when_and_for_which_project(browse, house):
    said = words(browse(house.doer).get(f"/auftraege/{house.late.id}"))
    for word in (
        "Flächenkarte vorlegen",
        "Industrie- und Handelskammer",
        "18. Februar 2026",
        "seit 12 Tagen überfällig",
    ):
        assert word in said
    assert "Reallabor Wasserstoff" not in said, "whose own the action is does not read the project by that"
    assert "Reallabor Wasserstoff" in words(browse(house.member).get(f"/auftraege/{house.late.id}"))
    assert browse(house.doer).get(f"/auftraege/{house.later.id}").status_code == 404
    assert browse(house.advisory).get(f"/auftraege/{house.secret.id}").status_code == 404


def test_who_answers_for_it_reports_in_one_form(browse, database, house):
    browser, address = browse(house.doer), f"/auftraege/{house.late.id}"
    page = browser.get(address)
    assert "Frist verschieben" not in page.text
    assert "aufgehoben" not in page.text
    version = value_of(page, "version")
    answer = browser.submit(f"{address}/meldung", text="", state="done", version=version)
    assert answer.status_code == 422
    assert "womit der Auftrag erledigt ist" in answer.text
    answer = browser.submit(
        f"{address}/meldung", text="Karte liegt vor", state="done", as_of="2026-02-27", version=version
    )
    assert answer.status_code == 303
    said = words(browser.get(address))
    assert "Karte liegt vor" in said
    assert "27.02.2026" in said
    assert stored(database, house.late).state is ActionState.DONE
    assert browser.submit(f"{address}/meldung", text="x", state="dropped").status_code == 403
    assert browse(house.member).submit(f"{address}/meldung", text="x").status_code == 403
    assert browse(house.stranger).submit(f"{address}/meldung", text="x").status_code == 404


def test_another_date_needs_its_reason_and_the_first_one_stays_visible(browse, database, house):
    browser, address = browse(house.secretariat), f"/auftraege/{house.late.id}"
    answer = browser.submit(f"{address}/meldung", due_on="2026-06-30")
    assert answer.status_code == 422
    assert "Bitte begründen Sie die neue Frist" in answer.text
    browser.submit(f"{address}/meldung", due_on="2026-06-30", reason="Daten fehlen noch")
    said = words(browser.get(address))
    for word in (
        "30. Juni 2026, ursprünglich 18.02.2026",
        "Neue Frist 30.06.2026 statt 18.02.2026",
        "Daten fehlen noch",
    ):
        assert word in said
    assert "ursprünglich 18.02.2026" in words(browser.get("/auftraege"))
    assert stored(database, house.late).first_due_on == LATE


def test_two_people_with_the_same_page_see_both_texts_and_nothing_is_lost(browse, database, house):
    address = f"/auftraege/{house.late.id}"
    first, second = browse(house.secretariat), browse(house.colleague)
    version = value_of(first.get(address), "version")
    first.submit(address, title="Karte der Flächen vorlegen", organisation=house.home.id, version=version)
    answer = second.submit(address, title="Kataster vorlegen", organisation=house.home.id, version=version)
    assert answer.status_code == 412
    assert "Karte der Flächen vorlegen" in answer.text
    assert "Kataster vorlegen" in answer.text
    answer = second.submit(f"{address}/meldung", text="Mein Satz", version=version)
    assert answer.status_code == 412
    assert "Ihre Meldung ist nicht verloren" in words(answer)
    assert "Beide Texte sind gleich" not in answer.text
    assert "Mein Satz" in answer.text
    assert stored(database, house.late).title == "Karte der Flächen vorlegen"
    assert stored(database, house.late).steps == []


def test_the_secretariat_gives_an_action_by_hand(browse, database, house):
    browser = browse(house.secretariat)
    assert "Auftrag erteilen" in browser.get("/auftraege").text
    answer = browser.submit("/auftraege", title="Neue Karte", projects="1.9", due_on="2026-06-30")
    assert answer.status_code == 422
    assert "welche Institution oder Person zuständig ist" in answer.text
    answer = browser.submit(
        "/auftraege", title="Neue Karte", projects="1.9", due_on="2026-06-30", organisation=house.home.id
    )
    assert answer.status_code == 303
    said = words(browser.get(answer.headers["location"]))
    assert "Neue Karte" in said
    assert "Reallabor Wasserstoff" in said
    assert "A 2026/" in said
    assert "Auftrag erteilt bis 30.06.2026" in said
    for account in (house.chair, house.member, house.doer):
        assert browse(account).get("/auftraege/neu").status_code == 403
        assert browse(account).submit("/auftraege", title="x", organisation=house.home.id).status_code == 403


def test_many_at_once_are_all_changed_or_none(browse, database, house):
    browser = browse(house.secretariat)
    late, later = stored(database, house.late), stored(database, house.later)
    both = [f"{late.id}:{late.version}", f"{later.id}:{later.version}"]
    answer = browser.submit("/auftraege/mehrere?stand=alle", auftrag=both, due_on="2025-01-01", reason="Wahl")
    assert answer.status_code == 422
    assert late.number in answer.text
    assert answer.text.count('auswählen" checked') == 2
    assert stored(database, house.late).due_on == LATE
    answer = browser.submit("/auftraege/mehrere", auftrag=both, due_on="2026-10-01", reason="Wahl", suche="stand=alle")
    assert (answer.status_code, answer.headers["location"]) == (303, "/auftraege?stand=alle")
    assert stored(database, house.late).due_on == stored(database, house.later).due_on == dt.date(2026, 10, 1)
    answer = browser.submit("/auftraege/mehrere", auftrag=both, state="done", text="x")
    assert answer.status_code == 422
    assert "inzwischen jemand geändert" in answer.text
    assert browser.submit("/auftraege/mehrere", state="done", text="x").status_code == 422
    assert browse(house.member).submit("/auftraege/mehrere", auftrag=both, text="x").status_code == 403
    assert "Ausgewählte ändern" not in browse(house.member).get("/auftraege").text


def test_without_a_number_it_may_be_removed(browse, database, house):
    with database.write() as session:
        body = session.get_one(type(house.body), house.body.id)
        action = make_action(session, body, number="", title="Wartet noch", organisation_id=ident(house.home))
    browser = browse(house.secretariat)
    assert "Wartet noch" in browser.get("/auftraege").text
    assert "Wartet noch" not in browse(house.member).get("/auftraege").text
    assert browser.submit(f"/auftraege/{house.late.id}/entfernen").status_code == 409
    assert browser.submit(f"/auftraege/{action.id}/entfernen").status_code == 303
    assert browser.get(f"/auftraege/{action.id}").status_code == 404


def test_the_list_asks_as_often_for_many_as_for_few(browse, database, house):
    browser = browse(house.secretariat)
    browser.get("/auftraege")

    def asked():
        with recorded_queries(database.engine) as seen:
            browser.get("/auftraege")
        return len(seen)

    before = asked()
    with database.write() as session:
        body = session.get_one(type(house.body), house.body.id)
        for _ in range(5):
            make_action(session, body, organisation_id=ident(factories.make_organisation(session)))
    assert asked() == before


def test_an_own_action_waits_on_the_overview(browse, house):
    said = words(browse(house.doer).get("/"))
    assert "Flächenkarte vorlegen" in said
    assert "war bis 18.02.2026 fällig" in said
    assert "Bericht schreiben" not in said


def test_the_history_tells_a_change_in_words_and_leads_to_the_action(browse, house):
    browser, address = browse(house.secretariat), f"/auftraege/{house.later.id}"
    browser.submit(address, title="Bericht schreiben", organisation=house.home.id, projects="1.9")
    browser.submit(f"{address}/meldung", state="in_progress")
    said = words(browser.get(address))
    for word in ("Auftrag geändert", "Industrie- und Handelskammer", "Reallabor Wasserstoff", "jetzt in Arbeit"):
        assert word in said
    assert f'href="{address}"' in browser.get("/verlauf").text
