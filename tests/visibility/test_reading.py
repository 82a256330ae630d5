"""What every walk of a role (roles/) relies on, and what its words cannot tell."""

import json

import pytest

from tests.visibility.expectations import ADVISORY, AUDITOR, AUDITOR_REASON, MEMBER
from tests.visibility.routes import all_routes, unknown_parameters


def test_every_path_parameter_is_explained(world_application):
    unknown = unknown_parameters(all_routes(world_application))
    assert not unknown, f"add these to the world (tests/visibility/world.py, routes.KINDS): {unknown}"


def test_the_walk_meets_every_kind_of_route(readable_routes):
    assert len(readable_routes) > 3
    assert any(route.is_file for route in readable_routes)


@pytest.mark.parametrize("role", [MEMBER, ADVISORY, AUDITOR, AUDITOR_REASON])
def test_whether_a_draft_is_being_written_is_not_for_members(role, world, visit):
    meeting = world.find("meeting", "announced draft")

    answer = visit(role).get(f"/api/v1/meetings/{meeting.id}")

    assert json.loads(answer.content)["state"] == "announced"
