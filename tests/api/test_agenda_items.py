"""Agenda items over the API: the working copy for those who draft, what was released for all others."""

import pytest

from app.agenda.models import AgendaItemGuest, ItemKind
from app.db import ident
from tests import factories
from tests.api.conftest import fields, problem
from tests.api.test_meetings import YES


@pytest.fixture
def items(call, house):
    """Three items: an open one about the project, a second of the section, a confidential one."""
    program = call(house["secretariat"])
    wishes = [
        {"title": "Hafen", "section": "beratung", "projects": [house.project.id], "occasion": "Ampel rot."},
        {"title": "Energie", "section": "beratung", "minutes": 15},
        {"title": "Personalsache", "section": "beschlussfassung", "level": "confidential"},
    ]
    return [program.post(f"{house.meeting}/agenda-items", wish).json() for wish in wishes]


def path_of(item):
    return item["url"].removeprefix("/api/v1")


def titles(answer):
    assert answer.status_code == 200, answer.text
    return [one["title"] for one in answer.json()["items"]]


def test_an_item_of_ones_own(call, house, items):
    made = items[0]
    assert made["url"] == f"/api/v1{house.meeting}/agenda-items/{made['id']}"
    assert made["page"].startswith(f"/sitzungen/{house.announced.id}")
    assert (made["section"], made["section_key"], made["position"]) == ("Beratung", "beratung", 1)
    assert (made["kind"], made["minutes"], made["number"]) == (ItemKind.DEBATE, 10, "2.1")
    assert made["starts_at"] == "2026-05-12T10:05:00+02:00"
    assert made["projects"] == [
        {
            "id": house.project.id,
            "code": "1.2",
            "title": "Hafen der Zukunft",
            "light": "red",
            "phase": "running",
            "as_of": "2026-02-14",
        }
    ]
    assert made["agenda_version"] == 0
    assert made["origin"] == "own"


def test_the_meetings_version_rises_with_every_change_of_its_items(call, house, items):
    program = call(house["secretariat"])
    versions = [one["meeting_version"] for one in items]
    assert versions == sorted(set(versions))
    assert program.get(house.meeting).json()["version"] == versions[-1]
    changed = program.patch(path_of(items[1]), {"minutes": 20}, seen=items[1]["version"]).json()
    assert changed["meeting_version"] == versions[-1] + 1


def test_work_on_a_supplement_moves_no_number_that_others_read(call, house, items):
    program = call(house["secretariat"])
    assert program.post(f"{house.meeting}/release", YES).status_code == 200
    places = (house.meeting, f"{house.meeting}/agenda-items", path_of(items[0]))
    readers = [call(house[who]) for who in ("member", "auditor")]
    before = [[(one.text, one.headers.get("etag")) for one in map(reader.get, places)] for reader in readers]
    version = program.get(house.meeting).json()["version"]

    assert program.post(f"{house.meeting}/agenda-items", {"title": "Neu", "section": "beratung"}).status_code == 201
    assert program.patch(path_of(items[0]), {"minutes": 45}, seen=items[0]["version"] + 1).status_code == 200
    assert program.get(house.meeting).json()["version"] > version

    after = [[(one.text, one.headers.get("etag")) for one in map(reader.get, places)] for reader in readers]
    assert after == before
    shown = readers[0].get(house.meeting).json()["version"]
    told = problem(readers[0].post(f"{house.meeting}/announce", seen=99), 412)
    assert told["current"]["version"] == shown

    assert program.post(f"{house.meeting}/release", YES | {"reason": "Neues"}).status_code == 200
    assert readers[0].get(house.meeting).json()["version"] != shown


def test_the_working_copy_in_its_order(call, house, items):
    for who in ("secretariat", "chair", "all"):
        assert titles(call(house[who]).get(f"{house.meeting}/agenda-items")) == ["Personalsache", "Hafen", "Energie"]
    pages = call(house["chair"]).walk(f"{house.meeting}/agenda-items", limit=1)
    assert [one["title"] for one in pages] == ["Personalsache", "Hafen", "Energie"]


def test_before_the_release_readers_find_nothing(call, house, items):
    for who in ("member", "auditor"):
        assert titles(call(house[who]).get(f"{house.meeting}/agenda-items")) == []
        problem(call(house[who]).get(path_of(items[0])), 404)


def test_after_the_release_each_reader_finds_their_edition(call, house, items, database):
    program = call(house["secretariat"])
    with database.write() as session:
        guest = factories.make_person(session, "Gast")
        for item in items[1:]:
            session.add(AgendaItemGuest(item_id=item["id"], person_id=ident(guest)))
        account = factories.make_account(session, person=guest)
        advisory = factories.make_seated(session, house.body, voting=False)
    assert program.post(f"{house.meeting}/release", YES).status_code == 200
    path = f"{house.meeting}/agenda-items"
    assert titles(call(house["member"]).get(path)) == ["Personalsache", "Hafen", "Energie"]
    assert titles(call(advisory).get(path)) == ["Hafen", "Energie"]
    assert titles(call(house["auditor"]).get(path)) == ["Hafen", "Energie"]
    assert titles(call(house["lead"]).get(path)) == ["Hafen"]
    assert titles(call(account).get(path)) == ["Energie"]
    for who in ("stranger", "admin", "nobody"):
        problem(call(house[who]).get(path), 404)
    shown = call(house["member"]).get(path_of(items[0])).json()
    assert (shown["agenda_version"], shown["number"], shown["version"]) == (1, "3.1", 1)
    assert shown["projects"][0]["light"] == "red"
    problem(call(advisory).get(path_of(items[2])), 404)


def test_what_is_only_read_in_a_release_is_visible_but_not_to_be_changed(call, house, items):
    problem(call(house["member"]).patch(path_of(items[0]), {"title": "x"}, seen=1), 404)
    call(house["secretariat"]).post(f"{house.meeting}/release", YES)
    problem(call(house["member"]).patch(path_of(items[0]), {"title": "x"}, seen=1), 403)
    problem(call(house["member"]).post(f"{path_of(items[0])}/outcome", {"outcome": "noted"}), 403)
    problem(call(house["member"]).post(f"{house.meeting}/agenda-items", {"title": "x", "section": "beratung"}), 403)
    problem(call(house["lead"]).post(f"{path_of(items[2])}/set-aside", {"reason": "x"}), 404)


def test_a_stale_change_is_refused_with_the_present_state(call, house, items):
    program = call(house["secretariat"])
    path, seen = path_of(items[0]), items[0]["version"]
    problem(program.patch(path, {"title": "Hafen West"}), 428)
    changed = program.patch(path, {"title": "Hafen West"}, seen=seen).json()
    assert (changed["title"], changed["version"]) == ("Hafen West", seen + 1)
    stale = problem(program.patch(path, {"title": "Hafen Ost"}, seen=seen), 412)
    assert stale["current"] == program.get(path).json()
    assert stale["current"]["title"] == "Hafen West"


def test_moving_within_the_section(call, house, items):
    program = call(house["secretariat"])
    moved = program.patch(path_of(items[1]), {"position": 1}, seen=items[1]["version"]).json()
    assert (moved["position"], moved["number"]) == (1, "3.1")
    assert titles(program.get(f"{house.meeting}/agenda-items")) == ["Personalsache", "Energie", "Hafen"]


def test_every_field_can_be_changed(call, house, items):
    program = call(house["secretariat"])
    wish = {
        "title": "Große 🚢 Häfen",
        "section": "beschlussfassung",
        "kind": "decision",
        "minutes": 25,
        "presenter": "Dr. Ada Beispiel",
        "occasion": "Zeile eins\nZeile zwei",
        "proposed_decision": "Der Steuerungskreis stimmt zu.",
        "level": "public",
    }
    changed = program.patch(path_of(items[1]), {**wish, "projects": []}, seen=items[1]["version"])
    assert changed.status_code == 200, changed.text
    got = changed.json()
    assert {name: got[name] for name in wish if name != "section"} == {k: v for k, v in wish.items() if k != "section"}
    assert (got["section_key"], got["projects"]) == ("beschlussfassung", [])


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "   "}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"section": "sonstiges"}, "section"),
        ({"minutes": 601}, "minutes"),
        ({"minutes": "zehn"}, "minutes"),
        ({"kind": "lunch"}, "kind"),
        ({"level": "geheim"}, "level"),
        ({"projects": [987654]}, "projects"),
        ({"projects": "1.2"}, "projects"),
        ({"position": 1}, "position"),
        ({"nummer": "4.1"}, "nummer"),
    ],
)
def test_items_that_do_not_hold_are_refused_at_their_field(call, house, wish, field):
    program = call(house["secretariat"])
    refused = fields(program.post(f"{house.meeting}/agenda-items", {"title": "Neu", "section": "beratung", **wish}))
    assert field in refused


def test_a_title_of_three_hundred_signs_is_kept(call, house):
    title = ("Umstieg auf 🔋 – Größe „zwölf“ " * 20)[:300].strip()
    made = call(house["secretariat"]).post(
        f"{house.meeting}/agenda-items", {"title": title, "section": "schwerpunktthema"}
    )
    assert made.json()["title"] == title


def test_setting_aside_answers_with_the_topic(call, house, items):
    program = call(house["secretariat"])
    problem(program.post(f"{path_of(items[0])}/set-aside", {}), 422)
    topic = program.post(f"{path_of(items[0])}/set-aside", {"reason": "Gutachten fehlt", "resume_on": "2026-09-01"})
    assert topic.status_code == 200, topic.text
    got = topic.json()
    assert (got["title"], got["why"], got["resume_on"]) == ("Hafen", "Gutachten fehlt", "2026-09-01")
    assert got["projects"] == [{"id": house.project.id, "code": "1.2"}]
    assert program.get(got["url"].removeprefix("/api/v1")).json() == got
    problem(program.get(path_of(items[0])), 404)
    assert [one["id"] for one in program.get("/topics").json()["items"]] == [got["id"]]
    assert call(house["member"]).get("/topics").json()["items"] == []
    problem(call(house["member"]).get(got["url"].removeprefix("/api/v1")), 404)
    assert [one["id"] for one in call(house["chair"]).get("/topics", body=house.body.id).json()["items"]] == [got["id"]]
    assert program.get("/topics", state="used").json()["items"] == []


def test_an_item_of_another_meeting_is_not_found(call, house, items):
    program = call(house["all"])
    for other in (house.planned, house.elsewhere):
        problem(program.get(f"/meetings/{other.id}/agenda-items/{items[0]['id']}"), 404)
        problem(program.patch(f"/meetings/{other.id}/agenda-items/{items[0]['id']}", {"minutes": 1}, seen=1), 404)
