"""An account without any right sees what was published, and itself."""

import pytest

from tests.visibility.expectations import PLAIN

SEES = {
    "published item": "page json search pdf",
    "address of an account": "page json",
}


@pytest.mark.once
@pytest.mark.slow
def test_every_object_is_met_in_these_channels_and_no_others(check):
    check(PLAIN, SEES)
