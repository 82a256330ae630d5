"""Calendar files line by line: the head, the time zone, folding, equal bytes for equal values, ETags."""

import datetime as dt
from dataclasses import fields, replace

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import text
from app.calendars.feed import event_ics, feed_ics, strong_etag
from app.calendars.schemas import CalendarDeadline, CalendarEvent, EventState, Feed, Organizer
from app.clock import BERLIN

pytestmark = pytest.mark.once

CHANGED = dt.datetime(2026, 2, 3, 9, 30, 15, 999, tzinfo=dt.UTC)


def meeting() -> CalendarEvent:
    return CalendarEvent(
        uid="sitzung-17@skip.example",
        sequence=2,
        changed_at=CHANGED,
        starts_at=dt.datetime(2026, 5, 12, 10, tzinfo=BERLIN),
        ends_at=dt.datetime(2026, 5, 12, 12, tzinfo=BERLIN),
        body="SKIP",
        title="17. Sitzung",
        place="Berliner Rathaus",
        url="https://skip.example/sitzungen/17",
        description="Einladung folgt.",
        categories=("SKIP", "Industrie, Politik"),
    )


def deadline() -> CalendarDeadline:
    return CalendarDeadline(
        uid="frist-17-papers@skip.example",
        sequence=0,
        changed_at=CHANGED,
        day=dt.date(2026, 4, 21),
        title="SKIP 17. Sitzung: Unterlagenschluss",
    )


def feed() -> Feed:
    return Feed(
        name="SKIP – Frau Ä",
        events=(meeting(),),
        deadlines=(deadline(),),
        source_url="https://skip.example/kalender/abc.ics",
    )


def lines(content: bytes) -> list[str]:
    """The content lines, unfolded."""
    return content.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def test_a_feed_is_written_exactly_so() -> None:
    assert lines(feed_ics(feed())) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//SKIP//Sitzungskalender//DE",
        "CALSCALE:GREGORIAN",
        "NAME:SKIP – Frau Ä",
        "X-WR-CALNAME:SKIP – Frau Ä",
        "COLOR:steelblue",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "SOURCE;VALUE=URI:https://skip.example/kalender/abc.ics",
        "X-PUBLISHED-TTL:PT1H",
        "X-WR-TIMEZONE:Europe/Berlin",
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Berlin",
        "BEGIN:DAYLIGHT",
        "DTSTART:19700329T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "TZNAME:CEST",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19701025T030000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "TZNAME:CET",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "END:STANDARD",
        "END:VTIMEZONE",
        "BEGIN:VEVENT",
        "SUMMARY:SKIP: 17. Sitzung",
        "DTSTART;TZID=Europe/Berlin:20260512T100000",
        "DTEND;TZID=Europe/Berlin:20260512T120000",
        "DTSTAMP:20260203T093015Z",
        "UID:sitzung-17@skip.example",
        "SEQUENCE:2",
        "CATEGORIES:SKIP,Industrie\\, Politik",
        "DESCRIPTION:Einladung folgt.\\n\\nhttps://skip.example/sitzungen/17",
        "LAST-MODIFIED:20260203T093015Z",
        "LOCATION:Berliner Rathaus",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "URL:https://skip.example/sitzungen/17",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "SUMMARY:SKIP 17. Sitzung: Unterlagenschluss",
        "DTSTART;VALUE=DATE:20260421",
        "DTEND;VALUE=DATE:20260422",
        "DTSTAMP:20260203T093015Z",
        "UID:frist-17-papers@skip.example",
        "SEQUENCE:0",
        "LAST-MODIFIED:20260203T093015Z",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_a_download_says_publish_only_together_with_a_mailbox() -> None:
    published = lines(event_ics(meeting(), organizer=Organizer('Geschäftsstelle "MPI", Büro', "mpi@skip.example")))
    assert "METHOD:PUBLISH" in published
    assert "ORGANIZER;CN=\"Geschäftsstelle 'MPI', Büro\":mailto:mpi@skip.example" in published
    plain = lines(event_ics(meeting()))
    assert [line for line in published if line not in plain] == [
        "METHOD:PUBLISH",
        "ORGANIZER;CN=\"Geschäftsstelle 'MPI', Büro\":mailto:mpi@skip.example",
    ]


@pytest.mark.parametrize("hostile", ["x@y.example\r\nATTENDEE:mailto:a@b.example", 'x@y.example";X="1'])
def test_a_mailbox_adds_no_lines_and_no_parameters(hostile: str) -> None:
    organizer = Organizer(f"Name\r\nMETHOD:CANCEL{hostile}", hostile)
    written = lines(event_ics(meeting(), organizer=organizer))
    assert len(written) == len(lines(event_ics(meeting()))) + 2
    calendar = icalendar.Calendar.from_ical(event_ics(meeting(), organizer=organizer))
    [event] = calendar.walk("VEVENT")
    assert set(event["organizer"].params) == {"CN"}


def test_feed_and_download_give_a_meeting_the_same_lines() -> None:
    entry = event_ics(meeting()).split(b"BEGIN:VEVENT")[1].split(b"END:VEVENT")[0]
    assert entry in feed_ics(feed())


@pytest.mark.parametrize("state", EventState)
def test_the_uid_stays_whatever_happens_to_a_meeting(state: EventState) -> None:
    changed = replace(meeting(), state=state, sequence=9, title="Sondersitzung", place="", url="", description="")
    assert "UID:sitzung-17@skip.example" in lines(event_ics(changed))
    assert "SEQUENCE:9" in lines(event_ics(changed))
    assert not [line for line in lines(event_ics(changed)) if line.startswith(("LOCATION", "URL", "DESCRIPTION"))]


def test_the_address_is_not_said_twice() -> None:
    told = replace(meeting(), description="Niederschrift: https://skip.example/sitzungen/17")
    assert "DESCRIPTION:Niederschrift: https://skip.example/sitzungen/17" in lines(event_ics(told))


def test_a_zone_whose_rules_are_not_sent_is_written_in_utc() -> None:
    elsewhere = replace(meeting(), zone="America/New_York")
    assert "DTSTART:20260512T080000Z" in lines(event_ics(elsewhere))
    assert "DTEND:20260512T100000Z" in lines(event_ics(elsewhere))


def test_every_line_is_short_and_ends_with_crlf() -> None:
    long = replace(meeting(), title="Größe 🏭 " * 60, place="ß" * 300, description="Übung\n" * 200)
    content = feed_ics(replace(feed(), name="ÄÖÜ" * 60, events=(long,)))
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert max(map(len, content.split(b"\r\n"))) <= 75
    for line in content.split(b"\r\n"):
        line.decode()


def test_equal_values_give_equal_bytes_and_every_field_is_seen() -> None:
    assert feed_ics(feed()) == feed_ics(feed())
    others = {
        "uid": "anders@skip.example",
        "sequence": 3,
        "changed_at": CHANGED + dt.timedelta(seconds=1),
        "starts_at": dt.datetime(2026, 5, 12, 9, tzinfo=BERLIN),
        "ends_at": dt.datetime(2026, 5, 12, 13, tzinfo=BERLIN),
        "body": "Netzwerk",
        "title": "18. Sitzung",
        "place": "IHK",
        "url": "https://skip.example/sitzungen/18",
        "description": "Tagesordnung",
        "state": EventState.HELD,
        "categories": (),
        "zone": "UTC",
    }
    assert set(others) == {field.name for field in fields(CalendarEvent)}
    for name, other in others.items():
        changed = replace(meeting(), **{name: other})  # type: ignore[arg-type]
        same_bytes = event_ics(changed) == event_ics(meeting())
        assert same_bytes == (name == "state"), f"{name}: held is written as confirmed, everything else shows"


def test_the_same_moment_given_in_another_zone_gives_the_same_bytes() -> None:
    in_utc = replace(meeting(), starts_at=meeting().starts_at.astimezone(dt.UTC), uid="eins@skip.example")
    assert event_ics(in_utc) == event_ics(replace(meeting(), uid="eins@skip.example"))


@given(typed=st.text(st.sampled_from('\r\n\t\x0b\u2028;:,\\"nN ä') | st.characters(), max_size=120))
@settings(derandomize=True, deadline=None, max_examples=200)
def test_whatever_is_typed_stays_in_its_field(typed: str) -> None:
    event = replace(meeting(), title=typed, place=typed, description=typed, categories=(typed,), url="")
    content = event_ics(event)
    names = [line.split(":")[0].split(";")[0] for line in lines(content)]
    assert names.count("BEGIN") == 5
    assert set(names) <= {line.split(":")[0].split(";")[0] for line in lines(event_ics(meeting()))}
    [read] = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert read["summary"] == ": ".join(part for part in ("SKIP", text.one_line(typed)) if part)
    assert read.get("location", "") == text.one_line(typed)
    assert read.get("description", "") == text.clean(typed)


def test_etags_are_strong_and_tell_parts_apart() -> None:
    tag = strong_etag(b"BEGIN:VCALENDAR")
    assert tag == strong_etag(b"BEGIN:VCALENDAR")
    assert tag.startswith('"')
    assert tag.endswith('"')
    assert len(tag) == 42
    assert strong_etag("a", "bc") != strong_etag("ab", "c")
    assert strong_etag(1, CHANGED) != strong_etag(1, CHANGED + dt.timedelta(microseconds=1))
    assert strong_etag(CHANGED) == strong_etag(CHANGED.astimezone(BERLIN))
    assert strong_etag(1, 2) != strong_etag(2, 1)
    assert strong_etag(1) != strong_etag("1")
    assert strong_etag() != strong_etag("")
