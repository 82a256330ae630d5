"""A Gast of a confidential item sees it on the page, in no file and no program."""

import pytest

from tests.visibility.expectations import GUEST_CONFIDENTIAL

SEES = {
    "confidential item of the other guest": "page",
    "published item": "page json search pdf",
}


@pytest.mark.once
@pytest.mark.slow
def test_every_object_is_met_in_these_channels_and_no_others(check):
    check(GUEST_CONFIDENTIAL, SEES)
