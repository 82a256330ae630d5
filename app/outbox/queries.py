"""Reading the outbox."""

from sqlmodel import Session, select

from app.outbox.models import Mail


def find_mail_of(session: Session, dedupe_key: str) -> Mail | None:
    """The mail that this occasion gave already."""
    return session.exec(select(Mail).where(Mail.dedupe_key == dedupe_key)).first()
