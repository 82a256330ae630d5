"""``check(role, table)``: compare what a role met with its table."""

from collections.abc import Callable

import pytest

from tests.visibility.roles.table import differences, seen_by
from tests.visibility.walking import Walk
from tests.visibility.world import World


@pytest.fixture
def check(world: World, walked: Callable[[str], Walk]) -> Callable[[str, dict[str, str]], None]:
    """Fails with every object that a role meets in other channels than *table* says."""

    def compare(role: str, table: dict[str, str]) -> None:
        wrong = list(differences(seen_by(walked(role), world), table))
        assert not wrong, "\n".join(wrong)

    return compare
