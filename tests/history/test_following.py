"""Followers read every entry once, in order, and nothing is lost when their work fails."""

import pytest

from app import clock
from app.actor import system
from app.history.following import AT_ONCE, Follower, follow
from app.history.service import record
from app.installation.models import Installation


def _change(database, times=1):
    with database.write() as session:
        thing = session.get_one(Installation, 1)
        for at in range(times):
            record(session, system(clock.today()), f"probe.{at}", thing)


def _reader(name="probe", **how):
    seen = []
    return Follower(name, lambda _session, entries: seen.extend((one.id, one.verb) for one in entries), **how), seen


def test_every_entry_is_read_once_and_in_order(own_database):
    _change(own_database, AT_ONCE + 5)
    follower, seen = _reader()
    assert [follow(own_database, follower) for _ in range(3)] == [AT_ONCE, 5, 0]
    assert [place for place, _ in seen] == list(range(1, AT_ONCE + 6))
    _change(own_database)
    assert follow(own_database, follower) == 1
    assert seen[-1] == (AT_ONCE + 6, "probe.0")


def test_one_that_begins_now_does_not_hear_of_the_past(own_database):
    _change(own_database, 3)
    follower, seen = _reader(from_now=True)
    assert follow(own_database, follower) == 0
    _change(own_database)
    assert follow(own_database, follower) == 1
    assert len(seen) == 1


def test_work_that_fails_is_done_again(own_database):
    _change(own_database, 2)
    follower, seen = _reader()

    def fail(session, entries):
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        follow(own_database, Follower("probe", fail))
    assert follow(own_database, follower) == 2
    assert len(seen) == 2
