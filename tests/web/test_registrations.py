"""Topic registration over HTTP: deadline to the second, Eilbedarf, states, what whom is told; the backlog's pages."""

import datetime as dt

import pytest
from sqlmodel import select

from app import clock
from app.actor import Role
from app.agenda.models import AgendaItem, Proposal, ProposalState, Registration, RegistrationState, Topic
from app.bodies import service as bodies
from app.bodies.models import MembershipKind
from app.db import ident
from app.meetings import service as meetings
from app.meetings.schemas import CancelIn
from app.projects.models import ProjectLead
from tests import factories
from tests.queries import recorded_queries
from tests.web.heart import make_house, proposals, release, value_of, words

CLOSES = dt.date(2026, 3, 31)
"""42 days before 12 May 2026."""


@pytest.fixture
def house(database):
    made = make_house(database)
    with database.write() as session:
        meetings.announce_meeting(session, factories.operator(), session.get_one(type(made.meeting), made.meeting.id))
        later = factories.make_meeting(
            session, session.get_one(type(made.body), made.body.id), dt.date(2026, 11, 10), number=19
        )
        meetings.announce_meeting(session, factories.operator(), later)
        made.later = later
        person = factories.make_person(session)
        session.add(ProjectLead(project_id=ident(made.red), person_id=ident(person)))
        made.lead = factories.make_account(session, person=person, name="Lea Leitung")
    return made


def seat_of(database, account):
    from app.access.queries import actor_of

    with database.read() as session:
        return actor_of(session, account).seats[0].seat_id


def fields(database, house, account=None, **given):
    return {
        "body": house.body.id,
        "meeting": house.meeting.id,
        "seat": seat_of(database, account or house.member),
        "title": "Fachkräfte aus dem Ausland",
        "section": "beratung",
        "kind": "",
        "minutes": "15",
        "presenter": "IHK Berlin",
        "occasion": "Die Verfahren dauern zu lange.",
        "proposed_decision": "1. Der Steuerungskreis bittet um einen Bericht.",
        "level": "internal",
        "projects": "1.9",
        "papers_on": "",
        "urgency": "",
        **given,
    }


def register(browse, database, house, account=None, **given):
    """Register a topic; its id."""
    answer = browse(account or house.member).submit(
        "/anmeldungen", **fields(database, house, account or house.member, **given)
    )
    assert answer.status_code == 303, words(answer)
    return int(answer.headers["location"].rpartition("/")[2])


def stored(database, registration_id):
    with database.read() as session:
        return session.get_one(Registration, registration_id)


def draft(browse, house, meeting=None):
    answer = browse(house.secretariat).submit(f"/sitzungen/{(meeting or house.meeting).id}/vorschlaege", as_of="")
    assert answer.status_code == 303


def proposal_of(database, registration_id, meeting=None):
    with database.read() as session:
        statement = select(Proposal).where(Proposal.key == f"registration:{registration_id}")
        rows = session.exec(statement).all()
        return next((row for row in rows if meeting is None or row.meeting_id == meeting.id), None)


def accept(browse, house, proposal):
    path = f"/sitzungen/{proposal.meeting_id}/vorschlaege/{proposal.id}/uebernehmen"
    return browse(house.secretariat).submit(path)


def test_from_registration_to_the_released_agenda(browse, database, house):
    number = register(browse, database, house)
    member = browse(house.member)
    assert "Anmeldung · eingegangen" in words(member.get(f"/anmeldungen/{number}"))
    draft(browse, house)
    proposal = proposal_of(database, number)
    assert (proposal.title, proposal.presenter) == ("Fachkräfte aus dem Ausland", "IHK Berlin")
    assert proposal.occasion == "Die Verfahren dauern zu lange."
    assert proposal.mandatory
    page = browse(house.secretariat).get(f"{house.address}/vorschlaege")
    assert f'href="/anmeldungen/{number}"' in page.text
    assert accept(browse, house, proposal).status_code == 303
    shown = words(member.get(f"/anmeldungen/{number}"))
    assert "Anmeldung · vorgesehen · 18. Sitzung am 12.05.2026" in shown
    assert "TOP" not in shown
    assert "Anmeldung ändern" not in shown
    with database.read() as session:
        item = session.get_one(AgendaItem, stored(database, number).item_id)
        assert (item.minutes, item.presenter) == (15, "IHK Berlin")
    release(database, house)
    assert "vorgesehen · 18. Sitzung am 12.05.2026, TOP 2.1" in words(member.get(f"/anmeldungen/{number}"))


@pytest.mark.parametrize(
    ("day", "seconds", "late"),
    [
        (dt.date(2026, 5, 12), -1, False),
        (dt.date(2026, 5, 12), 0, True),
        (dt.date(2026, 12, 6), -1, False),  # the deadline lies on the Friday before the clocks go back
        (dt.date(2026, 12, 6), 0, True),
    ],
)
def test_the_deadline_ends_at_midnight_in_berlin_to_the_second(browse, database, house, day, seconds, late):
    from app.agenda.queries.registrations import registration_deadline

    with database.write() as session:
        body = session.get_one(type(house.body), house.body.id)
        meeting = house.meeting if day == dt.date(2026, 5, 12) else factories.make_meeting(session, body, day)
        if meeting is not house.meeting:
            meetings.announce_meeting(session, factories.operator(), meeting)
        closes_on = registration_deadline(session, meeting.id)
    midnight = dt.datetime.combine(closes_on + dt.timedelta(days=1), dt.time(), clock.BERLIN)
    with clock.standing_at(midnight + dt.timedelta(seconds=seconds)):
        answer = browse(house.member).submit("/anmeldungen", **fields(database, house, meeting=meeting.id))
    assert answer.status_code == (422 if late else 303)
    if late:
        assert "Bitte begründen Sie den Eilbedarf" in words(answer)
        assert "Die Verfahren dauern zu lange." in answer.text


def test_at_the_change_of_summer_time_the_day_still_ends_at_midnight():
    from app.agenda.rules.registrations import is_late

    spring, autumn = dt.date(2026, 3, 28), dt.date(2026, 10, 24)
    assert not is_late(dt.datetime(2026, 3, 28, 22, 59, 59, tzinfo=dt.UTC), spring)
    assert is_late(dt.datetime(2026, 3, 28, 23, 0, tzinfo=dt.UTC), spring)
    assert not is_late(dt.datetime(2026, 10, 24, 21, 59, 59, tzinfo=dt.UTC), autumn)
    assert is_late(dt.datetime(2026, 10, 24, 22, 0, tzinfo=dt.UTC), autumn)
    assert not is_late(dt.datetime(2026, 10, 25, 22, 59, 59, tzinfo=dt.UTC), dt.date(2026, 10, 25))


@pytest.mark.parametrize("who", ["chair", "secretariat"])
def test_a_late_topic_waits_for_the_next_meeting_until_the_chair_consents(browse, database, house, who):
    with clock.standing_at(dt.datetime(2026, 4, 10, 9, tzinfo=clock.BERLIN)):
        number = register(browse, database, house, urgency="Die Frist des Bundes läuft im Juni ab.")
        draft(browse, house)
        draft(browse, house, house.later)
        assert proposal_of(database, number, house.meeting) is None
        assert proposal_of(database, number, house.later) is not None
        page = words(browse(house.secretariat).get(f"{house.address}/vorschlaege"))
        assert "das Einverständnis des Vorsitzes fehlt: nächste Sitzung" in page
        path = f"/anmeldungen/{number}/einverstaendnis"
        wish = {"consent_by": "Vera Vorsitz", "consent_on": "2026-04-10", "consent_how": "E-Mail"}
        assert browse(house.member).submit(path, **wish).status_code == 403
        assert browse(getattr(house, who)).submit(path, **wish).status_code == 303
        draft(browse, house)
        assert proposal_of(database, number, house.meeting).state is ProposalState.OPEN
        assert accept(browse, house, proposal_of(database, number, house.meeting)).status_code == 303
        refused = accept(browse, house, proposal_of(database, number, house.later))
        assert refused.status_code == 409
        draft(browse, house, house.later)
        assert proposal_of(database, number, house.later).state is ProposalState.VANISHED


def test_consent_does_not_reach_further_than_what_the_chair_was_told(browse, database, house):
    with clock.standing_at(dt.datetime(2026, 4, 10, 9, tzinfo=clock.BERLIN)):
        number = register(browse, database, house, urgency="Die Frist des Bundes läuft im Juni ab.")
        consent = {"consent_by": "Vera Vorsitz", "consent_on": "2026-04-10", "consent_how": "E-Mail"}
        path = f"/anmeldungen/{number}"

        def save(account, **given):
            wish = fields(database, house, urgency="Die Frist des Bundes läuft im Juni ab.", **given)
            wish = {name: value for name, value in wish.items() if name not in ("seat", "body")}
            version = stored(database, number).version
            assert browse(account).submit(path, **{**wish, "version": version}).status_code == 303
            return stored(database, number).consent_by

        browse(house.chair).submit(f"{path}/einverstaendnis", **consent)
        assert save(house.member, minutes="20") == "Vera Vorsitz"
        assert save(house.secretariat, minutes="20", title="Fachkräfte von außerhalb") == "Vera Vorsitz"
        draft(browse, house)
        assert proposal_of(database, number, house.meeting).state is ProposalState.OPEN
        assert save(house.member, minutes="20", title="Etwas ganz anderes") == ""
        drafted = proposal_of(database, number, house.meeting)
        assert drafted.state is ProposalState.VANISHED
        assert accept(browse, house, drafted).status_code == 409
        draft(browse, house)
        assert proposal_of(database, number, house.meeting).state is ProposalState.VANISHED
        browse(house.chair).submit(f"{path}/einverstaendnis", **consent)
        draft(browse, house)
        again = proposal_of(database, number, house.meeting)
        assert (again.state, again.title) == (ProposalState.OPEN, "Etwas ganz anderes")


def test_choosing_a_meeting_after_its_deadline_counts_from_then(browse, database, house):
    number = register(browse, database, house, meeting=house.later.id)
    with clock.standing_at(dt.datetime(2026, 4, 10, 9, tzinfo=clock.BERLIN)):
        version = stored(database, number).version
        wish = fields(database, house) | {"version": version}
        wish.pop("seat"), wish.pop("body")
        answer = browse(house.member).submit(f"/anmeldungen/{number}", **wish)
    assert answer.status_code == 422
    assert "Der Anmeldeschluss war am 31.03.2026" in words(answer)


def test_declining_tells_the_registrant_the_answer_and_keeps_the_reason_inside(browse, database, house):
    number = register(browse, database, house)
    draft(browse, house)
    proposal = proposal_of(database, number)
    path = f"{house.address}/vorschlaege/{proposal.id}/ablehnen"
    silent = browse(house.secretariat).submit(path, reason="Streit mit dem Senat")
    assert silent.status_code == 422
    assert "Bitte schreiben Sie, was die Anmeldenden erfahren." in words(silent)
    assert stored(database, number).state is RegistrationState.RECEIVED
    told = browse(house.secretariat).submit(path, reason="Streit mit dem Senat", told="Erst nach der Klausur.")
    assert told.status_code == 303
    page = words(browse(house.member).get(f"/anmeldungen/{number}"))
    assert "nicht vorgesehen" in page
    assert "Erst nach der Klausur." in page
    assert "Streit" not in page
    with database.read() as session:
        topic = session.exec(select(Topic)).one()
        assert topic.why == "Streit mit dem Senat"
    draft(browse, house, house.later)
    with database.read() as session:
        keys = [row.key for row in session.exec(select(Proposal).where(Proposal.meeting_id == house.later.id))]
    assert f"topic:{topic.id}" in keys
    assert f"registration:{number}" not in keys
    browse(house.secretariat).submit(f"/themenspeicher/{topic.id}/tagesordnung", meeting=house.later.id)
    assert stored(database, number).state is RegistrationState.PLANNED


def test_declining_on_its_own_page(browse, database, house):
    number = register(browse, database, house)
    draft(browse, house)
    path = f"/anmeldungen/{number}/ablehnen"
    assert browse(house.chair).submit(path, reason="x", told="y").status_code == 403
    assert browse(house.member).submit(path, reason="x", told="y").status_code == 403
    assert browse(house.secretariat).submit(path, reason="x", told="").status_code == 422
    assert browse(house.secretariat).submit(path, reason="x", told="Leider nein.").status_code == 303
    assert stored(database, number).state is RegistrationState.DECLINED
    assert proposal_of(database, number).state is ProposalState.REJECTED


def test_the_registrant_changes_and_withdraws_only_while_it_is_received(browse, database, house):
    number = register(browse, database, house)
    draft(browse, house)
    member = browse(house.member)
    version = value_of(member.get(f"/anmeldungen/{number}"), "version")
    wish = fields(database, house, title="Neuer Titel", version=version)
    wish.pop("seat"), wish.pop("body")
    assert member.submit(f"/anmeldungen/{number}", **wish).status_code == 303
    assert proposal_of(database, number).title == "Neuer Titel"
    stale = member.submit(f"/anmeldungen/{number}", **{**wish, "title": "Zu spät"})
    assert stale.status_code == 412
    assert "Zu spät" in stale.text
    assert member.submit(f"/anmeldungen/{number}/zurueckziehen").status_code == 303
    assert proposal_of(database, number).state is ProposalState.VANISHED
    for path in (f"/anmeldungen/{number}", f"/anmeldungen/{number}/zurueckziehen"):
        assert member.submit(path, **{**wish, "version": version}).status_code == 409
    draft(browse, house)
    assert proposal_of(database, number).state is ProposalState.VANISHED


def test_after_a_cancelled_meeting_the_topic_comes_back_once(browse, database, house):
    number = register(browse, database, house)
    draft(browse, house)
    accept(browse, house, proposal_of(database, number))
    with database.write() as session:
        meeting = session.get_one(type(house.meeting), house.meeting.id)
        meetings.cancel_meeting(session, factories.operator(), meeting, CancelIn(reason="Erkrankung"))
    page = words(browse(house.member).get(f"/anmeldungen/{number}"))
    assert "Anmeldung · eingegangen" in page
    assert "kommt für die nächste wieder" in page
    draft(browse, house, house.later)
    with database.read() as session:
        rows = session.exec(select(Proposal).where(Proposal.meeting_id == house.later.id)).all()
    (back,) = [row for row in rows if row.title == "Fachkräfte aus dem Ausland"]
    assert back.key.startswith("item:")
    accept(browse, house, back)
    assert "vorgesehen · 19. Sitzung am 10.11.2026" in words(browse(house.member).get(f"/anmeldungen/{number}"))


def test_joined_and_parted_topics_are_received_again(browse, database, house):
    first, second = register(browse, database, house), register(browse, database, house, title="Zweites", projects="")
    draft(browse, house)
    chosen = [proposal_of(database, one) for one in (first, second)]
    secretariat = browse(house.secretariat)
    ids = [str(one.id) for one in chosen]
    form = secretariat.get(f"{house.address}/vorschlaege/zusammenlegen?vorschlag={ids[0]}&vorschlag={ids[1]}")
    assert "Fachkräfte aus dem Ausland und Zweites" in form.text
    done = secretariat.submit(
        f"{house.address}/vorschlaege/zusammenlegen",
        vorschlag=ids,
        title="Beides",
        section="beratung",
        kind="debate",
        minutes="20",
        level="internal",
    )
    assert done.status_code == 303
    items = {stored(database, one).item_id for one in (first, second)}
    assert len(items) == 1
    page = words(secretariat.get(f"{house.address}/tagesordnung/{items.pop()}"))
    assert "Dieser Punkt wurde aus 2 Vorschlägen zusammengelegt" in page
    item_id = stored(database, first).item_id
    assert secretariat.submit(f"{house.address}/tagesordnung/{item_id}/trennen").status_code == 303
    assert {stored(database, one).state for one in (first, second)} == {RegistrationState.RECEIVED}
    assert proposals(database, house)["Zweites"].state is ProposalState.OPEN


def test_fewer_than_two_cannot_be_joined(browse, house):
    draft(browse, house)
    answer = browse(house.secretariat).get(f"{house.address}/vorschlaege/zusammenlegen")
    assert answer.status_code == 422
    assert "Bitte wählen Sie mindestens zwei offene Vorschläge." in words(answer)
    assert browse(house.chair).get(f"{house.address}/vorschlaege/zusammenlegen").status_code == 403
    assert browse(house.member).get(f"{house.address}/vorschlaege/zusammenlegen").status_code == 404


def test_an_open_proposal_is_edited_on_its_page(browse, database, house):
    draft(browse, house)
    proposal = proposals(database, house)["Reallabor Wasserstoff"]
    path = f"{house.address}/vorschlaege/{proposal.id}"
    secretariat = browse(house.secretariat)
    wish = {
        "version": value_of(secretariat.get(path), "version"),
        "title": "Wasserstoff: wie weiter?",
        "section": "beschlussfassung",
        "kind": "decision",
        "minutes": "25",
        "occasion": "Von Hand.",
        "level": "internal",
    }
    assert secretariat.submit(path, **wish).status_code == 303
    assert "von Hand bearbeitet" in words(secretariat.get(f"{house.address}/vorschlaege"))
    stale = secretariat.submit(path, **{**wish, "title": "Anders"})
    assert stale.status_code == 412
    assert "Anders" in stale.text
    assert secretariat.submit(path, **{**wish, "title": ""}).status_code == 422
    assert browse(house.chair).get(path).status_code == 403


def test_project_leads_register_their_own_projects_and_learn_no_dates(browse, database, house):
    browser = browse(house.lead)
    page = words(browser.get("/anmeldungen/neu"))
    assert "Ihre Projekte: 1.9" in page
    assert "18. Sitzung" not in page
    assert "1.10" not in page
    wish = fields(database, house, projects="1.9")
    wish.pop("seat"), wish.pop("meeting")
    for wrong in ("1.10", ""):
        assert browser.submit("/anmeldungen", **{**wish, "projects": wrong}).status_code == 422
    number = int(browser.submit("/anmeldungen", **wish).headers["location"].rpartition("/")[2])
    assert "Projektleitung Lea Leitung" in words(browser.get(f"/anmeldungen/{number}"))
    draft(browse, house)
    accept(browse, house, proposal_of(database, number))
    shown = words(browser.get(f"/anmeldungen/{number}"))
    assert "vorgesehen" in shown
    assert "12.05.2026" not in shown


def test_an_office_registers_on_behalf_and_the_seat_sees_it(browse, database, house):
    with database.write() as session:
        person = factories.make_person(session)
        seat = session.get_one(factories.Seat, seat_of(database, house.member))
        bodies.fill_seat(session, factories.operator(), seat, person_id=ident(person), kind=MembershipKind.OFFICE)
        office = factories.make_account(session, person=person)
    number = register(browse, database, house, office)
    page = words(browse(house.member).get(f"/anmeldungen/{number}"))
    assert "im Auftrag" in page
    confidential = register(browse, database, house, office, level="confidential", title="Heikles")
    assert browse(house.member).get(f"/anmeldungen/{confidential}").status_code == 200


@pytest.mark.parametrize("who", ["advisory", "auditor", "admin", "stranger", "lead"])
def test_registrations_of_others_are_unknown(browse, database, house, who):
    number = register(browse, database, house)
    browser = browse(getattr(house, who))
    assert browser.get(f"/anmeldungen/{number}").status_code == 404
    for act in ("", "/zurueckziehen", "/ablehnen", "/einverstaendnis"):
        assert browser.submit(f"/anmeldungen/{number}{act}", title="x").status_code == 404
    listed = browser.get("/anmeldungen")
    assert "Fachkräfte" not in listed.text
    assert listed.status_code == (404 if who in ("auditor", "admin") else 200)
    assert stored(database, number).state is RegistrationState.RECEIVED


def test_nobody_registers_for_a_seat_of_others_or_a_hidden_meeting(browse, database, house):
    with database.write() as session:
        body = session.get_one(type(house.body), house.body.id)
        hidden = factories.make_meeting(session, body, dt.date(2027, 2, 9))
    wrong = fields(database, house, seat=seat_of(database, house.chair))
    assert "Bitte wählen Sie einen Sitz" in words(browse(house.member).submit("/anmeldungen", **wrong))
    for meeting in (hidden.id, 999_999):
        answer = browse(house.member).submit("/anmeldungen", **fields(database, house, meeting=meeting))
        assert answer.status_code == 422
        assert "Bitte wählen Sie eine kommende Sitzung." in words(answer)
    with database.read() as session:
        assert session.exec(select(Registration)).all() == []


def test_the_meeting_page_leads_to_the_form_with_its_meeting_chosen(browse, database, house):
    page = browse(house.member).get(house.address)
    assert "Thema anmelden bis 31.03.2026" in words(page)
    form = browse(house.member).get(f"/anmeldungen/neu?gremium={house.body.id}").text
    assert f'<option value="{house.meeting.id}" selected>' in form
    with clock.standing_at(dt.datetime(2026, 4, 1, 0, 30, tzinfo=clock.BERLIN)):
        assert "Thema anmelden bis" not in words(browse(house.member).get(house.address))
        form = browse(house.member).get("/anmeldungen/neu").text
    assert f'<option value="{house.later.id}" selected>' in form
    assert 'href="/anmeldungen"' in browse(house.member).get("/").text
    assert 'href="/anmeldungen"' not in browse(house.auditor).get("/").text


def test_the_list_as_files_and_in_as_many_queries_for_many_rows(browse, database, house):
    browser = browse(house.secretariat)

    def count():
        with recorded_queries(database.connection) as seen:
            assert browser.get("/anmeldungen").status_code == 200
        return len(seen)

    register(browse, database, house)
    few = count()
    for number in range(2):
        register(browse, database, house, title=f"Thema {number}")
    assert count() == few
    assert "Thema 1" in browser.get("/anmeldungen.csv").text
    assert browser.get("/anmeldungen.xlsx").status_code == 200
    assert "Thema 1" not in words(browser.get("/anmeldungen?stand=vorgesehen"))
    assert browser.get("/anmeldungen?stand=quatsch").status_code == 404


# --- the backlog's pages ----------------------------------------------------------------------------------------------


ENTRY = {
    "title": "Abwärme",
    "section": "beratung",
    "why": "Nach der Sommerpause",
    "resume_on": "2026-06-01",
    "level": "internal",
    "occasion": "Bericht der Netze",
    "projects": "1.9",
}


def add_entry(browse, house, **given):
    answer = browse(house.secretariat).submit("/themenspeicher", **{**ENTRY, **given})
    assert answer.status_code == 303, words(answer)
    return int(answer.headers["location"].rpartition("/")[2])


def test_an_entry_shows_all_it_holds_and_is_changed(browse, database, house):
    number = add_entry(browse, house)
    browser, path = browse(house.secretariat), f"/themenspeicher/{number}"
    page = words(browser.get(path))
    for word in ("Abwärme", "Nach der Sommerpause", "01.06.2026", "Bericht der Netze", "1.9 Reallabor Wasserstoff"):
        assert word in page
    assert "Eintrag im Themenspeicher angelegt" in page
    version = value_of(browser.get(path), "version")
    changed = {**ENTRY, "kind": "debate", "minutes": "20", "resume_on": "", "title": "Abwärme neu", "version": version}
    assert browser.submit(path, **changed).status_code == 303
    with database.read() as session:
        topic = session.get_one(Topic, number)
        assert (topic.title, topic.minutes, topic.resume_on) == ("Abwärme neu", 20, None)
    stale = browser.submit(path, **{**changed, "title": "Zu spät"})
    assert stale.status_code == 412
    assert "Zu spät" in stale.text
    fresh = value_of(browser.get(path), "version")
    wrong = browser.submit(path, **{**changed, "projects": "8.8", "resume_on": "2020-01-01", "version": fresh})
    assert wrong.status_code == 422
    chair = browse(house.chair)
    assert "Abwärme neu" in words(chair.get(path))
    assert "Eintrag speichern" not in chair.get(path).text
    assert chair.submit(path, **changed).status_code == 403
    assert browse(house.member).get(path).status_code == 404


def test_an_entry_is_closed_and_opened_again(browse, database, house):
    number = add_entry(browse, house, resume_on="")
    browser, path = browse(house.secretariat), f"/themenspeicher/{number}"
    assert browser.submit(f"{path}/erledigen", reason="").status_code == 422
    assert browser.submit(f"{path}/erledigen", reason="Bilateral geklärt").status_code == 303
    assert "Bilateral geklärt" in words(browser.get(path))
    assert "Abwärme" in words(browser.get("/themenspeicher?stand=erledigt"))
    draft(browse, house)
    assert "Abwärme" not in proposals(database, house)
    assert browser.submit(f"{path}/tagesordnung", meeting=house.meeting.id).status_code == 409
    assert browser.submit(f"{path}/wieder-oeffnen").status_code == 303
    draft(browse, house)
    assert proposals(database, house)["Abwärme"].state is ProposalState.OPEN


def test_what_is_due_comes_as_a_proposal_and_the_filter_shows_it(browse, database, house):
    early, late = add_entry(browse, house, resume_on="2026-05-01"), add_entry(browse, house, title="Hafen")
    draft(browse, house)
    found = proposals(database, house)
    assert found["Abwärme"].key == f"topic:{early}"
    assert found["Abwärme"].occasion == "Bericht der Netze"
    assert "Hafen" not in found
    page = words(browse(house.secretariat).get(f"{house.address}/vorschlaege"))
    assert "Hafen: Wiedervorlage 01.06.2026" in page
    with clock.standing_at(dt.datetime(2026, 5, 2, 9, tzinfo=clock.BERLIN)):
        listed = words(browse(house.secretariat).get("/themenspeicher?stand=faellig"))
    assert "Abwärme" in listed
    assert "Hafen" not in listed
    draft(browse, house, house.later)
    with database.read() as session:
        keys = {row.key for row in session.exec(select(Proposal).where(Proposal.meeting_id == house.later.id))}
    assert {f"topic:{early}", f"topic:{late}"} <= keys


def test_an_entry_goes_straight_onto_an_agenda_and_back_after_cancelling(browse, database, house):
    number = add_entry(browse, house)
    browser, path = browse(house.secretariat), f"/themenspeicher/{number}"
    answer = browser.submit(f"{path}/tagesordnung", meeting=house.meeting.id)
    assert answer.headers["location"].startswith(f"{house.address}#top-")
    assert "auf einer Tagesordnung" in words(browser.get(path))
    assert "18. Sitzung am 12.05.2026" in words(browser.get(path))
    assert browser.submit(f"{path}/tagesordnung", meeting=house.later.id).status_code == 409
    draft(browse, house)
    draft(browse, house, house.later)
    with database.read() as session:
        rows = session.exec(select(Proposal).where(Proposal.title == "Abwärme")).all()
        assert [(row.meeting_id, row.state) for row in rows] == [(house.meeting.id, ProposalState.ACCEPTED)]
    with database.write() as session:
        meeting = session.get_one(type(house.meeting), house.meeting.id)
        meetings.cancel_meeting(session, factories.operator(), meeting, CancelIn(reason="Erkrankung"))
    assert "abgesagt; der Punkt kommt als Vorschlag wieder" in words(browser.get(path))
    draft(browse, house, house.later)
    with database.read() as session:
        rows = session.exec(select(Proposal).where(Proposal.meeting_id == house.later.id)).all()
    assert [row.key.partition(":")[0] for row in rows if row.title == "Abwärme"] == ["item"]


def test_the_list_of_entries_takes_as_many_queries_for_many(browse, database, house):
    browser = browse(house.secretariat)

    def count():
        with recorded_queries(database.connection) as seen:
            browser.get("/themenspeicher")
        return len(seen)

    add_entry(browse, house)
    few = count()
    for number in range(2):
        add_entry(browse, house, title=f"Weiterer {number}")
    assert count() == few


def test_a_secretariat_of_another_body_finds_no_entry(browse, database, house):
    number = add_entry(browse, house)
    with database.write() as session:
        other = factories.make_account(session, Role.SECRETARIAT, factories.make_body(session))
    browser = browse(other)
    for path in ("", "/erledigen", "/wieder-oeffnen", "/tagesordnung"):
        assert browser.submit(f"/themenspeicher/{number}{path}", reason="x").status_code == 404
    assert browse(house.chair).get("/themenspeicher/neu").status_code == 403
    assert browse(house.member).get("/themenspeicher/neu").status_code == 404


def test_backlog_and_registrations_are_one_room_for_those_who_may_see_both(browse, house):
    """The bar has one entry for both, current on either; members see the registrations alone, without tabs."""
    tab = '<nav class="tabs" aria-label="Themen">'
    for address in ("/themenspeicher", "/anmeldungen"):
        page = browse(house.secretariat).get(address).text
        bar = page[page.index('aria-label="Hauptbereiche"') : page.index("</nav>")]
        assert '<a href="/themenspeicher" aria-current="page">' in bar
        assert "/anmeldungen" not in bar
        assert f'<a href="{address}" aria-current="page">' in page[page.index(tab) :]
    assert tab not in browse(house.secretariat).get("/anmeldungen/neu").text
    page = browse(house.member).get("/anmeldungen").text
    assert '<a href="/anmeldungen" aria-current="page">' in page[page.index('aria-label="Hauptbereiche"') :]
    assert tab not in page
