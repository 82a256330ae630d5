"""The live minutes over HTTP: the screen of an item, its note, times, preview and text blocks, the overview."""

import datetime as dt
import html
import re

import pytest
from sqlmodel import select

from app import clock
from app.agenda.models import AgendaItem
from app.decisions.models import Clause, Decision
from app.minutes.models import MinuteNote, Minutes, TextBlock
from tests import factories
from tests.conftest import NOW
from tests.queries import recorded_queries
from tests.web.heart import add_item, make_house, release, start, value_of, words
from tests.web.test_texts import Form

TEN = NOW + dt.timedelta(minutes=10)


@pytest.fixture
def house(database):
    made = make_house(database)
    made.first = add_item(database, made, "Flächen", proposed_decision="1. Der Kreis stimmt zu.")
    made.second = add_item(database, made, "Fachkräfte")
    release(database, made)
    start(database, made)
    with database.write() as session:
        meeting = session.get_one(type(made.meeting), made.meeting.id)
        meeting.starts_at, meeting.ends_at = NOW, NOW + dt.timedelta(hours=2)
    made.screen = f"{made.address}/protokoll"
    made.item = f"{made.screen}/{made.first}"
    return made


def note(database, item_id):
    with database.read() as session:
        return session.exec(select(MinuteNote).where(MinuteNote.item_id == item_id)).first()


def test_the_tab_and_the_next_act_lead_to_the_minutes(browse, house):
    page = browse(house.secretariat).get(house.address).text
    assert f'href="{house.screen}"' in page
    assert "Protokoll führen" in page
    assert "/protokoll" not in browse(house.member).get(house.address).text


def test_the_screen_shows_the_item_among_all_others(browse, house):
    shown = words(browse(house.secretariat).get(house.item))
    assert "TOP 2.1 Flächen" in shown
    assert "Nächster: TOP 2.2 Fachkräfte" in shown
    assert "Der Kreis stimmt zu." in shown
    assert "Beschlussfähigkeit" in shown
    assert "noch 20 Min. geplant" in shown


def test_beginning_an_item_shows_it_running_and_the_time_left(browse, house):
    browser = browse(house.secretariat)
    with clock.standing_at(TEN):
        assert browser.submit(f"{house.item}/beginnen").headers["location"] == house.item
    with clock.standing_at(TEN + dt.timedelta(minutes=4)):
        shown = words(browser.get(house.item))
        assert "läuft seit 09:10 Uhr" in shown
        assert "TOP 2.1: noch 6 Min." in shown
        browser.submit(f"{house.screen}/{house.second}/beginnen")
        shown = words(browser.get(house.item))
    assert "fertig von 09:10 bis 09:14 Uhr" in shown
    assert "TOP 2.2: noch 10 Min." in shown


def test_wrong_times_are_shown_again_with_what_was_typed(browse, house):
    browser = browse(house.secretariat)
    seen = value_of(browser.get(house.item), "seen")
    with clock.standing_at(TEN + dt.timedelta(minutes=10)):
        answer = browser.submit(f"{house.item}/zeiten", started_at="09:12", ended_at="09:10", seen=seen)
        assert answer.status_code == 422
        assert "Das Ende muss nach dem Beginn liegen." in words(answer)
        assert 'value="09:12"' in answer.text
        assert (
            browser.submit(f"{house.item}/zeiten", started_at="09:05", ended_at="09:10", seen=seen).status_code == 303
        )
        late = browser.submit(f"{house.item}/zeiten", started_at="09:07", ended_at="09:10", seen=seen)
    assert late.status_code == 412
    assert "Inzwischen hat jemand diese Zeiten geändert" in words(late)


def test_a_note_saves_itself_and_the_button_is_not_stale_against_it(browse, database, house):
    form = Form(browse(house.secretariat), house.item)
    answer = form.save("Die Kammer fragt nach.", "note").json()
    assert (answer["version"], answer["saved_second"]) == (1, "09:00:00")
    assert note(database, house.first).note == "Die Kammer fragt nach."
    answer = form.browser.submit(house.item, note="Die Kammer fragt nach der Frist.", version=form.version)
    assert answer.status_code == 303
    assert note(database, house.first).note == "Die Kammer fragt nach der Frist."
    shown = words(form.browser.get(f"{house.item}/texte"))
    assert "Verlauf der Beratung" in shown
    assert "Die Kammer fragt nach." in shown


def test_two_writers_on_two_items_do_not_disturb_each_other(browse, database, house):
    one = Form(browse(house.secretariat), house.item)
    other = Form(browse(house.colleague), f"{house.screen}/{house.second}")
    for turn in range(3):
        assert one.save(f"Eins {turn}", "note").json()["behind"] is False
        assert other.save(f"Zwei {turn}", "note").json()["behind"] is False
        browse(house.colleague).submit(f"{house.screen}/{(house.first, house.second)[turn % 2]}/beginnen")
    assert (note(database, house.first).note, note(database, house.second).note) == ("Eins 2", "Zwei 2")


def test_two_writers_on_one_item_see_both_texts(browse, database, house):
    one, other = Form(browse(house.secretariat), house.item), Form(browse(house.colleague), house.item)
    one.save("Von Katrin", "note")
    refused = other.save("Von Jo", "note")
    assert refused.status_code == 412
    assert (refused.json()["text"], refused.json()["yours"]) == ("Von Katrin", "Von Jo")
    both = other.browser.submit(house.item, note="Von Jo", version=other.version)
    assert both.status_code == 412
    assert "Von Katrin" in both.text
    assert "Von Jo" in both.text
    assert other.browser.submit(house.item, note="Beide", version=value_of_form(both)).status_code == 303
    assert note(database, house.first).note == "Beide"


def value_of_form(answer):
    return answer.text.split('id="notizform"')[1].split('name="version" value="')[1].split('"')[0]


def test_an_earlier_note_is_restored(browse, database, house):
    form = Form(browse(house.secretariat), house.item)
    for content in ("Eins", "Zwei"):
        form.browser.submit(house.item, note=content, version=form.version)
        form.version = value_of_form(form.browser.get(house.item))
    page = form.browser.get(f"{house.item}/texte")
    form.browser.submit(
        f"{house.item}/texte/wiederherstellen", revision=value_of(page, "revision"), version=value_of(page, "version")
    )
    assert note(database, house.first).note == "Eins"


def test_the_preview_sets_markdown_and_nothing_else(browse, database, house):
    browser = browse(house.secretariat)
    answer = browser.submit(f"{house.item}/vorschau", note="**wichtig** <script>alert(1)</script>")
    assert "<strong>wichtig</strong> &lt;script&gt;" in answer.text
    assert note(database, house.first) is None
    saved = browser.submit(house.item, note="- eins", version="0", then="preview")
    assert saved.headers["location"] == f"{house.item}?vorschau=1#vorschau"
    assert "<li>eins</li>" in browser.get(f"{house.item}?vorschau=1").text


def test_a_text_block_is_put_below_the_note(browse, database, house):
    with database.write() as session:
        block = TextBlock(body_id=house.body.id, title="Einstimmig", text="Einstimmig so beschlossen.", changed_at=TEN)
        session.add(block)
        session.flush()
        block_id = block.id
    browser = browse(house.secretariat)
    assert "Einstimmig" in words(browser.get(house.item))
    browser.submit(house.item, note="Kurze Aussprache.", version="0", then="block", block=str(block_id))
    assert note(database, house.first).note == "Kurze Aussprache.\n\nEinstimmig so beschlossen."


def test_opening_and_closing_save_themselves(browse, database, house):
    form = Form(browse(house.secretariat), house.screen)
    form.version = "0"
    assert form.save("Die Vorsitzende eröffnet.", "opening").json()["version"] == 1
    assert form.save("Schluss um 12 Uhr.", "closing").json()["version"] == 2
    with database.read() as session:
        row = session.exec(select(Minutes).where(Minutes.meeting_id == house.meeting.id)).one()
    assert (row.opening, row.closing) == ("Die Vorsitzende eröffnet.", "Schluss um 12 Uhr.")
    form.leave()
    assert "Die Vorsitzende eröffnet." in form.browser.get(f"{house.screen}/texte").text


def test_others_get_no_minutes(browse, house):
    assert browse(house.member).get(house.screen).status_code == 403
    assert browse(house.member).get(house.item).status_code == 404
    assert browse(house.chair).get(house.item).status_code == 403
    assert browse(house.stranger).get(house.screen).status_code == 404
    assert browse(house.chair).submit(f"{house.item}/beginnen").status_code == 403
    assert browse(house.member).submit(f"{house.item}/beginnen").status_code == 404


def test_after_the_meeting_notes_can_be_written_until_they_are_approved(browse, database, house):
    browser = browse(house.secretariat)
    form = {f"outcome-{one}": "noted" for one in (house.first, house.second)}
    assert browser.submit(f"{house.screen}/ergebnisse", **form, then="close").status_code == 303
    assert "TOP 2.1 Flächen zur Kenntnis genommen" in words(browser.get(house.screen))
    assert f'href="{house.address}/niederschrift">Weiter' in browser.get(house.screen).text
    assert browser.submit(house.item, note="Nachgetragen", version="0").status_code == 303
    refused = browser.submit(f"{house.item}/beginnen")
    assert refused.status_code == 409
    assert "während die Sitzung läuft" in words(refused)
    with database.write() as session:
        session.get_one(type(house.meeting), house.meeting.id).sealed_at = TEN
    refused = browser.submit(house.item, note="Zu spät", version="1")
    assert refused.status_code == 409
    assert "genehmigt" in words(refused)
    assert "readonly" in browser.get(house.item).text


def test_the_screen_asks_a_known_number_of_queries(browse, database, house):
    def asked(address):
        with recorded_queries(database.connection) as statements:
            assert browser.get(address).status_code == 200
        return len(statements)

    browser = browse(house.secretariat)
    browser.get(house.item)
    before = asked(house.item)
    for number in range(5):
        browser.submit(f"{house.screen}/{house.second}", note=f"Satz {number}", version=str(number))
    with database.write() as session:
        meeting = session.get_one(type(house.meeting), house.meeting.id)
        for number in range(20):
            session.add(
                type(session.get_one(AgendaItem, house.first))(
                    meeting_id=meeting.id,
                    section="beratung",
                    position=number + 10,
                    number=f"2.{number + 10}",
                    title=f"Punkt {number}",
                    kind="debate",
                    minutes=5,
                    changed_at=TEN,
                )
            )
    assert asked(house.item) == before
    assert before <= 40


def test_saving_a_note_does_not_load_the_agenda(browse, database, house):
    form = Form(browse(house.secretariat), house.item)
    form.save("Eins", "note")
    with recorded_queries(database.connection) as statements:
        form.save("Zwei", "note")
    loads = [one for one in statements if "FROM agenda_item" in one and "SELECT" in one]
    assert len(loads) == 1, loads
    assert len(statements) <= 20


# --- outcome, decision, actions ---------------------------------------------------------------------------------------


def result_form(page):
    """The form of the result as a browser would send it."""
    inside = page.text.split('id="ergebnisform"')[1].split("</form>")[0].split("<template")[0]
    values = dict(re.findall(r'<input[^>]*?name="([\w-]+)"[^>]*?value="([^"]*)"', inside))
    values |= {
        name: html.unescape(text) for name, text in re.findall(r'name="([\w-]+)"[^>]*>\n([^<]*)</textarea>', inside)
    }
    for name, options in re.findall(r'<select[^>]*name="([\w-]+)"[^>]*>(.*?)</select>', inside, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        values[name] = chosen[1] if chosen else ""
    return {name: value for name, value in values.items() if name not in ("chair_vote", "csrf_token")}


def decision_of(database, item_id):
    with database.read() as session:
        found = session.exec(select(Decision).where(Decision.item_id == item_id)).first()
        clauses = session.exec(select(Clause).order_by(Clause.position)).all()
        return found, [(one.verb.value, one.text) for one in clauses]


def test_outcome_and_decision_are_saved_together(browse, database, house):
    browser = browse(house.secretariat)
    form = result_form(browser.get(house.item))
    assert form["wording"] == ""
    form |= {"outcome": "adopted_changed", "wording": "1. Der Kreis stimmt mit Auflagen zu."}
    form |= {"clauses-0-verb": "charges", "clauses-0-text": "die Senatsverwaltung mit dem Ankauf"}
    answer = browser.submit(f"{house.item}/beschluss", **form)
    assert answer.headers["location"] == f"{house.item}#beschluss"
    decision, clauses = decision_of(database, house.first)
    assert (decision.wording, decision.number) == ("1. Der Kreis stimmt mit Auflagen zu.", "")
    assert clauses == [("charges", "die Senatsverwaltung mit dem Ankauf")]
    page = browser.get(house.item)
    assert "geändert beschlossen" in words(page)
    assert "Vom Vorschlag zum Beschluss" in words(page)
    before = decision.version
    assert browser.submit(f"{house.item}/beschluss", **result_form(page)).status_code == 303
    assert decision_of(database, house.first)[0].version == before, "an untouched form changes nothing"


def test_an_outcome_alone_begins_no_decision(browse, database, house):
    browser = browse(house.secretariat)
    form = result_form(browser.get(house.item)) | {"outcome": "adjourned"}
    assert browser.submit(f"{house.item}/beschluss", **form).status_code == 303
    assert decision_of(database, house.first)[0] is None
    refused = browser.submit(
        f"{house.item}/beschluss", **{**result_form(browser.get(house.item)), "outcome": "referred"}
    )
    assert refused.status_code == 422
    assert "an wen überwiesen wird" in words(refused)


def test_clauses_go_where_their_text_is_empty(browse, database, house):
    browser = browse(house.secretariat)
    form = result_form(browser.get(house.item))
    form |= {"clauses-0-verb": "agrees", "clauses-0-text": "Eins"}
    form |= {"clauses-1-verb": "notes", "clauses-1-text": "Zwei"}
    browser.submit(f"{house.item}/beschluss", **form)
    form = result_form(browser.get(house.item)) | {"clauses-0-text": ""}
    assert browser.submit(f"{house.item}/beschluss", **form, then="clause").headers["location"].endswith("#ziffern")
    assert decision_of(database, house.first)[1] == [("notes", "Zwei")]


def test_more_votes_than_seats_are_refused_and_nothing_is_lost(browse, database, house):
    browser = browse(house.secretariat)
    form = result_form(browser.get(house.item)) | {"outcome": "adopted", "taking": "votes", "yes": "12", "no": "0"}
    answer = browser.submit(f"{house.item}/beschluss", **form)
    assert answer.status_code == 422
    assert "12 Stimmen, aber" in words(answer)
    assert 'value="12"' in answer.text
    assert decision_of(database, house.first)[0] is None
    with database.read() as session:
        assert session.get_one(AgendaItem, house.first).outcome is None, "all or nothing"


@pytest.mark.parametrize("nonsense", ["9" * 5000, "-1", "²", "1e3", "drei"])
def test_what_is_no_number_of_votes_is_refused_at_its_field(browse, database, house, nonsense):
    browser = browse(house.secretariat)
    form = result_form(browser.get(house.item)) | {"outcome": "adopted", "taking": "votes", "yes": nonsense, "no": "0"}
    answer = browser.submit(f"{house.item}/beschluss", **form)
    assert answer.status_code == 422
    assert "Bitte prüfen Sie" in words(answer)
    assert decision_of(database, house.first)[0] is None


def test_the_wording_saves_itself_beside_the_note(browse, database, house):
    browser = browse(house.secretariat)
    form = Form(browser, house.item)
    form.address, form.version = f"{house.item}/beschluss", "0"
    assert form.save("1. Der Kreis stimmt zu,", "wording").json()["state"] == "saved"
    assert decision_of(database, house.first)[0].wording == "1. Der Kreis stimmt zu,"
    sent = result_form(browser.get(house.item)) | {"wording": "1. Der Kreis stimmt zu.", "outcome": "adopted"}
    assert browser.submit(f"{house.item}/beschluss", **sent).status_code == 303
    assert browser.get(f"{house.item}/beschluss").headers["location"] == f"{house.item}#beschluss"
    assert "Der Kreis stimmt zu," in words(browser.get(f"{house.item}/beschluss/texte"))


def test_who_is_slower_sees_both_results(browse, database, house):
    browser = browse(house.secretariat)
    form = result_form(browser.get(house.item))
    other = browse(house.colleague)
    other.submit(f"{house.item}/beschluss", **form | {"outcome": "rejected", "wording": "Abgelehnt."})
    late = browser.submit(f"{house.item}/beschluss", **form | {"outcome": "adopted", "wording": "Angenommen."})
    assert late.status_code == 412
    for said in ("Abgelehnt.", "Angenommen.", "ungeändert beschlossen", "abgelehnt"):
        assert said in words(late)
    again = result_form(late)
    assert (again["outcome"], again["wording"]) == ("adopted", "Angenommen.")
    assert browser.submit(f"{house.item}/beschluss", **again).status_code == 303
    assert decision_of(database, house.first)[0].wording == "Angenommen."


def test_the_proposed_wording_is_taken_over_and_hints_say_what_does_not_fit(browse, database, house):
    browser = browse(house.secretariat)
    form = result_form(browser.get(house.item)) | {"outcome": "adopted_changed"}
    browser.submit(f"{house.item}/beschluss", **form, then="proposed")
    assert decision_of(database, house.first)[0].wording == "1. Der Kreis stimmt zu."
    assert "aber der beschlossene Wortlaut ist der vorgeschlagene" in words(browser.get(house.item))


def test_an_action_is_given_and_taken_back_beside_the_item(browse, database, house):
    with database.write() as session:
        organisation = factories.make_organisation(session, "Senatsverwaltung für Wirtschaft", "SenWi").id
    browser = browse(house.secretariat)
    refused = browser.submit(f"{house.item}/auftraege", title="Kaufvertrag vorlegen")
    assert refused.status_code == 422
    assert 'value="Kaufvertrag vorlegen"' in refused.text
    browser.submit(
        f"{house.item}/auftraege", title="Kaufvertrag vorlegen", organisation=organisation, due_on="2026-05-04"
    )
    page = browser.get(house.item)
    assert "vorläufig Kaufvertrag vorlegen SenWi, bis 04.05.2026" in words(page)
    taken = browser.submit(f"{house.item}/auftraege", take_back=value_of(page, "take_back"))
    assert taken.headers["location"] == f"{house.item}#auftraege"
    assert "Kaufvertrag" not in browser.get(house.item).text


def test_closing_numbers_what_was_decided(browse, database, house):
    browser = browse(house.secretariat)
    form = result_form(browser.get(house.item)) | {"outcome": "adopted", "wording": "1. Der Kreis stimmt zu."}
    browser.submit(f"{house.item}/beschluss", **form)
    closing = {f"outcome-{house.first}": "adopted", f"outcome-{house.second}": "adjourned"}
    assert browser.submit(f"{house.screen}/ergebnisse", **closing, then="close").status_code == 303
    assert decision_of(database, house.first)[0].number
    shown = words(browser.get(house.item))
    assert decision_of(database, house.first)[0].number in shown
    assert "Ergebnis: ungeändert beschlossen" in shown
