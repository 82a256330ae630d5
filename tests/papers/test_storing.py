"""Nothing is lost between file and row: simultaneous uploads, refused disks, and the sweep that takes orphans only."""

import io
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from app import clock
from app.agenda.models import KeptDocument
from app.agenda.service.paper_holders import MeetingPapers
from app.db import ident
from app.errors import Invalid
from app.meetings.queries import lock_meeting
from app.papers.models import Paper, PaperVersion
from app.papers.schemas import PaperIn, Upload
from app.papers.service.storing import NotStored, store_uploads, sweep_files
from app.storage import Folder
from tests import factories
from tests.papers import files


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "files")


def upload(content: bytes, name: str = "a.txt") -> Upload:
    return Upload(name, io.BytesIO(content))


def make_old(folder: Folder) -> None:
    for path in folder.root.glob("??/*"):
        os.utime(path, (0, 0))


def meeting_of(database):
    with database.write() as session:
        return ident(factories.make_meeting(session, factories.make_body(session), number=1))


def add(database, meeting_id, stored):
    with database.write() as session:
        meeting = lock_meeting(session, factories.operator(), meeting_id)
        MeetingPapers(session, factories.operator(), meeting).add(stored, PaperIn())


def test_nothing_is_stored_while_one_file_is_bad(folder):
    with pytest.raises(Invalid) as refused:
        store_uploads(folder, [upload(b"gut"), upload(b"MZ", "b.exe")], limit_mb=1)
    assert set(refused.value.fields) == {"files.1"}
    assert list(folder.root.glob("??/*")) == []


def test_a_disk_that_refuses_the_second_file_writes_no_row_and_the_first_is_swept(folder, own_database, monkeypatch):
    put, count = Folder.put, iter(range(9))

    def full(self, content):
        if next(count):
            raise OSError(28, "No space left on device")
        return put(self, content)

    monkeypatch.setattr(Folder, "put", full)
    with pytest.raises(NotStored):
        store_uploads(folder, [upload(b"eins"), upload(b"zwei")], limit_mb=1)
    make_old(folder)
    assert sweep_files(own_database, folder) == 1
    assert list(folder.root.glob("??/*")) == []


def test_the_sweep_keeps_what_any_row_names_and_what_is_young(folder, own_database):
    meeting_id = meeting_of(own_database)
    add(own_database, meeting_id, store_uploads(folder, [upload(files.pdf(), "a.pdf")], limit_mb=1))
    kept = folder.put(b"a rendered document")
    with own_database.write() as session:
        session.add(KeptDocument(values_hash="0" * 64, file_key=kept, size=3, made_at=clock.now()))
    folder.put(b"orphan")
    make_old(folder)
    young = folder.put(b"just uploaded")
    assert sweep_files(own_database, folder) == 1
    assert folder.has(kept)
    assert folder.has(young)
    with own_database.read() as session:
        assert folder.get(session.exec(select(PaperVersion)).one().file_key) == files.pdf()


def test_an_upload_between_looking_and_removing_keeps_its_file(folder, own_database, monkeypatch):
    """The sweep has read its list and asked the database; then the same bytes are uploaded; then it removes."""
    meeting_id = meeting_of(own_database)
    folder.put(b"orphan")
    make_old(folder)
    remove = Folder.remove

    def uploaded_meanwhile(self, key, before):
        add(own_database, meeting_id, store_uploads(folder, [upload(b"orphan")], limit_mb=1))
        return remove(self, key, before)

    monkeypatch.setattr(Folder, "remove", uploaded_meanwhile)
    assert sweep_files(own_database, folder) == 0
    with own_database.read() as session:
        assert folder.get(session.exec(select(PaperVersion)).one().file_key) == b"orphan"


def test_sweeping_beside_many_uploads_loses_no_file(folder, own_database):
    meeting_id, stop = meeting_of(own_database), threading.Event()
    for number in range(12):
        folder.put(b"%d" % number)
    make_old(folder)

    def sweep() -> None:
        while not stop.is_set():
            sweep_files(own_database, folder)

    sweeper = threading.Thread(target=sweep)
    sweeper.start()
    try:
        with ThreadPoolExecutor(4) as pool:
            done = [
                pool.submit(
                    lambda n: add(own_database, meeting_id, store_uploads(folder, [upload(b"%d" % n)], limit_mb=1)), n
                )
                for n in range(12)
            ]
            for one in done:
                one.result()
    finally:
        stop.set()
        sweeper.join()
    with own_database.read() as session:
        rows = session.exec(select(PaperVersion)).all()
        assert len(rows) == 12
        assert {folder.get(row.file_key) for row in rows} == {b"%d" % number for number in range(12)}


def test_the_same_file_uploaded_by_several_at_once_lies_there_once(folder, own_database):
    meeting_id = meeting_of(own_database)

    def send(_number: int) -> bool:
        try:
            add(own_database, meeting_id, store_uploads(folder, [upload(b"gleich")], limit_mb=1))
        except Invalid:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(send, range(6))) == 1
    with own_database.read() as session:
        assert len(session.exec(select(Paper)).all()) == 1
