"""Refusals that are alike everywhere: not signed in, unknown, malformed, forged; every answer a problem in German."""

import pytest

from tests.api.conftest import PREFIX, fields, problem, served

LED = ("/status-reports", "/projects/{project_id}/papers")
"""What project leads may send to their own project."""


def operations(application):
    """Every operation with an address whose ids exist nowhere."""
    for method, path in sorted(served(application)):
        parts = ("987654" if part.startswith("{") else part for part in path.split("/"))
        yield method, "/".join(parts)


def test_nothing_answers_without_a_sign_in(application, call, house):
    client = call().client
    asked = 0
    for method, path in [*operations(application), ("GET", "/api/v1/unknown"), ("PUT", "/api/v1/meetings")]:
        for content in (b"{}", b"{", None):
            answer = client.request(method, path, content=content, headers={"Content-Type": "application/json"})
            problem(answer, 401)
            assert answer.headers["www-authenticate"] == "Bearer"
            asked += 1
    assert asked > 90


def test_a_wrong_token_is_no_token(call, house):
    program = call()
    program.headers = {"Authorization": "Bearer falsch"}
    problem(program.get("/meetings"), 401)
    program.headers = {"Authorization": "Basic YTpi"}
    problem(program.get("/meetings"), 401)


def test_a_revoked_token_and_a_closed_account_are_refused(call, house, database):
    program = call(house["member"])
    assert program.get("/me").status_code == 200
    with database.write() as session:
        account = session.merge(house["member"])
        account.active = False
        session.add(account)
    problem(program.get("/me"), 401)


def test_unknown_ids_are_not_found_everywhere(application, call, house):
    program = call(house["all"])
    for method, path in operations(application):
        if "987654" in path and method == "GET":
            problem(program.client.request(method, path, headers=program.headers), 404)


@pytest.mark.parametrize("wrong", ["0", "-1", "abc", "99999999999999999999", "1.5", "%00", "1e3"])
def test_what_can_be_no_id_is_not_found(call, house, wrong):
    program = call(house["all"])
    for path in ("/bodies/", "/meetings/", "/projects/", "/persons/", "/organisations/", "/topics/"):
        problem(program.get(path + wrong), 404)
    problem(program.post(f"/meetings/{wrong}/announce"), 404)


def test_unknown_addresses_and_methods(call, house):
    program = call(house["all"])
    problem(program.get("/verdicts"), 404)
    problem(program.client.put(f"{PREFIX}/meetings", headers=program.headers, json={}), 405)
    problem(program.client.delete(f"{PREFIX}{house.meeting}", headers=program.headers), 405)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b'"text"', b"3", b"\xff\xfe", b"[" * 5000, b'{"name": NaN}', b"1" * 5000]
)
def test_bodies_that_are_no_object_are_refused_in_german(call, house, content):
    program = call(house["all"])
    headers = program.headers | {"Content-Type": "application/json"}
    answer = program.client.post(f"{PREFIX}/bodies", content=content, headers=headers)
    assert answer.status_code in (400, 422)
    problem(answer, answer.status_code)


def test_unknown_fields_are_refused_by_name(call, house):
    program = call(house["all"])
    known = {"name": "Beirat", "short_name": "B"}
    refused = fields(program.post("/bodies", {**known, "farbe": "rot", "größe 🚢": 1}))
    assert refused == {"farbe": "Dieses Feld ist unbekannt.", "größe 🚢": "Dieses Feld ist unbekannt."}
    assert fields(program.post("/bodies", {**known, "\ud83d": "half an emoji"}))
    assert "drin" in fields(program.post(f"{house.meeting}/announce", {"drin": 1}))


def test_a_session_needs_the_form_token(browse, house):
    browser = browse(house["all"])
    wish = {"name": "Beirat", "short_name": "B"}
    problem(browser.post(f"{PREFIX}/bodies", json=wish), 403)
    for wrong in (b"0" * 64, b"\xfc", b""):
        problem(browser.post(f"{PREFIX}/bodies", json=wish, headers={"X-CSRF-Token": wrong}), 403)
    answer = browser.post(f"{PREFIX}/bodies", json=wish, headers={"X-CSRF-Token": browser.token()})
    assert answer.status_code == 201, answer.text
    assert browser.get(f"{PREFIX}/bodies").status_code == 200


def test_a_bearer_token_needs_no_form_token_and_ignores_the_cookie(browse, call, house):
    program = call(house["nobody"])
    browser = browse(house["all"])
    answer = browser.get(f"{PREFIX}/me", headers=program.headers)
    assert answer.json()["id"] == house["nobody"].id


def test_a_text_in_place_of_json_is_refused(call, house):
    program = call(house["all"])
    headers = program.headers | {"Content-Type": "text/plain"}
    answer = program.client.post(f"{PREFIX}/bodies", content=b'{"name": "B", "short_name": "B"}', headers=headers)
    problem(answer, 422)


@pytest.mark.parametrize("who", ["member", "stranger", "auditor", "lead", "admin", "nobody"])
def test_who_runs_no_body_changes_nothing(application, call, house, who, database):
    """Every POST and PATCH on things that exist: 403 where they are visible, 404 where not, never done."""
    program = call(house[who])
    ids = {"meeting_id": house.announced.id, "project_id": house.project.id}
    wishes = {
        "/registrations/{registration_id}/withdraw": {},
        "/withdraw": {"reason": "nein"},
        "/minutes/objections": {"text": "nein"},
        "/answer": {"state": "accepted"},
        "/minutes/addenda": {"text": "nein"},
        "/unpublish": {"reason": "nein"},
        "/letters/dispatches": {"persons": [1], "way": "post", "sent_on": "2026-03-01", "sent_by": "Kai"},
        "/revoke": {"reason": "nein"},
        "/invitations": {"fingerprint": "nein", "recipients": ["nein"]},
        "/guests": {"person": 1},
        "/seats": {"organisation": 1},
        "/memberships": {"person": 1},
        "/merge": {"into": 1},
        "/periods": {"name": "Neu"},
        "/fields": {"name": "Neu"},
        "/clusters": {"name": "Neu"},
        "/organisations": {"names": [{"name": "Neu"}]},
        "/persons": {"last_name": "Neu"},
        "/bodies": {"name": "Beirat", "short_name": "B"},
        "/meetings": {
            "body": house.body.id,
            "starts_at": "2026-09-01T10:00:00+02:00",
            "ends_at": "2026-09-01T12:00:00+02:00",
        },
        "/projects": {"code": "9.9", "title": "Neu"},
        "/move": {"starts_at": "2026-09-01T10:00:00+02:00", "ends_at": "2026-09-01T12:00:00+02:00"},
        "/agenda-items": {"title": "Neu", "section": "beratung"},
        "/reject": {"reason": "nein"},
        "/set-aside": {"reason": "nein"},
        "/outcome": {"outcome": "noted"},
        "/correct": {"as_of": "2026-02-14", "light": "green", "reason": "falsch"},
        "/join": {"proposals": [1, 2]},
        "/move-to": {"meeting": house.planned.id},
        "/use": {"meeting": house.planned.id},
        "/decisions": {
            "body": house.body.id,
            "number": "1/2018",
            "decided_on": "2018-05-16",
            "title": "Neu",
            "source": "Akte",
        },
        "/decision": {"title": "Neu"},
        "/void": {"reason": "nein"},
        "/replace": {"replaces": 1},
        "/follow-ups": {"state": "in_progress"},
        "/topics": {"body": house.body.id, "title": "Neu", "section": "beratung", "why": "später"},
        "/topics/{topic_id}/close": {"reason": "nein"},
        "/registrations": {"body": house.body.id, "title": "Neu", "occasion": "Darum."},
        "/actions": {"body": house.body.id, "title": "Neu", "organisation": 1},
        "/progress": {"text": "Neu"},
        "/decline": {"reason": "nein", "told": "nein"},
        "/circular-procedures": {"body": house.body.id, "title": "Neu"},
        "/ballots": {"procedure_agreed": True, "vote": "yes"},
        "/consent": {"consent_by": "Kai", "consent_on": "2026-03-01", "consent_how": "E-Mail"},
        "/chair": {"person": 1},
        "/exclusions": {"item": 1, "person": 1, "reason": "nein"},
        "/second-invitation": {"first_meeting": 1},
        "/confidential-access": {"body": house.body.id, "reason": "Prüfauftrag 7 des Rechnungshofs"},
    }
    changes = {
        "/attendance/seats/{seat_id}": {"answer": "accepted"},
        "/presences/{presence_id}": {"remote": True},
        "/meetings/{meeting_id}": {"number": 5},
        "/speaking-note": {"goal": "Neu"},
        "/minutes/items/{item_id}": {"note": "Neu"},
        "/guests/{person_id}": {"topic": "Neu"},
        "/persons/{person_id}": {"last_name": "Neu"},
        "/organisations/{organisation_id}": {"kind": "chamber"},
        "/periods/{period_id}": {"name": "Neu"},
        "/fields/{field_id}": {"name": "Neu"},
        "/clusters/{cluster_id}": {"name": "Neu"},
        "/memberships/{membership_id}": {"kind": "deputy"},
    }
    for method, path in served(application):
        if method == "GET" or (path.endswith(LED) and who == "lead"):
            continue
        if path.endswith("/registrations") and who in ("member", "stranger", "lead"):
            continue  # they may
        if path.endswith("/confidential-access") and who == "auditor":
            continue  # it gives its reason
        if path.endswith("/me/notice-choices"):
            continue  # everybody chooses for themselves
        address = path.removeprefix(PREFIX)
        for name, key in ids.items():
            address = address.replace("{" + name + "}", str(key))
        address = "/".join("1" if part.startswith("{") else part for part in address.split("/"))
        wish = next((wish for end, wish in wishes.items() if path.endswith(end)), {})
        if path.endswith("/status-reports"):
            wish = {"as_of": "2026-03-01", "light": "green"}
        answer = (
            program.post(address, wish)
            if method == "POST"
            else program.patch(
                address, next((wish for end, wish in changes.items() if path.endswith(end)), {"title": "Neu"}), seen=1
            )
        )
        assert answer.status_code in (403, 404, 412), f"{method} {path}: {answer.status_code} {answer.text}"
        problem(answer, answer.status_code)
