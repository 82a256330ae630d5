"""A Projektleitung sees the own projects, what it submitted, and released items on them that are not confidential."""

import pytest

from tests.visibility.expectations import LEAD

SEES = {
    "item on the led project": "page json search",
    "published item": "page json search pdf",
    "decision about the led project": "page json search table",
    "led project": "page json search",
    "unaccepted status of the led project": "page json",
}


@pytest.mark.slow
def test_every_object_is_met_in_these_channels_and_no_others(check):
    check(LEAD, SEES)
