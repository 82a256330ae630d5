"""Reading projects: who sees which, filters, order, pages, counts, and a number of queries that never grows."""

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.queries import actor_of
from app.actor import Actor, Role
from app.bodies.models import BodyPeriod
from app.db import ident
from app.errors import NotFound
from app.keyset import packed
from app.projects.models import (
    Light,
    LineageKind,
    Milestone,
    MilestoneDate,
    Phase,
    ProjectCode,
    ProjectField,
    ProjectLead,
    ProjectLineage,
    ProjectPartner,
    StatusSource,
    StatusState,
)
from app.projects.queries.listing import list_choices, list_projects
from app.projects.queries.projects import get_project, list_reports, list_submitted
from app.projects.queries.view import load_view
from app.projects.schemas import ProjectFilter, ProjectSort
from app.projects.service.needs import refresh_needs
from tests import factories as make
from tests.queries import recorded_queries

D1, D2, D3 = dt.date(2025, 9, 30), dt.date(2026, 1, 15), dt.date(2026, 2, 14)
ALL = ProjectFilter()


@pytest.fixture
def everyone():
    return make.operator()


def codes(page) -> list[str]:
    return [line.code for line in page.lines]


def listed(session, actor, sort=ProjectSort.CODE, descending=False, **wish) -> list[str]:
    return codes(list_projects(session, actor, ProjectFilter(**wish), sort=sort, descending=descending))


# --- who sees which


@pytest.fixture
def world(session):
    """Two bodies: one steers the first period, the other everything; projects of two periods and of none."""
    one, two = make.make_period(session), make.make_period(session)
    narrow, wide = make.make_body(session), make.make_body(session)
    session.add(BodyPeriod(body_id=ident(narrow), period_id=ident(one)))
    projects = {
        "1": make.make_project(session, "1", period_id=one.id),
        "2": make.make_project(session, "2", period_id=two.id),
        "3": make.make_project(session, "3"),
    }
    person = make.make_person(session)
    session.add(ProjectLead(project_id=ident(projects["2"]), person_id=ident(person)))
    former = make.make_person(session)
    session.add(ProjectLead(project_id=ident(projects["2"]), person_id=ident(former), valid_to=D1))
    session.flush()
    accounts = {
        "secretariat": make.make_account(session, Role.SECRETARIAT),
        "secretariat of narrow": make.make_account(session, Role.SECRETARIAT, narrow),
        "auditor of narrow": make.make_account(session, Role.AUDITOR, narrow),
        "member of narrow": make.make_seated(session, narrow),
        "chair of wide": make.make_seated(session, wide, chair=True),
        "lead": make.make_account(session, person=person),
        "former lead": make.make_account(session, person=former),
        "admin": make.make_account(session, Role.ADMIN),
        "nobody in particular": make.make_account(session),
    }
    return projects, {name: actor_of(session, account) for name, account in accounts.items()}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("secretariat", ["1", "2", "3"]),
        ("secretariat of narrow", ["1", "3"]),
        ("auditor of narrow", ["1", "3"]),
        ("member of narrow", ["1", "3"]),
        ("chair of wide", ["1", "2", "3"]),
        ("lead", ["2"]),
        ("former lead", []),
        ("admin", []),
        ("nobody in particular", []),
    ],
)
def test_whoever_reads_interna_of_a_body_reads_the_projects_it_steers(session, world, name, expected):
    projects, actors = world
    assert listed(session, actors[name]) == expected
    for code, project in projects.items():
        if code in expected:
            assert get_project(session, actors[name], ident(project)).code == code
        else:
            with pytest.raises(NotFound):
                get_project(session, actors[name], ident(project))


def test_reports_nobody_accepted_are_for_the_secretariat_and_the_own_lead(session, world):
    projects, actors = world
    for project in projects.values():
        make.make_status(session, project, D1, Light.GREEN)
        make.make_status(session, project, D2, Light.RED, state=StatusState.SUBMITTED, source=StatusSource.LEAD)
    seen = {
        name: {code: len(list_reports(session, actor, project)) for code, project in projects.items()}
        for name, actor in actors.items()
    }
    assert seen["secretariat"] == {"1": 2, "2": 2, "3": 2}
    assert seen["secretariat of narrow"]["1"] == 2
    assert seen["lead"]["2"] == 2
    for name in ("member of narrow", "auditor of narrow", "chair of wide"):
        assert seen[name]["1"] == 1, name
    waiting = {name: len(list_submitted(session, actor)) for name, actor in actors.items()}
    expected = {"secretariat": 3, "secretariat of narrow": 2}
    assert waiting == dict.fromkeys(waiting, 0) | expected
    assert all(line.light is Light.GREEN for line in list_projects(session, actors["secretariat"], ALL).lines)


# --- what stands in a line


def test_the_light_that_stands_is_the_last_one_told(session, everyone):
    project = make.make_project(session, "1")
    make.make_status(session, project, D2, None, phase=Phase.PAUSED, progress=45, decision_need="Rahmen")
    make.make_status(session, project, D1, Light.RED, phase=Phase.RUNNING)
    make.make_status(session, project, dt.date(2025, 3, 31), Light.GREEN)
    make.make_status(session, project, D3, Light.GREEN, state=StatusState.SUBMITTED)
    make.make_status(session, project, D3, Light.YELLOW, valid=False)
    refresh_needs(session, [ident(project)])
    line = list_projects(session, everyone, ALL).lines[0]
    assert (line.light, line.light_as_of, line.light_before) == (Light.RED, D1, Light.GREEN)
    assert (line.as_of, line.phase, line.progress, line.need) == (D2, Phase.PAUSED, 45, "Rahmen")
    assert load_view(session, everyone, project).standing.light is Light.RED


# --- filters, order, pages


@pytest.fixture
def portfolio(session):
    period = make.make_period(session, "2022–2026")
    first, second = (
        make.make_field(session, period, "Innovation", 1),
        make.make_field(session, period, "Kompetenzen", 2),
    )
    kammer, senat = make.make_organisation(session, "Kammer"), make.make_organisation(session, "Ämter des Senats")
    common = {"period_id": period.id}
    red = make.make_project(session, "1.9", "Übergänge in Ausbildung", field_id=first.id, lead_id=kammer.id, **common)
    none = make.make_project(session, "1.10", "Zentrum 100% „Wasserstoff“", field_id=second.id, **common)
    green = make.make_project(session, "2.1", "ärztlicher Dienst", field_id=second.id, lead_id=senat.id, **common)
    yellow = make.make_project(session, "10.1", "Ankauf von Flächen", ends_on=D3)
    session.add(ProjectField(project_id=ident(red), field_id=ident(second)))
    session.add(ProjectCode(project_id=ident(green), code="A-17"))
    make.make_status(session, red, D1, Light.RED, phase=Phase.RUNNING)
    make.make_status(session, green, D3, Light.GREEN, phase=Phase.COMPLETED)
    make.make_status(session, yellow, D2, Light.YELLOW, phase=Phase.RUNNING)
    session.flush()
    return {"period": period.id, "first": first.id, "second": second.id, "kammer": kammer.id, "none": none.id}


def test_filters(session, everyone, portfolio):
    assert listed(session, everyone, period_id=portfolio["period"]) == ["1.9", "1.10", "2.1"]
    assert listed(session, everyone, field_id=portfolio["second"]) == ["1.9", "1.10", "2.1"]
    assert listed(session, everyone, field_id=portfolio["first"]) == ["1.9"]
    assert listed(session, everyone, lead_id=portfolio["kammer"]) == ["1.9"]
    assert listed(session, everyone, light="red") == ["1.9"]
    assert listed(session, everyone, light="none") == ["1.10"]
    assert listed(session, everyone, phase=Phase.RUNNING) == ["1.9", "10.1"]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("1.1", ["1.10"]),
        ("1.", ["1.9", "1.10"]),
        ("a-17", ["2.1"]),
        ("ubergange", ["1.9"]),
        ("ÜBERGÄNGE ausbildung", ["1.9"]),
        ("flachen ankauf", ["10.1"]),
        ("%", []),
        ("_", []),
        ("100%", ["1.10"]),
        ("„Wasserstoff“", ["1.10"]),
        ("' OR 1=1 --", []),
        ("   ", ["1.9", "1.10", "2.1", "10.1"]),
    ],
)
def test_search_by_words_of_the_title_and_numbers_of_all_times(session, everyone, portfolio, q, expected):
    assert listed(session, everyone, q=q) == expected


@pytest.mark.parametrize(
    ("sort", "descending", "expected"),
    [
        (ProjectSort.CODE, False, ["1.9", "1.10", "2.1", "10.1"]),
        (ProjectSort.CODE, True, ["10.1", "2.1", "1.10", "1.9"]),
        (ProjectSort.TITLE, False, ["10.1", "2.1", "1.9", "1.10"]),
        (ProjectSort.LIGHT, False, ["1.9", "10.1", "2.1", "1.10"]),
        (ProjectSort.LIGHT, True, ["1.10", "2.1", "10.1", "1.9"]),
        (ProjectSort.AS_OF, True, ["2.1", "10.1", "1.9", "1.10"]),
        (ProjectSort.AS_OF, False, ["1.10", "1.9", "10.1", "2.1"]),
        (ProjectSort.LEAD, False, ["2.1", "1.9", "1.10", "10.1"]),
        (ProjectSort.ENDS_ON, False, ["10.1", "1.9", "1.10", "2.1"]),
    ],
)
def test_order(session, everyone, portfolio, sort, descending, expected):
    assert listed(session, everyone, sort, descending) == expected


def test_counts_per_light_lead_from_one_light_to_the_other(session, everyone, portfolio):
    page = list_projects(session, everyone, ProjectFilter(period_id=portfolio["period"], light="red"))
    assert page.counts == {Light.RED: 1, Light.YELLOW: 0, Light.GREEN: 1, None: 1}
    assert page.total == 3
    assert len(page.lines) == 1


@pytest.mark.parametrize("sort", list(ProjectSort))
@pytest.mark.parametrize("descending", [False, True])
def test_pages_forwards_and_backwards_show_everything_once(session, everyone, sort, descending):
    lead = make.make_organisation(session)
    for number in range(23):
        project = make.make_project(
            session,
            f"{number % 3}.{number}",
            f"Titel {number % 4}",
            lead_id=lead.id if number % 2 else None,
            ends_on=D1 + dt.timedelta(days=number % 5) if number % 3 else None,
        )
        if number % 4:
            make.make_status(session, project, D1 + dt.timedelta(days=number % 2), list(Light)[number % 3])
    whole = codes(list_projects(session, everyone, ALL, sort=sort, descending=descending, limit=None))
    forward, cursor, pages = [], None, []
    while True:
        page = list_projects(session, everyone, ALL, sort=sort, descending=descending, after=cursor, limit=5)
        forward += codes(page)
        pages.append(page)
        cursor = page.next
        if cursor is None:
            break
    assert forward == whole
    assert len(set(whole)) == 23
    back = list_projects(session, everyone, ALL, sort=sort, descending=descending, before=pages[-1].previous, limit=5)
    assert codes(back) == codes(pages[-2])
    assert back.next is not None
    first = list_projects(session, everyone, ALL, sort=sort, descending=descending, before=pages[1].previous, limit=5)
    assert codes(first) == codes(pages[0])
    assert first.previous is None


@pytest.mark.parametrize("cursor", ["x", "!!!", packed([]), packed(["a"]), packed(["a", "b"]), packed([1, True])])
def test_a_mangled_cursor_is_not_found(session, everyone, portfolio, cursor):
    with pytest.raises(NotFound):
        list_projects(session, everyone, ALL, after=cursor)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_no_cursor_breaks_the_list(migrated_actor_and_session, value):
    session, actor = migrated_actor_and_session
    cursor = packed([value] if not isinstance(value, list) else value)
    assert json.dumps(value) is not None
    try:
        list_projects(session, actor, ALL, sort=ProjectSort.AS_OF, after=cursor)
    except NotFound:
        return
    pytest.fail("only a real cursor is taken")


@pytest.fixture(scope="module")
def migrated_actor_and_session(shared):
    with shared.read() as session:
        yield session, make.operator()


# --- number of queries


def _with_everything(session, code: str):
    period, organisation, person = make.make_period(session), make.make_organisation(session), make.make_person(session)
    field = make.make_field(session, period)
    project = make.make_project(session, code, period_id=period.id, field_id=field.id, lead_id=organisation.id)
    other = make.make_project(session, f"{code}.0", period_id=period.id)
    key = ident(project)
    session.add_all(
        [
            ProjectCode(project_id=key, code=f"x{code}"),
            ProjectField(project_id=key, field_id=ident(make.make_field(session, period))),
            ProjectPartner(project_id=key, organisation_id=ident(organisation)),
            ProjectLead(project_id=key, person_id=ident(person)),
            ProjectLineage(from_id=key, to_id=ident(other), kind=LineageKind.SPLIT, since_on=D1),
        ]
    )
    milestone = Milestone(project_id=key, title="Satzung")
    session.add(milestone)
    session.flush()
    session.add(MilestoneDate(milestone_id=ident(milestone), told_on=D1, due_on=D2))
    for day, light in ((D1, Light.GREEN), (D2, Light.RED)):
        make.make_status(session, project, day, light, decision_need="Rahmen")
    refresh_needs(session, [key])
    return project


def _cost(session, connection, work) -> int:
    session.expire_all()
    with recorded_queries(connection) as queries:
        work()
    return len(queries)


def test_lists_take_the_same_number_of_queries_for_one_and_three_projects(session, database, everyone: Actor):
    def work() -> None:
        list_projects(session, everyone, ALL)
        list_choices(session, everyone)

    _with_everything(session, "1")
    one = _cost(session, database.connection, work)
    _with_everything(session, "2")
    _with_everything(session, "3")
    assert _cost(session, database.connection, work) == one <= 8


def test_a_projects_page_takes_the_same_number_of_queries_however_much_hangs_on_it(session, database, everyone):
    project = _with_everything(session, "1")
    one = _cost(session, database.connection, lambda: load_view(session, everyone, project))
    for place in range(3):
        milestone = Milestone(project_id=ident(project), title=f"Weiterer {place}")
        session.add(milestone)
        make.make_status(session, project, D3 + dt.timedelta(days=place), Light.GREEN)
    session.flush()
    assert _cost(session, database.connection, lambda: load_view(session, everyone, project)) == one <= 16
