"""Small stories for the drafting tests: one body, a meeting on 12.05.2026, the one before on 12.11.2025."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from app.agenda.models import ItemKind, SectionKey
from app.drafting.rules.draft import draft
from app.drafting.schemas import (
    BacklogEntry,
    Dating,
    DeferredItem,
    Draft,
    DraftInputs,
    EarlierMeeting,
    Field,
    FrozenLight,
    MeetingFacts,
    Milestone,
    ProjectFacts,
    Proposal,
    Reason,
    Rule,
    Status,
)
from app.projects.models import Light, Phase
from app.text import parse_date

GREEN, YELLOW, RED = Light.GREEN, Light.YELLOW, Light.RED
RUNNING = Phase.RUNNING
MEETING_ON, BEFORE_ON, AS_OF = dt.date(2026, 5, 12), dt.date(2025, 11, 12), dt.date(2026, 5, 1)
WORDS = {"g": GREEN, "y": YELLOW, "r": RED, "-": None}


def day(said: str) -> dt.date:
    """day("14.02.2026")"""
    return parse_date(said)


def status(said: str, light: str = "-", phase: Phase | None = RUNNING, **values: Any) -> Status:
    """A report: its Stand, its light as g, y, r or - (none), its phase."""
    return Status(day(said), WORDS[light], phase=phase, **values)


def project(number: int = 1, code: str = "1.1", **values: Any) -> ProjectFacts:
    """A project with a title and a field made of its code."""
    field = values.pop("field", Field(f"Feld {code.split('.')[0]}", int(code.split(".")[0])))
    return ProjectFacts(number, code, values.pop("title", f"Projekt {code}"), field, **values)


def frozen(light: str, said: str | None = "30.09.2025", phase: Phase | None = RUNNING, **values: Any) -> FrozenLight:
    """A row of a release: its light, the Stand of the status, the phase."""
    return FrozenLight(WORDS[light], phase, as_of=day(said) if said else None, **values)


def held(rows: dict[int, FrozenLight] | None = None, said: str = "12.11.2025", **values: Any) -> EarlierMeeting:
    """A held meeting with its frozen rows."""
    number = values.pop("id", int(day(said).strftime("%Y%m%d")))
    return EarlierMeeting(number, day(said), rows or {}, **values)


def inputs(*projects: ProjectFacts, earlier: Iterable[EarlierMeeting] = (), **values: Any) -> DraftInputs:
    """Inputs for the meeting on 12.05.2026 with the Stichtag 01.05.2026."""
    meeting = values.pop("meeting", MeetingFacts(7, MEETING_ON))
    return DraftInputs(values.pop("as_of", AS_OF), meeting, projects, tuple(earlier), **values)


def drafted(*projects: ProjectFacts, earlier: Iterable[EarlierMeeting] = (), **values: Any) -> Draft:
    """The draft of ``inputs(...)``."""
    return draft(inputs(*projects, earlier=earlier, **values))


def reasons(result: Draft, rule: Rule | None = None) -> list[Reason]:
    """All reasons of a draft, or those of one rule."""
    return [
        reason for proposal in result.proposals for reason in proposal.reasons if rule is None or reason.rule is rule
    ]


def rules(result: Draft, code: str = "1.1") -> set[str]:
    """The rules that speak of the project *code*, grouped items left aside."""
    return {
        str(reason.rule)
        for proposal in result.proposals
        if proposal.key not in ("missing", "red")
        for reason in proposal.reasons
        if reason.project == code
    }


def proposal(result: Draft, key: str) -> Proposal:
    """The proposal with the key *key*."""
    return next(found for found in result.proposals if found.key == key)


def keys(result: Draft) -> list[str]:
    """The keys of the proposals in their order."""
    return [found.key for found in result.proposals]


def then_now(then: str, now: str) -> Draft:
    """A project shown *then* (? = unknown) at the meeting before and reported *now* on 14.02.2026."""
    known = then != "?"
    earlier = [held({1: frozen(then)} if known else {})]
    told = [status("30.09.2025", then)] if known else []
    return drafted(project(statuses=(*told, status("14.02.2026", now))), earlier=earlier)


def milestone(title: str, *datings: tuple[str, str], done: str | None = None) -> Milestone:
    """A milestone with pairs (told on, due on)."""
    told = tuple(Dating(day(said), day(due)) for said, due in datings)
    return Milestone(title, told, day(done) if done else None)


def deferred(number: int = 55, **values: Any) -> DeferredItem:
    """An item of the meeting on 12.11.2025 that is owed."""
    given: dict[str, Any] = {
        "title": "Gewerbeflächen",
        "section": SectionKey.DEBATE,
        "kind": ItemKind.DEBATE,
        "outcome": None,
        "meeting_label": "17. Sitzung",
        "meeting_on": BEFORE_ON,
    }
    return DeferredItem(number, **{**given, **values})


def topic(number: int = 3, **values: Any) -> BacklogEntry:
    """An entry of the Themenspeicher."""
    given: dict[str, Any] = {
        "title": "Energie",
        "section": SectionKey.DEBATE,
        "kind": ItemKind.DEBATE,
        "why": "keine Zeit",
        "stored_on": BEFORE_ON,
    }
    return BacklogEntry(number, **{**given, **values})
