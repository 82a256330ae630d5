"""The API of the live minutes: reading them, and writing what is noted about an item with the version that was seen."""

import pytest

from app.access.queries import actor_of
from app.people import service as people
from tests.web.heart import add_item, make_house, release, start


@pytest.fixture
def stage(database, browse):
    house = make_house(database)
    house.first = add_item(database, house, "Flächen")
    release(database, house)
    address = f"/api/v1/meetings/{house.meeting.id}/minutes"
    with database.write() as session:
        tokens = {
            who: people.create_api_token(session, actor_of(session, account), account, label="t")
            for who, account in vars(house).items()
            if who in ("secretariat", "chair", "member", "stranger")
        }
    client = browse()

    def ask(who, method, part="", **values):
        headers = {"Authorization": f"Bearer {tokens[who]}", **values.pop("headers", {})}
        return client.request(method, address + part, headers=headers, **values)

    return house, ask


def test_what_is_noted_about_an_item_is_written_and_read(database, stage):
    house, ask = stage
    part = f"/items/{house.first}"
    assert ask("secretariat", "GET").json()["version"] == 0, "nothing is written before the meeting was opened"
    early = ask("secretariat", "PATCH", part, json={"note": "Ja"}, headers={"If-Match": '"0"'})
    assert early.status_code == 409
    start(database, house)
    assert ask("secretariat", "PATCH", part, json={"note": "Ja"}).status_code == 428
    times = {"started_at": "2026-03-02T08:40:00+01:00", "ended_at": "2026-03-02T08:50:00+01:00"}
    written = ask("secretariat", "PATCH", part, json={"note": "Ja", **times}, headers={"If-Match": '"0"'})
    assert written.status_code == 200, written.text
    told = written.json()
    assert (told["note"], told["started_at"], told["ended_at"]) == ("Ja", times["started_at"], times["ended_at"])
    stale = ask("secretariat", "PATCH", part, json={"note": "Nein"}, headers={"If-Match": '"0"'})
    assert (stale.status_code, stale.json()["current"]["note"]) == (412, "Ja")
    seen = {"If-Match": f'"{told["version"]}"'}
    assert ask("secretariat", "PATCH", part, json={"ended_at": None}, headers=seen).json()["ended_at"] is None
    whole = ask("chair", "GET").json()
    assert [(one["title"], one["note"]) for one in whole["items"]] == [("Flächen", "Ja")]
    assert whole["state"] == "draft"


def test_wrong_times_are_named(database, stage):
    house, ask = stage
    start(database, house)
    for wish, field in (
        ({"ended_at": "2026-03-02T08:50:00+01:00"}, "started_at"),
        ({"started_at": "2026-03-02T09:50:00+01:00"}, "started_at"),
        ({"started_at": "2026-03-02T08:50:00"}, "started_at"),
    ):
        answer = ask("secretariat", "PATCH", f"/items/{house.first}", json=wish, headers={"If-Match": '"0"'})
        assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (422, [field])


@pytest.mark.parametrize(("who", "status"), [("chair", 403), ("member", 404), ("stranger", 404)])
def test_nobody_else_writes(database, stage, who, status):
    house, ask = stage
    start(database, house)
    answer = ask(who, "PATCH", f"/items/{house.first}", json={"note": "x"}, headers={"If-Match": '"0"'})
    assert answer.status_code == status
    assert ask(who, "GET").status_code == (200 if who == "chair" else 404)
