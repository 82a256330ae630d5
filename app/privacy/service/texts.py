"""Writing the texts of the public pages."""

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.errors import NotFound
from app.history.models import Reach
from app.history.service import record
from app.privacy.models import PublicText, TextName
from app.privacy.queries.texts import text_of
from app.privacy.rules.texts import TITLES
from app.privacy.schemas import TextIn


def write_text(session: Session, actor: Actor, name: TextName, wish: TextIn) -> None:
    """A new version of a public page, shown at once; the earlier ones stay. Nothing happens where nothing changed."""
    if not actor.is_admin:
        raise NotFound()
    if wish.content == text_of(session, name):
        return
    version = PublicText(name=name, content=wish.content, made_at=clock.now())
    session.add(version)
    record(session, actor, "text.write", version, label=TITLES[name], reach=Reach.ACCOUNT)
