"""A mail is written once for an occasion, with everything it carries, and waits for the worker."""

import json

from sqlmodel import select

from app.jobs.models import Job
from app.outbox.models import MailAttachment, MailState
from app.outbox.schemas import AttachedFile, CalendarPart, Letter, Mailbox
from app.outbox.service import SEND_JOB, post_mail

TO, FROM = Mailbox("ada@beispiel.test", "Ada\nBeispiel"), Mailbox("skip@beispiel.test", "Geschäftsstelle")


def test_a_mail_waits_with_its_parts(session):
    mail = post_mail(
        session,
        Letter("Einladung\r\nBcc: alle@beispiel.test", "Guten Tag"),
        kind="invitation",
        to=TO,
        sender=FROM,
        calendar=CalendarPart("BEGIN:VCALENDAR", "REQUEST"),
        files=[AttachedFile("a.pdf", "application/pdf", "0" * 64), AttachedFile("b.pdf", "application/pdf", "1" * 64)],
    )
    assert (mail.state, mail.attempts, mail.calendar_method) == (MailState.WAITING, 0, "REQUEST")
    assert "\n" not in mail.subject + mail.name
    assert "\r" not in mail.subject
    assert mail.message_id.endswith("@beispiel.test>")
    files = session.exec(
        select(MailAttachment).where(MailAttachment.mail_id == mail.id).order_by(MailAttachment.position)
    )
    assert [(one.position, one.name) for one in files] == [(1, "a.pdf"), (2, "b.pdf")]
    job = session.exec(select(Job).where(Job.name == SEND_JOB)).one()
    assert json.loads(job.payload) == {"id": mail.id}


def test_one_occasion_gives_one_mail(session):
    first, again = (
        post_mail(session, Letter(subject, "x"), kind="notice", to=TO, sender=FROM, dedupe_key="papers:1:ada")
        for subject in ("eins", "zwei")
    )
    assert again is first
    assert first.subject == "eins"
    assert len(session.exec(select(Job).where(Job.name == SEND_JOB)).all()) == 1
