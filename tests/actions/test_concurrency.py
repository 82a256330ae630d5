"""Actions under the hands of several at once, on real connections: nobody undoes another, numbers have no gap."""

import threading

import pytest
from sqlmodel import select

from app import clock
from app.access.queries import actor_of
from app.actions.models import Action, ActionState
from app.actions.queries import list_steps, lock_action
from app.actions.schemas import ActionIn, ProgressIn
from app.actions.service.giving import give_action
from app.actions.service.reporting import report_progress
from app.actor import Role
from app.bodies.queries import load_body
from app.db import Database, ident
from app.errors import Stale
from app.people.models import Account
from tests import factories
from tests.factories import make_action

pytestmark = pytest.mark.slow


def at_once(work, arguments):
    """Run *work* with each of the arguments at the same moment."""
    start = threading.Barrier(len(arguments))

    def run(argument):
        start.wait()
        work(argument)

    with clock.standing_at(clock.now()):
        threads = [threading.Thread(target=run, args=(one,)) for one in arguments]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def test_of_two_who_saw_the_same_action_one_is_told_what_the_other_wrote(own_database: Database):
    with own_database.write() as session:
        body = factories.make_body(session)
        action_id, seen = ident(action := make_action(session, body)), action.version
        accounts = [ident(factories.make_account(session, Role.SECRETARIAT, body)) for _ in range(2)]
    outcomes = []

    def report(pair):
        account_id, wish = pair
        try:
            with own_database.write() as session:
                actor = actor_of(session, session.get_one(Account, account_id))
                action = lock_action(session, actor, action_id)
                report_progress(session, actor, action, wish, base_version=seen)
            outcomes.append("done")
        except Stale as error:
            outcomes.append(f"stale {error.current['version'] - seen}")

    wishes = (ProgressIn(text="Erster"), ProgressIn(state=ActionState.DONE, text="Zweiter"))
    at_once(report, list(zip(accounts, wishes, strict=True)))
    assert sorted(outcomes) == ["done", "stale 1"]
    with own_database.read() as session:
        assert len(list_steps(session, [action_id])[action_id]) == 1


def test_reports_that_name_no_version_are_both_kept(own_database: Database):
    with own_database.write() as session:
        body = factories.make_body(session)
        action_id = ident(make_action(session, body))
        account_id = ident(factories.make_account(session, Role.SECRETARIAT, body))

    def report(text):
        with own_database.write() as session:
            actor = actor_of(session, session.get_one(Account, account_id))
            report_progress(session, actor, lock_action(session, actor, action_id), ProgressIn(text=text))

    at_once(report, ["Erster", "Zweiter", "Dritter"])
    with own_database.read() as session:
        assert {one.text for one in list_steps(session, [action_id])[action_id]} == {"Erster", "Zweiter", "Dritter"}


def test_eight_who_give_actions_at_once_leave_no_gap(own_database: Database):
    with own_database.write() as session:
        body_id = ident(body := factories.make_body(session))
        house = ident(factories.make_organisation(session))
        account_id = ident(factories.make_account(session, Role.SECRETARIAT, body))

    def give(place):
        with own_database.write() as session:
            actor = actor_of(session, session.get_one(Account, account_id))
            wish = ActionIn(title=f"Auftrag {place}", organisation=house)
            give_action(session, actor, load_body(session, body_id), wish)

    at_once(give, list(range(8)))
    with own_database.read() as session:
        assert sorted(session.exec(select(Action.serial))) == list(range(1, 9))
