"""Browsers in plain words."""

import pytest

from app.credentials.rules.browsers import browser_words

pytestmark = pytest.mark.once

_KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox unter Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0) {_KIT} Chrome/142.0 Safari/537.36 Edg/142.0", "Edge unter Windows"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_KIT} Chrome/142.0 Safari/537.36", "Chrome unter macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1", "Safari auf dem iPhone"),
        (
            f"Mozilla/5.0 (Linux; Android 15) {_KIT} SamsungBrowser/28 Chrome/1 Mobile Safari/1",
            "Samsung Internet unter Android",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox unter Linux"),
        ("curl/8.5", ""),
        ("", ""),
        ("<script>Firefox/1</script>", "Firefox"),
    ],
)
def test_a_browser_is_told_in_plain_words(said, words):
    assert browser_words(said) == words
