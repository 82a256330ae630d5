"""Changes since the last meeting as plain values: an ordinary page and those that strain it."""

import datetime as dt
from functools import cache
from typing import Any

from app.agenda.schemas.frozen_delta import DeltaBody, DeltaMeeting, DeltaProject, DeltaValues
from app.documents.delta import render_delta
from app.projects.models import Light, Phase

THEN = DeltaMeeting(id=16, label="16. Sitzung", on=dt.date(2025, 11, 12))
LIGHTS = (Light.RED, Light.YELLOW, Light.GREEN, None)


def changed(number: int, then: Light | None, now: Light | None, **values: Any) -> DeltaProject:
    """A project of one of four fields that was and is."""
    given: dict[str, Any] = {
        "code": f"{number % 4 + 1}.{number}",
        "title": f"Projekt {number}",
        "field": ("Innovation", "Kompetenzen", "Rahmenbedingungen", "Kommunikation und Vernetzung")[number % 4],
        "was": True,
        "is_now": True,
        "then_phase": Phase.RUNNING,
        "now_phase": Phase.RUNNING,
        "text": "" if then is now else "Ampel seit 14.02.2026 anders, zuvor gelb (Stand 30.09.2025)",
    }
    return DeltaProject(id=number, then_light=then, now_light=now, **(given | values))


def delta(*projects: DeltaProject, **changes: Any) -> DeltaValues:
    """Frozen changes; *changes* replace fields."""
    values: dict[str, Any] = {
        "body": DeltaBody(id=1, short_name="SKIP", name="Steuerungskreis Industriepolitik"),
        "meeting": DeltaMeeting(id=17, label="17. Sitzung", on=dt.date(2026, 5, 12)),
        "version": 1,
        "released_at": dt.datetime(2026, 4, 28, 10, 12, tzinfo=dt.UTC),
        "reference": "IP 4 – 0217/17",
        "sender": "Geschäftsstelle Masterplan Industriestadt",
        "then": THEN,
        "as_of": dt.date(2026, 4, 15),
        "projects": projects,
    }
    return DeltaValues.model_validate(values | changes)


ORDINARY = (
    *(changed(n, LIGHTS[n % 4], LIGHTS[n * 7 % 5 % 4]) for n in range(40)),
    changed(41, None, Light.GREEN, was=False, move="erste Meldung"),
    changed(42, Light.YELLOW, None, is_now=False, move="abgeschlossen seit 20.02.2026", now_phase=Phase.COMPLETED),
)
UGLY = '<script>alert(1)</script> & "Ende" \x07\u2028'
DELTAS: dict[str, DeltaValues] = {
    "delta": delta(*ORDINARY),
    "delta draft": delta(*ORDINARY, version=0, released_at=None),
    "delta demo": delta(*ORDINARY[:3], demo=True),
    "delta of nothing": delta(),
    "delta of the first meeting": delta(*ORDINARY, then=None),
    "delta of five hundred": delta(
        *(changed(n, LIGHTS[n % 4], LIGHTS[n % 3], text="" if n % 10 else "Ampel " * 30) for n in range(500))
    ),
    "delta of ugly names": delta(
        changed(1, Light.RED, Light.GREEN, title=UGLY, field=UGLY, text=UGLY, code="9" * 60),
        changed(2, Light.RED, None, title="W" * 300, field="F" * 200, text="x" * 5000),
        changed(3, None, Light.RED, was=False, move=UGLY, title="Ein Titel mit Umlauten äöüß " * 12),
    ),
}


@cache
def drawn_delta(name: str) -> bytes:
    """The PDF of one of DELTAS."""
    return render_delta(DELTAS[name])
