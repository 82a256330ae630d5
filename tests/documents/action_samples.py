"""Lists of action items as plain values: an ordinary one and those that strain it."""

import datetime as dt
from functools import cache
from typing import Any

from app.documents.actions import ActionListValues, ActionValues, render_actions

GROUPS = ("Überfällig", "Offen", "Erledigt oder aufgehoben")


def action(place: int, **values: Any) -> ActionValues:
    """An action; one of three is overdue, one runs, one is over."""
    group = GROUPS[place % 3]
    given: dict[str, Any] = {
        "number": f"A 2026/{place:03d}",
        "title": f"Karte der Gewerbeflächen Nr. {place} vorlegen",
        "who": "Senatsverwaltung für Wirtschaft, Energie und Betriebe, Dr. Ada Beispiel",
        "due_on": dt.date(2026, 2, 18),
        "late": "seit 12 Tagen überfällig" if group == GROUPS[0] else "",
        "moved": "ursprünglich 30.11.2025" if place % 2 else "",
        "state": "erledigt" if group == GROUPS[2] else "in Arbeit",
        "over_on": dt.date(2026, 2, 20) if group == GROUPS[2] else None,
        "projects": "1.9, 1.10",
        "last_text": "Der Entwurf liegt den Bezirken zur Abstimmung vor.",
        "group": group,
    }
    return ActionValues(**(given | values))


def listed(*actions: ActionValues, **changes: Any) -> ActionListValues:
    """A list; *changes* replace fields."""
    values: dict[str, Any] = {
        "made_at": dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC),
        "selection": "offen",
        "sender": "Geschäftsstelle Masterplan Industriestadt",
        "body": "SKIP",
        "actions": tuple(sorted(actions, key=lambda one: GROUPS.index(one.group))),
    }
    return ActionListValues(**(values | changes))


UGLY = '<script>alert(1)</script> & "Ende" \x07\u2028 🏭👩‍👩‍👧'
LISTS: dict[str, ActionListValues] = {
    "actions": listed(*(action(number) for number in range(1, 12))),
    "actions of nothing": listed(selection="überfällig, eigene, mit „Übersicht“", demo=True),
    "ugly actions": listed(
        action(1, title="Ü" * 300, who="W" * 200, details="D" * 3000, projects="", last_text="", due_on=None),
        action(2, title=UGLY, details=f"- eins\n  - zwei {UGLY}\n\n" * 9, level="vertraulich", number=""),
        action(3, title="Größenordnung " * 21, who="", late="seit 3652 Tagen überfällig", last_text=UGLY * 20),
        sender=UGLY,
        selection=UGLY * 9,
    ),
    "two hundred actions": listed(*(action(number) for number in range(1, 201)), demo=True),
}


@cache
def drawn(name: str) -> bytes:
    """The list as PDF, drawn once."""
    return render_actions(LISTS[name], patience=300)
