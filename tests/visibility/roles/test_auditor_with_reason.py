"""With a recorded reason the Revision sees what is confidential in A, but no drafts, speaking notes or feeds."""

import pytest

from tests.visibility.expectations import AUDITOR_REASON

SEES = {
    "meeting announced": "page json table ics history",
    "released item, public": "page json pdf",
    "released item, internal": "page json pdf",
    "released item, confidential": "page json pdf",
    "item of the guest": "page json pdf",
    "item of the guest, meeting held": "page json table pdf history",
    "confidential item of the other guest": "page json pdf",
    "confidential item that an advisory seat attends": "page json pdf",
    "item on the led project": "page json pdf",
    "confidential item on the led project": "page json pdf",
    "published item": "page json pdf",
    "paper, internal": "page json pdf",
    "paper, confidential": "page json pdf",
    "minutes, internal": "page json pdf",
    "minutes, confidential": "page json pdf",
    "decision about the led project": "page json table history",
    "decision, confidential": "page json table",
    "action of the voting seat": "page json table",
    "action of the voting seat, confidential": "page json table",
    "circular procedure": "page json",
    "circular procedure, confidential": "page json",
    "project": "page json history",
    "led project": "page json history",
    "history, internal": "history",
    "why the Revision looked": "page json",
}


@pytest.mark.slow
def test_every_object_is_met_in_these_channels_and_no_others(check):
    check(AUDITOR_REASON, SEES)
