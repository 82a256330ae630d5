"""Answers by personal link: for whom it answers, what it shows, and that looking changes nothing."""

import datetime as dt

import pytest
from sqlmodel import select

from app import clock
from app.attendance.models import Announcement, Answer
from app.attendance.queries import find_announcement
from app.bodies.models import Membership
from app.db import ident
from app.invitations.models import GuestAnswer, InvitationReply
from app.meetings.schemas import CancelIn, MoveIn
from app.meetings.service import cancel_meeting, move_meeting
from app.people.models import Person
from tests.invitations.conftest import LONG


@pytest.fixture
def keys(house):
    house.release()
    house.send()
    return {name: one.key for name, one in house.mails().items() if one.key}


def announced(house):
    with house.database.read() as session:
        return find_announcement(session, house.meeting, ident(house.seat))


def test_the_page_shows_body_number_date_place_and_the_own_seat_only(house, keys, browse):
    page = browse().get(f"/antwort/{keys['member']}").text
    for words in ("7. Sitzung", "Freitag, 1. Mai 2026", "Säulensaal", "Ömember"):
        assert words in page
    for words in (LONG[:20], "Öadviser", "skip.test", "Tagesordnung"):
        assert words not in page


def test_looking_at_the_link_changes_nothing(house, keys, browse):
    for address in ("", "?antwort=ja", "?antwort=nein"):
        assert browse().get(f"/antwort/{keys['member']}{address}").status_code == 200
    assert announced(house) is None


@pytest.mark.parametrize(
    ("wish", "answer"),
    [
        ({"answer": "accepted"}, Answer.ACCEPTED),
        ({"answer": "declined", "note": "Urlaub"}, Answer.DECLINED),
        ({"answer": "represented", "deputy_name": "Kim Muster"}, Answer.REPRESENTED),
    ],
)
def test_a_member_answers_for_the_seat(house, keys, browse, wish, answer):
    said = browse().submit(f"/antwort/{keys['member']}", seat=ident(house.seat), **wish)
    assert said.status_code == 303
    row = announced(house)
    assert (row.answer, row.note, row.deputy_name) == (answer, wish.get("note", ""), wish.get("deputy_name", ""))
    assert row.answered_by == "Ömember, per Link"


def test_the_office_names_a_deputy_in_its_name(house, keys, browse):
    wish = {"answer": "represented", "deputy": house.people["deputy"]}
    assert browse().submit(f"/antwort/{keys['office']}", seat=ident(house.seat), **wish).status_code == 303
    row = announced(house)
    assert (row.deputy_id, row.answered_by) == (house.people["deputy"], "Öoffice, im Auftrag, per Link")


@pytest.mark.parametrize("wish", [{}, {"answer": "open"}, {"answer": "represented"}, {"answer": "nein"}])
def test_what_does_not_hold_is_said_at_the_form(house, keys, browse, wish):
    answer = browse().submit(f"/antwort/{keys['member']}", seat=ident(house.seat), **wish)
    assert answer.status_code == 422
    assert announced(house) is None


def test_nobody_answers_for_anothers_seat(house, keys, browse):
    answer = browse().submit(f"/antwort/{keys['member']}", seat=ident(house.advisory), answer="accepted")
    assert answer.status_code == 422
    answer = browse().submit(f"/antwort/{keys['member']}", answer="accepted")
    assert answer.status_code == 422
    with house.database.read() as session:
        assert session.exec(select(Announcement)).all() == []


def test_a_guest_answers_alone(house, keys, browse):
    address = f"/antwort/{keys['guest']}"
    assert browse().submit(address, answer="represented", deputy_name="Kim").status_code == 422
    assert browse().submit(address, answer="accepted", note="mit Folien").status_code == 303
    with house.database.read() as session:
        row = session.get_one(GuestAnswer, (house.meeting, house.people["guest"]))
        assert (row.answer, row.note) == (Answer.ACCEPTED, "mit Folien")
    assert next(one.standing for one in house.plan().addressees if one.address == "guest@skip.test") == "zugesagt"


def test_every_answer_is_kept(house, keys, browse):
    for answer in ("accepted", "declined"):
        browse().submit(f"/antwort/{keys['member']}", seat=ident(house.seat), answer=answer)
    with house.database.read() as session:
        assert len(session.exec(select(InvitationReply)).all()) == 2


def test_an_older_link_shows_the_present_state(house, keys, browse):
    def move(session, actor, meeting):
        wish = MoveIn(
            starts_at=meeting.starts_at + dt.timedelta(days=7), ends_at=meeting.ends_at + dt.timedelta(days=7)
        )
        move_meeting(session, actor, meeting, wish)

    house.change(move)
    house.send()
    assert house.mails()["member"].key != keys["member"]
    assert "8. Mai 2026" in browse().get(f"/antwort/{keys['member']}").text


def test_after_the_beginning_and_after_a_cancellation_nothing_is_taken(house, keys, browse):
    address = f"/antwort/{keys['member']}"
    with clock.standing_at(dt.datetime(2026, 5, 1, 10, tzinfo=clock.BERLIN)):
        page = browse().get(address)
        assert "hat schon begonnen" in page.text
        assert "Säulensaal" not in page.text
        assert browse().submit(address, seat=ident(house.seat), answer="accepted").status_code == 409
    house.change(lambda session, actor, meeting: cancel_meeting(session, actor, meeting, CancelIn(reason="GEHEIM")))
    page = browse().get(address).text
    assert "abgesagt" in page
    assert "GEHEIM" not in page
    assert browse().submit(address, seat=ident(house.seat), answer="accepted").status_code == 409
    assert announced(house) is None


def test_who_left_the_seat_answers_no_more(house, keys, browse):
    with house.database.write() as session:
        rows = session.exec(select(Membership).where(Membership.person_id == house.people["member"]))
        for row in rows:
            row.valid_to = clock.today()
            session.add(row)
    page = browse().get(f"/antwort/{keys['member']}")
    assert (page.status_code, "Säulensaal" in page.text) == (404, False)
    assert browse().submit(f"/antwort/{keys['member']}", seat=ident(house.seat), answer="accepted").status_code == 404


def test_who_got_the_mail_by_mistake_answers_no_more_once_the_address_is_corrected(house, keys, browse):
    address = f"/antwort/{keys['member']}"
    with house.database.write() as session:
        person = session.get_one(Person, house.people["member"])
        person.email = "Right@skip.test"
        session.add(person)
    page = browse().get(address)
    assert (page.status_code, "Säulensaal" in page.text) == (404, False)
    assert browse().submit(address, seat=ident(house.seat), answer="accepted").status_code == 404
    assert announced(house) is None
    house.send()
    assert browse().get(f"/antwort/{house.mails()['right'].key}").status_code == 200


def test_unknown_keys_are_not_found(house, keys, browse):
    assert browse().get("/antwort/" + "x" * 43).status_code == 404
    assert browse().submit("/antwort/" + "x" * 43, answer="accepted").status_code == 404


def test_a_form_of_another_site_is_refused(house, keys, browse):
    opened = browse()
    token = opened.token()
    answer = opened.post(
        f"/antwort/{keys['member']}",
        data={"csrf_token": token, "seat": ident(house.seat), "answer": "accepted"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403  # 401 would send people without an account to the sign-in
    assert announced(house) is None
