"""Decisions over the API: the register with its filters, one of an item until its number, old ones, who may."""

import pytest

from app.agenda.models import Outcome
from tests.api.conftest import fields, problem

OLD = {
    "number": "7/2018",
    "decided_on": "2018-05-16",
    "title": "KI in der Verwaltung",
    "wording": "Das Gewerbeflächenkonzept gilt.",
    "source": "Niederschrift der 15. Sitzung",
    "outcome": "adopted",
    "clauses": [{"verb": "asks", "text": "um einen Bericht", "due_on": "2018-09-30"}],
}


@pytest.fixture
def old(call, house):
    answer = call(house["all"]).post("/decisions", {**OLD, "body": house.body.id, "projects": [house.project.id]})
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
def old_elsewhere(call, house):
    return call(house["all"]).post("/decisions", {**OLD, "body": house.other.id}).json()


@pytest.fixture
def running(call, house):
    """A meeting in session with one item that is decided."""
    program, path = call(house["all"]), f"/meetings/{house.elsewhere.id}"
    wish = {"title": "Hafen", "section": "beschlussfassung", "proposed_decision": "Er gilt."}
    item = program.post(f"{path}/agenda-items", wish).json()
    yes = {"approved_by": "Kai", "approved_on": "2026-03-01", "approved_how": "E-Mail"}
    assert program.post(f"{path}/release", yes).status_code == 200
    assert program.post(f"{path}/start").status_code == 200
    return program, path, item["id"]


def test_an_old_decision_is_taken_over_found_and_corrected(call, house, old):
    program = call(house["all"])
    path = f"/decisions/{old['id']}"
    assert (old["number"], old["state"], old["replaces"], old["whole"]) == ("7/2018", "open", None, True)
    assert [(one["position"], one["verb"], one["due_on"]) for one in old["clauses"]] == [(1, "asks", "2018-09-30")]
    assert [one["id"] for one in old["projects"]] == [house.project.id]
    assert old["page"] == f"/beschluesse/{old['id']}"
    for query in (
        {"q": "KI"},
        {"q": "flächen"},
        {"year": 2018},
        {"outcome": "adopted"},
        {"project": house.project.id},
        {"state": "open"},
    ):
        assert [one["id"] for one in program.get("/decisions", **query).json()["items"]] == [old["id"]], query
    assert program.get("/decisions", year=2019).json()["items"] == []
    problem(program.patch(path, {"title": "Neu"}), 428)
    problem(program.patch(path, {"title": "Neu"}, seen=old["version"] + 3), 412)
    assert list(fields(program.patch(path, {"yes": 3}, seen=old["version"]))) == ["yes"]
    changed = program.patch(path, {"title": "Neu", "outcome": None}, seen=old["version"]).json()
    assert (changed["title"], changed["outcome"], changed["wording"]) == ("Neu", None, OLD["wording"])
    assert list(fields(program.post("/decisions", {**OLD, "body": house.body.id}))) == ["number"]


def test_the_decision_of_an_item_is_provisional_until_the_meeting_is_closed(call, house, running):
    program, path, item = running
    made = program.post(f"{path}/agenda-items/{item}/decision", {"wording": "Er gilt bis 2027."})
    assert made.status_code == 201, made.text
    decision = made.json()
    mine = f"/decisions/{decision['id']}"
    assert (decision["number"], decision["proposed_wording"], decision["state"]) == ("", "Er gilt.", None)
    problem(program.post(f"{path}/agenda-items/{item}/decision", {"wording": "Noch eine."}), 412)
    assert program.get("/decisions").json()["items"] == []
    problem(call(house["member"]).get(mine), 404)
    assert list(fields(program.patch(mine, {"source": "Akte"}, seen=decision["version"]))) == ["source"]
    wish = {"clauses": [{"verb": "charges", "text": "zu bauen", "due_on": "2026-01-01"}]}
    assert list(fields(program.patch(mine, wish, seen=decision["version"]))) == ["clauses.0.due_on"]
    votes = {"taking": "votes", "yes": 3, "no": 0}
    assert list(fields(program.patch(mine, votes, seen=decision["version"]))) == ["yes"]
    assert program.post(f"{path}/agenda-items/{item}/outcome", {"outcome": Outcome.ADOPTED_CHANGED}).status_code == 200
    assert program.post(f"{path}/close").status_code == 200, program.post(f"{path}/close").text
    numbered = program.get(mine).json()
    assert numbered["number"].endswith("/01")
    assert numbered["outcome"] == "adopted_changed"


def test_numbers_are_noted_as_not_given_and_old_decisions_as_replaced(old_elsewhere, running):
    (program, path, item), old = running, old_elsewhere
    made = program.post(f"{path}/agenda-items/{item}/decision", {"replaces": old["id"]}).json()
    program.post(f"{path}/agenda-items/{item}/outcome", {"outcome": "adopted"})
    assert program.post(f"{path}/close").status_code == 200
    assert program.get(f"/decisions/{old['id']}").json()["state"] == "replaced"
    freed = program.post(f"/decisions/{made['id']}/replace", {"replaces": None})
    assert (freed.status_code, freed.json()["replaces"]) == (200, None)
    assert program.get(f"/decisions/{old['id']}").json()["state"] == "open"
    void = program.post(f"/decisions/{made['id']}/void", {"reason": "doppelt"})
    assert (void.status_code, void.json()["void_reason"], void.json()["wording"]) == (200, "doppelt", "Er gilt.")
    problem(program.post(f"/decisions/{made['id']}/void", {"reason": "doppelt"}), 409)


def test_the_register_goes_page_by_page(call, house):
    program = call(house["all"])
    for place in range(3):
        program.post("/decisions", {**OLD, "body": house.body.id, "number": f"{place}/2018"})
    first = program.get("/decisions", limit=2).json()
    second = program.get("/decisions", limit=2, cursor=first["next"]).json()
    numbers = [one["number"] for one in (*first["items"], *second["items"])]
    assert numbers == ["2/2018", "1/2018", "0/2018"]
    assert second["next"] is None
    problem(program.get("/decisions", year="x"), 422)


def test_strangers_read_and_write_nothing(call, house, old):
    stranger = call(house["stranger"])
    assert stranger.get("/decisions").json()["items"] == []
    problem(stranger.get(f"/decisions/{old['id']}"), 404)
    problem(stranger.patch(f"/decisions/{old['id']}", {"title": "Neu"}, seen=1), 404)
    problem(call(house["member"]).post(f"/decisions/{old['id']}/void", {"reason": "nein"}), 403)
