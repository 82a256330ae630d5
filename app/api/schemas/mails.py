"""How programs read the delivery log."""

import datetime as dt

from pydantic import BaseModel, ConfigDict

from app.api.schemas.thing import PREFIX, Moment, Thing
from app.outbox.models import MailState
from app.outbox.schemas import MailLine


class ResendIn(BaseModel):
    """Sending again. ``confirmed``: a mail whose delivery is uncertain may arrive twice."""

    model_config = ConfigDict(extra="forbid")

    confirmed: bool = False


class MailOut(Thing):
    """A mail and what became of it. ``subject`` is empty for mails about accounts; texts are on the page only.

    ``state`` is sent when the mail server took it, uncertain when the line broke while it was handed over, withheld
    when no mail server is set up.
    """

    kind: str
    subject: str
    name: str
    address: str
    body: int | None
    meeting: int | None
    state: MailState
    attempts: int
    created_at: Moment
    sent_at: Moment | None
    next_try_at: Moment | None
    answer: str


def mail_out(line: MailLine) -> MailOut:
    """A line of the log as programs read it."""
    return MailOut(
        id=line.id,
        version=line.attempts + 1,
        url=f"{PREFIX}/mails/{line.id}",
        page=f"/postausgang/{line.id}",
        kind=line.kind,
        subject=line.subject,
        name=line.name,
        address=line.address,
        body=line.body_id,
        meeting=line.meeting_id,
        state=line.state,
        attempts=line.attempts,
        created_at=line.created_at,
        sent_at=_maybe(line.sent_at),
        next_try_at=_maybe(line.next_try_at),
        answer=line.answer,
    )


def _maybe(moment: dt.datetime | None) -> dt.datetime | None:
    return moment
