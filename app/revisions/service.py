"""Saving texts while they are written, closing stretches of writing, and saying who is there.

Every function expects the object locked by the caller. A holder stands for checked rights too; a desk asks for them.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock, text
from app.actor import Actor
from app.db import ident
from app.errors import Forbidden, NotFound, Stale
from app.jobs.service import enqueue
from app.revisions import queries, rules
from app.revisions.models import EditPresence, TextRevision
from app.revisions.schemas import Desk, Presence, Saved, TextHolder, TextSave

CLOSE_JOB = "close_text"


def write_at(session: Session, actor: Actor, desk: Desk, wish: TextSave) -> Saved:
    """Store what somebody is writing at a desk, as :func:`save_text` says."""
    desk.require_writer()
    return save_text(session, actor, desk.holder, wish)


def leave_desk(session: Session, actor: Actor, desk: Desk, writer: str) -> None:
    """The form *writer* was left: what it wrote enters the history, and nobody is shown there any more."""
    desk.require_present()
    close_texts(session, desk.holder, writer=writer)
    end_presence(session, actor, writer)


def visit_desk(session: Session, actor: Actor, desk: Desk, writer: str) -> Sequence[Presence]:
    """The form *writer* is open: says so to others who work there, and tells who else is. Needs no lock."""
    desk.require_present()
    kind, object_id = desk.holder.kind, desk.holder.object_id
    note_presence(session, actor, kind, object_id, writer)
    session.flush()
    return present(session, actor, kind, [object_id], but_writer=writer).get(object_id, [])


def earlier_texts(session: Session, holder: TextHolder) -> Sequence[TextRevision]:
    """The finished revisions of an object's texts, newest first. Needs no lock."""
    return queries.list_finished(session, holder.kind, holder.object_id, clock.now())


def restore_text(session: Session, actor: Actor, desk: Desk, revision_id: int, *, base_version: int) -> None:
    """Put an earlier text back: a new change beside the old ones, nothing is deleted. Stale if overtaken."""
    desk.require_writer()
    holder = desk.holder
    if holder.version != base_version:
        raise Stale({"version": holder.version})
    found = queries.find_revision(session, holder.kind, holder.object_id, revision_id)
    if found is None:
        raise NotFound()
    close_texts(session, holder, fields=(found.field,), actor=actor)
    before, content = holder.text(found.field), holder.checked(found.field, found.content)
    if content == before:
        return
    holder.write(actor, found.field, content)
    note_change(session, actor, holder, found.field, before)
    holder.record(
        actor, found.field, before, content, reason=f"Text vom {text.moment(found.saved_at)} wiederhergestellt"
    )


def save_text(session: Session, actor: Actor, holder: TextHolder, wish: TextSave) -> Saved:
    """Store what somebody is writing: into the writer's open revision, or into a new one.

    A save that was sent twice gives the same answer twice; one that arrives after a later one changes nothing. Stale,
    with the present text, if somebody else wrote the field after *base_version*; both texts live on. Another writer's
    open revision is closed first, so it enters the history.
    """
    content, now = holder.checked(wish.field, wish.text), clock.now()
    known = queries.find_last_of_writer(session, holder.kind, holder.object_id, wish.field, wish.writer)
    if known is not None and known.account_id != actor.account_id:
        raise Forbidden()
    if known is not None and wish.sequence <= known.sequence:
        return _answer(known)
    current = holder.text(wish.field)
    if content != current:
        _require_seen(session, holder, wish)
    opened = _own_open(session, holder, wish)
    if content != current:
        return _answer(_written(session, actor, holder, wish, content, opened))
    if opened is not None:
        opened.sequence, opened.saved_at = wish.sequence, now
        session.add(opened)
    return Saved(version=wish.base_version, saved_at=now, behind=holder.version != wish.base_version)


def note_change(session: Session, actor: Actor, holder: TextHolder, field: str, before: str) -> None:
    """A text was changed in one act (a form, the API, restoring): keep it as a closed revision.

    The act itself is the caller's to record. What others were writing there is closed first by :func:`close_texts`.
    """
    now = clock.now()
    session.add(
        TextRevision(
            object_kind=holder.kind,
            object_id=holder.object_id,
            field=field,
            account_id=actor.account_id,
            writer_name=actor.name,
            writer=str(uuid.uuid4()),
            sequence=1,
            base_version=holder.version - 1,
            version=holder.version,
            before=before,
            content=holder.text(field),
            opened_at=now,
            saved_at=now,
            closed_at=now,
        )
    )


def close_texts(
    session: Session, holder: TextHolder, *, fields: Collection[str] = (), actor: Actor | None = None, writer: str = ""
) -> None:
    """Close open revisions of the object: those in *fields*, of the account of *actor* or of the form *writer*.

    Without any of these, all of them.
    """
    everything = not fields and actor is None and not writer
    for revision in queries.list_open(session, holder.kind, [holder.object_id]):
        own = actor is not None and revision.account_id == actor.account_id
        if everything or own or revision.field in fields or (writer and revision.writer == writer):
            _close(session, holder, revision)


def close_paused(session: Session, holder: TextHolder) -> None:
    """Close the object's revisions whose pause is over; asked by the worker, may be asked twice."""
    for revision in queries.list_open(session, holder.kind, [holder.object_id]):
        if rules.is_over(revision.saved_at, clock.now()):
            _close(session, holder, revision)


def drop_open(session: Session, kind: str, object_id: int) -> None:
    """Close what is open of an object that is gone; its history tells what became of its texts."""
    for revision in queries.list_open(session, kind, [object_id]):
        revision.closed_at = clock.now()
        session.add(revision)


def note_presence(session: Session, actor: Actor, kind: str, object_id: int, writer: str) -> None:
    """The form *writer* of this account has the object open; rows of forms not heard of any more are deleted."""
    now = clock.now()
    session.execute(sa.delete(EditPresence).where(col(EditPresence.seen_at) <= now - rules.PRESENT))
    row = session.get(EditPresence, writer)
    if row is None:
        row = EditPresence(
            writer=writer,
            object_kind=kind,
            object_id=object_id,
            account_id=actor.account_id,
            name=actor.name,
            opened_at=now,
            seen_at=now,
        )
    elif (row.account_id, row.object_kind, row.object_id) != (actor.account_id, kind, object_id):
        raise Forbidden()
    row.seen_at = now
    session.add(row)


def end_presence(session: Session, actor: Actor, writer: str) -> None:
    """The form was left."""
    session.execute(
        sa.delete(EditPresence).where(
            col(EditPresence.writer) == writer, col(EditPresence.account_id) == actor.account_id
        )
    )


def present(
    session: Session, actor: Actor, kind: str, object_ids: Collection[int], *, but_writer: str = ""
) -> dict[int, list[Presence]]:
    """Who has objects open, by object; one query."""
    found: dict[int, list[Presence]] = {}
    for row in queries.list_present(session, kind, object_ids, clock.now(), but_writer=but_writer):
        own = row.account_id == actor.account_id
        found.setdefault(row.object_id, []).append(Presence(row.object_id, row.name, row.opened_at, own))
    return found


def _answer(revision: TextRevision) -> Saved:
    """Whoever had seen all when saving goes on from the new version, others from the one they know."""
    behind = revision.version != revision.base_version + 1
    version = revision.base_version if behind else revision.version
    return Saved(version=version, saved_at=revision.saved_at, behind=behind)


def _require_seen(session: Session, holder: TextHolder, wish: TextSave) -> None:
    latest = queries.find_latest(session, holder.kind, holder.object_id, wish.field)
    if latest is not None and rules.collides(latest, wish.writer, wish.base_version):
        current = {
            "field": wish.field,
            "text": holder.text(wish.field),
            "version": holder.version,
            "changed_by": latest.writer_name,
            "changed_at": latest.saved_at.isoformat(),
        }
        raise Stale(current, rules.collision_sentence(latest, clock.now()))


def _own_open(session: Session, holder: TextHolder, wish: TextSave) -> TextRevision | None:
    """The open revision that this save continues; any other one of the field is closed."""
    for revision in queries.list_open(session, holder.kind, [holder.object_id]):
        if revision.field != wish.field:
            continue
        if revision.writer == wish.writer and not rules.is_over(revision.saved_at, clock.now()):
            return revision
        _close(session, holder, revision)
    return None


def _written(
    session: Session, actor: Actor, holder: TextHolder, wish: TextSave, content: str, opened: TextRevision | None
) -> TextRevision:
    """Write the text and the open revision, and have the worker look after the pause."""
    revision = opened or _begun(actor, holder, wish)
    revision.base_version = _seen(opened, wish, holder.version)
    holder.write(actor, wish.field, content)
    revision.sequence, revision.content, revision.version = wish.sequence, content, holder.version
    revision.saved_at = clock.now()
    session.add(revision)
    session.flush()
    _close_later(session, revision)
    return revision


def _seen(opened: TextRevision | None, wish: TextSave, version: int) -> int:
    """What the writer has seen: a save whose answer was lost on the way counts as seen by its writer."""
    unbroken = opened is not None and opened.version == version == opened.base_version + 1
    return version if unbroken and opened and wish.base_version >= opened.base_version else wish.base_version


def _begun(actor: Actor, holder: TextHolder, wish: TextSave) -> TextRevision:
    now, before = clock.now(), holder.text(wish.field)
    return TextRevision(
        object_kind=holder.kind,
        object_id=holder.object_id,
        field=wish.field,
        account_id=actor.account_id,
        writer_name=actor.name,
        writer=wish.writer,
        sequence=wish.sequence,
        base_version=wish.base_version,
        version=holder.version,
        before=before,
        content=before,
        opened_at=now,
        saved_at=now,
    )


def _close(session: Session, holder: TextHolder, revision: TextRevision) -> None:
    """Close a revision and let it enter the history as its writer's, if it changed anything."""
    revision.closed_at = clock.now()
    session.add(revision)
    session.flush()
    if revision.content != revision.before:
        writer = Actor(account_id=revision.account_id, name=revision.writer_name, on=clock.today())
        holder.record(writer, revision.field, revision.before, revision.content)


def _close_later(session: Session, revision: TextRevision) -> None:
    """Have the worker look after the pause, on the full minute: many saves of a minute order one look.

    A look that finds the pause not over does nothing; the later save has ordered its own.
    """
    due = (revision.saved_at + rules.PAUSE).replace(second=0, microsecond=0) + dt.timedelta(minutes=1)
    enqueue(
        session,
        CLOSE_JOB,
        {"kind": revision.object_kind, "id": revision.object_id},
        dedupe_key=f"{CLOSE_JOB}:{ident(revision)}:{due:%Y%m%d%H%M}",
        run_at=due,
    )
