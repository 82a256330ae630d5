"""The long texts of an item while several people write them: saving, presence, earlier texts and restoring them."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from sqlmodel import Session

from app import text
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem
from app.agenda.service import items, texts
from app.agenda.service.traces import WRITTEN
from app.config import Settings
from app.db import ident
from app.differences import Piece, word_difference
from app.errors import Forbidden, Invalid, NotFound, Refused, SkipError, Stale
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting, lock_meeting
from app.meetings.rules import life
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted, WriteSession
from app.revisions.models import TextRevision
from app.revisions.rules import presence_sentence
from app.revisions.schemas import Saved, TextSave, Writer
from app.validation import HIGHEST_ID, read
from app.web.forms import typed
from app.web.meeting_frame import address_of, meeting_page, rights_of
from app.web.respond import done

router = APIRouter()

TEXT_LABELS = {"occasion": "Anlass", "proposed_decision": "Beschlussvorschlag"}


class _Form(BaseModel):
    """The open form that speaks."""

    writer: Writer


@dataclass(frozen=True, slots=True)
class EarlierText:
    """A finished stretch of writing beside what stands there now."""

    id: int
    label: str
    who: str
    when: str
    content: str
    is_current: bool
    pieces: tuple[Piece, ...]


def copy_key(settings: Settings, actor: Actor) -> str:
    """The key under which a browser keeps unsaved texts of this account: no other account can read them there."""
    secret = hmac.new(settings.signing_key, f"copies:{actor.account_id}".encode(), hashlib.sha256)
    return base64.b64encode(secret.digest()).decode()


def writing(request: Request, session: Session, actor: Actor, item: AgendaItem) -> dict[str, Any]:
    """What the form of an item needs for saving while one writes, and for saying who is there."""
    present = texts.who_edits(session, actor, [ident(item)]).get(ident(item), [])
    return {
        "text_fields": " ".join(WRITTEN),
        "copy_key": copy_key(request.app.state.settings, actor),
        "presence": presence_sentence([one for one in present if not one.own]),
        "earlier_count": len(texts.earlier_texts(session, item)),
    }


@router.post("/sitzungen/{meeting_id}/tagesordnung/{item_id}/texte")
def save_text(
    meeting_id: int, item_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """One automatic save of one text, or leaving the form (``leave``), or both; the answer is read by together.js."""
    values = typed(submitted)
    leaves = values.pop("leave", "") == "1"
    saved: Saved | None = None
    try:
        with database.write() as session:
            meeting = lock_meeting(session, actor, meeting_id)
            item = queries.get_item(session, actor, meeting_id, item_id)
            _require_run(actor, meeting)
            writer = read(_Form, {"writer": values.get("writer", "")}).writer
            if "field" in values or not leaves:
                items.require_draft(actor, meeting)
                saved = texts.save_item_text(session, actor, meeting, item, _wish(values))
            if leaves:
                texts.leave_item(session, actor, meeting, item, writer)
    except Stale as error:
        yours = text.clean(values.get("text", ""))
        return _answer({"state": "conflict", "sentence": error.sentence, "yours": yours, **error.current}, error.status)
    except (Invalid, Refused) as error:
        return _answer({"state": "refused", "sentence": _sentence(error)}, error.status)
    if saved is None:
        return _answer({"state": "left"})
    at = text.time(saved.saved_at)
    return _answer({"state": "saved", "saved_at": at, "version": saved.version, "behind": saved.behind})


@router.post("/sitzungen/{meeting_id}/tagesordnung/{item_id}/anwesend")
def note_presence(
    meeting_id: int, item_id: int, session: WriteSession, actor: CurrentActor, submitted: Submitted
) -> Response:
    """A sign of life of an open form; answers who else is there."""
    meeting = get_meeting(session, actor, meeting_id)
    item = queries.get_item(session, actor, meeting_id, item_id)
    _require_run(actor, meeting)
    writer = read(_Form, {"writer": typed(submitted).get("writer", "")}).writer
    present = texts.visit_item(session, actor, meeting, item, writer)
    return _answer({"sentence": presence_sentence(present)})


@router.get("/sitzungen/{meeting_id}/tagesordnung/{item_id}/texte")
def show_texts(request: Request, meeting_id: int, item_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """Earlier texts of an item beside what stands there now."""
    meeting = get_meeting(session, actor, meeting_id)
    item = queries.get_item(session, actor, meeting_id, item_id)
    return _texts_page(request, session, actor, meeting, item)


@router.post("/sitzungen/{meeting_id}/tagesordnung/{item_id}/texte/wiederherstellen")
def restore_text(
    request: Request,
    meeting_id: int,
    item_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """Put an earlier text back; whoever was slower is shown the texts as they are now."""
    values = typed(submitted)
    try:
        with database.write() as session:
            meeting = lock_meeting(session, actor, meeting_id)
            item = queries.get_item(session, actor, meeting_id, item_id)
            items.require_draft(actor, meeting)
            revision_id, version = _number(values.get("revision", "")), _number(values.get("version", ""))
            if not revision_id:
                raise NotFound()
            texts.restore_text(session, actor, meeting, item, revision_id, base_version=version)
            address = f"{address_of(meeting)}/tagesordnung/{item_id}"
    except (Refused, Stale) as error:
        with database.read() as session:
            meeting = get_meeting(session, actor, meeting_id)
            item = queries.get_item(session, actor, meeting_id, item_id)
            return _texts_page(request, session, actor, meeting, item, error)
    return done(request, address, "Der frühere Text ist wiederhergestellt.")


def _require_run(actor: Actor, meeting: Meeting) -> None:
    if not life.may_run(actor, meeting):
        raise Forbidden()


def _texts_page(
    request: Request,
    session: Session,
    actor: Actor,
    meeting: Meeting,
    item: AgendaItem,
    error: SkipError | None = None,
) -> Response:
    said = ""
    if error is not None:
        said = "Der Punkt hat sich inzwischen geändert; hier steht der jetzige Stand. Bitte wählen Sie noch einmal."
        said = said if isinstance(error, Stale) else error.sentence
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "agenda/texts.html",
        title="Frühere Texte",
        status=error.status if error else 200,
        item=item,
        item_address=f"{address_of(meeting)}/tagesordnung/{item.id}",
        may_restore=rights_of(actor, meeting).edit_agenda,
        error=said,
        earlier=_earlier(item, texts.earlier_texts(session, item)),
    )


def _earlier(item: AgendaItem, rows: Sequence[TextRevision]) -> list[EarlierText]:
    return [
        EarlierText(
            id=ident(row),
            label=TEXT_LABELS[row.field],
            who=row.writer_name,
            when=text.moment(row.saved_at),
            content=row.content,
            is_current=row.content == getattr(item, row.field),
            pieces=word_difference(row.content, getattr(item, row.field)),
        )
        for row in rows
    ]


def _wish(values: dict[str, str]) -> TextSave:
    return read(
        TextSave,
        {
            "field": values.get("field", ""),
            "text": values.get("text", ""),
            "writer": values.get("writer", ""),
            "sequence": _number(values.get("sequence", "")),
            "base_version": _number(values.get("version", "")),
        },
    )


def _number(typed_number: str) -> int:
    """A number that was not typed by hand; 0 for anything else."""
    fits = typed_number.isascii() and typed_number.isdecimal() and len(typed_number) < 11
    return int(typed_number) if fits and int(typed_number) <= HIGHEST_ID else 0


def _sentence(error: SkipError) -> str:
    return next(iter(error.fields.values()), error.sentence) if isinstance(error, Invalid) else error.sentence


def _answer(content: dict[str, Any], status: int = 200) -> Response:
    return JSONResponse(content, status, headers={"Cache-Control": "private, no-store"})
