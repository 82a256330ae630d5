"""The trend of a light from meeting to meeting, in words."""

import pytest

from app.projects.models import Light
from app.projects.rules.trend import trend

pytestmark = pytest.mark.once
G, Y, R = Light.GREEN, Light.YELLOW, Light.RED


@pytest.mark.parametrize(
    ("shown", "now", "said"),
    [
        ([], R, ""),
        ([G], Y, "verschlechtert"),
        ([G, R], Y, "verbessert"),
        ([R], R, "unverändert seit einer Sitzung"),
        ([R, G, Y, Y], Y, "unverändert seit 2 Sitzungen"),
        ([None], G, "erste Meldung"),
        ([G], None, "keine Meldung mehr"),
        ([G, None, None], None, "ohne Meldung seit 2 Sitzungen"),
    ],
)
def test_trend(shown, now, said):
    assert trend(shown, now) == said
