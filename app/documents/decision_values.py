"""Decisions as plain values for their documents: the extract of one, and the register of a year."""

import datetime as dt

from pydantic import BaseModel, ConfigDict

from app.projects.models import Light


class _Values(BaseModel):
    model_config = ConfigDict(frozen=True)


class ClauseValues(_Values):
    """A clause in words; ``whom`` and ``due_on`` where it charges or asks somebody."""

    position: int
    verb: str
    text: str
    whom: str = ""
    due_on: dt.date | None = None


class ProjectValues(_Values):
    """A project as it stood when it was decided; ``known`` False: nobody knows how."""

    code: str
    title: str
    light: Light | None = None
    known: bool = True


class DecisionValues(_Values):
    """A decision in words. ``void_reason``: its number stands for nothing, and nothing else is told.

    ``taking``, ``present``, ``quorum``, ``state`` and ``projects`` are empty where only publishing shows the decision.
    """

    number: str
    title: str
    decided_on: dt.date | None
    place: str = ""
    outcome: str = ""
    taking: str = ""
    present: str = ""
    quorum: str = ""
    level: str = ""
    wording: str = ""
    clauses: tuple[ClauseValues, ...] = ()
    projects: tuple[ProjectValues, ...] = ()
    replaces: str = ""
    replaced_by: str = ""
    state: str = ""
    source: str = ""
    void_reason: str = ""


class HouseValues(_Values):
    """Whose decisions these are: the body, its letterhead and sender, and whether all of it is invented."""

    demo: bool = False
    body: str
    short_name: str
    letterhead: tuple[str, ...] = ()
    sender: str = ""
    reference: str = ""


class ExtractValues(_Values):
    """The extract of one decision. ``reservation``: why it does not stand for good; ``provisional``: a draft."""

    house: HouseValues
    decision: DecisionValues
    reservation: str = ""
    approval: str = ""
    provisional: bool = False
    made_at: dt.datetime
    changed_at: dt.datetime


class RegisterValues(_Values):
    """The register of a year, oldest decision first; ``edition`` says which of them the reader gets."""

    house: HouseValues
    year: int
    edition: str = ""
    decisions: tuple[DecisionValues, ...]
    made_at: dt.datetime
    changed_at: dt.datetime
