"""The Revision of A sees interna and their history; without a recorded reason nothing confidential."""

import pytest

from tests.visibility.expectations import AUDITOR

SEES = {
    "meeting announced": "page json table ics history",
    "released item, public": "page json pdf",
    "released item, internal": "page json pdf",
    "item of the guest": "page json pdf",
    "item of the guest, meeting held": "page json table pdf history",
    "item on the led project": "page json pdf",
    "published item": "page json pdf",
    "paper, internal": "page json pdf",
    "minutes, internal": "page json pdf",
    "decision about the led project": "page json table history",
    "action of the voting seat": "page json table",
    "circular procedure": "page json",
    "project": "page json history",
    "led project": "page json history",
    "history, internal": "history",
}


@pytest.mark.slow
def test_every_object_is_met_in_these_channels_and_no_others(check):
    check(AUDITOR, SEES)
