"""The worker with mails: jobs that come again when it is time, two workers at once, and a process that is killed."""

import multiprocessing
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from app import clock
from app.config import Settings
from app.db import Database
from app.jobs.models import Job
from app.outbox import sending
from app.outbox.models import MailState
from app.outbox.service import SEND_JOB
from app.storage import Folder
from app.worker import Workplace, order_regular_work, work_once
from tests.conftest import NOW
from tests.outbox.conftest import later
from tests.outbox.servers import fake_server


def place_of(house):
    return Workplace(house.database, house.storage, house.settings)


def work(house):
    while work_once(place_of(house)):
        pass


def job_of(house):
    with house.database.read() as session:
        return session.exec(select(Job).where(Job.name == SEND_JOB)).one()


def test_the_job_of_a_mail_that_is_put_off_comes_again_however_often(house):
    mail_id = house.post()
    with fake_server(RCPT="451 later") as server:
        house.settings.smtp_url = server.url
        for hours in range(8):
            with later(hours=hours):
                work(house)
        job = job_of(house)
        assert (job.done_at, job.failed_at) == (None, None)
        mail = house.mail(mail_id)
        assert mail.retries == 8, "more than the five tries of other jobs"
        server.answers.clear()
        with later(hours=20):
            work(house)
    assert house.mail(mail_id).state is MailState.SENT
    assert job_of(house).done_at is not None


def test_the_worker_without_a_mail_server_withholds(house):
    mail_id = house.post()
    work(house)
    assert house.mail(mail_id).state is MailState.WITHHELD
    assert job_of(house).done_at is not None


def test_a_mail_whose_job_died_is_found_again_at_the_start(house):
    mail_id = house.post()
    with house.database.write() as session:
        for job in session.exec(select(Job)):
            session.delete(job)
    with fake_server() as server:
        house.settings.smtp_url = server.url
        order_regular_work(Workplace(house.database, house.storage, house.settings))
        work(house)
    assert house.mail(mail_id).state is MailState.SENT


def test_many_workers_send_every_mail_once(own_house):
    mails = [own_house.post(f"{number}@beispiel.test") for number in range(12)]

    def run(_):
        with clock.standing_at(NOW):
            work(own_house)

    with fake_server() as server:
        own_house.settings.smtp_url = server.url
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(run, range(4)))
    assert sorted(to for to, _ in server.taken) == sorted(f"{number}@beispiel.test" for number in range(12))
    assert {own_house.mail(one).state for one in mails} == {MailState.SENT}


def _send_and_stop(url, storage, smtp_url, mail_id, stopped):
    """A worker in a process of its own that stops where the mail is handed over, until it is killed."""

    def stop(self, taken):
        real(self, taken)
        stopped.set()
        threading.Event().wait()

    real = sending._Round._hand_over
    setattr(sending._Round, "_hand_over", stop)  # noqa: B010
    settings = Settings(secret_key="x" * 32, smtp_url=smtp_url, base_url="http://testserver")
    with clock.standing_at(NOW):
        sending.send_ordered(Database(url), Folder(storage), settings, mail_id)


@pytest.mark.slow
def test_a_process_that_is_killed_while_it_hands_over_leaves_the_mail_uncertain(own_house, tmp_path):
    mail_id = own_house.post()
    context = multiprocessing.get_context("spawn")
    stopped = context.Event()
    with fake_server() as server:
        arguments = (own_house.database.url, str(tmp_path / "files"), server.url, mail_id, stopped)
        process = context.Process(target=_send_and_stop, args=arguments, daemon=True)
        process.start()
        assert stopped.wait(60)
        os.kill(process.pid, signal.SIGKILL)
        process.join(30)
        assert own_house.mail(mail_id).state is MailState.SENDING
        with later(minutes=20):
            own_house.send(mail_id, server)
    assert server.taken == []
    assert own_house.mail(mail_id).state is MailState.UNCERTAIN


@pytest.mark.once
def test_the_clock_of_a_mail_is_longer_than_any_try():
    from app.outbox.rules import HOLD
    from app.outbox.smtp import DATA_PATIENCE_SECONDS, PATIENCE_SECONDS

    assert HOLD.total_seconds() > 10 * PATIENCE_SECONDS + DATA_PATIENCE_SECONDS
