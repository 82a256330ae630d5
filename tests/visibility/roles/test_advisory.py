"""An advisory seat sees what is internal, and of confidential items only those that it attends."""

import pytest

from tests.visibility.expectations import ADVISORY

SEES = {
    "meeting announced": "page json search table ics feed",
    "released item, public": "page json search pdf",
    "released item, internal": "page json search pdf",
    "item of the guest": "page json search pdf",
    "item of the guest, meeting held": "page json search table pdf",
    "confidential item that an advisory seat attends": "page search",
    "item on the led project": "page json search pdf",
    "published item": "page json search pdf",
    "paper, internal": "page json search pdf",
    "minutes, internal": "page json search pdf",
    "decision about the led project": "page json search table",
    "action of the voting seat": "page json search table",
    "circular procedure": "page json search",
    "project": "page json search",
    "led project": "page json search",
}


@pytest.mark.once
@pytest.mark.slow
def test_every_object_is_met_in_these_channels_and_no_others(check):
    check(ADVISORY, SEES)
