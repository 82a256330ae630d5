"""Registered topics, the topic backlog, joining and parting over the API: acts, refusals, versions, who may."""

import pytest

from app.access.queries import actor_of
from app.agenda.models import ItemKind, SectionKey
from tests import factories
from tests.api.conftest import fields, problem

WISH = {"title": "Kaimauer", "occasion": "Sie fehlt noch immer.", "section": "beschlussfassung", "minutes": 15}


@pytest.fixture
def seat(database, house):
    with database.read() as session:
        return actor_of(session, house["member"]).seats[0].seat_id


@pytest.fixture
def wish(house, seat):
    return {**WISH, "body": house.body.id, "seat": seat, "meeting": house.announced.id, "projects": [house.project.id]}


def register(call, house, wish, **more):
    answer = call(house["member"]).post("/registrations", {**wish, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_topic_is_registered_read_changed_and_withdrawn(call, house, wish):
    member = call(house["member"])
    made = register(call, house, wish)
    path = f"/registrations/{made['id']}"
    assert (made["url"], made["page"]) == (f"/api/v1{path}", f"/anmeldungen/{made['id']}")
    assert (made["state"], made["kind"], made["projects"]) == (
        "received",
        "decision",
        [{"id": house.project.id, "code": "1.2"}],
    )
    assert member.get(path).json() == made
    assert [one["id"] for one in call(house["chair"]).get("/registrations?state=received").json()["items"]] == [
        made["id"]
    ]
    assert call(house["stranger"]).get("/registrations").json()["items"] == []
    problem(call(house["stranger"]).get(path), 404)
    problem(member.patch(path, {"title": "Neu"}), 428)
    problem(member.patch(path, {"title": "Neu"}, seen=made["version"] + 5), 412)
    changed = member.patch(path, {"title": "Neu"}, seen=made["version"])
    assert changed.json()["title"] == "Neu"
    problem(call(house["chair"]).post(f"{path}/withdraw"), 403)
    assert member.post(f"{path}/withdraw").json()["state"] == "withdrawn"
    problem(member.post(f"{path}/withdraw"), 409)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " "}, "title"),
        ({"occasion": ""}, "occasion"),
        ({"seat": 999_999}, "seat"),
        ({"meeting": 999_999}, "meeting"),
        ({"projects": [999_999]}, "projects"),
        ({"papers_follow": True}, "papers_on"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_what_does_not_hold_is_refused_at_its_field(call, house, wish, given, field):
    assert list(fields(call(house["member"]).post("/registrations", {**wish, **given}))) == [field]


def test_who_may_not_register_is_refused(call, house, wish):
    for who in ("auditor", "admin", "nobody"):
        problem(call(house[who]).post("/registrations", wish), 403)
    problem(call(house["stranger"]).post("/registrations", wish), 404)


def test_leads_register_their_projects_for_the_next_meeting(call, house):
    wish = {**WISH, "body": house.body.id, "projects": [house.project.id]}
    made = call(house["lead"]).post("/registrations", wish)
    assert made.status_code == 201, made.text
    assert (made.json()["meeting"], made.json()["seat"]) == (None, None)
    assert list(fields(call(house["lead"]).post("/registrations", {**wish, "projects": []}))) == ["seat"]
    assert list(fields(call(house["lead"]).post("/registrations", {**wish, "meeting": house.announced.id}))) == [
        "meeting"
    ]


def test_declining_needs_what_is_told(call, house, wish):
    made = register(call, house, wish)
    path = f"/registrations/{made['id']}/decline"
    problem(call(house["member"]).post(path, {"reason": "x", "told": "y"}), 403)
    assert list(fields(call(house["secretariat"]).post(path, {"reason": "x"}))) == ["told"]
    answer = call(house["secretariat"]).post(path, {"reason": "Intern", "told": "Später."})
    assert (answer.json()["state"], answer.json()["answer"]) == ("declined", "Später.")
    assert "Intern" not in call(house["member"]).get(f"/registrations/{made['id']}").text
    (topic,) = call(house["chair"]).get("/topics").json()["items"]
    assert (topic["title"], topic["why"]) == ("Kaimauer", "Intern")


def test_consent_is_for_late_topics_only(call, house, wish):
    made = register(call, house, wish)
    body = {"consent_by": "Vorsitz", "consent_on": "2026-03-02", "consent_how": "mündlich"}
    problem(call(house["member"]).post(f"/registrations/{made['id']}/consent", body), 403)
    problem(call(house["chair"]).post(f"/registrations/{made['id']}/consent", body), 409)


def draft(call, house):
    answer = call(house["secretariat"]).post(f"{house.meeting}/proposals", {"as_of": "2026-03-01"})
    assert answer.status_code == 201, answer.text
    return answer.json()["items"]


def test_joining_answers_with_the_item_and_parting_with_the_proposals(call, house, wish):
    register(call, house, {**wish, "projects": []})
    secretariat, ids = call(house["secretariat"]), [one["id"] for one in draft(call, house)]
    assert len(ids) == 2
    path = f"{house.meeting}/proposals/join"
    assert list(fields(secretariat.post(path, {"proposals": ids[:1]}))) == ["proposals"]
    problem(call(house["chair"]).post(path, {"proposals": ids}), 403)
    problem(call(house["member"]).post(path, {"proposals": ids}), 403)
    joined = secretariat.post(path, {"proposals": ids, "title": "Hafen"})
    assert joined.status_code == 201, joined.text
    item = joined.json()
    assert (item["title"], item["section_key"], item["minutes"]) == ("Hafen", "beschlussfassung", 15)
    states = [one["state"] for one in secretariat.get(f"{house.meeting}/proposals").json()["items"]]
    assert states == ["accepted", "accepted"]
    problem(secretariat.post(path, {"proposals": ids}), 409)
    part = f"{house.meeting}/agenda-items/{item['id']}/part"
    problem(call(house["chair"]).post(part), 403)
    answer = secretariat.post(part)
    assert (sorted(answer.json()["proposals"]), answer.json()["agenda_items"]) == (sorted(ids), [])
    assert secretariat.get(f"{house.meeting}/agenda-items").json()["items"] == []


def test_an_open_proposal_is_edited_at_its_version(call, house):
    (one,) = draft(call, house)
    path = f"{house.meeting}/proposals/{one['id']}"
    secretariat = call(house["secretariat"])
    problem(secretariat.patch(path, {"title": "Neu"}), 428)
    problem(secretariat.patch(path, {"title": "Neu"}, seen=99_999), 412)
    changed = secretariat.patch(path, {"title": "Neu"}, seen=one["version"])
    assert (changed.json()["title"], changed.json()["edited"]) == ("Neu", True)
    problem(call(house["chair"]).patch(path, {"title": "Neu"}, seen=one["version"]), 403)


def test_an_item_moves_to_another_meeting(call, house):
    (one,) = draft(call, house)
    secretariat = call(house["secretariat"])
    item = secretariat.post(f"{house.meeting}/proposals/{one['id']}/accept").json()["item"]
    path = f"{house.meeting}/agenda-items/{item}/move-to"
    problem(secretariat.post(path, {"meeting": 999_999}), 404)
    answer = secretariat.post(path, {"meeting": house.planned.id})
    assert answer.json()["meeting"] == house.planned.id
    assert secretariat.get(f"{house.meeting}/agenda-items").json()["items"] == []


def test_an_entry_of_the_backlog_lives_its_life(call, house):
    secretariat = call(house["secretariat"])
    wish = {"body": house.body.id, "title": "Abwärme", "section": "beratung", "why": "Später"}
    made = secretariat.post("/topics", wish)
    assert made.status_code == 201, made.text
    path = f"/topics/{made.json()['id']}"
    assert (made.json()["kind"], made.json()["minutes"]) == ("debate", 10)
    problem(call(house["chair"]).post("/topics", wish), 403)
    problem(call(house["member"]).get(path), 404)
    changed = secretariat.patch(path, {"resume_on": "2026-06-01"}, seen=made.json()["version"])
    assert changed.json()["resume_on"] == "2026-06-01"
    back = secretariat.patch(path, {"resume_on": None}, seen=changed.json()["version"])
    assert back.json()["resume_on"] is None
    assert list(fields(secretariat.patch(path, {"resume_on": "2020-01-01"}, seen=back.json()["version"]))) == [
        "resume_on"
    ]
    assert secretariat.post(f"{path}/close", {"reason": "Geklärt"}).json()["state"] == "closed"
    problem(secretariat.post(f"{path}/close", {"reason": "Geklärt"}), 409)
    assert secretariat.post(f"{path}/reopen").json()["state"] == "open"
    assert secretariat.post(f"{path}/use", {"meeting": house.announced.id}).json()["state"] == "used"
    problem(secretariat.post(f"{path}/use", {"meeting": house.planned.id}), 409)
    (item,) = secretariat.get(f"{house.meeting}/agenda-items").json()["items"]
    assert item["title"] == "Abwärme"


def test_the_backlog_of_another_body_is_unknown(call, house, database):
    from app.agenda.schemas.wishes import TopicIn
    from app.agenda.service.topics import add_topic

    with database.write() as session:
        wish = TopicIn(body=house.other.id, title="Fremd", section=SectionKey.DEBATE, kind=ItemKind.DEBATE, why="x")
        topic = add_topic(session, factories.operator(), wish)
    for act in ("close", "use"):
        body = {"reason": "x"} if act == "close" else {"meeting": house.announced.id}
        problem(call(house["secretariat"]).post(f"/topics/{topic.id}/{act}", body), 404)
    answer = call(house["all"]).post(f"/topics/{topic.id}/use", {"meeting": house.announced.id})
    assert list(fields(answer)) == ["meeting"]
