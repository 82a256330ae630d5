"""Who acts for somebody else has that person's rights, which is why the walks of the roles ask twins for less."""

import dataclasses

import pytest

from app.access.queries import find_actor_of_session
from tests.visibility.expectations import TWINS


@pytest.mark.parametrize(("twin", "original"), TWINS.items())
def test_twins_have_the_same_rights(twin, original, world, world_database):
    assert rights(twin, world, world_database) == rights(original, world, world_database)


def rights(role, world, database):
    """An actor without what tells persons apart; that an office does not vote decides about answers only."""
    with database.read() as session:
        found = find_actor_of_session(session, world.cookies[role])
    assert found is not None
    actor = found[0]
    assert actor.seats
    seats = tuple(dataclasses.replace(seat, office=False) for seat in actor.seats)
    return dataclasses.replace(actor, account_id=0, name="", email="", person_id=0, session_id=0, seats=seats)
