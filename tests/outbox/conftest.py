"""What tests of the outbox begin with: a mail that waits, and the worker's step with short patience."""

import datetime as dt

import pytest

from app import clock
from app.db import ident
from app.links.rules import Purpose
from app.links.service import make_link
from app.outbox import sending
from app.outbox.models import Mail
from app.outbox.queries import tries_of
from app.outbox.rules import KEY_MARK
from app.outbox.schemas import Letter, Mailbox
from app.outbox.service import post_mail
from app.storage import Folder
from tests import factories
from tests.conftest import NOW


class House:
    """An outbox with its database, settings and a body whose mails these are."""

    def __init__(self, database, settings):
        self.database, self.settings, self.storage = database, settings, Folder(settings.storage)
        with database.write() as session:
            self.body_id = ident(factories.make_body(session))

    def post(self, to="ada@beispiel.test", **fields):
        """A mail that waits; its id."""
        letter = fields.pop("letter", None) or Letter("Einladung", "Guten Tag", "<p>Guten Tag</p>")
        fields = {"kind": "invitation", "body_id": self.body_id, **fields}
        sender = fields.pop("sender", Mailbox("gremium@beispiel.test", "Geschäftsstelle"))
        with self.database.write() as session:
            return ident(post_mail(session, letter, to=Mailbox(to, "Ada Beispiel"), sender=sender, **fields))

    def link(self, purpose=Purpose.ANSWER, **fields):
        with self.database.write() as session:
            link = make_link(session, self.settings.signing_key, purpose, **fields)
            return ident(link), link.nonce

    def send(self, mail_id, server=None, *, patience=5.0):
        """What the worker does for a mail that was ordered."""
        if server is not None:
            self.settings.smtp_url = server.url
        sending.send_ordered(self.database, self.storage, self.settings, mail_id, patience=patience)

    def mail(self, mail_id):
        with self.database.read() as session:
            return session.get_one(Mail, mail_id)

    def tries(self, mail_id):
        with self.database.read() as session:
            return [(one.outcome, one.answer) for one in tries_of(session, mail_id)]

    def letter_with_key(self):
        address = f"{self.settings.base_url}/antwort/{KEY_MARK}"
        return Letter("Einladung", f"Antwort: {address}", f'<a href="{address}">Antwort</a>')


@pytest.fixture
def house(database, settings):
    return House(database, settings)


@pytest.fixture
def own_house(own_database, settings):
    """For several workers at once, processes and migrations."""
    return House(own_database, settings)


def later(**delta):
    """The clock stands later by *delta*."""
    return clock.standing_at(NOW + dt.timedelta(**delta))
