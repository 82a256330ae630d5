"""Visits: one ends after four hours without a request; of earlier ones only the last end is remembered."""

import datetime as dt

from app import clock
from app.people import rules, service
from app.people.models import Account
from app.people.queries import end_of_last_visit
from app.people.service.visits import note_visit
from tests import factories
from tests.conftest import NOW
from tests.queries import recorded_queries


def later(hours):
    return clock.standing_at(NOW + dt.timedelta(hours=hours))


def test_a_visit_ends_after_four_hours_without_a_request(session):
    account = factories.make_account(session)
    seen = []
    for hours in (0, 3, 6.5, 11, 12, 40):
        with later(hours):
            note_visit(session, account.id)
            seen.append(end_of_last_visit(session, account.id))
    assert seen[:3] == [None, None, None]
    assert seen[3:5] == [NOW + dt.timedelta(hours=6.5)] * 2
    assert seen[5] == NOW + dt.timedelta(hours=12)


def test_signing_in_and_coming_back_are_visits(browse, database):
    with database.write() as session:
        account = factories.make_account(session)
    browser = browse(account)
    with later(0.5):
        browser.get("/profil")
    with database.write() as session, later(9):
        service.start_session(session, account, rules.new_key(), lasts=dt.timedelta(hours=1))
        session.flush()
        assert end_of_last_visit(session, account.id) == NOW + dt.timedelta(hours=0.5)


def test_requests_that_follow_one_another_write_nothing(browse, database):
    with database.write() as session:
        account = factories.make_account(session)
    browser = browse(account)
    with recorded_queries(database.engine) as found, later(0.1):
        browser.get("/profil")
    assert [one for one in found if one.startswith("UPDATE")] == []


def test_a_visit_is_no_change_of_the_account(database):
    with database.write() as session:
        account = factories.make_account(session)
    with database.write() as session:
        note_visit(session, account.id)
    with database.read() as session:
        stored = session.get_one(Account, account.id)
        assert (stored.version, stored.visited_at) == (account.version, NOW)
