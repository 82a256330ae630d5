"""Papers through the API: upload by Bearer token, versions, changes, withdrawal, and byte-equal downloads."""

import hashlib
import io
from typing import Any

import pytest

from app.access.queries import actor_of
from app.agenda.models import Level, SectionKey
from app.agenda.schemas.wishes import ItemIn, ReleaseIn
from app.agenda.service.items import add_item
from app.agenda.service.release import release_agenda
from app.db import ident
from app.meetings.queries import lock_meeting
from tests import factories
from tests.api.conftest import PREFIX, fields, problem
from tests.papers import files


@pytest.fixture
def item(house, database):
    with database.write() as session:
        meeting = lock_meeting(session, factories.operator(), ident(house.announced))
        wish = ItemIn(title="Flächen", section=SectionKey.DEBATE, minutes=5)
        return add_item(session, factories.operator(), meeting, wish)


def send(program, path, *named, once=None, **said: Any):
    headers = {name: value for name, value in program.headers.items() if name != "Content-Type"}
    headers |= {"Idempotency-Key": once} if once else {}
    sent = [("files", (name, io.BytesIO(content))) for name, content in named]
    return program.client.post(PREFIX + path, data=said, files=sent or None, headers=headers)


def test_upload_list_and_download(call, house, item):
    program, content = call(house["secretariat"]), files.pdf("Größe")
    answer = send(program, f"{house.meeting}/papers", ("Karte.pdf", content), item=item.id, kind="submission")
    assert answer.status_code == 201, answer.text
    made = answer.json()["items"][0]
    assert answer.headers["location"] == made["url"]
    assert (made["title"], made["kind"], made["item"], made["level"]) == ("Karte", "submission", item.id, "internal")
    assert made["file"]["hash"] == hashlib.sha256(content).hexdigest()
    assert made["released"] is None
    assert program.walk(f"{house.meeting}/papers") == program.walk(f"{house.meeting}/agenda-items/{item.id}/papers")
    file = program.get(made["file"]["download"].removeprefix(PREFIX).partition("?")[0], version=1)
    assert file.content == content
    assert file.headers["content-disposition"].startswith("attachment")
    assert program.get(made["url"].removeprefix(PREFIX)).headers["etag"] == '"1"'


def test_several_at_once_and_each_bad_file_by_its_place(call, house, item):
    program = call(house["secretariat"])
    place = f"{house.meeting}/agenda-items/{item.id}/papers"
    answer = send(program, place, ("a.txt", b"a"), ("b.exe", b"MZ"), ("c.txt", b""))
    assert set(fields(answer)) == {"files.1", "files.2"}
    assert program.walk(place) == []
    assert len(send(program, place, ("a.txt", b"a"), ("b.txt", b"b")).json()["items"]) == 2
    assert [one["position"] for one in program.walk(place)] == [1, 2]


def test_unknown_fields_items_and_requests_without_files(call, house):
    program, place = call(house["secretariat"]), f"{house.meeting}/papers"
    assert "colour" in fields(send(program, place, ("a.txt", b"a"), colour="red"))
    assert "level" in fields(send(program, place, ("a.txt", b"a"), level="geheim"))
    assert "item" in fields(send(program, place, ("a.txt", b"a"), item="999999"))
    assert "item" in fields(send(program, place, ("a.txt", b"a"), item="x"))
    assert "files" in fields(send(program, place))
    assert "files" in fields(program.post(place, {"title": "x"}))


def test_the_same_request_twice_is_one(call, house):
    program, place = call(house["secretariat"]), f"{house.meeting}/papers"
    first = send(program, place, ("a.txt", b"a"), once="k")
    second = send(program, place, ("a.txt", b"a"), once="k")
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert "Idempotency-Key" in fields(send(program, place, ("a.txt", b"anderes"), once="k"))
    assert "files.0" in fields(send(program, place, ("a.txt", b"a")))


def test_new_version_change_move_and_withdraw(call, house, item):
    program, place = call(house["secretariat"]), f"{house.meeting}/papers"
    made = send(program, place, ("a.txt", b"a"), ("b.txt", b"b")).json()["items"]
    one = made[0]["url"].removeprefix(PREFIX)
    answer = send(program, f"{one}/versions", ("a2.txt", b"a2"))
    assert answer.status_code == 201
    assert [answer.json()["file"]["version"], answer.json()["earlier"][0]["version"]] == [2, 1]
    assert "files" in fields(send(program, f"{one}/versions", ("a2.txt", b"a2")))
    assert "files" in fields(send(program, f"{one}/versions", ("c.txt", b"c"), ("d.txt", b"d")))
    problem(program.patch(one, {"title": "x"}), 428)
    problem(program.patch(one, {"title": "x"}, seen=99), 412)
    seen = answer.json()["version"]
    changed = program.patch(one, {"title": "Plan", "level": "public", "costs": "keine", "position": 2}, seen=seen)
    assert changed.status_code == 200, changed.text
    assert (changed.json()["title"], changed.json()["position"], changed.json()["costs"]) == ("Plan", 2, "keine")
    moved = program.patch(one, {"item": item.id}, seen=changed.json()["version"])
    assert moved.json()["item"] == item.id
    assert program.patch(one, {"item": None}, seen=moved.json()["version"]).json()["item"] is None
    assert program.post(f"{one}/withdraw", {"reason": "alt"}).json()["withdrawn"] is True
    problem(program.post(f"{one}/withdraw", {"reason": "alt"}), 409)


def test_members_read_what_was_released_and_change_nothing(call, house, item, database):
    program = call(house["secretariat"])
    one = send(program, f"{house.meeting}/papers", ("a.txt", b"a"), item=item.id).json()["items"][0]
    path = one["url"].removeprefix(PREFIX)
    member, stranger = call(house["member"]), call(house["stranger"])
    assert member.walk(f"{house.meeting}/papers") == []
    problem(member.get(f"{path}/file"), 404)
    with database.write() as session:
        meeting = lock_meeting(session, factories.operator(), ident(house.announced))
        wish = ReleaseIn(approved_by="V", approved_on="2026-03-02", approved_how="mündlich")
        release_agenda(session, factories.operator(), meeting, wish)
    send(program, f"{path}/versions", ("a.txt", b"neu"))
    assert member.get(f"{path}/file").content == b"a"
    assert [found["earlier"] for found in member.walk(f"{house.meeting}/papers")] == [[]]
    assert program.get(f"{path}/file").content == b"neu"
    problem(send(member, f"{house.meeting}/papers", ("a.txt", b"b")), 403)
    problem(send(member, f"{path}/versions", ("a.txt", b"b")), 403)
    problem(send(stranger, f"{path}/versions", ("a.txt", b"b")), 404)
    problem(stranger.get(f"{path}/file"), 404)
    problem(call().get(f"{path}/file"), 401)


def test_project_papers(call, house):
    program, place = call(house["secretariat"]), f"/projects/{house.project.id}/papers"
    made = send(program, place, ("a.txt", b"a"), ("b.txt", b"b"), level="confidential").json()["items"]
    one = made[0]["url"].removeprefix(PREFIX)
    assert call(house["lead"]).walk(place) == []
    problem(call(house["lead"]).get(f"{one}/file"), 404)
    assert call(house["member"]).get(f"{one}/file").content == b"a"
    changed = program.patch(one, {"level": Level.INTERNAL, "position": 2}, seen=made[0]["version"])
    assert changed.json()["position"] == 2
    assert call(house["lead"]).get(f"{one}/file").content == b"a"
    assert send(program, f"{one}/versions", ("c.txt", b"c")).json()["file"]["version"] == 2
    lead = call(house["lead"])
    assert send(lead, place, ("d.txt", b"d")).status_code == 201
    assert "level" in fields(send(lead, place, ("e.txt", b"e"), level="confidential"))
    assert "item" in fields(
        program.patch(one, {"item": 1}, seen=send(lead, f"{one}/versions", ("c2.txt", b"c2")).json()["version"])
    )
    problem(lead.post(f"{one}/withdraw", {"reason": "alt"}), 403)
    problem(send(call(house["member"]), place, ("f.txt", b"f")), 403)
    assert program.post(f"{one}/withdraw", {"reason": "alt"}).json()["withdrawn"] is True
    problem(call(house["lead"]).get(one), 404)


def test_papers_of_a_registered_topic_and_of_the_backlog(call, house, database):
    with database.read() as session:
        seat = actor_of(session, house["member"]).seats[0].seat_id
    member, program = call(house["member"]), call(house["secretariat"])
    wish = {"body": house.body.id, "seat": seat, "title": "Wärme", "section": "beratung", "occasion": "Weil."}
    number = member.post("/registrations", wish).json()["id"]
    place = f"/registrations/{number}/papers"
    made = send(member, place, ("a.txt", b"a"), kind="submission").json()["items"][0]
    assert (made["registration"], made["meeting"], made["page"]) == (
        number,
        None,
        f"/anmeldungen/{number}/unterlagen#unterlage-{made['id']}",
    )
    one = made["url"].removeprefix(PREFIX)
    assert program.walk(place) == member.walk(place)
    assert send(member, f"{one}/versions", ("b.txt", b"b")).json()["file"]["version"] == 2
    assert member.get(f"{one}/file", version=1).content == b"a"
    for outside in (call(house["stranger"]), call(house["lead"])):
        problem(outside.get(one), 404)
        problem(send(outside, place, ("c.txt", b"c")), 404)
    answer = program.post(f"/registrations/{number}/decline", {"reason": "voll", "told": "Kein Platz."})
    assert answer.status_code == 200, answer.text
    problem(send(member, place, ("c.txt", b"c")), 409)
    assert member.walk(place) == []
    topic = program.walk("/topics")[0]["id"]
    waiting = program.walk(f"/topics/{topic}/papers")
    assert [(found["topic"], found["title"]) for found in waiting] == [(topic, "a")]
    problem(member.get(f"/topics/{topic}/papers"), 404)
    assert send(program, f"/topics/{topic}/papers", ("d.txt", b"d")).status_code == 201
    problem(send(call(house["chair"]), f"/topics/{topic}/papers", ("e.txt", b"e")), 403)
