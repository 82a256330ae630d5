"""A Gast sees the own item from the release to the closing, of its confidential papers the title on the page alone."""

import pytest

from tests.visibility.expectations import GUEST

SEES = {
    "item of the guest": "page json search pdf",
    "published item": "page json search pdf",
    "paper, internal": "page json search pdf",
    "paper, confidential": "page",
}


@pytest.mark.slow
def test_every_object_is_met_in_these_channels_and_no_others(check):
    check(GUEST, SEES)
