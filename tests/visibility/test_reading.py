"""Every role on every address that exists: the right status, and no word that the role may not read."""

import json
import re

import pytest

from tests.visibility.betrayal import channel_of, words_in
from tests.visibility.expectations import (
    ADMIN,
    ADVISORY,
    AUDITOR,
    AUDITOR_REASON,
    AUDITORS,
    MEMBER,
    RUN,
    SIGNED_IN,
    may_read,
    must_find,
)
from tests.visibility.routes import PAGES, Address, addresses, all_routes, onward, queries, unknown_parameters

SHOWN = 40
"""So many complaints are printed."""

ANSWERS = {200, 202, 204, 303, 403, 404}
"""What a visible thing may answer; 403 where a person sees the thing but not this side of it."""

GIVEN_ROLES = RUN[""] | AUDITORS | {ADMIN}
EXACTLY = {
    "/kalender": lambda role, address: 200,
    "/gremien": lambda role, address: 200,
    "/gremien/{body_id}": lambda role, address: 200,
    "/gremien/{body_id}/regeln": lambda role, address: 200 if role in RUN[address.things[0].fact.body] else 403,
    "/sitzungen/{meeting_id}/sitzung.ics": lambda role, address: 200,
    "/verlauf": lambda role, address: 200 if role in GIVEN_ROLES else 404,
}
"""What the visible addresses of these routes answer, exactly."""

MAY_ALSO = {"/sitzungen/{meeting_id}/vorschlaege/zusammenlegen": {409, 422}}
"""What these say besides, to who may act: here that nothing is chosen, or that the agenda is closed."""


def plain(text: str, address: Address) -> str:
    """An answer without what differs by request: its address, ids and form tokens."""
    text = text.replace(address.path, "ADDRESS")
    return re.sub(r"[0-9a-f]{64}", "TOKEN", text)


@pytest.fixture(scope="module")
def routes(world_application):
    readable = [route for route in all_routes(world_application) if route.method == "GET" and not route.is_public]
    return [route for route in readable if not route.path.endswith(".pdf")]


def test_every_path_parameter_is_explained(world_application):
    unknown = unknown_parameters(all_routes(world_application))
    assert not unknown, f"add these to the world (tests/visibility/world.py, routes.KINDS): {unknown}"


def test_the_walk_meets_every_kind_of_route(routes):
    assert len(routes) > 3
    assert any(route.is_file for route in routes)


@pytest.mark.slow
@pytest.mark.parametrize("role", SIGNED_IN)
def test_everybody_reads_what_is_theirs_and_nothing_else(role, world, routes, visit):
    visitor = visit(role)
    complaints, seen = [], set()
    for route in routes:
        unknown, varied = None, set()
        for address in addresses(route, world, role):
            visible = address.visible_to(role)
            # All things are asked for, but what queries change is the same for things that are alike.
            alike = address.group(role) in varied
            varied |= {address.group(role)} if visible else set()
            for query in queries(route, world) if visible and not alike else [""]:
                response = visitor.get(address.path + query)
                complaints += wrong_status(role, address, query, response)
                complaints += betrayed(role, world, address, query, response)
                seen |= words_in(response)
                if visible and not query and response.status == 200 and channel_of(response) == "page":
                    piece = visitor.get(address.path, **{"HX-Request": "true"})
                    complaints += betrayed(role, world, address, " as a piece", piece)
                if visible and not query and response.status == 200:
                    complaints += further(visitor, role, world, address, response, seen)
                if not visible and response.status == 404:
                    told = plain(response.text, address)
                    unknown = unknown or told
                    if told != unknown:
                        complaints.append(f"{address}: tells unknown from invisible")
    for word in sorted(world.words.keys() - seen):
        fact, name = world.words[word]
        if must_find(role, fact, name):
            complaints.append(f"shows {name} ({fact.kind} {fact.body}: {fact.label}) nowhere")
    assert not complaints, f"{len(complaints)} holes\n" + "\n".join(complaints[:SHOWN])


def further(visitor, role, world, address, response, found):
    """The pages of a list beyond the first."""
    complaints, waiting, asked = [], onward(address, response.text), set()
    while waiting and len(asked) < PAGES:
        place = waiting.pop()
        if place in asked:
            continue
        asked.add(place)
        response = visitor.get(place)
        query = place.removeprefix(address.path)
        complaints += wrong_status(role, address, query, response)
        complaints += betrayed(role, world, address, query, response)
        found |= words_in(response)
        waiting += onward(address, response.text)
    return complaints


def wrong_status(role, address, query, response):
    route = address.route
    if route.parameters and not address.visible_to(role):
        expected = {404}
    elif route.path in EXACTLY:
        expected = {EXACTLY[route.path](role, address)} | ({404} if query.startswith("?gremium=") else set())
    else:
        expected = ANSWERS | ({422} if query else set())
        if role in RUN[address.things[0].fact.body if address.things else ""]:
            expected |= MAY_ALSO.get(route.path, set())
    if response.status not in expected:
        wanted = "/".join(map(str, sorted(expected)))
        return [f"{address}{query}: {response.status} instead of {wanted}"]
    return []


def betrayed(role, world, address, query, response):
    channel = channel_of(response)
    complaints = []
    for word in sorted(words_in(response)):
        fact, name = world.words[word]
        if not may_read(role, fact, channel, at=address.path):
            complaints.append(f"{address}{query}: shows {name} ({fact.kind} {fact.body}: {fact.label}) as {channel}")
    return complaints


@pytest.mark.parametrize("role", [MEMBER, ADVISORY, AUDITOR, AUDITOR_REASON])
def test_whether_a_draft_is_being_written_is_not_for_members(role, world, visit):
    meeting = world.find("meeting", "announced draft")

    answer = visit(role).get(f"/api/v1/meetings/{meeting.id}")

    assert json.loads(answer.content)["state"] == "announced"
