"""The time line on a project's page: drawn and written, with agenda items as each reader may know them."""

import datetime as dt
import re

import pytest
from sqlmodel import select

from app import clock
from app.actions.models import Action, ActionProject, ActionState
from app.agenda.models import Level, Outcome
from app.agenda.schemas.wishes import ItemIn, OutcomeIn, ReleaseIn
from app.agenda.service import items
from app.agenda.service.closing import set_outcome
from app.bodies.models import BodyPeriod
from app.charts import Happening, time_line
from app.db import ident
from app.decisions.models import Decision, DecisionProject, FollowUpState
from app.decisions.schemas import StatusThen, write_statuses
from app.drafting.service.releasing import release_meeting
from app.meetings import service as meetings
from app.minutes.service.closing import close_meeting
from app.papers.models import Paper, PaperVersion
from app.projects.models import Light, LineageKind, Phase, ProjectLineage, ProjectPaper
from tests import factories
from tests.factories import operator
from tests.queries import recorded_queries
from tests.web.heart import add_item, make_house, release, words


@pytest.fixture
def house(database):
    """A meeting of the past with two items about the red project, one of them confidential."""
    house = make_house(database)
    with database.write() as session:
        body = session.get_one(type(house.body), house.body.id)
        past = factories.make_meeting(session, body, dt.date(2026, 1, 13), number=16)
        for title, level in (("Offen besprochen", Level.INTERNAL), ("Geheim besprochen", Level.CONFIDENTIAL)):
            wish = ItemIn(title=title, section="beratung", level=level, projects=[ident(house.red)])
            item = items.add_item(session, operator(), past, wish)
            session.flush()
        release_meeting(session, operator(), past, ReleaseIn())
        meetings.start_meeting(session, operator(), past)
        for item in session.exec(items.queries.readable_items(operator())).all():
            set_outcome(session, operator(), past, item, OutcomeIn(outcome=Outcome.ADJOURNED))
        close_meeting(session, operator(), past)
    house.page = f"/projekte/{house.red.id}"
    return house


def test_the_line_tells_lights_items_and_what_became_of_them(browse, house):
    answer = browse(house.member).get(house.page)
    page = words(answer)
    assert "Ampel: grün ab 30.09.2025 und rot ab 14.02.2026." in page
    assert '<svg class="chart chart-wide" role="img"' in answer.text
    assert re.search(r"16\. Sitzung TOP \d\.\d Offen besprochen vertagt", page)
    assert re.search(r"TOP \d\.\d Geheim besprochen: vertagt", page)
    assert "Seit der letzten Sitzung grün → jetzt rot verschlechtert, gezeigt in der 16. Sitzung am 13.01.2026" in page


def test_who_does_not_read_an_item_does_not_meet_it_here(browse, house):
    page = browse(house.advisory).get(house.page).text
    assert "Offen besprochen" in page
    assert "Geheim" not in page


def heir_of(database, house, **fields):
    """A project in which the red one goes on, over one further step; its page."""
    with database.write() as session:
        between = factories.make_project(session, "2.1", "Zwischenstufe")
        heir = factories.make_project(session, "2.2", "Wasserstoff im Großen", **fields)
        factories.make_status(session, heir, dt.date(2026, 2, 20), Light.YELLOW, phase=Phase.PLANNED)
        for before, after in ((house.red, between), (between, heir)):
            session.add(
                ProjectLineage(
                    from_id=ident(before), to_id=ident(after), kind=LineageKind.CONTINUED, since_on=dt.date(2026, 1, 1)
                )
            )
        return f"/projekte/{heir.id}"


def test_a_successor_shows_what_became_of_its_predecessors_and_they_what_came_after(browse, database, house):
    heir = heir_of(database, house)
    page = words(browse(house.member).get(heir))
    assert re.search(r"16\. Sitzung · Vorgänger 1\.9 Reallabor Wasserstoff TOP \d\.\d Offen besprochen vertagt", page)
    assert "damals grün , heute rot" in page
    assert "Sachstandsmeldung · Vorgänger 1.9 Reallabor Wasserstoff" in page
    assert "Sachstandsmeldung · Nachfolger 2.2 Wasserstoff im Großen gelb in Planung" in words(
        browse(house.member).get(house.page)
    )
    assert "Geheim" not in browse(house.advisory).get(heir).text


def test_a_relative_that_one_may_not_read_is_not_named(browse, database, house):
    heir = heir_of(database, house)
    with database.write() as session:
        foreign = factories.make_period(session, "Fremde Periode")
        session.add(BodyPeriod(body_id=ident(house.body), period_id=ident(factories.make_period(session, "Eigene"))))
        session.get_one(type(house.red), house.red.id).period_id = ident(foreign)
    page = browse(house.member).get(heir).text
    assert "Wasserstoff im Großen" in page
    assert "Reallabor" not in page
    assert "Offen besprochen" not in page


def test_the_line_is_narrowed_to_one_sort_of_entries(browse, house):
    browser = browse(house.member)
    assert f'href="{house.page}?art=sitzungen#was-geschah"' in browser.get(house.page).text
    page = browser.get(f"{house.page}?art=sitzungen").text.split('id="was-geschah"')[1]
    assert "Offen besprochen" in page
    assert "Sachstandsmeldung" not in page
    page = browser.get(f"{house.page}?art=sachstand").text.split('id="was-geschah"')[1].split("Angaben")[0]
    assert "Sachstandsmeldung" in page
    assert "Offen besprochen" not in page
    assert "Davon gibt es zu diesem Projekt nichts." in browser.get(f"{house.page}?art=beschluesse").text
    assert "Sachstandsmeldung" in browser.get(f"{house.page}?art=%27unsinn").text


def test_then_stands_beside_now_at_each_meeting(browse, house):
    page = words(browse(house.member).get(house.page))
    assert re.search(r"Offen besprochen vertagt damals grün , heute rot", page)


def test_papers_of_the_project_and_of_its_items_are_on_the_line(browse, database, house):
    with database.write() as session:
        paper = Paper(title="Machbarkeitsstudie", created_at=clock.now(), changed_at=clock.now())
        secret = Paper(
            title="Geheimes Gutachten", level=Level.CONFIDENTIAL, created_at=clock.now(), changed_at=clock.now()
        )
        for place, one in enumerate((paper, secret)):
            session.add(one)
            session.flush()
            session.add(ProjectPaper(project_id=ident(house.red), paper_id=ident(one), position=place))
            session.add(
                PaperVersion(
                    paper_id=ident(one),
                    version=1,
                    file_key=f"{place:064x}",
                    file_name="studie.pdf",
                    media_type="application/pdf",
                    size=10,
                    uploaded_at=dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC),
                    uploaded_by="Lou Leitung",
                )
            )
    page = words(browse(house.member).get(f"{house.page}?art=unterlagen"))
    assert "01.02.2026 Anlage zum Projekt Machbarkeitsstudie" in page
    assert "Geheimes Gutachten" in page
    assert "Geheimes Gutachten" not in browse(house.advisory).get(house.page).text
    assert "01.02.2026 Anlage zum Projekt Machbarkeitsstudie" in words(browse(house.advisory).get(house.page))


def add_results(database, house, level=Level.INTERNAL):
    """A decision and an action about the red project; the decision froze its status while it was yellow."""
    with database.write() as session:
        key = ident(house.red)
        frozen = StatusThen(key, "1.9", "Reallabor", "", Light.YELLOW, Phase.RUNNING, dt.date(2025, 9, 30))
        decision = Decision(
            body_id=ident(house.body),
            number=f"SKIP 2026/01 {level.value}",
            title=f"Standort {level.value}",
            decided_on=dt.date(2026, 1, 13),
            outcome=Outcome.ADOPTED,
            level=level,
            state=FollowUpState.DELAYED,
            due_on=dt.date(2026, 5, 12),
            statuses=write_statuses([frozen]),
            changed_at=clock.now(),
        )
        office = factories.make_organisation(session, "Industrie- und Handelskammer", "IHK")
        action = Action(
            body_id=ident(house.body),
            number=f"A 2026/001 {level.value}",
            title=f"Eigentümer fragen {level.value}",
            organisation_id=ident(office),
            level=level,
            given_on=dt.date(2026, 1, 13),
            due_on=dt.date(2026, 2, 27),
            changed_at=clock.now(),
        )
        session.add_all([decision, action])
        session.flush()
        session.add(DecisionProject(decision_id=ident(decision), project_id=key))
        session.add(ActionProject(action_id=ident(action), project_id=key))
        return ident(decision), ident(action)


def test_decisions_and_actions_say_what_became_of_them(browse, database, house):
    decision_id, action_id = add_results(database, house)
    answer = browse(house.member).get(house.page)
    page = words(answer)
    assert (
        "13.01.2026 Beschluss SKIP 2026/01 internal Standort internal ungeändert beschlossen "
        "damals gelb , heute rot Beschlusskontrolle: verzögert, Wiedervorlage 12.05.2026"
    ) in page
    assert (
        "Auftrag A 2026/001 internal Eigentümer fragen internal offen IHK, bis 27.02.2026, seit 3 Tagen überfällig"
    ) in page
    assert f'href="/beschluesse/{decision_id}"' in answer.text
    assert f'href="/auftraege/{action_id}"' in answer.text
    assert "27.02.2026 Auftrag fällig A 2026/001 internal" in page
    with database.write() as session:
        done = session.get_one(Action, action_id)
        done.state, done.done_on = ActionState.DONE, dt.date(2026, 3, 1)
        taken = session.get_one(Decision, decision_id)
        taken.state, taken.done_on = FollowUpState.DONE, dt.date(2026, 3, 2)
    page = words(browse(house.member).get(f"{house.page}?art=auftraege"))
    assert "01.03.2026 Auftrag erledigt A 2026/001" in page
    assert "überfällig" not in page.split("Was geschah")[1]
    assert "02.03.2026 Beschluss umgesetzt SKIP 2026/01" in words(browse(house.member).get(house.page))


def test_confidential_results_and_drafts_are_on_the_line_of_their_readers_only(browse, database, house):
    add_results(database, house, Level.CONFIDENTIAL)
    assert "Standort confidential" in browse(house.member).get(house.page).text
    for who in ("advisory", "auditor"):
        page = browse(getattr(house, who)).get(house.page).text
        assert "Standort" not in page
        assert "Eigentümer fragen" not in page
    with database.write() as session:
        for row in (*session.exec(select(Decision)), *session.exec(select(Action))):
            row.number = ""
    for who in ("member", "secretariat"):
        assert "Eigentümer fragen" not in browse(getattr(house, who)).get(house.page).text


def test_results_about_a_predecessor_stand_with_its_successor(browse, database, house):
    heir = heir_of(database, house)
    add_results(database, house)
    page = words(browse(house.member).get(heir))
    assert "Beschluss · Vorgänger 1.9 Reallabor Wasserstoff SKIP 2026/01 internal" in page
    assert "Auftrag · Vorgänger 1.9 Reallabor Wasserstoff A 2026/001 internal" in page


def test_only_what_was_released_is_on_the_line(browse, database, house):
    add_item(database, house, "Erst geplant", projects=[house.red.id])
    for who in ("secretariat", "member"):
        assert "Erst geplant" not in browse(getattr(house, who)).get(house.page).text
    release(database, house)
    assert "Erst geplant" in browse(house.member).get(house.page).text


def test_the_line_takes_as_many_queries_for_many_meetings(browse, database, house):
    def count():
        with recorded_queries(database.connection) as seen:
            browse(house.member).get(house.page)
        return len(seen)

    heir_of(database, house)
    add_results(database, house)
    few = count()
    add_results(database, house, Level.PUBLIC)
    for number in range(3):
        add_item(database, house, f"Punkt {number}", projects=[house.red.id])
    release(database, house)
    assert count() == few


def test_repeated_numbers_show_their_period(browse, database, house):
    with database.write() as session:
        for name in ("MPI 2018–2021", "MPI 2022–2026"):
            period = factories.make_period(session, name)
            factories.make_project(session, "3.3", f"Titel {name}", period_id=ident(period))
    page = words(browse(house.secretariat).get("/projekte"))
    assert "3.3 MPI 2018–2021" in page
    assert "3.3 MPI 2022–2026" in page
    assert "1.9 Reallabor Wasserstoff" in page


def test_a_line_reaches_six_years_back_and_three_ahead():
    today = dt.date(2026, 3, 2)
    far = [Happening("Meilensteine", dt.date(year, 1, 1), "due") for year in (1900, 2025, 2199)]
    chart = time_line(far, ("Ampel", "Meilensteine"), today)
    assert [lane for lane, _ in chart.lanes] == ["Meilensteine"]
    assert len(chart.dots) == 1
    assert 96 <= chart.dots[0].x < chart.today <= chart.width


def test_labels_that_would_lie_over_others_are_left_out():
    today = dt.date(2026, 3, 2)
    near = [Happening("Sitzungen", today - dt.timedelta(days=n), "meeting", f"TOP {n}") for n in (0, 1, 900)]
    assert sorted(dot.label for dot in time_line(near, ("Sitzungen",), today).dots) == ["", "TOP 1", "TOP 900"]
