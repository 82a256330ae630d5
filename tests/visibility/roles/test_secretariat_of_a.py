"""The Geschäftsstelle of A sees everything of A but the speaking notes, for which nobody named it, and nothing of B."""

import pytest

from tests.visibility.expectations import SECRETARIAT_A

SEES = {
    "meeting not announced": "page json table pdf ics feed history error",
    "meeting announced": "page json table pdf ics feed history error",
    "draft agenda": "page json pdf history error",
    "draft agenda, confidential": "page json pdf history error",
    "reasons of proposals": "page json error",
    "Themenspeicher": "page json table history",
    "supplement in preparation": "page json history error",
    "released item, public": "page json pdf history error",
    "released item, internal": "page json pdf history error",
    "released item, confidential": "page json pdf history error",
    "item of the guest": "page json pdf history error",
    "item of the guest, meeting held": "page json table pdf history error",
    "confidential item of the other guest": "page json pdf history error",
    "confidential item that an advisory seat attends": "page json pdf history error",
    "item on the led project": "page json pdf history error",
    "confidential item on the led project": "page json pdf history error",
    "published item": "page json pdf",
    "paper, internal": "page json pdf history",
    "paper, confidential": "page json pdf history",
    "minutes, internal": "page json pdf",
    "minutes, confidential": "page json pdf",
    "minutes of the running meeting": "page json pdf history",
    "decision about the led project": "page json table history",
    "decision, confidential": "page json table history",
    "decision, provisional": "page json pdf history",
    "action of the voting seat": "page json table",
    "action of the voting seat, confidential": "page json table",
    "circular procedure": "page json",
    "circular procedure, confidential": "page json",
    "answer of a seat before the end": "page json",
    "registered topic of the voting seat": "page json table history",
    "project": "page json history",
    "led project": "page json history",
    "unaccepted status": "page json history",
    "unaccepted status of the led project": "page json history",
    "history, internal": "history",
    "history of drafts": "history",
    "history, confidential": "history",
    "why the Revision looked": "page json history",
}


@pytest.mark.slow
def test_every_object_is_met_in_these_channels_and_no_others(check):
    check(SECRETARIAT_A, SEES)
