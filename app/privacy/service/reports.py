"""Reports about barriers: anybody sends one, the administration says that it is answered."""

from email.utils import parseaddr

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.db import ident
from app.errors import Invalid
from app.history.models import Reach
from app.history.service import record
from app.outbox.schemas import Letter, Mailbox
from app.outbox.service import post_mail
from app.people.rules import checked_email
from app.privacy.models import Feedback
from app.privacy.queries.reports import lock_report
from app.privacy.schemas import AnswerIn, FeedbackIn


def send_report(session: Session, wish: FeedbackIn, *, operator: str, base_url: str) -> Feedback:
    """Keep a report and tell the mailbox *operator* ("" = none) that there is one; what it says stays in the house."""
    reply_to = _checked(wish.reply_to)
    report = Feedback(made_at=clock.now(), message=wish.message, place=wish.place, reply_to=reply_to)
    session.add(report)
    session.flush()
    name, address = parseaddr(operator)
    if address:
        mailbox = Mailbox(address, name)
        letter = Letter(
            "Neue Rückmeldung zur Barrierefreiheit",
            "Guten Tag,\n\njemand hat eine Barriere gemeldet. Die Rückmeldung steht hier:\n"
            f"{base_url}/rueckmeldungen\n\nDort vermerken Sie auch, dass sie beantwortet ist.\n",
        )
        post_mail(
            session,
            letter,
            kind="feedback",
            to=mailbox,
            sender=mailbox,
            dedupe_key=f"feedback:{ident(report)}",
        )
    return report


def answer_report(session: Session, actor: Actor, feedback_id: int, wish: AnswerIn) -> None:
    """Note that a report is answered, and how."""
    report = lock_report(session, actor, feedback_id)
    report.answered_at, report.note = clock.now(), wish.note
    session.add(report)
    record(session, actor, "feedback.answer", report, reach=Reach.ACCOUNT)


def _checked(reply_to: str) -> str:
    if not reply_to:
        return ""
    try:
        return checked_email(reply_to)
    except Invalid as error:
        raise Invalid({"reply_to": error.fields["email"]}) from None
