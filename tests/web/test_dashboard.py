"""The overview by role: the next meeting, its deadlines with today, what waits, lights with their change."""

import datetime as dt
import re

import pytest
from sqlmodel import select

from app import clock
from app.actor import Role
from app.agenda.models import AgendaRelease, FrozenStatus, ItemKind, Registration, SectionKey, Topic
from app.agenda.schemas.wishes import ItemIn
from app.agenda.service import items
from app.bodies.models import BodyPeriod, Seat
from app.bodies.queries import lock_body
from app.bodies.rules import RULES
from app.bodies.service import change_rules
from app.circulars.models import Circular, CircularSeat, CircularState
from app.db import ident
from app.decisions.models import Decision, Taking
from app.drafting.service.proposing import draft_agenda
from app.meetings import service as meetings
from app.meetings.models import Meeting, MeetingState, Publication
from app.minutes.models import Minutes, MinutesState, Objection, ObjectionState
from app.people.models import Account
from app.projects.models import Light, Phase, Project, ProjectLead, StatusState
from tests import factories
from tests.factories import operator


@pytest.fixture
def house(database):
    """A held meeting at which one project was red, and the next one; three projects with lights today."""
    with database.write() as session:
        body = factories.make_body(session, "SKIP")
        held = factories.make_meeting(session, body, dt.date(2025, 11, 11), number=16)
        held.state, held.announced_at = MeetingState.HELD, clock.now()
        coming = factories.make_meeting(session, body, dt.date(2026, 4, 14), number=17, place="Louise-Schroeder-Saal")
        projects = [factories.make_project(session, f"1.{n}") for n in (1, 2, 3, 4)]
        for project, light in zip(projects, (Light.RED, Light.RED, Light.YELLOW, None), strict=True):
            factories.make_status(session, project, dt.date(2026, 2, 14), light)
        release = AgendaRelease(meeting_id=ident(held), version=1, as_of=held.starts_at, released_at=clock.now())
        session.add_all([held, release])
        session.flush()
        for project, light in zip(projects, (Light.RED, Light.GREEN, Light.YELLOW, None), strict=True):
            session.add(
                FrozenStatus(
                    release_id=ident(release),
                    project_id=ident(project),
                    light=light,
                    code=project.code,
                    title=project.title,
                )
            )
        lead = factories.make_person(session)
        session.add(ProjectLead(project_id=ident(projects[0]), person_id=ident(lead)))
        return {
            "body": body,
            "meeting": coming,
            "projects": projects,
            "secretariat": factories.make_account(session, Role.SECRETARIAT, body),
            "chair": factories.make_seated(session, body, chair=True),
            "member": factories.make_seated(session, body),
            "auditor": factories.make_account(session, Role.AUDITOR, body),
            "admin": factories.make_account(session, Role.ADMIN),
            "lead": factories.make_account(session, person=lead),
            "nobody": factories.make_account(session),
        }


def text_of(answer):
    """The page's words without tags."""
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text.split("<main", 1)[1].split("</main>")[0]).split())


def test_the_secretariat_sees_the_next_meeting_and_its_deadlines(browse, house):
    answer = browse(house["secretariat"]).get("/")
    words = text_of(answer)
    assert "17. Sitzung (SKIP) tagt am Dienstag, 14. April 2026, 10–12 Uhr, Louise-Schroeder-Saal." in words.replace(
        "Die 17", "17"
    )
    assert "Die Einladung geht bis 31. März 2026 hinaus." in words
    labels = re.findall(r'deadline-label">([^<]*)', answer.text)
    assert labels == [
        "Monitoring-Runde schließt",
        "Heute",
        "Anmeldeschluss",
        "Unterlagenschluss",
        "Versand der Einladung",
        "17. Sitzung",
        "Niederschrift",
    ]
    assert "morgen" in re.findall(r'deadline-note">([^<]*)', answer.text)


def test_what_waits_grows_and_shrinks_with_the_work(browse, database, house):
    browser = browse(house["secretariat"])
    first = text_of(browser.get("/"))
    assert "17. Sitzung ankündigen" in first
    assert "Tagesordnung entwerfen" in first
    assert "Vorschl" not in first.split("Das wartet auf Sie")[1].split("Ampeln heute")[0]
    with database.write() as session:
        meeting = session.get_one(Meeting, house["meeting"].id)
        meetings.announce_meeting(session, operator(), meeting)
        draft_agenda(session, operator(), meeting)
        factories.make_status(
            session, house["projects"][3], dt.date(2026, 3, 1), Light.GREEN, state=StatusState.SUBMITTED
        )
        session.add(
            Topic(
                body_id=ident(house["body"]),
                title="Energiepreise",
                section=SectionKey.DEBATE,
                kind=ItemKind.DEBATE,
                minutes=10,
                why="zu spät",
                resume_on=dt.date(2026, 2, 1),
                created_at=clock.now(),
            )
        )
    second = text_of(browser.get("/"))
    assert "ankündigen" not in second
    assert re.search(r"\d+ Vorschlag prüfen|\d+ Vorschläge prüfen", second)
    assert "Beratung" in second
    assert "Tagesordnung freigeben bis 31.03.2026" in second
    assert f"Sachstand annehmen: 1.4 {house['projects'][3].title} Stand 01.03.2026" in second
    assert "1 Eintrag im Themenspeicher zur Wiedervorlage seit 01.02.2026" in second


def test_a_meeting_that_is_over_waits_to_be_closed(browse, database, house):
    with database.write() as session:
        meeting = factories.make_meeting(session, house["body"], dt.date(2026, 2, 24))
        meeting.state = MeetingState.RELEASED
        session.add(meeting)
    assert "abschließen seit 24.02.2026" in text_of(browse(house["secretariat"]).get("/"))
    assert "abschließen" not in text_of(browse(house["chair"]).get("/"))


def test_lights_are_counted_with_their_change_since_the_last_meeting(browse, house):
    answer = browse(house["secretariat"]).get("/")
    words = text_of(answer)
    assert "2 rot 1 mehr als am 11.11.2025" in words
    assert "1 gelb wie am 11.11.2025" in words
    assert "0 grün 1 weniger als am 11.11.2025" in words
    assert "1 keine Meldung wie am 11.11.2025" in words
    assert 'href="/projekte?ampel=red"' in answer.text


def test_the_hint_says_how_many_meetings_the_year_lacks(browse, database, house):
    hint = "SKIP: In 2026 ist erst 1 von 2 Sitzungen gehalten oder geplant"
    assert hint in text_of(browse(house["secretariat"]).get("/"))
    for who in ("chair", "member", "auditor", "admin"):
        assert "gehalten oder geplant" not in text_of(browse(house[who]).get("/"))
    with database.write() as session:
        factories.make_meeting(session, house["body"], dt.date(2026, 10, 13))
    assert "gehalten oder geplant" not in text_of(browse(house["secretariat"]).get("/"))


def test_members_see_a_meeting_from_its_announcement_on(browse, database, house):
    browser = browse(house["member"])
    assert "Für Sie ist zurzeit keine Sitzung angekündigt." in text_of(browser.get("/"))
    with database.write() as session:
        meetings.announce_meeting(session, operator(), session.get_one(Meeting, house["meeting"].id))
    answer = browser.get("/")
    words = text_of(answer)
    assert "Die Tagesordnung folgt mit der Einladung." in words
    assert "Versand der Einladung" not in words
    assert "Unterlagenschluss" in words
    assert "tagesordnung.pdf" not in answer.text
    assert "Das wartet auf Sie" not in words
    with database.write() as session:
        meeting = session.get_one(Meeting, house["meeting"].id)
        meeting.state = MeetingState.RELEASED
    answer = browser.get("/")
    assert "Die Tagesordnung ist freigegeben." in text_of(answer)
    assert f'href="/sitzungen/{house["meeting"].id}/tagesordnung.pdf"' in answer.text


@pytest.mark.parametrize(
    ("who", "there", "absent"),
    [
        ("chair", ("17. Sitzung", "Ampeln heute"), ("Das wartet auf Sie", "Konten")),
        ("auditor", ("Verlauf: wer hat wann was geändert", "Ampeln heute"), ("17. Sitzung", "Das wartet")),
        ("lead", ("Sie leiten 1 Projekt.",), ("17. Sitzung", "Das wartet")),
        ("admin", ("Konten anlegen und stilllegen",), ("17. Sitzung", "Ampeln heute", "SKIP:")),
        ("nobody", ("Ihrem Konto ist heute kein Sitz",), ("17. Sitzung", "Ampeln heute")),
    ],
)
def test_each_role_gets_something_sensible(browse, house, who, there, absent):
    words = text_of(browse(house[who]).get("/"))
    for one in there:
        assert one in words
    for one in absent:
        assert one not in words


def test_a_lead_counts_own_projects_only(browse, house):
    words = text_of(browse(house["lead"]).get("/"))
    assert "1 rot" in words
    assert not re.search(r"(?<!\d)2 rot", words)


def test_without_a_meeting_the_secretariat_learns_the_next_step(browse, database):
    with database.write() as session:
        account = factories.make_account(session, Role.SECRETARIAT, factories.make_body(session))
    answer = browse(account).get("/")
    assert "Es ist keine Sitzung geplant." in answer.text
    assert 'href="/sitzungen/neu"' in answer.text


def test_a_new_installation_says_where_to_begin(browse, session):
    browser = browse(factories.make_account(session, Role.SECRETARIAT))
    session.commit()
    page = browser.get("/").text
    assert 'href="/gremien/neu"' in page
    assert 'href="/projekte/import"' in page
    factories.make_body(session, "SKIP")
    factories.make_project(session, "1.1")
    session.commit()
    page = browser.get("/").text
    assert 'href="/gremien/neu"' not in page
    assert 'href="/projekte/import"' not in page


def test_nobody_is_led_to_the_sign_in(browse, house):
    assert browse().get("/").headers["location"] == "/anmelden?weiter=%2F"


def test_the_chair_sees_what_is_to_be_decided_and_the_notes(browse, database, house):
    browser = browse(house["chair"])
    assert "Noch steht kein Punkt zur Beschlussfassung" in text_of(browser.get("/"))
    with database.write() as session:
        meeting = session.get_one(Meeting, house["meeting"].id)
        for title, section in (("Ankaufsstrategie", SectionKey.DECISION), ("Nur beraten", SectionKey.DEBATE)):
            item = items.add_item(session, operator(), meeting, ItemIn(title=title, section=section))
            session.flush()
            if section is SectionKey.DECISION:
                address = f"/sitzungen/{meeting.id}/top/{item.id}"
    answer = browser.get("/")
    words = text_of(answer)
    assert f'href="{address}"' in answer.text
    assert "Ankaufsstrategie" in words
    assert "Nur beraten" not in words
    assert f'href="/sitzungen/{house["meeting"].id}/sprechzettel"' in answer.text
    for who in ("member", "secretariat"):
        assert "Zu entscheiden" not in text_of(browse(house[who]).get("/"))


def test_the_changes_are_linked_for_those_who_read_them(browse, database, house):
    address = f'href="/sitzungen/{house["meeting"].id}/veraenderungen"'
    assert address in browse(house["secretariat"]).get("/").text
    assert address in browse(house["chair"]).get("/").text
    with database.write() as session:
        meetings.announce_meeting(session, operator(), session.get_one(Meeting, house["meeting"].id))
    assert address not in browse(house["member"]).get("/").text
    with database.write() as session:
        session.get_one(Meeting, house["meeting"].id).state = MeetingState.RELEASED
    assert address in browse(house["member"]).get("/").text


def test_late_reports_are_counted_since_the_last_meeting(browse, database, house):
    assert "ohne Sachstand seit" not in text_of(browse(house["secretariat"]).get("/"))
    with database.write() as session:
        for number, as_of in ((1, dt.date(2025, 9, 30)), (2, dt.date(2025, 11, 11)), (3, dt.date(2026, 1, 15))):
            project = factories.make_project(session, f"6.{number}")
            factories.make_status(session, project, as_of, Light.GREEN, phase=Phase.RUNNING)
        ended = factories.make_project(session, "6.9")
        factories.make_status(session, ended, dt.date(2025, 9, 30), Light.GREEN, phase=Phase.COMPLETED)
    said = "2 laufende Projekte ohne Sachstand seit der letzten Sitzung seit 11.11.2025"
    assert said in text_of(browse(house["secretariat"]).get("/"))
    assert "ohne Sachstand" not in text_of(browse(house["chair"]).get("/"))


def test_a_lead_sees_own_projects_and_which_report_is_due(browse, database, house):
    browser = browse(house["lead"])
    project = house["projects"][0]
    assert f"1.1 {project.title} rot Stand 14.02.2026" in text_of(browser.get("/"))
    with database.write() as session:
        late = factories.make_project(session, "1.9", "Lange still")
        factories.make_status(session, late, dt.date(2025, 6, 30), Light.GREEN, phase=Phase.RUNNING)
        lead = session.get_one(Account, house["lead"].id)
        session.add(ProjectLead(project_id=ident(late), person_id=lead.person_id))
    answer = browser.get("/")
    assert "1.9 Lange still grün Sachstand melden" in text_of(answer)
    assert f'href="/projekte/{late.id}/status/neu"' in answer.text
    assert house["projects"][1].title not in answer.text


def test_when_a_report_is_due_is_a_rule_of_the_body_that_steers_the_project(browse, database, house):
    browser, project = browse(house["lead"]), house["projects"][0]
    assert f"1.1 {project.title} rot Stand 14.02.2026" in text_of(browser.get("/"))

    def set_days(body, days):
        with database.write() as session:
            locked = lock_body(session, factories.operator(), ident(body))
            change_rules(session, factories.operator(), locked, {"report_days": (days, "Beschluss")}, RULES)

    with database.write() as session:
        stranger = factories.make_body(session)
        session.add(BodyPeriod(body_id=ident(stranger), period_id=ident(factories.make_period(session))))
        session.get_one(Project, project.id).period_id = ident(factories.make_period(session))
    set_days(stranger, "5")
    assert f"1.1 {project.title} rot Stand 14.02.2026" in text_of(browser.get("/"))
    set_days(house["body"], "16")
    assert f"1.1 {project.title} rot Stand 14.02.2026" in text_of(browser.get("/"))
    set_days(house["body"], "15")
    assert f"1.1 {project.title} rot Sachstand melden" in text_of(browser.get("/"))


def test_registered_topics_wait_for_an_answer(browse, database, house):
    assert "Anmeldung" not in text_of(browse(house["secretariat"]).get("/")).split("Das wartet auf Sie")[1]
    with database.write() as session:
        session.add(
            Registration(
                body_id=ident(house["body"]),
                by="IHK Berlin",
                title="Energiepreise",
                section=SectionKey.DEBATE,
                kind=ItemKind.DEBATE,
                registered_at=clock.now(),
                chosen_at=clock.now(),
                changed_at=clock.now(),
            )
        )
    assert "1 Anmeldung prüfen" in text_of(browse(house["secretariat"]).get("/"))
    assert "Anmeldung prüfen" not in text_of(browse(house["chair"]).get("/"))


def test_what_another_body_was_shown_is_not_told_to_its_public(browse, database, house):
    with database.write() as session:
        published = {"meeting_id": ident(house["meeting"]), "version": 1, "published_at": clock.now()}
        session.add(Publication(**published, published_by="Geschäftsstelle"))
        stranger = factories.make_seated(session, factories.make_body(session))
    words = text_of(browse(stranger).get("/"))
    assert "14. April 2026" in words
    assert "2 rot" in words
    assert "11.11.2025" not in words


def minutes_of(session, house, **fields):
    """The minutes of the held meeting of November."""
    held = session.exec(select(Meeting).where(Meeting.number == 16)).one()
    held.entered_afterwards = False
    made = Minutes(meeting_id=ident(held), changed_at=clock.now(), **fields)
    session.add(made)
    session.flush()
    return made


def test_minutes_in_work_wait_for_the_secretariat(browse, database, house):
    with database.write() as session:
        minutes_of(session, house)
        assert not session.exec(select(Minutes).where(Minutes.state == MinutesState.APPROVED)).all()
    browser = browse(house["secretariat"])
    said = text_of(browser.get("/"))
    assert "Niederschrift der 16. Sitzung fertigstellen und zur Prüfung versenden" in said
    assert "Entwurf, Sitzung vom 11.11.2025" in said
    assert "Niederschrift der 16." not in text_of(browse(house["member"]).get("/"))


def test_a_review_waits_for_members_as_long_as_it_lasts_and_objections_for_the_secretariat(browse, database, house):
    with database.write() as session:
        made = minutes_of(
            session, house, state=MinutesState.REVIEW, sent_at=clock.now(), objections_until=dt.date(2026, 3, 2)
        )
        key = ident(made)
    answer = browse(house["member"]).get("/")
    assert "Das wartet auf Sie Niederschrift der 16. Sitzung prüfen bis 02.03.2026" in text_of(answer)
    assert f'href="/sitzungen/{made.meeting_id}/niederschrift"' in answer.text
    assert "Niederschrift der 16. Sitzung prüfen" in text_of(browse(house["chair"]).get("/"))
    for who in ("auditor", "lead", "nobody", "admin"):
        assert "Niederschrift der 16." not in text_of(browse(house[who]).get("/"))
    office = browse(house["secretariat"])
    assert "16. Sitzung ist in Prüfung bis 02.03.2026, heute Keine Einwendung." in text_of(office.get("/"))
    with database.write() as session:
        for one in (ObjectionState.OPEN, ObjectionState.OPEN, ObjectionState.DECLINED):
            session.add(Objection(minutes_id=key, by="IHK", text="Falsch", raised_at=clock.now(), state=one))
    assert "2 Einwendungen zur Niederschrift der 16. Sitzung beantworten" in text_of(office.get("/"))
    with database.write() as session:
        for one in session.exec(select(Objection)):
            one.state = ObjectionState.ACCEPTED
    with clock.standing_at(dt.datetime(2026, 3, 3, 0, 0, tzinfo=clock.BERLIN)):
        assert "prüfen" not in text_of(browse(house["member"]).get("/"))
        said = text_of(browse(house["secretariat"]).get("/"))
    assert "Niederschrift der 16. Sitzung genehmigen lassen Frist endete am 02.03.2026" in said
    with database.write() as session:
        made = session.get_one(Minutes, key)
        made.state, made.approved_on = MinutesState.APPROVED, dt.date(2026, 3, 2)
    assert "Niederschrift der 16." not in text_of(browse(house["secretariat"]).get("/"))


def test_overdue_actions_are_counted_for_their_secretariat(browse, database, house):
    with database.write() as session:
        other = factories.make_body(session)
        for body, due, number in ((house["body"], 1, 1), (house["body"], 2, 2), (other, 1, 3)):
            factories.make_action(session, body, number=f"A {number}", due_on=dt.date(2026, 3, due))
        member = factories.make_seated(session, other)
    assert "1 überfälligen Auftrag nachhalten" in text_of(browse(house["secretariat"]).get("/"))
    for account in (member, house["member"], house["auditor"]):
        assert "nachhalten" not in text_of(browse(account).get("/"))


def test_a_running_circular_shows_its_secretariat_how_many_have_answered(browse, database, house):
    with database.write() as session:
        body_id = ident(house["body"])
        decision = Decision(body_id=body_id, title="Messestand", taking=Taking.CIRCULAR, changed_at=clock.now())
        session.add(decision)
        session.flush()
        circular = Circular(
            body_id=body_id,
            decision_id=ident(decision),
            state=CircularState.RUNNING,
            started_at=clock.now(),
            ends_on=dt.date(2026, 3, 9),
            ends_at=clock.end_of_day(dt.date(2026, 3, 9)),
            changed_at=clock.now(),
        )
        session.add(circular)
        session.flush()
        for seat in session.exec(select(Seat).where(Seat.body_id == body_id)):
            session.add(CircularSeat(circular_id=ident(circular), seat_id=ident(seat)))
        address = f'href="/umlaufverfahren/{circular.id}"'
    answer = browse(house["secretariat"]).get("/")
    assert (
        "Umlaufverfahren „Messestand“ läuft bis 09.03.2026, noch 7 Tage 0 von 2 Sitzen haben geantwortet."
        in text_of(answer)
    )
    assert address in answer.text
    for who in ("auditor", "lead", "member"):
        assert "“ läuft" not in text_of(browse(house[who]).get("/"))
