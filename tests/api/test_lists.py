"""Lists: pages without gaps or doubles, cursors that fit their own list only, limits, equal numbers of queries."""

import datetime as dt

import pytest

from app.agenda import queries as agenda
from app.agenda.models import SectionKey
from app.agenda.schemas.wishes import ItemIn, RejectIn
from app.agenda.service.items import add_item, set_item_aside
from app.db import ident
from app.meetings.queries import lock_meeting
from app.people.models import PersonFunction
from app.projects.models import Light
from tests import factories
from tests.api.conftest import fields, problem
from tests.queries import recorded_queries

LISTS = ("/bodies", "/organisations", "/persons", "/projects", "/meetings", "/topics")


@pytest.fixture
def many(database, house):
    """120 further meetings of the body, some at the same time."""
    with database.write() as session:
        return [
            factories.make_meeting(session, house.body, dt.date(2027, 1, 4) + dt.timedelta(days=count // 2)).id
            for count in range(120)
        ]


def test_a_walk_neither_skips_nor_repeats_while_meetings_are_added(call, house, many, database):
    program = call(house["secretariat"])
    found: list[int] = []
    cursor: dict[str, str] = {}
    pages = 0
    while True:
        answer = program.get("/meetings", limit=7, body=house.body.id, **cursor).json()
        found += [one["id"] for one in answer["items"]]
        pages += 1
        with database.write() as session:
            for day in (dt.date(2027, 12, 1), dt.date(2026, 10, 1)):
                factories.make_meeting(session, house.body, day + dt.timedelta(days=pages))
        if answer["next"] is None:
            break
        cursor = {"cursor": answer["next"]}
    expected = {*many, house.planned.id, house.announced.id}
    assert expected <= set(found)
    assert len(found) == len(set(found))
    starts = [one["starts_at"] for one in program.walk("/meetings", limit=200)]
    assert starts == sorted(starts, reverse=True)


@pytest.mark.parametrize("path", LISTS)
def test_pages_of_one_make_the_same_list_as_one_page(call, house, database, path):
    with database.write() as session:
        factories.make_project(session, "1.10", "Spät", period_id=house.period.id)
        factories.make_project(session, "1.9", "Früher", period_id=house.period.id)
        for title in ("Eins", "Zwei"):
            item = add_item(
                session,
                factories.operator(),
                house.planned,
                ItemIn(title=title, section=SectionKey.DEBATE, projects=[]),
            )
            set_item_aside(session, factories.operator(), house.planned, item, RejectIn(reason="später"))
    program = call(house["all"])
    whole = program.get(path).json()
    assert len(whole["items"]) >= 2
    assert whole["next"] is None
    assert program.walk(path, limit=1) == whole["items"]


def test_projects_come_in_the_natural_order_of_their_numbers(call, house, database):
    with database.write() as session:
        for code in ("1.10", "1.9", "2.1"):
            factories.make_project(session, code, period_id=house.period.id)
    codes = [one["code"] for one in call(house["member"]).walk("/projects", limit=1)]
    assert codes == ["1.2", "1.9", "1.10", "2.1"]


@pytest.mark.parametrize("limit", ["0", "201", "-1", "viele", ""])
def test_a_limit_out_of_bounds_is_refused(call, house, limit):
    assert list(fields(call(house["member"]).get("/meetings", limit=limit))) == ["limit"]


def test_a_limit_of_two_hundred_is_allowed(call, house):
    assert call(house["member"]).get("/meetings", limit=200).status_code == 200


def test_cursors_fit_their_own_list_and_filter_only(call, house, many):
    program = call(house["secretariat"])
    cursor = program.get("/meetings", limit=2, body=house.body.id).json()["next"]
    content, _, seal = cursor.partition(".")
    forged = [
        (cursor[:-1] + ("0" if cursor[-1] != "0" else "1"), {"body": house.body.id}),
        (content, {"body": house.body.id}),
        (f"{content[:-4]}AAAA.{seal}", {"body": house.body.id}),
        ("quatsch", {"body": house.body.id}),
        ("ü€😀", {"body": house.body.id}),
        (cursor, {}),
        (cursor, {"body": house.other.id}),
    ]
    for wrong, filters in forged:
        refused = fields(program.get("/meetings", limit=2, cursor=wrong, **filters))
        assert "gehört nicht zu dieser Liste" in refused["cursor"]
    assert "cursor" in fields(program.get("/projects", cursor=cursor))
    assert program.get("/meetings", limit=3, cursor=cursor, body=house.body.id).status_code == 200


def test_an_unknown_filter_is_refused_by_name(call, house):
    assert fields(call(house["member"]).get("/meetings", gremium=1)) == {"gremium": "Dieses Feld ist unbekannt."}


def test_filters_of_meetings(call, house):
    program = call(house["all"])
    ids = [one["id"] for one in program.get("/meetings", body=house.other.id).json()["items"]]
    assert ids == [house.elsewhere.id]
    since = program.get("/meetings", since="2026-06-01T00:00:00+02:00").json()["items"]
    assert [one["id"] for one in since] == [house.planned.id, house.elsewhere.id]
    assert fields(program.get("/meetings", since="2026-06-01T00:00:00"))["since"].startswith(
        "Bitte geben Sie die Zeit mit"
    )


def test_head_answers_like_get_without_a_body(call, house):
    program = call(house["member"])
    answer = program.client.head("/api/v1/meetings", headers=program.headers)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == "application/json"


def _grow(session, house, first, rounds):
    """More of everything that lists show."""
    operator = factories.operator()
    planned, announced = (lock_meeting(session, operator, ident(one)) for one in (house.planned, house.announced))
    for count in range(first, first + rounds):
        project = factories.make_project(session, f"5.{count}", period_id=house.period.id)
        factories.make_status(session, project, dt.date(2026, 1, 5), Light.RED)
        factories.make_meeting(session, house.body, dt.date(2028, 1, 3 + count))
        person = factories.make_person(session)
        session.add(PersonFunction(person_id=ident(person), title="Referentin"))
        factories.make_seated(session, factories.make_body(session))
        wish = ItemIn(title=f"Punkt {count}", section=SectionKey.DEBATE, projects=[ident(project)])
        item = add_item(session, operator, planned, wish)
        add_item(session, operator, announced, wish)
        set_item_aside(session, operator, planned, item, RejectIn(reason="später"))


def test_the_number_of_queries_does_not_grow_with_the_rows(call, house, database):
    program = call(house["all"])
    paths = [
        *LISTS,
        f"{house.meeting}/agenda-items",
        f"{house.meeting}/proposals",
        f"/projects/{house.project.id}/status-reports",
    ]

    def count() -> dict[str, int]:
        counted = {}
        for path in paths:
            with recorded_queries(database.connection) as found:
                assert program.get(path).json()["items"], path
            counted[path] = len(found)
        return counted

    with database.write() as session:
        _grow(session, house, 0, 1)
    assert program.post(f"{house.meeting}/proposals").status_code == 201
    few = count()
    with database.write() as session:
        _grow(session, house, 1, 2)
        for light in (Light.GREEN, Light.YELLOW):
            factories.make_status(session, house.project, dt.date(2025, 1 + len(light), 1), light)
    assert program.post(f"{house.meeting}/proposals").status_code == 201
    with database.read() as session:
        assert len(agenda.list_proposals(session, factories.operator(), ident(house.announced))) >= 3
    assert count() == few


def test_a_list_below_something_invisible_is_not_found(call, house):
    for path in (f"/meetings/{house.elsewhere.id}/agenda-items", f"/meetings/{house.planned.id}/proposals"):
        problem(call(house["member"]).get(path), 404)
