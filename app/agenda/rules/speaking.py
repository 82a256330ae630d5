"""Who reads and writes the chair's speaking notes, and what an item asks of the chair."""

from collections.abc import Mapping

from app.actor import Actor
from app.agenda.models import ItemKind
from app.meetings.models import Meeting, MeetingState
from app.visibility import Matter, reads

ASKS: Mapping[ItemKind, str] = {
    ItemKind.FORMALITY: "Feststellen; kein Beschluss in der Sache.",
    ItemKind.DECISION: "Beschluss herbeiführen.",
    ItemKind.DEBATE: "Beraten; ein Beschluss ist nicht vorgesehen.",
    ItemKind.NOTE: "Zur Kenntnis nehmen.",
    ItemKind.REPORT: "Bericht hören und Aussprache leiten; ein Beschluss ist nicht vorgesehen.",
}
WITH_PROPOSAL: Mapping[ItemKind, str] = {
    ItemKind.FORMALITY: "Feststellen und über den vorgeschlagenen Wortlaut entscheiden.",
    ItemKind.DECISION: "Beschluss über den vorgeschlagenen Wortlaut herbeiführen.",
    ItemKind.DEBATE: "Beraten und über den vorgeschlagenen Wortlaut entscheiden.",
    ItemKind.NOTE: "Mit dem vorgeschlagenen Wortlaut zur Kenntnis nehmen.",
    ItemKind.REPORT: "Bericht hören und über den vorgeschlagenen Wortlaut entscheiden.",
}
"""What the chair has to bring about, by the item's kind and whether a wording is proposed (eigene Festlegung)."""


def reads_notes(actor: Actor, meeting: Meeting) -> bool:
    """Whether the speaking notes of the meeting are for the actor."""
    return reads(actor, Matter.SPEAKING, meeting.body_id)


def may_write_notes(actor: Actor, meeting: Meeting) -> bool:
    """Whether the actor may still write them: whoever reads them, until the meeting is held or cancelled."""
    return reads_notes(actor, meeting) and meeting.state not in (MeetingState.HELD, MeetingState.CANCELLED)


def to_decide(kind: ItemKind, proposed_decision: str) -> str:
    """The one sentence that says what is asked of the chair at an item."""
    return (WITH_PROPOSAL if proposed_decision.strip() else ASKS)[kind]
