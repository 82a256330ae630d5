"""The papers of registered topics and of entries of the backlog on pages of their own."""

from typing import Any

from fastapi import APIRouter
from sqlmodel import Session

from app.actor import Actor
from app.agenda.models import RegistrationState
from app.agenda.rules.registrations import STATE_WORDS, is_own, runs
from app.agenda.service.paper_holders import (
    RegistrationPapers,
    TopicPapers,
    open_registration_papers,
    open_topic_papers,
)
from app.db import ident
from app.errors import Forbidden, Refused
from app.meetings.models import MeetingState
from app.meetings.rules.life import PREPARING
from app.text import counted
from app.web.papers.desk import OwnPages
from app.web.papers.paper_forms import words
from app.web.papers.routes import paper_routes

AT_THE_ITEM = (
    "Das Thema steht auf einer Tagesordnung; seine Unterlagen liegen dort beim Tagesordnungspunkt. "
    "Wer angemeldet hat, sieht sie mit der freigegebenen Tagesordnung."
)


class RegistrationDesk(OwnPages):
    """The papers below the page of a registered topic."""

    hint = (
        "Diese Unterlagen sehen Geschäftsstelle und Vorsitz und wer das Thema angemeldet hat. Kommt es auf eine "
        "Tagesordnung, gehen sie mit."
    )

    def __init__(self, registration_id: int) -> None:
        self.registration_id, self.address = registration_id, f"/anmeldungen/{registration_id}/unterlagen"

    def open(self, session: Session, actor: Actor, *, lock: bool = False) -> RegistrationPapers:
        """The papers of the registered topic."""
        return open_registration_papers(session, actor, self.registration_id, lock=lock)

    def crumbs(self, holder: RegistrationPapers) -> tuple[tuple[str, str | None], ...]:
        """By the list of registered topics."""
        return (("Anmeldungen", "/anmeldungen"), (holder.registration.title, f"/anmeldungen/{self.registration_id}"))

    def state(self, holder: RegistrationPapers) -> str:
        """Its title and where it stands."""
        return f"Anmeldung „{holder.registration.title}“ · {STATE_WORDS[holder.registration.state]}"

    def note(self, holder: RegistrationPapers) -> str:
        """Where the papers lie by now, or why no more are taken."""
        if holder.registration.state not in (RegistrationState.RECEIVED, RegistrationState.PLANNED):
            return ""
        if holder.taken is None:
            return why_closed(holder)
        closed = why_closed(holder) if holder.taken[0].state in (*PREPARING, MeetingState.RELEASED) else ""
        return f"{AT_THE_ITEM} {closed}".strip()

    def said(self, holder: RegistrationPapers, count: int) -> str:
        """Where they lie now."""
        if holder.taken is None:
            return super().said(holder, count)
        return f"{counted(count, 'Unterlage liegt', 'Unterlagen liegen')} beim Tagesordnungspunkt."


class TopicDesk(OwnPages):
    """The papers below the page of an entry of the backlog."""

    hint = (
        "Unterlagen im Themenspeicher sehen nur Geschäftsstelle und Vorsitz. Kommt das Thema auf eine Tagesordnung, "
        "gehen sie mit."
    )

    def __init__(self, topic_id: int) -> None:
        self.topic_id, self.address = topic_id, f"/themenspeicher/{topic_id}/unterlagen"

    def open(self, session: Session, actor: Actor, *, lock: bool = False) -> TopicPapers:
        """The papers of the entry."""
        return open_topic_papers(session, actor, self.topic_id, lock=lock)

    def crumbs(self, holder: TopicPapers) -> tuple[tuple[str, str | None], ...]:
        """By the backlog."""
        return (("Themenspeicher", "/themenspeicher"), (holder.topic.title, f"/themenspeicher/{ident(holder.topic)}"))

    def state(self, holder: TopicPapers) -> str:
        """Its title."""
        return f"Themenspeicher: „{holder.topic.title}“"


def section_of(holder: RegistrationPapers | TopicPapers) -> dict[str, Any]:
    """What the section "Unterlagen" on the holder's page needs (``papers/_section.html``)."""
    desk: OwnPages = TopicDesk(holder.place.owner_id)
    if isinstance(holder, RegistrationPapers):
        desk = RegistrationDesk(holder.place.owner_id)
    return {
        "papers": holder.shown(),
        "papers_address": desk.address,
        "papers_note": desk.note(holder),
        "may_upload": holder.may_change,
        **words(),
    }


def why_closed(holder: RegistrationPapers) -> str:
    """Why who registered the topic adds no papers now, "" where they may or have nothing to add."""
    if not (is_own(holder.actor, holder.registration) or runs(holder.actor, holder.registration)):
        return ""
    try:
        holder.require_change()
    except Forbidden:
        return ""
    except Refused as refused:
        return refused.sentence
    return ""


router = APIRouter()
router.include_router(paper_routes("/anmeldungen/{registration_id}/unterlagen", RegistrationDesk))
router.include_router(paper_routes("/themenspeicher/{topic_id}/unterlagen", TopicDesk))
