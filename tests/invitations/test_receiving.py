"""Answers by mail: whose they are, which of two counts, and that nothing is done twice or lost."""

import base64
import datetime as dt
from email.message import EmailMessage

import pytest
from sqlmodel import col, select

from app import clock
from app.attendance.models import Answer
from app.attendance.queries import find_announcement
from app.db import ident
from app.invitations.models import GuestAnswer, InvitationReply, ReplyOutcome
from app.invitations.rules.mails import read_mail
from app.invitations.service.receiving import receive_mail
from app.meetings.models import Meeting
from app.meetings.schemas import MoveIn
from app.meetings.service import move_meeting

STAMP = "20260302T080000Z"


@pytest.fixture
def sent(house):
    house.release()
    house.send()
    return house


def uid(house):
    with house.database.read() as session:
        return session.get_one(Meeting, house.meeting).uid


def ics(house, name="member", partstat="ACCEPTED", sequence=0, stamp=STAMP, **fields):
    params = "".join(f";{key.upper().replace('_', '-')}={value}" for key, value in fields.items())
    return (
        "BEGIN:VCALENDAR\r\nPRODID:-//X//DE\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n"
        f"UID:{uid(house)}\r\nSEQUENCE:{sequence}\r\nDTSTAMP:{stamp}\r\n"
        f"ATTENDEE;PARTSTAT={partstat}{params}:mailto:{name}@skip.test\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def mail(calendar, sender="member@skip.test", message_id="<1@skip.test>", cte="base64"):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = f"Ada <{sender}>", "gremium@skip.test", "Zugesagt: Größe"
    made["Message-ID"] = message_id
    made.set_content("Anbei")
    made.add_alternative(calendar, subtype="calendar", params={"method": "REPLY"}, cte=cte)
    return made.as_bytes()


def row_of(house, seat=None):
    with house.database.read() as session:
        return find_announcement(session, house.meeting, ident(seat or house.seat))


def replies(house):
    with house.database.read() as session:
        return session.exec(select(InvitationReply).order_by(col(InvitationReply.id))).all()


@pytest.mark.parametrize("cte", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize(("partstat", "answer"), [("ACCEPTED", Answer.ACCEPTED), ("DECLINED", Answer.DECLINED)])
def test_an_answer_is_taken_in_every_encoding(sent, cte, partstat, answer):
    assert receive_mail(sent.database, mail(ics(sent, partstat=partstat), cte=cte)) == [ReplyOutcome.TAKEN]
    row = row_of(sent)
    assert (row.answer, row.answered_by) == (answer, "Ömember, per Mail")
    assert row.answered_at == dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)


def test_an_answer_that_is_only_an_attachment_is_found(sent):
    made = EmailMessage()
    made["From"], made["Message-ID"] = "member@skip.test", "<1@x>"
    made.set_content("Anbei")
    made.add_attachment(ics(sent).encode(), maintype="application", subtype="octet-stream", filename="Antwort.ICS")
    assert receive_mail(sent.database, made.as_bytes()) == [ReplyOutcome.TAKEN]


def test_a_mail_is_read_once(sent):
    raw = mail(ics(sent))
    assert receive_mail(sent.database, raw) == [ReplyOutcome.TAKEN]
    assert receive_mail(sent.database, raw) == []
    assert len(replies(sent)) == 1


def test_the_office_and_a_guest_answer_too(sent):
    office = mail(ics(sent, "office"), "office@skip.test", "<2@x>")
    assert receive_mail(sent.database, office) == [ReplyOutcome.TAKEN]
    assert row_of(sent).answered_by == "Öoffice, im Auftrag, per Mail"
    guest = mail(ics(sent, "guest", "DECLINED"), "guest@skip.test", "<3@x>")
    assert receive_mail(sent.database, guest) == [ReplyOutcome.TAKEN]
    with sent.database.read() as session:
        assert session.get_one(GuestAnswer, (sent.meeting, sent.people["guest"])).answer is Answer.DECLINED


@pytest.mark.parametrize(
    ("sender", "fields", "outcome"),
    [
        ("thief@skip.test", {}, ReplyOutcome.UNMATCHED),
        ("adviser@skip.test", {}, ReplyOutcome.UNMATCHED),
        ("thief@skip.test", {"name": "thief"}, ReplyOutcome.UNMATCHED),
        ("member@skip.test", {"sequence": 4}, ReplyOutcome.REFUSED),
        ("member@skip.test", {"partstat": "TENTATIVE"}, ReplyOutcome.NOTED),
        ("member@skip.test", {"partstat": "X-UNSINN"}, ReplyOutcome.NOTED),
        ("deputy@skip.test", {"name": "deputy"}, ReplyOutcome.NOTED),
        ("member@skip.test", {"partstat": "DELEGATED", "delegated_to": '"mailto:x@skip.test"'}, ReplyOutcome.REFUSED),
    ],
)
def test_what_does_not_hold_is_kept_and_changes_nothing(sent, sender, fields, outcome):
    assert receive_mail(sent.database, mail(ics(sent, **fields), sender)) == [outcome]
    assert row_of(sent) is None
    (kept,) = replies(sent)
    assert kept.why
    assert kept.sender == sender


def test_two_senders_are_a_trick(sent):
    raw = b"From: thief@skip.test\r\n" + mail(ics(sent))
    assert receive_mail(sent.database, raw) == [ReplyOutcome.UNMATCHED]


@pytest.mark.parametrize(
    ("line", "sender"),
    [
        ("member@skip.test (Ada)", "member@skip.test"),
        ('"Ada, member@x.test" <Member@skip.test>', "member@skip.test"),
        ("member@skip.test <member@skip.test>", "member@skip.test"),
        ("member@skip.test, thief@skip.test", ""),
        ("member@skip.test <thief@skip.test>", ""),
        ("member@skip.test (Ada)@thief.test", ""),
        ("\0member@skip.test", ""),
    ],
)
def test_a_line_with_several_senders_names_none(line, sender):
    assert read_mail(f"From: {line}\r\n\r\n".encode()).sender == sender


def test_a_delegation_to_a_deputy_of_the_seat_represents_it(sent):
    calendar = ics(sent, partstat="DELEGATED", delegated_to='"mailto:Deputy@skip.test"')
    assert receive_mail(sent.database, mail(calendar)) == [ReplyOutcome.TAKEN]
    row = row_of(sent)
    assert (row.answer, row.deputy_id) == (Answer.REPRESENTED, sent.people["deputy"])


def test_what_was_said_later_counts_in_whatever_order_it_comes(sent):
    later, earlier = ics(sent, partstat="DECLINED", stamp="20260302T075000Z"), ics(sent, stamp="20260302T074000Z")
    assert receive_mail(sent.database, mail(later, message_id="<1@x>")) == [ReplyOutcome.TAKEN]
    assert receive_mail(sent.database, mail(earlier, message_id="<2@x>")) == [ReplyOutcome.OUTDATED]
    assert row_of(sent).answer is Answer.DECLINED
    newest = mail(ics(sent, stamp="20260302T075500Z"), message_id="<3@x>")
    assert receive_mail(sent.database, newest) == [ReplyOutcome.TAKEN]
    assert row_of(sent).answer is Answer.ACCEPTED


def test_a_clock_that_is_fast_bars_nobody(sent):
    assert receive_mail(sent.database, mail(ics(sent, stamp="20990101T000000Z"))) == [ReplyOutcome.TAKEN]
    assert row_of(sent).answered_at == clock.now()


def test_an_answer_to_the_former_date_is_outdated(sent):
    def move(session, actor, meeting):
        day = dt.timedelta(days=1)
        move_meeting(session, actor, meeting, MoveIn(starts_at=meeting.starts_at + day, ends_at=meeting.ends_at + day))

    sent.change(move)
    assert receive_mail(sent.database, mail(ics(sent))) == [ReplyOutcome.OUTDATED]
    assert receive_mail(sent.database, mail(ics(sent, sequence=1), message_id="<2@x>")) == [ReplyOutcome.REFUSED]


def test_other_mails_are_kept_for_people(sent):
    made = EmailMessage()
    made["From"], made["Subject"] = "member@skip.test", "Bin krank"
    made.set_content("Ich komme nicht.")
    assert receive_mail(sent.database, made.as_bytes()) == [ReplyOutcome.NO_REPLY]
    assert receive_mail(sent.database, made.as_bytes()) == []
    assert replies(sent)[0].subject == "Bin krank"


BOMB = (
    b"Content-Type: multipart/mixed; boundary=a\r\n\r\n"
    + b"--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" * 3000
)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff" * 1000,
        b"From: \xff\xfe\r\nSubject: =?utf-99?q?x?=\r\n\r\n",
        b"Content-Type: text/calendar; charset=nope\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"Content-Type: text/calendar\r\n\r\n" + b"BEGIN:VCALENDAR\r\n" * 20000,
        b"Content-Type: text/calendar\r\n\r\n" + base64.b64encode(b"x" * 400_000),
        BOMB,
        b"From: " + b"(" * 5000 + b"a@skip.test\r\n\r\n",
        b"From: a\x00b@skip.test\r\nSubject: a\x00b\r\nMessage-ID: <a\x00b@x>\r\n\r\n",
        b"Subject: " + b"=?utf-8?q?a?= " * 100_000 + b"\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\n\nx\n" * 100_000,
    ],
    ids=range(11),
)
def test_hostile_mails_end_as_mails_without_an_answer(sent, raw):
    assert read_mail(raw).replies == ()
    assert "\0" not in read_mail(raw).sender
    assert receive_mail(sent.database, raw) == [ReplyOutcome.NO_REPLY]
