"""Questions about the installation."""

from sqlmodel import Session

from app.installation.models import Installation


def is_demo(session: Session) -> bool:
    """Whether this installation holds invented demo data."""
    found = session.get(Installation, 1)
    return found is not None and found.demo_made_on is not None
