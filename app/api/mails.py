"""The delivery log (Postausgang): list, one, send again, withdraw."""

from typing import Annotated

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import Field

from app.api.answers import listed, shown
from app.api.idempotency import SentOnce
from app.api.paging import ListQuery, Walk
from app.api.schemas.mails import MailOut, ResendIn, mail_out
from app.api.schemas.thing import Id, Listing, Nothing
from app.bodies.queries import mailbox_of
from app.config import Settings
from app.outbox import queries, service
from app.outbox.models import Mail, MailState
from app.outbox.schemas import MailFilter
from app.request import CurrentActor, ReadSession, WriteSession
from app.validation import RowId

router = APIRouter(prefix="/mails", tags=["Postausgang"])
NoBody = Annotated[Nothing, Body(default_factory=Nothing)]


class MailQuery(ListQuery):
    """Filters of the list."""

    body: RowId | None = Field(default=None, description="Kennung des Gremiums")
    meeting: RowId | None = Field(default=None, description="Kennung der Sitzung")
    kind: str = Field(default="", max_length=60, description="Art der Mail")
    state: MailState | None = None


@router.get("", response_model=Listing[MailOut], summary="Postausgang")
def list_them(
    request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[MailQuery, Query()]
) -> Response:
    """The mails of the bodies whose secretariat you are (administration: those about accounts), newest first."""
    walk = Walk(request, query)
    wish = MailFilter(body_id=query.body, meeting_id=query.meeting, kind=query.kind, state=query.state)
    after = walk.after[0] if walk.after else None
    found = queries.list_mails(session, actor, wish, after=after, limit=walk.limit)
    return listed([mail_out(line) for line in found.lines], walk.sealed(found.next))


@router.get("/{mail_id}", response_model=MailOut, summary="Eine Mail")
def show_mail(mail_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One mail and what became of it."""
    return shown(_show(queries.get_mail(session, actor, mail_id)))


@router.post("/{mail_id}/resend", response_model=MailOut, summary="Noch einmal senden")
def resend(
    request: Request, mail_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, wish: ResendIn
) -> Response:
    """Send a mail again that was refused, given up or withheld, or with ``confirmed`` one that is uncertain."""
    settings: Settings = request.app.state.settings

    def act() -> Mail:
        sender = mailbox_of(session, queries.get_mail(session, actor, mail_id).body_id, settings)
        return service.resend_mail(session, actor, mail_id, sender=sender, confirmed=wish.confirmed)

    return once.done(session, act, _show)


@router.post("/{mail_id}/cancel", response_model=MailOut, summary="Mail zurückziehen")
def cancel(mail_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, _: NoBody) -> Response:
    """Withdraw a mail that still waits."""
    return once.done(session, lambda: service.cancel_mail(session, actor, mail_id), _show)


def _show(mail: Mail) -> MailOut:
    return mail_out(queries.line_of(mail))
