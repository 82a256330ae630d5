"""Feeds of 50, 500 and 5,000 meetings: built anew, sent again from kept texts, and unchanged (304)."""

from collections.abc import Callable, Iterator

from icalendar import Calendar, Event

from app.access.queries import actor_of
from app.calendars import feed as texts
from app.calendars.build import build_feed
from app.calendars.feed import feed_ics
from app.calendars.queries import load_feed_rows
from app.calendars.schemas import Feed
from benchmarks.bench import Bench
from benchmarks.measure import Row, clocked, paired
from benchmarks.pages import BARE_ROW
from benchmarks.servers import bare_server, skip_server
from benchmarks.world import Size, World

SIZES = (50, 500, 5000)
BARE_UP_TO = 500
"""Larger feeds are not built with icalendar alone: it takes minutes and says nothing new."""


def measure_calendars(bench: Bench) -> Iterator[Row]:
    """Each size once in this process and once over HTTP."""
    for size in SIZES:
        world = bench.world(Size(projects=20, statuses=1, meetings=size - 2))
        if size <= BARE_UP_TO:
            yield from _in_process(bench, world, size)
        yield from _over_http(bench, world, size)


def _in_process(bench: Bench, world: World, size: int) -> Iterator[Row]:
    database = bench.open(world)

    def loaded() -> Feed:
        with database.read() as session:
            rows = load_feed_rows(session, actor_of(session, world.secretariat))
        return build_feed(rows, base_url="http://127.0.0.1", address="http://127.0.0.1/kalender/x.ics")

    feed = loaded()
    bare = lambda: _bare(feed)  # noqa: E731
    entries = f"{len(feed.events)} Sitzungen, {len(feed.deadlines)} Fristen"
    calls = 1 if size > 50 else 5
    yield paired(
        f"Kalender {size}, erster Bau (Datenbank bis Bytes)",
        lambda: feed_ics(loaded()),
        "bloßes icalendar, gleiche Einträge",
        bare,
        rounds=bench.rounds,
        calls=calls,
        before=_forget,
        note=entries,
    )
    yield paired(
        f"Kalender {size}, Texte behalten (Datenbank bis Bytes)",
        lambda: feed_ics(loaded()),
        "bloßes icalendar, gleiche Einträge",
        bare,
        rounds=bench.rounds,
        calls=calls,
        target="<= 1/12",
    )


def _over_http(bench: Bench, world: World, size: int) -> Iterator[Row]:
    path = f"/kalender/{world.feed_key}.ics"
    with skip_server(world.url, bench.folder) as site, bare_server(world.url, bench.folder) as bare:
        first: list[float] = []
        tag = ""

        def ask() -> None:
            nonlocal tag
            tag = site.ask(path)[1]["etag"]

        first.append(clocked(ask))
        yield Row(f"Kalender {size}, HTTP, erster Abruf", first, note="ein Mal gemessen")
        answer = _answer(site.ask, path)
        yield paired(
            f"Kalender {size}, HTTP, weiterer Abruf",
            answer,
            BARE_ROW,
            lambda: bare.ask("/row"),
            rounds=bench.rounds,
            calls=2 if size > 500 else 10,
        )
        yield paired(
            f"Kalender {size}, HTTP, unverändert (304)",
            lambda: site.ask(path, status=304, headers={"If-None-Match": tag}),
            BARE_ROW,
            lambda: bare.ask("/row"),
            rounds=bench.rounds,
            calls=30,
            target="<= x2",
        )


def _answer(ask: Callable[..., object], path: str) -> Callable[[], object]:
    return lambda: ask(path)


def _forget() -> None:
    texts._meeting_text.cache_clear()
    texts._deadline_text.cache_clear()


def _bare(feed: Feed) -> bytes:
    """The same entries, as one writes them with icalendar alone."""
    calendar = Calendar()
    calendar.add("prodid", "-//bare//")
    calendar.add("version", "2.0")
    for one in feed.events:
        entry = Event()
        for name, value in (("dtstart", one.starts_at), ("dtend", one.ends_at), ("location", one.place)):
            entry.add(name, value)
        _common(entry, one.uid, one.changed_at, one.title, one.description, one.url)
        calendar.add_component(entry)
    for deadline in feed.deadlines:
        entry = Event()
        entry.add("dtstart", deadline.day)
        _common(entry, deadline.uid, deadline.changed_at, deadline.title, deadline.description, deadline.url)
        calendar.add_component(entry)
    written: bytes = calendar.to_ical()
    return written


def _common(entry: Event, uid: str, changed_at: object, title: str, description: str, url: str) -> None:
    for name, value in (
        ("uid", uid),
        ("dtstamp", changed_at),
        ("last-modified", changed_at),
        ("summary", title),
        ("description", description),
        ("url", url),
    ):
        entry.add(name, value)
