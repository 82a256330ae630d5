"""The import as a whole: written to the database all or nothing, recorded, and nothing the second time."""

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import clock
from app.actor import Actor, Grant, Role, system
from app.db import Database, commit, ident
from app.errors import Forbidden, Refused
from app.history.models import HistoryDetail, HistoryEntry
from app.history.queries import verify_chain
from app.importing.planned import Outcome
from app.people.models import Organisation, OrganisationName
from app.projects.importing.planned import ImportPlan
from app.projects.importing.reading import read_table
from app.projects.importing.rows import CheckedFile, check_rows
from app.projects.models import (
    Cluster,
    DecisionNeed,
    Light,
    Milestone,
    MilestoneDate,
    NeedEnd,
    Phase,
    PlanField,
    PlanPeriod,
    Project,
    ProjectCode,
    ProjectEnd,
    ProjectField,
    ProjectPartner,
    StatusReport,
    StatusSource,
    StatusState,
)
from app.projects.service.importing import RowsRefused, import_projects, preview_import
from tests.factories import make_organisation, make_period, make_project, make_status, operator
from tests.projects.importing.files import csv_of, xlsx_of

SEPTEMBER, FEBRUARY = dt.date(2025, 9, 30), dt.date(2026, 2, 14)
EVERYTHING = (
    Cluster, DecisionNeed, Milestone, MilestoneDate, Organisation, OrganisationName, PlanField, PlanPeriod, Project,
    ProjectEnd, ProjectField, ProjectPartner, StatusReport, HistoryEntry, HistoryDetail,
)  # fmt: skip


def file_of(*lines: str, as_of: dt.date | None = None) -> CheckedFile:
    return check_rows(read_table(csv_of(*lines)), as_of=as_of, today=clock.today())


def take(session: Session, *lines: str, actor: Actor | None = None, as_of: dt.date | None = None) -> ImportPlan:
    plan = import_projects(session, actor or operator(), file_of(*lines, as_of=as_of), file_name="probe.csv")
    commit(session)
    session.expire_all()
    return plan


def project(session: Session, code: str) -> Project:
    return session.exec(select(Project).where(Project.code == code)).one()


def contents(session: Session) -> dict[str, list[Any]]:
    """Every row of every table an import may touch."""
    session.expire_all()
    return {
        kind.__name__: [tuple(row) for row in session.execute(sa.select(sa.inspect(kind).local_table))]
        for kind in EVERYTHING
    }


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """What is sent to the database meanwhile."""
    sent: list[str] = []
    engine = session.connection().engine

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


FULL = (
    "Projektnummer;Titel;Planperiode;Handlungsfeld;Themencluster;Federführung;Partner;Beginn;Ende;Phase;Stand;Ampel;"
    "Ampel Termine;Ampel Kosten;Ampel Inhalt;Fortschritt;Bericht;Nächste Schritte;Risiken;Entscheidungsbedarf;"
    "Meilenstein;Meilenstein fällig;Meilenstein erledigt",
    "3.2;Ankauf;2022–2026;Rahmen|Wissen;Flächen;SenWi;IHK|HWK;01.01.2023;31.12.2026;in Umsetzung;"
    "30.09.2025;gelb;gelb;grün;grün;40;Läuft an.;Vertrag;Preise;Rahmen 2027;Vertrag unterzeichnet;01.03.2026;",
    "3.2;Ankauf;2022–2026;Rahmen|Wissen;Flächen;SenWi;IHK|HWK;01.01.2023;31.12.2026;in Umsetzung;"
    "30.09.2025;gelb;gelb;grün;grün;40;Läuft an.;Vertrag;Preise;Rahmen 2027;Vertrag erfüllt;01.09.2026;",
    "3.10;Tausch;2022–2026;Wissen;;IHK;;;;;30.09.2025;;;;;;;;;;;;",
)


def test_everything_in_a_file_is_stored(session: Session) -> None:
    plan = take(session, *FULL)
    assert plan.summary == "neu 2, geändert 0, berichtigt 0, unverändert 0"
    stored = project(session, "3.2")
    period = session.get_one(PlanPeriod, stored.period_id)
    assert (period.name, period.starts_on, period.ends_on) == ("2022–2026", dt.date(2022, 1, 1), dt.date(2026, 12, 31))
    main = session.get_one(PlanField, stored.field_id)
    further = session.exec(select(PlanField).join(ProjectField).where(ProjectField.project_id == stored.id)).all()
    assert (main.name, main.period_id, [field.name for field in further]) == ("Rahmen", period.id, ["Wissen"])
    assert session.get_one(Cluster, stored.cluster_id).field_id == main.id
    names = {row.organisation_id: row.long for row in session.exec(select(OrganisationName))}
    partners = session.exec(
        select(ProjectPartner.organisation_id)
        .where(ProjectPartner.project_id == stored.id)
        .order_by(col(ProjectPartner.position))
    )
    assert stored.lead_id is not None
    assert (names[stored.lead_id], [names[partner] for partner in partners]) == ("SenWi", ["IHK", "HWK"])
    assert (stored.starts_on, stored.ends_on, stored.stated_on) == (
        dt.date(2023, 1, 1), dt.date(2026, 12, 31), SEPTEMBER,
    )  # fmt: skip
    assert stored.code_key < project(session, "3.10").code_key
    report = session.exec(select(StatusReport)).one()
    assert (report.project_id, report.as_of, report.light, report.phase, report.progress) == (
        stored.id, SEPTEMBER, Light.YELLOW, Phase.RUNNING, 40,
    )  # fmt: skip
    assert (report.light_schedule, report.light_cost, report.light_content) == (
        Light.YELLOW, Light.GREEN, Light.GREEN,
    )  # fmt: skip
    assert (report.summary, report.next_steps, report.risks) == ("Läuft an.", "Vertrag", "Preise")
    assert (report.state, report.source, report.valid) == (StatusState.ACCEPTED, StatusSource.IMPORT, True)
    need = session.exec(select(DecisionNeed)).one()
    assert (need.text, need.opened_on, need.closed_on) == ("Rahmen 2027", SEPTEMBER, None)
    told = session.exec(select(MilestoneDate).order_by(col(MilestoneDate.due_on))).all()
    assert [(row.told_on, row.due_on) for row in told] == [
        (SEPTEMBER, dt.date(2026, 3, 1)),
        (SEPTEMBER, dt.date(2026, 9, 1)),
    ]
    end = session.exec(select(ProjectEnd)).one()
    assert (end.told_on, end.ends_on) == (SEPTEMBER, dt.date(2026, 12, 31))


def test_the_same_file_twice_writes_nothing(session: Session) -> None:
    take(session, *FULL)
    before = contents(session)
    assert take(session, *FULL).summary == "neu 0, geändert 0, berichtigt 0, unverändert 2"
    assert contents(session) == before


NEWER = (
    FULL[0],
    "3.2;Ankauf neu;2022–2026;Wissen;;BIM;IHK;01.01.2023;30.06.2027;ruhend;14.02.2026;rot;rot;grün;;55;Stockt.;;;;"
    "Vertrag unterzeichnet;01.06.2026;",
)


def test_a_newer_file_changes_adds_and_withdraws(session: Session) -> None:
    take(session, *FULL)
    version = project(session, "3.2").version
    plan = take(session, *NEWER)
    assert plan.summary == "neu 0, geändert 1, berichtigt 0, unverändert 0"
    stored = project(session, "3.2")
    assert (stored.title, stored.ends_on, stored.cluster_id) == ("Ankauf neu", dt.date(2027, 6, 30), None)
    assert stored.version == version + 1
    assert session.exec(select(ProjectField).where(ProjectField.project_id == stored.id)).all() == []
    lights = session.exec(select(StatusReport.light).order_by(col(StatusReport.as_of))).all()
    assert lights == [Light.YELLOW, Light.RED]
    need = session.exec(select(DecisionNeed)).one()
    assert (need.closed_on, need.closed_how) == (FEBRUARY, NeedEnd.WITHDRAWN)
    milestone = session.exec(select(Milestone).where(Milestone.title == "Vertrag unterzeichnet")).one()
    told = session.exec(select(MilestoneDate).where(MilestoneDate.milestone_id == milestone.id)).all()
    assert {row.told_on: row.due_on for row in told} == {SEPTEMBER: dt.date(2026, 3, 1), FEBRUARY: dt.date(2026, 6, 1)}
    before = contents(session)
    for file in (FULL, NEWER):
        assert "geändert 0, berichtigt 0" in take(session, *file).summary
    assert contents(session) == before


def test_a_correction_keeps_the_old_report_with_its_reason(session: Session) -> None:
    take(session, *FULL)
    plan = take(session, "Projektnummer;Titel;Stand;Ampel", "3.2;Ankauf;30.09.2025;rot")
    assert plan.summary == "neu 0, geändert 0, berichtigt 1, unverändert 0"
    old, new = session.exec(select(StatusReport).order_by(col(StatusReport.id))).all()
    assert (old.valid, old.light, new.valid, new.light) == (False, Light.YELLOW, True, Light.RED)
    assert (new.corrects_id, new.correction_reason, new.summary) == (old.id, "Import probe.csv", "Läuft an.")
    assert session.exec(select(DecisionNeed)).one().closed_on is None


def test_one_bad_row_and_nothing_is_written(session: Session) -> None:
    before = contents(session)
    lines = ("Projektnummer;Titel;Stand;Ampel", "1;Eins;14.02.2026;rot", "2;Zwei;14.02.2026;lila", "3;;14.02.2026;rot")
    with pytest.raises(RowsRefused) as refusal:
        take(session, *lines)
    assert [(error.line, error.column) for error in refusal.value.errors] == [(3, "Ampel"), (4, "Titel")]
    assert refusal.value.sentence == "Nichts wurde übernommen: 2 Fehler in der Datei."
    assert contents(session) == before


def test_a_preview_says_the_same_and_writes_nothing(session: Session) -> None:
    take(session, *FULL)
    before = contents(session)
    plan = preview_import(session, operator(), file_of(*NEWER))
    commit(session)
    assert contents(session) == before
    assert plan == take(session, *NEWER)


def test_an_earlier_number_finds_the_project_and_nothing_is_renamed(session: Session) -> None:
    period = make_period(session, "2022–2026", starts_on=dt.date(2022, 1, 1), ends_on=dt.date(2026, 12, 31))
    known = make_project(session, "2.1", "Fortgeführt", period_id=period.id)
    session.add(ProjectCode(project_id=ident(known), code="3.9"))
    session.flush()
    plan = take(session, "Projektnummer;Titel;Stand;Ampel", "3.9;Fortgeführt;14.02.2026;rot")
    assert plan.projects[0].project_id == known.id
    assert project(session, "2.1").title == "Fortgeführt"
    assert session.exec(select(StatusReport)).one().project_id == known.id


def test_a_status_of_the_same_stand_that_was_typed_is_corrected(session: Session) -> None:
    known = make_project(session, "1", "Eins")
    typed = make_status(session, known, FEBRUARY, Light.GREEN, source=StatusSource.SECRETARIAT)
    plan = take(session, "Projektnummer;Titel;Stand;Ampel", "1;Eins;14.02.2026;gelb")
    assert plan.of(Outcome.CORRECTED)[0].statuses[0].corrects_id == typed.id


def test_known_institutions_are_found_by_their_short_name(session: Session) -> None:
    known = make_organisation(session, "Industrie- und Handelskammer zu Berlin", "IHK Berlin")
    take(session, "Projektnummer;Titel;Federführung;Partner", "1;Eins;ihk berlin;Neue Stelle")
    assert project(session, "1").lead_id == known.id
    partner = session.exec(select(OrganisationName).where(OrganisationName.long == "Neue Stelle")).one()
    assert session.exec(select(ProjectPartner.organisation_id)).all() == [partner.organisation_id]


def test_every_change_is_in_the_history_with_before_and_after(session: Session) -> None:
    take(session, *FULL)
    last = max(session.exec(select(HistoryEntry.id)).all())
    take(session, *NEWER)
    rows = session.execute(
        sa.select(col(HistoryEntry.verb), col(HistoryEntry.object_id), col(HistoryDetail.content))
        .join(HistoryDetail, col(HistoryDetail.entry_id) == col(HistoryEntry.id))
        .where(col(HistoryEntry.id) > last)
    ).all()
    key = project(session, "3.2").id
    assert {(verb, object_id) for verb, object_id, _ in rows if verb.startswith("project")} == {
        ("project.change", key),
        ("project.status.enter", key),
        ("project.milestones", key),
    }
    assert [verb for verb, _, _ in rows].count("organisation.create") == 1
    content = next(content for verb, _, content in rows if verb == "project.change")
    assert '"title":["Ankauf","Ankauf neu"]' in content
    assert '"reason":"Import probe.csv"' in content
    assert verify_chain(session).broken_at is None


def secretariat(periods: dict[int, list[int]] | None = None) -> Actor:
    """The secretariat of body 1, which steers the given periods (None = all)."""
    return Actor(
        account_id=1,
        name="Geschäftsstelle",
        on=clock.today(),
        grants=(Grant(Role.SECRETARIAT, 1),),
        body_periods=tuple((body, period) for body, found in (periods or {}).items() for period in found),
    )


def test_only_a_secretariat_may_import(session: Session) -> None:
    administration = Actor(account_id=1, name="Admin", on=clock.today(), grants=(Grant(Role.ADMIN),))
    for act in (import_projects, preview_import):
        with pytest.raises(Forbidden):
            act(session, administration, file_of(*FULL))
    assert take(session, *FULL, actor=secretariat()).summary.startswith("neu 2")


def test_a_secretariat_imports_only_what_its_body_steers(session: Session) -> None:
    own, other = make_period(session, "Eigene"), make_period(session, "Fremde")
    hidden = make_project(session, "7", "Geheim", period_id=other.id)
    actor = secretariat({1: [ident(own)]})
    assert take(session, "Projektnummer;Titel;Planperiode", "1;Eins;Eigene", actor=actor).summary.startswith("neu 1")
    for period in ("Fremde", "Ganz neue"):
        for act in (import_projects, preview_import):
            with pytest.raises(Refused, match="steuert keines Ihrer Gremien"):
                act(session, actor, file_of("Projektnummer;Titel;Planperiode", f"7;Neu;{period}"))
    session.expire_all()
    assert session.get_one(Project, hidden.id).title == "Geheim"


def test_a_workbook_is_imported_like_a_text(session: Session) -> None:
    rows: list[list[Any]] = [
        ["Titel", "PROJEKTNUMMER", "Stand", "Ampel", "Fortschritt", "Ende"],
        ["🚲 =Radbahn", 1.1, FEBRUARY, "Amber", 0.4, dt.date(2027, 1, 31)],
    ]
    data = xlsx_of(rows, {"B2": "0.00", "E2": "0%"})
    file = check_rows(read_table(data), as_of=None, today=clock.today())
    assert import_projects(session, operator(), file).summary.startswith("neu 1")
    stored = project(session, "1.10")
    assert (stored.title, stored.ends_on) == ("🚲 =Radbahn", dt.date(2027, 1, 31))
    report = session.exec(select(StatusReport)).one()
    assert (report.light, report.progress) == (Light.YELLOW, 40)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_dates_in_any_order_store_the_same(session: Session, order: tuple[int, int]) -> None:
    head = "Projektnummer;Titel;Stand;Ampel;Phase;Entscheidungsbedarf;Ende"
    files = (
        (head, *(f"{n};Alt {n};30.09.2025;grün;in Planung;Bedarf {n % 2};31.12.2026" for n in range(20))),
        (head, *(f"{n};Neu {n};14.02.2026;rot;in Umsetzung;;30.06.2027" for n in range(20))),
    )
    for place in order:
        take(session, *files[place])
    for number in range(20):
        stored = project(session, str(number))
        assert (stored.title, stored.ends_on) == (f"Neu {number}", dt.date(2027, 6, 30))
        reports = session.exec(
            select(StatusReport).where(StatusReport.project_id == stored.id).order_by(col(StatusReport.as_of))
        ).all()
        assert [(report.as_of, report.light) for report in reports] == [(SEPTEMBER, Light.GREEN), (FEBRUARY, Light.RED)]
        need = session.exec(select(DecisionNeed).where(DecisionNeed.project_id == stored.id)).one()
        assert (need.opened_on, need.closed_on) == (SEPTEMBER, FEBRUARY)
    before = contents(session)
    for file in files:
        assert take(session, *file).summary.endswith("unverändert 20")
    assert contents(session) == before


def many(number: int) -> tuple[str, ...]:
    """A file of *number* projects with a status and a milestone each."""
    rows = (
        f"{n // 20}.{n % 20};Projekt {n};2022–2026;Feld {n % 4};SenWi;IHK|HWK;14.02.2026;rot;Bericht {n};Bedarf;"
        f"31.12.2027;M {n};01.06.2027"
        for n in range(number)
    )
    return (
        "Projektnummer;Titel;Planperiode;Handlungsfeld;Federführung;Partner;Stand;Ampel;Bericht;Entscheidungsbedarf;"
        "Ende;Meilenstein;Meilenstein fällig",
        *rows,
    )


def test_five_hundred_rows_take_few_statements(database: Database) -> None:
    """What is asked grows with batches, not with rows. (SQLite takes new rows one by one; it is no trip for it.)"""
    with database.write() as session, statements(session) as sent:
        import_projects(session, operator(), file_of(*many(500)))
    assert sum(not statement.startswith("INSERT") for statement in sent) < 60
    with database.write() as session, statements(session) as sent:
        plan = import_projects(session, operator(), file_of(*many(500)))
    assert plan.summary.endswith("unverändert 500")
    assert len(sent) < 30


def test_two_imports_at_once_lose_nothing(own_database: Database) -> None:
    """The second one waits for the first, or is refused with a sentence; the chain holds."""
    actor = system(clock.today(), "Test")
    answers: list[str] = []

    def run(number: int) -> None:
        head = "Projektnummer;Titel;Stand;Ampel"
        rows = (f"{n};Projekt {n};14.02.2026;{'rot' if number else 'gelb'}" for n in range(50))
        try:
            with own_database.write() as session:
                answers.append(import_projects(session, actor, file_of(head, *rows)).summary)
        except Refused as refusal:
            answers.append(refusal.sentence)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "neu 50, geändert 0, berichtigt 0, unverändert 0" in answers
    assert len(answers) == 2
    with own_database.read() as session:
        assert len(session.exec(select(Project)).all()) == 50
        assert len(session.exec(select(StatusReport).where(col(StatusReport.valid))).all()) == 50
        assert verify_chain(session).broken_at is None
