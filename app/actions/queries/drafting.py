"""The actions of a body that the next agenda names: open ones, and those that are over and not yet reported."""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.actions.models import Action
from app.actions.rules.steps import OVER


def open_actions(session: Session, body_id: int) -> list[Action]:
    """The numbered actions of a body that no held meeting has carried as done, by number; rights are the caller's."""
    return list(
        session.exec(
            select(Action)
            .where(
                Action.body_id == body_id,
                col(Action.number) != "",
                sa.or_(col(Action.state).not_in(OVER), col(Action.reported_in_id).is_(None)),
            )
            .order_by(col(Action.year), col(Action.serial), col(Action.id))
        )
    )
