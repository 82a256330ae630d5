"""Changing institutions, persons and seats over the API: If-Match, one member at a time, refusals at their fields."""

from app.bodies import service as bodies
from app.bodies.models import Body, Seat
from app.db import ident
from tests import factories
from tests.api.conftest import fields, problem
from tests.factories import operator


def seat_of(database, house):
    with database.write() as session:
        place = factories.make_organisation(session, "Handelskammer")
        body = session.get(Body, ident(house.body))
        return ident(bodies.add_seat(session, operator(), body, organisation_id=ident(place)))


def test_an_institution_is_created_and_renamed(call, house):
    program = call(house["secretariat"])
    made = program.post("/organisations", {"kind": "chamber", "names": [{"name": "Kammer", "short_name": "K"}]})
    assert made.status_code == 201, made.text
    address = f"/organisations/{made.json()['id']}"
    names = [
        {"name": "Kammer", "valid_to": "2025-12-31"},
        {"name": "Neue Kammer", "short_name": "NK", "valid_from": "2026-01-01"},
    ]
    problem(program.patch(address, {"names": names}), 428)
    answer = program.patch(address, {"names": names}, seen=1)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["name"], answer.json()["version"], answer.json()["kind"]) == ("Neue Kammer", 2, "chamber")
    stale = program.patch(address, {"kind": "union"}, seen=1)
    assert problem(stale, 412)["current"]["name"] == "Neue Kammer"
    assert fields(program.post("/organisations", {"names": [{"name": "Kammer"}]})) == {
        "names.0.long": "„Kammer“ heißt schon eine andere Institution."
    }


def test_a_person_gets_functions(call, house):
    program = call(house["secretariat"])
    made = program.post("/persons", {"last_name": "Äpfel", "functions": [{"title": "Leiterin"}]})
    assert made.status_code == 201, made.text
    address = f"/persons/{made.json()['id']}"
    change = {"title": "Dr.", "functions": [{"title": "Präsidentin", "valid_from": "2026-01-01"}]}
    answer = program.patch(address, change, seen=1)
    assert answer.json()["name"] == "Dr. Äpfel"
    assert [one["title"] for one in answer.json()["functions"]] == ["Präsidentin"]
    assert program.get(address).json() == answer.json()
    problem(call(house["member"]).post("/persons", {"last_name": "Öl"}), 403)


def test_a_seat_is_filled_corrected_and_has_one_member(call, house, database):
    program, seat_id = call(house["secretariat"]), seat_of(database, house)
    with database.write() as session:
        first, second = (ident(factories.make_person(session)) for _ in range(2))
    address = f"/bodies/{ident(house.body)}/seats"
    filled = program.post(f"{address}/{seat_id}/memberships", {"person": first, "valid_from": "2024-01-01"})
    assert filled.status_code == 201, filled.text
    member = filled.json()["memberships"][0]
    refused = program.post(f"{address}/{seat_id}/memberships", {"person": second, "valid_from": "2026-05-01"})
    assert "Mitglied ist schon" in fields(refused)["valid_from"]
    place = f"{address}/{seat_id}/memberships/{member['id']}"
    assert program.patch(place, {"valid_to": "2026-04-30"}, seen=member["version"]).status_code == 200
    problem(program.patch(place, {"valid_to": "2026-03-31"}, seen=member["version"]), 412)
    assert (
        program.post(f"{address}/{seat_id}/memberships", {"person": second, "valid_from": "2026-05-01"}).status_code
        == 201
    )
    listed = {one["id"]: one for one in program.get(address).json()["items"]}
    assert [one["person"] for one in listed[seat_id]["memberships"]] == [second, first]


def test_a_seat_is_created_and_changed(call, house, database):
    program = call(house["secretariat"])
    with database.write() as session:
        place = ident(factories.make_organisation(session))
    address = f"/bodies/{ident(house.body)}/seats"
    made = program.post(address, {"organisation": place, "title": "Jugend", "voting": False})
    assert made.status_code == 201, made.text
    assert made.headers["location"] == made.json()["url"]
    answer = program.patch(f"{address}/{made.json()['id']}", {"voting": True}, seen=1)
    assert (answer.json()["voting"], answer.json()["title"]) == (True, "Jugend")
    with database.read() as session:
        assert session.get(Seat, made.json()["id"]).valid_from is None
    problem(call(house["member"]).post(address, {"organisation": place}), 403)
    problem(call(house["nobody"]).get(address), 404)
