"""The world of the notices as a fixture."""

import pytest

from app import clock
from app.actor import Role
from app.bodies import service as bodies
from app.bodies.models import MembershipKind
from app.db import Database, ident
from app.meetings.models import MeetingState
from app.worker import follow_all
from tests import factories as make
from tests.notices.world import World, bodies_seat, with_seat


@pytest.fixture
def world(database: Database) -> World:
    with database.write() as session:
        body = make.make_body(session)
        voting = make.make_seated(session, body)
        seat_id = bodies_seat(session, voting)
        people = {
            "voting": voting,
            "advisory": make.make_seated(session, body, voting=False),
            "office": with_seat(session, body, seat_id, MembershipKind.OFFICE),
            "deputy": with_seat(session, body, seat_id, MembershipKind.DEPUTY),
            "secretariat": make.make_account(session, Role.SECRETARIAT, body),
            "revision": make.make_account(session, Role.AUDITOR, body),
            "elsewhere": make.make_seated(session, make.make_body(session)),
            "closed": make.make_seated(session, body),
            "lead": make.make_account(session, person=make.make_person(session)),
        }
        people["closed"].active = False
        session.add(people["closed"])
        by_post = make.make_person(session, email="post@example.org")
        bodies.fill_seat(
            session,
            make.operator(),
            make.make_seat(session, body),
            person_id=ident(by_post),
            kind=MembershipKind.MEMBER,
        )
        meeting = make.make_meeting(session, body)
        meeting.state, meeting.announced_at = MeetingState.RELEASED, clock.now()
        session.add(meeting)
        session.flush()
        names = {f"a{account.id}": name for name, account in people.items()} | {f"p{by_post.id}": "by post"}
        made = World(database, ident(body), ident(meeting), seat_id, voting.person_id or 0, names)
    follow_all(database)
    return made
