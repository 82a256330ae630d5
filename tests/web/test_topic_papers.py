"""Papers of registered topics and of the backlog: who hangs them there until when, and how they go with the topic."""

import datetime as dt
import io

import pytest
from sqlmodel import select

from app import clock
from app.agenda.models import AgendaItem, AgendaItemPaper, Level, RegistrationPaper, Topic, TopicPaper
from app.agenda.queries import list_proposals
from app.agenda.schemas.wishes import RejectIn, TopicIn
from app.agenda.service.items import set_item_aside
from app.agenda.service.topics import add_topic
from app.db import ident
from app.meetings import service as meetings
from app.meetings.models import Meeting
from app.meetings.schemas import CancelIn
from app.papers.models import Paper
from tests import factories
from tests.factories import operator
from tests.web.heart import release, words
from tests.web.test_registrations import accept, draft, house, proposal_of, register, stored

__all__ = ["house"]
"""The house of the registrations: a meeting on 12 May 2026 whose Unterlagenschluss is 21 April."""

LAST = dt.datetime(2026, 4, 21, 23, 59, 59, tzinfo=clock.BERLIN)
AFTER = dt.datetime(2026, 4, 22, 0, 0, tzinfo=clock.BERLIN)


@pytest.fixture
def topic(browse, database, house):
    """A topic that a member registered for the meeting."""
    return register(browse, database, house, papers_follow="1", papers_on="2026-04-10")


def place(topic):
    return f"/anmeldungen/{topic}/unterlagen"


def upload(browse, account, address, name="Lageplan.txt", content=b"eins", **fields):
    browser = browse(account)
    data = {"csrf_token": browser.token(), "kind": "annex", **fields}
    return browser.post(address, data=data, files=[("files", (name, io.BytesIO(content), "text/plain"))])


def papers(database):
    with database.read() as session:
        return list(session.exec(select(Paper).order_by(Paper.id)))


def rows(database, table):
    with database.read() as session:
        return list(session.exec(select(table)))


def test_who_registered_hangs_papers_and_only_readers_of_the_topic_get_them(browse, database, house, topic):
    answer = upload(browse, house.member, place(topic))
    assert answer.status_code == 303
    paper = papers(database)[0]
    assert (paper.title, paper.level) == ("Lageplan", Level.INTERNAL)
    for account in (house.member, house.secretariat, house.chair):
        assert "Lageplan" in browse(account).get(f"/anmeldungen/{topic}").text
        assert browse(account).get(f"{place(topic)}/{paper.id}").content == b"eins"
    with database.write() as session:
        other = factories.make_seated(session, session.get_one(type(house.body), house.body.id))
    for account in (house.lead, other):
        assert browse(account).get(place(topic)).status_code == 404
        assert browse(account).get(f"{place(topic)}/{paper.id}").status_code == 404
        assert upload(browse, account, place(topic), content=b"x").status_code == 404
    assert upload(browse, house.chair, place(topic), content=b"x").status_code == 403
    assert upload(browse, house.secretariat, place(topic), "Zahlen.csv", b"a;b\n").status_code == 303
    assert len(papers(database)) == 2


def test_one_paper_is_renewed_renamed_ordered_and_withdrawn(browse, database, house, topic):
    upload(browse, house.member, place(topic))
    upload(browse, house.member, place(topic), "b.txt", b"b")
    paper, member = papers(database)[0], browse(house.member)
    at = f"{place(topic)}/{paper.id}"
    assert upload(browse, house.member, f"{at}/version", content=b"zwei").status_code == 303
    assert (member.get(at).content, member.get(f"{at}?version=1").content) == (b"zwei", b"eins")
    page = member.get(f"{at}/bearbeiten")
    assert page.status_code == 200
    fields = {"title": "Plan", "kind": "submission", "level": "public", "version": "2"}
    assert member.submit(f"{at}/bearbeiten", **fields).status_code == 303
    assert member.submit(f"{at}/verschieben", move="down").status_code == 303
    assert member.submit(f"{at}/zurueckziehen", reason="").status_code == 422
    assert member.submit(f"{at}/zurueckziehen", reason="Falsche Datei").status_code == 303
    assert "Falsche Datei" in member.get(place(topic)).text
    assert member.get(at).status_code == 403
    assert browse(house.secretariat).get(at).content == b"zwei"


def test_a_bad_file_is_told_on_the_same_page(browse, database, house, topic):
    answer = upload(browse, house.member, place(topic), "x.exe", b"MZ", title="Mein Plan")
    assert answer.status_code == 422
    assert "„x.exe“ hat eine Art" in answer.text
    assert "Mein Plan" in answer.text
    assert papers(database) == []


def test_papers_go_with_the_topic_to_its_item_and_come_back(browse, database, house, topic):
    upload(browse, house.member, place(topic), level="public")
    draft(browse, house)
    proposal = proposal_of(database, topic)
    with database.write() as session:
        session.get_one(type(proposal), proposal.id).level = Level.CONFIDENTIAL
    assert accept(browse, house, proposal).status_code == 303
    paper = papers(database)[0]
    assert paper.level is Level.CONFIDENTIAL, "raised to the item's"
    assert rows(database, RegistrationPaper) == []
    item_id = stored(database, topic).item_id
    assert [(one.paper_id, one.item_id) for one in rows(database, AgendaItemPaper)] == [(paper.id, item_id)]
    member = browse(house.member)
    assert member.get(f"{place(topic)}/{paper.id}").status_code == 404, "a draft agenda is nobody else's matter"
    assert "liegen dort beim Tagesordnungspunkt" in words(member.get(f"/anmeldungen/{topic}"))
    with database.write() as session:
        meeting = session.get_one(Meeting, house.meeting.id)
        item = session.get_one(AgendaItem, item_id)
        set_item_aside(session, operator(), meeting, item, RejectIn(reason="später", told="Später."))
    back = rows(database, TopicPaper)
    assert [one.paper_id for one in back] == [paper.id]
    assert papers(database)[0].level is Level.CONFIDENTIAL, "never lowered"
    entry = f"/themenspeicher/{back[0].topic_id}"
    assert "Lageplan" in browse(house.secretariat).get(entry).text
    assert browse(house.chair).get(f"{entry}/unterlagen/{paper.id}").content == b"eins"


def test_a_topic_that_is_not_taken_up_keeps_its_papers_in_the_backlog(browse, database, house, topic):
    upload(browse, house.member, place(topic))
    answer = browse(house.secretariat).submit(f"/anmeldungen/{topic}/ablehnen", reason="voll", told="Kein Platz.")
    assert answer.status_code == 303
    assert (rows(database, RegistrationPaper), len(rows(database, TopicPaper))) == ([], 1)
    assert upload(browse, house.member, place(topic), content=b"x").status_code == 409
    entry = rows(database, Topic)[0]
    answer = browse(house.secretariat).submit(f"/themenspeicher/{entry.id}/tagesordnung", meeting=str(house.meeting.id))
    assert answer.status_code == 303, words(answer)
    assert (len(rows(database, AgendaItemPaper)), rows(database, TopicPaper)) == (1, [])


def test_a_rejected_proposal_takes_the_papers_into_the_backlog(browse, database, house, topic):
    upload(browse, house.member, place(topic))
    draft(browse, house)
    proposal = proposal_of(database, topic)
    path = f"/sitzungen/{proposal.meeting_id}/vorschlaege/{proposal.id}/ablehnen"
    answer = browse(house.secretariat).submit(path, reason="voll", told="Kein Platz.")
    assert answer.status_code == 303, words(answer)
    assert (rows(database, RegistrationPaper), len(rows(database, TopicPaper))) == ([], 1)


def test_papers_may_follow_until_the_last_second_of_the_deadline(browse, database, house, topic):
    with clock.standing_at(LAST):
        assert upload(browse, house.member, place(topic)).status_code == 303
    with clock.standing_at(AFTER):
        answer = upload(browse, house.member, place(topic), "b.txt", b"b")
        assert answer.status_code == 409
        assert "Unterlagenschluss ist vorbei" in answer.text
        page = browse(house.member).get(f"/anmeldungen/{topic}")
        assert "Unterlagenschluss ist vorbei" in page.text
        assert "Unterlagen bearbeiten" not in page.text
        assert upload(browse, house.secretariat, place(topic), "b.txt", b"b").status_code == 303


def test_papers_that_follow_after_planning_lie_at_the_item(browse, database, house, topic):
    draft(browse, house)
    accept(browse, house, proposal_of(database, topic))
    item_id = stored(database, topic).item_id
    secretariat = f"/sitzungen/{house.meeting.id}/unterlagen"
    upload(browse, house.secretariat, secretariat, "Geheimtitel.txt", b"x", owner=str(item_id), title="Geheimtitel")
    before = browse(house.secretariat).get(secretariat).text
    answer = upload(browse, house.member, place(topic))
    assert answer.status_code == 303
    assert [one.item_id for one in rows(database, AgendaItemPaper)] == [item_id, item_id]
    assert "Lageplan" in browse(house.secretariat).get(secretariat).text
    assert "Lageplan" not in before
    again = upload(browse, house.member, place(topic), "Twin.txt", b"x")
    assert again.status_code == 422
    assert "liegt beim Tagesordnungspunkt schon" in again.text
    assert "Geheimtitel" not in again.text
    release(database, house)
    closed = upload(browse, house.member, place(topic), "c.txt", b"c")
    assert closed.status_code == 409
    assert "Tagesordnung ist freigegeben" in closed.text


def test_of_a_cancelled_meeting_the_topic_takes_papers_again_and_keeps_them(browse, database, house, topic):
    draft(browse, house)
    accept(browse, house, proposal_of(database, topic))
    upload(browse, house.member, place(topic))
    with database.write() as session:
        meetings.cancel_meeting(session, operator(), session.get_one(Meeting, house.meeting.id), CancelIn(reason="x"))
    assert upload(browse, house.member, place(topic), "Neu.txt", b"neu").status_code == 303
    assert len(rows(database, RegistrationPaper)) == 1
    draft(browse, house, house.later)
    with database.read() as session:
        carried = [
            one for one in list_proposals(session, operator(), ident(house.later)) if one.carried_from_id is not None
        ]
        mine = next(one for one in carried if one.carried_from_id == stored(database, topic).item_id)
    assert accept(browse, house, mine).status_code == 303
    new_item = stored(database, topic).item_id
    with database.read() as session:
        links = session.exec(select(AgendaItemPaper).where(AgendaItemPaper.item_id == new_item)).all()
        titles = {session.get_one(Paper, one.paper_id).title for one in links}
    assert titles == {"Lageplan", "Neu"}
    assert rows(database, RegistrationPaper) == []


def test_the_secretariat_sees_which_announced_papers_are_missing(browse, database, house, topic):
    page = f"/sitzungen/{house.meeting.id}/unterlagen"
    secretariat, member = browse(house.secretariat), browse(house.member)
    assert "Angekündigt, noch nicht da" in secretariat.get(page).text
    assert f'href="/anmeldungen/{topic}"' in secretariat.get(page).text
    assert "fehlen noch, angekündigt bis 10.04.2026" in words(secretariat.get("/anmeldungen"))
    assert "folgen bis 10.04.2026" in words(member.get("/anmeldungen"))
    assert "fehlen" not in words(member.get("/anmeldungen"))
    assert "Angekündigt, noch nicht da" not in browse(house.chair).get(page).text
    upload(browse, house.member, place(topic))
    assert "Angekündigt, noch nicht da" not in secretariat.get(page).text
    assert "liegen vor" in words(secretariat.get("/anmeldungen"))
    draft(browse, house)
    accept(browse, house, proposal_of(database, topic))
    assert "Angekündigt, noch nicht da" not in secretariat.get(page).text
    assert "liegen vor" not in words(member.get("/anmeldungen"))


def test_the_secretariat_hangs_papers_at_an_entry_of_the_backlog(browse, database, house):
    with database.write() as session:
        wish = TopicIn(body=ident(house.body), title="Wärme", section="beratung", why="später")
        number = ident(add_topic(session, operator(), wish))
    at = f"/themenspeicher/{number}/unterlagen"
    assert upload(browse, house.secretariat, at).status_code == 303
    assert upload(browse, house.chair, at, content=b"x").status_code == 403
    assert upload(browse, house.member, at, content=b"x").status_code == 404
    paper = papers(database)[0]
    assert browse(house.chair).get(f"{at}/{paper.id}").content == b"eins"
    assert browse(house.member).get(f"{at}/{paper.id}").status_code == 404
    browse(house.secretariat).submit(f"/themenspeicher/{number}/erledigen", reason="erledigt")
    assert upload(browse, house.secretariat, at, content=b"y").status_code == 409
