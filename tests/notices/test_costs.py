"""What telling costs: as many queries for many things as for few, and so many more for each person, no more."""

from sqlmodel import select

from app import clock
from app.access.queries import actor_of
from app.db import Database, ident
from app.notices.models import Notice
from app.notices.queries import recent_page
from app.notices.rules.kinds import Kind
from app.notices.service.reminding import remind
from app.people.models import Account
from tests import factories as make
from tests.notices.world import DAY, World, action_of, circular_of, daily, sent
from tests.queries import recorded_queries


def asked(database: Database, what) -> int:
    with database.write() as session, recorded_queries(session.connection()) as found:
        what(session)
        session.flush()
        return len([one for one in found if not one.startswith("INSERT")])


def things(world: World, many: int) -> None:
    """So many due actions, decisions to look at again and closing circulars more, all of the same people."""
    for _ in range(many):
        action_of(world, 2)
        circular = circular_of(world)
        with world.database.write() as session:
            row = session.merge(circular)
            row.ends_on = clock.today() + DAY
            decision = make.make_decision(session, make.load_body(session, world.body))
            decision.due_on = clock.today()
            session.add_all([row, decision])


def test_reminding_of_many_things_costs_what_few_cost(world: World) -> None:
    things(world, 1)
    few = asked(world.database, remind)
    things(world, 3)
    assert asked(world.database, remind) == few
    with world.database.read() as session:
        kinds = {row.kind for row in session.exec(select(Notice))}
    assert kinds == {Kind.ACTION_DUE, Kind.CIRCULAR_CLOSING, Kind.DECISION_DUE}


def test_each_further_person_costs_the_same_few_queries(world: World) -> None:
    def more(count: int) -> None:
        with world.database.write() as session:
            people = [make.make_account(session, person=make.make_person(session)) for _ in range(count)]
        for account in people:
            world.person = account.person_id or 0
            action_of(world, 2)

    more(1)
    one = asked(world.database, remind)
    more(2)
    two = asked(world.database, remind)
    more(3)
    three = asked(world.database, remind)
    assert three - two == two - one <= 3


def test_reading_recent_notices_costs_the_same_for_few_and_many(world: World) -> None:
    with world.database.read() as session:
        actor = actor_of(session, world.account(session, "voting"))
    costs = []
    for _ in range(2):
        things(world, 3)
        asked(world.database, remind)
        costs.append(asked(world.database, lambda session: recent_page(session, actor)))
    assert costs[0] == costs[1]
    with world.database.read() as session:
        assert len(recent_page(session, actor)[0]) == 12


def test_nothing_new_costs_no_telling(world: World) -> None:
    things(world, 3)
    asked(world.database, remind)
    again = asked(world.database, remind)
    with world.database.write() as session:
        assert remind(session) == 0
    assert again < 25


def test_a_day_with_a_hundred_actions_of_twenty_people_makes_one_mail_each(world: World) -> None:
    with world.database.write() as session:
        body = make.load_body(session, world.body)
        people = [make.make_person(session) for _ in range(20)]
        session.add_all(
            Account(email=f"viele{number}@example.org", name=one.name, person_id=one.id, created_at=clock.now())
            for number, one in enumerate(people)
        )
        first = make.make_action(session, body, person_id=ident(people[0]), due_on=clock.today() - DAY)
        first.number = "A 0"
        copied = first.model_dump(exclude={"id", "number"})
        session.add_all(
            type(first)(
                **{**copied, "number": f"A {number}", "serial": 1000 + number, "person_id": people[number % 20].id}
            )
            for number in range(1, 100)
        )
    daily(world, clock.now())
    assert len(sent(world)) == 20
    with world.database.read() as session:
        assert len(session.exec(select(Notice)).all()) == 100
