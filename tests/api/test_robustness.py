"""Whatever JSON is sent to whatever operation: an answer in German, never a failure of the server."""

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db import ident
from tests import factories
from tests.api.conftest import served

NAMES = (
    "title name short_name body starts_at ends_at place number special reason section minutes projects position "
    "outcome note resume_on as_of light phase progress summary decision_need approved_by approved_on approved_how "
    "late_reason code period field fields partners lineage leads earlier_codes level kind occasion"
)
WORDS = st.sampled_from(NAMES.split())
LIKELY = st.sampled_from(
    [
        "SKIP", "beratung", "beschlussfassung", "adopted", "noted", "deferred", "red", "green", "running", "public",
        "2026-03-01", "2026-09-01T10:00:00+02:00", "2026-09-01T12:00:00+02:00", "0001-01-01", "9999-12-31",
        "9999-12-31T23:59:59+00:00", "\x00", "a\x00b", "\ud83d", "🏭" * 40, "x" * 301, " ", "NaN", "-0",
        "' OR 1=1 --", "{{ 7*7 }}", "%s%n", "\u202e\u2028",
    ]
)  # fmt: skip
NUMBERS = st.sampled_from([0, 1, 2, 3, -1, 2**31 - 1, 2**31, 2**63, 10**30, 1.5, 1e308])
ATOMS = st.none() | st.booleans() | NUMBERS | LIKELY | st.text(max_size=8)
VALUES = st.recursive(
    ATOMS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=5
)
BODIES = st.dictionaries(WORDS | st.text(max_size=4), VALUES, max_size=6) | VALUES

GOOD: dict[str, dict[str, Any]] = {
    "/bodies": {"name": "Beirat", "short_name": "B"},
    "/meetings": {
        "body": "SKIP",
        "starts_at": "2026-09-01T10:00:00+02:00",
        "ends_at": "2026-09-01T12:00:00+02:00",
        "place": "",
    },
    "/move": {"starts_at": "2026-09-01T10:00:00+02:00", "ends_at": "2026-09-01T12:00:00+02:00"},
    "/agenda-items": {"title": "Hafen", "section": "beratung", "projects": [1], "minutes": 10},
    "/projects": {"code": "7.7", "title": "Neu", "period": 1, "field": 1, "fields": [1], "partners": [1]},
    "/status-reports": {"as_of": "2026-03-01", "light": "green"},
    "/correct": {"as_of": "2026-02-14", "light": "green", "reason": "falsch"},
    "/reject": {"reason": "später", "resume_on": "2026-09-01"},
    "/set-aside": {"reason": "später", "resume_on": "2026-09-01"},
    "/outcome": {"outcome": "noted", "note": "", "resume_on": "2026-09-01"},
    "/release": {"approved_by": "Kai", "approved_on": "2026-03-01", "approved_how": "E-Mail", "late_reason": ""},
    "/proposals": {"as_of": "2026-03-01"},
    "/merge": {"into": 1},
    "/periods": {"name": "2031–2035", "starts_on": "2031-01-01", "ends_on": "2035-12-31"},
    "/fields": {"name": "Energie"},
    "/clusters": {"name": "Netze", "ends_on": "2026-12-31"},
    "/join": {"proposals": [1, 2], "title": "Beides", "section": "beratung"},
    "/move-to": {"meeting": 1},
    "/use": {"meeting": 1},
    "/decisions": {
        "body": 1,
        "number": "7/2018",
        "decided_on": "2018-05-16",
        "title": "Hafen",
        "source": "Akte",
        "clauses": [{"verb": "asks", "text": "um Bericht", "organisation": 1, "due_on": "2018-09-30"}],
        "projects": [1],
    },
    "/decision": {
        "title": "Hafen",
        "wording": "Er gilt.",
        "taking": "votes",
        "yes": 3,
        "no": 1,
        "clauses": [{"verb": "charges", "text": "zu bauen", "due_on": "2026-09-30"}],
        "projects": [1],
        "replaces": 1,
        "taken_at": "2026-03-02T10:00:00+01:00",
    },
    "/decisions/{decision_id}": {"title": "Hafen", "clauses": [{"id": 1, "verb": "asks", "text": "um Bericht"}]},
    "/void": {"reason": "doppelt"},
    "/replace": {"replaces": 1},
    "/follow-ups": {"state": "delayed", "as_of": "2026-03-01", "reason": "Frost", "due_on": "2026-09-01"},
    "/topics": {"body": 1, "title": "Hafen", "section": "beratung", "why": "später", "resume_on": "2026-09-01"},
    "/circular-procedures": {"body": 1, "title": "Hafen", "wording": "Ja.", "projects": [1], "level": "internal"},
    "/{circular_id}/start": {"ends_on": "2026-03-16"},
    "/{circular_id}/withdraw": {"reason": "falsch"},
    "/ballots": {"seat": 1, "procedure_agreed": True, "vote": "yes", "remark": "", "reason": "Telefonat"},
    "/registrations": {"body": 1, "title": "Hafen", "occasion": "Sie fehlt.", "projects": [1], "seat": 1},
    "/actions": {"body": 1, "title": "Karte", "organisation": 1, "due_on": "2026-09-30", "projects": [1]},
    "/progress": {"text": "Fertig", "state": "done", "due_on": "2026-09-30", "reason": "Wahl", "as_of": "2026-03-01"},
    "/decline": {"reason": "intern", "told": "später", "resume_on": "2026-09-01"},
    "/letters/dispatches": {"persons": [1], "way": "post", "sent_on": "2026-03-02", "sent_by": "Kai"},
    "/revoke": {"reason": "falsch"},
    "/invitations": {"fingerprint": "a" * 64, "recipients": ["b" * 20], "note": "Bitte pünktlich."},
    "/attendance/seats/{seat_id}": {
        "answer": "represented",
        "deputy": 1,
        "deputy_name": "Kim",
        "note": "",
        "excused": True,
    },
    "/presences": {"name": "Kim Gast", "role": "guest", "item": 1, "at": "2026-06-02T10:00:00+02:00"},
    "/presences/{presence_id}": {"from_at": "2026-06-02T10:00:00+02:00", "until_at": None, "remote": True},
    "/arrive-all": {"at": "2026-06-02T10:00:00+02:00"},
    "/leave": {"at": "2026-06-02T10:00:00+02:00"},
    "/chair": {"person": 1, "at": "2026-06-02T10:00:00+02:00"},
    "/exclusions": {"item": 1, "person": 1, "reason": "Befangenheit"},
    "/second-invitation": {"first_meeting": 1, "says_so": True},
    "/confidential-access": {"body": 1, "reason": "Prüfauftrag 7 des Rechnungshofs"},
    "/notice-choices": {"ways": {"circular_result": "off"}},
    "/consent": {"consent_by": "Kai", "consent_on": "2026-03-01", "consent_how": "E-Mail"},
}


RUNNING = (
    "/outcome",
    "/decision",
    "/close",
    "/dispatches",
    "/revoke",
    "/presences",
    "/arrive-all",
    "/leave",
    "/chair",
    "/exclusions",
)


def to_do(database):
    """Somebody who answers for an action."""
    with database.write() as session:
        return ident(factories.make_person(session))


@pytest.fixture
def ids(call, house, database):
    """Ids for every address: of a meeting in preparation with item and proposal, and of one in session."""
    program = call(house["all"])
    item = program.post(f"{house.meeting}/agenda-items", {"title": "Hafen", "section": "beratung"}).json()
    proposal = program.post(f"{house.meeting}/proposals").json()["items"][0]
    entry = {"body": house.body.id, "title": "Hafen", "section": "beratung", "why": "später"}
    topic = program.post("/topics", entry).json()
    wish = {"body": house.body.id, "title": "Hafen", "occasion": "Sie fehlt.", "projects": [house.project.id]}
    registration = call(house["lead"]).post("/registrations", wish).json()
    done = {"body": house.body.id, "title": "Karte", "person": to_do(database)}
    action = program.post("/actions", done).json()
    circular = program.post("/circular-procedures", {"body": house.body.id, "title": "Hafen", "wording": "Ja."}).json()
    decision = program.post("/decisions", {**GOOD["/decisions"], "body": house.body.id, "clauses": [], "projects": []})
    report = call(house["lead"]).post(f"/projects/{house.project.id}/status-reports", GOOD["/status-reports"]).json()
    running = f"/meetings/{house.elsewhere.id}"
    second = program.post(f"{running}/agenda-items", {"title": "Energie", "section": "beratung"}).json()
    program.post(f"{running}/release", GOOD["/release"])
    to = [one["person"] for one in program.get(f"{running}/letters").json()["items"]]
    sent = program.post(f"{running}/letters/dispatches", {**GOOD["/letters/dispatches"], "persons": to[:1]}).json()
    assert program.post(f"{running}/start").status_code == 200
    preparing = {
        "meeting_id": house.announced.id,
        "project_id": house.project.id,
        "item_id": item["id"],
        "proposal_id": proposal["id"],
        "topic_id": topic["id"],
        "registration_id": registration["id"],
        "action_id": action["id"],
        "circular_id": circular["id"],
        "decision_id": decision.json()["id"],
        "report_id": report["id"],
        "dispatch_id": sent["items"][0]["id"],
    }
    return preparing, {**preparing, "meeting_id": house.elsewhere.id, "item_id": second["id"]}


@pytest.mark.slow
def test_no_body_makes_the_server_fail(application, call, house, database, ids):
    """Each operation gets arbitrary JSON, or a good wish with one field made strange; things it acts on exist."""
    program = call(house["all"])
    operations = sorted((method, path) for method, path in served(application) if method != "GET")
    seen: set[int] = set()

    @settings(max_examples=200, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(operations), BODIES, VALUES, st.integers(0, 11))
    def send(operation, wild, value, choice):
        method, path = operation
        good = next((wish for end, wish in GOOD.items() if path.endswith(end)), {})
        strange = {**good, sorted(good)[choice % len(good)]: value} if good else wild
        content = (good, wild, strange, strange)[choice % 4]
        known = ids[path.endswith(RUNNING)]
        address = re.sub(r"\{(\w+)\}", lambda part: str(known.get(part[1], 1)), path)
        headers = program.headers | ({"If-Match": f'"{choice % 4}"'} if method == "PATCH" else {})
        with database.connection.begin_nested() as point:
            answer = program.client.request(method, address, content=json.dumps(content).encode(), headers=headers)
            point.rollback()
        seen.add(answer.status_code)
        assert answer.status_code < 500
        if answer.status_code >= 400:
            assert answer.json()["status"] == answer.status_code
            assert answer.json()["detail"]

    send()
    assert seen >= {200, 201, 409, 412, 422}
