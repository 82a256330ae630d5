"""Vertrauliches einsehen: the form of the Revision, the banner while it lasts, closing, and who finds the page."""

import re

import pytest

from app.actor import Role
from tests import factories

PAGE = "/vertrauliches"
REASON = "Prüfauftrag 7 der Innenrevision"
BANNER = "Sie sehen gerade Vertrauliches"


@pytest.fixture
def house(database):
    with database.write() as session:
        body = factories.make_body(session, "SKIP")
        other = factories.make_body(session, "KLIMA")
        return {
            "body": body,
            "other": other,
            "auditor": factories.make_account(session, Role.AUDITOR, body, name="Rita Revision"),
            "secretariat": factories.make_account(session, Role.SECRETARIAT, body),
            "stranger": factories.make_account(session, Role.SECRETARIAT, other),
            "admin": factories.make_account(session, Role.ADMIN),
            "chair": factories.make_seated(session, body, chair=True),
            "member": factories.make_seated(session, body),
        }


def opened(browse, house):
    browser = browse(house["auditor"])
    answer = browser.submit(PAGE, body=str(house["body"].id), reason=REASON)
    assert answer.headers["location"] == PAGE
    return browser


def test_the_banner_stands_on_every_page_while_it_lasts(browse, house):
    browser = opened(browse, house)
    for address in ("/", "/sitzungen", PAGE):
        assert BANNER in browser.get(address).text

    text = browser.get(PAGE).text
    assert REASON in text
    assert "läuft" in text
    [number] = re.findall(r"/vertrauliches/(\d+)/schliessen", text)
    assert browser.submit(f"{PAGE}/{number}/schliessen").headers["location"] == PAGE
    text = browser.get(PAGE).text
    assert BANNER not in text
    assert "vorzeitig geschlossen" in text
    assert browser.submit(f"{PAGE}/{number}/schliessen").status_code == 409


def test_a_reason_that_says_nothing_is_refused_with_what_was_typed(browse, house):
    answer = browse(house["auditor"]).submit(PAGE, body=str(house["body"].id), reason="zu kurz")

    assert answer.status_code == 422
    assert "zu kurz</textarea>" in answer.text
    assert BANNER not in browse(house["auditor"]).get("/").text


def test_a_second_reason_waits_for_the_end_of_the_first(browse, house):
    answer = opened(browse, house).submit(PAGE, body=str(house["body"].id), reason=REASON + " noch einmal")

    assert answer.status_code == 409
    assert "verlängern" in answer.text
    assert "noch einmal</textarea>" in answer.text


@pytest.mark.parametrize("who", ["secretariat", "chair", "admin", "stranger"])
def test_whom_it_concerns_sees_who_looked_and_why_and_closes_nothing(browse, house, who):
    opened(browse, house)
    sees = who != "stranger"
    browser = browse(house[who])
    text = browser.get(PAGE).text

    assert (REASON in text) is sees
    assert ("Rita Revision" in text) is sees
    assert "schliessen" not in text
    assert "<textarea" not in text
    for typed in ({"body": str(house["body"].id), "reason": REASON}, {}):
        assert browser.submit(PAGE, **typed).status_code == 403
    assert f'href="{PAGE}"' in browser.get("/").text


def test_for_members_there_is_nothing(browse, house):
    browser = browse(house["member"])

    assert browser.get(PAGE).status_code == 404
    assert browser.submit(PAGE, body=str(house["body"].id), reason=REASON).status_code == 404
    assert f'href="{PAGE}"' not in browser.get("/").text


def test_bodies_of_others_cannot_be_chosen(browse, house):
    browser = browse(house["auditor"])

    assert "KLIMA" not in browser.get(PAGE).text
    assert browser.submit(PAGE, body=str(house["other"].id), reason=REASON).status_code == 422
