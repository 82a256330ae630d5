"""``check(role, table)``: compare what a role meets on its walk with domain §6 and with its table."""

from collections.abc import Callable

import pytest

from tests.visibility.conftest import visitor_of
from tests.visibility.expectations import must_find
from tests.visibility.roles.table import OBJECTS, differences, seen_by, words_of
from tests.visibility.routes import Route
from tests.visibility.visitor import House
from tests.visibility.walking import walk
from tests.visibility.world import World

SHOWN = 40
"""So many complaints are printed."""


@pytest.fixture
def check(house: House, world: World, readable_routes: list[Route]) -> Callable[[str, dict[str, str]], None]:
    """Fails with all that a role meets and may not, with all that it may read and never meets, and with every object
    that it meets in other channels than *table* says."""

    def compare(role: str, table: dict[str, str]) -> None:
        sought = [min(words_of(name, world)) for name in OBJECTS]
        found = walk(visitor_of(house, world, role), role, world, readable_routes, sought)
        wrong = list(found.complaints)
        for word in sorted(world.words.keys() - found.all_words()):
            fact, name = world.words[word]
            if must_find(role, fact, name):
                wrong.append(f"shows {name} ({fact.kind} {fact.body}: {fact.label}) nowhere")
        wrong += differences(seen_by(found, world), table)
        assert not wrong, f"{len(wrong)} holes\n" + "\n".join(wrong[:SHOWN])

    return compare
