"""The long texts of an item while several people write them: saving, presence, earlier texts and restoring them."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
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
from app.db import Database, ident
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
from app.web.meetings.meeting_frame import address_of, meeting_page, rights_of
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


@dataclass(frozen=True, slots=True)
class Desk:
    """Where somebody writes, the rights checked: what a save and leaving do there."""

    save: Callable[[TextSave], Saved]
    leave: Callable[[str], None]


@router.post("/sitzungen/{meeting_id}/tagesordnung/{item_id}/texte")
def save_text(
    meeting_id: int, item_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """One automatic save of one text of an item, or leaving its form, or both."""

    def sit_down(session: Session) -> Desk:
        meeting = lock_meeting(session, actor, meeting_id)
        item = queries.get_item(session, actor, meeting_id, item_id)
        _require_run(actor, meeting)
        return Desk(
            save=partial(texts.save_item_text, session, actor, meeting, item),
            leave=partial(texts.leave_item, session, actor, meeting, item),
        )

    return save_at(database, typed(submitted), sit_down)


def save_at(database: Database, values: dict[str, str], sit_down: Callable[[Session], Desk]) -> Response:
    """One automatic save of one text, or leaving the form (``leave``), or both; together.js reads the answer."""
    leaves = values.pop("leave", "") == "1"
    saved: Saved | None = None
    try:
        with database.write() as session:
            desk = sit_down(session)
            writer = writer_of(values)
            if "field" in values or not leaves:
                saved = desk.save(_wish(values))
            if leaves:
                desk.leave(writer)
    except Stale as error:
        yours = text.clean(values.get("text", ""))
        return answer({"state": "conflict", "sentence": error.sentence, "yours": yours, **error.current}, error.status)
    except (Invalid, Refused) as error:
        return answer({"state": "refused", "sentence": _sentence(error)}, error.status)
    if saved is None:
        return answer({"state": "left"})
    at = text.time(saved.saved_at)
    return answer({"state": "saved", "saved_at": at, "version": saved.version, "behind": saved.behind})


@router.post("/sitzungen/{meeting_id}/tagesordnung/{item_id}/anwesend")
def note_presence(
    meeting_id: int, item_id: int, session: WriteSession, actor: CurrentActor, submitted: Submitted
) -> Response:
    """A sign of life of an open form; answers who else is there."""
    meeting = get_meeting(session, actor, meeting_id)
    item = queries.get_item(session, actor, meeting_id, item_id)
    _require_run(actor, meeting)
    present = texts.visit_item(session, actor, meeting, item, writer_of(typed(submitted)))
    return answer({"sentence": presence_sentence(present)})


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


def writer_of(values: Mapping[str, str]) -> str:
    """The open form that speaks; Invalid where it does not say who it is."""
    return read(_Form, {"writer": values.get("writer", "")}).writer


def answer(content: dict[str, Any], status: int = 200) -> Response:
    """What together.js is told."""
    return JSONResponse(content, status, headers={"Cache-Control": "private, no-store"})
