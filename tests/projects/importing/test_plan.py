"""The comparison of a file with what is known: every rule of interface §4, and what happens the second time."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import text
from app.importing.planned import Change, Outcome
from app.projects.importing.planned import ImportPlan
from app.projects.importing.report import report_lines
from app.projects.importing.state import (
    ExistingMilestone,
    ExistingName,
    ExistingPeriod,
    ExistingProject,
    ExistingStatus,
    State,
    StatusValues,
)
from app.projects.models import Light, NeedEnd, Phase
from app.projects.rules.needs import Closing, Telling, needs_from
from app.projects.rules.words import LIGHTS, PHASES
from tests.projects.importing.files import TODAY, checked
from tests.projects.importing.memory import Memory

SEPTEMBER, DECEMBER, FEBRUARY = dt.date(2025, 9, 30), dt.date(2025, 12, 15), dt.date(2026, 2, 14)
OLD_PLAN = ExistingPeriod(1, "2018–2021", dt.date(2018, 1, 1), dt.date(2021, 12, 31))
NEW_PLAN = ExistingPeriod(2, "2022–2026", dt.date(2022, 1, 1), dt.date(2026, 12, 31))


def day(number: int) -> dt.date:
    return dt.date(2025, 1, 1) + dt.timedelta(days=number)


def outcomes(plan: ImportPlan) -> dict[str, Outcome]:
    return {project.code: project.outcome for project in plan.projects}


def changes(plan: ImportPlan) -> dict[str, tuple[str, str]]:
    """Everything that changes about the one project of a plan."""
    (project,) = plan.projects
    parts = [*project.changes]
    parts += [change for status in project.statuses for change in status.changes]
    parts += [change for milestone in project.milestones for change in milestone.changes]
    return {change.label: (change.before, change.after) for change in parts}


FULL = (
    "Projektnummer;Titel;Planperiode;Handlungsfeld;Themencluster;Federführung;Partner;Beginn;Ende;Phase;Stand;Ampel;"
    "Ampel Termine;Ampel Kosten;Ampel Inhalt;Fortschritt;Bericht;Nächste Schritte;Risiken;Entscheidungsbedarf;"
    "Meilenstein;Meilenstein fällig;Meilenstein erledigt",
    "3.2;Ankauf von Flächen;2022–2026;Rahmen|Wissen;Flächen;SenWi;IHK|HWK;01.01.2023;31.12.2026;in Umsetzung;"
    "30.09.2025;gelb;gelb;grün;grün;40;Läuft an.;Vertrag;Preise;;Vertrag unterzeichnet;01.03.2026;",
)


def test_a_new_project_brings_everything_it_names() -> None:
    memory = Memory()
    plan = memory.take(*FULL)
    assert plan.summary == "neu 1, geändert 0, berichtigt 0, unverändert 0"
    assert [(period.name, period.starts_on, period.ends_on) for period in plan.periods] == [
        ("2022–2026", dt.date(2022, 1, 1), dt.date(2026, 12, 31))
    ]
    assert [each.name for each in plan.fields] == ["Rahmen", "Wissen"]
    assert [each.name for each in plan.clusters] == ["Flächen"]
    assert [each.name for each in plan.organisations] == ["SenWi", "IHK", "HWK"]
    project = memory.project("3.2")
    assert (project.starts_on, project.ends_on) == (dt.date(2023, 1, 1), dt.date(2026, 12, 31))
    assert dict(project.ends) == {SEPTEMBER: dt.date(2026, 12, 31)}
    assert project.stated_on == SEPTEMBER
    (status,) = project.statuses
    assert status.on == SEPTEMBER
    assert status.values == StatusValues(
        light=Light.YELLOW,
        light_schedule=Light.YELLOW,
        light_cost=Light.GREEN,
        light_content=Light.GREEN,
        phase=Phase.RUNNING,
        progress=40,
        summary="Läuft an.",
        next_steps="Vertrag",
        risks="Preise",
        decision_need="",
    )
    (milestone,) = project.milestones
    assert (milestone.title, dict(milestone.dates), milestone.done_on) == (
        "Vertrag unterzeichnet", {SEPTEMBER: dt.date(2026, 3, 1)}, None,
    )  # fmt: skip


def test_the_same_file_twice_changes_nothing() -> None:
    memory = Memory()
    memory.take(*FULL)
    before = memory.state
    plan = memory.take(*FULL)
    assert plan.summary == "neu 0, geändert 0, berichtigt 0, unverändert 1"
    assert memory.state == before
    assert (plan.periods, plan.fields, plan.clusters, plan.organisations) == ((), (), (), ())


def test_names_in_other_spelling_are_the_same_things() -> None:
    memory = Memory()
    memory.take(*FULL)
    other = FULL[1]
    for name, spelling in (("2022–2026", "2022 - 2026"), ("SenWi", "SENWI"), ("Rahmen|Wissen", "rahmen|wissen")):
        other = other.replace(name, spelling)
    assert memory.plan(FULL[0], other).summary.endswith("unverändert 1")
    swapped = FULL[1].replace("IHK|HWK", "HWK|IHK")
    assert memory.plan(FULL[0], swapped).summary.endswith("unverändert 1")


def test_a_newer_stand_changes_field_by_field() -> None:
    memory = Memory()
    memory.take(*FULL)
    newer = (
        "3.2;Ankauf und Tausch;2022–2026;Wissen|Rahmen;;BIM;IHK;01.01.2023;30.06.2027;ruhend;14.02.2026;rot;rot;grün;;"
        "55;Stockt.;;Preise;Rahmen 2027;Vertrag unterzeichnet;01.06.2026;"
    )
    plan = memory.take(FULL[0], newer)
    assert plan.summary == "neu 0, geändert 1, berichtigt 0, unverändert 0"
    assert changes(plan) == {
        "Titel": ("Ankauf von Flächen", "Ankauf und Tausch"),
        "Handlungsfeld": ("Rahmen | Wissen", "Wissen | Rahmen"),
        "Themencluster": ("Flächen", ""),
        "Federführung": ("SenWi", "BIM"),
        "Partner": ("IHK | HWK", "IHK"),
        "Ende": ("31.12.2026", "30.06.2027"),
        "Phase": ("in Umsetzung", "ruhend"),
        "Ampel": ("gelb", "rot"),
        "Ampel Termine": ("gelb", "rot"),
        "Ampel Kosten": ("grün", "grün"),
        "Fortschritt": ("40", "55"),
        "Bericht": ("", "Stockt."),
        "Risiken": ("", "Preise"),
        "Entscheidungsbedarf": ("", "Rahmen 2027"),
        "Meilenstein fällig „Vertrag unterzeichnet“ (Stand 14.02.2026)": ("01.03.2026", "01.06.2026"),
    }
    project = memory.project("3.2")
    assert dict(project.ends) == {SEPTEMBER: dt.date(2026, 12, 31), FEBRUARY: dt.date(2027, 6, 30)}
    assert dict(project.milestones[0].dates) == {SEPTEMBER: dt.date(2026, 3, 1), FEBRUARY: dt.date(2026, 6, 1)}
    assert project.statuses[-1].values.decision_need == "Rahmen 2027"
    assert memory.plan(*FULL).summary.endswith("unverändert 1")
    assert memory.plan(FULL[0], newer).summary.endswith("unverändert 1")


def test_an_absent_column_changes_nothing_and_an_empty_cell_clears() -> None:
    memory = Memory()
    memory.take(*FULL)
    assert memory.plan("Projektnummer;Titel", "3.2;Ankauf von Flächen").summary.endswith("unverändert 1")
    plan = memory.take(
        "Projektnummer;Titel;Stand;Handlungsfeld;Themencluster;Federführung;Partner;Beginn;Ende",
        "3.2;Ankauf von Flächen;14.02.2026;;;;;;",
    )
    assert changes(plan) == {
        "Handlungsfeld": ("Rahmen | Wissen", ""),
        "Themencluster": ("Flächen", ""),
        "Federführung": ("SenWi", ""),
        "Partner": ("IHK | HWK", ""),
        "Beginn": ("01.01.2023", ""),
        "Ende": ("31.12.2026", ""),
    }
    project = memory.project("3.2")
    assert (project.field_id, project.lead_id, project.partner_ids, project.ends_on) == (None, None, (), None)
    assert project.ends[FEBRUARY] is None
    assert len(project.statuses) == 1


HEAD = "Projektnummer;Titel;Stand;Ampel;Bericht"


def test_an_old_stand_never_overwrites_newer_fields_but_its_status_is_kept() -> None:
    memory = Memory()
    memory.take(f"{HEAD};Federführung", "1;Neu;14.02.2026;rot;jetzt;BIM")
    plan = memory.take(f"{HEAD};Federführung", "1;Alt;30.09.2025;grün;damals;SenWi")
    assert outcomes(plan) == {"1": Outcome.CHANGED}
    assert plan.organisations == ()
    assert plan.projects[0].kept == ("Titel", "Federführung")
    project = memory.project("1")
    assert project.title == "Neu"
    assert [(status.on, status.values.light) for status in project.statuses] == [
        (SEPTEMBER, Light.GREEN),
        (FEBRUARY, Light.RED),
    ]
    again = memory.plan(f"{HEAD};Federführung", "1;Alt;30.09.2025;grün;damals;SenWi")
    assert outcomes(again) == {"1": Outcome.UNCHANGED}
    assert "ein neuerer Stand bekannt ist: 1" in "\n".join(report_lines(again))


def test_fields_entered_by_hand_after_the_stand_stay() -> None:
    known = ExistingProject(5, None, "1", "Von Hand", stated_on=dt.date(2026, 3, 1))
    plan = Memory(State(TODAY, projects=(known,))).plan(HEAD, "1;Aus der Datei;14.02.2026;rot;x")
    assert plan.projects[0].values is None
    assert plan.projects[0].kept == ("Titel",)
    assert len(plan.projects[0].statuses) == 1


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_both_files_in_any_order_give_the_same(order: tuple[int, int]) -> None:
    columns = f"{HEAD};Ende;Meilenstein;Meilenstein fällig;Meilenstein erledigt;Entscheidungsbedarf"
    files = (
        (columns, "1;Eins;30.09.2025;grün;a;31.12.2026;M;01.02.2026;;Rahmen"),
        (columns, "1;Eins neu;14.02.2026;rot;b;30.06.2027;M;01.05.2026;10.02.2026;Rahmen"),
    )
    memory = Memory()
    for place in order:
        memory.take(*files[place])
    project = memory.project("1")
    assert (project.title, project.ends_on) == ("Eins neu", dt.date(2027, 6, 30))
    assert dict(project.ends) == {SEPTEMBER: dt.date(2026, 12, 31), FEBRUARY: dt.date(2027, 6, 30)}
    (milestone,) = project.milestones
    assert dict(milestone.dates) == {SEPTEMBER: dt.date(2026, 2, 1), FEBRUARY: dt.date(2026, 5, 1)}
    assert milestone.done_on == dt.date(2026, 2, 10)
    assert needs_of(memory) == [("Rahmen", SEPTEMBER, None)]
    for file in files:
        assert memory.plan(*file).summary == "neu 0, geändert 0, berichtigt 0, unverändert 1"


def test_the_same_stand_with_other_values_is_a_correction_listed_apart() -> None:
    memory = Memory()
    memory.take(HEAD, "1;Eins;14.02.2026;gelb;alt", "2;Zwei;14.02.2026;grün;gut")
    stored = memory.project("1").statuses[0].id
    plan = memory.take(HEAD, "1;Eins anders;14.02.2026;rot;alt", "2;Zwei;14.02.2026;grün;gut")
    assert plan.summary == "neu 0, geändert 0, berichtigt 1, unverändert 1"
    (status,) = plan.of(Outcome.CORRECTED)[0].statuses
    assert status.corrects_id == stored
    assert status.changes == (Change("Ampel", "gelb", "rot"),)
    assert memory.project("1").title == "Eins anders"
    assert [line.strip() for line in report_lines(plan)] == [
        "Berichtigt:",
        "1 Eins anders",
        "Titel: Eins → Eins anders",
        "Stand 14.02.2026 berichtigt",
        "Ampel: gelb → rot",
        "neu 0, geändert 0, berichtigt 1, unverändert 1",
    ]


def test_an_absent_column_leaves_a_status_alone_and_an_empty_cell_corrects_it() -> None:
    memory = Memory()
    memory.take(f"{HEAD};Risiken", "1;Eins;14.02.2026;gelb;alt;Preise")
    assert memory.plan(HEAD, "1;Eins;14.02.2026;gelb;alt").summary.endswith("unverändert 1")
    plan = memory.plan(f"{HEAD};Risiken", "1;Eins;14.02.2026;gelb;alt;")
    assert plan.summary == "neu 0, geändert 0, berichtigt 1, unverändert 0"
    assert changes(plan) == {"Risiken": ("Preise", "")}


def test_an_empty_light_brings_no_new_one() -> None:
    memory = Memory()
    memory.take(HEAD, "1;Eins;30.09.2025;rot;alt")
    memory.take(HEAD, "1;Eins;14.02.2026;;neuer Bericht")
    assert memory.project("1").statuses[1].values.light is None
    plan = memory.take(HEAD, "1;Eins;30.09.2025;;anderer Bericht")
    assert changes(plan) == {"Bericht": ("alt", "anderer Bericht")}
    assert memory.project("1").statuses[0].values.light is Light.RED


def test_a_row_without_any_status_reports_none() -> None:
    memory = Memory()
    plan = memory.take(f"{HEAD};Phase;Entscheidungsbedarf", "1;Eins;14.02.2026;;;;")
    assert plan.projects[0].statuses == ()
    assert memory.project("1").statuses == ()


def test_several_stands_in_one_file_are_several_statuses_and_the_newest_names_the_fields() -> None:
    memory = Memory()
    memory.take(
        f"{HEAD};Ende",
        "1;Heute;14.02.2026;rot;b;30.06.2027",
        "1;Damals;30.09.2025;grün;a;31.12.2026",
    )
    project = memory.project("1")
    assert project.title == "Heute"
    assert [status.values.light for status in project.statuses] == [Light.GREEN, Light.RED]
    assert dict(project.ends) == {SEPTEMBER: dt.date(2026, 12, 31), FEBRUARY: dt.date(2027, 6, 30)}


MILESTONES = f"{HEAD};Federführung;Meilenstein;Meilenstein fällig;Meilenstein erledigt"


def test_equal_rows_of_one_stand_are_one_status_with_several_milestones() -> None:
    memory = Memory()
    plan = memory.take(
        MILESTONES,
        "1;Eins;14.02.2026;rot;x;BIM;A;01.03.2026;",
        "1;Eins;14.02.2026;rot;x;BIM;B;01.04.2026;10.02.2026",
        "1;Eins;14.02.2026;;;;C;;",
    )
    assert plan.summary == "neu 1, geändert 0, berichtigt 0, unverändert 0"
    project = memory.project("1")
    assert len(project.statuses) == 1
    assert [(each.title, each.dates.get(FEBRUARY), each.done_on) for each in project.milestones] == [
        ("A", dt.date(2026, 3, 1), None),
        ("B", dt.date(2026, 4, 1), dt.date(2026, 2, 10)),
        ("C", None, None),
    ]  # fmt: skip
    assert project.lead_id is not None


@pytest.mark.parametrize(
    ("second", "column", "value"),
    [
        ("1;Eins;14.02.2026;gelb;x;BIM;B;;", "Ampel", "gelb"),
        ("1;Eins;14.02.2026;;x;BIM;B;;", "Ampel", ""),
        ("1;Eins;14.02.2026;rot;y;BIM;B;;", "Bericht", "y"),
        ("1;Zwei;14.02.2026;rot;x;BIM;B;;", "Titel", "Zwei"),
        ("1;Zwei;14.02.2026;;;;B;;", "Titel", "Zwei"),
        ("1;Eins;14.02.2026;rot;x;;B;;", "Federführung", ""),
        ("1;Eins;14.02.2026;;;IHK;B;;", "Federführung", "IHK"),
        ("1;Eins;14.02.2026;rot;x;BIM;A;02.03.2026;", "Meilenstein fällig", "02.03.2026"),
        ("1;Eins;14.02.2026;rot;x;BIM;a;01.03.2026;10.02.2026", "Meilenstein erledigt", "10.02.2026"),
    ],
)
def test_unequal_rows_of_one_stand_are_an_error_that_names_both(second: str, column: str, value: str) -> None:
    plan = Memory().plan(MILESTONES, "1;Eins;14.02.2026;rot;x;BIM;A;01.03.2026;", second)
    assert [(error.line, error.column, error.value) for error in plan.errors] == [(3, column, value)]
    assert "Zeile 2" in plan.errors[0].expected


def test_errors_of_cells_and_between_rows_come_together() -> None:
    plan = Memory().plan(HEAD, "1;Eins;14.02.2026;rot;x", "1;Eins;14.02.2026;gelb;x", "2;Zwei;14.02.2026;lila;x")
    assert [(error.line, error.column) for error in plan.errors] == [(3, "Ampel"), (4, "Ampel")]
    assert list(report_lines(plan))[-1] == "Nichts wurde übernommen: 2 Fehler."


def test_a_row_without_stand_joins_the_dated_row_of_its_project() -> None:
    memory = Memory()
    memory.take(MILESTONES, "1;Eins;14.02.2026;rot;x;BIM;A;01.03.2026;", "1;Eins;;;;;B;01.04.2026;")
    project = memory.project("1")
    assert project.stated_on == FEBRUARY
    assert [set(milestone.dates) for milestone in project.milestones] == [{FEBRUARY}, {FEBRUARY}]


def test_without_any_stand_the_fields_are_as_of_today() -> None:
    memory = Memory()
    memory.take("Projektnummer;Titel;Ende", "1;Eins;31.12.2026")
    assert memory.project("1").stated_on == TODAY
    memory.state = replace(memory.state, today=TODAY + dt.timedelta(days=1))
    before = memory.state
    assert memory.take("Projektnummer;Titel;Ende", "1;Eins;31.12.2026").summary.endswith("unverändert 1")
    assert memory.state == before


# --- decision needs

NEEDS = f"{HEAD};Entscheidungsbedarf"


def needs_of(memory: Memory) -> list[tuple[str, dt.date, dt.date | None]]:
    """The decision needs that follow from the statuses of project 1."""
    project = memory.project("1")
    told = [Telling(status.on, status.values.decision_need) for status in project.statuses]
    return [(need.words, need.opened_on, need.closed_on) for need in needs_from(told, project.closings)]


def test_a_need_opens_stays_and_is_withdrawn_by_an_empty_cell() -> None:
    memory = Memory()
    memory.take(NEEDS, "1;Eins;30.09.2025;rot;a;Rahmen 2027")
    memory.take(NEEDS, "1;Eins;15.12.2025;rot;b;Rahmen 2027")
    assert needs_of(memory) == [("Rahmen 2027", SEPTEMBER, None)]
    memory.take(NEEDS, "1;Eins;14.02.2026;rot;c;")
    assert needs_of(memory) == [("Rahmen 2027", SEPTEMBER, FEBRUARY)]


def test_an_absent_column_leaves_a_need_open() -> None:
    memory = Memory()
    memory.take(NEEDS, "1;Eins;30.09.2025;rot;a;Rahmen")
    memory.take(HEAD, "1;Eins;14.02.2026;gelb;b")
    assert needs_of(memory) == [("Rahmen", SEPTEMBER, None)]


def test_a_silent_status_is_corrected_only_where_a_need_is_open() -> None:
    memory = Memory()
    memory.take(HEAD, "1;Eins;15.12.2025;gelb;b")
    assert memory.plan(NEEDS, "1;Eins;15.12.2025;gelb;b;").summary.endswith("unverändert 1")
    memory.take(NEEDS, "1;Eins;30.09.2025;rot;a;Rahmen")
    plan = memory.take(NEEDS, "1;Eins;15.12.2025;gelb;b;")
    assert outcomes(plan) == {"1": Outcome.CORRECTED}
    assert needs_of(memory) == [("Rahmen", SEPTEMBER, DECEMBER)]


def test_a_need_is_withdrawn_by_a_column_of_its_own() -> None:
    memory = Memory()
    memory.take(NEEDS, "1;Eins;30.09.2025;rot;a;Rahmen")
    memory.take(NEEDS, "1;Eins;14.02.2026;;;")
    assert needs_of(memory) == [("Rahmen", SEPTEMBER, None)]
    alone = ("Projektnummer;Titel;Stand;Entscheidungsbedarf", "1;Eins;14.02.2026;")
    plan = memory.take(*alone)
    assert outcomes(plan) == {"1": Outcome.CHANGED}
    assert needs_of(memory) == [("Rahmen", SEPTEMBER, FEBRUARY)]
    assert memory.plan(*alone).summary.endswith("unverändert 1")


def test_a_need_that_was_decided_is_not_withdrawn_again() -> None:
    status = ExistingStatus(3, SEPTEMBER, StatusValues(Light.RED, summary="a", decision_need="Rahmen"))
    closing = Closing(DECEMBER, NeedEnd.DECIDED, words="Rahmen")
    project = ExistingProject(5, None, "1", "Eins", statuses=(status,), closings=(closing,))
    memory = Memory(State(TODAY, projects=(project,)))
    plan = memory.plan("Projektnummer;Titel;Stand;Entscheidungsbedarf", "1;Eins;14.02.2026;")
    assert outcomes(plan) == {"1": Outcome.UNCHANGED}


def test_a_correction_takes_its_need_back() -> None:
    memory = Memory()
    memory.take(NEEDS, "1;Eins;14.02.2026;rot;a;Rahmen")
    plan = memory.take(NEEDS, "1;Eins;14.02.2026;rot;a;")
    assert outcomes(plan) == {"1": Outcome.CORRECTED}
    assert needs_of(memory) == []


# --- milestones and ends over time


def test_a_stand_in_between_told_later_does_not_change_the_present() -> None:
    columns = "Projektnummer;Titel;Stand;Ende;Meilenstein;Meilenstein fällig;Meilenstein erledigt"
    files = {
        SEPTEMBER: (columns, "1;Eins;30.09.2025;31.12.2026;M;01.03.2026;"),
        FEBRUARY: (columns, "1;Eins;14.02.2026;31.12.2026;M;01.03.2026;01.02.2026"),
        DECEMBER: (columns, "1;Eins;15.12.2025;30.06.2027;M;01.06.2026;"),
    }
    memory = Memory()
    plans = [memory.take(*file) for file in files.values()]
    assert [plan.projects[0].outcome for plan in plans] == [Outcome.NEW, Outcome.CHANGED, Outcome.CHANGED]
    project = memory.project("1")
    assert project.ends_on == dt.date(2026, 12, 31)
    assert project.ends[FEBRUARY] == project.ends_on
    assert project.milestones[0].dates[FEBRUARY] == dt.date(2026, 3, 1)
    assert project.milestones[0].done_on == dt.date(2026, 2, 1)
    for file in files.values():
        assert memory.plan(*file).summary.endswith("unverändert 1")


def test_a_date_told_again_is_no_news() -> None:
    columns = "Projektnummer;Titel;Stand;Ende;Meilenstein;Meilenstein fällig"
    memory = Memory()
    memory.take(columns, "1;Eins;30.09.2025;31.12.2026;M;01.03.2026")
    plan = memory.take(columns, "1;Eins;14.02.2026;31.12.2026;M;01.03.2026")
    assert outcomes(plan) == {"1": Outcome.UNCHANGED}


def test_an_old_end_is_not_told_where_nothing_newer_was() -> None:
    known = ExistingProject(5, None, "1", "Eins", stated_on=FEBRUARY)
    plan = Memory(State(TODAY, projects=(known,))).plan(
        "Projektnummer;Titel;Stand;Ende", "1;Eins;30.09.2025;31.12.2026"
    )
    assert dict(plan.projects[0].ends) == {}
    assert plan.projects[0].outcome is Outcome.UNCHANGED


def test_an_empty_cell_clears_the_dates_of_a_milestone() -> None:
    columns = "Projektnummer;Titel;Stand;Meilenstein;Meilenstein fällig;Meilenstein erledigt"
    milestone = ExistingMilestone(9, "M", SEPTEMBER, {SEPTEMBER: dt.date(2026, 3, 1)})
    known = ExistingProject(5, None, "1", "Eins", milestones=(milestone,))
    memory = Memory(State(TODAY, projects=(known,)))
    memory.take(columns, "1;Eins;14.02.2026;m;;")
    (changed,) = memory.project("1").milestones
    assert (changed.title, changed.dates[FEBRUARY], changed.done_on) == ("M", None, None)
    absent = "Projektnummer;Titel;Stand;Meilenstein", "1;Eins;01.03.2026;M"
    assert memory.plan(*absent).summary.endswith("unverändert 1")


def test_nothing_that_is_missing_from_the_file_is_deleted() -> None:
    memory = Memory()
    memory.take(MILESTONES, "1;Eins;14.02.2026;rot;x;BIM;A;;", "2;Zwei;14.02.2026;rot;x;BIM;B;;")
    memory.take(MILESTONES, "1;Eins;14.02.2026;rot;x;BIM;;;")
    assert len(memory.state.projects) == 2
    assert [milestone.title for milestone in memory.project("1").milestones] == ["A"]


# --- finding projects and periods


def known_projects() -> State:
    return State(
        TODAY,
        periods=(OLD_PLAN, NEW_PLAN),
        projects=(
            ExistingProject(11, OLD_PLAN.id, "3.2", "Alt"),
            ExistingProject(12, NEW_PLAN.id, "2.1", "Fortgeführt", earlier=(("3.9", OLD_PLAN.id), ("3.9a", None))),
            ExistingProject(13, NEW_PLAN.id, "1.1", "Neu"),
            ExistingProject(14, OLD_PLAN.id, "1.1", "Alter Namensvetter"),
            ExistingProject(15, NEW_PLAN.id, "4.1", "Teil A", earlier=(("4", None),)),
            ExistingProject(16, NEW_PLAN.id, "4.2", "Teil B", earlier=(("4", None),)),
            ExistingProject(17, None, "9.9", "Ohne Planperiode"),
        ),
    )


@pytest.mark.parametrize(
    ("code", "period", "stand", "found"),
    [
        ("1.1", "", "14.02.2026", 13),
        ("1.1", "", "14.02.2020", 14),
        ("1.1", "2018-2021", "14.02.2026", 14),
        ("3.2", "2018–2021", "14.02.2026", 11),
        ("3.2", "", "14.02.2020", 11),
        ("3.2", "", "14.02.2026", None),
        ("3.2", "", "14.02.2010", 11),
        ("3.9", "", "14.02.2026", 12),
        ("3.9", "2018–2021", "14.02.2026", 12),
        ("3.9a", "2022–2026", "14.02.2026", 12),
        ("3.9a", "", "14.02.2020", 12),
        ("9.9", "", "14.02.2026", 17),
        ("9.9", "2022–2026", "14.02.2026", 17),
        ("7.7", "", "14.02.2026", None),
        ("1.1", "2030–2033", "14.02.2026", None),
    ],
)
def test_a_number_finds_its_project(code: str, period: str, stand: str, found: int | None) -> None:
    plan = Memory(known_projects()).plan("Projektnummer;Titel;Planperiode;Stand", f"{code};T;{period};{stand}")
    assert not plan.errors
    assert plan.projects[0].project_id == found


@pytest.mark.parametrize(
    ("code", "stand", "sentence"),
    [
        ("4", "14.02.2026", "sie passt zu 4.1 (2022–2026) und 4.2 (2022–2026)"),
        ("1.1", "14.02.2010", "sie passt zu 1.1 (2022–2026) und 1.1 (2018–2021)"),
    ],
)
def test_a_number_of_several_projects_is_an_error_that_names_them(code: str, stand: str, sentence: str) -> None:
    plan = Memory(known_projects()).plan("Projektnummer;Titel;Stand", f"{code};T;{stand}")
    assert [(error.line, error.column, error.value) for error in plan.errors] == [(2, "Projektnummer", code)]
    assert sentence in plan.errors[0].expected
    assert "Planperiode" in plan.errors[0].expected


def test_the_default_period_is_the_one_valid_on_stand() -> None:
    memory = Memory(known_projects())
    memory.take("Projektnummer;Titel;Stand", "7.7;T;14.02.2026", "7.8;T;14.02.2020", "7.9;T;14.02.2010")
    assert [memory.project(code).period_id for code in ("7.7", "7.8", "7.9")] == [NEW_PLAN.id, OLD_PLAN.id, None]


def test_a_number_that_another_period_has_too_is_said() -> None:
    plan = Memory(known_projects()).plan("Projektnummer;Titel;Stand", "3.2;T;14.02.2026")
    assert plan.notices == ("3.2: neu angelegt in 2022–2026; es gibt auch 3.2 (2018–2021).",)


def test_of_several_valid_periods_the_latest_begun_takes_new_projects_and_says_so() -> None:
    overlapping = ExistingPeriod(3, "Demo", dt.date(2025, 1, 1), None)
    state = replace(known_projects(), periods=(OLD_PLAN, NEW_PLAN, overlapping))
    plan = Memory(state).plan("Projektnummer;Titel;Stand", "7.7;T;14.02.2026", "1.1;T;14.02.2026")
    assert plan.projects[0].period == "Demo"
    assert plan.notices == ("7.7: Es gelten mehrere Planperioden; neu angelegt in Demo.",)
    assert plan.projects[1].project_id == 13


def test_a_period_of_unknown_validity_gives_way_to_a_dated_one() -> None:
    undated = ExistingPeriod(3, "Ohne Jahre")
    state = replace(known_projects(), periods=(OLD_PLAN, NEW_PLAN, undated))
    plan = Memory(state).plan("Projektnummer;Titel;Stand", "7.7;T;14.02.2026", "7.8;T;14.02.2010")
    assert [project.period for project in plan.projects] == ["2022–2026", "Ohne Jahre"]
    assert plan.notices == ()


def test_an_end_before_its_beginning_is_said() -> None:
    plan = Memory().plan("Projektnummer;Titel;Beginn;Ende", "1;T;01.01.2027;31.12.2026")
    assert plan.notices == ("1: Das Ende liegt vor dem Beginn.",)


def test_a_project_without_period_gets_the_one_a_row_names_and_keeps_it() -> None:
    memory = Memory(State(TODAY))
    memory.take("Projektnummer;Titel;Stand", "1;Eins;14.02.2026")
    plan = memory.take("Projektnummer;Titel;Stand;Planperiode", "1;Eins;14.02.2026;2022–2026")
    assert changes(plan) == {"Planperiode": ("", "2022–2026")}
    assert memory.plan("Projektnummer;Titel;Stand", "1;Eins;14.02.2026").summary.endswith("unverändert 1")


def test_rows_by_old_and_new_number_are_one_project() -> None:
    plan = Memory(known_projects()).plan(HEAD, "2.1;T;14.02.2026;rot;a", "3.9;T;30.09.2025;grün;b")
    (project,) = plan.projects
    assert (project.lines, project.code, [status.on for status in project.statuses]) == (
        (2, 3), "2.1", [SEPTEMBER, FEBRUARY],
    )  # fmt: skip


def test_an_institution_is_known_by_any_name_and_its_day_decides() -> None:
    names = (
        ExistingName(1, "Senatsverwaltung für Wirtschaft", "SenWi", None, dt.date(2021, 12, 31)),
        ExistingName(1, "Senatsverwaltung für Wirtschaft, Energie und Betriebe", "SenWiEnBe", dt.date(2022, 1, 1)),
        ExistingName(2, "Senatsverwaltung für Wissenschaft", "SenWi", dt.date(2022, 1, 1)),
        ExistingName(3, "Doppelt"),
        ExistingName(4, "Doppelt"),
    )
    memory = Memory(State(TODAY, names=names))
    columns = "Projektnummer;Titel;Stand;Federführung"
    memory.take(columns, "1;T;14.02.2026;senwienbe", "2;T;14.02.2026;SenWi", "3;T;14.02.2020;SenWi")
    assert [memory.project(code).lead_id for code in "123"] == [1, 2, 1]
    memory.take(columns, "4;T;14.02.2026;Senatsverwaltung für Wirtschaft")
    assert memory.project("4").lead_id == 1
    plan = memory.plan(columns, "5;T;14.02.2026;Doppelt")
    assert [(error.line, error.column, error.value) for error in plan.errors] == [(2, "Federführung", "Doppelt")]


def test_fields_belong_to_their_period() -> None:
    memory = Memory(known_projects())
    plan = memory.take(
        "Projektnummer;Titel;Stand;Planperiode;Handlungsfeld;Themencluster",
        "1;T;14.02.2026;2022–2026;Rahmen;Energie",
        "2;T;14.02.2026;2018–2021;Rahmen;Energie",
        "3;T;14.02.2026;2022–2026;rahmen;energie",
    )
    assert [(each.name, each.period) for each in plan.fields] == [("Rahmen", 2), ("Rahmen", 1)]
    assert len(plan.clusters) == 2


def test_unknown_columns_are_passed_on() -> None:
    plan = Memory().plan("Projektnummer;Titel;Farbe", "1;T;blau")
    assert plan.unknown == ("Farbe",)
    assert "Unbekannte Spalten, nicht gelesen: Farbe" in list(report_lines(plan))


# --- properties

LIGHT_CELLS, PHASE_CELLS = [*LIGHTS.values(), ""], [*PHASES.values(), ""]
NAMES = ["", "A", "B", "A|B", "C|A"]


@st.composite
def files(draw: st.DrawFn) -> tuple[str, ...]:
    """A file in which each project has at most one row per Stand."""
    keys = draw(st.lists(st.tuples(st.sampled_from("123"), st.integers(0, 3)), min_size=1, max_size=6, unique=True))
    rows = []
    for code, number in keys:
        cells = [
            code,
            draw(st.sampled_from(["Eins", "Zwei"])),
            f"{day(number * 40):%d.%m.%Y}",
            draw(st.sampled_from(LIGHT_CELLS)),
            draw(st.sampled_from(LIGHT_CELLS)),
            draw(st.sampled_from(PHASE_CELLS)),
            draw(st.sampled_from(["", "5", "60"])),
            draw(st.sampled_from(["", "Bericht", "anders"])),
            draw(st.sampled_from(["", "Bedarf", "mehr"])),
            draw(st.sampled_from(NAMES)),
            draw(st.sampled_from(["", "X"])),
            draw(st.sampled_from(["", "Y", "Z"])),
            draw(st.sampled_from(NAMES)),
            draw(st.sampled_from(["", "01.01.2027", "01.07.2027"])),
            draw(st.sampled_from(["M", "N"])),
            draw(st.sampled_from(["", "01.03.2027", "01.04.2027"])),
            draw(st.sampled_from(["", "01.02.2025"])),
        ]
        rows.append(cells)
    headers = [
        "Projektnummer", "Titel", "Stand", "Ampel", "Ampel Termine", "Phase", "Fortschritt", "Bericht",
        "Entscheidungsbedarf", "Handlungsfeld", "Themencluster", "Federführung", "Partner", "Ende", "Meilenstein",
        "Meilenstein fällig", "Meilenstein erledigt",
    ]  # fmt: skip
    absent = draw(st.sets(st.integers(3, len(headers) - 1), max_size=6))
    if 14 in absent:
        absent |= {15, 16}
    kept = [place for place in range(len(headers)) if place not in absent]
    return tuple(";".join(row[place] for place in kept) for row in [headers, *rows])


@settings(max_examples=100)
@given(files())
def test_the_same_file_twice_changes_nothing_at_all(file: tuple[str, ...]) -> None:
    memory = Memory()
    first = memory.take(*file)
    before = memory.state
    second = memory.take(*file)
    assert second.summary == f"neu 0, geändert 0, berichtigt 0, unverändert {len(first.projects)}"
    assert memory.state == before


@settings(max_examples=100)
@given(st.lists(files(), min_size=2, max_size=3))
def test_after_any_files_the_last_one_again_changes_nothing(several: list[tuple[str, ...]]) -> None:
    memory = Memory()
    for file in several:
        memory.take(*file)
    before = memory.state
    assert {project.outcome for project in memory.take(*several[-1]).projects} == {Outcome.UNCHANGED}
    assert memory.state == before


@settings(max_examples=100)
@given(files())
def test_an_old_file_after_a_newer_one_is_unchanged(file: tuple[str, ...]) -> None:
    """Each Stand of the file is imported as a file of its own, oldest first; then every one of them again."""
    memory = Memory()
    parts = [(file[0], row) for row in sorted(file[1:], key=lambda row: text.parse_date(row.split(";")[2]))]
    for part in parts:
        memory.take(*part)
    before = memory.state
    for part in parts:
        assert memory.take(*part).summary == "neu 0, geändert 0, berichtigt 0, unverändert 1"
    assert memory.state == before


@settings(max_examples=60)
@given(files(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(file: tuple[str, ...], chance: object) -> None:
    rows = list(file[1:])
    chance.shuffle(rows)  # type: ignore[attr-defined]
    one, other = Memory().plan(*file), Memory().plan(file[0], *rows)
    assert sorted(one.summary) == sorted(other.summary)
    plain = {project.code: replace(project, lines=()) for project in one.projects}
    assert plain == {project.code: replace(project, lines=()) for project in other.projects}


@pytest.mark.slow
def test_twenty_thousand_rows_are_compared() -> None:
    rows = [f"{n // 4}.{n % 4};Projekt {n};14.02.2026;rot;Bericht {n};Institution {n % 50}" for n in range(20_000)]
    file = checked(f"{HEAD};Federführung", *rows)
    memory = Memory()
    assert memory.take_file(file).summary == "neu 20000, geändert 0, berichtigt 0, unverändert 0"
    assert memory.take_file(file).summary == "neu 0, geändert 0, berichtigt 0, unverändert 20000"
    assert len(memory.state.names) == 50
