"""Which plan periods an actor's bodies steer, as the Actor knows it."""

import pytest

from app.access.queries import actor_of
from app.actor import Role
from app.bodies.models import BodyPeriod
from app.db import ident
from app.visibility import Matter, project_periods
from tests import factories as make


@pytest.fixture
def world(session):
    narrow, wide = make.make_body(session), make.make_body(session)
    one, two = make.make_period(session), make.make_period(session)
    session.add_all(BodyPeriod(body_id=ident(narrow), period_id=ident(period)) for period in (one, two))
    session.flush()
    return narrow, wide, frozenset({ident(one), ident(two)})


def test_periods_follow_from_the_bodies_of_a_role(session, world):
    narrow, wide, periods = world
    secretariat = actor_of(session, make.make_account(session, Role.SECRETARIAT, narrow))
    assert project_periods(secretariat, Matter.INTERNAL) == periods
    assert project_periods(secretariat, Matter.UNACCEPTED) == periods
    everywhere = actor_of(session, make.make_account(session, Role.SECRETARIAT))
    assert project_periods(everywhere, Matter.INTERNAL) is None
    free = actor_of(session, make.make_account(session, Role.AUDITOR, wide))
    assert project_periods(free, Matter.INTERNAL) is None
    assert project_periods(free, Matter.UNACCEPTED) == frozenset()


def test_periods_follow_from_seats_and_from_nothing_else(session, world):
    narrow, wide, periods = world
    member = actor_of(session, make.make_seated(session, narrow))
    assert project_periods(member, Matter.INTERNAL) == periods
    assert project_periods(member, Matter.UNACCEPTED) == frozenset()
    assert project_periods(actor_of(session, make.make_seated(session, wide)), Matter.INTERNAL) is None
    for role in (Role.ADMIN, None):
        assert project_periods(actor_of(session, make.make_account(session, role)), Matter.INTERNAL) == frozenset()
