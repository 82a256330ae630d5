"""Sending, as the worker does it: one mail ordered, then whatever else is due over the same line to the server."""

import logging
import time
from email.errors import MessageError

from app import clock
from app.config import Settings
from app.db import Database
from app.jobs.service import Later
from app.links.rules import link_key
from app.outbox.mime import Keys, Unsendable, ascii_address, to_bytes
from app.outbox.models import MailState
from app.outbox.schemas import Taken
from app.outbox.service import delivering
from app.outbox.smtp import PATIENCE_SECONDS, Line, Lost, Postponed, Rejected, Server, Unreachable, parse_server
from app.storage import Storage

log = logging.getLogger("skip.outbox")

MOST_IN_A_ROW = 50
MOST_SECONDS = 120.0
"""So long other work waits at most for a server that answers slowly."""
NOT_WRITTEN = "Name, Betreff oder Anlage lassen sich nicht in die Form bringen, die Mailserver annehmen."
NOT_BUILT = "Eine Anlage dieser Mail fehlt im Dateispeicher oder ist beschädigt."


def send_ordered(
    database: Database, storage: Storage, settings: Settings, mail_id: int, *, patience: float = PATIENCE_SECONDS
) -> None:
    """Send the mail *mail_id*, and others that are due over the same line. jobs.Later: its time has not come.

    Without a mail server the mail is withheld. ``patience``: seconds for each answer of the server.
    """
    if not settings.smtp_url:
        with database.write() as session:
            delivering.withhold_mail(session, mail_id)
        return
    with database.write() as session:
        taken = delivering.take_mail(session, mail_id)
    if taken is None:
        return
    try:
        _Round(database, storage, settings).send(parse_server(settings.smtp_url), taken, patience)
    except ValueError as error:
        _put_off_all(database, taken, str(error))
    except delivering.Overtaken as error:
        log.warning("another worker has taken over %s", error)


def do_job(database: Database, storage: Storage, settings: Settings, mail_id: int) -> None:
    """The job of a mail: send it; jobs.Later for as long as it waits or is on its way, so that it keeps its job."""
    send_ordered(database, storage, settings, mail_id)
    with database.read() as session:
        again = delivering.when_again(session, mail_id)
    if again is not None:
        raise Later(again)


def _put_off_all(database: Database, taken: Taken, why: str) -> None:
    """The server is not there: this try failed, and what else is due need not find that out by itself."""
    with database.write() as session:
        delivering.note_failed(session, taken, why)
        delivering.put_off_others(session, why)


class _Round:
    """What goes over one line to the server."""

    def __init__(self, database: Database, storage: Storage, settings: Settings) -> None:
        self.database, self.storage, self.settings = database, storage, settings

    def send(self, server: Server, first: Taken, patience: float) -> None:
        """Send *first*, then others while the line holds."""
        taken, line = first, Line(server, patience=patience)
        try:
            line.open()
        except Unreachable as error:
            _put_off_all(self.database, first, str(error))
            return
        with line:
            ends = time.monotonic() + MOST_SECONDS
            for _ in range(MOST_IN_A_ROW - 1):
                if not self._one(line, taken) or time.monotonic() > ends:
                    return
                with self.database.write() as session:
                    following = delivering.take_next(session)
                if following is None:
                    return
                taken = following
            self._one(line, taken)

    def _one(self, line: Line, taken: Taken) -> bool:
        """Send one mail and note what became of it; whether the line still holds."""
        keys = self._keys(taken)
        try:
            content = self._content(taken, keys)
            sender, recipient = ascii_address(taken.mail.sender), ascii_address(taken.mail.address)
        except Unsendable as error:
            return self._end(taken, MailState.REFUSED, str(error))
        except OSError:
            return self._end(taken, MailState.REFUSED, NOT_BUILT)
        except (ValueError, MessageError) as error:
            log.warning("mail %s cannot be written: %s", taken.mail_id, type(error).__name__)
            return self._end(taken, MailState.REFUSED, NOT_WRITTEN)
        try:
            answer = line.deliver(
                sender,
                recipient,
                content,
                hand_over=lambda: self._hand_over(taken),
                hidden=(keys.link, keys.unsubscribe),
            )
        except Rejected as error:
            return self._end(taken, MailState.REFUSED, str(error))
        except Lost as error:
            self._end(taken, MailState.UNCERTAIN, str(error))
            return False
        except (Postponed, Unreachable) as error:
            with self.database.write() as session:
                delivering.note_failed(session, taken, str(error))
            return isinstance(error, Postponed)
        with self.database.write() as session:
            delivering.note_sent(session, taken, answer)
        return True

    def _hand_over(self, taken: Taken) -> None:
        with self.database.write() as session:
            delivering.hand_over(session, taken)

    def _end(self, taken: Taken, state: MailState, answer: str) -> bool:
        with self.database.write() as session:
            delivering.note_ended(session, taken, state, answer)
        return True

    def _content(self, taken: Taken, keys: Keys) -> bytes:
        files = [(file, self.storage.get(file.hash)) for file in taken.files]
        return to_bytes(taken.mail, files, keys, date=clock.now())

    def _keys(self, taken: Taken) -> Keys:
        secret = self.settings.signing_key
        made = [link_key(secret, one) if one else "" for one in (taken.link_nonce, taken.unsubscribe_nonce)]
        return Keys(self.settings.base_url.rstrip("/"), *made)
