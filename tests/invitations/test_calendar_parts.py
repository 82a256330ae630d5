"""The iTIP messages as programs of other people read them: form, rules of RFC 5546, times in every season."""

import datetime as dt

import icalendar
import pytest

from app.calendars.feed import invitation_ics, read_replies
from app.calendars.schemas import Answered, Attendee, CalendarEvent, EventState, Method, Organizer
from app.clock import BERLIN
from tests.calendars.conftest import _read_back as _read_back

pytestmark = pytest.mark.once

STARTS = {
    "summer": dt.datetime(2026, 7, 1, 10, tzinfo=BERLIN),
    "winter": dt.datetime(2026, 12, 1, 10, tzinfo=BERLIN),
    "spring night": dt.datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN),
    "autumn night": dt.datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1),
}
TITLE = "Größe; Maß, „Straße“ \\n " * 12
US = Organizer('Geschäftsstelle "SKIP", Büro', "gremium@skip.test")
THEM = Attendee("Dr. Ada Größe", "ada@skip.test")


def message(start, method=Method.REQUEST, attendee=THEM, **fields):
    event = CalendarEvent(
        uid="7@skip",
        sequence=3,
        changed_at=dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC),
        starts_at=start,
        ends_at=start.astimezone(dt.UTC) + dt.timedelta(hours=2),
        body="SKIP",
        title=TITLE,
        place="Säulensaal; 1. Stock",
        url="https://skip.test/sitzungen/7",
        description="Umlaute äöüß\nzweite Zeile",
        **fields,
    )
    return invitation_ics(event, method=method, organizer=US, attendee=attendee)


FILES = {
    **{name: message(start) for name, start in STARTS.items()},
    "tentative": message(STARTS["summer"], state=EventState.TENTATIVE),
    "cancelled": message(STARTS["summer"], Method.CANCEL, state=EventState.CANCELLED),
    "disinvited": message(STARTS["summer"], Method.CANCEL),
    "informed": message(STARTS["winter"], attendee=Attendee("", "reg@skip.test", asked=False, informed=True)),
}


def test_every_reader_reads_the_same(read_back):
    for name, found in read_back(FILES).items():
        assert (found.errors, found.fits_rules) == ([], True), name
        start = next((at for season, at in STARTS.items() if name.startswith(season)), STARTS["summer"])
        start = STARTS["winter"] if name == "informed" else start
        method = "CANCEL" if name in ("cancelled", "disinvited") else "REQUEST"
        for reader, entry in found.entries("7@skip"):
            where = f"{name}: {reader}"
            assert entry.starts == start.astimezone(dt.UTC), where
            assert entry.ends == start.astimezone(dt.UTC) + dt.timedelta(hours=2), where
            assert entry.sequence == 3, where
            status = "TENTATIVE" if name == "tentative" else "CONFIRMED"
            assert entry.status == ("CANCELLED" if method == "CANCEL" else status), where
            assert "Größe; Maß" in entry.summary, where
            assert found.by_reader[reader].method in (method, None), where


def test_the_one_attendee_and_what_is_known_of_the_answer():
    (event,) = icalendar.Calendar.from_ical(FILES["informed"]).walk("VEVENT")
    assert dict(event["attendee"].params) == {"ROLE": "NON-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE"}
    said = message(STARTS["summer"], attendee=Attendee("A", "a@skip.test", answered=Answered.ACCEPTED))
    (event,) = icalendar.Calendar.from_ical(said).walk("VEVENT")
    assert event["attendee"].params["PARTSTAT"] == "ACCEPTED"


REPLY = """BEGIN:VCALENDAR\r
PRODID:-//Andere//DE\r
VERSION:2.0\r
METHOD:REPLY\r
BEGIN:VEVENT\r
UID:7@skip\r
SEQUENCE:3\r
DTSTAMP:20260302T100000Z\r
ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:Kim@skip.test":MAILTO:Ada@Skip.test\r
COMMENT:Bin im Urlaub\\, leider\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_a_reply_is_read():
    (reply,) = read_replies(REPLY.encode())
    assert (reply.uid, reply.attendee, reply.partstat, reply.sequence) == ("7@skip", "ada@skip.test", "DELEGATED", 3)
    assert (reply.delegated_to, reply.comment) == (("kim@skip.test",), "Bin im Urlaub, leider")
    assert reply.stamped_at == dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"BEGIN:VCALENDAR",
        b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\n",
        REPLY.replace("REPLY", "REQUEST").encode(),
        REPLY.replace("UID:7@skip\r\n", "").encode(),
        b"BEGIN:VEVENT\r\n" * 5000,
    ],
)
def test_what_is_no_reply_says_nothing(content):
    assert read_replies(content) == ()


@pytest.mark.parametrize("line", ["SEQUENCE:abc", "SEQUENCE:99999999999", "SEQUENCE:-1"])
def test_a_wrong_sequence_is_none(line):
    (reply,) = read_replies(REPLY.replace("SEQUENCE:3", line).encode())
    assert reply.sequence is None


@pytest.mark.parametrize("line", ["DTSTAMP:gestern", "DTSTAMP;VALUE=DATE:20260302", "DTSTAMP:99999999T000000Z"])
def test_a_wrong_stamp_is_none(line):
    for reply in read_replies(REPLY.replace("DTSTAMP:20260302T100000Z", line).encode()):
        assert reply.stamped_at is None
