"""Feeds are kept by their tag, and memory stays bounded."""

import pytest

from app.calendars.kept import KeptFeeds

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
