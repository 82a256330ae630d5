"""What waits to be sent: on the meeting's page as its next step, and in the secretariat's list."""

import datetime as dt

import pytest

from app.actor import Role
from app.meetings.schemas import CancelIn, MoveIn
from app.meetings.service import cancel_meeting, move_meeting
from app.people.models import Person
from tests import factories


@pytest.fixture
def secretary(browse, database):
    with database.write() as session:
        account = factories.make_account(session, Role.SECRETARIAT)
    return browse(account)


def offered(secretary, house):
    """The button of the meeting's page, "primary: …" where it comes first, and what is said of the last time."""
    page = secretary.get(f"/sitzungen/{house.meeting}").text
    found = [
        part.rpartition("<a class=")[2] for part in page.split(f'href="/sitzungen/{house.meeting}/einladung"')[:-1]
    ]
    labels = [
        part.partition(">")[2].partition("<")[0]
        for part in page.split(f'href="/sitzungen/{house.meeting}/einladung"')[1:]
    ]
    named = [(label, "button-primary" in kind) for label, kind in zip(labels, found, strict=True)]
    return [one for one in named if "versenden" in one[0]], "Zuletzt per Mail versandt" in page


def listed(secretary):
    page = secretary.get("/").text
    return [line.partition("<")[0] for line in page.split('/einladung">')[1:]]


def move(session, actor, meeting):
    day = dt.timedelta(days=1)
    move_meeting(session, actor, meeting, MoveIn(starts_at=meeting.starts_at + day, ends_at=meeting.ends_at + day))


def cancel(session, actor, meeting):
    cancel_meeting(session, actor, meeting, CancelIn(reason="Streik"))


def test_each_change_offers_the_next_mail_until_it_is_sent(house, secretary):
    assert offered(secretary, house) == ([], False)
    house.announce()
    assert offered(secretary, house) == ([("Terminvormerkung versenden …", False)], False)
    assert listed(secretary) == []
    house.send()
    assert offered(secretary, house) == ([], True)
    house.release()
    assert offered(secretary, house) == ([("Einladung versenden …", True)], True)
    assert listed(secretary) == ["Einladung zur 7. Sitzung versenden"]
    house.send()
    assert (offered(secretary, house), listed(secretary)) == (([], True), [])
    for change, word in ((lambda: house.release(version=2), "Nachtrag"), (lambda: house.change(move), "Änderung")):
        change()
        assert offered(secretary, house) == ([(f"{word} versenden …", True)], True)
        assert listed(secretary) == [f"{word} zur 7. Sitzung versenden"]
        house.send()
        assert offered(secretary, house) == ([], True)
    house.change(cancel)
    assert offered(secretary, house) == ([("Absage versenden …", True)], True)
    house.send()
    assert (offered(secretary, house), listed(secretary)) == (([], True), [])


def test_a_meeting_that_nobody_was_told_of_needs_no_cancellation(house, secretary):
    house.announce()
    house.change(cancel)
    assert (offered(secretary, house), listed(secretary)) == (([], False), [])


def test_members_are_offered_nothing(house, browse, database):
    house.release()
    with database.write() as session:
        account = factories.make_account(session, person=session.get_one(Person, house.people["member"]))
    page = browse(account).get(f"/sitzungen/{house.meeting}").text
    assert "Einladung versenden" not in page
