"""A Stellvertretung sees what its member sees."""

import pytest

from tests.visibility.expectations import DEPUTY

SEES = {
    "meeting announced": "page json search table ics feed",
    "released item, public": "page json search pdf",
    "released item, internal": "page json search pdf",
    "released item, confidential": "page json search pdf",
    "item of the guest": "page json search pdf",
    "item of the guest, meeting held": "page json search table pdf",
    "confidential item of the other guest": "page json search pdf",
    "confidential item that an advisory seat attends": "page json search pdf",
    "item on the led project": "page json search pdf",
    "confidential item on the led project": "page json search pdf",
    "published item": "page json search pdf",
    "paper, internal": "page json search pdf",
    "paper, confidential": "page json search pdf",
    "minutes, internal": "page json search pdf",
    "minutes, confidential": "page json search pdf",
    "decision about the led project": "page json search table",
    "decision, confidential": "page json search table",
    "action of the voting seat": "page json search table feed",
    "action of the voting seat, confidential": "page json search table",
    "circular procedure": "page json search",
    "circular procedure, confidential": "page json search",
    "answer of a seat before the end": "json",
    "registered topic of the voting seat": "page json search table",
    "project": "page json search",
    "led project": "page json search",
}


@pytest.mark.once
@pytest.mark.slow
def test_every_object_is_met_in_these_channels_and_no_others(check):
    check(DEPUTY, SEES)
