"""Circular procedures for programs: from a draft to a number, who reads what, and what is refused."""

import pytest
from sqlmodel import select

from app import clock
from app.circulars.models import Ballot
from app.clock import end_of_day
from app.db import ident
from app.text import parse_date
from tests import factories

BALLOT = {"procedure_agreed": True, "vote": "yes"}
END = end_of_day(parse_date("16.03.2026"))
ONE = "/circular-procedures"


@pytest.fixture
def circle(database, house):
    """A body of its own with a chair, a member and a secretariat."""
    from app.actor import Role

    with database.write() as session:
        body = factories.make_body(session, "RUNDE")
        return {
            "body": ident(body),
            "chair": factories.make_seated(session, body, chair=True),
            "member": factories.make_seated(session, body),
            "advisory": factories.make_seated(session, body, voting=False),
            "secretariat": factories.make_account(session, Role.SECRETARIAT, body),
        }


def prepared(call, circle, **values):
    wish = {"body": circle["body"], "title": "Hafen", "wording": "Der Hafen bleibt.", **values}
    answer = call(circle["secretariat"]).post(ONE, wish)
    assert answer.status_code == 201, answer.text
    return answer.json()


def started(call, circle, **values):
    one = prepared(call, circle, **values)
    answer = call(circle["secretariat"]).post(f"{ONE}/{one['id']}/start", {})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_from_a_draft_to_a_numbered_decision(call, circle):
    clause = {"verb": "agrees", "text": "dem Plan"}
    draft = prepared(call, circle, clauses=[clause])
    assert (draft["state"], draft["tally"], draft["number"]) == ("draft", None, None)
    assert draft["clauses"][0]["text"] == "dem Plan"
    assert call(circle["member"]).get(f"{ONE}/{draft['id']}").status_code == 404
    office, path = call(circle["secretariat"]), f"{ONE}/{draft['id']}"
    changed = office.patch(path, {"grounds": "Es eilt."}, seen=draft["version"])
    assert changed.json()["grounds"] == "Es eilt."
    assert office.patch(path, {"grounds": "Nein"}, seen=draft["version"]).status_code == 412
    running = office.post(f"{path}/start", {}).json()
    assert running["ends_on"] == "2026-03-16"
    assert running["ends_at"] == "2026-03-17T00:00:00+01:00"
    mine = call(circle["member"]).post(f"{path}/ballots", {**BALLOT, "remark": "Gern"})
    assert mine.status_code == 200
    assert (mine.json()["tally"], mine.json()["answers"]) == (None, None)
    assert [one["vote"] for one in mine.json()["own_answers"]] == ["yes"]
    assert office.post(f"{path}/establish").status_code == 409
    assert call(circle["chair"]).post(f"{path}/ballots", {**BALLOT, "vote": "abstention"}).status_code == 200
    done = office.post(f"{path}/establish").json()
    assert (done["state"], done["number"]) == ("adopted", "RUNDE 2026/01")
    tally = {"seats": 2, "answered": 2, "yes": 1, "no": 0, "abstentions": 1, "objections": 0}
    assert done["tally"] == tally
    assert call(circle["advisory"]).get(path).json()["tally"] == tally


def test_a_late_answer_is_refused_with_both_times(call, circle, database):
    one, member = started(call, circle), call(circle["member"])
    with clock.standing_at(END):
        answer = member.post(f"{ONE}/{one['id']}/ballots", BALLOT)
    assert answer.status_code == 409
    assert "16.03.2026 um 24:00 Uhr" in answer.json()["detail"]
    assert "17.03.2026 um 00:00:00 Uhr" in answer.json()["detail"]
    with database.read() as session:
        assert not session.exec(select(Ballot)).all()


def test_only_the_secretariat_answers_on_behalf(call, circle):
    one = started(call, circle)
    path = f"{ONE}/{one['id']}/ballots"
    seats = [answer["seat"] for answer in one["answers"]]
    wish = {**BALLOT, "seat": seats[0]}
    assert call(circle["secretariat"]).post(path, wish).status_code == 422
    assert call(circle["member"]).post(path, {**wish, "reason": "Telefonat"}).status_code == 403
    assert call(circle["advisory"]).post(path, BALLOT).status_code == 403
    told = call(circle["secretariat"]).post(path, {**wish, "reason": "Telefonat"}).json()
    assert (told["answers"][0]["role"], told["answers"][0]["reason"]) == ("on_behalf", "Telefonat")


def test_sent_twice_with_one_key_an_answer_is_given_once(call, circle, database):
    one, member = started(call, circle), call(circle["member"])
    for _ in range(2):
        assert member.post(f"{ONE}/{one['id']}/ballots", BALLOT, once="einmal").status_code == 200
    with database.read() as session:
        assert len(session.exec(select(Ballot)).all()) == 1


def test_a_withdrawn_one_says_why(call, circle):
    one = started(call, circle)
    office = call(circle["secretariat"])
    assert office.post(f"{ONE}/{one['id']}/withdraw", {}).status_code == 422
    told = office.post(f"{ONE}/{one['id']}/withdraw", {"reason": "Neue Fassung"}).json()
    assert (told["state"], told["outcome_note"]) == ("withdrawn", "Neue Fassung")


def test_lists_hold_what_their_reader_may_see(call, circle):
    started(call, circle)
    started(call, circle, title="Geheim", wording="Geheim.", level="confidential")
    prepared(call, circle, title="Entwurf", wording="Anders.")
    titles = {
        who: [one["title"] for one in call(circle[who]).get(ONE).json()["items"]]
        for who in ("secretariat", "member", "advisory")
    }
    assert titles == {
        "secretariat": ["Hafen", "Geheim", "Entwurf"],
        "member": ["Hafen", "Geheim"],
        "advisory": ["Hafen"],
    }
    found = call(circle["secretariat"]).get(ONE, state="draft", body=circle["body"]).json()
    assert [one["title"] for one in found["items"]] == ["Entwurf"]
