"""What the acts of the demo share: the session, the days, who acts, and what was made so far, by its key."""

import datetime as dt
from dataclasses import dataclass, field

from sqlmodel import Session

from app import clock
from app.access.queries import actor_of
from app.actor import Actor, system
from app.bodies.models import Body
from app.config import Settings
from app.db import ident
from app.demo.days import Days
from app.meetings.models import Meeting
from app.people.models import Account
from app.projects.models import PlanField, PlanPeriod, Project

SECRETARIAT = "geschaeftsstelle"
INVENTED = "erfunden für die Demo"


@dataclass(slots=True)
class Stage:
    """``organisations``, ``persons`` and ``accounts`` go by the keys of ``people.toml``, ``projects`` by their code,
    ``circulars`` by their title."""

    session: Session
    days: Days
    settings: Settings
    organisations: dict[str, int] = field(default_factory=dict)
    persons: dict[str, int] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    bodies: list[Body] = field(default_factory=list)
    period: list[PlanPeriod] = field(default_factory=list)
    fields: dict[tuple[int, str], PlanField] = field(default_factory=dict)
    clusters: dict[tuple[int, str, str], int] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)
    circulars: dict[str, int] = field(default_factory=dict)
    actors: dict[tuple[str, dt.date], Actor] = field(default_factory=dict)

    @property
    def body(self) -> Body:
        """The SKIP."""
        return self.bodies[0]

    @property
    def body_id(self) -> int:
        """The SKIP's id."""
        return ident(self.body)

    def operator(self) -> Actor:
        """Who sets the demo up, before anybody has an account."""
        return system(clock.today(), "Einrichtung der Demo")

    def acting(self, key: str) -> Actor:
        """The persona *key* with the rights of the day."""
        today = clock.today()
        if (key, today) not in self.actors:
            self.actors[key, today] = actor_of(self.session, self.accounts[key], demo=True)
        return self.actors[key, today]

    def secretary(self) -> Actor:
        """The secretariat at work."""
        return self.acting(SECRETARIAT)
