"""Actions over the API: list with filters and pages, giving, changing with If-Match, progress, who may."""

import pytest

from tests import factories
from tests.api.conftest import fields, problem


@pytest.fixture
def doer(database):
    """Somebody without any other right, who answers for actions."""
    with database.write() as session:
        person = factories.make_person(session)
        return factories.make_account(session, person=person)


@pytest.fixture
def wish(house, doer):
    return {
        "body": house.body.id,
        "title": "Kaimauer prüfen",
        "person": doer.person_id,
        "due_on": "2026-09-30",
        "projects": [house.project.id],
    }


def give(call, house, wish, **more):
    answer = call(house["all"]).post("/actions", {**wish, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_an_action_is_given_read_changed_and_reported_on(call, house, doer, wish):
    program, own = call(house["all"]), call(doer)
    made = give(call, house, wish)
    path = f"/actions/{made['id']}"
    assert (made["url"], made["page"]) == (f"/api/v1{path}", f"/auftraege/{made['id']}")
    assert made["number"] == "A 2026/001"
    assert (made["state"], made["first_due_on"], made["due_on"]) == ("open", "2026-09-30", "2026-09-30")
    assert made["projects"] == [{"id": house.project.id, "code": house.project.code}]
    assert own.get(path).json() == {**made, "mine": True, "projects": []}
    problem(program.patch(path, {"title": "Neu"}), 428)
    problem(program.patch(path, {"title": "Neu"}, seen=made["version"] + 5), 412)
    problem(own.patch(path, {"title": "Neu"}, seen=made["version"]), 403)
    assert program.patch(path, {"title": "Neu"}, seen=made["version"]).json()["title"] == "Neu"
    done = own.post(f"{path}/progress", {"state": "done", "text": "Geprüft", "as_of": "2026-03-02"})
    assert (done.status_code, done.json()["state"], done.json()["done_on"]) == (200, "done", "2026-03-02")
    (step,) = done.json()["progress"]
    assert (step["text"], step["entered_by"]) == ("Geprüft", doer.name)
    assert list(fields(program.post(f"{path}/progress", {"state": "open"}))) == ["text"]


def test_another_date_needs_its_reason_and_the_secretariat(call, house, doer, wish):
    made = give(call, house, wish)
    path = f"/actions/{made['id']}/progress"
    assert list(fields(call(house["all"]).post(path, {"due_on": "2026-12-01"}))) == ["reason"]
    problem(call(doer).post(path, {"due_on": "2026-12-01", "reason": "Ferien"}), 403)
    moved = call(house["all"]).post(path, {"due_on": "2026-12-01", "reason": "Ferien"}).json()
    assert (moved["first_due_on"], moved["due_on"]) == ("2026-09-30", "2026-12-01")
    (step,) = moved["progress"]
    assert (step["due_before"], step["due_on"], step["reason"]) == ("2026-09-30", "2026-12-01", "Ferien")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " "}, "title"),
        ({"person": None}, "organisation"),
        ({"person": 999_999}, "person"),
        ({"organisation": 999_999}, "organisation"),
        ({"projects": [999_999]}, "projects"),
        ({"due_on": "2025-01-01"}, "due_on"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_what_does_not_hold_is_refused_at_its_field(call, house, wish, given, field):
    assert list(fields(call(house["all"]).post("/actions", {**wish, **given}))) == [field]


def test_the_list_is_filtered_and_walked_page_by_page(call, house, doer, wish):
    made = [give(call, house, wish, title=f"Auftrag {place}")["id"] for place in range(3)]
    secret = give(call, house, wish, level="confidential")["id"]
    program = call(house["all"])
    program.post(f"/actions/{made[1]}/progress", {"state": "dropped", "text": "Nicht mehr nötig"})

    def ids(who, **query):
        return [one["id"] for one in call(who).get("/actions", **query).json()["items"]]

    assert ids(house["all"], body=house.body.id) == [*made, secret]
    assert ids(house["all"], mine="true") == []
    assert ids(doer, mine="true") == made
    assert ids(doer, timing="over") == [made[1]]
    assert ids(house["member"], q="2026/003") == [made[2]]
    assert ids(house["nobody"]) == []
    first = program.get("/actions", limit=3).json()
    rest = program.get("/actions", limit=3, cursor=first["next"]).json()
    assert [one["id"] for one in [*first["items"], *rest["items"]]] == [*made, secret]
    assert rest["next"] is None
    problem(call(doer).get(f"/actions/{secret}"), 404)
    problem(call(house["nobody"]).get(f"/actions/{made[0]}"), 404)


def test_the_same_key_gives_one_action(call, house, wish):
    program = call(house["all"])
    answers = [program.post("/actions", wish, once="one").json() for _ in range(2)]
    assert answers[0]["id"] == answers[1]["id"]
