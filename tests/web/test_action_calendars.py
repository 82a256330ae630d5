"""Own actions in calendars: days in the personal feed, tasks under the same key, never confidential ones."""

import datetime as dt

import icalendar
import pytest

from app.actions.models import Action, ActionState
from app.actions.schemas import ProgressIn
from app.actions.service.reporting import report_progress
from app.bodies import rules, service
from app.db import ident
from app.people import service as people
from app.visibility import Level
from tests import factories
from tests.factories import make_action, operator

DUE = dt.date(2026, 4, 15)


@pytest.fixture
def house(database):
    with database.write() as session:
        body = factories.make_body(session, "SKIP")
        person = factories.make_person(session)
        account = factories.make_account(session, person=person)
        own = {"person_id": ident(person), "due_on": DUE}
        found = {
            "own": make_action(session, body, title="Karte vorlegen", **own),
            "done": make_action(
                session, body, title="Längst fertig", state=ActionState.DONE, done_on=dt.date(2026, 2, 27), **own
            ),
            "secret": make_action(session, body, title="Geheime Sache", level=Level.CONFIDENTIAL, **own),
            "draft": make_action(session, body, title="Noch ohne Nummer", number="", **own),
            "foreign": make_action(session, body, title="Fremde Sache", due_on=DUE),
            "endless": make_action(session, body, title="Ohne Frist", person_id=ident(person)),
        }
    return {**found, "body": body, "account": account}


@pytest.fixture
def key(database, house):
    from app.access.queries import actor_of

    with database.write() as session:
        return people.create_feed_token(session, actor_of(session, house["account"]), body_id=None, label="")


def feed(browse, key, end=".ics", **headers):
    answer = browse().get(f"/kalender/{key}{end}", headers=headers)
    return answer, icalendar.Calendar.from_ical(answer.content) if answer.status_code == 200 else None


def test_the_feed_carries_the_days_of_own_open_actions(browse, key, house):
    _, calendar = feed(browse, key)
    (entry,) = calendar.walk("VEVENT")
    assert entry["dtstart"].dt == DUE
    assert entry["summary"] == f"SKIP Auftrag {house['own'].number}: Karte vorlegen (fällig)"
    assert entry["transp"] == "TRANSPARENT"
    assert entry["url"].endswith(f"/auftraege/{house['own'].id}")
    assert feed(browse, key, ".ics?nur=sitzungen")[1].walk("VEVENT") == []
    assert len(feed(browse, key, ".ics?nur=fristen")[1].walk("VEVENT")) == 1


def test_the_tasks_are_all_own_ones_that_are_not_confidential(browse, key, house):
    answer, calendar = feed(browse, key, "/aufgaben.ics")
    tasks = {str(one["summary"]).partition(": ")[2]: one for one in calendar.walk("VTODO")}
    assert set(tasks) == {"Karte vorlegen", "Längst fertig", "Ohne Frist"}
    assert (str(tasks["Karte vorlegen"]["status"]), tasks["Karte vorlegen"]["due"].dt) == ("NEEDS-ACTION", DUE)
    done = tasks["Längst fertig"]
    assert (str(done["status"]), done["percent-complete"]) == ("COMPLETED", 100)
    assert done["completed"].dt == dt.datetime(2026, 2, 27, 11, tzinfo=dt.UTC)
    assert "due" not in tasks["Ohne Frist"]
    assert "Geheime" not in answer.text
    assert calendar.walk("VEVENT") == []


def test_a_report_changes_tag_sequence_and_state_at_once(browse, database, key, house):
    first, calendar = feed(browse, key, "/aufgaben.ics")
    days, _ = feed(browse, key)
    (before,) = [one for one in calendar.walk("VTODO") if "Karte" in one["summary"]]
    assert feed(browse, key, "/aufgaben.ics", **{"if-none-match": first.headers["etag"]})[0].status_code == 304
    with database.write() as session:
        action = session.get_one(Action, house["own"].id)
        report_progress(session, operator(), action, ProgressIn(state=ActionState.IN_PROGRESS))
    again, calendar = feed(browse, key, "/aufgaben.ics", **{"if-none-match": first.headers["etag"]})
    (after,) = [one for one in calendar.walk("VTODO") if "Karte" in one["summary"]]
    assert (again.status_code, str(after["status"]), after["uid"]) == (200, "IN-PROCESS", before["uid"])
    assert after["sequence"] == before["sequence"] + 1
    assert feed(browse, key)[0].headers["etag"] != days.headers["etag"]


def test_a_confidential_one_leaves_the_feeds(browse, database, key, house):
    with database.write() as session:
        session.get_one(Action, house["own"].id).level = Level.CONFIDENTIAL
    assert "Karte" not in feed(browse, key)[0].text
    assert "Karte" not in feed(browse, key, "/aufgaben.ics")[0].text


def test_a_body_may_keep_the_titles_out_of_calendars(browse, database, key, house):
    with database.write() as session:
        body = session.get_one(type(house["body"]), house["body"].id)
        service.change_rules(session, operator(), body, {rules.FEED_ACTIONS.key: ("", "")}, (rules.FEED_ACTIONS,))
    for end in (".ics", "/aufgaben.ics"):
        text = feed(browse, key, end)[0].text
        assert "Karte" not in text
        assert house["own"].number in text


def test_a_wrong_key_has_no_tasks_and_a_new_address_names_both(browse, house):
    assert feed(browse, "x" * 43, "/aufgaben.ics")[0].status_code == 404
    page = browse(house["account"]).submit("/kalender")
    assert page.text.count("/aufgaben.ics") >= 2
