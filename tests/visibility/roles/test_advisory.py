"""An advisory seat sees what is internal, and of confidential items only those that it attends."""

import pytest

from tests.visibility.expectations import ADVISORY

SEES = {
    "meeting announced": "page json table ics feed",
    "released item, public": "page json pdf",
    "released item, internal": "page json pdf",
    "item of the guest": "page json pdf",
    "item of the guest, meeting held": "page json table pdf",
    "confidential item that an advisory seat attends": "page",
    "item on the led project": "page json pdf",
    "published item": "page json pdf",
    "paper, internal": "page json pdf",
    "minutes, internal": "page json pdf",
    "decision about the led project": "page json table",
    "action of the voting seat": "page json table",
    "circular procedure": "page json",
    "project": "page json",
    "led project": "page json",
}


@pytest.mark.slow
def test_every_object_is_met_in_these_channels_and_no_others(check):
    check(ADVISORY, SEES)
