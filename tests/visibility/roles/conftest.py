"""``check(role, table)``: compare what a role meets on a short walk with its table."""

from collections.abc import Callable

import pytest

from tests.visibility.conftest import visitor_of
from tests.visibility.roles.table import OBJECTS, differences, seen_by
from tests.visibility.routes import Route
from tests.visibility.visitor import House
from tests.visibility.walking import short_walk
from tests.visibility.world import World

LABELS = frozenset(label for _, label, _ in OBJECTS.values())


@pytest.fixture
def check(house: House, world: World, readable_routes: list[Route]) -> Callable[[str, dict[str, str]], None]:
    """Fails with every object that a role meets in other channels than *table* says, and with what it may not meet."""

    def compare(role: str, table: dict[str, str]) -> None:
        found = short_walk(visitor_of(house, world, role), role, world, readable_routes, LABELS)
        wrong = [*found.complaints, *differences(seen_by(found, world), table)]
        assert not wrong, "\n".join(wrong)

    return compare
