"""Every role on every address that exists: the right status, and no word that the role may not read."""

import json

import pytest

from tests.visibility.expectations import ADVISORY, AUDITOR, AUDITOR_REASON, MEMBER, SIGNED_IN, must_find
from tests.visibility.routes import all_routes, unknown_parameters

SHOWN = 40
"""So many complaints are printed."""


def test_every_path_parameter_is_explained(world_application):
    unknown = unknown_parameters(all_routes(world_application))
    assert not unknown, f"add these to the world (tests/visibility/world.py, routes.KINDS): {unknown}"


def test_the_walk_meets_every_kind_of_route(readable_routes):
    assert len(readable_routes) > 3
    assert any(route.is_file for route in readable_routes)


@pytest.mark.slow
@pytest.mark.parametrize("role", SIGNED_IN)
def test_everybody_reads_what_is_theirs_and_nothing_else(role, world, walked):
    found = walked(role)
    complaints = list(found.complaints)
    for word in sorted(world.words.keys() - found.all_words()):
        fact, name = world.words[word]
        if must_find(role, fact, name):
            complaints.append(f"shows {name} ({fact.kind} {fact.body}: {fact.label}) nowhere")
    assert not complaints, f"{len(complaints)} holes\n" + "\n".join(complaints[:SHOWN])


@pytest.mark.parametrize("role", [MEMBER, ADVISORY, AUDITOR, AUDITOR_REASON])
def test_whether_a_draft_is_being_written_is_not_for_members(role, world, visit):
    meeting = world.find("meeting", "announced draft")

    answer = visit(role).get(f"/api/v1/meetings/{meeting.id}")

    assert json.loads(answer.content)["state"] == "announced"
