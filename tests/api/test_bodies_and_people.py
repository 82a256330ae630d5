"""Bodies, institutions, persons and the own account over the API."""

import datetime as dt

import pytest

from app.bodies import service as bodies
from app.bodies.models import BodyName, MembershipKind
from app.db import ident
from app.people.models import OrganisationName, PersonFunction
from tests import factories
from tests.api.conftest import fields, problem


def test_the_minimal_body_creates_a_body(call, house):
    program = call(house["all"])
    answer = program.post("/bodies", {"name": "Netzwerk Industriepolitik", "short_name": "NIP"})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["location"] == made["url"] == f"/api/v1/bodies/{made['id']}"
    assert (made["name"], made["short_name"], made["version"]) == ("Netzwerk Industriepolitik", "NIP", 1)
    assert made["page"] == f"/gremien/{made['id']}"
    assert program.get(f"/bodies/{made['id']}").json() == made


def test_only_a_secretariat_of_all_bodies_creates_one(call, house):
    for who in ("secretariat", "chair", "member", "admin", "nobody"):
        problem(call(house[who]).post("/bodies", {"name": "Beirat", "short_name": "B"}), 403)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"short_name": "SKIP"}, "short_name"),
        ({"short_name": ""}, "short_name"),
        ({"short_name": "x" * 41}, "short_name"),
        ({"short_name": None}, "short_name"),
        ({"name": "\x00\x07 "}, "name"),
        ({"name": "x" * 301}, "name"),
        ({"name": ["Beirat"]}, "name"),
        ({"sitze": 3}, "sitze"),
    ],
)
def test_bodies_that_do_not_hold_are_refused_at_their_field(call, house, wish, field):
    answer = call(house["all"]).post("/bodies", {"name": "Beirat", "short_name": "B", **wish})
    assert list(fields(answer)) == [field]


def test_a_name_of_three_hundred_signs_is_kept(call, house):
    name = ("Ausschuss für Höfe & Häfen 🏭 „Süd“ " * 20)[:300].strip()
    assert call(house["all"]).post("/bodies", {"name": name, "short_name": "🏭"}).json()["name"] == name


def test_names_are_those_of_today(call, house, database):
    with database.write() as session:
        body = factories.make_body(session, "ALT", "Neuer Name")
        body_id = ident(body)
        session.add(BodyName(body_id=body_id, name="Alter Name", valid_to=dt.date(2022, 6, 30)))
        institution = factories.make_organisation(session, "Senatsverwaltung neu", "SenN")
        session.add(
            OrganisationName(
                organisation_id=ident(institution),
                long="Senatsverwaltung alt",
                sort_key="s",
                valid_to=dt.date(2022, 6, 30),
            )
        )
    program = call(house["all"])
    got = program.get(f"/bodies/{body_id}").json()
    assert got["name"] == "Neuer Name"
    assert {"name": "Alter Name", "valid_from": None, "valid_to": "2022-06-30"} in got["names"]
    got = program.get(f"/organisations/{institution.id}").json()
    assert (got["name"], got["short_name"], len(got["names"])) == ("Senatsverwaltung neu", "SenN", 2)


def test_bodies_are_those_whose_interna_one_reads(call, house):
    def names(who):
        return [one["short_name"] for one in call(house[who]).get("/bodies").json()["items"]]

    assert names("all") == ["AE", "SKIP"]
    assert names("secretariat") == names("member") == names("auditor") == ["SKIP"]
    assert names("stranger") == ["AE"]
    assert names("admin") == names("nobody") == names("lead") == []
    problem(call(house["stranger"]).get(f"/bodies/{house.body.id}"), 404)


def test_institutions_are_known_to_those_who_read_a_body_or_lead_a_project(call, house):
    for who in ("all", "member", "lead"):
        assert call(house[who]).get("/organisations").json()["items"]
    for who in ("admin", "nobody"):
        assert call(house[who]).get("/organisations").json()["items"] == []
        problem(call(house[who]).get("/organisations/1"), 404)


def test_addresses_of_persons_are_for_the_secretariat_and_themselves(call, house, database):
    with database.write() as session:
        seat = factories.make_seat(session, house.body)
        person = factories.make_person(session, "Zander", title="Dr.", first_name="Ada", email="ada@example.org")
        bodies.fill_seat(session, factories.operator(), seat, person_id=ident(person), kind=MembershipKind.MEMBER)
        session.add(PersonFunction(person_id=ident(person), title="Referentin", organisation_id=seat.organisation_id))
        own = factories.make_account(session, person=person)
        organisation = seat.organisation_id

    def shown(account):
        return call(account).get(f"/persons/{person.id}")

    assert shown(house["secretariat"]).json()["email"] == shown(own).json()["email"] == "ada@example.org"
    got = shown(house["member"]).json()
    assert (got["name"], got["email"]) == ("Dr. Ada Zander", None)
    assert got["functions"] == [
        {"title": "Referentin", "organisation": organisation, "valid_from": None, "valid_to": None}
    ]
    listed = {one["id"]: one["email"] for one in call(house["member"]).get("/persons").json()["items"]}
    assert listed[person.id] is None
    problem(shown(house["stranger"]), 404)
    problem(shown(house["admin"]), 404)


def test_me_tells_who_asks_with_which_rights(call, house, browse):
    got = call(house["secretariat"]).get("/me").json()
    assert (got["id"], got["name"], got["email"]) == (
        house["secretariat"].id,
        house["secretariat"].name,
        house["secretariat"].email,
    )
    assert got["roles"] == [{"role": "secretariat", "body": house.body.id}]
    assert (got["seats"], got["demo"]) == ([], False)
    chair = call(house["chair"]).get("/me").json()
    assert [(one["body"], one["chair"], one["voting"]) for one in chair["seats"]] == [(house.body.id, True, True)]
    assert call(house["lead"]).get("/me").json()["projects"] == [house.project.id]
    assert browse(house["member"]).get("/api/v1/me").json()["id"] == house["member"].id
