"""Outcomes of items: which settle, which come back, and which items need one (domain §5)."""

from collections.abc import Mapping
from typing import Protocol

from app.agenda.models import AgendaItem, ItemKind, Outcome

SETTLED = frozenset({Outcome.ADOPTED, Outcome.ADOPTED_CHANGED, Outcome.CONFIRMED, Outcome.NOTED, Outcome.REJECTED})
COMES_BACK = frozenset({Outcome.ADJOURNED, Outcome.DEFERRED, Outcome.REFERRED, Outcome.NOT_REACHED})

WORDS: Mapping[Outcome, str] = {
    Outcome.ADOPTED: "ungeändert beschlossen",
    Outcome.ADOPTED_CHANGED: "geändert beschlossen",
    Outcome.CONFIRMED: "im Grundsatz bestätigt",
    Outcome.NOTED: "zur Kenntnis genommen",
    Outcome.REJECTED: "abgelehnt",
    Outcome.ADJOURNED: "vertagt",
    Outcome.DEFERRED: "zurückgestellt",
    Outcome.REFERRED: "überwiesen",
    Outcome.NOT_REACHED: "nicht behandelt",
    Outcome.REMOVED: "abgesetzt",
    Outcome.RETRACTED: "zurückgezogen",
}


class Kinded(Protocol):
    """What says whether an outcome is needed."""

    @property
    def kind(self) -> ItemKind:
        """What the item is for."""

    @property
    def withdrawn(self) -> bool:
        """Whether it was taken off the agenda."""


def needs_outcome(item: Kinded) -> bool:
    """Whether a meeting stays open while the item has no outcome: what is decided or debated and not withdrawn."""
    return item.kind in (ItemKind.DECISION, ItemKind.DEBATE) and not item.withdrawn


def is_settled(item: AgendaItem) -> bool:
    """Whether the item's outcome settles its matter."""
    return item.outcome in SETTLED
