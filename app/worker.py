"""The worker: takes jobs from the queue and calls the function that its table names for them."""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

from sqlmodel import Session

from app.agenda.service.note_texts import FrameTexts, NoteTexts, load_frame_texts, load_note_texts
from app.agenda.service.registrations import RegistrationTexts, load_registration_texts
from app.agenda.service.release import RENDER_JOB
from app.agenda.service.traces import ItemTexts, ProposalTexts, load_item_texts, load_proposal_texts
from app.circulars.service.establishing import ESTABLISH_JOB, establish_due
from app.db import Database
from app.decisions.service.writing import DecisionTexts, load_decision_texts
from app.documents.keeping import keep_pdf
from app.history.following import Follower, follow
from app.jobs import service as jobs
from app.meetings.service import EntryDetails, load_entry_details
from app.minutes.service.frame_texts import MinutesTexts, load_minutes_texts
from app.minutes.service.life import SILENCE_JOB, approve_by_silence
from app.minutes.service.note_texts import MinuteNoteTexts
from app.minutes.service.note_texts import load_note_texts as load_minute_note
from app.papers.service.storing import SWEEP_JOB, order_sweep, sweep_files
from app.revisions import service as revisions
from app.revisions.schemas import TextHolder
from app.storage import Storage

log = logging.getLogger("skip.worker")

PAUSE_SECONDS = 2.0
Work = Callable[[Database, Storage, Mapping[str, Any]], None]


def _render_document(database: Database, storage: Storage, payload: Mapping[str, Any]) -> None:
    keep_pdf(database, storage, payload["hash"])


def _close_text(database: Database, _storage: Storage, payload: Mapping[str, Any]) -> None:
    kind, object_id = payload["kind"], payload["id"]
    with database.write() as session:
        holder = HOLDERS[kind](session, object_id)
        if holder is None:
            revisions.drop_open(session, kind, object_id)
        else:
            revisions.close_paused(session, holder)


def _sweep_files(database: Database, storage: Storage, _payload: Mapping[str, Any]) -> None:
    gone = sweep_files(database, storage)
    if gone:
        log.info("took away %s stored files that nothing names", gone)
    with database.write() as session:
        order_sweep(session)


def _approve_silent(database: Database, _storage: Storage, payload: Mapping[str, Any]) -> None:
    with database.write() as session:
        if approve_by_silence(session, payload["meeting"], payload["version"]):
            log.info("minutes of meeting %s approved by silence", payload["meeting"])


HOLDERS: Mapping[str, Callable[[Session, int], TextHolder | None]] = {
    ItemTexts.kind: load_item_texts,
    ProposalTexts.kind: load_proposal_texts,
    NoteTexts.kind: load_note_texts,
    FrameTexts.kind: load_frame_texts,
    RegistrationTexts.kind: load_registration_texts,
    EntryDetails.kind: load_entry_details,
    DecisionTexts.kind: load_decision_texts,
    MinuteNoteTexts.kind: load_minute_note,
    MinutesTexts.kind: load_minutes_texts,
}
"""Who locks and holds the texts of an object, by the name of its table."""


def _establish_circular(database: Database, _storage: Storage, payload: Mapping[str, Any]) -> None:
    with database.write() as session:
        establish_due(session, payload["id"])


WORK: Mapping[str, Work] = {
    RENDER_JOB: _render_document,
    revisions.CLOSE_JOB: _close_text,
    SWEEP_JOB: _sweep_files,
    ESTABLISH_JOB: _establish_circular,
    SILENCE_JOB: _approve_silent,
}

FOLLOWERS: tuple[Follower, ...] = ()
"""Who reads the history as it grows, in this order."""


def follow_all(database: Database) -> bool:
    """Let every follower read on; whether one of them had something to read. One that fails stops no other."""
    busy = False
    for follower in FOLLOWERS:
        try:
            busy = follow(database, follower) > 0 or busy
        except Exception as error:
            log.warning("follower %s failed: %s", follower.name, type(error).__name__)
    return busy


def work_once(database: Database, storage: Storage) -> bool:
    """Do the next due job, if there is one. What it raises is noted on the job, which is tried again later."""
    with database.write() as session:
        taken = jobs.take_job(session)
    if taken is None:
        return False
    job_id, name, payload = taken
    try:
        WORK[name](database, storage, payload)
    except Exception as error:
        log.warning("job %s %s failed: %s", job_id, name, type(error).__name__)
        with database.write() as session:
            jobs.postpone_job(session, job_id, f"{type(error).__name__}: {error}")
        return True
    with database.write() as session:
        jobs.finish_job(session, job_id)
    return True


def work_until(stop: threading.Event, database: Database, storage: Storage) -> None:
    """Do jobs until *stop* is set; rests while there are none or the database does not answer."""
    try:
        with database.write() as session:
            order_sweep(session)
    except Exception as error:
        log.warning("the daily sweep is not ordered: %s", type(error).__name__)
    while not stop.is_set():
        try:
            busy = follow_all(database) or work_once(database, storage)
        except Exception as error:
            log.warning("the queue does not answer: %s", type(error).__name__)
            busy = False
        if not busy:
            stop.wait(PAUSE_SECONDS)
