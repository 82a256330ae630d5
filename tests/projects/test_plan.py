"""The plan is edited: no two periods at once, no name twice, nothing used is lost, ended parts take nobody in."""

import datetime as dt
import json

import pytest
import sqlalchemy as sa

from app import clock
from app.access.queries import actor_of
from app.actor import Role
from app.bodies.models import BodyPeriod
from app.db import commit, ident
from app.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.history.models import HistoryDetail, HistoryEntry
from app.projects.importing.plan import plan_import
from app.projects.models import Cluster, PlanField, PlanPeriod, Project
from app.projects.queries import periods as queries
from app.projects.queries import plan as choices
from app.projects.queries.importing import load_import_state
from app.projects.schemas import PartChange, PartIn, PeriodChange, PeriodIn, ProjectChange, ProjectIn
from app.projects.service import plan as service
from app.projects.service.projects import change_project, create_project
from tests import factories
from tests.factories import operator
from tests.projects.importing.files import checked

YEARS = {"starts_on": dt.date(2022, 1, 1), "ends_on": dt.date(2026, 12, 31)}


@pytest.fixture
def period(session):
    return service.create_period(session, operator(), PeriodIn(name="2022–2026", **YEARS))


@pytest.fixture
def fields(session, period):
    return [
        service.create_field(session, operator(), period, PartIn(name=one)) for one in ("Innovation", "Kompetenzen")
    ]


def errors_of(act):
    with pytest.raises(Invalid) as refused:
        act()
    return refused.value.fields


@pytest.mark.parametrize(
    ("first", "last", "clear"),
    [
        (dt.date(2027, 1, 1), dt.date(2031, 12, 31), True),
        (dt.date(2026, 12, 31), None, False),
        (None, dt.date(2021, 12, 31), True),
        (None, dt.date(2022, 1, 1), False),
        (dt.date(2023, 1, 1), dt.date(2023, 12, 31), False),
        (None, None, True),
    ],
)
def test_two_periods_never_hold_on_one_day(session, period, first, last, clear):
    wish = PeriodIn(name="Andere", starts_on=first, ends_on=last)
    if clear:
        made = service.create_period(session, operator(), wish)
        session.expire_all()
        assert (made.starts_on, made.ends_on) == (first, last)
        return
    found = errors_of(lambda: service.create_period(session, operator(), wish))
    assert "Überschneidet sich mit der Planperiode 2022–2026 (01.01.2022 bis 31.12.2026)" in found["starts_on"]


def test_a_period_is_refused_for_its_name_and_its_days(session, period):
    twice = PeriodIn(name="2022–2026 ")
    assert "gibt es schon" in errors_of(lambda: service.create_period(session, operator(), twice))["name"]
    turned = PeriodIn(name="Neu", starts_on=dt.date(2031, 1, 1), ends_on=dt.date(2030, 1, 1))
    assert "vor dem Beginn" in errors_of(lambda: service.create_period(session, operator(), turned))["ends_on"]


def test_invented_periods_of_the_demo_stand_beside_real_ones_and_old_overlaps_may_be_renamed(session, period):
    other = factories.make_period(session, "Demo 2022–2026", invented=True, **YEARS)
    service.change_period(session, operator(), other, PeriodChange(ends_on=dt.date(2027, 12, 31)))
    imported = factories.make_period(session, "Alt", **YEARS)
    service.change_period(session, operator(), imported, PeriodChange(name="Älter"))
    assert imported.name == "Älter"
    moved = PeriodChange(ends_on=dt.date(2025, 12, 31))
    assert "starts_on" in errors_of(lambda: service.change_period(session, operator(), imported, moved))


def test_a_change_needs_the_version_that_was_seen_and_is_told(session, period):
    seen = period.version
    service.change_period(session, operator(), period, PeriodChange(source="Masterplan"), expected=seen)
    with pytest.raises(Stale) as stale:
        service.change_period(session, operator(), period, PeriodChange(name="Andere"), expected=seen)
    assert stale.value.current["source"] == "Masterplan"
    service.change_period(session, operator(), period, PeriodChange(source="Masterplan"))
    commit(session)
    rows = session.execute(
        sa.select(HistoryEntry.verb, HistoryDetail.content).join(
            HistoryDetail, HistoryDetail.entry_id == HistoryEntry.id
        )
    ).all()
    told = [json.loads(row.content)["changes"] for row in rows if row.verb == "period.change"]
    assert told == [{"source": ["", "Masterplan"]}], "saving again without a change is no entry"


def test_a_name_stands_once_in_its_period_and_once_in_its_field(session, period, fields):
    again = PartIn(name="INNOVATION")
    assert (
        "gibt es in dieser Planperiode schon"
        in errors_of(lambda: service.create_field(session, operator(), period, again))["name"]
    )
    other = service.create_period(session, operator(), PeriodIn(name="2018–2021"))
    service.create_field(session, operator(), other, again)
    for one in fields:
        service.create_cluster(session, operator(), one, PartIn(name="Energie"))
    assert (
        "in diesem Handlungsfeld schon"
        in errors_of(lambda: service.create_cluster(session, operator(), fields[0], PartIn(name="energie")))["name"]
    )
    renamed = PartChange(name="Kompetenzen")
    assert "name" in errors_of(lambda: service.change_part(session, operator(), fields[0], renamed))


@pytest.mark.parametrize(("position", "order"), [(1, "CAB"), (2, "ACB"), (3, "ABC"), (99, "ABC")])
def test_fields_and_clusters_are_put_in_order(session, period, position, order):
    made = [service.create_field(session, operator(), period, PartIn(name=one)) for one in "ABC"]
    service.change_part(session, operator(), made[2], PartChange(position=position))
    assert "".join(one.row.name for one in queries.load_branches(session, period.id)) == order
    below = [service.create_cluster(session, operator(), made[0], PartIn(name=one)) for one in "ABC"]
    service.change_part(session, operator(), below[2], PartChange(position=position))
    assert "".join(one.name for one in queries.siblings(session, below[0])) == order
    assert [one.position for one in queries.siblings(session, below[0])] == [1, 2, 3]


def test_imported_fields_with_the_same_place_can_be_ordered_too(session, period):
    made = [factories.make_field(session, period, name, position=0) for name in "BAC"]
    assert [one.name for one in queries.siblings(session, made[0])] == ["A", "B", "C"]
    service.change_part(session, operator(), made[2], PartChange(position=1))
    assert [one.name for one in queries.siblings(session, made[0])] == ["C", "A", "B"]


def test_only_what_nobody_needs_is_removed(session, period, fields):
    cluster = service.create_cluster(session, operator(), fields[0], PartIn(name="Energie"))
    factories.make_project(session, field_id=ident(fields[0]), cluster_id=ident(cluster), period_id=ident(period))
    body = factories.make_body(session)
    session.add(BodyPeriod(body_id=ident(body), period_id=ident(period)))
    session.flush()
    with pytest.raises(Refused, match="1 Projekt"):
        service.delete_part(session, operator(), cluster)
    with pytest.raises(Refused, match="1 Themencluster und 1 Projekt"):
        service.delete_part(session, operator(), fields[0])
    with pytest.raises(Refused, match="1 Gremium, das sie steuert"):
        service.delete_period(session, operator(), period)
    service.delete_part(session, operator(), fields[1])
    assert session.get(PlanField, fields[1].id) is None
    empty = service.create_period(session, operator(), PeriodIn(name="Versehen"))
    service.delete_period(session, operator(), empty)
    assert session.get(PlanPeriod, empty.id) is None


def test_nobody_comes_into_what_has_ended_and_who_is_there_stays(session, period, fields):
    old, new = fields
    cluster = service.create_cluster(session, operator(), new, PartIn(name="Energie"))
    inside = create_project(
        session, operator(), ProjectIn(code="1", title="Drin", period=ident(period), field=ident(old))
    )
    outside = create_project(
        session, operator(), ProjectIn(code="2", title="X", period=ident(period), field=ident(new))
    )
    yesterday = clock.today() - dt.timedelta(days=1)
    service.change_part(session, operator(), old, PartChange(ends_on=yesterday))
    service.change_part(session, operator(), cluster, PartChange(ends_on=yesterday))
    change_project(session, operator(), inside, ProjectChange(title="Noch drin", field=ident(old)))
    for change, name in (
        ({"field": ident(old)}, "field"),
        ({"fields": (ident(old),)}, "fields"),
        ({"cluster": ident(cluster)}, "cluster"),
    ):
        found = errors_of(lambda change=change: change_project(session, operator(), outside, ProjectChange(**change)))
        assert "galt bis 01.03.2026" in found[name]
    offered = dict(choices.list_all_fields(session, on=clock.today()))
    assert old.id not in offered
    assert old.id in dict(choices.list_all_fields(session, on=clock.today(), but=[old.id]))
    assert new.id in offered
    service.change_part(session, operator(), old, PartChange(ends_on=clock.today()))
    change_project(session, operator(), outside, ProjectChange(field=ident(old)))


def test_an_import_brings_nobody_into_what_has_ended(session, period, fields):
    old, new = fields
    create_project(session, operator(), ProjectIn(code="1", title="Drin", period=ident(period), field=ident(old)))
    create_project(session, operator(), ProjectIn(code="2", title="X", period=ident(period), field=ident(new)))
    service.change_part(session, operator(), old, PartChange(ends_on=dt.date(2026, 1, 31)))

    def planned(code, stand):
        file = checked(
            "Projektnummer;Titel;Planperiode;Handlungsfeld;Stand",
            f"{code};T;2022–2026;Innovation;{stand}",
            today=clock.today(),
        )
        return plan_import(file, load_import_state(session, operator(), {code}, today=clock.today()))

    assert planned("1", "02.03.2026").errors == ()
    assert planned("3", "31.01.2026").errors == (), "until its last day a field takes projects in"
    for code in ("2", "3"):
        (error,) = planned(code, "02.03.2026").errors
        assert "galt bis 31.01.2026" in error.expected


def test_who_does_not_run_the_plan_changes_nothing(session, period, fields):
    other = factories.make_period(session)
    body, stranger = factories.make_body(session), factories.make_body(session)
    for one, steered in ((body, period), (stranger, other)):
        session.add(BodyPeriod(body_id=ident(one), period_id=ident(steered)))
    session.flush()
    own, foreign = (
        actor_of(session, factories.make_account(session, Role.SECRETARIAT, one)) for one in (body, stranger)
    )
    service.change_part(session, own, fields[0], PartChange(name="Neu"))
    with pytest.raises(Forbidden):
        service.create_period(session, own, PeriodIn(name="Neue"))
    with pytest.raises(Forbidden):
        service.change_part(session, foreign, fields[0], PartChange(name="Neuer"))
    with pytest.raises(NotFound):
        queries.get_field(session, foreign, ident(fields[0]))
    member = actor_of(session, factories.make_seated(session, body))
    assert queries.get_period(session, member, ident(period)).id == period.id
    with pytest.raises(Forbidden):
        service.delete_part(session, member, fields[0])
    assert session.execute(sa.select(sa.func.count()).select_from(Cluster)).scalar_one() == 0
    assert session.execute(sa.select(sa.func.count()).select_from(Project)).scalar_one() == 0
