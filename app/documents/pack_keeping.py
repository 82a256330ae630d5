"""Meeting packs, kept for all readers of an edition: put together beside the requests, one after the other."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

from sqlalchemy.exc import IntegrityError

from app import clock
from app.agenda import queries
from app.agenda.models import MeetingPack
from app.db import Database
from app.documents import pdf
from app.documents.choosing import Chosen
from app.documents.keeping import draw_agenda, keep_pdf
from app.documents.pack import MadePack, make_pack
from app.documents.pack_values import PackValues
from app.storage import Storage

PATIENCE = pdf.PATIENCE
_works = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pack")
_waiting: dict[str, "Future[MadePack]"] = {}
_guard = threading.Lock()


def keep_pack(
    database: Database,
    storage: Storage,
    meeting_id: int,
    chosen: Chosen,
    values: PackValues,
    *,
    patience: float | None = None,
) -> bytes:
    """The pack of *values* around the agenda *chosen*: the kept bytes, or made now.

    ``pdf.Busy`` after *patience* (5) seconds: the work goes on, and whoever asks again gets it. No session may be open.
    """
    digest, patience = values.content_hash, PATIENCE if patience is None else patience
    with database.read() as session:
        kept = queries.find_pack(session, meeting_id, values.edition, values.version)
        key = kept.file_key if kept is not None and kept.content_hash == digest else ""
    if key and storage.has(key):
        return storage.get(key)
    agenda = (
        keep_pdf(database, storage, chosen.digest, patience=patience)
        if chosen.digest
        else draw_agenda(chosen.values, patience=patience)
    )
    made = _made(digest, partial(make_pack, values, agenda, storage.get), patience)
    if made.whole:
        _keep(database, meeting_id, values, storage.put(made.content), len(made.content))
    return made.content


def _made(digest: str, make: Callable[[], MadePack], patience: float) -> MadePack:
    """The work under *digest*, begun once however many ask for it."""
    with _guard:
        work = _waiting.get(digest)
        if work is None:
            work = _waiting[digest] = _works.submit(make)
    try:
        made = work.result(timeout=patience)
    except TimeoutError:
        if not work.done():
            raise pdf.Busy from None
        raise
    finally:
        if work.done():
            with _guard:
                _waiting.pop(digest, None)
    return made


def _keep(database: Database, meeting_id: int, values: PackValues, file_key: str, size: int) -> None:
    """Promise the bytes; the pack before loses its promise, and the sweep takes its file away."""
    try:
        with database.write() as session:
            kept = queries.find_pack(session, meeting_id, values.edition, values.version) or MeetingPack(
                meeting_id=meeting_id,
                edition=values.edition,
                version=values.version,
                content_hash="",
                file_key="",
                size=0,
                made_at=clock.now(),
            )
            kept.content_hash, kept.file_key, kept.size = values.content_hash, file_key, size
            kept.made_at = clock.now()
            session.add(kept)
    except IntegrityError:
        return  # another process kept the same pack in this moment
