"""When the term is over only the approved minutes of a meeting attended are left, without confidential matters."""

import pytest

from tests.visibility.expectations import FORMER

SEES = {
    "item of the guest, meeting held": "page json search pdf",
    "published item": "page json search pdf",
    "minutes, internal": "page json search pdf",
}


@pytest.mark.slow
def test_every_object_is_met_in_these_channels_and_no_others(check):
    check(FORMER, SEES)
