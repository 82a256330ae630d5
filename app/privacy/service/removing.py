"""Removing an account and contact data, while what belongs to the files keeps the name."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.actor import Actor
from app.db import ident
from app.errors import NotFound, Refused
from app.history.models import HistoryDetail, HistoryErasure, Reach
from app.history.service import record
from app.jobs.models import Job
from app.migrating import every_table
from app.outbox.models import MailState
from app.people.models import Account, Person
from app.privacy.queries import removing
from app.privacy.queries.people import Subject
from app.privacy.queries.personal import references
from app.privacy.rules.references import REFERENCES, Fate
from app.revisions.models import EditPresence, TextRevision

REASON = "Konto und Kontaktdaten entfernt"
EMPTIED = "Entferntes Konto"


def remove_subject(session: Session, actor: Actor, subject: Subject) -> None:
    """Take away account, contact data and what hangs on them; Refused while a seat, a lead or an action holds it.

    The person's row stays as a name where the files refer to it, the account's as an empty row, so that its number is
    never given again. The history loses its details about them, each with the reason; its chain holds.
    """
    if not actor.is_admin:
        raise NotFound()
    removing.lock_subject(session, subject)
    against = removing.refusals(session, actor, subject)
    if against:
        raise Refused(" ".join(against))
    addresses = subject.addresses
    accounts = [ident(account) for account in subject.accounts]
    persons = [ident(subject.person)] if subject.person else []
    keeps = removing.keeps_name(session, subject)
    things = {"account": accounts, "person": persons}
    _blank_mails(session, removing.mails_of(session, accounts, persons, addresses))
    _blank_invitations(session, persons, addresses)
    things |= _delete_references(session, {"account": accounts, "person": persons}, keeps=keeps)
    _forget_writing(session, accounts)
    _forget_addresses(session, addresses)
    for account in subject.accounts:
        _empty_account(session, account)
    if subject.person is not None:
        _empty_person(session, subject.person, keeps=keeps)
    session.flush()
    erase_details(session, removing.entries_about(session, things, addresses), REASON)
    _record(session, actor, subject, keeps=keeps)


def _delete_references(session: Session, ids: dict[str, list[int]], *, keeps: bool) -> dict[str, list[int]]:
    """Delete what hangs on them and goes; the ids of what is gone, by table."""
    gone: dict[str, list[int]] = {}
    for place, column in sorted(references().items()):
        fate = REFERENCES[place].fate
        root = next(iter(column.foreign_keys)).column.table.name
        if not ids[root] or not (fate is Fate.GOES or (fate is Fate.FOLLOWS and not keeps)):
            continue
        gone.setdefault(column.table.name, []).extend(removing.rows_of(session, column, ids[root]))
        session.execute(sa.delete(column.table).where(column.in_(ids[root])))
    return gone


def _blank_mails(session: Session, mail_ids: list[int]) -> None:
    """The line of the delivery log stays, without a word of whom it was for and what it said."""
    tables = every_table().tables
    mail, attached, tried = tables["mail"], tables["mail_attachment"], tables["mail_try"]
    nothing = dict.fromkeys(("address", "name", "reply_to", "subject", "text", "html", "calendar", "answer"), "")
    nobody = dict.fromkeys(("account_id", "person_id", "link_id", "unsubscribe_id", "dedupe_key"))
    for_them = mail.c.id.in_(mail_ids)
    waits = sa.and_(for_them, mail.c.state == MailState.WAITING)
    session.execute(sa.update(mail).where(waits).values(state=MailState.CANCELLED))
    session.execute(sa.update(mail).where(for_them).values(**nothing, **nobody, texts_erased_at=clock.now()))
    session.execute(sa.update(tried).where(tried.c.mail_id.in_(mail_ids)).values(answer=""))
    session.execute(sa.delete(attached).where(attached.c.mail_id.in_(mail_ids)))


def _blank_invitations(session: Session, person_ids: list[int], addresses: tuple[str, ...]) -> None:
    """Who was invited stays on the list by name; where the mail went and what they wrote to it does not."""
    tables = every_table().tables
    sent, replies = tables["invitation_recipient"], tables["invitation_reply"]
    for_them = sa.or_(sent.c.person_id.in_(person_ids), sa.func.lower(sent.c.address).in_(addresses))
    theirs = replies.c.recipient_id.in_(removing.ids_where(session, sent, for_them))
    by_them = sa.or_(theirs, sa.func.lower(replies.c.sender).in_(addresses))
    session.execute(sa.update(replies).where(by_them).values(sender="", comment="", subject=""))
    nowhere = sa.literal("entfernt-") + sa.cast(sent.c.id, sa.String) + "@entfernt.invalid"
    session.execute(sa.update(sent).where(for_them).values(address=nowhere, person_id=None, link_id=None))


def _forget_writing(session: Session, account_ids: list[int]) -> None:
    """Closed revisions belong to the files and never change; open ones lose their writer."""
    session.execute(sa.delete(EditPresence).where(col(EditPresence.account_id).in_(account_ids)))
    session.execute(
        sa.update(TextRevision)
        .where(col(TextRevision.account_id).in_(account_ids), col(TextRevision.closed_at).is_(None))
        .values(writer_name="", account_id=None)
    )


def _forget_addresses(session: Session, addresses: tuple[str, ...]) -> None:
    """Rows that stand under a mail address alone, and copies that the program keeps for its own work."""
    tables = every_table().tables
    written, answers = tables["seat_address"], tables["idempotent_answer"]
    session.execute(sa.delete(written).where(sa.func.lower(written.c.email).in_(addresses)))
    for one in addresses:
        session.execute(sa.delete(answers).where(removing.holds_words(answers.c.body, one)))
    reports = tables["feedback"]
    session.execute(sa.update(reports).where(sa.func.lower(reports.c.reply_to).in_(addresses)).values(reply_to=""))
    for one in addresses:
        done = sa.or_(col(Job.done_at).is_not(None), col(Job.failed_at).is_not(None))
        session.execute(sa.delete(Job).where(done, removing.holds_words(col(Job.payload), one)))
        session.execute(sa.update(Job).where(removing.holds_words(col(Job.last_error), one)).values(last_error=""))


def _empty_account(session: Session, account: Account) -> None:
    account.email, account.name = f"konto-{account.id}@entfernt.invalid", EMPTIED
    account.password_hash, account.person_id, account.active = "", None, False
    account.visited_at = account.visited_before = None
    account.removed_at = clock.now()
    session.add(account)


def _empty_person(session: Session, person: Person, *, keeps: bool) -> None:
    if not keeps:
        session.execute(sa.delete(Person).where(col(Person.id) == person.id))
        session.expunge(person)
        return
    person.email = person.address = person.country = person.salutation = ""
    session.add(person)


def erase_details(session: Session, entry_ids: list[int], reason: str) -> None:
    """Erase details with their reason; the entries and their digests stay, so the chain holds."""
    if not entry_ids:
        return
    rows: list[dict[str, Any]] = [{"entry_id": one, "at": clock.now(), "reason": reason} for one in entry_ids]
    session.execute(sa.insert(HistoryErasure), rows)
    session.execute(sa.delete(HistoryDetail).where(col(HistoryDetail.entry_id).in_(entry_ids)))


def _record(session: Session, actor: Actor, subject: Subject, *, keeps: bool) -> None:
    """Told of the emptied account, or of the person where there was none; without a name unless the files keep it."""
    thing = subject.accounts[0] if subject.accounts else subject.person
    label = subject.name if keeps else ""
    record(session, actor, "privacy.remove", thing, label=label, reason=REASON, reach=Reach.ACCOUNT)
