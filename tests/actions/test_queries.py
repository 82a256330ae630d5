"""Who reads which actions, and the list with its filters, counts and pages."""

import datetime as dt

import pytest

from app import clock
from app.access.queries import actor_of
from app.actions import queries
from app.actions.models import ActionState
from app.actions.queries import ActionSort, list_actions
from app.actions.schemas import ActionFilter, Timing
from app.actor import Role
from app.bodies import service as bodies
from app.bodies.models import MembershipKind
from app.db import ident
from app.errors import NotFound
from app.projects.models import ProjectLead
from app.visibility import Level
from tests import factories
from tests.factories import make_action, operator
from tests.queries import recorded_queries


@pytest.fixture
def body(session):
    return factories.make_body(session, "SKIP")


def reads(session, account, action):
    actor = actor_of(session, account)
    try:
        return queries.get_action(session, actor, ident(action)) is action
    except NotFound:
        return False


def seated_at(session, body, organisation, kind=MembershipKind.MEMBER):
    seat = bodies.add_seat(session, operator(), body, organisation_id=ident(organisation))
    person = factories.make_person(session)
    bodies.fill_seat(session, operator(), seat, person_id=ident(person), kind=kind)
    return factories.make_account(session, person=person)


def test_readers_are_those_of_the_body_and_those_whose_own_it_is(session, body):
    other = factories.make_body(session)
    house, project = factories.make_organisation(session), factories.make_project(session)
    person = factories.make_person(session)
    lead = factories.make_person(session)
    session.add(ProjectLead(project_id=ident(project), person_id=ident(lead)))
    action = make_action(
        session, body, organisation_id=ident(house), person_id=ident(person), projects=(project,), level=Level.PUBLIC
    )
    secret = make_action(
        session,
        body,
        organisation_id=ident(house),
        person_id=ident(person),
        projects=(project,),
        level=Level.CONFIDENTIAL,
    )
    draft = make_action(session, body, number="", organisation_id=ident(house), person_id=ident(person))
    everybody = {
        "secretariat": factories.make_account(session, Role.SECRETARIAT, body),
        "chair": factories.make_seated(session, body, chair=True),
        "member": factories.make_seated(session, body),
        "advisory": factories.make_seated(session, body, voting=False),
        "auditor": factories.make_account(session, Role.AUDITOR, body),
        "responsible": factories.make_account(session, person=person),
        "house": seated_at(session, other, house),
        "office": seated_at(session, other, house, MembershipKind.OFFICE),
        "lead": factories.make_account(session, person=lead),
        "administration": factories.make_account(session, Role.ADMIN),
        "stranger": factories.make_seated(session, other),
        "nobody": factories.make_account(session),
    }
    session.flush()
    found = {
        name: [reads(session, account, one) for one in (action, secret, draft)] for name, account in everybody.items()
    }
    assert found == {
        "secretariat": [True, True, True],
        "chair": [True, True, True],
        "member": [True, True, False],
        "advisory": [True, False, False],
        "auditor": [True, False, False],
        "responsible": [True, False, False],
        "house": [True, False, False],
        "office": [True, False, False],
        "lead": [True, False, False],
        "administration": [False, False, False],
        "stranger": [False, False, False],
        "nobody": [False, False, False],
    }


def test_own_are_those_of_the_person_and_of_the_houses_for_which_the_person_acts(session, body):
    house = factories.make_organisation(session)
    account = seated_at(session, body, house, MembershipKind.DEPUTY)
    actor = actor_of(session, account)
    of_house = make_action(session, body, organisation_id=ident(house), due_on=dt.date(2026, 4, 1))
    of_person = make_action(session, body, person_id=account.person_id, due_on=dt.date(2026, 3, 1))
    done = make_action(session, body, person_id=account.person_id, state=ActionState.DONE)
    make_action(session, body)
    make_action(session, body, person_id=account.person_id, number="")
    assert queries.own_actions(session, actor) == [of_person, of_house]
    assert queries.own_actions(session, actor, with_over=True) == [of_person, of_house, done]
    assert queries.is_own(session, actor, of_house)
    assert not queries.is_own(session, operator(), of_house)


def test_the_list_filters_counts_and_sorts(session, body):
    today, house = clock.today(), factories.make_organisation(session, "Kammer für Übermut", "KfÜ")
    late = make_action(session, body, title="Übersicht vorlegen", due_on=today - dt.timedelta(12))
    due_today = make_action(session, body, due_on=today, organisation_id=ident(house))
    open_end = make_action(session, body, details="mit der KfÜ")
    done = make_action(session, body, due_on=today - dt.timedelta(40), state=ActionState.DONE)

    def ids(**wish):
        return [line.id for line in list_actions(session, operator(), ActionFilter(body_id=ident(body), **wish)).lines]

    everything = list_actions(session, operator(), ActionFilter(body_id=ident(body)))
    assert [line.id for line in everything.lines] == [ident(one) for one in (done, late, due_today, open_end)]
    assert everything.counts == {"all": 4, "overdue": 1, "running": 3, "over": 1}
    assert [line.late_days for line in everything.lines] == [0, 12, 0, 0]
    assert ids(timing=Timing.OVERDUE) == [ident(late)]
    assert ids(timing=Timing.RUNNING) == [ident(one) for one in (late, due_today, open_end)]
    assert ids(timing=Timing.OVER) == ids(state=ActionState.DONE) == [ident(done)]
    assert ids(organisation_id=ident(house)) == [ident(due_today)]
    assert ids(q="übersicht vorl") == [ident(late)]
    assert ids(q="kfü") == [ident(open_end)]
    assert ids(q=done.number) == [ident(done)]
    assert ids(q="100 %") == []
    assert queries.count_actions(session, operator(), ActionFilter(body_id=ident(body), timing=Timing.RUNNING)) == 3
    assert queries.list_responsible(session, operator()) == [(ident(house), "KfÜ")]


def test_pages_neither_skip_nor_repeat(session, body):
    for number in range(7):
        make_action(session, body, due_on=dt.date(2026, 4, 1 + number // 3) if number < 5 else None)
    wish = ActionFilter(body_id=ident(body))
    for sort in ActionSort:
        whole = [line.id for line in list_actions(session, operator(), wish, sort=sort, limit=None).lines]
        walked, after = [], None
        while True:
            page = list_actions(session, operator(), wish, sort=sort, after=after, limit=2)
            walked += [line.id for line in page.lines]
            after = page.next
            if after is None:
                break
        assert walked == whole
        assert len(set(walked)) == 7


def test_the_list_asks_as_often_for_many_as_for_one(session, body):
    def asked():
        with recorded_queries(session.connection()) as seen:
            list_actions(session, operator(), ActionFilter(body_id=ident(body)))
        return len(seen)

    def one():
        make_action(
            session,
            body,
            organisation_id=ident(factories.make_organisation(session)),
            person_id=ident(factories.make_person(session)),
            projects=(factories.make_project(session),),
        )

    one()
    first = asked()
    one(), one()
    assert asked() == first


def test_projects_are_named_to_who_reads_them(session, body):
    period = factories.make_period(session)
    seen, unseen = factories.make_project(session), factories.make_project(session, period_id=ident(period))
    account = factories.make_account(session, person=factories.make_person(session))
    session.add(ProjectLead(project_id=ident(seen), person_id=account.person_id))
    session.flush()
    action = make_action(session, body, projects=(unseen, seen))
    lines = queries.lines_of(session, actor_of(session, account), [ident(action)])
    assert [[project.id for project in line.projects] for line in lines] == [[ident(seen)]]
    assert queries.actions_of_project(session, operator(), ident(unseen)) == [action]
