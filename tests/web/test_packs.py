"""The meeting pack over HTTP: each reader's edition and papers, kept bytes, waiting, what changes it."""

import io
import subprocess
import threading
from urllib.parse import unquote

import pytest
from sqlmodel import select

from app.agenda.models import Level, MeetingPack
from app.documents import pack_keeping
from app.exporting import actor_for, pack_pdf
from app.papers.models import Paper
from tests.papers import files
from tests.web.heart import add_item, make_house, release, words


@pytest.fixture
def house(database, browse):
    """A released agenda with an internal and a confidential item, each with a paper."""
    house = make_house(database)
    open_one = add_item(database, house, "Reallabor", projects=[house.red.id])
    secret = add_item(database, house, "Vergabe der Halle 7", level=Level.CONFIDENTIAL)
    browser = browse(house.secretariat)
    for owner, name in ((open_one, "Lageplan.pdf"), (secret, "Angebote.pdf")):
        sent = [("files", (name, io.BytesIO(files.pdf(f"Inhalt von {name}")), "application/pdf"))]
        data = {"csrf_token": browser.token(), "kind": "annex", "owner": str(owner)}
        assert browser.post(f"{house.address}/unterlagen", data=data, files=sent).status_code == 303
    release(database, house)
    house.pack = f"{house.address}/sitzungsmappe.pdf"
    return house


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """A busy machine may take longer than a reader waits."""
    monkeypatch.setattr(pack_keeping, "PATIENCE", 60.0)


def told(answer):
    assert answer.status_code == 200, answer.text[:200]
    said = subprocess.run(["pdftotext", "-", "-"], input=answer.content, capture_output=True, check=True).stdout
    return said.decode()


def test_each_reader_gets_the_papers_of_their_edition(browse, house):
    whole, less = (told(browse(one).get(house.pack)) for one in (house.member, house.advisory))
    assert "Inhalt von Lageplan.pdf" in whole
    assert "Inhalt von Angebote.pdf" in whole
    assert "Inhalt von Lageplan.pdf" in less
    assert "Angebote" not in less
    assert "Halle 7" not in less
    smaller = told(browse(house.member).get(f"{house.pack}?fassung=ohne-vertrauliches"))
    assert "Angebote" not in smaller
    assert browse(house.advisory).get(f"{house.pack}?fassung=vollstaendig").status_code == 404
    for nobody in (house.stranger, house.admin):
        assert browse(nobody).get(house.pack).status_code == 404


def test_a_pack_is_made_once_and_known_by_its_tag(browse, database, house, monkeypatch):
    member = browse(house.member)
    first = member.get(house.pack)
    assert unquote(first.headers["content-disposition"]).endswith(
        "SKIP 18. Sitzung 2026-05-12 Sitzungsmappe Version 1.pdf"
    )
    monkeypatch.setattr(pack_keeping, "make_pack", None)
    assert browse(house.chair).get(house.pack).content == first.content
    again = member.get(house.pack, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_command_gives_what_the_address_gives(browse, database, house, settings):
    actor = actor_for(database, house.advisory.email)
    exported = pack_pdf(database, settings, actor, house.meeting.id, "", None)
    assert exported == browse(house.advisory).get(house.pack).content


def test_a_paper_that_is_withdrawn_leaves_the_pack_and_the_old_one_is_forgotten(browse, database, house):
    member = browse(house.member)
    first = member.get(house.pack)
    with database.write() as session:
        paper = next(one for one in session.exec(select(Paper)) if one.title == "Lageplan")
        paper.withdrawn, paper.withdrawn_reason = True, "veraltet"
        session.add(paper)
    second = member.get(house.pack, headers={"If-None-Match": first.headers["etag"]})
    assert "Inhalt von Lageplan.pdf" not in told(second)
    assert "ist zurückgezogen" in told(second)
    with database.read() as session:
        kept = session.exec(select(MeetingPack)).all()
    assert [one.content_hash for one in kept] == [second.headers["etag"].strip('"')]


def test_a_paper_raised_to_confidential_stays_out_of_the_smaller_edition(browse, database, house):
    with database.write() as session:
        paper = next(one for one in session.exec(select(Paper)) if one.title == "Lageplan")
        paper.level = Level.CONFIDENTIAL
        session.add(paper)
    assert "Inhalt von Lageplan.pdf" not in told(browse(house.advisory).get(house.pack))
    assert "Inhalt von Lageplan.pdf" in told(browse(house.member).get(house.pack))
    asked = browse(house.member).get(f"{house.pack}?fassung=ohne-vertrauliches")
    assert "Inhalt von Lageplan.pdf" not in told(asked)


def test_who_comes_too_early_is_asked_to_wait_and_the_work_goes_on(browse, house, monkeypatch):
    begun, may_end, make = threading.Event(), threading.Event(), pack_keeping.make_pack

    def slowly(*given, **named):
        begun.set()
        assert may_end.wait(60)
        return make(*given, **named)

    monkeypatch.setattr(pack_keeping, "make_pack", slowly)
    monkeypatch.setattr(pack_keeping, "PATIENCE", 0.2)
    member = browse(house.member)
    early = member.get(house.pack)
    assert early.status_code == 503
    assert early.headers["retry-after"] == "5"
    assert "wird gerade erzeugt" in words(early)
    assert begun.wait(60)
    may_end.set()
    monkeypatch.setattr(pack_keeping, "PATIENCE", 60.0)
    assert "Inhalt von Lageplan.pdf" in told(member.get(house.pack))
    assert pack_keeping._waiting == {}


def test_a_draft_is_packed_for_those_who_read_drafts(browse, database):
    house = make_house(database)
    add_item(database, house, "Reallabor")
    place = f"{house.address}/sitzungsmappe.pdf"
    assert "ENTWURF" in told(browse(house.secretariat).get(place))
    assert browse(house.member).get(place).status_code == 404
