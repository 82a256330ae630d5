"""Every route that changes something: who may not act changes nothing, and what is invisible stays unknown."""

import hashlib
import json
import re
import zlib
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from app import clock
from app.main import create_app
from app.request import SESSION_COOKIE
from app.storage import Folder
from app.web.agenda.workbench import WORKBENCH
from tests.conftest import NOW, BoundDatabase
from tests.factories import PASSWORD
from tests.visibility.betrayal import channel_of, words_in
from tests.visibility.conftest import visitor_of
from tests.visibility.expectations import (
    ADMIN,
    ADVISORY,
    AUDITOR,
    AUDITOR_REASON,
    AUDITORS,
    CHAIR,
    CHAIR_OFFICE,
    DEACTIVATED,
    DEPUTY,
    DRAFT,
    EACH,
    LEAD,
    MEMBER,
    MEMBER_B,
    NOBODY,
    OFFICE,
    RUN,
    SECRETARIAT_A,
    SECRETARIAT_ALL,
    SECRETARIAT_B,
    SIGNED_IN,
    SPEAKING,
    Fact,
    may_read,
)
from tests.visibility.forms import forms_of, matching, minimal_body
from tests.visibility.routes import SAFE, addresses, all_routes, queries
from tests.visibility.visitor import House, Visitor
from tests.visibility.world import WORD

pytestmark = pytest.mark.slow

Who = Callable[[Fact], frozenset[str]]
WRITER = "0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a"
EVERYBODY = frozenset(SIGNED_IN)


def runs(fact: Fact) -> frozenset[str]:
    """The secretariats of the body that the first thing of the address belongs to."""
    return RUN[fact.body]


REGISTER = RUN[""] | {CHAIR, CHAIR_OFFICE, MEMBER, DEPUTY, OFFICE, ADVISORY, MEMBER_B, LEAD}
"""Who registers topics: people of seats, project leads, secretariats."""

VOTERS = {"A": frozenset({MEMBER, DEPUTY}), "B": frozenset({MEMBER_B}), "C": frozenset(), "": frozenset()}
"""Who answers for the seat that the world's circular procedures ask; its office does not."""
OBJECT = {
    "A": frozenset({CHAIR, CHAIR_OFFICE, MEMBER, DEPUTY, OFFICE, ADVISORY}),
    "B": frozenset({MEMBER_B}),
    "C": frozenset(),
    "": frozenset(),
}
"""Who objects to minutes: members, deputies and offices of the body's seats."""

MAY_ACT: tuple[tuple[str, Who], ...] = (
    (r"/sitzungen/\{meeting_id\}/sprechzettel(/.*)?|.*/speaking-note", lambda fact: SPEAKING[fact.body]),
    (
        r"/sprechzettel/\{body_id\}",
        lambda fact: frozenset({ADMIN}) | (frozenset({CHAIR, CHAIR_OFFICE}) & DRAFT[fact.body]),
    ),
    (r"/abmelden|/kalender(/.*)?|/profil/.*|/api/v1/me/.*", lambda fact: fact.own or EVERYBODY),
    (r"(/postausgang|/api/v1/mails)/\{mail_id\}/.*", lambda fact: RUN[fact.body] if fact.body else frozenset({ADMIN})),
    (r"/(konten|einstellungen|rueckmeldungen|auskunft)/.*", lambda fact: frozenset({ADMIN})),
    (r"/vertrauliches|/api/v1/confidential-access", lambda fact: AUDITORS),
    (r"(/vertrauliches|/api/v1/confidential-access)/.*", lambda fact: fact.own),
    (r"/projekte/\{project_id\}/status/neu", lambda fact: runs(fact) | (fact.own & {LEAD})),
    (r"/api/v1/projects/\{project_id\}/status-reports", lambda fact: runs(fact) | (fact.own & {LEAD})),
    (
        r"/projekte/\{project_id\}/unterlagen(/\{paper_id\}/(version|bearbeiten|verschieben))?"
        r"|/api/v1/projects/\{project_id\}/papers(/\{paper_id\}(/versions)?)?",
        lambda fact: runs(fact) | (fact.own & {LEAD}),
    ),
    (r"/projekte/\{project_id\}/.*|/api/v1/projects/\{project_id\}(/.*)?", runs),
    (r"/projekte/planperioden/neu|/api/v1/periods", lambda fact: frozenset({SECRETARIAT_ALL})),
    (r"/projekte/(planperioden|handlungsfelder|themencluster)/.*|/api/v1/(periods|fields|clusters)/.*", runs),
    (r"/projekte/(neu|import.*)|/api/v1/projects", lambda fact: RUN[""]),
    (
        r"/sitzungen/\{meeting_id\}/niederschrift/einwendungen|/api/v1/meetings/\{meeting_id\}/minutes/objections",
        lambda fact: runs(fact) | OBJECT[fact.body],
    ),
    (
        r"/sitzungen/\{meeting_id\}/anwesenheit/ankuendigung/\{seat_id\}"
        r"|/api/v1/meetings/\{meeting_id\}/attendance/seats/\{seat_id\}",
        lambda fact: runs(fact) | (frozenset({CHAIR, CHAIR_OFFICE}) if fact.body == "A" else frozenset()),
    ),
    (r"/sitzungen/\{meeting_id\}/.*|/api/v1/meetings/\{meeting_id\}(/.*)?", runs),
    (r"/sitzungen|/sitzungen/neu|/api/v1/meetings", lambda fact: RUN["A"]),
    (r"/gremien/\{body_id\}/.*|/api/v1/bodies/\{body_id\}(/.*)?", runs),
    (r"/api/v1/bodies|/gremien/neu", lambda fact: frozenset({SECRETARIAT_ALL})),
    (r"/themenspeicher(/.*)?|/api/v1/topics(/.*)?", runs),
    (r"/beschluesse(/.*)?|/beschlusskontrolle/\{decision_id\}|/api/v1/decisions(/.*)?", runs),
    (r"/beschlusskontrolle/eintraege", lambda fact: RUN[""]),
    (r"/anmeldungen/\{registration_id\}/ablehnen|/api/v1/registrations/\{registration_id\}/decline", runs),
    (
        r"/anmeldungen/\{registration_id\}/einverstaendnis|/api/v1/registrations/\{registration_id\}/consent",
        lambda fact: runs(fact) | (frozenset({CHAIR, CHAIR_OFFICE}) if fact.body == "A" else frozenset()),
    ),
    (
        r"/umlaufverfahren/\{circular_id\}/antwort|/api/v1/circular-procedures/\{circular_id\}/ballots",
        lambda fact: runs(fact) | VOTERS[fact.body],
    ),
    (r"/umlaufverfahren(/.*)?|/api/v1/circular-procedures(/.*)?", runs),
    (r"(/anmeldungen|/api/v1/registrations)/\{registration_id\}(/.*)?", lambda fact: runs(fact) | fact.own),
    (r"/anmeldungen|/api/v1/registrations", lambda fact: REGISTER),
    (
        r"/auftraege/\{action_id\}/meldung|/api/v1/actions/\{action_id\}/progress",
        lambda fact: runs(fact) | (fact.own if fact.label.startswith("own") else frozenset()),
    ),
    (r"/auftraege/\{action_id\}(/.*)?|/api/v1/actions/\{action_id\}", runs),
    (r"/auftraege(/.*)?|/api/v1/actions", lambda fact: RUN[""]),
    (r"/personen(/.*)?|/institutionen(/.*)?|/api/v1/(persons|organisations)(/.*)?", lambda fact: RUN[""]),
)
"""Who may act: the first pattern that fits. A new route that fits none fails the tests: say here who may."""

BY_HAND = {
    "/vertrauliches": [[("body", "1"), ("reason", "Prüfauftrag 7 der Innenrevision")]],
    "/api/v1/confidential-access": {"body": 1, "reason": "Prüfauftrag 7 der Innenrevision"},
    "/sitzungen/{meeting_id}/niederschrift/versand": [[("released_by", "Probe")]],
    "/sitzungen/{meeting_id}/niederschrift/einwendungen": [[("item", ""), ("text", "Probe"), ("by", "Probe")]],
    "/sitzungen/{meeting_id}/niederschrift/einwendungen/{objection_id}": [[("state", "accepted"), ("answer", "x")]],
    "/sitzungen/{meeting_id}/niederschrift/genehmigung": [[("meeting", "1")]],
    "/sitzungen/{meeting_id}/niederschrift/veroeffentlichung/zuruecknehmen": [[("reason", "Probe")]],
    "/api/v1/meetings": {
        "body": 1,
        "starts_at": "2026-09-15T10:00:00+02:00",
        "ends_at": "2026-09-15T12:00:00+02:00",
    },
    "/api/v1/projects/{project_id}/status-reports": {"as_of": "2026-03-01", "summary": "Probe"},
    "/projekte/{project_id}/status/neu": [
        [("as_of", "2026-03-01"), ("summary", "Probe"), ("need", "unveraendert")],
    ],
    "/sitzungen/{meeting_id}/tagesordnung/{item_id}/texte": [
        [("field", "occasion"), ("text", "Probe"), ("writer", WRITER), ("sequence", "1"), ("version", "99")],
    ],
    "/institutionen/{organisation_id}/zusammenfuehren": [[("into", "1")]],
    "/beschluesse/{decision_id}/ersetzt": [[("replaces", "")]],
    "/beschluesse/{decision_id}/nicht-vergeben": [[("reason", "Probe")]],
    "/beschluesse/uebernehmen": [
        [
            ("body", "1"),
            ("number", "Probe 1/1999"),
            ("decided_on", "1999-03-01"),
            ("title", "Probe"),
            ("source", "Probe"),
            ("level", "internal"),
        ]
    ],
    "/sitzungen/{meeting_id}/tagesordnung/{item_id}/anwesend": [[("writer", WRITER)]],
    "/api/v1/bodies/{body_id}/seats/{seat_id}/memberships": {
        "person": 1,
        "kind": "deputy",
        "valid_from": "2031-01-01",
    },
    "/gremien/{body_id}/sitze/{seat_id}/besetzen": [
        [("person", "1"), ("kind", "deputy"), ("valid_from", "2031-01-01")]
    ],
    "/sitzungen/{meeting_id}/sprechzettel/{item_id}/texte": [
        [("field", "goal"), ("text", "Probe"), ("writer", WRITER), ("sequence", "1"), ("version", "0")],
    ],
    "/sitzungen/{meeting_id}/sprechzettel/{item_id}/anwesend": [[("writer", WRITER)]],
    "/sitzungen/{meeting_id}/sprechzettel/rahmen/texte": [
        [("field", "opening"), ("text", "Probe"), ("writer", WRITER), ("sequence", "1"), ("version", "0")],
    ],
    "/sitzungen/{meeting_id}/sprechzettel/rahmen/anwesend": [[("writer", WRITER)]],
    "/sitzungen/{meeting_id}/vorschlaege/{proposal_id}/texte": [
        [("field", "occasion"), ("text", "Probe"), ("writer", WRITER), ("sequence", "1"), ("version", "99")],
    ],
    "/sitzungen/{meeting_id}/vorschlaege/{proposal_id}/anwesend": [[("writer", WRITER)]],
    "/sitzungen/{meeting_id}/bearbeiten/texte": [
        [("field", "entry_details"), ("text", "Probe"), ("writer", WRITER), ("sequence", "1"), ("version", "0")],
    ],
    "/sitzungen/{meeting_id}/bearbeiten/anwesend": [[("writer", WRITER)]],
    "/sitzungen/{meeting_id}/protokoll/texte": [
        [("field", "opening"), ("text", "Probe"), ("writer", WRITER), ("sequence", "1"), ("version", "0")],
    ],
    "/sitzungen/{meeting_id}/protokoll/anwesend": [[("writer", WRITER)]],
    "/sitzungen/{meeting_id}/protokoll/texte/wiederherstellen": [[("revision", "1"), ("version", "99")]],
    "/sitzungen/{meeting_id}/protokoll/{item_id}/beschluss/texte": [
        [("field", "wording"), ("text", "Probe"), ("writer", WRITER), ("sequence", "1"), ("version", "0")],
    ],
    "/sitzungen/{meeting_id}/protokoll/{item_id}/beschluss/anwesend": [[("writer", WRITER)]],
    "/sitzungen/{meeting_id}/protokoll/{item_id}/beschluss/texte/wiederherstellen": [
        [("revision", "1"), ("version", "99")]
    ],
    "/sitzungen/{meeting_id}/protokoll/{item_id}/texte": [
        [("field", "note"), ("text", "Probe"), ("writer", WRITER), ("sequence", "1"), ("version", "0")],
    ],
    "/sitzungen/{meeting_id}/protokoll/{item_id}/anwesend": [[("writer", WRITER)]],
    "/sitzungen/{meeting_id}/protokoll/{item_id}/texte/wiederherstellen": [[("revision", "1"), ("version", "99")]],
    "/anmeldungen/{registration_id}/texte": [
        [("field", "occasion"), ("text", "Probe"), ("writer", WRITER), ("sequence", "1"), ("version", "99")],
    ],
    "/anmeldungen/{registration_id}/anwesend": [[("writer", WRITER)]],
    "/sitzungen/{meeting_id}/tagesordnung/{item_id}/texte/wiederherstellen": [[("revision", "1"), ("version", "99")]],
    "/sitzungen/{meeting_id}/vorschlaege/{proposal_id}/texte/wiederherstellen": [
        [("revision", "1"), ("version", "99")]
    ],
    "/sitzungen/{meeting_id}/sprechzettel/rahmen/texte/wiederherstellen": [[("revision", "1"), ("version", "99")]],
    "/sitzungen/{meeting_id}/sprechzettel/{item_id}/texte/wiederherstellen": [[("revision", "1"), ("version", "99")]],
    "/sitzungen/{meeting_id}/bearbeiten/texte/wiederherstellen": [[("revision", "1"), ("version", "99")]],
    "/anmeldungen/{registration_id}/texte/wiederherstellen": [[("revision", "1"), ("version", "99")]],
    "/api/v1/meetings/{meeting_id}/letters/dispatches": {
        "persons": [1],
        "way": "post",
        "sent_on": "2026-03-02",
        "sent_by": "Probe",
    },
    "/beschlusskontrolle/eintraege": [[("decision", "1:1"), ("state", "in_progress")]],
    "/beschlusskontrolle/{decision_id}": [[("state", "in_progress"), ("version", "1")]],
    "/api/v1/decisions/{decision_id}/follow-ups": {"state": "in_progress"},
    "/auftraege": [[("body", "1"), ("title", "Probe"), ("organisation", "1")]],
    "/auftraege/mehrere": [[("auftrag", "1:1"), ("text", "Probe")]],
    "/auftraege/{action_id}/meldung": [[("text", "Probe")]],
    "/api/v1/actions": {"body": 1, "title": "Probe", "organisation": 1},
    "/api/v1/actions/{action_id}/progress": {"text": "Probe"},
    "/api/v1/meetings/{meeting_id}/proposals/join": {"proposals": [1, 2]},
    "/umlaufverfahren/{circular_id}/antwort": [
        [("seat", "2"), ("procedure_agreed", "true"), ("vote", "yes"), ("reason", "Probe")]
    ],
    "/api/v1/circular-procedures": {"body": 1, "title": "Probe"},
    "/api/v1/circular-procedures/{circular_id}/ballots": {
        "seat": 2,
        "procedure_agreed": True,
        "vote": "yes",
        "reason": "Probe",
    },
    "/api/v1/registrations": {"body": 1, "seat": 1, "title": "Probe", "occasion": "Probe", "urgency": "Probe"},
    "/sitzungen/{meeting_id}/vorschlaege/{proposal_id}": [[("title", "Probe"), ("version", "1")]],
    "/sitzungen/{meeting_id}/tagesordnung/{item_id}/verschieben": [[("move", "up")]],
    "/sitzungen/{meeting_id}/tagesordnung/{item_id}/gaeste/{person_id}": [[("role", "guest"), ("topic", "Probe")]],
    "/sitzungen/{meeting_id}/anwesenheit/leitung": [[("person", "1")]],
    "/sitzungen/{meeting_id}/anwesenheit/zweite-einladung": [[("first_meeting", "1")]],
    "/sitzungen/{meeting_id}/anwesenheit/ausschluss/{item_id}/{person_id}/aufheben": [[]],
    "/sitzungen/{meeting_id}/anwesenheit/zweite-einladung/aufheben": [[]],
    "/sitzungen/{meeting_id}/veroeffentlichung/zuruecknehmen": [[("reason", "Probe")]],
    "/sitzungen/{meeting_id}/einladung/erledigt": [[("reply", "1")]],
    "/sitzungen/{meeting_id}/einladung": [[("preview", "0"), ("recipients", "0")]],
    "/sitzungen/{meeting_id}/schreiben/versandt/{dispatch_id}/zuruecknehmen": [[("reason", "Probe")]],
    "/api/v1/me/notice-choices": {"ways": {"circular_result": "digest"}},
    "/profil/sicherheit/app": [[("password", PASSWORD)]],
    "/profil/sicherheit/app/entfernen": [[("password", PASSWORD)]],
    "/profil/sicherheit/codes": [[("password", PASSWORD)]],
    "/profil/sicherheit/passkeys": [[("password", PASSWORD)]],
    "/profil/sicherheit/passkeys/{passkey_id}/entfernen": [[("password", PASSWORD)]],
    "/profil/sicherheit/kennwort": [
        [
            ("password_old", PASSWORD),
            ("password", "ein anderes langes Kennwort"),
            ("password_again", "ein anderes langes Kennwort"),
        ]
    ],
}
"""Plausible values where the smallest possible body, or a form as it stands, says nothing."""

PAPER_OWNERS = (
    "/sitzungen/{meeting_id}",
    "/projekte/{project_id}",
    "/anmeldungen/{registration_id}",
    "/themenspeicher/{topic_id}",
)
PAPER_OWNERS_OF_THE_API = (
    "/api/v1/meetings/{meeting_id}",
    "/api/v1/meetings/{meeting_id}/agenda-items/{item_id}",
    "/api/v1/projects/{project_id}",
    "/api/v1/registrations/{registration_id}",
    "/api/v1/topics/{topic_id}",
)
UPLOADS = (
    "/projekte/import",
    "/projekte/import/uebernehmen",
    "/personen/import",
    "/personen/import/uebernehmen",
    *(f"{owner}/unterlagen{end}" for owner in PAPER_OWNERS for end in ("", "/{paper_id}/version")),
    *(f"{owner}/papers{end}" for owner in PAPER_OWNERS_OF_THE_API for end in ("", "/{paper_id}/versions")),
)
"""Routes whose success needs a file; their own tests send one."""

IGNORED = {"sign_in_session", "sign_in_failure", "sign_in_event"}
"""Sessions and their log: everybody may end the session of their cookie, also who is not signed in any more."""

DONE = {200, 201, 202, 204, 303, 409, 412, 428}
SHOWN = 40


@pytest.fixture(scope="module")
def connection(world_database, world):
    """One connection whose outer transaction is never committed."""
    with world_database.engine.connect() as opened:
        outer = opened.begin()
        yield opened
        outer.rollback()


@pytest.fixture(scope="module")
def safe_house(connection, world_database, world_settings):
    """The application on that connection."""
    bound = BoundDatabase(connection, is_sqlite=world_database.is_sqlite)
    opened = House(create_app(world_settings, database=bound, storage=Folder(world_settings.storage)))
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def undone(connection):
    """What a test changes is gone after it."""
    nested = connection.begin_nested()
    yield
    nested.rollback()


@pytest.fixture(scope="session")
def routes(world_application):
    found = [route for route in all_routes(world_application) if route.method not in SAFE and not route.is_public]
    assert found
    return found


@pytest.fixture(scope="session")
def requests(world, house, routes, world_application):
    """For every unsafe route the values to send: as the site's own forms do, or as the API's description says."""
    with clock.standing_at(NOW):
        described = json.loads(visitor_of(house, world, ADMIN).get("/api/v1/openapi.json").content)
        forms = []
        for role in (SECRETARIAT_ALL, ADMIN):
            forms += crawled(visitor_of(house, world, role), world, role, world_application)
    found = {}
    for route in routes:
        if route.path in BY_HAND:
            found[route] = BY_HAND[route.path]
        elif route.is_api:
            found[route] = minimal_body(route, described, world)
        else:
            found[route] = [harmless(form.fields) for form in matching(route, forms)]
    return found


def harmless(fields):
    """The fields without the world's words: they would come back as what was typed."""
    return [
        (name, re.sub(WORD.pattern, "Probe", value, flags=re.IGNORECASE))
        for name, value in fields
        if name != "csrf_token"
    ]


def crawled(visitor, world, role, application):
    """The forms of all pages that *role* sees, of things that are alike for one."""
    found = []
    for route in all_routes(application):
        if route.method == "GET" and not route.is_public and not route.is_api and not route.is_file:
            visible = [one for one in addresses(route, world, role) if one.visible_to(role)]
            alike = {one.things[-1].fact.label if one.things else "": one for one in reversed(visible)}
            for address in alike.values():
                for query in (
                    "",
                    *(one for one in queries(route, world) if one.startswith(("?ansicht=", "?vorschlag="))),
                ):
                    answer = visitor.get(address.path + query)
                    if answer.status == 200 and channel_of(answer) == "page":
                        found += forms_of(address.path, answer.text)
    return found


def digest(connection) -> str:
    """What the whole database says, but for sessions and the days on which keys were last used."""
    found = hashlib.sha256()
    for table in SQLModel.metadata.sorted_tables:
        if table.name not in IGNORED:
            columns = [column for column in table.columns if column.name != "last_used_on"]
            rows = connection.execute(sa.select(*columns)).all()
            found.update(table.name.encode())
            found.update("\n".join(sorted(map(repr, rows))).encode())
    return found.hexdigest()


def who_may(route, address) -> frozenset[str]:
    for pattern, who in MAY_ACT:
        if re.fullmatch(pattern, route.path):
            return who(address.things[0].fact if address.things else Fact("internal"))
    raise KeyError(f"say in MAY_ACT who may {route}")


def test_somebody_said_for_every_route_who_may_act(routes):
    silent = [str(route) for route in routes if not any(re.fullmatch(pattern, route.path) for pattern, _ in MAY_ACT)]
    assert not silent, f"say in MAY_ACT who may act: {silent}"


@pytest.mark.parametrize("role", EACH)
def test_who_may_not_act_changes_nothing_and_learns_nothing(role, world, routes, requests, safe_house, connection):
    visitor = visitor_of(safe_house, world, role)
    token, before = visitor.form_token(), digest(connection)
    complaints = []
    with safe_house.standing_still():
        for route in routes:
            for address in some(route, world, role):
                for values, headers in sendings(route, requests[route], address.visible_to(role)):
                    answer = visitor.send(route.method, address.path, values, token=token, **headers)
                    if answer.status not in expected(role, address, headers):
                        complaints.append(f"{address} {headers or ''}: {answer.status}")
                    complaints += learned(role, world, address, answer)
    assert not complaints, f"{len(complaints)} holes\n" + "\n".join(complaints[:SHOWN])
    assert digest(connection) == before, "something changed"


def some(route, world, role):
    """Addresses at which the role may not act: one it sees and one it does not see; which ones differs by role."""
    barred = [
        one for one in addresses(route, world, role) if not (one.visible_to(role) and role in who_may(route, one))
    ]
    turn = zlib.crc32(f"{route} {role}".encode())
    groups = [
        [one for one in barred if one.visible_to(role)],
        [one for one in barred if one.known and not one.visible_to(role)],
        [one for one in barred if not one.known],
    ]
    chosen = [group[turn % len(group)] for group in groups if group]
    return chosen[:2]


def sendings(route, prepared, visible):
    """What to send: what is plausible, and programs a stale version, pages an empty form in parts; hidden things one.

    To a hidden thing programs send a version: without one they are told so before anything is looked at.
    """
    if route.is_api:
        found = [(prepared, {}), (prepared, {"If-Match": '"99999"'})]
        return found if visible else found[1:]
    found = [*((fields, {}) for fields in prepared[:1]), ([("ansicht", WORKBENCH)], {"HX-Request": "true"})]
    return found if visible else found[:1]


def expected(role, address, headers):
    """404 for what is invisible. A missing or stale version may be told first; whose body it is, too."""
    if (address.known and not address.visible_to(role)) or (not address.known and len(address.things) == 1):
        refused = {404}
    else:
        refused = {403, 404}
    if address.route.method == "PATCH" and "If-Match" not in headers:
        refused |= {428}
    if "If-Match" in headers and address.things and (address.visible_to(role) or not address.known):
        refused |= {412}
    if not address.known and len(address.things) > 1:
        refused |= {409, 422}
    if address.route.path in ("/sitzungen", "/api/v1/meetings") and role in RUN[""]:
        refused |= {422}
    return refused


def learned(role, world, address, answer):
    found = []
    for word in sorted(words_in(answer)):
        fact, name = world.words[word]
        if not may_read(role, fact, channel_of(answer)):
            found.append(f"{address}: shows {name} ({fact.kind} {fact.body}: {fact.label})")
    return found


@pytest.mark.parametrize("role", [SECRETARIAT_ALL, ADMIN])
def test_without_the_forms_token_nothing_changes(role, world, routes, requests, safe_house, connection):
    visitor = visitor_of(safe_house, world, role)
    visitor.form_token()
    before, complaints = digest(connection), []
    for route in routes:
        address = addresses(route, world, role)[-1]
        values = requests[route] if route.is_api else (requests[route] or [[]])[0]
        for token in ("", "0" * 64):
            answer = visitor.send(route.method, address.path, values, token=token)
            if answer.status != 403:
                complaints.append(f"{address}: {answer.status} instead of 403")
    assert not complaints, "\n".join(complaints[:SHOWN])
    assert digest(connection) == before, "something changed"


@pytest.mark.parametrize("role", [NOBODY, DEACTIVATED])
def test_who_is_not_signed_in_changes_nothing(role, world, routes, requests, safe_house, connection):
    visitor = visitor_of(safe_house, world, role)
    token = visitor.form_token()
    before, complaints = digest(connection), []
    for route in routes:
        for address in (addresses(route, world, role)[0], addresses(route, world, role)[-1]):
            values = requests[route] if route.is_api else (requests[route] or [[]])[0]
            answer = visitor.send(route.method, address.path, values, token=token)
            to_the_door = answer.status == 303 and answer.header("location").startswith("/anmelden")
            if answer.status != 401 and not to_the_door:
                complaints.append(f"{address}: {answer.status} {answer.header('location')}")
            complaints += learned(role, world, address, answer)
    assert not complaints, "\n".join(complaints[:SHOWN])
    assert digest(connection) == before, "something changed"


def test_who_may_act_can(world, routes, requests, safe_house, connection):
    """The requests above are plausible: sent by somebody who may, each does something or is refused by a rule."""
    complaints = []
    for route in routes:
        answers = set()
        for role in (SECRETARIAT_ALL, ADMIN, AUDITOR, AUDITOR_REASON):
            visitor = visitor_of(safe_house, world, role)
            token = visitor.form_token()
            for address in addresses(route, world, role):
                if role not in who_may(route, address) or not address.visible_to(role):
                    continue
                for values in [requests[route]] if route.is_api else (requests[route] or [[]])[:2]:
                    if answers & DONE:
                        break
                    nested = connection.begin_nested()
                    answers.add(visitor.send(route.method, address.path, values, token=token).status)
                    nested.rollback()
        if not answers & DONE and route.path not in UPLOADS:
            complaints.append(f"{route}: {sorted(answers)}")
    assert not complaints, "make these plausible (BY_HAND):\n" + "\n".join(complaints)


def test_a_foreign_page_cannot_send_forms(world, safe_house, connection):
    visitor = visitor_of(safe_house, world, SECRETARIAT_ALL)
    token, before = visitor.form_token(), digest(connection)
    body = world.find("body", "A")

    answer = visitor.send(
        "POST", f"/gremien/{body.id}/schliesstage", [("closing_days", "")], token=token, Sec_Fetch_Site="cross-site"
    )

    assert answer.status == 403
    assert digest(connection) == before


def test_a_token_for_programs_needs_no_form_token_but_does_not_lend_it_to_a_cookie(world, safe_house, connection):
    before = digest(connection)
    visitor = Visitor(safe_house, {SESSION_COOKIE: world.cookies[SECRETARIAT_ALL]}, bearer="invented")

    answer = visitor.send("POST", "/api/v1/bodies", {"name": "Neu", "short_name": "Neu"})

    assert answer.status == 401
    assert digest(connection) == before


def test_a_secretariat_puts_no_project_on_its_agenda_that_it_cannot_read(world, safe_house):
    """Else the agenda would tell title and light of any project whose number somebody guesses."""
    visitor = visitor_of(safe_house, world, SECRETARIAT_A)
    meeting, project = world.find("meeting", "draft"), world.find("project", "of B")
    wish = {"title": "Probe", "section": "beratung", "projects": [project.id]}

    answer = visitor.send("POST", f"/api/v1/meetings/{meeting.id}/agenda-items", wish, token=visitor.form_token())

    assert answer.status == 422
    assert not learned(SECRETARIAT_A, world, meeting, answer)


def test_the_same_key_of_another_account_brings_no_foreign_answer(world, safe_house):
    """Answers kept for Idempotency-Key are the account's own."""
    meeting = world.find("meeting", "released of B")
    place = f"/api/v1/meetings/{meeting.id}/move"
    wish = {"starts_at": "2026-03-26T11:00:00+01:00", "ends_at": "2026-03-26T12:00:00+01:00"}
    first, second = (visitor_of(safe_house, world, role) for role in (SECRETARIAT_B, SECRETARIAT_A))

    done = first.send("POST", place, wish, token=first.form_token(), Idempotency_Key="one")
    foreign = second.send("POST", place, wish, token=second.form_token(), Idempotency_Key="one")

    assert done.status == 200
    assert foreign.status == 404
