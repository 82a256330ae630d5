"""A decision taken hold of and changed, whatever it came from."""

from contextlib import suppress

from sqlmodel import Session

from app.actor import Actor
from app.agenda.queries import get_item
from app.decisions import queries
from app.decisions.models import Decision
from app.decisions.schemas import DecisionChange, DecisionIn, TakenOverChange
from app.decisions.service.registering import correct_taken_over, is_taken_over, require_register
from app.decisions.service.writing import write_decision
from app.errors import Invalid, NotFound, Refused
from app.meetings.queries import lock_meeting

OF_THE_OLD = "Das lässt sich nur bei einem übernommenen Beschluss ändern."
OF_THE_NEW = "Das hat ein übernommener Beschluss nicht."
OF_A_CIRCULAR = "Dieser Beschluss gehört zu einem Umlaufverfahren und wird dort bearbeitet."


def change_decision(
    session: Session, actor: Actor, decision: Decision, wish: DecisionChange, *, base_version: int
) -> Decision:
    """Change a decision that is locked by :func:`locked_decision`, as its origin allows; absent fields stay.

    A taken-over one is corrected, one of an item is written as in its meeting. Invalid for fields it does not have.
    """
    require_register(actor, decision)
    given = wish.model_fields_set
    if is_taken_over(decision):
        _refuse(given - set(TakenOverChange.model_fields), OF_THE_NEW)
        old = TakenOverChange.model_construct(given, **{name: getattr(wish, name) for name in given})
        return correct_taken_over(session, actor, decision, old, base_version=base_version)
    meeting_id = queries.meeting_of(session, decision)
    if meeting_id is None or decision.item_id is None:
        raise Refused(OF_A_CIRCULAR)
    _refuse(given - set(DecisionIn.model_fields), OF_THE_OLD)
    meeting = lock_meeting(session, actor, meeting_id)
    item = get_item(session, actor, meeting_id, decision.item_id)
    new = DecisionIn.model_construct(given, **{name: getattr(wish, name) for name in given})
    return write_decision(session, actor, meeting, item, new, base_version=base_version)


def _refuse(names: set[str], sentence: str) -> None:
    if names:
        raise Invalid(dict.fromkeys(sorted(names), sentence))


def locked_decision(session: Session, actor: Actor, decision_id: int) -> Decision:
    """A readable decision locked for writing: its meeting before it, where it has one. NotFound as ever."""
    decision = queries.get_decision(session, actor, decision_id)
    meeting_id = queries.meeting_of(session, decision)
    if meeting_id is not None:
        with suppress(NotFound):  # who may not know the meeting may not write either, which the act itself says
            lock_meeting(session, actor, meeting_id)
    return queries.lock_decision(session, actor, decision_id)
