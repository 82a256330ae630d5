"""Reading the texts of the public pages, with their versions and the shipped ones they begin with."""

from functools import cache

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.errors import NotFound
from app.privacy.models import PublicText, TextName
from app.privacy.rules.texts import gaps
from app.templating import TEMPLATES


def text_of(session: Session, name: TextName) -> str:
    """What the page says now: the operator's last version, else the shipped text. Everybody reads it."""
    last = _versions(name).limit(1)
    found = session.exec(last).first()
    return found.content if found else shipped(name)


def list_versions(session: Session, name: TextName) -> list[PublicText]:
    """The operator's versions, newest first."""
    return list(session.exec(_versions(name)))


def get_version(session: Session, name: TextName, version_id: int) -> PublicText:
    """One version of this page; NotFound otherwise."""
    found = session.get(PublicText, version_id)
    if found is None or found.name is not name:
        raise NotFound()
    return found


def open_gaps(session: Session) -> dict[TextName, list[str]]:
    """What must still be filled in, by page; pages that are complete are left out."""
    found = {name: gaps(text_of(session, name)) for name in TextName}
    return {name: words for name, words in found.items() if words}


@cache
def shipped(name: TextName) -> str:
    """The text that comes with the product."""
    return (TEMPLATES / "legal" / f"{name.value}.md").read_text(encoding="utf-8")


def _versions(name: TextName) -> SelectOfScalar[PublicText]:
    return select(PublicText).where(PublicText.name == name).order_by(col(PublicText.id).desc())
