"""The agenda to read: each reader's edition with papers a tap away, what changed since version 1, what came of it."""

import io
import re

import pytest

from app.agenda.models import AgendaItem, AgendaItemGuest, Level, Outcome
from app.agenda.schemas.wishes import ItemChange
from app.agenda.service import items
from app.drafting.service.releasing import release_meeting
from app.meetings.models import Meeting
from app.projects.models import ProjectLead
from tests import factories
from tests.factories import operator
from tests.papers import files
from tests.queries import recorded_queries
from tests.web.heart import YES, add_item, decide, make_house, release, start, words


@pytest.fixture
def house(database, browse):
    house = make_house(database)
    house.first = add_item(
        database, house, "Reallabor Wasserstoff", projects=[house.red.id], occasion="Ampel rot", presenter="IHK Berlin"
    )
    house.second = add_item(database, house, "Flächen", proposed_decision="Der Steuerungskreis stimmt zu.")
    house.secret = add_item(database, house, "Vergabe der Halle 7", level=Level.CONFIDENTIAL)
    browser = browse(house.secretariat)
    for owner, name in ((house.second, "Lageplan.pdf"), ("sitzung", "Gesamtplan.pdf")):
        sent = [("files", (name, io.BytesIO(files.pdf("Inhalt")), "application/pdf"))]
        data = {"csrf_token": browser.token(), "kind": "annex", "owner": str(owner)}
        assert browser.post(f"{house.address}/unterlagen", data=data, files=sent).status_code == 303
    house.read = f"{house.address}/lesen"
    return house


def read(browse, account, address):
    answer = browse(account).get(address)
    assert answer.status_code == 200
    return answer


def test_before_the_release_members_learn_when_it_comes(browse, database, house):
    with database.write() as session:
        meeting = session.get_one(Meeting, house.meeting.id)
        meeting.announced_at = meeting.starts_at
        session.add(meeting)
    assert "Die Tagesordnung folgt mit der Einladung." in words(read(browse, house.member, house.read))
    assert "Entwurf, noch nicht freigegeben" in words(read(browse, house.secretariat, house.read))


def test_members_read_everything_in_order_with_papers_a_tap_away(browse, database, house):
    release(database, house)
    answer = read(browse, house.member, house.read)
    told = words(answer)
    assert told.index("Reallabor Wasserstoff") < told.index("Flächen") < told.index("Vergabe der Halle 7")
    assert "IHK Berlin" in told
    assert "Der Steuerungskreis stimmt zu." in told
    assert "Lageplan Anlage, PDF, 1 KB" in told or re.search(r"Lageplan Anlage, PDF, \d+ Bytes", told)
    papers = re.findall(r'href="([^"]+/unterlagen/\d+\?version=1)"', answer.text)
    assert len(papers) == 2
    assert all(browse(house.member).get(paper).status_code == 200 for paper in papers)
    assert f'href="{house.address}/sitzungsmappe.pdf"' in answer.text
    for key in (house.first, house.second):
        assert f'href="#top-{key}"' in answer.text
        assert f'id="top-{key}"' in answer.text


def test_the_advisory_seat_reads_its_edition(browse, database, house):
    release(database, house)
    told = words(read(browse, house.advisory, house.read))
    assert "Flächen" in told
    assert "Halle 7" not in told
    assert browse(house.advisory).get(f"{house.read}?fassung=vollstaendig").status_code == 404
    assert browse(house.stranger).get(house.read).status_code == 404


def test_guests_and_leads_read_their_own_items_marked(browse, database, house):
    with database.write() as session:
        guest, lead = factories.make_person(session), factories.make_person(session)
        accounts = [factories.make_account(session, person=one) for one in (guest, lead)]
        session.add(AgendaItemGuest(item_id=house.second, person_id=guest.id))
        session.add(ProjectLead(project_id=house.red.id, person_id=lead.id))
    release(database, house)
    for account, own, other in ((accounts[0], "Flächen", "Reallabor"), (accounts[1], "Reallabor", "Flächen")):
        answer = read(browse, account, house.read)
        told = words(answer).split("Überblick", 1)[1]
        assert "Ihr Punkt" in told
        assert own in told
        assert other not in told
        assert "Gesamtplan" not in told
        assert ("sitzungsmappe.pdf" in answer.text) is (account is accounts[0])


def test_changes_since_the_first_version_stand_at_their_items(browse, database, house):
    release(database, house)
    for chosen, minutes in ((house.first, 17), (house.second, 18)):
        with database.write() as session:
            meeting, row = session.get_one(Meeting, house.meeting.id), session.get_one(AgendaItem, chosen)
            wish = ItemChange(minutes=minutes)
            items.change_item(session, operator(), meeting, row, wish, base_version=row.version)
        with database.write() as session:
            meeting = session.get_one(Meeting, house.meeting.id)
            release_meeting(session, operator(), meeting, YES.model_copy(update={"reason": "Eilbedarf"}))
    told = words(read(browse, house.member, house.read))
    assert told.count("Seit Version 1: 10 → 17 Min.") == 1
    assert told.count("Seit Version 1: 10 → 18 Min.") == 1
    assert "Version 3" in told


def test_after_the_meeting_the_outcome_stands_beside_the_item(browse, database, house):
    release(database, house)
    start(database, house)
    decide(database, house, house.first, Outcome.NOTED)
    assert "zur Kenntnis genommen" not in words(read(browse, house.member, house.read))
    with database.write() as session:
        meeting = session.get_one(Meeting, house.meeting.id)
        meeting.state = type(meeting.state).HELD
        session.add(meeting)
    assert "zur Kenntnis genommen" in words(read(browse, house.member, house.read))


def test_more_items_with_papers_ask_no_more_queries(browse, database, house):
    browser, counts = browse(house.secretariat), []
    for more in (0, 3):
        for number in range(more):
            key = add_item(database, house, f"Weiterer {number}", projects=[house.worse.id])
            sent = [("files", (f"W{number}.pdf", io.BytesIO(files.pdf(f"Inhalt {number}")), "application/pdf"))]
            data = {"csrf_token": browser.token(), "kind": "annex", "owner": str(key)}
            assert browser.post(f"{house.address}/unterlagen", data=data, files=sent).status_code == 303
        with recorded_queries(database.engine) as found:
            assert browser.get(house.read).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_the_page_of_the_meeting_leads_there(browse, database, house):
    release(database, house)
    assert f'href="{house.read}"' in browse(house.member).get(house.address).text
