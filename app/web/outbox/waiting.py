"""What waits for the secretariat from the outbox: mails that did not arrive, or perhaps not."""

import datetime as dt
from collections.abc import Iterator

from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.outbox.queries import count_undelivered
from app.web.waiting import Waiting

LOOK_BACK = dt.timedelta(days=14)
"""Older ones are history: whoever wanted to do something about them has done it."""


def undelivered_mails(session: Session, actor: Actor) -> Iterator[Waiting]:
    """Mails of the last fortnight that were refused, given up, or are uncertain; one query."""
    count = count_undelivered(session, actor, clock.now() - LOOK_BACK)
    if count:
        mails = text.counted(count, "Mail kam", "Mails kamen")
        note = "In den letzten 14 Tagen abgelehnt, aufgegeben oder ungewiss."
        yield Waiting(f"{mails} vielleicht nicht an: ansehen und noch einmal senden", "/postausgang", note=note)
