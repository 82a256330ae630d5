"""Projects and their status reports over the API."""

import datetime as dt

import pytest

from app.db import ident
from app.projects.models import Cluster, Light, LineageKind, Phase, ProjectCode, ProjectField, ProjectLineage
from app.projects.queries.view import list_milestones
from app.projects.schemas import MilestoneIn, StatusIn
from app.projects.service.milestones import tell_milestones
from app.projects.service.status import enter_status
from tests import factories
from tests.api.conftest import fields, problem

NEW = {"as_of": "2026-03-01", "light": "green", "phase": "running", "summary": "Alles im Plan."}


@pytest.fixture
def path(house):
    return f"/projects/{house.project.id}"


def codes(answer):
    assert answer.status_code == 200, answer.text
    return [one["code"] for one in answer.json()["items"]]


@pytest.fixture
def plan(database, house):
    """Three more projects: another field, a cluster and a lead; another period; no status at all."""
    with database.write() as session:
        other_field = factories.make_field(session, house.period, "Kompetenzen")
        cluster = Cluster(field_id=ident(other_field), name="Fachkräfte")
        session.add(cluster)
        session.flush()
        lead = factories.make_organisation(session, "Handwerkskammer Berlin", "HWK")
        skills = factories.make_project(
            session,
            "2.1",
            "Ausbildung Ökostrom",
            period_id=ident(house.period),
            field_id=ident(other_field),
            cluster_id=ident(cluster),
            lead_id=ident(lead),
        )
        factories.make_status(session, skills, dt.date(2026, 1, 10), Light.GREEN, phase=Phase.PLANNED)
        old_period = factories.make_period(session, "2018–2021")
        old = factories.make_project(session, "1.2", "Alter Hafen", period_id=ident(old_period))
        silent = factories.make_project(session, "3.1", "Schweigen", period_id=ident(house.period))
        session.add(ProjectField(project_id=ident(silent), field_id=ident(house.plan_field)))
        session.add(ProjectCode(project_id=ident(house.project), code="1.7", period_id=ident(old_period)))
        session.add(
            ProjectLineage(
                from_id=ident(old),
                to_id=ident(house.project),
                kind=LineageKind.CONTINUED,
                since_on=dt.date(2022, 1, 1),
            )
        )
        return {
            "field": other_field,
            "cluster": cluster,
            "lead": lead,
            "old_period": old_period,
            "old": old,
            "skills": skills,
        }


def test_the_filters(call, house, plan):
    program = call(house["member"])
    assert codes(program.get("/projects", period=house.period.id)) == ["1.2", "2.1", "3.1"]
    assert codes(program.get("/projects", period=plan["old_period"].id)) == ["1.2"]
    assert codes(program.get("/projects", field=plan["field"].id)) == ["2.1"]
    assert codes(program.get("/projects", field=house.plan_field.id)) == ["1.2", "3.1"]
    assert codes(program.get("/projects", cluster=plan["cluster"].id)) == ["2.1"]
    assert codes(program.get("/projects", lead=plan["lead"].id)) == ["2.1"]
    assert codes(program.get("/projects", light="red")) == ["1.2"]
    assert codes(program.get("/projects", light="none", period=house.period.id)) == ["3.1"]
    assert codes(program.get("/projects", phase="planned")) == ["2.1"]
    assert codes(program.get("/projects", q="ökostrom")) == ["2.1"]
    assert codes(program.get("/projects", q="1.7")) == ["1.2"]
    assert codes(program.get("/projects", q="gibt es nicht")) == []
    assert codes(program.get("/projects", period=2**31 - 1)) == []


@pytest.mark.parametrize(
    "filters", [{"light": "blau"}, {"phase": "x"}, {"period": "alt"}, {"field": 2**40}, {"q": "x" * 201}, {"lead": 0}]
)
def test_filters_that_do_not_hold_are_refused(call, house, filters):
    assert list(fields(call(house["member"]).get("/projects", **filters))) == list(filters)


def test_a_line_of_the_list(call, house, plan):
    got = call(house["member"]).get("/projects", q="2.1").json()["items"][0]
    assert got == {
        "id": plan["skills"].id,
        "version": 1,
        "url": f"/api/v1/projects/{plan['skills'].id}",
        "page": f"/projekte/{plan['skills'].id}",
        "code": "2.1",
        "title": "Ausbildung Ökostrom",
        "period": house.period.id,
        "period_name": "2022–2026",
        "field": plan["field"].id,
        "field_name": "Kompetenzen",
        "cluster": plan["cluster"].id,
        "cluster_name": "Fachkräfte",
        "lead": plan["lead"].id,
        "lead_name": "Handwerkskammer Berlin",
        "starts_on": None,
        "ends_on": None,
        "as_of": "2026-01-10",
        "light": "green",
        "light_as_of": "2026-01-10",
        "phase": "planned",
        "progress": None,
        "need": None,
        "invented": False,
    }


def test_one_project_with_all_about_it(call, house, plan, path, database):
    with database.write() as session:
        project = session.get_one(type(house.project), house.project.id)
        first = MilestoneIn(title="Kaimauer", due_on=dt.date(2025, 12, 1))
        tell_milestones(session, factories.operator(), project, [first], told_on=dt.date(2025, 6, 1))
        (told,) = list_milestones(session, house.project.id)
        moved = MilestoneIn(title="Kaimauer", due_on=dt.date(2026, 6, 1), id=told.milestone.id)
        tell_milestones(session, factories.operator(), project, [moved], told_on=dt.date(2026, 1, 1))
        wish_status = StatusIn(as_of=dt.date(2026, 2, 20), decision_need="Wer zahlt?", light_cost=Light.RED)
        enter_status(session, factories.operator(), project, wish_status)
    answer = call(house["member"]).get(path)
    got = answer.json()
    assert answer.headers["etag"] == f'"{got["version"]}"'
    assert got["standing"] == {
        "as_of": "2026-02-20",
        "light": "red",
        "light_as_of": "2026-02-14",
        "light_since": "2026-02-14",
        "light_before": "yellow",
        "light_schedule": None,
        "light_cost": "red",
        "light_content": None,
        "phase": "running",
    }
    assert got["earlier_codes"] == [{"code": "1.7", "period": plan["old_period"].id}]
    assert [(one["id"], one["kind"]) for one in got["predecessors"]] == [(plan["old"].id, "continued")]
    assert [(one["text"], one["opened_on"], one["closed_on"]) for one in got["needs"]] == [
        ("Wer zahlt?", "2026-02-20", None)
    ]
    assert got["need"] == "Wer zahlt?"
    assert [one["name"] for one in got["leads"]] == ["Leitung"]
    milestone = got["milestones"][0]
    assert (milestone["original_on"], milestone["due_on"], milestone["moves"]) == ("2025-12-01", "2026-06-01", 1)
    listed = next(one for one in call(house["member"]).get("/projects").json()["items"] if one["id"] == got["id"])
    assert listed == {name: got[name] for name in listed}


def test_who_reads_projects(call, house, path):
    for who in ("all", "secretariat", "chair", "member", "auditor", "lead"):
        assert call(house[who]).get(path).status_code == 200, who
    for who in ("admin", "nobody"):
        problem(call(house[who]).get(path), 404)
        problem(call(house[who]).get(f"{path}/status-reports"), 404)
        assert codes(call(house[who]).get("/projects")) == []


def test_creating_a_project(call, house):
    program = call(house["secretariat"])
    wish = {"code": "4.1", "title": "Neue Halle 🏭", "period": house.period.id, "field": house.plan_field.id}
    answer = program.post("/projects", {**wish, "ends_on": "2026-12-31"})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["location"] == made["url"]
    assert {name: made[name] for name in wish} == wish
    assert made["ends_on"] == "2026-12-31"
    assert "code" in fields(program.post("/projects", wish))
    assert set(fields(program.post("/projects", {}))) == {"code", "title"}
    assert "field" in fields(program.post("/projects", {**wish, "code": "4.2", "field": 987654}))
    assert "partners" in fields(program.post("/projects", {**wish, "code": "4.2", "partners": [987654]}))
    assert "partners.0" in fields(program.post("/projects", {**wish, "code": "4.2", "partners": [10**30]}))
    assert "starts_on" in fields(program.post("/projects", {**wish, "code": "4.2", "starts_on": "31.02.2026"}))
    problem(call(house["member"]).post("/projects", wish), 403)


def test_changing_a_project_needs_its_version(call, house, path):
    program = call(house["secretariat"])
    problem(program.patch(path, {"title": "Hafen"}), 428)
    title = ("Hafen der Zukunft – Großprojekt 🚢 " * 20)[:300].strip()
    changed = program.patch(path, {"title": title, "code": "1.20"}, seen=1)
    assert changed.status_code == 200, changed.text
    got = changed.json()
    assert (got["title"], got["code"]) == (title, "1.20")
    assert got["version"] > 1
    assert got["earlier_codes"] == [{"code": "1.2", "period": house.period.id}]
    stale = problem(program.patch(path, {"title": "Hafen"}, seen=1), 412)
    assert stale["current"] == program.get(path).json()
    problem(call(house["member"]).patch(path, {"title": "Hafen"}, seen=got["version"]), 403)
    problem(call(house["nobody"]).patch(path, {"title": "Hafen"}, seen=2), 404)
    assert "title" in fields(program.patch(path, {"title": ""}, seen=got["version"]))
    assert "ampel" in fields(program.patch(path, {"ampel": "rot"}, seen=got["version"]))


def test_a_status_of_the_secretariat_counts_at_once(call, house, path):
    program = call(house["secretariat"])
    answer = program.post(f"{path}/status-reports", {**NEW, "light_cost": "yellow", "progress": 55})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["location"] == made["url"]
    assert (made["state"], made["source"], made["valid"]) == ("accepted", "secretariat", True)
    assert program.get(made["url"].removeprefix("/api/v1")).json() == made
    assert program.get(path).json()["light"] == "green"
    listed = program.get(f"{path}/status-reports").json()["items"]
    assert [one["as_of"] for one in listed] == ["2026-03-01", "2026-02-14", "2025-09-30"]
    assert program.walk(f"{path}/status-reports", limit=1) == listed
    assert "as_of" in fields(program.post(f"{path}/status-reports", NEW))


def test_a_status_of_the_lead_waits_and_is_hidden_from_others(call, house, path):
    lead, secretariat, member = call(house["lead"]), call(house["secretariat"]), call(house["member"])
    made = lead.post(f"{path}/status-reports", NEW).json()
    address = made["url"].removeprefix("/api/v1")
    assert (made["state"], made["source"]) == ("submitted", "lead")
    problem(member.get(address), 404)
    assert [one["as_of"] for one in member.get(f"{path}/status-reports").json()["items"]] == [
        "2026-02-14",
        "2025-09-30",
    ]
    assert lead.get(address).status_code == secretariat.get(address).status_code == 200
    problem(lead.post(f"{address}/accept"), 403)
    problem(lead.post(f"{path}/status-reports", NEW), 409)
    accepted = secretariat.post(f"{address}/accept")
    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")
    assert member.get(address).json()["light"] == "green"
    problem(secretariat.post(f"{address}/reject", {"reason": "zu spät"}), 409)


def test_rejecting_says_why(call, house, path):
    made = call(house["lead"]).post(f"{path}/status-reports", NEW).json()
    address = made["url"].removeprefix("/api/v1")
    program = call(house["secretariat"])
    assert "reason" in fields(program.post(f"{address}/reject", {}))
    assert "reason" in fields(program.post(f"{address}/reject", {"reason": " "}))
    rejected = program.post(f"{address}/reject", {"reason": "Zahlen fehlen"}).json()
    assert (rejected["state"], rejected["rejection_reason"]) == ("rejected", "Zahlen fehlen")
    assert program.get(path).json()["light"] == "red"


def test_correcting_keeps_both(call, house, path):
    program = call(house["secretariat"])
    wrong = program.get(f"{path}/status-reports").json()["items"][0]
    address = wrong["url"].removeprefix("/api/v1")
    wish = {"as_of": "2026-02-14", "light": "yellow", "reason": "Tippfehler"}
    assert "reason" in fields(program.post(f"{address}/correct", {**wish, "reason": ""}))
    corrected = program.post(f"{address}/correct", wish)
    assert corrected.status_code == 201, corrected.text
    assert (corrected.json()["corrects"], corrected.json()["correction_reason"]) == (wrong["id"], "Tippfehler")
    assert program.get(address).json()["valid"] is False
    assert program.get(path).json()["light"] == "yellow"
    problem(program.post(f"{address}/correct", wish), 409)
    problem(call(house["member"]).post(f"{address}/correct", wish), 403)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"as_of": "2026-03-03"}, "as_of"),
        ({"as_of": None}, "as_of"),
        ({"as_of": "gestern"}, "as_of"),
        ({"light": "rot"}, "light"),
        ({"phase": "x"}, "phase"),
        ({"progress": 101}, "progress"),
        ({"progress": 1.5}, "progress"),
        ({"summary": "x" * 20001}, "summary"),
        ({"ampel": "red"}, "ampel"),
    ],
)
def test_reports_that_do_not_hold_are_refused_at_their_field(call, house, path, wish, field):
    assert list(fields(call(house["secretariat"]).post(f"{path}/status-reports", {**NEW, **wish}))) == [field]


def test_an_empty_report_and_a_report_by_strangers_are_refused(call, house, path):
    empty = call(house["secretariat"]).post(f"{path}/status-reports", {"as_of": "2026-03-01"})
    assert "leer" in fields(empty)[""]
    problem(call(house["member"]).post(f"{path}/status-reports", NEW), 403)
    problem(call(house["nobody"]).post(f"{path}/status-reports", NEW), 404)


def test_reports_of_another_project_are_not_found(call, house, path, plan):
    program = call(house["secretariat"])
    other = program.get("/projects", q="2.1").json()["items"][0]["id"]
    report = program.get(f"{path}/status-reports").json()["items"][0]["id"]
    problem(program.get(f"/projects/{other}/status-reports/{report}"), 404)
    problem(program.post(f"/projects/{other}/status-reports/{report}/accept"), 404)
