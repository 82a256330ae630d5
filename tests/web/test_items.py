"""The page of one item: what each reader gets of it, then and now, earlier items, neighbours."""

import datetime as dt

import pytest

from app.agenda.models import AgendaItem, Level, Outcome
from app.agenda.schemas.wishes import ItemIn, OutcomeIn, ReleaseIn
from app.agenda.service import items
from app.agenda.service.closing import set_outcome
from app.db import ident
from app.drafting.service.releasing import release_meeting
from app.meetings import service as meetings
from app.minutes.service.closing import close_meeting
from app.projects.models import Light, Phase, ProjectLead
from tests import factories
from tests.factories import operator
from tests.queries import recorded_queries
from tests.web.heart import add_item, make_house, release, words


@pytest.fixture
def house(database):
    """The house with a report in words, and an item about the red project at a meeting of the past."""
    house = make_house(database)
    with database.write() as session:
        body = session.get_one(type(house.body), house.body.id)
        past = factories.make_meeting(session, body, dt.date(2026, 1, 13), number=16)
        wish = ItemIn(title="Wasserstoff zuvor", section="beratung", projects=[ident(house.red)])
        item = items.add_item(session, operator(), past, wish)
        session.flush()
        release_meeting(session, operator(), past, ReleaseIn())
        meetings.start_meeting(session, operator(), past)
        set_outcome(session, operator(), past, item, OutcomeIn(outcome=Outcome.NOTED, note="Nur für den Entwurf"))
        close_meeting(session, operator(), past)
        factories.make_status(
            session,
            session.get_one(type(house.red), house.red.id),
            dt.date(2026, 2, 20),
            Light.RED,
            phase=Phase.RUNNING,
            summary="Die Genehmigung fehlt noch.",
        )
        house.past, house.past_item = past, ident(item)
    return house


def about_red(database, house, **fields):
    given = {
        "title": "Wasserstoff jetzt",
        "occasion": "Weil es rot ist.",
        "proposed_decision": "1. Der Kreis stimmt zu.",
        "presenter": "IHK Berlin",
        "projects": [house.red.id],
    }
    return add_item(database, house, **(given | fields))


def test_a_member_reads_one_item_whole(browse, database, house):
    add_item(database, house, "Davor")
    item = about_red(database, house)
    add_item(database, house, "Danach")
    release(database, house)
    answer = browse(house.member).get(f"{house.address}/top/{item}")
    page = words(answer)
    for said in ("Wasserstoff jetzt", "Weil es rot ist.", "1. Der Kreis stimmt zu.", "IHK Berlin", "10 Min."):
        assert said in page
    assert "1.9 Reallabor Wasserstoff grün → jetzt rot verschlechtert Stand 14.02.2026" in page.replace(
        "20.02", "14.02"
    )
    assert "Die Genehmigung fehlt noch." in page
    assert ": Wasserstoff zuvor zur Kenntnis genommen" in page
    assert "Nur für den Entwurf" not in page
    assert 'rel="prev"' in answer.text
    assert 'rel="next"' in answer.text
    assert f'href="{house.address}/top/{item}"' in browse(house.member).get(house.address).text


def test_before_the_release_only_readers_of_drafts_see_it(browse, database, house):
    item = about_red(database, house)
    assert "noch nicht freigegeben" in words(browse(house.chair).get(f"{house.address}/top/{item}"))
    assert browse(house.member).get(f"{house.address}/top/{item}").status_code == 404


def test_what_changed_after_the_release_is_not_shown(browse, database, house):
    item = about_red(database, house)
    release(database, house)
    with database.write() as session:
        row = session.get_one(AgendaItem, item)
        row.title = "Heimlich geändert"
        session.add(row)
    for who in ("member", "secretariat"):
        page = words(browse(getattr(house, who)).get(f"{house.address}/top/{item}"))
        assert "Wasserstoff jetzt" in page
        assert "Heimlich" not in page


@pytest.mark.parametrize(("who", "status"), [("member", 200), ("advisory", 404), ("auditor", 404), ("stranger", 404)])
def test_confidential_items_are_for_their_readers(browse, database, house, who, status):
    item = about_red(database, house, level=Level.CONFIDENTIAL)
    add_item(database, house, "Offen")
    release(database, house)
    answer = browse(getattr(house, who)).get(f"{house.address}/top/{item}")
    assert answer.status_code == status


def test_a_lead_reads_its_item_without_what_others_were_shown(browse, database, house):
    item = about_red(database, house)
    other = add_item(database, house, "Andere Sache", projects=[house.worse.id])
    with database.write() as session:
        person = factories.make_person(session)
        session.add(ProjectLead(project_id=ident(house.red), person_id=ident(person)))
        lead = factories.make_account(session, person=person)
    release(database, house)
    browser = browse(lead)
    page = words(browser.get(f"{house.address}/top/{item}"))
    assert "Die Genehmigung fehlt noch." in page
    assert "→ jetzt rot" not in page
    assert "Andere Sache" not in page
    assert browser.get(f"{house.address}/top/{other}").status_code == 404


def test_reasons_are_for_readers_of_drafts(browse, database, house):
    browser = browse(house.secretariat)
    browser.submit(f"{house.address}/vorschlaege", as_of="2026-03-02")
    with database.read() as session:
        from app.agenda.queries import list_proposals

        proposal = next(
            one for one in list_proposals(session, operator(), house.meeting.id) if "Wasserstoff" in one.title
        )
    browser.submit(f"{house.address}/vorschlaege/{proposal.id}/uebernehmen")
    with database.read() as session:
        item = session.get_one(type(proposal), proposal.id).item_id
    release(database, house)
    assert "Warum dieser Punkt vorgeschlagen wurde" in words(browse(house.chair).get(f"{house.address}/top/{item}"))
    assert "Warum dieser Punkt" not in words(browse(house.member).get(f"{house.address}/top/{item}"))


def test_an_item_of_another_meeting_is_not_found(browse, database, house):
    item = about_red(database, house)
    release(database, house)
    browser = browse(house.secretariat)
    for address in (f"/sitzungen/{house.past.id}/top/{item}", f"{house.address}/top/999999"):
        assert browser.get(address).status_code == 404


def test_many_projects_take_as_many_queries(browse, database, house):
    def count(projects):
        item = add_item(database, house, "Viele", projects=projects)
        with recorded_queries(database.connection) as seen:
            browse(house.chair).get(f"{house.address}/top/{item}")
        return len(seen)

    few = count([house.red.id])
    with database.write() as session:
        more = [ident(factories.make_project(session, f"7.{n}")) for n in range(4)]
    assert count([house.red.id, *more]) == few
