"""From rows to words: states, deadlines that are left out, nothing typed freely, the demo's line."""

import datetime as dt

import pytest

from app.calendars.build import build_event, build_feed, state_of
from app.calendars.rows import FeedRows, MeetingRow, MinutesRow
from app.calendars.schemas import EventState
from app.clock import BERLIN
from app.meetings.models import Meeting, MeetingDeadline, MeetingState

pytestmark = pytest.mark.once

NOW = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
BASE = "https://skip.example/"


def meeting(**fields) -> Meeting:
    start = dt.datetime(2026, 5, 12, 10, tzinfo=BERLIN)
    values = {
        "id": 7,
        "body_id": 1,
        "number": 17,
        "starts_at": start,
        "ends_at": start + dt.timedelta(hours=2),
        "place": "Rathaus",
        "main_topic": "Geheimes Thema",
        "cancel_reason": "Terminnot",
        "state": MeetingState.RELEASED,
        "announced_at": NOW,
        "uid": "abc@skip",
        "calendar_changed_at": NOW,
        "changed_at": NOW,
    }
    return Meeting(**{**values, **fields})


def deadline(kind: str = "papers", **fields) -> MeetingDeadline:
    return MeetingDeadline(meeting_id=7, kind=kind, due_on=dt.date(2026, 4, 21), changed_at=NOW, **fields)


def feed(row: MeetingRow, **options):
    rows = FeedRows((row,), {7: (deadline(),)})
    return build_feed(rows, base_url=BASE, address="https://skip.example/kalender/x.ics", **options)


@pytest.mark.parametrize(
    ("state", "afterwards", "shown"),
    [
        (MeetingState.PLANNED, False, EventState.TENTATIVE),
        (MeetingState.ANNOUNCED, False, EventState.TENTATIVE),
        (MeetingState.DRAFT, False, EventState.TENTATIVE),
        (MeetingState.RELEASED, False, EventState.CONFIRMED),
        (MeetingState.IN_SESSION, False, EventState.CONFIRMED),
        (MeetingState.HELD, False, EventState.HELD),
        (MeetingState.CANCELLED, False, EventState.CANCELLED),
        (MeetingState.PLANNED, True, EventState.HELD),
        (MeetingState.CANCELLED, True, EventState.CANCELLED),
    ],
)
def test_every_state_has_its_place_in_calendars(state, afterwards, shown):
    assert state_of(meeting(state=state, entered_afterwards=afterwards)) is shown


@pytest.mark.parametrize("state", list(MeetingState))
def test_nothing_that_is_typed_freely_gets_out(state):
    event = build_event(MeetingRow(meeting(state=state), "SKIP"), base_url=BASE)
    assert "Geheimes Thema" not in repr(event)
    assert "Terminnot" not in repr(event)
    assert (event.body, event.title, event.url) == ("SKIP", "17. Sitzung", "https://skip.example/sitzungen/7")


@pytest.mark.parametrize("fields", [{"state": MeetingState.CANCELLED}, {"entered_afterwards": True}])
def test_deadlines_of_a_cancelled_meeting_or_one_entered_afterwards_are_left_out(fields):
    assert len(feed(MeetingRow(meeting(), "SKIP")).deadlines) == 1
    assert feed(MeetingRow(meeting(**fields), "SKIP")).deadlines == ()


def test_once_a_meeting_is_held_only_its_minutes_are_due():
    held = MeetingRow(meeting(state=MeetingState.HELD), "SKIP")
    rows = FeedRows((held,), {7: (deadline("registration"), deadline("papers"), deadline("minutes"))})
    found = build_feed(rows, base_url=BASE, address="")
    assert [one.title for one in found.deadlines] == ["SKIP 17. Sitzung: Niederschrift"]


def test_a_deadline_changes_with_its_meeting_because_its_words_name_it():
    later = NOW + dt.timedelta(days=1)
    found = feed(MeetingRow(meeting(calendar_changed_at=later, special=True, number=None), "SKIP")).deadlines[0]
    assert found.changed_at == later
    assert found.title == "SKIP Sondersitzung: Unterlagenschluss"
    assert "Dienstag, 12. Mai 2026" in found.description
    assert found.uid == "papers-abc@skip"


def test_a_cancelled_meeting_shows_no_titles_any_more():
    row = MeetingRow(meeting(state=MeetingState.CANCELLED), "SKIP", ("TOP 4.1 Flächen",))
    assert "Flächen" not in build_event(row, base_url=BASE).description
    row = MeetingRow(meeting(), "SKIP", ("TOP 4.1 Flächen",))
    assert build_event(row, base_url=BASE).description == "Tagesordnung\nTOP 4.1 Flächen"


def test_the_demo_says_so_in_every_entry():
    found = feed(MeetingRow(meeting(), "SKIP"), demo=True)
    assert all("Beispieldaten" in one.description for one in (*found.events, *found.deadlines))
    assert "Beispieldaten" not in repr(feed(MeetingRow(meeting(), "SKIP")))


def test_the_objection_period_is_a_day_of_those_who_may_object_and_of_no_feed_of_meetings():
    held = meeting(state=MeetingState.HELD, entered_afterwards=True)
    sent = MinutesRow(False, dt.date(2026, 5, 29), NOW + dt.timedelta(days=2), 2)
    found = build_feed(FeedRows((MeetingRow(held, "SKIP", (), sent),)), base_url=BASE, address="")
    (day,) = found.deadlines
    assert (day.uid, day.sequence, day.day) == ("objections-abc@skip", 1, dt.date(2026, 5, 29))
    assert (day.changed_at, day.url) == (NOW + dt.timedelta(days=2), "https://skip.example/sitzungen/7/niederschrift")
    assert "niederschrift" not in found.events[0].description
    rows = FeedRows((MeetingRow(held, "SKIP", (), sent),))
    assert build_feed(rows, base_url=BASE, address="", only="sitzungen").deadlines == ()
    for silent in (None, MinutesRow(False, None, NOW, 1), MinutesRow(True, None, NOW, 1)):
        rows = FeedRows((MeetingRow(held, "SKIP", (), silent),))
        assert build_feed(rows, base_url=BASE, address="").deadlines == ()


def test_approved_minutes_are_linked_in_the_event():
    row = MeetingRow(meeting(state=MeetingState.HELD), "SKIP", ("TOP 1 Lage",), MinutesRow(True))
    assert build_event(row, base_url=BASE).description == (
        "Tagesordnung\nTOP 1 Lage\n\nNiederschrift (genehmigt): https://skip.example/sitzungen/7/niederschrift"
    )
