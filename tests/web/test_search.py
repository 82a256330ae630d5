"""The page of the search: what it shows, escapes and says where there is nothing; and the same for programs."""

import json

import pytest

from app.actor import Role
from app.db import ident
from app.search import service
from app.search.models import Root
from tests import factories


@pytest.fixture
def secretary(database):
    with database.write() as session:
        body = factories.make_body(session, "SKIP")
        actions = [
            factories.make_action(session, body, title=f"Gewerbeflächen {n} <b>&", details="Rest") for n in range(25)
        ]
        service.index(session, [(Root.ACTION, ident(one)) for one in actions])
        return factories.make_account(session, role=Role.SECRETARIAT)


def test_hits_are_shown_marked_and_escaped_page_by_page(browse, secretary):
    browser = browse(secretary)
    first = browser.get("/suche?q=Fläche")
    assert first.status_code == 200
    assert "25 Treffer zu „Fläche“" in first.text
    assert first.text.count("<mark>Gewerbeflächen</mark>") == 20
    assert "&lt;<wbr>b" in first.text or "&lt;b&gt;&amp;" in first.text
    assert "<b>&" not in first.text
    onward = first.text.split('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    second = browser.get(onward)
    assert second.text.count("<mark>Gewerbeflächen</mark>") == 5
    assert 'rel="next"' not in second.text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "Suchen Sie nach Wörtern"),
        ("q=", "Suchen Sie nach Wörtern"),
        ("q=%21%21", "kein Wort, nach dem sich suchen lässt"),
        ("q=-Fl%C3%A4che", "kein Wort, nach dem sich suchen lässt"),
        ("q=%F0%9F%99%82", "kein Wort, nach dem sich suchen lässt"),
        ("q=Unauffindbar", "nichts zu finden, was Sie lesen dürfen"),
        ("q=%22AND*", "nichts zu finden"),
        ("q=%3Cscript%3Ealert(1)%3C/script%3E", "nichts zu finden"),
        ("q=Fl%C3%A4che&art=projekt", "oder suchen Sie ohne Filter"),
        ("q=Fl%C3%A4che&art=unsinn&gremium=x&von=gestern&bis=99&nach=1.2", "25 Treffer"),
        ("q=Fl%C3%A4che&nach=99.0.0.0", "Hier endet die Suche"),
        ("q=Fl%C3%A4che&nach=-99999999999999999.0.0.0", "25 Treffer"),
        ("q=" + "Fl%C3%A4che+" * 25, "Treffer"),
        ("q=" + "x" * 6_000, "nichts zu finden"),
    ],
)
def test_whatever_is_asked_gets_a_page(browse, secretary, query, sentence):
    answer = browse(secretary).get(f"/suche?{query}")
    assert answer.status_code == 200
    assert sentence in answer.text
    assert "<script>alert" not in answer.text


def test_nobody_searches_without_a_sign_in(browse):
    answer = browse().get("/suche?q=x")
    assert answer.status_code in (303, 401)


def test_programs_get_the_same_page_by_page(browse, secretary):
    browser = browse(secretary)
    first = browser.get("/api/v1/search?q=Fläche&limit=20").json()
    second = browser.get(f"/api/v1/search?q=Fläche&limit=20&cursor={first['next']}").json()
    assert (len(first["items"]), len(second["items"]), second["next"]) == (20, 5, None)
    assert len({one["id"] for one in first["items"] + second["items"]}) == 25
    one = first["items"][0]
    assert one["kind"] == "auftrag"
    assert browser.get(one["page"]).status_code == 200
    assert browser.get(one["url"]).json()["id"] == one["id"]


def test_programs_are_told_what_is_wrong(browse, secretary):
    browser = browse(secretary)
    assert browser.get("/api/v1/search?q=Fläche&kind=unsinn").status_code == 422
    assert browser.get(f"/api/v1/search?q={'x' * 201}").status_code == 422
    refused = browser.get("/api/v1/search?q=Fläche&since=gestern")
    assert refused.status_code == 422
    assert json.loads(refused.text)["title"]
    assert browser.get("/api/v1/search").json() == {"items": [], "next": None}
