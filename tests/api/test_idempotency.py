"""POST with an Idempotency-Key: once is once, also for two requests at the same time, on both databases."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from starlette.testclient import TestClient

from app import clock
from app.actor import Role
from app.main import create_app
from app.meetings.queries import list_meetings
from app.people import service as people
from tests import factories
from tests.api.conftest import Program, fields, problem

WISH = {"body": "SKIP", "starts_at": "2026-09-01T10:00:00+02:00", "ends_at": "2026-09-01T12:00:00+02:00"}


def numbers(program):
    return [one["number"] for one in program.walk("/meetings")]


def test_the_same_key_and_request_give_the_same_answer(call, house):
    program = call(house["secretariat"])
    first = program.post("/meetings", WISH, once="a-1")
    again = program.post("/meetings", dict(reversed(list(WISH.items()))), once="a-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["location"] == first.headers["location"]
    assert numbers(program).count(19) == 1
    other = program.post("/meetings", WISH, once="a-2")
    assert other.json()["number"] == 20


def test_acts_are_done_once_too(call, house):
    program = call(house["secretariat"])
    moved = program.post(f"{house.meeting}/move", {k: v for k, v in WISH.items() if k != "body"}, once="m")
    again = program.post(f"{house.meeting}/move", {k: v for k, v in WISH.items() if k != "body"}, once="m")
    assert (moved.json()["sequence"], again.content) == (1, moved.content)
    drafted = program.post(f"{house.meeting}/proposals", {"as_of": "2026-03-01"}, once="d")
    assert program.post(f"{house.meeting}/proposals", {"as_of": "2026-03-01"}, once="d").content == drafted.content
    accept = f"{house.meeting}/proposals/{drafted.json()['items'][0]['id']}/accept"
    assert program.post(accept, once="x").content == program.post(accept, once="x").content
    assert len(program.get(f"{house.meeting}/agenda-items").json()["items"]) == 1


def test_a_key_of_another_request_is_refused(call, house):
    program = call(house["secretariat"])
    assert program.post("/meetings", WISH, once="k").status_code == 201
    assert (
        "andere Anfrage" in fields(program.post("/meetings", {**WISH, "place": "Rathaus"}, once="k"))["Idempotency-Key"]
    )
    assert "Idempotency-Key" in fields(program.post(f"{house.meeting}/cancel", {}, once="k"))
    assert program.get(house.meeting).json()["state"] == "announced"


def test_keys_belong_to_their_account(call, house):
    assert call(house["secretariat"]).post("/meetings", WISH, once="k").json()["number"] == 19
    assert call(house["all"]).post("/meetings", WISH, once="k").json()["number"] == 20


def test_a_refusal_keeps_nothing(call, house):
    program = call(house["secretariat"])
    refused = problem(program.post(f"{house.meeting}/start", once="s"), 409)
    assert problem(program.post(f"{house.meeting}/start", once="s"), 409) == refused
    assert "ends_at" in fields(program.post("/meetings", {**WISH, "ends_at": WISH["starts_at"]}, once="n"))
    assert program.post("/meetings", WISH, once="n").status_code == 201


def test_a_key_is_forgotten_after_a_day(call, house):
    program = call(house["secretariat"])
    assert program.post("/meetings", WISH, once="k").json()["number"] == 19
    with clock.standing_at(clock.now() + dt.timedelta(hours=23)):
        assert program.post("/meetings", WISH, once="k").json()["number"] == 19
    with clock.standing_at(clock.now() + dt.timedelta(hours=25)):
        assert program.post("/meetings", {**WISH, "place": "Rathaus"}, once="k").json()["number"] == 20


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "mit Leerzeichen"])
def test_keys_that_do_not_hold_are_refused(call, house, key):
    program = call(house["secretariat"])
    headers = program.headers | {"Idempotency-Key": key}
    answer = program.client.post("/api/v1/meetings", json=WISH, headers=headers)
    assert "Idempotency-Key" in fields(answer)


def test_a_longest_key_is_accepted(call, house):
    assert call(house["secretariat"]).post("/meetings", WISH, once="ü".encode().hex() * 50).status_code == 201


@pytest.mark.parametrize("same_key", [True, False])
def test_simultaneous_requests_with_one_key_act_once(settings, own_database, same_key):
    with own_database.write() as session:
        body = factories.make_body(session, "SKIP")
        account = factories.make_account(session, Role.SECRETARIAT, body)
        key = people.create_api_token(session, factories.operator(), account, label="Test")
        numbered = factories.make_meeting(session, body, number=16)
    program = Program(TestClient(create_app(settings, database=own_database)), key)
    assert program.get("/me").status_code == 200
    count = 8
    start = Barrier(count)

    def send(number):
        start.wait()
        return program.post("/meetings", WISH, once="k" if same_key else f"k{number}")

    with ThreadPoolExecutor(count) as pool:
        answers = list(pool.map(send, range(count)))
    assert [answer.status_code for answer in answers] == [201] * count
    made = {answer.json()["id"] for answer in answers}
    assert len(made) == (1 if same_key else count)
    with own_database.read() as session:
        planned = [one for one in list_meetings(session, factories.operator()) if one.id != numbered.id]
    assert {one.id for one in planned} == made
    assert {one.number for one in planned} == set(range(17, 17 + len(made)))
