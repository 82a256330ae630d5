"""A mail as it travels, read back with a parser: its structure, headers that nobody forges, all letters, its keys."""

import datetime as dt
from email import message_from_bytes
from email.policy import default

import pytest

from app.outbox.mime import Keys, Unsendable, ascii_address, put_into_calendar, to_bytes
from app.outbox.models import Mail
from app.outbox.rules import KEY_MARK, message_id
from app.outbox.schemas import AttachedFile

pytestmark = pytest.mark.once

BASE = "https://skip.beispiel.test"
KEYS = Keys(BASE, link="LinkKey_-1", unsubscribe="StopKey_-2")
DATE = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
CALENDAR = "\r\n".join(
    [
        "BEGIN:VCALENDAR",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        f"DESCRIPTION:Straße und Öffnung in {'ü' * 60}: {BASE}/antwort/~persoenl",
        " icher-schluessel~",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
)


def mail(**fields):
    given = {
        "kind": "invitation",
        "address": "ada@beispiel.test",
        "name": "Ada Beispiel",
        "sender": "gremium@beispiel.test",
        "sender_name": "Geschäftsstelle",
        "subject": "Einladung",
        "text": "Guten Tag\n.\nEnde",
        "html": "<p>Grüße</p>",
        "message_id": message_id("gremium@beispiel.test"),
        "created_at": DATE,
        **fields,
    }
    return Mail(**given)


def read(one, files=(), keys=KEYS):
    raw = to_bytes(one, files, keys, date=DATE)
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    return message_from_bytes(raw, policy=default)


def shape(part):
    if not part.is_multipart():
        return part.get_content_type()
    return {part.get_content_type(): [shape(one) for one in part.iter_parts()]}


def test_an_invitation_has_the_structure_that_clients_understand():
    files = [(AttachedFile("Tagesordnung für März.pdf", "application/pdf", "0" * 64), b"%PDF-1.7 \x00\xff")]
    calendar = {"calendar": CALENDAR, "calendar_method": "REQUEST", "calendar_name": "einladung.ics"}
    found = read(mail(**calendar), files)
    assert shape(found) == {
        "multipart/mixed": [
            {"multipart/alternative": ["text/plain", "text/html", "text/calendar"]},
            "application/pdf",
            "application/ics",
        ]
    }
    alternative, pdf, ics = found.iter_parts()
    event = list(alternative.iter_parts())[-1]
    assert event.get_param("method") == "REQUEST"
    assert event.get_param("charset").upper() == "UTF-8"
    assert pdf.get_filename() == "Tagesordnung für März.pdf"
    assert pdf.get_content() == b"%PDF-1.7 \x00\xff"
    assert ics.get_filename() == "einladung.ics"
    assert ics.get_content().decode() == event.get_payload(decode=True).decode()
    assert alternative["MIME-Version"] is None


def test_a_calendar_is_unfolded_for_its_key_and_folded_again():
    made = put_into_calendar(CALENDAR, KEYS)
    assert f"{BASE}/antwort/LinkKey_-1" in made.replace("\r\n ", "")
    assert "ü" * 60 in made.replace("\r\n ", "")
    assert all(len(line.encode()) <= 75 for line in made.split("\r\n"))
    assert made.endswith("END:VCALENDAR\r\n")


def test_a_plain_mail_needs_no_envelope():
    assert shape(read(mail(html=""))) == "text/plain"
    assert shape(read(mail())) == {"multipart/alternative": ["text/plain", "text/html"]}


def test_its_headers_say_what_it_is():
    one = mail(reply_to="antwort@beispiel.test")
    found = read(one)
    assert found["From"] == "Geschäftsstelle <gremium@beispiel.test>"
    assert found["To"] == "Ada Beispiel <ada@beispiel.test>"
    assert found["Reply-To"] == "antwort@beispiel.test"
    assert found["Message-ID"] == one.message_id
    assert found["Date"].datetime == DATE
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["List-Unsubscribe"] == f"<{BASE}/abbestellen/StopKey_-2>"
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read(one, keys=Keys(BASE))["List-Unsubscribe"] is None


def test_a_long_address_of_unsubscribing_stays_in_one_piece():
    keys = Keys("https://steuerungskreis-industriepolitik.senatsverwaltung.beispiel.test/skip", unsubscribe="k" * 43)
    raw = to_bytes(mail(), [], keys, date=DATE)
    assert f"List-Unsubscribe: <{keys.base_url}/abbestellen/{'k' * 43}>\r\n".encode() in raw


SUBJECTS = [
    "Ä" * 300,
    "Überprüfung der Gewerbeflächen 🏭 " * 9,
    "x" * 300,
    "Fragen, Antworten; \"Zitate\" <und> 'Weiteres'",
]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_any_subject_arrives(subject):
    found = read(mail(subject=subject.strip()))
    assert "".join(found["Subject"].split()) == "".join(subject.split())


NAMES = [
    "Dr. Ada Größte-Müller",
    'Prof. "Ada", Beispiel; <boese@beispiel.test>',
    "Ä" * 120,
    "Vorname, Nachname, alle@beispiel.test,",
    "🏭 Industrie, Handel & Ä",
    "Ada (Vertretung) Beispiel",
]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_arrives_and_adds_no_recipient(name):
    found = read(mail(name=name, sender_name=name))
    for header, address in (("To", "ada@beispiel.test"), ("From", "gremium@beispiel.test")):
        assert [one.addr_spec for one in found[header].addresses] == [address]
        assert "".join(found[header].addresses[0].display_name.split()) == "".join(name.split())


@pytest.mark.parametrize("field", ["subject", "name", "sender_name"])
@pytest.mark.parametrize("evil", ["A\r\nBcc: alle@beispiel.test", "A\nX: 1\n\nInhalt", "A\r\r\nTo: b@beispiel.test"])
def test_no_line_break_becomes_a_header(field, evil):
    """The outbox keeps them out already; here they would be refused."""
    with pytest.raises(ValueError):
        to_bytes(mail(**{field: evil}), [], KEYS, date=DATE)


def test_words_that_read_as_encoded_stay_words():
    evil = "=?utf-8?q?A=0D=0ABcc:_alle@beispiel.test?="
    raw = to_bytes(mail(subject=evil, name=evil), [], KEYS, date=DATE)
    assert b"\r\nBcc" not in raw
    found = message_from_bytes(raw, policy=default)
    assert found["Subject"] == evil.replace("=?", "= ?")
    assert [one.addr_spec for one in found["To"].addresses] == ["ada@beispiel.test"]


def test_domains_with_umlauts_travel_in_ascii_and_other_letters_are_refused():
    assert ascii_address("ada@größe.beispiel.test") == "ada@xn--gre-6ka8i.beispiel.test"
    found = read(mail(address="ada@größe.beispiel.test"))
    assert found["To"].addresses[0].addr_spec == "ada@xn--gre-6ka8i.beispiel.test"
    with pytest.raises(Unsendable, match="vor dem @"):
        ascii_address("größe@beispiel.test")


@pytest.mark.parametrize(
    "bad",
    [
        *("", "ada", "@beispiel.test", "ada@", "a b@beispiel.test", "ada@b\r\nRCPT TO:<x@y>", "<a>@b"),
        *(
            "a..b@beispiel.test",
            ".a@beispiel.test",
            "a.@beispiel.test",
            "a@beispiel..test",
            "=?utf-8?q?a?=@beispiel.test",
        ),
    ],
)
def test_what_is_no_address_is_refused(bad):
    with pytest.raises(Unsendable):
        ascii_address(bad)


def test_keys_are_put_into_our_own_addresses_only():
    ours = f"{BASE}/antwort/{KEY_MARK}"
    assert KEYS.put_into(f"Antwort: {ours}") == f"Antwort: {BASE}/antwort/LinkKey_-1"
    assert KEYS.put_into(f"{BASE}/abbestellen/{KEY_MARK}") == f"{BASE}/abbestellen/StopKey_-2"
    for evil in (f"https://boese.test/{KEY_MARK}", f"{BASE}.boese.test/{KEY_MARK}", f"Titel {KEY_MARK}"):
        assert "Key" not in KEYS.put_into(evil)
        assert KEY_MARK not in KEYS.put_into(evil)


def test_text_and_html_carry_the_key_and_nothing_else_of_the_mark():
    address = f"{BASE}/antwort/{KEY_MARK}"
    found = read(mail(text=f"Antwort: {address}", html=f'<a href="{address}">Antwort</a>'))
    plain, html = (part.get_content() for part in found.iter_parts())
    assert plain.strip() == f"Antwort: {BASE}/antwort/LinkKey_-1"
    assert f'href="{BASE}/antwort/LinkKey_-1"' in html
