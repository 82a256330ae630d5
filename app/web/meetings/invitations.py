"""Inviting by mail: the preview with recipients, changes and attachments, the confirmation, and what came back."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import text
from app.actor import Actor
from app.config import Settings
from app.db import ident
from app.documents.pdf import Busy
from app.errors import Forbidden, Invalid, Refused, Stale
from app.invitations import queries
from app.invitations.models import InvitationDispatch, InvitationRecipient, RecipientRole
from app.invitations.rules.words import GROUP_WORDS, OUTCOME_WORDS, PARTSTAT_WORDS, ROLE_WORDS, WAY_WORDS, noun_of
from app.invitations.schemas import Addressee, Plan, SendIn
from app.invitations.service.letters import load_stationery, write_letter
from app.invitations.service.planning import plan_or_reason
from app.invitations.service.receiving import settle_reply
from app.invitations.service.sending import send_invitations
from app.meetings.models import Meeting
from app.meetings.rules import life
from app.outbox.models import Mail
from app.outbox.rules import KEY_MARK, NO_MAILBOX, STATE_WORDS
from app.request import (
    CurrentActor,
    CurrentDatabase,
    CurrentSettings,
    CurrentStorage,
    ReadSession,
    Submitted,
    WriteSession,
)
from app.validation import read
from app.web.downloads import wait_page
from app.web.forms import Form, typed, typed_number
from app.web.meetings.meeting_frame import INVITATION, address_of, meeting_page
from app.web.respond import done

router = APIRouter()


@router.get("/sitzungen/{meeting_id}/einladung")
def show_invitation(
    request: Request, meeting_id: int, session: ReadSession, actor: CurrentActor, settings: CurrentSettings
) -> Response:
    """What would be sent now, to whom, and what was sent and answered so far."""
    return _page(request, session, actor, queries.get_inviting_meeting(session, actor, meeting_id), settings)


@router.post("/sitzungen/{meeting_id}/einladung")
def send_invitation(
    request: Request,
    meeting_id: int,
    database: CurrentDatabase,
    storage: CurrentStorage,
    actor: CurrentActor,
    settings: CurrentSettings,
    submitted: Submitted,
) -> Response:
    """The confirmation of the preview that was seen."""
    chosen = [one for one in submitted.getlist("recipients") if isinstance(one, str)]
    values: dict[str, Any] = {**typed(submitted), "recipients": chosen}
    with database.read() as session:
        meeting = queries.get_inviting_meeting(session, actor, meeting_id)
        if not life.may_run(actor, meeting):
            raise Forbidden()
        address = address_of(meeting)
    try:
        wish = read(SendIn, {name: values.get(name, "") for name in ("preview", "recipients", "note")})
        dispatch = send_invitations(database, storage, settings, actor, meeting_id, wish)
    except Busy as busy:
        return wait_page(request, actor, busy)
    except (Invalid, Refused, Stale) as error:
        errors = {"": error.sentence} if isinstance(error, Stale) else error.by_field
        with database.read() as session:
            meeting = queries.get_inviting_meeting(session, actor, meeting_id)
            form = Form(values, errors)
            return _page(request, session, actor, meeting, settings, form, status=error.status)
    with database.read() as session:
        sent = queries.list_recipients(session, [ident(dispatch)])
    return done(request, f"{address}/{INVITATION}", _said(dispatch, sent, settings))


@router.post("/sitzungen/{meeting_id}/einladung/erledigt")
def settle(
    request: Request, meeting_id: int, session: WriteSession, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Somebody looked after a mail that answers nothing that is known."""
    meeting = queries.get_inviting_meeting(session, actor, meeting_id)
    if not life.may_run(actor, meeting):
        raise Forbidden()
    settle_reply(session, actor, typed_number(str(submitted.get("reply", ""))))
    return done(request, f"{address_of(meeting)}/{INVITATION}", "Die Mail ist als erledigt vermerkt.")


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    meeting: Meeting,
    settings: Settings,
    form: Form | None = None,
    *,
    status: int = 200,
) -> Response:
    plan, why = plan_or_reason(session, actor, meeting, settings)
    dispatches = queries.list_dispatches(session, ident(meeting))
    recipients = queries.list_recipients(session, [ident(one) for one in dispatches])
    chosen = [one.key for one in plan.addressees if one.chosen] if plan else []
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "invitations/show.html",
        tab=INVITATION,
        status=status,
        plan=plan,
        why=why,
        form=form or Form(),
        chosen=form.values.get("recipients", chosen) if form else chosen,
        groups=_groups(plan) if plan else [],
        act=noun_of(plan.kind) if plan else "",
        proposed=len(chosen),
        samples=_samples(session, meeting, settings, plan, str((form or Form()).value("note"))) if plan else [],
        smtp=bool(settings.smtp_url) and (plan is None or plan.real_sender),
        roles=ROLE_WORDS,
        dispatches=[
            (
                one,
                _by_state([(recipient, mail) for recipient, mail in recipients if recipient.dispatch_id == ident(one)]),
            )
            for one in dispatches
        ],
        replies=queries.list_replies(session, ident(meeting)),
        strangers=queries.open_replies(session, actor) if life.may_run(actor, meeting) else [],
        outcomes=OUTCOME_WORDS,
        ways=WAY_WORDS,
        partstats=PARTSTAT_WORDS,
        may_send=life.may_run(actor, meeting),
        rules_address=f"/gremien/{meeting.body_id}/regeln" if life.may_run(actor, meeting) else "",
    )


def _said(
    dispatch: InvitationDispatch, sent: Sequence[tuple[InvitationRecipient, Mail | None]], settings: Settings
) -> str:
    """What was done: how many mails of which kind, and whether they go out now."""
    word = noun_of(dispatch.subject.partition(";")[0])
    said = f"{word} an {text.counted(len(sent), 'Person', 'Personen')} geschrieben."
    if settings.smtp_url and all(mail is None or mail.sender != NO_MAILBOX for _, mail in sent):
        return f"{said} Die Mails gehen jetzt hinaus."
    return f"{said} Die Mails bleiben im Postausgang, bis Mailserver und Postfach eingerichtet sind."


def _groups(plan: Plan) -> list[tuple[str, int, list[Addressee]]]:
    """The recipients by role as (heading, how many are proposed, recipients), in their order."""
    found: dict[RecipientRole, list[Addressee]] = {}
    for one in plan.addressees:
        found.setdefault(one.role, []).append(one)
    return [(GROUP_WORDS[role], sum(one.chosen for one in people), people) for role, people in found.items()]


def _by_state(
    recipients: Sequence[tuple[InvitationRecipient, Mail | None]],
) -> list[tuple[str, list[tuple[InvitationRecipient, Mail | None]]]]:
    """The recipients of a dispatch by what became of their mails, in words; in the order of the states."""
    found: dict[str, list[tuple[InvitationRecipient, Mail | None]]] = {
        words: [(one, mail) for one, mail in recipients if mail is not None and mail.state is state]
        for state, words in STATE_WORDS.items()
    }
    found["Mail nicht mehr aufbewahrt"] = [(one, mail) for one, mail in recipients if mail is None]
    return [(words, people) for words, people in found.items() if people]


def _samples(
    session: Session, meeting: Meeting, settings: Settings, plan: Plan, note: str
) -> list[tuple[str, str, str]]:
    """One mail of each role and action as its recipient reads it: (for whom, subject, text)."""
    paper = load_stationery(session, meeting, settings)
    first: dict[tuple[str, str], Addressee] = {}
    for one in plan.addressees:
        first.setdefault((one.role, one.method), one)
    found = []
    for one in first.values():
        letter = write_letter(one, plan, paper, note=note)
        words = letter.text.replace(KEY_MARK, "…")
        found.append((f"{one.name} ({ROLE_WORDS[one.role]})", letter.subject, words))
    return found
