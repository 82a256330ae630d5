"""The Systemadministration sees nothing but what was published, accounts, and why the Revision looked."""

import pytest

from tests.visibility.expectations import ADMIN

SEES = {
    "published item": "page json search pdf",
    "why the Revision looked": "page json history",
    "recipient of a mail about an account": "mail",
    "address of an account": "page table history",
}


@pytest.mark.once
@pytest.mark.slow
def test_every_object_is_met_in_these_channels_and_no_others(check):
    check(ADMIN, SEES)
