"""What icalendar, ical.js, node-ical and libical understand of our calendars: all four, what we meant."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import pytest

from app.calendars.feed import event_ics, feed_ics
from app.calendars.schemas import CalendarDeadline, CalendarEvent, CalendarTask, EventState, Feed, Organizer, TaskState
from app.clock import BERLIN
from tests.calendars.readers import ReadBack, Readings

pytestmark = pytest.mark.once

READERS = ["icalendar", "ical.js", "node-ical", "libical"]
CHANGED = dt.datetime(2026, 2, 3, 9, 30, tzinfo=dt.UTC)
ORGANIZER = Organizer('Geschäftsstelle; "Masterplan", Berlin', "geschaeftsstelle@skip.example")


def utc(written: str) -> dt.datetime:
    return dt.datetime.fromisoformat(written).replace(tzinfo=dt.UTC)


def berlin(written: str) -> dt.datetime:
    return dt.datetime.fromisoformat(written).replace(tzinfo=BERLIN)


def meeting(name: str, starts_at: dt.datetime, ends_at: dt.datetime | None = None) -> CalendarEvent:
    return CalendarEvent(
        uid=f"sitzung-{name}@skip.example",
        sequence=0,
        changed_at=CHANGED,
        starts_at=starts_at,
        ends_at=ends_at or starts_at + dt.timedelta(hours=2),
        body="SKIP",
        title="17. Sitzung",
        place="Berliner Rathaus, Saal 319",
        url="https://skip.example/sitzungen/17",
        description="Einladung folgt.",
    )


USUAL = meeting("usual", utc("2026-05-12T08:00"))

# name: (start, end), each as we give it, and the same two moments in UTC, worked out by hand
TIMES = {
    "summer": (berlin("2026-07-01T10:00"), berlin("2026-07-01T12:00"), "2026-07-01T08:00", "2026-07-01T10:00"),
    "winter": (berlin("2026-12-01T10:00"), berlin("2026-12-01T12:00"), "2026-12-01T09:00", "2026-12-01T11:00"),
    "given in UTC": (utc("2026-07-01T08:00"), utc("2026-07-01T10:00"), "2026-07-01T08:00", "2026-07-01T10:00"),
    "before spring": (berlin("2026-03-28T10:00"), berlin("2026-03-28T12:00"), "2026-03-28T09:00", "2026-03-28T11:00"),
    "after spring": (berlin("2026-03-29T10:00"), berlin("2026-03-29T12:00"), "2026-03-29T08:00", "2026-03-29T10:00"),
    "spring night": (berlin("2026-03-28T22:00"), berlin("2026-03-29T04:00"), "2026-03-28T21:00", "2026-03-29T02:00"),
    "last of winter": (utc("2026-03-29T00:59"), utc("2026-03-29T01:00"), "2026-03-29T00:59", "2026-03-29T01:00"),
    "in no hour": (berlin("2026-03-29T02:30"), berlin("2026-03-29T03:45"), "2026-03-29T01:30", "2026-03-29T01:45"),
    "autumn night": (berlin("2026-10-24T22:00"), berlin("2026-10-25T04:00"), "2026-10-24T20:00", "2026-10-25T03:00"),
    "twice, first": (utc("2026-10-25T00:00"), utc("2026-10-25T00:30"), "2026-10-25T00:00", "2026-10-25T00:30"),
    "twice, both": (utc("2026-10-25T00:30"), utc("2026-10-25T01:30"), "2026-10-25T00:30", "2026-10-25T01:30"),
    "twice, second": (utc("2026-10-25T01:00"), utc("2026-10-25T02:00"), "2026-10-25T01:00", "2026-10-25T02:00"),
    "after autumn": (berlin("2026-10-26T10:00"), berlin("2026-10-26T12:00"), "2026-10-26T09:00", "2026-10-26T11:00"),
    "founded": (berlin("2010-03-09T10:00"), berlin("2010-03-09T12:00"), "2010-03-09T09:00", "2010-03-09T11:00"),
    "far away": (berlin("2036-10-26T10:00"), berlin("2036-10-26T12:00"), "2036-10-26T09:00", "2036-10-26T11:00"),
    "over New Year": (berlin("2026-12-31T23:00"), berlin("2027-01-01T01:00"), "2026-12-31T22:00", "2027-01-01T00:00"),
}

WHOLE_DAYS = ["2026-03-29", "2026-10-25", "2026-12-31", "2027-01-01", "2028-02-29", "2026-05-01"]

LONG = "Übergrößenträger für die Straßenbahn " * 12
FAMILY = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
# name: (title as typed, title as it must be read). A backslash is not among them: node-ical reads the escaped one
# before an n as a line break, whatever is sent; test_feed has it.
TITLES = {
    "umlauts": ("Größere Übung: Maß & Straße – „ä“", "Größere Übung: Maß & Straße – „ä“"),
    "decomposed": ("A\N{COMBINING DIAERESIS}nderung", "Änderung"),
    "long": (LONG, LONG.strip()),
    "long word": ("ß" * 400, "ß" * 400),
    "emoji": (f"Fachkräfte {FAMILY} 🏭 {'🏗️' * 40}", f"Fachkräfte {FAMILY} 🏭 {'🏗️' * 40}"),
    "signs": ('a, b; c: d "e" =f', 'a, b; c: d "e" =f'),
    "control": ("Ein\x00s\x07\x1b\x7f\x85 zwei\u2028\u2029\ufeff", "Eins zwei"),
    "lone surrogate": ("Eins\ud83d zwei", "Eins zwei"),
    "new event": ("X\r\nBEGIN:VEVENT\r\nUID:fremd", "X BEGIN:VEVENT UID:fremd"),
    "end": ("X\nEND:VEVENT\nEND:VCALENDAR", "X END:VEVENT END:VCALENDAR"),
    "carriage return": ("X\rATTENDEE:mailto:a@b.example", "X ATTENDEE:mailto:a@b.example"),
    "vertical tab": ("X\x0b\x0cDTSTART:19990101T000000Z", "XDTSTART:19990101T000000Z"),
}

STATES = {
    EventState.TENTATIVE: ("SKIP: 17. Sitzung (Terminvormerkung)", "TENTATIVE", "OPAQUE"),
    EventState.CONFIRMED: ("SKIP: 17. Sitzung", "CONFIRMED", "OPAQUE"),
    EventState.CANCELLED: ("ABGESAGT: SKIP: 17. Sitzung", "CANCELLED", "TRANSPARENT"),
    EventState.HELD: ("SKIP: 17. Sitzung", "CONFIRMED", "OPAQUE"),
}

DESCRIPTION = '1 Regularien\r\n2 Beschlussfassung: Größe, Maß; "Ziel"\n\n\x07BEGIN:VALARM\rEND:VEVENT\n' + LONG


def deadline(day: str) -> CalendarDeadline:
    return CalendarDeadline(
        uid=f"frist-{day}@skip.example",
        sequence=1,
        changed_at=CHANGED,
        day=dt.date.fromisoformat(day),
        title="SKIP 17. Sitzung: Anmeldeschluss\r\nBEGIN:VTODO",
        url="https://skip.example/sitzungen/17",
    )


def task(state: TaskState) -> CalendarTask:
    return CalendarTask(
        uid=f"task-{state}@skip.example",
        sequence=4,
        changed_at=CHANGED,
        title="SKIP Auftrag A 2026/014: Größe\r\nEND:VTODO, Maß; „ä“",
        state=state,
        due=dt.date(2026, 3, 29),
        done_at=utc("2026-03-28T11:00") if state in (TaskState.DONE, TaskState.DROPPED) else None,
        url="https://skip.example/auftraege/14",
        description="Frist: 29.03.2026",
        categories=("SKIP", "Auftrag"),
    )


TASKS = {
    TaskState.OPEN: ("NEEDS-ACTION", 0, None),
    TaskState.STARTED: ("IN-PROCESS", 50, None),
    TaskState.DONE: ("COMPLETED", 100, utc("2026-03-28T11:00")),
    TaskState.DROPPED: ("CANCELLED", None, None),
}

MANY_START = berlin("2026-01-01T10:00")
MANY = tuple(meeting(f"{day}", MANY_START + dt.timedelta(days=day)) for day in range(500))

FILES = {
    "times": feed_ics(Feed("Zeiten", tuple(meeting(name, *times[:2]) for name, times in TIMES.items()))),
    "days": feed_ics(Feed("Fristen", deadlines=tuple(map(deadline, WHOLE_DAYS)))),
    "titles": feed_ics(
        Feed(
            "Titel", tuple(replace(meeting(name, USUAL.starts_at), title=typed) for name, (typed, _) in TITLES.items())
        )
    ),
    "places": feed_ics(
        Feed("Orte", tuple(replace(meeting(name, USUAL.starts_at), place=typed) for name, (typed, _) in TITLES.items()))
    ),
    "states": feed_ics(
        Feed("Zustände", tuple(replace(meeting(state, USUAL.starts_at), state=state) for state in EventState))
    ),
    "description": feed_ics(Feed("Text", (replace(USUAL, description=DESCRIPTION),))),
    "moved": feed_ics(
        Feed(
            "Verlegt", (replace(USUAL, sequence=3, starts_at=utc("2026-06-09T12:00"), ends_at=utc("2026-06-09T14:00")),)
        )
    ),
    "address": feed_ics(Feed("Adresse", (replace(USUAL, url="https://skip.example/ä b\r\nEND:VEVENT?a=1&b=%20#x"),))),
    "names": feed_ics(
        Feed(
            'Maß; "Ziel", A\r\nX-EVIL:1',
            (USUAL,),
            color="red\r\nMETHOD:CANCEL",
            source_url="https://skip.example/kalender/abc.ics\r\nMETHOD:CANCEL",
        )
    ),
    "many": feed_ics(Feed("Viele", MANY, tuple(map(deadline, WHOLE_DAYS)))),
    "tasks": feed_ics(
        Feed("Aufträge", tasks=(*map(task, TaskState), replace(task(TaskState.OPEN), uid="task-endless", due=None)))
    ),
    "empty": feed_ics(Feed("Leer", source_url="https://skip.example/kalender/abc.ics")),
    "published": event_ics(USUAL, organizer=ORGANIZER),
    "plain download": event_ics(USUAL),
    "cancelled download": event_ics(replace(USUAL, state=EventState.CANCELLED, sequence=2), organizer=ORGANIZER),
    "announced download": event_ics(replace(USUAL, state=EventState.TENTATIVE), organizer=ORGANIZER),
}


@pytest.fixture(scope="module")
def readings(read_back: ReadBack) -> Mapping[str, Readings]:
    return read_back(FILES)


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_read_by_all_and_keeps_the_rules(readings: Mapping[str, Readings], name: str) -> None:
    assert sorted(readings[name].by_reader) == sorted(READERS)
    assert readings[name].errors == []
    assert readings[name].fits_rules


@pytest.mark.parametrize(("name", "starts", "ends"), [(name, *times[2:]) for name, times in TIMES.items()])
def test_times_are_the_same_everywhere(readings: Mapping[str, Readings], name: str, starts: str, ends: str) -> None:
    for reader, entry in readings["times"].entries(f"sitzung-{name}@skip.example"):
        assert (entry.starts, entry.ends) == (utc(starts), utc(ends)), reader


@pytest.mark.parametrize("day", WHOLE_DAYS)
def test_deadlines_are_whole_days_that_leave_everybody_free(readings: Mapping[str, Readings], day: str) -> None:
    wanted = dt.date.fromisoformat(day)
    for reader, entry in readings["days"].entries(f"frist-{day}@skip.example"):
        assert (entry.starts, entry.ends) == (wanted, wanted + dt.timedelta(days=1)), reader
        assert type(entry.starts) is dt.date, reader
        assert entry.transparency == "TRANSPARENT", reader
        assert entry.summary == "SKIP 17. Sitzung: Anmeldeschluss BEGIN:VTODO", reader
        assert entry.sequence == 1, reader


@pytest.mark.parametrize("state", TaskState)
def test_tasks_are_tasks_everywhere(readings: Mapping[str, Readings], state: TaskState) -> None:
    status, percent, completed = TASKS[state]
    for reader, found in readings["tasks"].tasks(f"task-{state}@skip.example"):
        assert (found.status, found.percent, found.completed) == (status, percent, completed), reader
        assert found.due == dt.date(2026, 3, 29), reader
        assert type(found.due) is dt.date, reader
        assert found.summary == "SKIP Auftrag A 2026/014: Größe END:VTODO, Maß; „ä“", reader
        assert found.categories == ("SKIP", "Auftrag"), reader
        assert (found.sequence, found.url) == (4, "https://skip.example/auftraege/14"), reader


def test_a_task_without_a_day_has_none(readings: Mapping[str, Readings]) -> None:
    for reader, found in readings["tasks"].tasks("task-endless"):
        assert found.due is None, reader


@pytest.mark.parametrize("state", EventState)
def test_states_are_words_and_marks(readings: Mapping[str, Readings], state: EventState) -> None:
    for reader, entry in readings["states"].entries(f"sitzung-{state}@skip.example"):
        assert (entry.summary, entry.status, entry.transparency) == STATES[state], reader


@pytest.mark.parametrize("name", TITLES)
def test_texts_arrive_as_typed_less_what_breaks_calendars(readings: Mapping[str, Readings], name: str) -> None:
    wanted = TITLES[name][1]
    for reader, entry in readings["titles"].entries(f"sitzung-{name}@skip.example"):
        assert entry.summary == f"SKIP: {wanted}", reader
        assert entry.starts == USUAL.starts_at, reader
    for reader, entry in readings["places"].entries(f"sitzung-{name}@skip.example"):
        assert entry.place == wanted, reader


@pytest.mark.parametrize("name", ["titles", "places", "description", "address", "names"])
def test_nothing_typed_makes_entries_or_fields(readings: Mapping[str, Readings], name: str) -> None:
    wanted = {f"sitzung-{title}@skip.example" for title in TITLES} if name in {"titles", "places"} else {USUAL.uid}
    for reader, reading in readings[name].by_reader.items():
        assert set(reading.entries) == wanted, reader
        assert reading.method is None, reader


def test_descriptions_keep_their_lines_and_end_with_the_address(readings: Mapping[str, Readings]) -> None:
    wanted = (
        '1 Regularien\n2 Beschlussfassung: Größe, Maß; "Ziel"\n\nBEGIN:VALARM\nEND:VEVENT\n'
        f"{LONG.strip()}\n\nhttps://skip.example/sitzungen/17"
    )
    for reader, entry in readings["description"].entries(USUAL.uid):
        assert entry.description == wanted, reader
        assert entry.url == "https://skip.example/sitzungen/17", reader


def test_a_moved_meeting_keeps_its_uid_and_counts_on(readings: Mapping[str, Readings]) -> None:
    for reader, entry in readings["moved"].entries(USUAL.uid):
        assert (entry.sequence, entry.starts, entry.ends) == (3, utc("2026-06-09T12:00"), utc("2026-06-09T14:00")), (
            reader
        )


def test_addresses_stay_one_line_and_are_encoded(readings: Mapping[str, Readings]) -> None:
    for reader, entry in readings["address"].entries(USUAL.uid):
        assert entry.url == "https://skip.example/%C3%A4bEND:VEVENT?a=1&b=%20#x", reader


def test_the_name_of_a_feed_is_read(readings: Mapping[str, Readings]) -> None:
    for reader, reading in readings["names"].by_reader.items():
        assert reading.shown_name == 'Maß; "Ziel", A X-EVIL:1', reader
        assert reading.name == 'Maß; "Ziel", A X-EVIL:1', reader


def test_five_hundred_meetings_over_two_summers_are_at_ten_in_berlin(readings: Mapping[str, Readings]) -> None:
    for reader, reading in readings["many"].by_reader.items():
        assert len(reading.entries) == len(MANY) + len(WHOLE_DAYS), reader
        for event in MANY:
            entry = reading.entries[event.uid]
            assert entry.starts == event.starts_at.astimezone(dt.UTC), f"{reader} {event.starts_at}"
            assert isinstance(entry.starts, dt.datetime)
            assert entry.starts.astimezone(BERLIN).hour == 10, f"{reader} {event.starts_at}"


def test_an_empty_feed_is_a_calendar_without_entries(readings: Mapping[str, Readings]) -> None:
    for reader, reading in readings["empty"].by_reader.items():
        assert (reading.shown_name, dict(reading.entries)) == ("Leer", {}), reader


def test_a_download_is_published_by_a_mailbox_or_a_plain_calendar(readings: Mapping[str, Readings]) -> None:
    for reader, reading in readings["published"].by_reader.items():
        assert reading.method == "PUBLISH", reader
        assert reading.entries[USUAL.uid].starts == USUAL.starts_at, reader
    for reader, reading in readings["plain download"].by_reader.items():
        assert reading.method is None, reader
        assert reading.entries[USUAL.uid].starts == USUAL.starts_at, reader
    for reader, entry in readings["cancelled download"].entries(USUAL.uid):
        assert (entry.summary, entry.status, entry.sequence) == ("ABGESAGT: SKIP: 17. Sitzung", "CANCELLED", 2), reader
