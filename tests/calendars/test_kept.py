"""Feeds are kept by their tag, and memory stays bounded."""

import datetime as dt

import pytest

from app.calendars.kept import AsOf, KeptFeeds, KnownTags

pytestmark = pytest.mark.once


def test_a_kept_feed_is_found_by_its_tag_only():
    kept = KeptFeeds()
    kept.keep("a", b"eins")
    assert kept.find("a") == b"eins"
    assert kept.find("b") is None


def test_the_feed_not_asked_for_the_longest_time_gives_way():
    kept = KeptFeeds(most_bytes=10)
    kept.keep("a", b"12345")
    kept.keep("b", b"12345")
    kept.find("a")
    kept.keep("c", b"1")
    assert [kept.find(tag) for tag in "abc"] == [b"12345", None, b"1"]


def test_what_is_too_large_is_not_kept_and_nothing_gives_way():
    kept = KeptFeeds(most_bytes=10)
    kept.keep("a", b"12345")
    kept.keep("b", b"x" * 11)
    assert kept.find("b") is None
    assert kept.find("a") == b"12345"


def test_keeping_twice_counts_once():
    kept = KeptFeeds(most_bytes=10)
    for _ in range(5):
        kept.keep("a", b"12345")
    kept.keep("b", b"12345")
    assert kept.find("a") == b"12345"


TODAY = AsOf("abc", dt.date(2026, 3, 2))


def test_a_tag_is_known_until_something_is_recorded_or_the_day_ends():
    known = KnownTags()
    known.keep(("key", ""), TODAY, "tag")
    assert known.find(("key", ""), TODAY) == "tag"
    assert known.find(("key", "fristen"), TODAY) is None
    assert known.find(("key", ""), AsOf("abd", TODAY.day)) is None
    assert known.find(("key", ""), AsOf("abc", dt.date(2026, 3, 3))) is None


def test_without_a_history_no_tag_is_known():
    known = KnownTags()
    known.keep(("key", ""), AsOf("", TODAY.day), "tag")
    assert known.find(("key", ""), AsOf("", TODAY.day)) is None


def test_only_so_many_addresses_are_known():
    known = KnownTags(most=2)
    for one in "abc":
        known.keep((one,), TODAY, one)
    assert [known.find((one,), TODAY) for one in "abc"] == [None, "b", "c"]
