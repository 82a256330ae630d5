"""The worker: takes jobs from the queue and calls the function that its table names for them."""

import datetime as dt
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app import clock
from app.agenda.service.note_texts import FrameTexts, NoteTexts, load_frame_texts, load_note_texts
from app.agenda.service.registrations import RegistrationTexts, load_registration_texts
from app.agenda.service.release import RENDER_JOB
from app.agenda.service.traces import ItemTexts, ProposalTexts, load_item_texts, load_proposal_texts
from app.circulars.service.establishing import ESTABLISH_JOB, establish_due
from app.config import Settings
from app.db import Database
from app.decisions.service.writing import DecisionTexts, load_decision_texts
from app.documents.keeping import keep_pdf
from app.errors import SkipError
from app.history.following import Follower, follow
from app.invitations.fetching import EVERY_MINUTES, FETCH_JOB, fetch_mails
from app.jobs import service as jobs
from app.meetings.service import EntryDetails, load_entry_details
from app.minutes.service.frame_texts import MinutesTexts, load_minutes_texts
from app.minutes.service.life import SILENCE_JOB, approve_by_silence
from app.minutes.service.note_texts import MinuteNoteTexts
from app.minutes.service.note_texts import load_note_texts as load_minute_note
from app.notices.rules.timing import next_slot
from app.notices.service.delivering import DAILY_JOB, send_bundle, send_daily
from app.notices.service.following import FOLLOWER as NOTICES
from app.notices.service.keeping import SEND_BUNDLE_JOB
from app.outbox.sending import do_job
from app.outbox.service import SEND_JOB
from app.outbox.service.keeping import order_stranded
from app.papers.service.storing import SWEEP_JOB, sweep_files
from app.privacy.service.sweeping import RETENTION_JOB, sweep_old
from app.revisions import service as revisions
from app.revisions.schemas import TextHolder
from app.search.service import FOLLOWER as SEARCH_FOLLOWER
from app.storage import Storage

log = logging.getLogger("skip.worker")

PAUSE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Workplace:
    """What work is done with."""

    database: Database
    storage: Storage
    settings: Settings


Work = Callable[[Workplace, Mapping[str, Any]], None]


def _render_document(place: Workplace, payload: Mapping[str, Any]) -> None:
    keep_pdf(place.database, place.storage, payload["hash"])


def _close_text(place: Workplace, payload: Mapping[str, Any]) -> None:
    kind, object_id = payload["kind"], payload["id"]
    with place.database.write() as session:
        holder = HOLDERS[kind](session, object_id)
        if holder is None:
            revisions.drop_open(session, kind, object_id)
        else:
            revisions.close_paused(session, holder)


def _sweep_files(place: Workplace, _payload: Mapping[str, Any]) -> None:
    gone = sweep_files(place.database, place.storage)
    if gone:
        log.info("took away %s stored files that nothing names", gone)


def _send_mail(place: Workplace, payload: Mapping[str, Any]) -> None:
    do_job(place.database, place.storage, place.settings, payload["id"])


def _sweep_old(place: Workplace, _payload: Mapping[str, Any]) -> None:
    gone = sweep_old(place.database)
    if gone:
        log.info("swept %s rows that were kept long enough", gone)


def _send_notices(place: Workplace, payload: Mapping[str, Any]) -> None:
    send_bundle(place.database, place.settings, payload["bundle"])


def _send_daily(place: Workplace, _payload: Mapping[str, Any]) -> None:
    send_daily(place.database, place.settings)


def _fetch_replies(place: Workplace, _payload: Mapping[str, Any]) -> None:
    try:
        found = fetch_mails(place.database, place.settings.imap_url) if place.settings.imap_url else 0
    except SkipError as error:
        log.warning("the mailbox of answers is not read: %s", error.sentence)
    else:
        if found:
            log.info("read %s mails", found)


def _approve_silent(place: Workplace, payload: Mapping[str, Any]) -> None:
    with place.database.write() as session:
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


def _establish_circular(place: Workplace, payload: Mapping[str, Any]) -> None:
    with place.database.write() as session:
        establish_due(session, payload["id"])


WORK: Mapping[str, Work] = {
    RENDER_JOB: _render_document,
    revisions.CLOSE_JOB: _close_text,
    SWEEP_JOB: _sweep_files,
    ESTABLISH_JOB: _establish_circular,
    SILENCE_JOB: _approve_silent,
    SEND_JOB: _send_mail,
    FETCH_JOB: _fetch_replies,
    RETENTION_JOB: _sweep_old,
    SEND_BUNDLE_JOB: _send_notices,
    DAILY_JOB: _send_daily,
}


def _in_a_day(_settings: Settings) -> dt.datetime:
    return clock.now() + dt.timedelta(days=1)


def _when_fetched(settings: Settings) -> dt.datetime | None:
    return clock.now() + dt.timedelta(minutes=EVERY_MINUTES) if settings.imap_url else None


def _when_told(settings: Settings) -> dt.datetime:
    return next_slot(clock.now(), settings.notices_hour)


REGULAR: Mapping[str, Callable[[Settings], dt.datetime | None]] = {
    SWEEP_JOB: _in_a_day,
    RETENTION_JOB: _in_a_day,
    DAILY_JOB: _when_told,
    FETCH_JOB: _when_fetched,
}
"""Work that comes again for ever, and when it is due next (None: here it is not done)."""

_BY_ITSELF = "beginnt von selbst wieder; wiederholt es sich, das Protokoll von skip serve lesen"
GIVEN_UP: Mapping[str, tuple[str, str]] = {
    RENDER_JOB: ("PDF setzen", "das PDF auf der Seite der Sitzung öffnen, dann wird es neu gesetzt"),
    revisions.CLOSE_JOB: ("Fassung eines Textes abschließen", "den Text öffnen, ändern und speichern"),
    SWEEP_JOB: ("verwaiste Dateien entfernen", _BY_ITSELF),
    ESTABLISH_JOB: ("Ergebnis eines Umlaufverfahrens feststellen", "auf der Seite des Umlaufverfahrens feststellen"),
    SILENCE_JOB: ("Genehmigung einer Niederschrift feststellen", "auf der Seite der Niederschrift feststellen"),
    SEND_JOB: ("Mail versenden", "skip serve neu starten; dann unter /postausgang nachsehen"),
    FETCH_JOB: ("Antworten aus dem Postfach holen", _BY_ITSELF),
    RETENTION_JOB: ("Abgelaufenes löschen", _BY_ITSELF),
    SEND_BUNDLE_JOB: ("Mitteilungen versenden", "nach einem Tag gehen sie mit der Mail des Tages hinaus"),
    DAILY_JOB: ("Mail des Tages versenden", _BY_ITSELF),
}
"""What each kind of work is called in German, and what to do where it was given up."""

FOLLOWERS: tuple[Follower, ...] = (SEARCH_FOLLOWER, NOTICES)
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


def work_once(place: Workplace) -> bool:
    """Do the next due job, if there is one. What it raises is noted on the job, which is tried again later."""
    database = place.database
    with database.write() as session:
        taken = jobs.take_job(session)
    if taken is None:
        return False
    job_id, name, payload = taken
    try:
        WORK[name](place, payload)
    except jobs.Later as later:
        with database.write() as session:
            jobs.move_job(session, job_id, later.at)
        return True
    except Exception as error:
        log.warning("job %s %s failed: %s", job_id, name, type(error).__name__)
        with database.write() as session:
            jobs.postpone_job(session, job_id, f"{type(error).__name__}: {error}")
            _order_again(session, name, place.settings)
        return True
    with database.write() as session:
        jobs.finish_job(session, job_id)
        _order_again(session, name, place.settings)
    return True


def _order_again(session: Session, name: str, settings: Settings) -> None:
    """Order regular work for its next time, once; also where it was given up, but not while it is tried again."""
    due = REGULAR[name](settings) if name in REGULAR else None
    if due is not None:
        jobs.enqueue(session, name, {}, dedupe_key=name, run_at=due)


def order_regular_work(place: Workplace) -> None:
    """Order what is done again and again, and what lies without an order."""
    with place.database.write() as session:
        for name in REGULAR:
            _order_again(session, name, place.settings)
        order_stranded(session)


def work_until(stop: threading.Event, place: Workplace) -> None:
    """Do jobs until *stop* is set; rests while there are none or the database does not answer."""
    try:
        order_regular_work(place)
    except Exception as error:
        log.warning("the regular work is not ordered: %s", type(error).__name__)
    while not stop.is_set():
        try:
            busy = follow_all(place.database) or work_once(place)
        except Exception as error:
            log.warning("the queue does not answer: %s", type(error).__name__)
            busy = False
        if not busy:
            stop.wait(PAUSE_SECONDS)
