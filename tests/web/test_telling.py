"""Pages that say before an act whom it tells: their number is that of the notices made afterwards, and says nobody."""

import re

import pytest
from sqlmodel import Session, col, select

from app.actor import Role
from app.agenda.models import AgendaItem
from app.agenda.schemas.wishes import GuestIn
from app.agenda.service.guests import invite_guest
from app.bodies import service as bodies
from app.bodies.models import MembershipKind
from app.db import Database, ident
from app.meetings.models import Meeting
from app.notices.models import Notice
from app.notices.queries.telling import tell
from app.notices.rules.foretold import words_before
from app.notices.rules.kinds import Kind
from app.notices.service.keeping import Readers
from app.people.models import Account, Person
from app.projects.models import ProjectLead
from app.visibility import Level
from app.worker import follow_all
from tests import factories
from tests.factories import operator
from tests.minutes.held import make_held
from tests.queries import recorded_queries
from tests.web.heart import APPROVED, add_item, make_house, meeting_of, words

STAYS = "Der Mailversand ist nicht eingerichtet: Die Mails bleiben im Postausgang."
COUNT = re.compile(r"Danach (?:wird 1 Person|werden (\d+) Personen) benachrichtigt\. (.{14})")


@pytest.fixture
def house(database: Database):
    made = make_house(database)
    follow_all(database)
    return made


def foretold(page) -> int:
    found = COUNT.search(words(page))
    assert found, words(page)[-600:]
    assert STAYS in words(page), "no mail server is set up in tests"
    return int(found[1] or 1)


def told(database: Database, kind: Kind) -> set[str]:
    follow_all(database)
    with database.read() as session:
        rows = session.exec(select(Notice).where(Notice.kind == kind).order_by(col(Notice.id))).all()
        return {f"a{row.account_id}" if row.account_id else f"p{row.person_id}" for row in rows}


def sentences(database: Database, kind: Kind) -> dict[str, tuple[str, ...]]:
    """What each recipient is told, line by line."""
    with database.read() as session:
        rows = session.exec(select(Notice).where(Notice.kind == kind)).all()
        found = {}
        for row in rows:
            who = session.get(Account, row.account_id) if row.account_id else session.get(Person, row.person_id)
            said = tell(session, Readers(session).actor(who), row)
            assert said is not None
            found[f"a{row.account_id}" if row.account_id else f"p{row.person_id}"] = (said.line, *said.lines)
        return found


def invite(database: Database, house, item_id: int) -> Person:
    """A guest with an address and without an account."""
    with database.write() as session:
        guest = factories.make_person(session, email="gast@example.org")
        meeting = session.get_one(Meeting, house.meeting.id)
        invite_guest(session, operator(), meeting, session.get_one(AgendaItem, item_id), GuestIn(person=ident(guest)))
        return guest


def lead(session: Session, project) -> Account:
    account = factories.make_account(session, person=factories.make_person(session))
    session.add(ProjectLead(project_id=ident(project), person_id=account.person_id))
    session.flush()
    return account


def test_a_release_tells_as_many_as_its_page_says_guests_and_leads_of_open_items_among_them(browse, database, house):
    open_item = add_item(database, house, "Offen", projects=[house.red.id])
    secret = add_item(database, house, "Heikel", projects=[house.worse.id], level=Level.CONFIDENTIAL)
    guests = {f"p{invite(database, house, one).id}" for one in (open_item, secret)}
    with database.write() as session:
        leader, _ = lead(session, house.red), lead(session, house.worse)
    office = browse(house.secretariat)
    count = foretold(office.get(f"{house.address}/freigabe"))
    assert office.submit(f"{house.address}/freigabe", **APPROVED).status_code == 303
    seated = {f"a{one.id}" for one in (house.chair, house.member, house.advisory)}
    assert told(database, Kind.AGENDA_RELEASED) == seated | guests | {f"a{leader.id}"}
    assert count == 6


def test_a_supplement_tells_as_many_and_in_words_without_anything_confidential(browse, database, house):
    released = add_item(database, house, "Offen")
    office = browse(house.secretariat)
    assert office.submit(f"{house.address}/freigabe", **APPROVED).status_code == 303
    with database.write() as session:
        house.meeting = session.get_one(Meeting, house.meeting.id)
    add_item(database, house, "Verratwort", level=Level.CONFIDENTIAL)
    fresh = add_item(database, house, "Nachgereichtes", projects=[house.red.id])
    guest = invite(database, house, fresh)
    assert office.submit(f"{house.address}/tagesordnung/{released}/absetzen", reason="Grundwort").status_code == 303
    count = foretold(office.get(f"{house.address}/freigabe"))
    wish = {**APPROVED, "reason": "Nachtragsgrund"}
    answer = office.submit(f"{house.address}/freigabe", **wish)
    assert answer.status_code == 303, words(answer)
    members = {f"a{one.id}" for one in (house.chair, house.member, house.advisory)}
    assert told(database, Kind.AGENDA_CHANGED) == members | {f"p{guest.id}"}
    assert count == 4
    said = sentences(database, Kind.AGENDA_CHANGED)
    assert said.pop(f"p{guest.id}")[1:] == (), "a guest reads an own item, not the change sheet"
    for lines in said.values():
        assert lines[0] == "SKIP: Nachtrag zur Tagesordnung der 18. Sitzung am 12.05.2026"
        assert any("neu" in line for line in lines[1:])
        assert any("abgesetzt" in line for line in lines[1:])
        together = " ".join(lines)
        assert not {"Verratwort", "Nachgereichtes", "Offen"} & set(together.replace("„", " ").replace("“", " ").split())
        assert "Grundwort" not in together


def test_who_does_it_is_not_counted_nor_is_anybody_told_of_what_was_entered_afterwards(browse, database, house):
    add_item(database, house)
    with database.write() as session:
        doer = session.get_one(Account, house.secretariat.id)
        doer.person_id = ident(factories.make_person(session))
        session.add(doer)
        seat = factories.make_seat(session, house.body)
        bodies.fill_seat(session, operator(), seat, person_id=doer.person_id, kind=MembershipKind.MEMBER)
    office = browse(house.secretariat)
    assert foretold(office.get(f"{house.address}/freigabe")) == 3
    with database.write() as session:
        meeting = meeting_of(database, house)
        meeting.entered_afterwards = True
        session.add(session.merge(meeting))
    assert "Danach wird niemand benachrichtigt." in words(office.get(f"{house.address}/freigabe"))


def test_minutes_for_review_tell_as_many_as_their_page_says(browse, database):
    with database.write() as session:
        held = make_held(session)
        office = factories.make_account(session, Role.SECRETARIAT, held.body)
    follow_all(database)
    address = f"/sitzungen/{held.meeting.id}/niederschrift"
    browser = browse(office)
    assert foretold(browser.get(address)) == 2
    sent = browser.submit(f"{address}/versand", released_by="Vera", released_on="02.03.2026", released_how="E-Mail")
    assert sent.status_code == 303
    assert told(database, Kind.MINUTES_REVIEW) == {f"a{one.id}" for one in held.accounts.values()}
    assert "benachrichtigt" not in words(browse(held.accounts["member"]).get(address))


@pytest.mark.parametrize("level", ["internal", "confidential"])
def test_a_circular_tells_the_people_of_the_voting_seats(browse, database, house, level):
    office = browse(house.secretariat)
    made = office.submit("/umlaufverfahren", title="Flächen", wording="Ja.", grounds="", level=level)
    address = made.headers["location"]
    assert foretold(office.get(address)) == 2
    assert office.submit(f"{address}/starten").status_code == 303
    assert told(database, Kind.CIRCULAR_OPENED) == {f"a{house.chair.id}", f"a{house.member.id}"}
    assert "benachrichtigt" not in words(office.get(address))


def test_counting_costs_the_same_for_few_and_many(browse, database, house):
    add_item(database, house)
    office = browse(house.secretariat)

    def asked() -> int:
        office.get(f"{house.address}/freigabe")
        with recorded_queries(database.connection) as found:
            office.get(f"{house.address}/freigabe")
        return len(found)

    before = asked()
    with database.write() as session:
        for _ in range(5):
            factories.make_seated(session, session.merge(house.body))
    assert asked() == before


def test_the_sentence():
    assert words_before(0, sends=False) == "Danach wird niemand benachrichtigt."
    assert words_before(1, sends=True) == "Danach wird 1 Person benachrichtigt."
    assert words_before(2, sends=False) == f"Danach werden 2 Personen benachrichtigt. {STAYS}"
