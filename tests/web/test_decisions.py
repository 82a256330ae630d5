"""The pages of decisions: register, one decision, the forms of the secretariat; who sees what, in how many queries."""

import datetime as dt
import io
import subprocess

import openpyxl
import pytest

from app.actor import Role
from app.agenda.models import Outcome
from app.bodies import service as bodies
from app.bodies.models import MembershipKind
from app.db import ident
from app.decisions import queries
from app.decisions.models import Taking, Verb
from app.decisions.schemas import ClauseIn, DecisionIn, TakenOverIn
from app.decisions.service.registering import take_over_decision
from app.decisions.service.writing import write_decision
from app.minutes.queries import find_minutes
from app.minutes.service.closing import close_meeting
from app.projects.models import Light
from app.visibility import Level
from tests import factories
from tests.decisions import room
from tests.factories import operator
from tests.queries import recorded_queries


class House:
    """A held meeting with two decisions, an old one, and people of every kind."""

    def __init__(self, session):
        self.body = factories.make_body(session, "SKIP")
        self.secretary = factories.make_account(session, role=Role.SECRETARIAT)
        seat, person = factories.make_seat(session, self.body), factories.make_person(session)
        bodies.fill_seat(session, operator(), seat, person_id=ident(person), kind=MembershipKind.MEMBER)
        self.member = factories.make_account(session, person=person)
        self.stranger = factories.make_account(session)
        self.project = factories.make_project(session, "1.1", "Flächenfonds")
        factories.make_status(session, self.project, dt.date(2026, 2, 1), light=Light.RED)
        self.meeting = factories.make_meeting(session, self.body, number=17)
        item = room.add(
            session,
            self.meeting,
            "Ankaufsstrategie",
            proposed_decision="Der Rahmen gilt bis 2026.",
            projects=[ident(self.project)],
        )
        secret = room.add(session, self.meeting, "Geheimsache", level=Level.CONFIDENTIAL)
        room.start(session, self.meeting)
        room.seat_people(session, self.body, self.meeting, 3)
        write_decision(
            session,
            operator(),
            self.meeting,
            item,
            DecisionIn(
                wording="Der Rahmen gilt bis 2027.",
                taking=Taking.VOTES,
                yes=3,
                no=0,
                clauses=[ClauseIn(verb=Verb.RECOMMENDS, text="ein Gewerbeflächenkonzept")],
            ),
        )
        room.settle(session, self.meeting, item, Outcome.ADOPTED_CHANGED)
        room.settle(session, self.meeting, secret)
        close_meeting(session, operator(), self.meeting)
        self.decision = queries.draft_of_item(session, ident(item))
        self.secret = queries.draft_of_item(session, ident(secret))
        self.old = take_over_decision(
            session,
            operator(),
            TakenOverIn(
                body=ident(self.body),
                number="7/2018",
                decided_on=dt.date(2018, 5, 16),
                title="KI in der Verwaltung",
                source="Niederschrift der 15. Sitzung",
            ),
        )
        self.address = f"/beschluesse/{ident(self.decision)}"


@pytest.fixture
def house(database):
    with database.write() as session:
        return House(session)


def test_the_page_tells_everything_about_a_decision(browse, house):
    shown = browse(house.secretary).get(house.address)
    assert shown.status_code == 200
    for words in (
        "SKIP 2026/01",
        "Der Rahmen gilt bis 2027.",
        "geändert beschlossen",
        "mit Stimmen: 3 Ja, 0 Nein, 0 Enthaltungen",
        "3 von 4 stimmberechtigten Sitzen",
        "empfiehlt",
        "ein Gewerbeflächenkonzept",
        "Vorgeschlagen und beschlossen",
        "Flächenfonds",
        f"/sitzungen/{house.meeting.id}",
        ", TOP ",
        "nicht vergeben vermerken",
    ):
        assert words in shown.text, words
    assert "<del>" in shown.text
    member = browse(house.member).get(house.address)
    assert member.status_code == 200
    assert "nicht vergeben vermerken" not in member.text
    assert browse(house.stranger).get(house.address).status_code == 404


def test_the_register_finds_filters_and_leaves_out_what_is_provisional(browse, house, database):
    with database.write() as session:
        later = factories.make_meeting(session, house.body)
        item = room.add(session, later, "Nochnichtssagend")
        room.start(session, later)
        write_decision(session, operator(), later, item, DecisionIn(wording="Vorläufiges"))
        draft = ident(queries.draft_of_item(session, ident(item)))
    site = browse(house.secretary)
    everything = site.get("/beschluesse").text
    assert all(word in everything for word in ("SKIP 2026/01", "SKIP 2026/02", "7/2018", "3 Beschlüsse"))
    assert "Nochnichtssagend" not in everything
    assert site.get(f"/beschluesse/{draft}").status_code == 200
    assert browse(house.member).get(f"/beschluesse/{draft}").status_code == 404
    for query, found in (
        ("q=KI", ["7/2018"]),
        ("q=fl%C3%A4chen", ["SKIP 2026/01"]),
        ("jahr=2018", ["7/2018"]),
        ("ergebnis=adopted", ["SKIP 2026/02"]),
        (f"projekt={house.project.id}", ["SKIP 2026/01"]),
        (f"gremium={house.body.id}&jahr=2026", ["SKIP 2026/01", "SKIP 2026/02"]),
        ("stand=done", []),
        ("jahr=abc&stand=x&ergebnis=y&nach=..&vor=1.2", ["SKIP 2026/01", "SKIP 2026/02", "7/2018"]),
    ):
        page = site.get(f"/beschluesse?{query}")
        assert page.status_code == 200
        listed = [one for one in ("SKIP 2026/01", "SKIP 2026/02", "7/2018") if f">{one}<" in page.text]
        assert listed == found, query


def test_the_register_goes_on_page_by_page_and_back(browse, house, database, monkeypatch):
    monkeypatch.setattr("app.web.decisions.pages.PAGE_SIZE", 1)
    site = browse(house.secretary)
    first = site.get("/beschluesse")
    assert "SKIP 2026/02" in first.text
    assert "Vorige Seite" not in first.text
    second = site.get(_link(first.text, "Nächste Seite"))
    assert ">SKIP 2026/01<" in second.text
    third = site.get(_link(second.text, "Nächste Seite"))
    assert ">7/2018<" in third.text
    assert "Nächste Seite" not in third.text
    back = site.get(_link(third.text, "Vorige Seite"))
    assert ">SKIP 2026/01<" in back.text
    assert ">SKIP 2026/02<" in site.get(_link(back.text, "Vorige Seite")).text


def _link(page: str, label: str) -> str:
    before = page[: page.index(f">{label}<")]
    return before[before.rindex('href="') + 6 :].split('"')[0].replace("&amp;", "&")


def test_members_without_a_vote_do_not_learn_of_confidential_decisions_in_any_file(browse, house):
    site = browse(house.stranger)
    for ending in ("", ".csv"):
        assert "SKIP 2026" not in site.get(f"/beschluesse{ending}").text
    told = browse(house.secretary).get("/beschluesse.csv").text
    assert "Geheimsache" in told
    assert "1. ein Gewerbeflächenkonzept" in told
    book = openpyxl.load_workbook(io.BytesIO(browse(house.secretary).get("/beschluesse.xlsx?jahr=2018").content))
    rows = list(book.active.values)
    assert [row[0] for row in rows] == ["Nr.", "7/2018"]
    assert rows[1][3].date() == dt.date(2018, 5, 16)


def test_a_number_is_noted_as_not_given_with_a_reason(browse, house):
    site = browse(house.secretary)
    refused = site.submit(f"{house.address}/nicht-vergeben", reason="")
    assert refused.status_code == 422
    assert "Bitte füllen Sie dieses Feld aus." in refused.text
    stale = site.submit(f"{house.address}/nicht-vergeben", reason="doppelt", version="0")
    assert stale.status_code == 412
    assert site.submit(f"{house.address}/nicht-vergeben", reason="doppelt erfasst").status_code == 303
    assert "doppelt erfasst" in site.get(house.address).text
    shown = browse(house.member).get(house.address).text
    assert "Der Rahmen gilt" not in shown
    listed = browse(house.member).get("/beschluesse").text
    assert "nicht vergeben (doppelt erfasst)" in listed
    assert "Ankaufsstrategie" not in listed
    assert browse(house.member).submit(f"{house.address}/nicht-vergeben", reason="so").status_code == 403
    assert browse(house.stranger).submit(f"{house.address}/nicht-vergeben", reason="so").status_code == 404


def test_what_is_replaced_is_named_by_its_number(browse, house):
    site = browse(house.secretary)
    unknown = site.submit(f"{house.address}/ersetzt", replaces="99/1999")
    assert unknown.status_code == 422
    assert "Einen Beschluss 99/1999 gibt es nicht." in unknown.text
    assert site.submit(f"{house.address}/ersetzt", replaces="7/2018").status_code == 303
    assert f'href="/beschluesse/{house.old.id}"' in site.get(house.address).text
    old = site.get(f"/beschluesse/{house.old.id}").text
    assert "Ersetzt durch" in old
    assert site.submit(f"{house.address}/ersetzt", replaces="").status_code == 303
    assert "Wieder offen" in site.get(f"/beschluesse/{house.old.id}").text


def test_old_decisions_are_taken_over_and_corrected(browse, house):
    site = browse(house.secretary)
    wish = {
        "number": "3/2016",
        "decided_on": "2016-06-01",
        "title": "Altes",
        "source": "Akte",
        "projects": "1.1",
        "clauses-0-verb": "asks",
        "clauses-0-text": "um einen Bericht",
    }
    wrong = site.submit("/beschluesse/uebernehmen", **{**wish, "number": "7/2018", "clauses-0-due_on": "2015-01-01"})
    assert wrong.status_code == 422
    assert "um einen Bericht" in wrong.text
    made = site.submit("/beschluesse/uebernehmen", **wish)
    assert made.status_code == 303
    address = made.headers["location"]
    shown = site.get(address).text
    assert all(word in shown for word in ("3/2016", "um einen Bericht", "Akte", "Flächenfonds"))
    form = site.get(f"{address}/bearbeiten").text
    assert "um einen Bericht" in form
    assert site.submit(f"{address}/bearbeiten", **{**wish, "title": "Neues"}).status_code == 303
    assert "Neues" in site.get(address).text
    assert site.submit(f"{address}/bearbeiten", **{**wish, "version": "0"}).status_code == 412
    assert browse(house.member).get(f"{address}/bearbeiten").status_code == 403
    assert browse(house.member).get("/beschluesse/uebernehmen").status_code == 404
    assert site.get(f"{house.address}/bearbeiten").status_code == 404
    assert site.submit(f"{house.address}/bearbeiten", **wish).status_code == 404


def test_the_history_tells_who_did_what(browse, house):
    shown = browse(house.secretary).get(f"{house.address}/verlauf")
    assert "Beschluss nummeriert" in shown.text
    assert browse(house.member).get(f"{house.address}/verlauf").status_code == 404


@pytest.mark.parametrize("address", ["/beschluesse", "/beschluesse.csv"])
def test_the_register_asks_the_database_as_often_for_one_as_for_many(browse, house, database, address):
    site = browse(house.secretary)
    site.get(address)
    with recorded_queries(database.connection) as few:
        site.get(address)
    with database.write() as session:
        for place in range(5):
            take_over_decision(
                session,
                operator(),
                TakenOverIn(
                    body=ident(house.body),
                    number=f"{place}/2017",
                    decided_on=dt.date(2017, 1, 1),
                    title="Weiteres",
                    source="Akte",
                    projects=[ident(house.project)],
                ),
            )
    with recorded_queries(database.connection) as many:
        site.get(address)
    assert len(many) == len(few)


def pdf_words(answer) -> str:
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["content-type"] == "application/pdf"
    shown = subprocess.run(["pdftotext", "-layout", "-", "-"], input=answer.content, capture_output=True, check=True)
    return " ".join(shown.stdout.decode().split())


def test_an_extract_stands_under_its_reservation_until_the_minutes_are_approved(browse, house, database):
    address = f"{house.address}/auszug.pdf"
    told = pdf_words(browse(house.member).get(address))
    assert "Vorbehaltlich der Genehmigung der Niederschrift" in told
    assert all(words in told for words in ("SKIP 2026/01", "Der Rahmen gilt bis 2027.", "3 Ja, 0 Nein"))
    with database.write() as session:
        minutes = find_minutes(session, ident(house.meeting))
        minutes.approved_on = dt.date(2026, 3, 20)
    told = pdf_words(browse(house.member).get(address))
    assert "Vorbehaltlich" not in told
    assert "wurde am 20.03.2026 genehmigt" in told
    assert browse(house.stranger).get(address).status_code == 404
    site = browse(house.secretary)
    site.submit(f"{house.address}/nicht-vergeben", reason="doppelt erfasst")
    assert site.get(address).status_code == 409


def test_the_register_of_a_year_holds_what_its_reader_may_know(browse, house):
    address = f"/beschluesse/register.pdf?jahr=2026&gremium={house.body.id}"
    told = pdf_words(browse(house.secretary).get(address))
    assert all(words in told for words in ("Beschlussregister 2026", "SKIP 2026/01", "Geheimsache", "vollständig"))
    assert "KI in der Verwaltung" in pdf_words(browse(house.secretary).get("/beschluesse/register.pdf?jahr=2018"))
    assert "keine Beschlüsse" in pdf_words(browse(house.secretary).get("/beschluesse/register.pdf?jahr=1999"))
    assert browse(house.secretary).get("/beschluesse/register.pdf?jahr=99999").status_code == 404
    assert browse(house.stranger).get(address).status_code == 404
