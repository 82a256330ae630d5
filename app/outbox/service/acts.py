"""What the secretariat does with a mail in the outbox: order it again, withdraw it."""

from sqlmodel import Session

from app.actor import Actor
from app.db import ident
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.history.models import Reach
from app.history.service import record
from app.outbox import queries
from app.outbox.models import Mail, MailState
from app.outbox.rules import NO_MAILBOX, SENT_ANEW, may_act
from app.outbox.schemas import Mailbox
from app.outbox.service.posting import order_sending


def resend_mail(session: Session, actor: Actor, mail_id: int, *, sender: Mailbox, confirmed: bool = False) -> Mail:
    """Send a mail again that was refused, given up or withheld, or, *confirmed*, one whose delivery is uncertain.

    ``sender`` is the mailbox that holds now; it is taken where the mail had none. The tries before stay in the log.
    """
    mail = _locked(session, actor, mail_id)
    if mail.state not in SENT_ANEW:
        raise Refused(
            "Diese Mail lässt sich nicht noch einmal senden: Sie ist unterwegs, übergeben oder zurückgezogen."
        )
    if mail.texts_erased_at is not None:
        raise Refused("Der Text dieser Mail ist nicht mehr aufbewahrt; sie lässt sich nicht noch einmal senden.")
    if mail.state is MailState.UNCERTAIN and not confirmed:
        raise Invalid({"confirmed": "Bitte bestätigen Sie, dass die Mail doppelt ankommen darf."})
    before = mail.state
    if mail.sender == NO_MAILBOX:
        mail.calendar = mail.calendar.replace(NO_MAILBOX, sender.address)
        mail.sender, mail.sender_name = sender.address, sender.name
    mail.state, mail.retries, mail.next_try_at = MailState.WAITING, 0, None
    session.add(mail)
    order_sending(session, mail)
    _record(session, actor, "mail.resend", mail, before)
    return mail


def cancel_mail(session: Session, actor: Actor, mail_id: int) -> Mail:
    """Withdraw a mail that still waits; Refused for one that is on its way or over."""
    mail = _locked(session, actor, mail_id)
    if mail.state is not MailState.WAITING:
        raise Refused("Nur eine Mail, die noch wartet, lässt sich zurückziehen.")
    before = mail.state
    mail.state, mail.next_try_at = MailState.CANCELLED, None
    session.add(mail)
    _record(session, actor, "mail.cancel", mail, before)
    return mail


def _locked(session: Session, actor: Actor, mail_id: int) -> Mail:
    """The mail, its row locked; NotFound where the actor does not see it, Forbidden where it is not theirs to act."""
    seen = queries.get_mail(session, actor, mail_id)
    if not may_act(actor, seen):
        raise Forbidden("Über die Mails eines Gremiums entscheidet seine Geschäftsstelle.")
    mail = queries.lock_mail(session, ident(seen))
    if mail is None:
        raise NotFound()
    return mail


def _record(session: Session, actor: Actor, verb: str, mail: Mail, before: MailState) -> None:
    record(
        session,
        actor,
        verb,
        mail,
        before={"state": before.value},
        after={"state": mail.state.value},
        label=mail.subject,
        body_id=mail.body_id,
        reach=Reach.ACCOUNT if mail.body_id is None else Reach.DRAFT,
    )
