"""Mail servers of tests on loopback: good ones, and such as refuse, postpone, fall silent, drop the line, are down."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class FakeServer:
    """A mail server that follows a script: for a verb ("EHLO", "RCPT", "DATA", "END" …) its answer.

    "drop" closes the line instead of answering, "hang" says nothing until the client goes. END is the answer to the
    whole mail. ``taken`` are the mails to which it said yes; ``seen`` those that came whole; ``lines`` how often
    somebody connected. ``answers`` may be changed between mails; ``once`` are answers that are given a single time.
    """

    answers: dict[str, str] = field(default_factory=dict)
    once: dict[str, str] = field(default_factory=dict)
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    seen: list[bytes] = field(default_factory=list)
    lines: int = 0
    port: int = 0
    tls: ssl.SSLContext | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def answer(self, verb: str, usual: str) -> str:
        return self.once.pop(verb, self.answers.get(verb, usual))


class _Over(Exception):
    pass


class _Talk:
    def __init__(self, server: FakeServer, line: socket.socket) -> None:
        self.server, self.line, self.file = server, line, line.makefile("rb")
        self.to = ""

    def say(self, verb: str, usual: str) -> bool:
        words = self.server.answer(verb, usual)
        if words == "hang":
            self.file.read()
            raise _Over
        if words == "drop":
            raise _Over
        self.line.sendall(f"{words}\r\n".encode())
        return words[0] in "23"

    def run(self) -> None:
        self.say("HELLO", "220 probe")
        while line := self.file.readline():
            words = line.decode().strip()
            verb = words.split(" ")[0].split(":")[0].upper()
            if verb == "QUIT":
                self.say("QUIT", "221 bye")
                return
            if verb == "RCPT":
                self.to = words.partition(":")[2].strip("<> ")
            if verb == "DATA":
                if self.say("DATA", "354 go on"):
                    self.content()
                continue
            if verb == "STARTTLS" and self.server.tls is not None:
                self.say(verb, "220 go on")
                self.encrypt(self.server.tls)
                continue
            self.say(verb, "250 ok")

    def encrypt(self, tls: ssl.SSLContext) -> None:
        self.file.close()
        self.line = tls.wrap_socket(self.line, server_side=True)
        self.file = self.line.makefile("rb")

    def content(self) -> None:
        got = []
        while (line := self.file.readline()) != b".\r\n":
            if not line:
                raise _Over
            got.append(line[1:] if line.startswith(b".") else line)
        whole = b"".join(got)
        self.server.seen.append(whole)
        if self.say("END", "250 2.0.0 queued as 4711"):
            self.server.taken.append((self.to, whole))


def _serve(server: FakeServer, door: socket.socket) -> None:
    while True:
        try:
            line, _ = door.accept()
        except OSError:
            return
        server.lines += 1
        with line:
            try:
                talk = _Talk(server, line)
                try:
                    talk.run()
                finally:
                    talk.file.close()
                    talk.line.close()
            except (_Over, OSError):
                pass


@contextmanager
def fake_server(**answers: str) -> Iterator[FakeServer]:
    """A server with these answers while the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = FakeServer(answers=answers, port=door.getsockname()[1])
        thread = threading.Thread(target=_serve, args=(server, door), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            door.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=5)


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])
