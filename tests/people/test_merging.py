"""An institution that was entered twice becomes one: everything moves, nothing is lost, and nobody slips in between."""

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from app.access.queries import actor_of
from app.actor import Role
from app.bodies import queries as body_queries
from app.bodies import service as bodies
from app.bodies.merging_queries import hanging_on
from app.bodies.models import Body, BodyPeriod, MembershipKind, Seat
from app.bodies.schemas import SeatIn
from app.bodies.service import merge_organisations, merging_refusals
from app.db import commit, ident
from app.errors import Forbidden, Invalid, NotFound, Overtaken, Refused, SkipError, Stale
from app.history.models import HistoryDetail, HistoryEntry
from app.migrating import downgrade, upgrade
from app.people import queries
from app.people import service as people
from app.people.models import Organisation, PersonFunction
from app.people.schemas import NameIn, OrganisationChange, OrganisationIn, PersonChange
from app.people.service.organisations import change_organisation, create_organisation, delete_organisation
from app.projects.importing.lookup import OrganisationDirectory
from app.projects.models import Project, ProjectPartner
from app.projects.queries.importing import known_names
from app.projects.queries.projects import lock_project
from app.projects.schemas import ProjectChange
from app.projects.service.projects import change_project
from tests import factories
from tests.factories import operator

TODAY = dt.date(2026, 3, 2)


@pytest.fixture
def twice(session):
    """SenWEB twice: A with a seat and a project, B with a seat elsewhere, projects, a person and a predecessor."""
    a = factories.make_organisation(session, "Senatsverwaltung für Wirtschaft", "SenWEB")
    b = factories.make_organisation(session, "SenWEB Berlin", "SenWEB")
    skip, network = factories.make_body(session, "SKIP"), factories.make_body(session, "Netzwerk")
    person = factories.make_person(session, "Ahorn")
    bodies.add_seat(session, operator(), skip, organisation_id=ident(a))
    seat = bodies.add_seat(session, operator(), network, organisation_id=ident(b))
    bodies.fill_seat(session, operator(), seat, person_id=ident(person), kind=MembershipKind.MEMBER)
    led = factories.make_project(session, "1.1", "Gründerzentrum", lead_id=ident(b))
    joined = factories.make_project(session, "1.2", "Leichtbau", lead_id=ident(a))
    both = factories.make_project(session, "1.3", "Wärme")
    session.add(PersonFunction(person_id=ident(person), organisation_id=ident(b), title="Referent"))
    session.add_all(
        ProjectPartner(project_id=ident(project), organisation_id=ident(one), position=place)
        for place, (project, one) in enumerate(((joined, b), (both, a), (both, b)))
    )
    before = factories.make_organisation(session, "Alte Verwaltung")
    before.successor_id = b.id
    session.add(before)
    session.flush()
    return {"a": a, "b": b, "seat": seat, "led": led, "joined": joined, "both": both, "person": person, "old": before}


def merge(session, twice, **more):
    return merge_organisations(session, operator(), ident(twice["b"]), ident(twice["a"]), **more)


def partners(session):
    rows = session.execute(sa.select(ProjectPartner.project_id, ProjectPartner.organisation_id)).all()
    return sorted(tuple(row) for row in rows)


def test_everything_moves_and_what_would_stand_twice_stands_once(session, twice):
    a, b = ident(twice["a"]), ident(twice["b"])
    versions = {key: twice[key].version for key in ("seat", "led", "a")}
    kept = merge(session, twice)
    assert ident(kept) == a
    assert session.get_one(Seat, twice["seat"].id).organisation_id == a
    assert session.get_one(Project, twice["led"].id).lead_id == a
    assert partners(session) == [(twice["both"].id, a)], "a lead is no partner as well, and no partner stands twice"
    assert session.execute(sa.select(PersonFunction.organisation_id)).scalars().all() == [a]
    assert session.get_one(Organisation, twice["old"].id).successor_id == a
    assert session.get_one(Organisation, b).merged_into_id == a
    for key, kind in (("seat", Seat), ("led", Project), ("a", Organisation)):
        assert session.get_one(kind, twice[key].id).version == versions[key] + 1
    assert queries.uses_of(session, "organisation", b, but=("organisation_name",)) == []
    assert hanging_on(session, operator(), b).is_empty


def test_no_table_of_the_schema_is_forgotten(session, twice):
    """Whatever names an institution some day moves along: only an institution's own columns are excepted."""
    keys = {f"{key.table.name}.{key.name}" for key in queries.references("organisation")}
    assert {"seat.organisation_id", "project.lead_id", "project_partner.organisation_id"} <= keys
    merge(session, twice)
    for key in queries.references("organisation"):
        if key.table.name != "organisation_name":
            rows = session.execute(sa.select(key).where(key == ident(twice["b"]))).all()
            assert rows == [], key


def test_lists_and_choices_show_it_once_and_its_names_find_the_other(session, twice):
    a = ident(twice["a"])
    merge(session, twice)
    assert [one.id for one in queries.list_organisations(session, operator()) if one.id != twice["old"].id] == [a]
    assert twice["b"].id not in dict(queries.organisation_choices(session, TODAY))
    assert [name.long for name in queries.merged_names(session)[a]] == ["SenWEB Berlin"]
    directory = OrganisationDirectory(known_names(session))
    assert directory.find("senweb berlin", TODAY) == directory.find("SenWEB", TODAY) == a
    assert directory.name(a, TODAY) == "Senatsverwaltung für Wirtschaft"


def test_who_became_one_may_bear_its_name_but_nobody_else(session, twice):
    kept = merge(session, twice)
    with pytest.raises(Invalid):
        create_organisation(session, operator(), OrganisationIn(names=(NameIn(long="SenWEB Berlin"),)))
    change_organisation(session, operator(), kept, OrganisationChange(names=(NameIn(long="SenWEB Berlin"),)))


def test_the_merged_one_is_neither_changed_nor_deleted_nor_named_again(session, twice):
    kept = merge(session, twice)
    gone = queries.get_organisation(session, operator(), ident(twice["b"]))
    with pytest.raises(Refused, match="aufgegangen"):
        change_organisation(session, operator(), gone, OrganisationChange(kind="union"))
    for one in (gone, kept):
        with pytest.raises(Refused):
            delete_organisation(session, operator(), one)
    body = factories.make_body(session)
    with pytest.raises(Invalid) as refused:
        bodies.create_seat(session, operator(), body, SeatIn(organisation=ident(gone)))
    assert "organisation" in refused.value.fields
    with pytest.raises(Invalid):
        change_project(session, operator(), twice["joined"], ProjectChange(lead=ident(gone)))
    with pytest.raises(Refused, match="schon"):
        merge_organisations(session, operator(), ident(kept), ident(gone))


def test_the_history_tells_what_moved_to_those_who_read_it(session, twice):
    merge(session, twice)
    commit(session)
    rows = session.execute(
        sa.select(HistoryEntry.verb, HistoryEntry.object_id, HistoryEntry.body_id, HistoryDetail.content)
        .join(HistoryDetail, HistoryDetail.entry_id == HistoryEntry.id)
        .order_by(HistoryEntry.id)
    ).all()
    told = {(row.verb, row.object_id): (row.body_id, json.loads(row.content)) for row in rows}
    _, merged = told["organisation.merge", twice["a"].id]
    assert merged["changes"]["merged"][1] == ["SenWEB Berlin (SenWEB)"]
    assert set(merged["changes"]["moved"][1]) == {
        "1 Sitz in einem Gremium",
        "1 Federführung",
        "2 Partnerschaften in Projekten",
        "1 Funktion einer Person",
        "1 Vorgängerin",
    }
    assert (
        told["organisation.merged", twice["b"].id][1]["changes"]["merged_into"][1] == "Senatsverwaltung für Wirtschaft"
    )
    body_id, seat = told["seat.change", twice["seat"].id]
    assert body_id == twice["seat"].body_id
    assert seat["changes"]["organisation"] == ["SenWEB Berlin", "Senatsverwaltung für Wirtschaft"]
    assert told["project.change", twice["led"].id][1]["changes"]["lead"][1] == "Senatsverwaltung für Wirtschaft"
    assert told["project.change", twice["both"].id][1]["changes"]["partners"] == [
        ["Senatsverwaltung für Wirtschaft", "SenWEB Berlin"],
        ["Senatsverwaltung für Wirtschaft"],
    ]
    assert ("person.change", twice["person"].id) in told
    assert "Netzwerk" not in merged["label"] + json.dumps(merged["changes"], ensure_ascii=False)


def test_chains_stay_short_and_a_makeshift_successor_goes(session, twice):
    """Until now a duplicate could only be given a successor: that is no reason against merging."""
    third = factories.make_organisation(session, "Dritte")
    twice["b"].successor_id = twice["a"].id
    session.flush()
    kept = merge(session, twice)
    assert kept.successor_id is None
    merge_organisations(session, operator(), ident(kept), ident(third))
    assert session.get_one(Organisation, twice["b"].id).merged_into_id == third.id
    assert session.get_one(Organisation, twice["old"].id).successor_id == third.id


@pytest.mark.parametrize(("own", "then"), [("", "Weg 2"), ("Allee 1", "Allee 1")])
def test_an_address_moves_where_there_is_none(session, twice, own, then):
    twice["a"].address, twice["b"].address = own, "Weg 2"
    session.flush()
    assert merge(session, twice).address == then


def test_a_successor_moves_along(session, twice):
    heir = factories.make_organisation(session, "Nachfolgerin")
    twice["b"].successor_id = heir.id
    session.flush()
    assert merge(session, twice).successor_id == heir.id


@pytest.mark.parametrize(
    ("mine", "theirs", "collide"),
    [
        ((None, None), (None, None), True),
        ((None, dt.date(2025, 12, 31)), (dt.date(2026, 1, 1), None), False),
        ((None, dt.date(2026, 1, 1)), (dt.date(2026, 1, 1), None), True),
    ],
)
def test_two_seats_in_one_body_at_the_same_time_are_refused(session, mine, theirs, collide):
    a, b = (factories.make_organisation(session) for _ in range(2))
    body = factories.make_body(session, "SKIP")
    for one, (begin, end) in ((a, mine), (b, theirs)):
        wish = SeatIn(organisation=ident(one), valid_from=begin, valid_to=end)
        bodies.create_seat(session, operator(), body, wish)
    names = [queries.get_organisation(session, operator(), ident(one)) for one in (b, a)]
    found = merging_refusals(session, operator(), *names)
    assert [("SKIP" in sentence) for sentence in found] == [True] * collide
    if collide:
        with pytest.raises(Refused, match="zur selben Zeit einen Sitz in SKIP"):
            merge_organisations(session, operator(), ident(b), ident(a))
    else:
        merge_organisations(session, operator(), ident(b), ident(a))
        assert len(body_queries.seats_of_organisation(session, operator(), ident(a))) == 2


def test_what_cannot_become_one_is_refused_with_a_sentence(session, twice):
    a, b = ident(twice["a"]), ident(twice["b"])
    with pytest.raises(Refused, match="dieselbe"):
        merge_organisations(session, operator(), b, b)
    with pytest.raises(NotFound):
        merge_organisations(session, operator(), b, 999_999)
    heirs = [factories.make_organisation(session) for _ in range(2)]
    twice["a"].successor_id, twice["b"].successor_id = heirs[0].id, heirs[1].id
    session.flush()
    with pytest.raises(Refused, match="verschiedene Nachfolgerinnen"):
        merge_organisations(session, operator(), b, a)
    twice["a"].successor_id, twice["b"].successor_id, heirs[1].successor_id = None, heirs[1].id, a
    session.flush()
    with pytest.raises(Refused, match="dritte"):
        merge_organisations(session, operator(), b, a)


def test_only_who_runs_everything_that_hangs_on_it_may_merge(session, twice):
    a, b = ident(twice["a"]), ident(twice["b"])
    body = session.get_one(Seat, twice["seat"].id).body_id
    stranger = factories.make_body(session)
    period = factories.make_period(session)
    session.add(BodyPeriod(body_id=ident(stranger), period_id=ident(period)))
    session.flush()
    secretariat = actor_of(session, factories.make_account(session, Role.SECRETARIAT, stranger))
    with pytest.raises(Refused, match="die Sie nicht führen"):
        merge_organisations(session, secretariat, b, a)
    assert hanging_on(session, secretariat, b).seats == ()
    assert hanging_on(session, secretariat, b).hidden >= 1
    member = actor_of(session, factories.make_seated(session, session.get_one(Body, body)))
    with pytest.raises(Forbidden):
        merge_organisations(session, member, b, a)


def test_who_confirms_confirms_what_was_seen(session, twice):
    shown = hanging_on(session, operator(), ident(twice["b"])).stand
    factories.make_project(session, "9.9", lead_id=ident(twice["b"]))
    with pytest.raises(Stale):
        merge(session, twice, shown=shown)
    with pytest.raises(Stale):
        merge(session, twice, expected=99)
    assert session.get_one(Organisation, twice["b"].id).merged_into_id is None
    merge(session, twice, shown=hanging_on(session, operator(), ident(twice["b"])).stand, expected=twice["b"].version)


def together(database, *acts):
    """Each act in a write session of its own, all at once; how each ended."""

    def one(act):
        try:
            with database.write() as session:
                act(session)
        except (SkipError, sa.exc.DBAPIError) as error:
            return type(error)
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result() for done in [pool.submit(one, act) for act in acts]]


def test_two_who_merge_crosswise_do_not_make_a_ring(own_database):
    for _ in range(5):
        with own_database.write() as session:
            a, b = (ident(factories.make_organisation(session)) for _ in range(2))
        ended = together(
            own_database,
            lambda session, a=a, b=b: merge_organisations(session, operator(), a, b),
            lambda session, a=a, b=b: merge_organisations(session, operator(), b, a),
        )
        assert sorted(ended, key=str) == sorted([None, Refused], key=str)
        with own_database.read() as session:
            assert {session.get_one(Organisation, one).merged_into_id for one in (a, b)} in ({a, None}, {b, None})


def test_nobody_attaches_anything_to_what_is_being_merged(own_database):
    with own_database.write() as session:
        body_id = ident(factories.make_body(session))
        person_id = ident(factories.make_person(session))

    def seat(session, gone):
        body = body_queries.lock_body(session, operator(), body_id)
        bodies.create_seat(session, operator(), body, SeatIn(organisation=gone))

    def lead(session, gone, project):
        locked = lock_project(session, operator(), project)
        change_project(session, operator(), locked, ProjectChange(lead=gone))

    def function(session, gone):
        person = body_queries.lock_person(session, operator(), person_id)
        wish = PersonChange(functions=({"title": "Referent", "organisation": gone},))
        people.change_person(session, operator(), person, wish)

    def succeed(session, gone, kept):
        one = queries.lock_organisation(session, operator(), gone)
        change_organisation(session, operator(), one, OrganisationChange(successor=kept))

    ways = set()
    for turn in range(6):
        with own_database.write() as session:
            gone, kept = (ident(factories.make_organisation(session)) for _ in range(2))
            project = ident(factories.make_project(session, lead_id=gone if turn % 2 else None))
        ended = together(
            own_database,
            lambda session, gone=gone, kept=kept: merge_organisations(session, operator(), gone, kept),
            lambda session, gone=gone: seat(session, gone),
            lambda session, gone=gone, project=project: lead(session, gone, project),
            lambda session, gone=gone: function(session, gone),
            lambda session, gone=gone, kept=kept: succeed(session, gone, kept),
        )
        assert ended[0] in (None, Overtaken), ended
        assert set(ended[1:]) <= {None, Invalid, Refused}, "no deadlock, no torn row"
        ways |= set(ended)
        with own_database.read() as session:
            if session.get_one(Organisation, gone).merged_into_id is None:
                continue
            assert queries.uses_of(session, "organisation", gone, but=("organisation_name",)) == []
    assert None in ways


def test_institutions_and_plans_survive_the_way_down_and_up(own_database):
    with own_database.write() as session:
        a, b = (ident(factories.make_organisation(session, name)) for name in ("Eine", "Andere"))
        field = factories.make_field(session, factories.make_period(session, "2022–2026"), "Innovation")
        field_id = ident(field)
        merge_organisations(session, operator(), b, a)
    downgrade(own_database, "0010")
    with own_database.engine.connect() as connection:
        kept = connection.execute(sa.text("SELECT id, version FROM organisation ORDER BY id")).all()
        assert [row.id for row in kept] == [a, b]
        assert connection.execute(sa.text("SELECT name FROM plan_field")).scalars().all() == ["Innovation"]
        assert "version" not in {one["name"] for one in sa.inspect(connection).get_columns("plan_field")}
    upgrade(own_database)
    with own_database.read() as session:
        assert session.get_one(Organisation, b).merged_into_id is None
        found = session.get_one(type(field), field_id)
        assert (found.name, found.version, found.ends_on) == ("Innovation", 1, None)
