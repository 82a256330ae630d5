"""The screens of the plan: periods, fields and clusters listed, made, changed, ordered, ended and removed."""

import re

import pytest

from app.actor import Role
from app.db import ident
from app.projects.models import Cluster, PlanField
from tests import factories


@pytest.fixture
def house(database):
    with database.write() as session:
        body = factories.make_body(session, "SKIP")
        period = factories.make_period(session, "2022–2026")
        fields = [
            factories.make_field(session, period, name, place)
            for place, name in enumerate(("Innovation", "Kompetenzen"), 1)
        ]
        cluster = Cluster(field_id=ident(fields[0]), name="Energie", position=1)
        alone = factories.make_field(session, None, "Herrenlos")
        session.add(cluster)
        session.flush()
        factories.make_project(
            session, "1.1", period_id=ident(period), field_id=ident(fields[0]), cluster_id=ident(cluster)
        )
        return {
            "period": ident(period),
            "fields": [ident(one) for one in fields],
            "cluster": ident(cluster),
            "alone": ident(alone),
            "secretariat": factories.make_account(session, Role.SECRETARIAT, body),
            "member": factories.make_seated(session, body),
            "admin": factories.make_account(session, Role.ADMIN),
        }


def version_of(answer):
    return re.findall(r'name="version" value="(\d+)"', answer.text)[0]


def test_the_secretariat_finds_the_plan_from_the_projects_and_builds_a_new_period(browse, house):
    browser = browse(house["secretariat"])
    assert 'href="/projekte/planperioden"' in browser.get("/projekte").text
    listed = browser.get("/projekte/planperioden").text
    assert "2022–2026" in listed
    assert "Ohne Planperiode" in listed
    assert "Herrenlos" in listed
    made = browser.submit("/projekte/planperioden/neu", name="2027–2031", starts_on="2027-01-01", ends_on="2031-12-31")
    assert made.status_code == 303, made.text
    address = made.headers["location"]
    assert "Noch keine Handlungsfelder." in browser.get(address).text
    for name in ("Innovation", "Kommunikation"):
        assert browser.submit(f"{address}/handlungsfelder/neu", name=name).status_code == 303
    shown = browser.get(address).text
    assert shown.index("Innovation") < shown.index("Kommunikation")
    below = re.findall(r'href="(/projekte/handlungsfelder/\d+/themencluster/neu)"', shown)[0]
    assert browser.submit(below, name="Gründungen").headers["location"] == address
    assert "Gründungen" in browser.get(address).text
    again = browser.submit("/projekte/planperioden/neu", name="Doppelt", starts_on="2031-12-31")
    assert again.status_code == 422
    assert "Überschneidet sich mit der Planperiode 2027–2031" in again.text
    assert 'value="Doppelt"' in again.text


def test_fields_and_clusters_move_by_buttons_and_to_where_they_were_dropped(browse, house):
    browser, (first, second) = browse(house["secretariat"]), house["fields"]
    home = f"/projekte/planperioden/{house['period']}"

    def order():
        return [int(one) for one in re.findall(r'id="plan_field-(\d+)"', browser.get(home).text)]

    moved = browser.submit(f"/projekte/handlungsfelder/{first}/platz", move="down")
    assert moved.headers["location"] == f"{home}#plan_field-{first}"
    assert order() == [second, first]
    browser.submit(f"/projekte/handlungsfelder/{first}/platz", move="up")
    assert order() == [first, second]
    browser.submit(f"/projekte/handlungsfelder/{second}/platz", move="to", position="1", section="felder")
    assert order() == [second, first]
    browser.submit(f"/projekte/handlungsfelder/{second}/platz", move="up")
    browser.submit(f"/projekte/handlungsfelder/{second}/platz", move="to", position="nirgends")
    assert order() == [second, first]
    assert browser.submit(f"/projekte/themencluster/{house['cluster']}/platz", move="down").status_code == 303
    page = browser.get(home).text
    assert "order.js" in page
    assert page.count("data-grip") == 3
    assert "Handlungsfeld geändert" in page


def test_a_part_is_renamed_and_ended_and_two_who_do_it_see_each_other(browse, house):
    browser, address = browse(house["secretariat"]), f"/projekte/handlungsfelder/{house['fields'][0]}/bearbeiten"
    seen = version_of(browser.get(address))
    assert browser.submit(address, name="Neue Innovation", ends_on="2026-01-31", version=seen).status_code == 303
    assert "galt bis 31.01.2026" in browser.get(f"/projekte/planperioden/{house['period']}").text
    late = browser.submit(address, name="Anderer Name", version=seen)
    assert late.status_code == 412
    assert "Neue Innovation" in late.text
    assert "Anderer Name" in late.text
    assert browser.submit(address, name="", version=version_of(late)).status_code == 422
    assert "Neue Innovation" not in browser.get("/projekte/neu").text
    period = f"/projekte/planperioden/{house['period']}/bearbeiten"
    seen = version_of(browser.get(period))
    assert browser.submit(period, name="2022–2027", version=seen).status_code == 303
    assert browser.submit(period, name="Zu spät", version=seen).status_code == 412


def test_what_is_used_stays_and_the_page_says_by_what(browse, database, house):
    browser = browse(house["secretariat"])
    for address, words in (
        (f"/projekte/themencluster/{house['cluster']}", "1 Projekt"),
        (f"/projekte/handlungsfelder/{house['fields'][0]}", "1 Themencluster und 1 Projekt"),
        (f"/projekte/planperioden/{house['period']}", "2 Handlungsfelder und 1 Projekt"),
    ):
        refused = browser.submit(f"{address}/loeschen")
        assert refused.status_code == 409
        assert words in refused.text
    assert browser.submit(f"/projekte/handlungsfelder/{house['fields'][1]}/loeschen").status_code == 303
    assert (
        browser.submit(f"/projekte/handlungsfelder/{house['alone']}/loeschen").headers["location"]
        == "/projekte/planperioden"
    )
    with database.read() as session:
        assert session.get(PlanField, house["fields"][1]) is None


def test_members_read_the_plan_and_others_do_not(browse, house):
    member, admin = browse(house["member"]), browse(house["admin"])
    home = f"/projekte/planperioden/{house['period']}"
    shown = member.get(home).text
    assert "Energie" in shown
    assert "/bearbeiten" not in shown
    assert "/platz" not in shown
    assert "order.js" not in shown
    for address in (
        "/projekte/planperioden/neu",
        f"{home}/bearbeiten",
        f"/projekte/themencluster/{house['cluster']}/bearbeiten",
    ):
        assert member.get(address).status_code == 403
    assert admin.get(home).status_code == 404
    assert "2022–2026" not in admin.get("/projekte/planperioden").text
    assert "die Sie einsehen können" in admin.get("/projekte/planperioden").text
