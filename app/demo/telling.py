"""What the invented projects report: from the plots and sentences of ``data/`` to dated reports and milestones.

Pure and without chance: equal days give equal words. Sentences are taken in turn, so that none is used up twice while
another waits.
"""

import datetime as dt
import itertools
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.demo.days import Days, working_day
from app.demo.reading import Plot, sentences
from app.projects.models import Light, Phase
from app.projects.schemas import StatusIn

ROUNDS = (1, 2, 3)
LIGHTS = {"g": Light.GREEN, "y": Light.YELLOW, "r": Light.RED}
WORDS = {"green": Light.GREEN, "yellow": Light.YELLOW, "red": Light.RED}
_RANGE = re.compile(r"\{(\d+)–(\d+)\}")
_PARTS = ("light_schedule", "light_cost", "light_content")


@dataclass(frozen=True, slots=True)
class Told:
    """A report and the day on which it comes in. ``corrects``: the Stand it replaces, with ``reason``."""

    on: dt.date
    status: StatusIn
    corrects: dt.date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Stone:
    """A milestone: when it is told to be due ({told_on: due_on}) and when it was done."""

    title: str
    due: Mapping[dt.date, dt.date]
    done_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Tale:
    """The accepted reports of a project: the regular ones by round ("r1", "r2", "r3"), and what came beside them."""

    rounds: Mapping[str, Told]
    others: tuple[Told, ...] = ()

    @property
    def reports(self) -> list[Told]:
        """All of them, in the order in which they come in."""
        return sorted((*self.rounds.values(), *self.others), key=lambda one: one.on)


class Teller:
    """Tells the reports of all projects; it remembers whose turn it is among the sentences of a kind."""

    def __init__(self, days: Days) -> None:
        self._days = days
        self._turns: dict[tuple[str, str], Iterator[str]] = {}

    def tale(self, plot: Plot, place: int) -> Tale:
        """Every accepted report of a project; *place* spreads projects over the days of a round."""
        rounds = {
            f"r{round_}": self._report(plot, round_, sign, place)
            for round_, sign in zip(ROUNDS, plot.path, strict=True)
            if sign != "."
        }
        others = [self._correction(plot, key, rounds[key].status) for key in plot.correct]
        if plot.between:
            on, light = self._days.between, WORDS[plot.between["light"]]
            others.append(Told(on, StatusIn(as_of=on, light=light, summary=plot.between["text"])))
        return Tale(rounds, tuple(others))

    def stones(self, plot: Plot, place: int, tale: Tale) -> list[Stone]:
        """The milestones of a project: its own, else one done and one to come in the usual words of its kind."""
        if plot.milestones:
            told_on = {key: told.on for key, told in tale.rounds.items()}
            told_on |= {"r0": self._days.setup, "between": self._days.between}
            return [self._own_stone(one, told_on) for one in plot.milestones]
        if not plot.path.strip(".") or Phase.PROPOSED in plot.phase.values():
            return []
        titles = sentences()[plot.kind]["milestones"]
        first, second = titles[place % len(titles)], titles[(place + 1) % len(titles)]
        planned, done = self._days.after(-290 + place % 60), self._days.after(-310 + place % 70)
        due = self._days.after(70 + place * 13 % 240)
        return [Stone(first, {self._days.setup: planned}, done), Stone(second, {self._days.setup: due})]

    def waiting(self, plot: Plot) -> StatusIn:
        """The report that waits for acceptance."""
        light = WORDS[plot.waiting["light"]]
        parts = _parts(light, plot.waiting["parts"], 0)
        on = self._days.after(-2)
        return StatusIn(as_of=on, light=light, **parts, phase=Phase.RUNNING, summary=plot.waiting["text"])

    def _report(self, plot: Plot, round_: int, sign: str, place: int) -> Told:
        key, light = f"r{round_}", LIGHTS.get(sign)
        on = self._days.report(round_, place)
        phase = Phase(plot.phase[key]) if key in plot.phase else _phase(plot, round_)
        ended = phase not in (Phase.PROPOSED, Phase.PLANNED, Phase.RUNNING)
        status = StatusIn(
            as_of=on,
            light=light,
            **_parts(light, plot.parts.get(key, ""), place + round_),
            phase=phase,
            progress=100 if phase is Phase.COMPLETED else _progress(plot, round_, place),
            summary=self._summary(plot, round_, light),
            next_steps="" if ended else plot.next.get(key) or self._turn(plot, "next", round_),
            risks="" if ended else plot.risk.get(key) or self._risk(plot, light, round_),
            decision_need=plot.need.get(key),
        )
        return Told(on, status)

    def _summary(self, plot: Plot, round_: int, light: Light | None) -> str:
        is_first = not plot.path[: round_ - 1].strip(".")
        mood = "good" if light is Light.GREEN else "slow"
        said = plot.tell.get(f"r{round_}") or self._turn(plot, mood, round_)
        return f"{plot.fact} {said}" if is_first else said

    def _risk(self, plot: Plot, light: Light | None, round_: int) -> str:
        if light is Light.GREEN and zlib.crc32(f"{plot.code} {round_}".encode()) % 3:
            return ""
        return self._turn(plot, "risk", round_)

    def _turn(self, plot: Plot, mood: str, round_: int) -> str:
        key = plot.kind, mood
        if key not in self._turns:
            self._turns[key] = itertools.cycle(sentences()[plot.kind][mood])
        return _numbered(next(self._turns[key]), f"{plot.code} {round_} {mood}")

    def _correction(self, plot: Plot, key: str, wrong: StatusIn) -> Told:
        wish = plot.correct[key]
        light = WORDS[wish["light"]]
        right = wrong.model_copy(update={"light": light, "summary": wish["text"], **_parts(light, "", 0)})
        on = working_day(self._days.second + dt.timedelta(days=12)) if key == "r2" else self._days.after(-8)
        return Told(on, right, wrong.as_of, wish["reason"])

    def _own_stone(self, spec: Mapping[str, Any], told_on: Mapping[str, dt.date]) -> Stone:
        due = {told_on[key]: self._days.after(days) for key, days in spec["due"].items()}
        return Stone(spec["title"], due, self._days.after(spec["done"]) if "done" in spec else None)


def _parts(light: Light | None, told: str, turn: int) -> dict[str, Any]:
    """The lights of Termine, Kosten, Inhalt: as told, else such that the worst of them is the whole."""
    if told:
        return {name: LIGHTS[sign] for name, sign in zip(_PARTS, told, strict=True)}
    if light is None:
        return dict.fromkeys(_PARTS)
    parts: dict[str, Light | None] = dict.fromkeys(_PARTS, Light.GREEN)
    parts[_PARTS[turn % 3]] = light
    if light is Light.RED:
        parts[_PARTS[(turn + 1) % 3]] = Light.YELLOW
    return parts


def _phase(plot: Plot, round_: int) -> Phase:
    """In Umsetzung, except where a project that begins late is still being planned in the first round."""
    return Phase.PLANNED if round_ == 1 and zlib.crc32(plot.code.encode()) % 5 == 0 else Phase.RUNNING


def _progress(plot: Plot, round_: int, place: int) -> int:
    pace = {"g": 16, "y": 9, "r": 3, "n": 0, ".": 0}
    gained = sum(pace[sign] for sign in plot.path[1:round_])
    return min(10 + place * 11 % 35 + gained, 95) // 5 * 5


def _numbered(words: str, seed: str) -> str:
    """*words* with a number in place of every {from–to}."""
    count = itertools.count()

    def number(match: re.Match[str]) -> str:
        low, high = int(match[1]), int(match[2])
        return str(low + zlib.crc32(f"{seed} {next(count)}".encode()) % (high - low + 1))

    return _RANGE.sub(number, words)
