"""Finding what the story of the demo has made so far, by its titles."""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.actions.models import Action
from app.decisions.models import Decision


def decision_about(session: Session, title: str) -> Decision:
    """The first numbered decision with a title."""
    return session.exec(
        select(Decision).where(Decision.title == title, Decision.number != "").order_by(col(Decision.id)).limit(1)
    ).one()


def action_about(session: Session, beginning: str) -> Action:
    """The numbered action whose title begins so, letter by letter (LIKE differs between the databases)."""
    begins = sa.func.substr(col(Action.title), 1, len(beginning)) == beginning
    return session.exec(select(Action).where(begins, Action.number != "").order_by(col(Action.id))).one()
