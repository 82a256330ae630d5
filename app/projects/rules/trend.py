"""How a light went from meeting to meeting, as a word."""

from collections.abc import Sequence

from app.projects.models import Light

_RANK = {Light.RED: 0, Light.YELLOW: 1, Light.GREEN: 2}


def trend(shown: Sequence[Light | None], now: Light | None) -> str:
    """*shown*: the lights at the held meetings, earliest first; *now* against the last of them, "" before the first."""
    if not shown:
        return ""
    then = shown[-1]
    if now is then:
        count = next((n for n, light in enumerate(reversed(shown)) if light is not now), len(shown))
        meetings = "einer Sitzung" if count == 1 else f"{count} Sitzungen"
        return f"unverändert seit {meetings}" if now else f"ohne Meldung seit {meetings}"
    if then is None:
        return "erste Meldung"
    if now is None:
        return "keine Meldung mehr"
    return "verschlechtert" if _RANK[now] < _RANK[then] else "verbessert"
