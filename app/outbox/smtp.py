"""Talking to a mail server, up to the point at which it may have taken the mail, and to its answer."""

import base64
import re
import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import parse_qs, unquote, urlsplit

from app import text

PATIENCE_SECONDS = 30.0
"""For each answer of the server; the end of DATA may take it longer."""
DATA_PATIENCE_SECONDS = 120.0
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server as ``SKIP_SMTP_URL`` names it. ``encrypt``: "tls" from the start, "starttls", or "none"."""

    host: str
    port: int
    encrypt: str
    user: str = ""
    password: str = ""


# smtplib's errors are all OSErrors: whoever catches OSError catches both.


class Unreachable(Exception):
    """The server was not reached, or wants nothing of us now: no mail was handed over. The text is German."""


class Postponed(Exception):
    """The server said "later" for this mail (4xx), with its words."""


class Rejected(Exception):
    """The server said no for this mail (5xx), with its words."""


class Lost(Exception):
    """The line broke after the whole mail was handed over and before the answer: nobody knows."""


def parse_server(url: str) -> Server:
    """The server of ``smtp://[user:password@]host[:port]`` or ``smtps://…``; ValueError says in German what is wrong.

    smtp:// demands STARTTLS, except on this machine; ``?starttls=no`` does without it, in so many words.
    """
    parts = urlsplit(url)
    options = parse_qs(parts.query, keep_blank_values=True)
    try:
        port = parts.port
    except ValueError:
        raise ValueError("Der Port von SKIP_SMTP_URL ist keine Zahl.") from None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("SKIP_SMTP_URL beginnt mit smtp:// oder smtps:// und nennt einen Server.")
    if set(options) - {"starttls"} or options.get("starttls", ["no"]) != ["no"]:
        raise ValueError("SKIP_SMTP_URL kennt nach dem ? nur starttls=no.")
    plain = "starttls" in options or parts.hostname in _LOOPBACK
    encrypt = "tls" if parts.scheme == "smtps" else "none" if plain else "starttls"
    if encrypt == "none" and parts.username and parts.hostname not in _LOOPBACK:
        raise ValueError("Ein Kennwort reist nicht unverschlüsselt: bitte SKIP_SMTP_URL ohne starttls=no.")
    return Server(
        host=parts.hostname,
        port=port or (465 if encrypt == "tls" else 587 if encrypt == "starttls" else 25),
        encrypt=encrypt,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


class Line:
    """An open line to the server; several mails may go over it in a row."""

    def __init__(self, server: Server, *, patience: float = PATIENCE_SECONDS) -> None:
        self.server, self.patience = server, patience
        self._smtp: smtplib.SMTP | None = None

    def open(self) -> None:
        """Connect, encrypt and sign in; Unreachable says what failed."""
        try:
            self._smtp = self._connected()
        except OSError as error:
            raise Unreachable(self.cleaned(_why(error, self.server))) from error

    def __enter__(self) -> "Line":
        """The line, to be closed at the end of the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye; a server that is gone already is none the worse for it."""
        if self._smtp is None:
            return
        try:
            if kind is None:
                self._smtp.quit()
        except OSError:
            pass
        finally:
            self._smtp.close()

    def deliver(
        self, sender: str, recipient: str, content: bytes, *, hand_over: Callable[[], None], hidden: Sequence[str] = ()
    ) -> str:
        """Hand one mail over and return the server's yes; Unreachable, Postponed, Rejected, or Lost.

        ``hand_over`` is called when everything but the last full stop has gone: up to here a mail is certainly not
        taken (RFC 5321 §4.1.1.4), from here on it may be. ``hidden`` never stands in the answer.
        """
        smtp = self._open_line()
        try:
            self._expect(smtp.mail(sender), hidden)
            self._expect(smtp.rcpt(recipient), hidden)
            smtp.putcmd("data")
            self._expect(smtp.getreply(), hidden, wanted=3)
            smtp.send(_dotted(content))
        except OSError as error:
            raise Unreachable(self.cleaned(_why(error, self.server), hidden)) from error
        hand_over()
        return self._answer(smtp, hidden)

    def cleaned(self, words: str, hidden: Sequence[str] = ()) -> str:
        """Words of the server without what is secret, in one line of at most 500 letters."""
        user, password = self.server.user, self.server.password
        in_base64 = [base64.b64encode(one.encode()).decode() for one in (password, f"\0{user}\0{password}")]
        for secret in filter(None, (*hidden, *((password, *in_base64) if password else ()))):
            words = words.replace(secret, "…")
        return text.one_line(words)[:500]

    def _connected(self) -> smtplib.SMTP:
        server, context = self.server, ssl.create_default_context()
        if server.encrypt == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=self.patience, context=context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=self.patience)
        try:
            if server.encrypt == "starttls":
                smtp.starttls(context=context)
            smtp.ehlo_or_helo_if_needed()
            if server.user:
                smtp.login(server.user, server.password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _open_line(self) -> smtplib.SMTP:
        if self._smtp is None or self._smtp.sock is None:
            raise Unreachable("Der Mailserver hat die Verbindung beendet.")
        return self._smtp

    def _answer(self, smtp: smtplib.SMTP, hidden: Sequence[str]) -> str:
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(self.patience * DATA_PATIENCE_SECONDS / PATIENCE_SECONDS)
            smtp.send(b".\r\n")
            code, words = smtp.getreply()
        except OSError as error:
            smtp.close()
            raise Lost(self.cleaned(_why(error, self.server), hidden)) from error
        finally:
            if smtp.sock is not None:
                smtp.sock.settimeout(self.patience)
        if not 200 <= code < 300 and not 400 <= code < 600:
            smtp.close()
            raise Lost("Der Mailserver hat unverständlich geantwortet.")
        return self._expect((code, words), hidden)

    def _expect(self, reply: tuple[int, bytes], hidden: Sequence[str], *, wanted: int = 2) -> str:
        """The server's words if its answer begins with *wanted*."""
        code, words = reply[0], self.cleaned(f"{reply[0]} {reply[1].decode('utf-8', 'replace')}", hidden)
        if code // 100 == wanted:
            return words
        smtp = self._open_line()
        if code == 421 or code // 100 not in (4, 5):
            smtp.close()
            raise Unreachable(words)
        try:
            smtp.rset()
        except OSError:
            smtp.close()
        raise Postponed(words) if code // 100 == 4 else Rejected(words)


def _dotted(content: bytes) -> bytes:
    """The content with dots doubled at the beginning of lines (RFC 5321 §4.5.2), ended with a line end."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    lines = lines if lines.endswith(b"\r\n") else lines + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", lines)


def _why(error: Exception, server: Server) -> str:
    """What failed, in German, with the server's own words where it said some."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"Der Mailserver nimmt die Anmeldung nicht an: {_said(error)}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "Der Mailserver bietet keine Verschlüsselung (STARTTLS) oder keine Anmeldung an."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"Das Zertifikat des Mailservers gilt nicht: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"Die Verschlüsselung mit dem Mailserver kam nicht zustande: {error.reason}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"Der Mailserver lehnt die Verbindung ab: {_said(error)}"
    if isinstance(error, TimeoutError):
        return "Der Mailserver antwortet zu langsam."
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "Der Mailserver antwortet nicht, oder er hat die Verbindung beendet."
    return f"Der Mailserver {server.host}:{server.port} ist nicht erreichbar ({type(error).__name__})."


def _said(error: smtplib.SMTPResponseException) -> str:
    words = error.smtp_error
    return f"{error.smtp_code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"
