"""Invitations over the API: the preview, sending exactly what was seen, and the answers that came."""

import pytest
from sqlmodel import col, select

from app import clock
from app.db import ident
from app.invitations.models import InvitationReply, ReplyOutcome, ReplyWay
from app.outbox.models import Mail
from app.people.models import Person
from tests.api.conftest import fields, problem


@pytest.fixture
def invited(database, house):
    """The house whose seated persons have addresses; the path of its invitations."""
    with database.write() as session:
        for row in session.exec(select(Person).order_by(col(Person.id))).all():
            row.email = f"p{row.id}@beispiel.test"
            session.add(row)
    return f"{house.meeting}/invitations"


def mails(database):
    with database.read() as session:
        return session.exec(select(Mail).order_by(col(Mail.id))).all()


def confirmed(preview, **changes):
    keys = [one["key"] for one in preview["recipients"] if one["proposed"]]
    return {"fingerprint": preview["fingerprint"], "recipients": keys, **changes}


def test_what_was_previewed_is_sent_once(call, house, invited, database):
    program = call(house["secretariat"])
    before = program.get(invited).json()
    assert (before["items"], before["why"]) == ([], "")
    assert before["preview"]["kind"] == "Terminvormerkung"
    assert before["preview"]["recipients"][0]["answers"] is True
    wish = confirmed(before["preview"], note="Bitte pünktlich.")
    sent = program.post(invited, wish, once="eins")
    assert (sent.status_code, sent.headers["location"]) == (201, f"/api/v1{invited}")
    assert [one["state"] for one in sent.json()["recipients"]] == ["waiting"] * len(wish["recipients"])
    for key in ("eins", "zwei", None):
        assert program.post(invited, wish, once=key).json() == sent.json()
    assert len(mails(database)) == len(wish["recipients"])
    after = program.get(invited).json()
    assert after["items"] == [sent.json()]
    assert (after["preview"]["changes"], [one["proposed"] for one in after["preview"]["recipients"]]) == (
        [],
        [False] * len(wish["recipients"]),
    )


def test_an_overtaken_preview_sends_nothing_and_answers_with_the_present_one(call, house, invited, database):
    program = call(house["secretariat"])
    wish = confirmed(program.get(invited).json()["preview"])
    later = {"starts_at": "2026-05-13T10:00:00+02:00", "ends_at": "2026-05-13T12:00:00+02:00"}
    assert program.post(f"{house.meeting}/move", later).status_code == 200
    refused = problem(program.post(invited, wish, once="eins"), 412)
    assert mails(database) == []
    assert refused["current"] == program.get(invited).json()["preview"]
    assert program.post(invited, confirmed(refused["current"]), once="zwei").status_code == 201


def test_the_same_preview_to_others_is_overtaken(call, house, invited, database):
    program = call(house["secretariat"])
    wish = confirmed(program.get(invited).json()["preview"])
    assert len(wish["recipients"]) > 1
    assert program.post(invited, {**wish, "recipients": wish["recipients"][:1]}).status_code == 201
    problem(program.post(invited, wish), 412)
    assert len(mails(database)) == 1


def test_who_is_nobody_is_refused_at_the_field(call, house, invited):
    program = call(house["secretariat"])
    wish = confirmed(program.get(invited).json()["preview"])
    assert list(fields(program.post(invited, {**wish, "recipients": []}))) == ["recipients"]
    assert list(fields(program.post(invited, {**wish, "recipients": ["f" * 20]}))) == ["recipients"]
    assert list(fields(program.post(invited, {"fingerprint": "a"}))) == ["recipients"]


def test_nothing_is_sent_for_a_meeting_that_nobody_announced(call, house, invited):
    path = f"/meetings/{house.planned.id}/invitations"
    program = call(house["secretariat"])
    answer = program.get(path).json()
    assert answer["preview"] is None
    assert "noch nicht angekündigt" in answer["why"]
    problem(program.post(path, {"fingerprint": "a", "recipients": ["b"]}), 409)


def test_the_chair_reads_what_was_sent_and_sends_nothing(call, house, invited):
    secretariat, chair = call(house["secretariat"]), call(house["chair"])
    wish = confirmed(secretariat.get(invited).json()["preview"])
    secretariat.post(invited, wish)
    answer = chair.get(invited).json()
    assert answer["preview"] is None
    assert len(answer["items"]) == 1
    problem(chair.post(invited, wish), 403)


@pytest.mark.parametrize("who", ["member", "stranger", "auditor", "admin", "lead", "nobody"])
def test_others_find_nothing(call, house, invited, who):
    program = call(house[who])
    problem(program.get(invited), 404)
    problem(program.get(f"{house.meeting}/replies"), 404)
    problem(program.post(invited, {"fingerprint": "a", "recipients": ["b"]}), 404)


def test_answers_are_read_page_by_page(call, house, database):
    with database.write() as session:
        for outcome in (ReplyOutcome.TAKEN, ReplyOutcome.REFUSED):
            reply = InvitationReply(
                message_id=f"<{outcome}@x>",
                meeting_id=ident(house.announced),
                way=ReplyWay.MAIL,
                received_at=clock.now(),
                partstat="ACCEPTED",
                sender="ada@beispiel.test",
                outcome=outcome,
            )
            session.add(reply)
            session.flush()
    found = call(house["chair"]).walk(f"{house.meeting}/replies", limit=1)
    assert [one["outcome"] for one in found] == ["refused", "taken"]
    assert (found[0]["answer"], found[0]["sender"]) == ("ACCEPTED", "ada@beispiel.test")
