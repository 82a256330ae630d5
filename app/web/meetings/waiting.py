"""What waits for the secretariat about inviting by mail: invitations, changes and cancellations nobody was told yet."""

from collections.abc import Iterator

from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.db import ident
from app.invitations.queries import told_of
from app.invitations.rules.changes import is_pressing, may_invite, waits, words_for
from app.meetings.queries import list_meetings
from app.meetings.rules import life
from app.web.waiting import Waiting


def invitations_to_send(session: Session, actor: Actor) -> Iterator[Waiting]:
    """One line for each coming meeting, the next first; an early note of the date is offered on its page only."""
    now = clock.now()
    coming = [
        one for one in list_meetings(session, actor, since=now) if life.may_run(actor, one) and may_invite(one, now)
    ]
    told = told_of(session, [ident(one) for one in coming]) if coming else {}
    for one in reversed(coming):
        known = told[ident(one)]
        if waits(one, known, now) and is_pressing(one, known):
            last = known.last
            note = (
                f"Geändert seit dem Versand am {text.moment(last.dispatched_at)}." if last else "Noch nicht versandt."
            )
            words = f"{words_for(one, known)} zur {life.label(one)} versenden"
            yield Waiting(words, f"/sitzungen/{one.id}/einladung", note=note)
