"""The Vorsitz of A sees all of A with drafts, reasons and speaking notes, but no status that nobody accepted."""

import pytest

from tests.visibility.expectations import CHAIR

SEES = {
    "meeting not announced": "page json table pdf ics feed",
    "meeting announced": "page json table pdf ics feed",
    "draft agenda": "page json pdf",
    "draft agenda, confidential": "page json pdf",
    "reasons of proposals": "page json",
    "Themenspeicher": "page json table",
    "supplement in preparation": "page json",
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
    "minutes of the running meeting": "page json pdf",
    "decision about the led project": "page json table",
    "decision, confidential": "page json table",
    "decision, provisional": "page json pdf",
    "action of the voting seat": "page json table",
    "action of the voting seat, confidential": "page json table",
    "circular procedure": "page json",
    "circular procedure, confidential": "page json",
    "answer of a seat before the end": "page json",
    "registered topic of the voting seat": "page json table",
    "speaking notes": "page json",
    "project": "page json",
    "led project": "page json",
    "why the Revision looked": "page json",
}


@pytest.mark.slow
def test_every_object_is_met_in_these_channels_and_no_others(check):
    check(CHAIR, SEES)
