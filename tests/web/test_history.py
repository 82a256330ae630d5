"""The history as people read it: words for every verb, before and after, pages, and who may."""

import ast
import datetime as dt
import re
from pathlib import Path

import pytest

from app.actor import Role
from app.clock import BERLIN
from app.db import ident
from app.history.words import FIELDS, VERBS
from app.meetings import service as meetings
from app.meetings.schemas import CancelIn, MoveIn
from app.web.history import history_of, in_words
from tests import factories
from tests.factories import operator

APP = Path(__file__).parents[2] / "app"
NAMES_OF_FIELDS = ("SHOWN", "TEXTS", "VALUES", "OUTCOME_FIELDS")


def _recording_modules():
    return [ast.parse(path.read_text()) for path in APP.rglob("*.py") if "app.history.service" in path.read_text()]


def _texts(node):
    return {one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def _verbs():
    calls = (node for tree in _recording_modules() for node in ast.walk(tree) if isinstance(node, ast.Call))
    words = {
        word for call in calls for part in [*call.args, *(k.value for k in call.keywords)] for word in _texts(part)
    }
    return {word for word in words if re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", word)}


def _fields():
    found = set()
    for node in (node for tree in _recording_modules() for node in ast.walk(tree)):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in NAMES_OF_FIELDS:
            found |= _texts(node.value)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "snapshot":
            found |= {word for part in node.args[1:] for word in _texts(part)}
        if isinstance(node, ast.keyword) and node.arg in ("before", "after") and isinstance(node.value, ast.Dict):
            found |= {word for key in node.value.keys if isinstance(key, ast.Constant) for word in _texts(key)}
    return found


def test_every_verb_that_is_recorded_has_a_german_word():
    verbs = _verbs()
    assert {"meeting.move", "agenda.release", "project.status.enter"} <= verbs
    assert verbs - VERBS.keys() == set()


def test_every_field_that_is_recorded_has_a_german_name():
    fields = _fields()
    assert {"starts_at", "light_cost", "proposed_decision"} <= fields
    assert fields - FIELDS.keys() == set()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("light", "red", "rot"),
        ("state", "cancelled", "abgesagt"),
        ("state", "submitted", "wartet auf Annahme"),
        ("kind", "deputy", "Stellvertretung"),
        ("starts_at", "2026-05-12T08:00:00+00:00", "12.05.2026, 10:00 Uhr"),
        ("as_of", "2026-02-14", "14.02.2026"),
        ("special", True, "ja"),
        ("place", "", ""),
        ("place", None, ""),
        ("partners", ["IHK", "DGB"], "IHK\nDGB"),
        ("title", "2026-13-45", "2026-13-45"),
        ("minutes", 10, "10"),
    ],
)
def test_values_are_told_in_words(field, value, words):
    assert in_words(field, value) == words


@pytest.fixture
def house(database):
    with database.write() as session:
        body = factories.make_body(session, "SKIP")
        other = factories.make_body(session, "Geheimrunde")
        elsewhere = factories.make_meeting(session, other, dt.date(2026, 6, 2), place="Anderswo")
        meeting = factories.make_meeting(session, body, dt.date(2026, 5, 12), number=17, place="Rathaus")
        start = dt.datetime(2026, 5, 19, 10, tzinfo=BERLIN)
        end = start + dt.timedelta(hours=2)
        secretary = operator()
        meetings.announce_meeting(session, secretary, meeting)
        meetings.move_meeting(session, secretary, meeting, MoveIn(starts_at=start, ends_at=end, place="IHK"))
        return {
            "body": body,
            "other": other,
            "meeting": meeting,
            "elsewhere": elsewhere,
            "secretariat": factories.make_account(session, Role.SECRETARIAT, body),
            "auditor": factories.make_account(session, Role.AUDITOR, body),
            "admin": factories.make_account(session, Role.ADMIN, email="admin@example.org"),
            "member": factories.make_seated(session, body),
            "chair": factories.make_seated(session, body, chair=True),
            "nobody": factories.make_account(session),
        }


def test_the_history_says_who_did_what_and_what_stood_there_before(browse, house):
    text = browse(house["secretariat"]).get("/verlauf").text
    assert "Sitzung verlegt" in text
    assert "Test" in text
    assert re.search(r"Beginn: <del>12\.05\.2026, 10:00 Uhr</del>.*19\.05\.2026, 10:00 Uhr", text)
    assert re.search(r"Ort: <del>Rathaus</del>.*IHK", text)
    assert f'<a href="/sitzungen/{house["meeting"].id}">17. Sitzung am 19.05.2026</a>' in text
    assert text.index("Sitzung verlegt") < text.index("Sitzung angekündigt") < text.index("Sitzung geplant")


def test_each_role_reads_what_it_may(browse, house):
    secretariat = browse(house["secretariat"]).get("/verlauf").text
    auditor = browse(house["auditor"]).get("/verlauf").text
    admin = browse(house["admin"]).get("/verlauf").text
    assert "Sitzung geplant" in secretariat
    assert "Sitzung geplant" not in auditor
    assert "Sitzung verlegt" in auditor
    assert "Anderswo" not in secretariat + auditor + admin
    assert "17. Sitzung" not in admin


@pytest.mark.parametrize("who", ["member", "chair", "nobody"])
def test_people_who_read_no_history_find_no_page(browse, house, who):
    browser = browse(house[who])
    assert browser.get("/verlauf").status_code == 404
    assert 'href="/verlauf"' not in browser.get("/gremien").text
    assert 'href="/verlauf"' in browse(house["auditor"]).get("/gremien").text


def test_the_filter_keeps_to_one_body_and_knows_no_other(browse, database, house):
    with database.write() as session:
        both = factories.make_account(session, Role.SECRETARIAT)
    text = browse(both).get(f"/verlauf?gremium={house['other'].id}").text
    assert "Anderswo" in text
    assert "Rathaus" not in text
    browser = browse(house["secretariat"])
    for unknown in (house["other"].id, 999999, "abc", "9" * 30):
        assert browser.get(f"/verlauf?gremium={unknown}").status_code == 404


def test_pages_go_on_without_gap_or_repetition(browse, database, house):
    with database.write() as session:
        for week in range(60):
            factories.make_meeting(session, house["body"], dt.date(2027, 1, 5) + dt.timedelta(weeks=week))
    browser, address, seen = browse(house["secretariat"]), "/verlauf", []
    while address:
        text = browser.get(address).text
        seen += re.findall(r'id="eintrag-(\d+)"', text)
        onward = re.search(r'<a href="(/verlauf\?[^"]*)" rel="next">Ältere Einträge', text)
        address = onward.group(1).replace("&amp;", "&") if onward else ""
    assert [int(one) for one in seen] == sorted({int(one) for one in seen}, reverse=True)
    assert len(seen) > 60


def test_the_piece_for_a_tab_knows_one_thing_only(database, house):
    from app.access.queries import actor_of

    with database.read() as session:
        lines = history_of(session, actor_of(session, house["secretariat"]), "meeting", ident(house["meeting"]))
        none = history_of(session, actor_of(session, house["member"]), "meeting", ident(house["meeting"]))
    assert [line.what for line in lines] == ["Sitzung verlegt", "Sitzung angekündigt", "Sitzung geplant"]
    assert none == []


def test_a_reason_is_told(browse, database, house):
    with database.write() as session:
        meeting = session.merge(house["meeting"])
        meetings.cancel_meeting(session, operator(), meeting, CancelIn(reason="Terminnot"))
    text = browse(house["auditor"]).get("/verlauf").text
    assert "Sitzung abgesagt" in text
    assert "Grund: Terminnot" in text
