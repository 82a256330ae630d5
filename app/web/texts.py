"""Long texts while several people write them: saving, presence, earlier texts and restoring, for every kind of object.

The table ``PLACES`` says where the forms stand; each gets the same four addresses below its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from sqlmodel import Session

from app import text
from app.actor import Actor
from app.agenda import queries as agenda
from app.agenda.queries.registrations import get_registration, lock_registration
from app.agenda.service.registrations import registration_desk
from app.agenda.service.speaking import frame_desk, note_desk
from app.agenda.service.texts import item_desk, proposal_desk
from app.clock import BERLIN
from app.db import ident
from app.decisions.service.writing import decision_desk
from app.differences import Piece, word_difference
from app.errors import Forbidden, Invalid, NotFound, Refused, SkipError, Stale
from app.meetings.queries import get_meeting, lock_meeting
from app.meetings.service import entry_desk
from app.minutes.service.notes import minute_note_desk, minutes_desk
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted, WriteSession
from app.revisions.rules import presence_sentence
from app.revisions.schemas import Desk, Saved, TextHolder, TextSave, Writer
from app.revisions.service import earlier_texts, leave_desk, present, restore_text, visit_desk, write_at
from app.validation import HIGHEST_ID, read
from app.web.forms import typed
from app.web.respond import done, page

router = APIRouter()

Ids = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Place:
    """A form of the site that holds long texts: its address, and its desk (locked for writing, or only read)."""

    path: str
    sit_down: Callable[[Session, Actor, Ids, bool], Desk]


def _item(session: Session, actor: Actor, ids: Ids, lock: bool) -> Desk:
    meeting = (lock_meeting if lock else get_meeting)(session, actor, ids["meeting_id"])
    return item_desk(session, actor, meeting, agenda.get_item(session, actor, ids["meeting_id"], ids["item_id"]))


def _proposal(session: Session, actor: Actor, ids: Ids, lock: bool) -> Desk:
    meeting = (lock_meeting if lock else get_meeting)(session, actor, ids["meeting_id"])
    proposal = agenda.get_proposal(session, actor, ids["meeting_id"], ids["proposal_id"])
    return proposal_desk(session, actor, meeting, proposal)


def _note(session: Session, actor: Actor, ids: Ids, lock: bool) -> Desk:
    meeting = (lock_meeting if lock else get_meeting)(session, actor, ids["meeting_id"])
    frame_desk(session, actor, meeting)  # for people who may not read notes there is no item either
    return note_desk(session, actor, meeting, agenda.get_item(session, actor, ids["meeting_id"], ids["item_id"]))


def _frame(session: Session, actor: Actor, ids: Ids, lock: bool) -> Desk:
    return frame_desk(session, actor, (lock_meeting if lock else get_meeting)(session, actor, ids["meeting_id"]))


def _entry(session: Session, actor: Actor, ids: Ids, lock: bool) -> Desk:
    return entry_desk(session, actor, (lock_meeting if lock else get_meeting)(session, actor, ids["meeting_id"]))


def _minute_note(session: Session, actor: Actor, ids: Ids, lock: bool) -> Desk:
    meeting = (lock_meeting if lock else get_meeting)(session, actor, ids["meeting_id"])
    return minute_note_desk(session, actor, meeting, agenda.get_item(session, actor, ids["meeting_id"], ids["item_id"]))


def _decision(session: Session, actor: Actor, ids: Ids, lock: bool) -> Desk:
    meeting = (lock_meeting if lock else get_meeting)(session, actor, ids["meeting_id"])
    return decision_desk(session, actor, meeting, agenda.get_item(session, actor, ids["meeting_id"], ids["item_id"]))


def _minutes(session: Session, actor: Actor, ids: Ids, lock: bool) -> Desk:
    return minutes_desk(session, actor, (lock_meeting if lock else get_meeting)(session, actor, ids["meeting_id"]))


def _registration(session: Session, actor: Actor, ids: Ids, lock: bool) -> Desk:
    find = lock_registration if lock else get_registration
    return registration_desk(session, actor, find(session, actor, ids["registration_id"]))


PLACES = (
    Place("/sitzungen/{meeting_id:int}/tagesordnung/{item_id:int}", _item),
    Place("/sitzungen/{meeting_id:int}/vorschlaege/{proposal_id:int}", _proposal),
    Place("/sitzungen/{meeting_id:int}/sprechzettel/rahmen", _frame),
    Place("/sitzungen/{meeting_id:int}/sprechzettel/{item_id:int}", _note),
    Place("/sitzungen/{meeting_id:int}/bearbeiten", _entry),
    Place("/sitzungen/{meeting_id:int}/protokoll", _minutes),
    Place("/sitzungen/{meeting_id:int}/protokoll/{item_id:int}", _minute_note),
    Place("/sitzungen/{meeting_id:int}/protokoll/{item_id:int}/beschluss", _decision),
    Place("/anmeldungen/{registration_id:int}", _registration),
)


# --- what the forms need ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Writing:
    """What a form needs for saving while one writes: its address, object and fields, who is there, what was there.

    ``paused``: nothing is saved before a decision. ``unsaved``: the form shows what was typed and not stored.
    """

    address: str
    object: str
    fields: str
    version: int
    presence: str
    earlier_count: int
    paused: bool
    unsaved: bool


def writing(
    session: Session, actor: Actor, desk: Desk, address: str, *, may_write: bool, typed: bool, error: SkipError | None
) -> Writing:
    """*typed*: the form shows again what was sent, because of *error*."""
    holder = desk.holder
    there = present(session, actor, holder.kind, [holder.object_id]).get(holder.object_id, [])
    return Writing(
        address=address,
        object=f"{holder.kind}:{holder.object_id}",
        fields=" ".join(holder.labels),
        version=holder.version,
        presence=presence_sentence([one for one in there if not one.own]),
        earlier_count=len(earlier_texts(session, holder)),
        paused=isinstance(error, Stale) or not may_write,
        unsaved=typed,
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two editors disagree, in words; ``pieces``: from theirs to yours, word by word, of texts."""

    label: str
    yours: str
    current: str
    pieces: tuple[Piece, ...] = ()


def differing_texts(labels: Mapping[str, str], yours: Mapping[str, Any], stored: Mapping[str, Any]) -> list[Difference]:
    """The texts in which what was typed differs from what stands there now."""
    pairs = [(label, text.clean(str(yours.get(name) or "")), str(stored[name] or "")) for name, label in labels.items()]
    return [difference(label, mine, theirs) for label, mine, theirs in pairs if mine != theirs]


def difference(label: str, yours: str, current: str) -> Difference:
    """Both texts, and what lies between them where neither is empty."""
    pieces = word_difference(current, yours) if yours and current else ()
    return Difference(label, yours or "(leer)", current or "(leer)", pieces)


# --- the four addresses -----------------------------------------------------------------------------------------------


class _Form(BaseModel):
    """The open form that speaks."""

    writer: Writer


def _saving(place: Place) -> Callable[..., Response]:
    def save_text(request: Request, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted) -> Response:
        """One automatic save of one text, or leaving the form (``leave``), or both; together.js reads the answer."""
        values, saved = typed(submitted), None
        leaves = values.pop("leave", "") == "1"
        try:
            with database.write() as session:
                desk = place.sit_down(session, actor, _ids(request), True)
                desk.require_present()
                writer = _writer_of(values)
                if "field" in values or not leaves:
                    saved = write_at(session, actor, desk, _wish(values))
                if leaves:
                    leave_desk(session, actor, desk, writer)
        except Stale as error:
            told = {"state": "conflict", "sentence": error.sentence, "yours": text.clean(values.get("text", ""))}
            return _answer({**told, **error.current}, error.status)
        except (Invalid, Refused) as error:
            return _answer({"state": "refused", "sentence": next(iter(error.by_field.values()))}, error.status)
        return _answer(_told(saved))

    return save_text


def _beating(place: Place) -> Callable[..., Response]:
    def note_presence(request: Request, session: WriteSession, actor: CurrentActor, submitted: Submitted) -> Response:
        """A sign of life of an open form; answers who else is there."""
        desk = place.sit_down(session, actor, _ids(request), False)
        desk.require_present()
        there = visit_desk(session, actor, desk, _writer_of(typed(submitted)))
        return _answer({"sentence": presence_sentence(there)})

    return note_presence


def _showing(place: Place) -> Callable[..., Response]:
    def show_texts(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
        """Earlier texts beside what stands there now."""
        return _texts_page(request, session, actor, place)

    return show_texts


def _restoring(place: Place) -> Callable[..., Response]:
    def restore(request: Request, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted) -> Response:
        """Put an earlier text back; whoever was slower is shown the texts as they are now."""
        values = typed(submitted)
        try:
            with database.write() as session:
                desk = place.sit_down(session, actor, _ids(request), True)
                desk.require_present()
                revision_id, version = _number(values.get("revision", "")), _number(values.get("version", ""))
                restore_text(session, actor, desk, revision_id, base_version=version)
        except (Invalid, Refused, Stale) as error:
            with database.read() as session:
                return _texts_page(request, session, actor, place, error)
        return done(request, _address(request), "Der frühere Text ist wiederhergestellt.")

    return restore


for _place in PLACES:
    router.add_api_route(f"{_place.path}/texte", _saving(_place), methods=["POST"])
    router.add_api_route(f"{_place.path}/texte", _showing(_place), methods=["GET"])
    router.add_api_route(f"{_place.path}/texte/wiederherstellen", _restoring(_place), methods=["POST"])
    router.add_api_route(f"{_place.path}/anwesend", _beating(_place), methods=["POST"])


# --- earlier texts ----------------------------------------------------------------------------------------------------


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


def _texts_page(
    request: Request, session: Session, actor: Actor, place: Place, error: SkipError | None = None
) -> Response:
    desk, address = place.sit_down(session, actor, _ids(request), False), _address(request)
    said = next(iter(error.by_field.values())) if error else ""
    if isinstance(error, Stale):
        said = "Dies hat sich inzwischen geändert; hier steht der jetzige Stand. Bitte wählen Sie noch einmal."
    return page(
        request,
        actor,
        "texts/earlier.html",
        title="Frühere Texte",
        status=error.status if error else 200,
        crumbs=((desk.title, address), ("Frühere Texte", None)),
        heading=desk.title,
        address=address,
        seen=desk.holder.version,
        labels=text.joined(list(desk.holder.labels.values())),
        may_restore=_may_write(desk),
        error=said,
        earlier=_earlier(session, desk.holder),
    )


def _earlier(session: Session, holder: TextHolder) -> Sequence[EarlierText]:
    return [
        EarlierText(
            id=ident(row),
            label=holder.labels[row.field],
            who=row.writer_name,
            when=text.moment(row.saved_at),
            content=row.content,
            is_current=row.content == holder.text(row.field),
            pieces=word_difference(row.content, holder.text(row.field)),
        )
        for row in earlier_texts(session, holder)
    ]


def _may_write(desk: Desk) -> bool:
    try:
        desk.require_writer()
    except (Forbidden, Refused):
        return False
    return True


# --- what is sent and told --------------------------------------------------------------------------------------------


def _ids(request: Request) -> Ids:
    """The ids of the address; NotFound for numbers that no row can have."""
    ids: dict[str, int] = dict(request.path_params)
    if any(one > HIGHEST_ID for one in ids.values()):
        raise NotFound()
    return ids


def _address(request: Request) -> str:
    """The form's own address."""
    return request.url.path.partition("/texte")[0]


def _told(saved: Saved | None) -> dict[str, Any]:
    if saved is None:
        return {"state": "left"}
    at = text.time(saved.saved_at)
    exact = saved.saved_at.astimezone(BERLIN).strftime("%H:%M:%S")
    told = {"state": "saved", "saved_at": at, "saved_second": exact}
    return {**told, "version": saved.version, "behind": saved.behind}


def _wish(values: Mapping[str, str]) -> TextSave:
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


def _writer_of(values: Mapping[str, str]) -> str:
    """The open form that speaks; Invalid where it does not say who it is."""
    return read(_Form, {"writer": values.get("writer", "")}).writer


def _answer(content: dict[str, Any], status: int = 200) -> Response:
    return JSONResponse(content, status, headers={"Cache-Control": "private, no-store"})
