"""The time line of a project as a drawing and as the table beside it: lights, items, decisions, actions, milestones."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app import charts, text
from app.actions.models import Action
from app.actions.rules.words import STATE_WORDS
from app.agenda.models import Outcome
from app.agenda.queries import ReleasedItem
from app.agenda.rules.outcomes import WORDS as OUTCOME_WORDS
from app.charts import Happening
from app.decisions.models import Decision
from app.meetings.rules import life
from app.projects.models import Light
from app.projects.queries.view import ProjectView
from app.projects.rules.course import counts
from app.projects.rules.words import LIGHTS

LIGHT, MEETINGS, MILESTONES, NEEDS = "Ampel", "Sitzungen", "Meilensteine", "Bedarf"
DECISIONS, ACTIONS = "Beschlüsse", "Aufträge"
LANES = (LIGHT, MEETINGS, DECISIONS, ACTIONS, MILESTONES, NEEDS)
KEYS = {Light.RED: "rot", Light.YELLOW: "gelb", Light.GREEN: "gruen"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the table: a day, what kind of thing, its words, and where they lead ("" = nowhere)."""

    on: dt.date
    kind: str
    words: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """The time line drawn and written: the table tells everything that the drawing shows."""

    chart: charts.TimeLine
    description: str
    entries: tuple[Entry, ...]


def outcome_of(one: ReleasedItem) -> str:
    """What became of an item, in a word; "" where nothing is known."""
    if one.item.withdrawn:
        return OUTCOME_WORDS[Outcome.REMOVED]
    return OUTCOME_WORDS[one.outcome] if one.outcome else ""


def draw(
    view: ProjectView,
    items: Sequence[ReleasedItem],
    decisions: Sequence[Decision],
    actions: Sequence[Action],
    today: dt.date,
) -> Drawing | None:
    """The line of what *view*, *items*, *decisions* and *actions* tell; None before anything happened."""
    happenings = [
        *_lights(view, today),
        *_items(items),
        *(Happening(DECISIONS, on, "meeting", row.number) for on, row in _taken(decisions)),
        *(Happening(ACTIONS, on, kind) for on, kind, _ in _steps(actions)),
        *_milestones(view),
        *_needs(view, today),
    ]
    if not happenings:
        return None
    entries = sorted([*_entries(view, items), *_results(decisions, actions)], key=lambda entry: entry.on, reverse=True)
    told = [f"{LIGHTS[light]} ab {text.date(on)}" for on, light in _turns(view)]
    return Drawing(
        chart=charts.time_line(happenings, LANES, today),
        description=f"Ampel: {text.joined(told) or 'keine Meldung'}. Alles Weitere steht in der Tabelle darunter.",
        entries=tuple(entries),
    )


def _turns(view: ProjectView) -> list[tuple[dt.date, Light]]:
    """The days on which the light became another one."""
    found: list[tuple[dt.date, Light]] = []
    for report in sorted((one for one in view.reports if counts(one)), key=lambda one: one.as_of):
        if report.light and (not found or found[-1][1] is not report.light):
            found.append((report.as_of, report.light))
    return found


def _lights(view: ProjectView, today: dt.date) -> Iterator[Happening]:
    turns = _turns(view)
    for place, (on, light) in enumerate(turns):
        until = turns[place + 1][0] if place + 1 < len(turns) else max(today, on)
        yield Happening(LIGHT, on, KEYS[light], until=until)


def _items(items: Sequence[ReleasedItem]) -> Iterator[Happening]:
    for one in items:
        yield Happening(MEETINGS, life.day_of(one.meeting), "meeting", f"TOP {one.item.number}")


def _taken(decisions: Sequence[Decision]) -> Iterator[tuple[dt.date, Decision]]:
    """Each decision once, with its day."""
    for row in {row.id: row for row in decisions}.values():
        if row.decided_on is not None:
            yield row.decided_on, row


def _steps(actions: Sequence[Action]) -> Iterator[tuple[dt.date, str, Action]]:
    """Each action once, on the day on which it was over, else on the day until which it is due."""
    for row in {row.id: row for row in actions}.values():
        if row.done_on is not None:
            yield row.done_on, "done", row
        elif row.due_on is not None:
            yield row.due_on, "due", row


def _results(decisions: Sequence[Decision], actions: Sequence[Action]) -> Iterator[Entry]:
    for on, row in _taken(decisions):
        yield Entry(on, "Beschluss", f"{row.number} {text.one_line(row.title)}", f"/beschluesse/{row.id}")
    for on, kind, action in _steps(actions):
        said = f"Auftrag {STATE_WORDS[action.state]}" if kind == "done" else "Auftrag fällig"
        yield Entry(on, said, f"{action.number} {text.one_line(action.title)}", f"/auftraege/{action.id}")


def _milestones(view: ProjectView) -> Iterator[Happening]:
    for one in view.milestones:
        if one.milestone.done_on:
            yield Happening(MILESTONES, one.milestone.done_on, "done")
        elif one.dating.current:
            yield Happening(MILESTONES, one.dating.current, "due")


def _needs(view: ProjectView, today: dt.date) -> Iterator[Happening]:
    for need in view.needs:
        yield Happening(NEEDS, need.opened_on, "need", until=need.closed_on or max(today, need.opened_on))


def _entries(view: ProjectView, items: Sequence[ReleasedItem]) -> Iterator[Entry]:
    for on, light in _turns(view):
        yield Entry(on, "Ampel", LIGHTS[light], f"#stand-{on}")
    for one in items:
        said = f"TOP {one.item.number} {one.item.title}" + (f": {outcome_of(one)}" if outcome_of(one) else "")
        yield Entry(life.day_of(one.meeting), life.label(one.meeting), said, _address(one))
    for stone in view.milestones:
        due = stone.milestone.done_on or stone.dating.current
        if due:
            kind = "Meilenstein erledigt" if stone.milestone.done_on else "Meilenstein fällig"
            yield Entry(due, kind, stone.milestone.title)
    for need in view.needs:
        yield Entry(need.opened_on, "Entscheidungsbedarf eröffnet", text.one_line(need.text))
        if need.closed_on:
            yield Entry(need.closed_on, "Entscheidungsbedarf geschlossen", text.one_line(need.text))


def _address(one: ReleasedItem) -> str:
    return f"/sitzungen/{one.meeting.id}/top/{one.item.id}"
