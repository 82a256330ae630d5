"""The site as people meet it: served by uvicorn in a thread, on a database file of its own, with the real clock."""

import datetime as dt
import shutil
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from sqlmodel import select

from app import clock
from app.actor import Role, system
from app.config import Settings
from app.db import Database, ident
from app.demo.making import PASSWORD as DEMO_PASSWORD
from app.demo.making import make_demo
from app.main import create_app
from app.migrating import upgrade
from app.people import rules, service
from app.people.models import Account
from app.people.queries import find_account_by_email
from app.people.schemas import AccountIn
from app.request import SESSION_COOKIE
from app.storage import Folder
from tests import factories
from tests.conftest import SECRET

SECRETARY = "geschaeftsstelle@example.org"
CHAIR, MEMBER, ADVISOR = "vorsitz@example.org", "mitglied@example.org", "beratend@example.org"
SEATED: Mapping[str, dict[str, bool]] = {CHAIR: {"chair": True}, MEMBER: {}, ADVISOR: {"voting": False}}
PASSWORD = DEMO_PASSWORD
PATIENCE_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Site:
    """A running site: its address and the database behind it."""

    address: str
    database: Database

    def cookie(self, email: str) -> dict[str, str]:
        """Sign *email* in on the server; the cookie that its browser carries."""
        key = rules.new_key()
        with self.database.write() as session:
            account = find_account_by_email(session, email)
            assert account is not None, f"nobody signs in as {email}"
            service.start_session(session, account, key, lasts=dt.timedelta(hours=1))
        return {"name": SESSION_COOKIE, "value": key, "url": self.address}

    def sign_everybody_out(self) -> None:
        """Every session ends on the server, as after a restart with an empty table."""
        with self.database.write() as session:
            for account in session.exec(select(Account)):
                service.end_sessions(session, ident(account))


@contextmanager
def serving(file: Path, folder: Path, *, host: str = "127.0.0.1") -> Iterator[Site]:
    """Serve the migrated database in *file*; documents go below *folder*. *host* is how browsers call this machine."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        address = f"http://{host}:{listener.getsockname()[1]}"
        settings = Settings(
            database_url=f"sqlite:///{file}",
            secret_key=SECRET,
            storage=str(folder / "files"),
            base_url=address,
            smtp_url="",
        )
        database = Database(settings.database_url)
        application = create_app(settings, database=database)
        server = uvicorn.Server(uvicorn.Config(application, log_level="error", access_log=False, lifespan="off"))
        server.force_exit = True
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        _wait_for(server, thread)
        try:
            yield Site(address, database)
        finally:
            server.should_exit = True
            thread.join(PATIENCE_SECONDS)
            database.close()


def _wait_for(server: uvicorn.Server, thread: threading.Thread) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not server.started:
        assert thread.is_alive(), "the server ended before it began"
        assert time.monotonic() < give_up, "the server did not begin"
        time.sleep(0.01)


def make_empty_file(file: Path) -> Path:
    """An installation as the operator leaves it: migrated, with one secretariat and nothing else."""
    database = Database(f"sqlite:///{file}")
    upgrade(database)
    with database.write() as session:
        operator = system(clock.today(), "Betrieb")
        service.add_account(
            session,
            operator,
            AccountIn(
                email=SECRETARY,
                name="Katrin Berger",
                role=Role.SECRETARIAT,
                password_hash=rules.hash_password(PASSWORD),
            ),
        )
    return _settled(database, file)


def make_house_file(file: Path) -> Path:
    """An installation ready for its first meeting: besides the secretariat a body with chair, member and advisor."""
    make_empty_file(file)
    database = Database(f"sqlite:///{file}")
    with database.write() as session:
        body = factories.make_body(session, "SKIP", "Steuerungskreis Industriepolitik")
        for email, options in SEATED.items():
            account = factories.make_seated(session, body, **options)
            account.email, account.name = email, email.partition("@")[0].capitalize()
    return _settled(database, file)


def make_demo_file(file: Path) -> Path:
    """The demo, counted from today; its papers lie in ``files`` beside it."""
    database = Database(f"sqlite:///{file}")
    upgrade(database)
    make_demo(database, Settings(secret_key=SECRET), today=clock.today(), storage=Folder(file.parent / "files"))
    return _settled(database, file)


def _settled(database: Database, file: Path) -> Path:
    """Everything in the one file, so that a copy of it is a copy of all."""
    with database.engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return file


def copy_of(file: Path, folder: Path) -> Path:
    """A copy of a settled database to write in, with the files beside it."""
    if (file.parent / "files").exists():
        shutil.copytree(file.parent / "files", folder / "files", dirs_exist_ok=True)
    return Path(shutil.copy(file, folder / "site.db"))
