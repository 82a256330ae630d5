"""A Mitglied of B sees nothing of A."""

import pytest

from tests.visibility.expectations import MEMBER_B

SEES = {
    "item of another body": "page json search pdf ics feed",
    "published item": "page json search pdf",
    "project of another body": "page json search",
}


@pytest.mark.once
@pytest.mark.slow
def test_every_object_is_met_in_these_channels_and_no_others(check):
    check(MEMBER_B, SEES)
