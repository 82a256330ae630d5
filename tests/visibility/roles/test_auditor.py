"""The Revision of A sees interna and their history; without a recorded reason nothing confidential."""

import pytest

from tests.visibility.expectations import AUDITOR

SEES = {
    "meeting announced": "page json search table ics history",
    "released item, public": "page json search pdf",
    "released item, internal": "page json search pdf",
    "item of the guest": "page json search pdf",
    "item of the guest, meeting held": "page json search table pdf history",
    "item on the led project": "page json search pdf",
    "published item": "page json search pdf",
    "paper, internal": "page json search pdf",
    "minutes, internal": "page json search pdf",
    "decision about the led project": "page json search table history",
    "action of the voting seat": "page json search table",
    "circular procedure": "page json search",
    "project": "page json search history",
    "led project": "page json search history",
    "history, internal": "history",
}


@pytest.mark.once
@pytest.mark.slow
def test_every_object_is_met_in_these_channels_and_no_others(check):
    check(AUDITOR, SEES)
