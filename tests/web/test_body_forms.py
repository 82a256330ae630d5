"""The forms of bodies, sections and seats: names and people with their days; refusals in sentences, nothing lost."""

import csv
import datetime as dt
import io
import re

import pytest

from app.actor import Role
from app.bodies import queries
from app.bodies import service as bodies
from app.bodies.models import Body, Membership, MembershipKind, Seat
from app.db import ident
from tests import factories
from tests.factories import operator
from tests.queries import recorded_queries


@pytest.fixture
def house(database):
    with database.write() as session:
        body = factories.make_body(session, "SKIP", "Steuerungskreis")
        other = factories.make_body(session, "NETZ")
        chamber = factories.make_organisation(session, "Handelskammer", "HK")
        union = factories.make_organisation(session, "Gewerkschaftsbund", "DGB")
        people = {name: ident(factories.make_person(session, name)) for name in ("Ahorn", "Birke", "Eiche")}
        seat = bodies.add_seat(session, operator(), body, organisation_id=ident(chamber))
        second = bodies.add_seat(session, operator(), body, organisation_id=ident(union))
        far = bodies.add_seat(session, operator(), other, organisation_id=ident(union))
        member = bodies.fill_seat(
            session,
            operator(),
            seat,
            person_id=people["Ahorn"],
            kind=MembershipKind.MEMBER,
            valid_from=dt.date(2024, 1, 1),
        )
        return {
            "body": ident(body),
            "home": f"/gremien/{body.id}",
            "seat": f"/gremien/{body.id}/sitze/{seat.id}",
            "seat_id": ident(seat),
            "second": ident(second),
            "far": ident(far),
            "union": ident(union),
            "people": people,
            "membership": ident(member),
            "secretariat": factories.make_account(session, Role.SECRETARIAT, body),
            "reader": factories.make_seated(session, body),
        }


def version_of(answer, which=-1):
    return re.findall(r'name="version" value="(\d+)"', answer.text)[which]


def stand_of(answer):
    return re.search(r'name="stand" value="([0-9a-f]+)"', answer.text)[1]


def holders(database, seat_id, kind=MembershipKind.MEMBER):
    with database.read() as session:
        return [
            (name, one.valid_from, one.valid_to)
            for one, name in queries.list_memberships(session, seat_id)
            if one.kind is kind
        ]


def test_a_renamed_body_bears_each_name_on_its_days(browse, database, house):
    browser = browse(house["secretariat"])
    seen = version_of(browser.get(f"{house['home']}/bearbeiten"))
    answer = browser.submit(
        f"{house['home']}/umbenennen", version=seen, name="Lenkungskreis", valid_from="01.04.2026", source="Beschluss 3"
    )
    assert answer.status_code == 303
    with database.read() as session:
        body = queries.load_body(session, house["body"])
        assert queries.name_on(body, dt.date(2026, 3, 31)) == "Steuerungskreis"
        assert queries.name_on(body, dt.date(2026, 4, 1)) == "Lenkungskreis"
    text = browser.get(house["home"]).text
    assert "bis 31.03.2026" in text
    assert "Beschluss 3" in text
    again = browser.submit(f"{house['home']}/umbenennen", name="Noch anders", valid_from="2026-04-01")
    assert again.status_code == 422
    assert "gilt schon „Lenkungskreis“" in again.text
    assert 'value="Noch anders"' in again.text


def test_the_short_name_stays_unique_and_a_stale_form_shows_both_states(browse, house):
    browser, address = browse(house["secretariat"]), f"{house['home']}/bearbeiten"
    names = {"names-0-name": "Steuerungskreis"}
    taken = browser.submit(address, short_name="NETZ", **names)
    assert taken.status_code == 422
    assert "gibt es schon" in taken.text
    seen = version_of(browser.get(address))
    assert browser.submit(address, version=seen, short_name="SKI", **names).status_code == 303
    late = browser.submit(address, version=seen, short_name="SKIP2", **names)
    assert late.status_code == 412
    assert "Kurzbezeichnung: SKIP2" in late.text
    assert "Kurzbezeichnung: SKI" in late.text
    assert 'value="SKIP2"' in late.text


def test_the_body_steers_the_chosen_periods(browse, database, house):
    with database.write() as session:
        period = factories.make_period(session, "2022–2026")
    browser = browse(house["secretariat"])
    stand = stand_of(browser.get(f"{house['home']}/bearbeiten"))
    answer = browser.submit(f"{house['home']}/planperioden", stand=stand, periods=[period.id])
    assert answer.status_code == 303
    with database.read() as session:
        assert queries.steered_periods(session, house["body"]) == frozenset({period.id})
    assert browser.submit(f"{house['home']}/planperioden", stand=stand, periods=[]).status_code == 412


def sections(database, house):
    with database.read() as session:
        return [(one.key, one.title, one.minutes) for one in queries.list_sections(session, house["body"])]


def fields_of(text):
    """The form of the sections as a browser would send it back."""
    found = dict(re.findall(r'name="(sections-\d+-\w+)" type="\w+" value="([^"]*)"', text))
    found |= dict(re.findall(r'type="hidden" name="(sections-\d+-key)" value="([^"]*)"', text))
    found |= dict.fromkeys(re.findall(r'name="(sections-\d+-minutes_in_all)" value="1" checked', text), "1")
    return {**found, "stand": re.search(r'name="stand" value="([0-9a-f]+)"', text)[1]}


def test_sections_are_renamed_ordered_removed_and_taken_back(browse, database, house):
    browser, address = browse(house["secretariat"]), f"{house['home']}/abschnitte"
    fields = fields_of(browser.get(address).text)
    fields |= {"sections-4-title": "Aussprache", "sections-4-minutes": "15", "sections-4-place": "1"}
    fields |= {"sections-0-place": "2", "sections-2-remove": "1"}
    answer = browser.submit(address, **fields)
    assert answer.status_code == 303, answer.text
    now = sections(database, house)
    assert now[0] == ("beratung", "Aussprache", 15)
    assert "schwerpunktthema" not in [key for key, *_ in now]
    text = browser.get(address).text
    assert "Nicht verwendet: Schwerpunktthema" in text
    fields = fields_of(text) | {"sections-6-title": "Impuls", "sections-6-minutes": "20", "sections-6-place": "3"}
    assert browser.submit(address, **fields).status_code == 303
    assert ("schwerpunktthema", "Impuls", 20) in sections(database, house)


def test_a_section_under_which_something_stands_is_not_removed(browse, database, house):
    from app.agenda.models import SectionKey
    from app.agenda.schemas.wishes import ItemIn
    from app.agenda.service.items import add_item

    with database.write() as session:
        body = session.get(Body, house["body"])
        meeting = factories.make_meeting(session, body)
        add_item(session, operator(), meeting, ItemIn(title="Punkt", section=SectionKey.DEBATE))
    browser, address = browse(house["secretariat"]), f"{house['home']}/abschnitte"
    before = sections(database, house)
    fields = fields_of(browser.get(address).text) | {"sections-4-remove": "1", "sections-3-title": "Beschlüsse"}
    answer = browser.submit(address, **fields)
    assert answer.status_code == 422
    assert "„Beratung“ wird gebraucht" in answer.text
    assert 'value="Beschlüsse"' in answer.text
    assert sections(database, house) == before


def test_wrong_minutes_are_told_at_their_field_and_a_stale_form_changes_nothing(browse, database, house):
    browser, address = browse(house["secretariat"]), f"{house['home']}/abschnitte"
    fields = fields_of(browser.get(address).text)
    wrong = browser.submit(address, **{**fields, "sections-1-minutes": "viele"})
    assert wrong.status_code == 422
    assert 'href="#f-sections-1-minutes"' in wrong.text
    assert browser.submit(address, **{**fields, "sections-1-minutes": "12"}).status_code == 303
    late = browser.submit(address, **{**fields, "sections-1-minutes": "20"})
    assert late.status_code == 412
    assert "20 Minuten" in late.text
    assert "12 Minuten" in late.text
    assert ("umsetzungsstand", "Umsetzungsstand und Beschlusskontrolle", 12) in sections(database, house)


def test_a_new_seat_comes_last_and_moves_up(browse, database, house):
    browser = browse(house["secretariat"])
    answer = browser.submit(
        f"{house['home']}/sitze/neu", organisation=house["union"], title="Jugend", voting="1", valid_from="2026-01-01"
    )
    assert answer.status_code == 303
    made = int(answer.headers["location"].rpartition("/")[2])
    with database.read() as session:
        assert [one.id for one in queries.seats_in_order(session, house["body"])][-1] == made
    browser.submit(f"{house['home']}/sitze/{made}/platz", nach="oben")
    with database.read() as session:
        order = [one.id for one in queries.seats_in_order(session, house["body"])]
    assert order[-2] == made
    text = browser.get(house["home"]).text
    assert text.index(f'id="sitz-{made}"') < text.index(f'id="sitz-{order[-1]}"')
    empty = browser.submit(f"{house['home']}/sitze/neu", title="Ohne Institution")
    assert empty.status_code == 422
    assert 'value="Ohne Institution"' in empty.text


def test_a_second_chair_is_refused(browse, house):
    browser = browse(house["secretariat"])
    first = {"organisation": house["union"], "voting": "1", "chair": "1"}
    address = f"{house['home']}/sitze/{house['second']}"
    assert browser.submit(address, **first).status_code == 303
    answer = browser.submit(house["seat"], **first)
    assert answer.status_code == 422
    assert "Den Vorsitz hat schon der Sitz Gewerkschaftsbund" in answer.text


def test_one_member_at_a_time_deputies_several(browse, database, house):
    browser, people = browse(house["secretariat"]), house["people"]
    refused = browser.submit(
        f"{house['seat']}/besetzen", person=people["Birke"], kind="member", valid_from="2026-04-01"
    )
    assert refused.status_code == 422
    assert "Mitglied ist schon Ahorn (seit 01.01.2024)" in refused.text
    assert 'value="2026-04-01"' in refused.text
    for name in ("Birke", "Eiche"):
        answer = browser.submit(f"{house['seat']}/besetzen", person=people[name], kind="deputy")
        assert answer.status_code == 303
    assert len(holders(database, house["seat_id"], MembershipKind.DEPUTY)) == 2
    assert [name for name, *_ in holders(database, house["seat_id"])] == ["Ahorn"]


def test_the_successor_begins_the_day_after_the_predecessor_ends(browse, database, house):
    browser, people = browse(house["secretariat"]), house["people"]
    answer = browser.submit(f"{house['seat']}/nachfolge", person=people["Birke"], valid_from="01.05.2026")
    assert answer.status_code == 303
    assert holders(database, house["seat_id"]) == [
        ("Birke", dt.date(2026, 5, 1), None),
        ("Ahorn", dt.date(2024, 1, 1), dt.date(2026, 4, 30)),
    ]
    for day, there, absent in (("30.04.2026", "Ahorn", "Birke"), ("01.05.2026", "Birke", "Ahorn")):
        text = browser.get(f"{house['home']}?am={day}").text
        row = text[text.index(f'id="sitz-{house["seat_id"]}"') :].partition("</tr>")[0]
        assert there in row
        assert absent not in row
    again = browser.submit(f"{house['seat']}/nachfolge", person=people["Birke"], valid_from="01.06.2026")
    assert again.status_code == 422
    assert "ist an diesem Tag schon Mitglied" in again.text


def test_who_sits_there_is_corrected_and_a_late_correction_shows_both(browse, database, house):
    browser, address = browse(house["secretariat"]), f"{house['seat']}/besetzungen/{house['membership']}"
    with database.read() as session:
        seen = session.get(Membership, house["membership"]).version
    wish = {"person": house["people"]["Ahorn"], "kind": "member", "valid_from": "2024-02-01", "version": seen}
    assert browser.submit(address, **wish).status_code == 303
    late = browser.submit(address, **{**wish, "valid_from": "2024-03-01"})
    assert late.status_code == 412
    assert "Gültig ab: 01.03.2024" in late.text
    assert "Gültig ab: 01.02.2024" in late.text
    ended = browser.submit(address, **{**wish, "valid_to": "2023-12-31", "version": seen + 1})
    assert ended.status_code == 422
    assert "Das Ende liegt vor dem Beginn." in ended.text


def test_only_what_has_not_counted_yet_is_removed(browse, database, house):
    browser, people = browse(house["secretariat"]), house["people"]
    refused = browser.submit(f"{house['seat']}/besetzungen/{house['membership']}/entfernen")
    assert refused.status_code == 409
    assert "galt schon" in refused.text
    browser.submit(f"{house['seat']}/besetzen", person=people["Eiche"], kind="office", valid_from="2026-09-01")
    with database.read() as session:
        made = next(one for one, name in queries.list_memberships(session, house["seat_id"]) if name == "Eiche")
    assert browser.submit(f"{house['seat']}/besetzungen/{made.id}/entfernen").status_code == 303
    assert holders(database, house["seat_id"], MembershipKind.OFFICE) == []


def test_a_seat_ends_with_those_who_sit_there_and_an_unused_one_is_removed(browse, database, house):
    browser = browse(house["secretariat"])
    answer = browser.submit(f"{house['seat']}/ende", valid_to="30.06.2026")
    assert answer.status_code == 303
    assert holders(database, house["seat_id"]) == [("Ahorn", dt.date(2024, 1, 1), dt.date(2026, 6, 30))]
    assert "Handelskammer" in browser.get(f"{house['home']}?am=2026-06-30").text
    text = browser.get(f"{house['home']}?am=2026-07-01").text
    assert f'id="sitz-{house["seat_id"]}"' not in text
    refused = browser.submit(f"{house['seat']}/loeschen")
    assert refused.status_code == 409
    assert "1 Besetzung eines Sitzes" in refused.text
    assert browser.submit(f"{house['home']}/sitze/{house['second']}/loeschen").status_code == 303
    with database.read() as session:
        assert session.get(Seat, house["second"]) is None
    assert (
        browser.submit(f"{house['seat']}/besetzen", person=house["people"]["Eiche"], kind="deputy").status_code == 422
    )


def test_addresses_are_added_changed_and_removed(browse, house):
    browser = browse(house["secretariat"])
    stand = stand_of(browser.get(house["seat"]))
    one = {"addresses-0-email": "buero@kammer.example", "addresses-0-kind": "office", "addresses-0-name": "Büro"}
    wrong = browser.submit(f"{house['seat']}/anschriften", stand=stand, **{**one, "addresses-0-email": "Post"})
    assert wrong.status_code == 422
    assert 'value="Post"' in wrong.text
    assert browser.submit(f"{house['seat']}/anschriften", stand=stand, **one).status_code == 303
    assert "buero@kammer.example" in browser.get(house["home"]).text
    late = browser.submit(f"{house['seat']}/anschriften", stand=stand, **{"addresses-0-email": "neu@kammer.example"})
    assert late.status_code == 409
    assert 'value="neu@kammer.example"' in late.text
    stand = stand_of(browser.get(house["seat"]))
    assert browser.submit(f"{house['seat']}/anschriften", stand=stand).status_code == 303
    assert "buero@kammer.example" not in browser.get(house["home"]).text


def test_who_sits_on_a_day_as_a_file(browse, house):
    answer = browse(house["reader"]).get(f"{house['home']}/sitze.csv?am=2026-03-02")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0]["Institution"] == "Handelskammer"
    assert (rows[0]["Person"], rows[0]["Rolle"], rows[0]["ab"]) == ("Ahorn", "Mitglied", "01.01.2024")
    assert rows[1]["Person"] == ""
    assert browse(house["reader"]).get(f"{house['home']}/sitze.xlsx").content[:2] == b"PK"


def test_a_seat_of_another_body_is_unknown_here(browse, house):
    browser = browse(house["secretariat"])
    assert browser.get(f"{house['home']}/sitze/{house['far']}").status_code == 404
    assert browser.submit(f"{house['home']}/sitze/{house['far']}/ende", valid_to="2026-05-01").status_code == 404
    second = f"{house['home']}/sitze/{house['second']}/besetzungen/{house['membership']}"
    assert browser.submit(second, person=house["people"]["Birke"], kind="member").status_code == 404


def test_members_read_and_change_nothing(browse, database, house):
    browser = browse(house["reader"])
    assert "/sitze/" not in browser.get(house["home"]).text.replace("/sitze.", "")
    for address in (f"{house['home']}/bearbeiten", f"{house['home']}/abschnitte", house["seat"]):
        assert browser.get(address).status_code == 403
    answer = browser.submit(f"{house['seat']}/nachfolge", person=house["people"]["Birke"], valid_from="2026-05-01")
    assert answer.status_code == 403
    assert [name for name, *_ in holders(database, house["seat_id"])] == ["Ahorn"]


def test_the_page_of_a_seat_takes_the_same_queries_for_one_and_many(browse, database, house):
    with recorded_queries(database.engine) as few:
        browse(house["secretariat"]).get(house["seat"])
    with database.write() as session:
        seat = session.get(Seat, house["seat_id"])
        for _ in range(3):
            person = factories.make_person(session)
            bodies.fill_seat(session, operator(), seat, person_id=ident(person), kind=MembershipKind.DEPUTY)
    with recorded_queries(database.engine) as many:
        browse(house["secretariat"]).get(house["seat"])
    assert len(few) == len(many)
