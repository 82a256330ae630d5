"""The Geschäftsstelle of all bodies sees everything, the speaking notes only because the chair of A named it."""

import pytest

from tests.visibility.expectations import SECRETARIAT_ALL

SEES = {
    "meeting not announced": "page json search table pdf ics feed history error",
    "meeting announced": "page json search table pdf ics feed history error",
    "draft agenda": "page json search pdf history error",
    "draft agenda, confidential": "page json search pdf history error",
    "reasons of proposals": "page json error",
    "Themenspeicher": "page json search table history",
    "supplement in preparation": "page json search history error",
    "released item, public": "page json search pdf history error",
    "released item, internal": "page json search pdf history error",
    "released item, confidential": "page json search pdf history error",
    "item of the guest": "page json search pdf history error",
    "item of the guest, meeting held": "page json search table pdf history error",
    "confidential item of the other guest": "page json search pdf history error",
    "confidential item that an advisory seat attends": "page json search pdf history error",
    "item on the led project": "page json search pdf history error",
    "confidential item on the led project": "page json search pdf history error",
    "item of another body": "page json search pdf ics feed history error",
    "published item": "page json search pdf history error",
    "released but unpublished item of that body": "page json search pdf history error",
    "paper, internal": "page json search pdf history",
    "paper, confidential": "page json search pdf history",
    "minutes, internal": "page json search pdf",
    "minutes, confidential": "page json search pdf",
    "minutes of the running meeting": "page json search pdf history",
    "decision about the led project": "page json search table history",
    "decision, confidential": "page json search table history",
    "decision, provisional": "page json search pdf history",
    "action of the voting seat": "page json search table",
    "action of the voting seat, confidential": "page json search table",
    "circular procedure": "page json search",
    "circular procedure, confidential": "page json search",
    "answer of a seat before the end": "page json",
    "registered topic of the voting seat": "page json search table history",
    "speaking notes": "page json",
    "project": "page json search history",
    "led project": "page json search history",
    "unaccepted status": "page json history",
    "unaccepted status of the led project": "page json history",
    "project of another body": "page json search history",
    "history, internal": "history",
    "history of drafts": "history",
    "history, confidential": "history",
    "why the Revision looked": "page json history",
    "text of a mail": "mail",
    "recipient of a mail": "mail",
    "text of a mail of another body": "mail",
}


@pytest.mark.once
@pytest.mark.slow
def test_every_object_is_met_in_these_channels_and_no_others(check):
    check(SECRETARIAT_ALL, SEES)
