"""Work that comes again for ever: ordered once, for its next time, and never lost because it failed."""

import datetime as dt

import pytest
from sqlmodel import select

from app import clock, worker
from app.jobs.models import Job
from app.jobs.service import TRIES
from app.papers.service.storing import SWEEP_JOB
from app.storage import Folder
from app.worker import REGULAR, WORK, Workplace, order_regular_work, work_once
from tests.conftest import NOW

DAY = dt.timedelta(days=1)


@pytest.fixture
def place(database, settings):
    return Workplace(database, Folder(settings.storage), settings)


def jobs_of(place, name):
    with place.database.read() as session:
        return session.exec(select(Job).where(Job.name == name).order_by(Job.id)).all()


def waiting(place, name):
    return [job.run_at for job in jobs_of(place, name) if job.done_at is None and job.failed_at is None]


def work_at(place, now):
    with clock.standing_at(now):
        while work_once(place):
            pass


def test_however_often_a_worker_starts_regular_work_waits_once(place):
    for minutes in (0, 1, 2):
        with clock.standing_at(NOW + dt.timedelta(minutes=minutes)):
            order_regular_work(place)
    assert [waiting(place, name) for name in REGULAR if name != worker.FETCH_JOB] == [
        [NOW + DAY],
        [NOW + DAY],
        [dt.datetime(2026, 3, 3, 7, tzinfo=clock.BERLIN)],
    ]


def test_answers_are_fetched_every_five_minutes_where_there_is_a_mailbox(place, monkeypatch):
    fetched = []

    def fetch(_database, url):
        fetched.append(url)
        return 0

    monkeypatch.setattr(worker, "fetch_mails", fetch)
    order_regular_work(place)
    assert waiting(place, worker.FETCH_JOB) == []
    place.settings.imap_url = "imaps://box@beispiel.test"
    order_regular_work(place)
    for minutes in (5, 10):
        work_at(place, NOW + dt.timedelta(minutes=minutes))
    assert fetched == ["imaps://box@beispiel.test"] * 2
    assert waiting(place, worker.FETCH_JOB) == [NOW + dt.timedelta(minutes=15)]


def test_work_that_was_given_up_comes_again_at_its_next_time(place, monkeypatch):
    def fail(_place, _payload):
        raise OSError("disk")

    monkeypatch.setattr(worker, "WORK", {**WORK, SWEEP_JOB: fail})
    order_regular_work(place)
    for minutes in (0, 1, 5, 14):
        work_at(place, NOW + DAY + dt.timedelta(minutes=minutes))
        assert len(waiting(place, SWEEP_JOB)) == 1, "while it is tried again no second one is ordered"
        assert len(jobs_of(place, SWEEP_JOB)) == 1
    last = NOW + DAY + dt.timedelta(minutes=30)
    work_at(place, last)
    given_up, following = jobs_of(place, SWEEP_JOB)
    assert (given_up.attempts, given_up.failed_at) == (TRIES, last)
    assert following.run_at == last + DAY
