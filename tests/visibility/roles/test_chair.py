"""The Vorsitz of A sees all of A with drafts, reasons and speaking notes, but no status that nobody accepted."""

import pytest

from tests.visibility.expectations import CHAIR

SEES = {
    "meeting not announced": "page json search table pdf ics feed",
    "meeting announced": "page json search table pdf ics feed",
    "draft agenda": "page json search pdf",
    "draft agenda, confidential": "page json search pdf",
    "reasons of proposals": "page json",
    "Themenspeicher": "page json search table",
    "supplement in preparation": "page json search",
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
    "minutes of the running meeting": "page json search pdf",
    "decision about the led project": "page json search table",
    "decision, confidential": "page json search table",
    "decision, provisional": "page json search pdf",
    "action of the voting seat": "page json search table",
    "action of the voting seat, confidential": "page json search table",
    "circular procedure": "page json search",
    "circular procedure, confidential": "page json search",
    "answer of a seat before the end": "page json",
    "registered topic of the voting seat": "page json search table",
    "speaking notes": "page json",
    "project": "page json search",
    "led project": "page json search",
    "why the Revision looked": "page json",
}


@pytest.mark.once
@pytest.mark.slow
def test_every_object_is_met_in_these_channels_and_no_others(check):
    check(CHAIR, SEES)
