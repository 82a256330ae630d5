"""The API of letters: who gets one, marking them as sent, taking a mark back, and whom letters do not exist for."""

import pytest

from tests import factories
from tests.api.conftest import fields, problem
from tests.queries import recorded_queries

APPROVED = {"approved_by": "Kai", "approved_on": "2026-03-01", "approved_how": "E-Mail"}


@pytest.fixture
def stage(call, house):
    """The secretariat's program, and the path of the letters of a meeting whose agenda is released."""
    program = call(house["secretariat"])
    program.post(f"{house.meeting}/agenda-items", {"title": "Hafen", "section": "beratung"})
    released = program.post(f"{house.meeting}/release", APPROVED)
    assert released.status_code == 200, released.text
    return program, f"{house.meeting}/letters"


def wish(*persons, **changes):
    return {"persons": persons, "way": "post", "sent_on": "2026-03-02", "sent_by": "Frau Postausgang", **changes}


def send(program, path, *persons):
    answer = program.post(f"{path}/dispatches", wish(*persons))
    assert answer.status_code == 201, answer.text
    return answer.json()["items"]


def test_the_list_says_who_gets_what_and_that_it_is_due(stage, house, browse):
    program, path = stage
    letters = program.walk(path, limit=1)
    assert {one["person"] for one in letters} == {house["chair"].person_id, house["member"].person_id}
    one = next(one for one in letters if one["person"] == house["chair"].person_id)
    assert (one["id"], one["meeting"], one["kind"]) == (one["person"], house.announced.id, "Mitglied")
    assert (one["agenda_version"], one["due"], one["note"], one["sent"]) == (1, True, "", [])
    assert one["address"][-1] == one["name"]
    assert one["postal"] == []
    assert one["salutation"].startswith("Guten Tag")
    assert one["enclosures"] == ["Tagesordnung (Version 1, Fassung vollständig)"]
    assert browse(house["secretariat"]).get(one["docx"]).status_code == 200
    assert program.walk(path) == letters


def test_before_the_release_letters_are_drafts_and_not_sent(call, house):
    program = call(house["secretariat"])
    program.post(f"{house.meeting}/agenda-items", {"title": "Hafen", "section": "beratung"})
    letters = program.walk(f"{house.meeting}/letters")
    assert [(one["agenda_version"], one["due"]) for one in letters] == [(0, False), (0, False)]
    refused = program.post(f"{house.meeting}/letters/dispatches", wish(letters[0]["person"]))
    assert "erst danach" in problem(refused, 409)["detail"]


def test_marked_letters_are_sent_and_a_mark_is_taken_back_once(stage, house):
    program, path = stage
    chair, member = house["chair"].person_id, house["member"].person_id
    made = send(program, path, chair, member)
    assert {(one["person"], one["agenda_version"], one["way"], one["sent_by"]) for one in made} == {
        (chair, 1, "post", "Frau Postausgang"),
        (member, 1, "post", "Frau Postausgang"),
    }
    mark = made[0]
    assert program.client.get(mark["url"], headers=program.headers).json() == mark
    assert len(mark["hash"]) == 64
    letters = program.walk(path)
    assert not any(one["due"] for one in letters)
    assert [mark] == next(one["sent"] for one in letters if one["person"] == mark["person"])

    revoked = program.post(f"{path}/dispatches/{mark['id']}/revoke", {"reason": "Verwechslung"})
    assert revoked.status_code == 200
    assert revoked.json() == mark | {
        "revoked_at": "2026-03-02T09:00:00+01:00",
        "revoked_by": revoked.json()["revoked_by"],
        "revoked_reason": "Verwechslung",
    }
    assert program.client.get(mark["url"], headers=program.headers).json() == revoked.json()
    assert [one["person"] for one in program.walk(path) if one["due"]] == [mark["person"]]
    assert program.walk(f"{path}/dispatches", limit=1) == [made[1], revoked.json()]
    problem(program.post(f"{path}/dispatches/{mark['id']}/revoke", {"reason": "Noch einmal"}), 409)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"persons": []}, "persons", "mindestens ein Schreiben"),
        ({"persons": [999999]}, "persons", "bekommt kein Schreiben mehr"),
        ({"sent_on": "2026-03-03"}, "sent_on", "nicht in der Zukunft"),
        ({"sent_on": "2026-03-01"}, "sent_on", "erst am 02.03.2026 freigegeben"),
        ({"way": "taube"}, "way", ""),
        ({"sent_by": " "}, "sent_by", ""),
        ({"farbe": "rot"}, "farbe", "unbekannt"),
    ],
)
def test_what_does_not_hold_is_told_at_the_field_and_nothing_is_marked(stage, house, changes, field, sentence):
    program, path = stage
    answer = program.post(f"{path}/dispatches", {**wish(house["chair"].person_id), **changes})
    assert answer.status_code == 422
    assert sentence in fields(answer)[field]
    assert program.walk(f"{path}/dispatches") == []


def test_a_mark_is_taken_back_for_a_reason_only(stage, house):
    program, path = stage
    (mark,) = send(program, path, house["chair"].person_id)
    for reason in ({}, {"reason": " "}, {"reason": "x" * 501}):
        assert "reason" in fields(program.post(f"{path}/dispatches/{mark['id']}/revoke", reason))
    assert program.walk(f"{path}/dispatches") == [mark]


def test_the_same_request_marks_once_and_a_stale_meeting_not_at_all(stage, house):
    program, path = stage
    content = wish(house["chair"].person_id)
    assert "current" in problem(program.post(f"{path}/dispatches", content, seen=99), 412)
    version = program.get(house.meeting).json()["version"]
    first = program.post(f"{path}/dispatches", content, once="a", seen=version)
    assert first.status_code == 201
    assert program.post(f"{path}/dispatches", content, once="a", seen=version).content == first.content
    assert len(program.walk(f"{path}/dispatches")) == 1


def test_a_mark_of_another_meeting_is_unknown(stage, house):
    program, path = stage
    (mark,) = send(program, path, house["chair"].person_id)
    elsewhere = f"/meetings/{house.planned.id}/letters/dispatches/{mark['id']}"
    problem(program.get(elsewhere), 404)
    problem(program.post(f"{elsewhere}/revoke", {"reason": "falsch"}), 404)


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [("chair", 200, 403), ("member", 404, 404), ("auditor", 404, 404), ("stranger", 404, 404), ("admin", 404, 404)],
)
def test_letters_are_for_those_who_read_drafts_and_marks_for_the_secretariat(stage, call, house, who, reads, writes):
    program, path = stage
    (mark,) = send(program, path, house["chair"].person_id)
    other = call(house[who])
    for part in ("", "/dispatches", f"/dispatches/{mark['id']}"):
        assert other.get(path + part).status_code == reads, part
    problem(other.post(f"{path}/dispatches", wish(house["member"].person_id)), writes)
    problem(other.post(f"{path}/dispatches/{mark['id']}/revoke", {"reason": "Probe"}), writes)
    stale = 404 if writes == 404 else 412
    problem(other.post(f"{path}/dispatches", wish(house["member"].person_id), seen=99), stale)
    problem(other.post(f"{path}/dispatches/{mark['id']}/revoke", {"reason": "Probe"}, seen=99), stale)
    assert program.walk(f"{path}/dispatches") == [mark]


def test_more_recipients_cost_no_more_queries(stage, house, database):
    program, path = stage
    counts = []
    for _ in range(2):
        send(program, path, *(one["person"] for one in program.walk(path)))
        with recorded_queries(database.connection) as asked:
            letters = program.get(path).json()["items"]
        counts.append((len(letters), len(asked)))
        with database.write() as session:
            for _ in range(5):
                factories.make_seated(session, house.body)
    assert [number for number, _ in counts] == [2, 7]
    assert counts[0][1] == counts[1][1]
