"""The page of minutes: reading by edition, dispatch, objections, approval, addenda, publishing, files."""

import datetime as dt
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from app import clock
from app.actions.schemas import ActionIn
from app.actions.service.giving import give_action
from app.actor import Role
from app.agenda.models import AgendaItemProject
from app.db import ident
from app.decisions.queries import decisions_of_items
from app.documents.minutes_office import minutes_docx
from app.history.models import Reach
from app.history.service import record
from app.meetings.models import MeetingState
from app.minutes import queries
from app.minutes.models import MinutesState
from app.minutes.schemas.wishes import AddendumIn, AnswerIn, ApproveIn, ObjectionIn
from app.minutes.service.afterwards import add_addendum, publish_minutes
from app.minutes.service.life import approve_minutes, send_for_review
from app.minutes.service.objections import answer_objection, raise_objection
from app.minutes.service.opening import open_minutes
from app.visibility import Level
from tests import factories
from tests.documents.minutes_samples import APPROVED
from tests.factories import operator
from tests.minutes.held import SENT, make_held
from tests.web.heart import words

YES = {"released_by": "Vera Vorsitz", "released_on": "02.03.2026", "released_how": "E-Mail"}


@pytest.fixture
def house(database):
    with database.write() as session:
        held = make_held(session)
        later = factories.make_meeting(session, held.body, dt.date(2026, 6, 9), number=2)
        later.state = MeetingState.HELD
        session.add(later)
        return SimpleNamespace(
            held=held,
            later=ident(later),
            id=ident(held.meeting),
            address=f"/sitzungen/{held.meeting.id}/niederschrift",
            items={level: ident(one) for level, one in held.items.items()},
            secretariat=factories.make_account(session, Role.SECRETARIAT, held.body, name="Katrin Berger"),
            chair=held.accounts["chair"],
            member=held.accounts["member"],
            advisory=factories.make_seated(session, held.body, voting=False),
            stranger=factories.make_account(session),
        )


def post(browser, address, data=None):
    """Send a form and go where it leads."""
    answer = browser.submit(address, **(data or {}))
    return browser.get(answer.headers["location"]) if answer.status_code == 303 else answer


def send(database, house):
    with database.write() as session:
        meeting = session.get_one(type(house.held.meeting), house.id)
        send_for_review(session, operator(), meeting, SENT)


def approve(database, house):
    send(database, house)
    with database.write() as session:
        meeting = session.get_one(type(house.held.meeting), house.id)
        approve_minutes(session, operator(), meeting, ApproveIn(meeting=house.later))


def state(database, house):
    with database.read() as session:
        return queries.find_minutes(session, house.id).state


def test_the_draft_is_for_those_who_read_drafts(browse, house):
    assert "Verlauf internal" in browse(house.secretariat).get(house.address).text
    assert "Verlauf confidential" in browse(house.chair).get(house.address).text
    for account in (house.member, house.advisory, house.stranger):
        assert browse(account).get(house.address).status_code == 404


def test_the_secretariat_sends_with_the_chairs_yes(browse, database, house):
    browser = browse(house.secretariat)
    refused = post(browser, f"{house.address}/versand", data={**YES, "released_by": ""})
    assert refused.status_code == 422
    assert "wer die Niederschrift zum Versand freigegeben hat" in refused.text
    assert 'value="02.03.2026"' in refused.text or "2026-03-02" in refused.text
    done = post(browser, f"{house.address}/versand", data=YES)
    assert "Version 1 ist zur Prüfung versandt" in words(done)
    assert "16. März 2026" in words(browse(house.member).get(house.address))
    assert state(database, house) is MinutesState.REVIEW


def test_members_read_what_was_sent_in_their_edition(browse, database, house):
    send(database, house)
    with database.write() as session:
        note = queries.notes_of_items(session, [house.items[Level.INTERNAL]])[house.items[Level.INTERNAL]]
        note.note = "Nachher berichtigt"
        session.add(note)
    member, advisory = browse(house.member).get(house.address), browse(house.advisory).get(house.address)
    assert "Verlauf confidential" in member.text
    assert "Verlauf internal" in advisory.text
    for hidden in ("Punkt confidential", "Verlauf confidential", "Gast der Geheimsache", "eigener Antrag"):
        assert hidden not in advisory.text
    assert "Nachher berichtigt" not in member.text
    assert "Nachher berichtigt" in browse(house.secretariat).get(f"{house.address}?version=0").text
    assert browse(house.member).get(f"{house.address}?version=0").status_code == 404
    assert browse(house.advisory).get(f"{house.address}?fassung=vollstaendig").status_code == 404
    assert browse(house.stranger).get(house.address).status_code == 404


def test_a_member_objects_and_reads_the_answer(browse, database, house):
    send(database, house)
    browser, office = browse(house.member), browse(house.secretariat)
    empty = post(browser, f"{house.address}/einwendungen", data={"text": "", "item": ""})
    assert empty.status_code == 422
    item = house.items[Level.INTERNAL]
    assert f'value="{item}" selected' in browser.get(f"{house.address}?punkt={item}").text
    told = post(browser, f"{house.address}/einwendungen", data={"text": "Es waren drei.", "item": item})
    assert "Ihre Einwendung ist eingegangen" in words(told)
    with database.read() as session:
        objection = queries.list_objections(session, queries.find_minutes(session, house.id).id)[0]
    answer = f"{house.address}/einwendungen/{objection.id}"
    assert post(browser, answer, data={"state": "accepted"}).status_code == 403
    assert post(browse(house.stranger), answer, data={"state": "accepted"}).status_code == 404
    assert post(office, answer, data={"state": "declined", "version": objection.version}).status_code == 422
    kept = post(office, answer, data={"state": "declined", "answer": "Es waren vier.", "version": objection.version})
    assert "Die Einwendung ist beantwortet." in words(kept)
    assert post(office, answer, data={"state": "accepted", "version": objection.version}).status_code == 412
    page = words(browser.get(house.address))
    assert "nicht übernommen" in page
    assert "Es waren vier." in page


def test_after_the_period_a_member_is_told_so_and_nothing_is_taken(browse, database, house):
    send(database, house)
    with clock.standing_at(dt.datetime(2026, 3, 17, tzinfo=clock.BERLIN)):
        browser = browse(house.member)
        assert "Einwendung erheben" not in words(browser.get(house.address))
        late = post(browser, f"{house.address}/einwendungen", data={"text": "Zu spät."})
    assert late.status_code == 409
    assert "Die Einwendungsfrist ist abgelaufen" in words(late)


def test_approval_from_the_page_of_the_later_meeting_and_the_seal(browse, database, house):
    send(database, house)
    office, member = browse(house.secretariat), browse(house.member)
    assert post(member, f"{house.address}/genehmigung", data={"meeting": house.later}).status_code == 403
    assert post(office, f"{house.address}/genehmigung", data={"meeting": ""}).status_code == 422
    with database.write() as session:
        open_minutes(session, operator(), session.get_one(type(house.held.meeting), house.later))
    assert "In dieser Sitzung zu genehmigen" in words(office.get(f"/sitzungen/{house.later}/niederschrift"))
    told = post(office, f"{house.address}/genehmigung", data={"meeting": house.later})
    assert "Genehmigt am 9. Juni 2026 in der 2. Sitzung" in words(told)
    for act, data in (
        ("versand", YES),
        ("genehmigung", {"meeting": house.later}),
        ("einwendungen", {"text": "x", "by": "y"}),
    ):
        again = post(office, f"{house.address}/{act}", data=data)
        assert again.status_code == 409, act
        assert "genehmigt" in words(again)


def test_addenda_and_publication(browse, database, house):
    approve(database, house)
    office, member, stranger = (browse(one) for one in (house.secretariat, house.member, house.stranger))
    assert post(member, f"{house.address}/nachtraege", data={"text": "x"}).status_code == 403
    assert "Nachtrag 1 ist festgehalten" in words(
        post(office, f"{house.address}/nachtraege", data={"text": "Es muss **vier** heißen.", "level": "internal"})
    )
    page = member.get(house.address)
    assert "<strong>vier</strong>" in page.text
    annex = member.get(f"{house.address}/nachtraege/1.pdf")
    assert annex.content.startswith(b"%PDF")
    assert stranger.get(f"{house.address}/nachtraege/1.pdf").status_code == 404
    post(office, f"{house.address}/veroeffentlichung")
    public = stranger.get(house.address)
    assert "Der Kreis stimmt zu." in public.text
    for hidden in (
        "Punkt internal",
        "Punkt confidential",
        house.member.name,
        "Frau Muster",
        "Nachtrag 1",
        "vollständig",
    ):
        assert hidden not in public.text, hidden
    assert stranger.get(f"{house.address}.pdf").content.startswith(b"%PDF")
    assert stranger.get(f"{house.address}.pdf?fassung=ohne-vertrauliches").status_code == 404
    assert stranger.get(f"{house.address}.pdf?version=1").status_code == 404
    post(office, f"{house.address}/veroeffentlichung/zuruecknehmen", data={"reason": "Fehler"})
    assert stranger.get(house.address).status_code == 404


def test_a_public_decision_is_everybodys_as_long_as_the_public_minutes_are_published(browse, database, house):
    with database.write() as session:
        body = session.get_one(type(house.held.body), house.held.body.id)
        item = session.get_one(type(house.held.items[Level.PUBLIC]), house.items[Level.PUBLIC])
        wish = ActionIn(title="Karte vorlegen", organisation=ident(factories.make_organisation(session)))
        action = give_action(session, operator(), body, wish, item=item)
        assert action.level is Level.PUBLIC
        task = f"/auftraege/{ident(action)}"
        made = decisions_of_items(session, operator(), house.items.values())
        decisions = {level: f"/beschluesse/{made[house.items[level]].id}" for level in Level}
        number = made[house.items[Level.PUBLIC]].number
    office, stranger = browse(house.secretariat), browse(house.stranger)

    def hidden():
        register = words(stranger.get("/beschluesse"))
        assert "Punkt public" not in register
        assert number not in register
        statuses = {stranger.get(address).status_code for address in decisions.values()}
        assert statuses | {stranger.get(f"{decisions[Level.PUBLIC]}/auszug.pdf").status_code} == {404}

    hidden()
    approve(database, house)
    hidden()
    post(office, f"{house.address}/veroeffentlichung")
    register = words(stranger.get("/beschluesse"))
    assert number in register
    assert "Punkt public" in register
    assert "Punkt internal" not in register
    assert "Punkt confidential" not in register
    page = stranger.get(decisions[Level.PUBLIC])
    assert "Der Kreis stimmt zu." in page.text
    assert "Enthaltungen" not in page.text
    assert "Karte vorlegen" not in page.text
    assert stranger.get(f"{decisions[Level.PUBLIC]}/auszug.pdf").content.startswith(b"%PDF")
    for level in (Level.INTERNAL, Level.CONFIDENTIAL):
        assert stranger.get(decisions[level]).status_code == 404
    assert stranger.get(task).status_code == 404
    assert "Karte vorlegen" not in words(stranger.get("/auftraege"))
    post(office, f"{house.address}/veroeffentlichung/zuruecknehmen", data={"reason": "Fehler"})
    hidden()


def test_the_approved_pdf_stays_the_same_bytes_whatever_changes_afterwards(browse, database, house):
    with database.write() as session:
        project = factories.make_project(session, "1.1", "Alter Titel")
        session.add(AgendaItemProject(item_id=house.items[Level.PUBLIC], project_id=ident(project)))
    approve(database, house)
    member = browse(house.member)
    before = member.get(f"{house.address}.pdf")
    page = words(member.get(house.address))
    with database.write() as session:
        session.execute(sa.text("UPDATE project SET title = 'Neuer Titel', title_key = 'neu'"))
        session.execute(sa.text("UPDATE person SET last_name = 'Umbenannt'"))
        session.execute(sa.text("UPDATE organisation_name SET long = 'Umbenannt'"))
        factories.make_status(session, project, dt.date(2026, 3, 2), None)
    after = member.get(f"{house.address}.pdf")
    assert after.content == before.content
    assert after.headers["ETag"] == before.headers["ETag"]
    assert "Alter Titel" in page
    assert "Umbenannt" not in words(member.get(house.address)).replace(house.member.name, "")
    digest = before.headers["ETag"].strip('"')
    assert "Niederschrift" in words(member.get(f"/pruefsumme?hash={digest}"))
    assert "Niederschrift, Version 2" not in words(browse(house.stranger).get(f"/pruefsumme?hash={digest}"))


def test_the_draft_leaves_as_docx_and_with_a_watermark(browse, house):
    office = browse(house.secretariat)
    assert office.get(f"{house.address}.docx").content.startswith(b"PK")
    assert office.get(f"{house.address}.pdf").content.startswith(b"%PDF")
    assert browse(house.member).get(f"{house.address}.docx").status_code == 404
    assert minutes_docx(APPROVED).startswith(b"PK")


def test_who_sat_there_reads_the_minutes_after_the_end_of_the_term(browse, database, house):
    approve(database, house)
    with database.write() as session:
        session.execute(
            sa.text("UPDATE membership SET valid_to = :day WHERE person_id = :person"),
            {"day": dt.date(2026, 3, 1), "person": house.member.person_id},
        )
    page = browse(house.member).get(house.address)
    assert page.status_code == 200
    assert "Verlauf internal" in page.text
    assert "Verlauf confidential" not in page.text


@pytest.mark.parametrize("role", [None, Role.ADMIN])
def test_who_knows_a_meeting_by_its_minutes_alone_is_led_there(browse, database, house, role):
    with database.write() as session:
        reader = factories.make_account(session, role)
    browser, meeting = browse(reader), f"/sitzungen/{house.id}"
    assert browser.get(meeting).status_code == 404
    approve(database, house)
    assert browser.get(meeting).status_code == 404
    post(browse(house.secretariat), f"{house.address}/veroeffentlichung")
    led = browser.get(meeting, follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (303, house.address)
    assert "Der Kreis stimmt zu." in browser.get(house.address).text
    for query in ("fassung=vollstaendig", "version=1", "fassung=oeffentlich"):
        assert browser.get(f"{meeting}?{query}").status_code == 404, query
    agenda = browse(house.member).get(meeting, follow_redirects=False)
    assert agenda.status_code == 200
    post(browse(house.secretariat), f"{house.address}/veroeffentlichung/zuruecknehmen", data={"reason": "Irrtum"})
    assert browser.get(meeting).status_code == 404


def test_the_history_of_the_meeting_tells_of_its_results_as_far_as_the_reader_reaches(browse, database, house):
    send(database, house)
    with database.write() as session:
        meeting = session.get_one(type(house.held.meeting), house.id)
        for level, words_of_it in ((Level.INTERNAL, "Es waren vier."), (Level.CONFIDENTIAL, "Es war Otto Geheim.")):
            wish = ObjectionIn(text=words_of_it, by="Ada Muster", item=house.items[level])
            raised = raise_objection(session, operator(), meeting, wish)
            answer = AnswerIn(state="partly", answer="Nur zur Hälfte")
            answer_objection(session, operator(), meeting, raised, answer)
        decision, body = session.get_one(type(house.held.decision), house.held.decision.id), meeting.body_id
        record(session, operator(), "decision.write", decision, after={"title": "Plan B"}, label="Plan", body_id=body)
        action = factories.make_action(session, house.held.body, item_id=house.items[Level.PUBLIC])
        record(session, operator(), "action.give", action, label="Karte vorlegen", body_id=body)
        elsewhere = factories.make_action(session, house.held.body)
        record(session, operator(), "action.give", elsewhere, label="Anderes vorlegen", body_id=body)
        note = queries.note_to_keep(session, house.items[Level.PUBLIC])
        draft = {"label": "Verlauf", "body_id": body, "reach": Reach.DRAFT}
        record(session, operator(), "minutes.note", note, after={"note": "Wer was sagte"}, **draft)
        approve_minutes(session, operator(), meeting, ApproveIn(meeting=house.later))
        add_addendum(session, operator(), meeting, AddendumIn(text="Es muss fünf heißen."))
        publish_minutes(session, operator(), meeting)
        auditor = factories.make_account(session, Role.AUDITOR, house.held.body)
    address = f"/sitzungen/{house.id}/verlauf"
    office, revision = (words(browse(one).get(address)) for one in (house.secretariat, auditor))
    for told in (
        "Niederschrift zur Prüfung versandt",
        "Es waren vier.",
        "teilweise übernommen",
        "Niederschrift genehmigt",
        "Es muss fünf heißen.",
        "Niederschrift veröffentlicht",
        "Plan B",
        "Karte vorlegen",
    ):
        assert told in office, told
        assert told in revision, told
    for kept in ("Es war Otto Geheim.", "Wer was sagte"):
        assert kept in office, kept
        assert kept not in revision, kept
    assert "Anderes vorlegen" not in office
    assert browse(house.member).get(address).status_code == 404
