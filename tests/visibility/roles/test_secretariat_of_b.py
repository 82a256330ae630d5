"""The Geschäftsstelle of B sees nothing of A, whatever its state."""

import pytest

from tests.visibility.expectations import SECRETARIAT_B

SEES = {
    "item of another body": "page json search pdf ics feed history error",
    "published item": "page json search pdf",
    "project of another body": "page json search history",
    "text of a mail of another body": "mail",
}


@pytest.mark.once
@pytest.mark.slow
def test_every_object_is_met_in_these_channels_and_no_others(check):
    check(SECRETARIAT_B, SEES)
