"""The command that takes a mail, the mailbox's address, and fetching from a server that speaks IMAP."""

import socketserver
import threading

import pytest
from sqlmodel import select

from app.errors import SkipError
from app.invitations.fetching import Unreachable, check_mailbox, fetch_mails, read_address
from app.invitations.models import InvitationReply

MAILS = {
    "7": b"From: a@x.test\r\nMessage-ID: <7@x>\r\nSubject: Hallo\r\n\r\nText\r\n",
    "9": b"From: b@x.test\r\nMessage-ID: <9@x>\r\nSubject: Noch eine\r\n\r\nText\r\n",
}


class Server(socketserver.StreamRequestHandler):
    """As much of IMAP as fetching speaks."""

    def handle(self):
        self.say(b"* OK da\r\n")
        for line in self.rfile:
            tag, command, *rest = line.decode().split(None, 2)
            self.answer(tag, command.upper(), rest[0].strip() if rest else "")
            if command.upper() == "LOGOUT":
                return

    def say(self, words):
        self.wfile.write(words)

    def answer(self, tag, command, rest):
        if command == "CAPABILITY":
            self.say(b"* CAPABILITY IMAP4rev1\r\n")
        elif command == "LOGIN" and '"geheim"' not in rest:
            self.say(f"{tag} NO falsch\r\n".encode())
            return
        elif command in ("SELECT", "EXAMINE"):
            self.say(b"* 2 EXISTS\r\n" + self.server.flags)
        elif command == "UID" and rest.startswith("SEARCH SINCE"):
            self.server.asked = rest
            self.say(f"* SEARCH {' '.join(MAILS)}\r\n".encode())
        elif command == "UID" and rest.startswith("SEARCH"):
            self.say(f"* SEARCH {' '.join(one for one in MAILS if one not in self.server.flagged)}\r\n".encode())
        elif command == "UID" and rest.startswith("FETCH"):
            uid = rest.split()[1]
            self.say(f"* 1 FETCH (UID {uid} BODY[]<0> {{{len(MAILS[uid])}}}\r\n".encode() + MAILS[uid] + b")\r\n")
        elif command == "UID" and rest.startswith("STORE"):
            self.server.flagged.add(rest.split()[1])
        self.say(f"{tag} OK fertig\r\n".encode())


@pytest.fixture
def server():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Server) as opened:
        opened.daemon_threads = True
        opened.flagged, opened.flags = set(), b""
        threading.Thread(target=opened.serve_forever, daemon=True).start()
        yield opened
        opened.shutdown()


def url(server, password="geheim"):
    return f"imap://gremium:{password}@127.0.0.1:{server.server_address[1]}/Antworten"


def test_every_mail_is_read_once_and_flagged(server, database):
    assert check_mailbox(url(server)) == "erreichbar, 2 ungelesene Mails"
    assert fetch_mails(database, url(server)) == 2
    assert server.flagged == {"7", "9"}
    assert fetch_mails(database, url(server)) == 0
    server.flagged.clear()
    assert fetch_mails(database, url(server)) == 2
    with database.read() as session:
        assert sorted(one.message_id for one in session.exec(select(InvitationReply))) == ["<7@x>", "<9@x>"]


@pytest.mark.parametrize("kept", [rb"(\Seen \*)", rb"(\Seen SkipRead)", b"()"])
def test_servers_that_keep_flags_of_others_are_asked_for_ours(server, database, kept):
    server.flags = b"* OK [PERMANENTFLAGS " + kept + b"] so\r\n"
    assert fetch_mails(database, url(server)) == 2
    assert fetch_mails(database, url(server)) == 0


def test_a_server_that_keeps_no_flag_of_ours_gives_the_last_days(server, database):
    server.flags = rb"* OK [PERMANENTFLAGS (\Seen \Deleted)] keine eigenen" + b"\r\n"
    for _ in range(2):
        assert fetch_mails(database, url(server)) == 2
    assert server.asked == "SEARCH SINCE 27-Feb-2026"
    with database.read() as session:
        assert sorted(one.message_id for one in session.exec(select(InvitationReply))) == ["<7@x>", "<9@x>"]


def test_a_mail_that_cannot_be_stored_holds_no_other_up(server, database, monkeypatch, caplog):
    def receive(_database, raw):
        if b"<7@x>" in raw:
            raise ValueError("ada@x.test")

    monkeypatch.setattr("app.invitations.fetching.receive_mail", receive)
    assert fetch_mails(database, url(server)) == 1
    assert server.flagged == {"9"}
    assert "mail 7 of the mailbox is not read: ValueError" in caplog.text
    assert "ada@x.test" not in caplog.text


def test_a_wrong_password_is_said_without_it(server, database):
    with pytest.raises(Unreachable) as refused:
        fetch_mails(database, url(server, "falsches-wort"))
    assert "falsches-wort" not in refused.value.sentence
    assert refused.value.__cause__ is None


def test_nobody_there_is_said(server, database):
    address = url(server)
    server.shutdown()
    server.server_close()
    with pytest.raises(Unreachable):
        fetch_mails(database, address)


@pytest.mark.parametrize("wrong", ["", "imap://", "http://a:geheim@b/", "imaps://a:geheim@b:x/"])
def test_a_wrong_address_is_refused_without_its_password(wrong):
    with pytest.raises(SkipError) as refused:
        read_address(wrong)
    assert "geheim" not in refused.value.sentence


def test_an_address_in_parts():
    found = read_address("imaps://ada%40skip.test:ge%2Fheim@mail.skip.test/Antworten%20neu")
    assert (found.user, found.password, found.port, found.folder) == ("ada@skip.test", "ge/heim", 993, "Antworten neu")
