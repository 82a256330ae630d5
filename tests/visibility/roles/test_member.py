"""A Mitglied with a voting seat of A sees what was announced and released, confidential or not, and no draft."""

import pytest

from tests.visibility.expectations import MEMBER

SEES = {
    "meeting announced": "page json table ics feed",
    "released item, public": "page json pdf",
    "released item, internal": "page json pdf",
    "released item, confidential": "page json pdf",
    "item of the guest": "page json pdf",
    "item of the guest, meeting held": "page json table pdf",
    "confidential item of the other guest": "page json pdf",
    "confidential item that an advisory seat attends": "page json pdf",
    "item on the led project": "page json pdf",
    "confidential item on the led project": "page json pdf",
    "published item": "page json pdf",
    "paper, internal": "page json pdf",
    "paper, confidential": "page json pdf",
    "minutes, internal": "page json pdf",
    "minutes, confidential": "page json pdf",
    "decision about the led project": "page json table",
    "decision, confidential": "page json table",
    "action of the voting seat": "page json table feed",
    "action of the voting seat, confidential": "page json table",
    "circular procedure": "page json",
    "circular procedure, confidential": "page json",
    "answer of a seat before the end": "json",
    "registered topic of the voting seat": "page json table",
    "project": "page json",
    "led project": "page json",
}


@pytest.mark.slow
def test_every_object_is_met_in_these_channels_and_no_others(check):
    check(MEMBER, SEES)
