"""What came out of one item, on its page of the live minutes: outcome and decision in one form, actions in another."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import text
from app.actions import queries as actions
from app.actions.schemas import ActionIn
from app.actions.service.giving import give_action, take_back_action
from app.actor import Actor
from app.agenda.models import AgendaItem
from app.agenda.queries import get_item
from app.agenda.schemas.wishes import OutcomeIn
from app.agenda.service.closing import set_outcome
from app.bodies.queries import load_body
from app.db import ident
from app.decisions import queries as decisions
from app.decisions.models import Taking
from app.decisions.schemas import DecisionIn
from app.decisions.service.writing import require_writable, write_decision
from app.errors import Invalid
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting
from app.minutes.service.notes import require_keeper
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.web.forms import read_form, typed, typed_number
from app.web.meetings.meeting_frame import address_of
from app.web.minutes.acting import act_on_point
from app.web.minutes.result_form import CLAUSES, VOTES, stored_values
from app.web.respond import done

router = APIRouter()

OUTCOME = ("outcome", "outcome_note", "resume_on")
DECISION = ("wording", "level", "taking", *VOTES, "chair_vote")
ACTION = ("title", "organisation", "person", "due_on")
NOT_CLEARED = "Ein festgehaltenes Ergebnis lässt sich ändern, aber nicht leeren."


@router.get("/sitzungen/{meeting_id}/protokoll/{item_id:int}/beschluss")
def find_result(request: Request, meeting_id: int, item_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """The form of the result stands on the page of the item."""
    meeting = get_meeting(session, actor, meeting_id)
    get_item(session, actor, meeting_id, item_id)
    require_keeper(actor, meeting)
    return done(request, f"{address_of(meeting)}/protokoll/{item_id}#beschluss")


@router.post("/sitzungen/{meeting_id}/protokoll/{item_id:int}/beschluss")
def save_result(
    request: Request,
    meeting_id: int,
    item_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """Save outcome and decision together, all or nothing; ``then=proposed`` takes the proposed wording over."""
    values = typed(submitted)
    then = values.pop("then", "")

    def act(session: Session, meeting: Meeting, item: AgendaItem) -> str:
        require_writable(actor, meeting, item)
        if then == "proposed":
            values["wording"] = item.proposed_decision
        decision = decisions.draft_of_item(session, ident(item))
        stored = stored_values(session, item, decision)
        _save_outcome(session, actor, meeting, item, values, stored)
        _save_decision(session, actor, meeting, item, values, stored)
        return "Das Ergebnis ist gespeichert."

    anchor = "#ziffern" if then == "clause" else "#beschluss"
    return act_on_point(request, database, actor, meeting_id, item_id, act, values, part="beschluss", anchor=anchor)


@router.post("/sitzungen/{meeting_id}/protokoll/{item_id:int}/auftraege")
def save_action(
    request: Request,
    meeting_id: int,
    item_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """Give an action by hand, or take one back that has no number yet (``take_back``)."""
    values = typed(submitted)

    def act(session: Session, meeting: Meeting, item: AgendaItem) -> str:
        require_writable(actor, meeting, item)
        if "take_back" in values:
            found = actions.lock_action(session, actor, typed_number(values["take_back"]))
            if found.item_id != item.id:
                raise Invalid({"": "Dieser Auftrag gehört nicht zu diesem Punkt."})
            take_back_action(session, actor, found)
            return "Der Auftrag ist entfernt."
        wish = read_form(ActionIn, {name: values.get(name, "") for name in ACTION})
        give_action(session, actor, load_body(session, meeting.body_id), wish, item=item)
        return "Der Auftrag ist notiert."

    return act_on_point(request, database, actor, meeting_id, item_id, act, values, part="auftrag", anchor="#auftraege")


def _save_outcome(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    item: AgendaItem,
    values: Mapping[str, str],
    stored: Mapping[str, str],
) -> None:
    """The outcome where the form has one and it differs."""
    sent = {name: text.clean(values.get(name, "")) for name in OUTCOME}
    if "outcome" not in values or all(sent[name] == stored[name] for name in OUTCOME):
        return
    if not sent["outcome"]:
        raise Invalid({"outcome": NOT_CLEARED if item.outcome else "Bitte wählen Sie ein Ergebnis."})
    version = typed_number(values.get("item_version", ""))
    wish = {"outcome": sent["outcome"], "note": sent["outcome_note"], "resume_on": sent["resume_on"]}
    try:
        set_outcome(session, actor, meeting, item, read_form(OutcomeIn, wish), base_version=version or None)
    except Invalid as error:
        raise Invalid(
            {"outcome_note" if name == "note" else name: said for name, said in error.fields.items()}
        ) from error


def _save_decision(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    item: AgendaItem,
    values: Mapping[str, str],
    stored: Mapping[str, str],
) -> None:
    """The decision where something of it differs from what stands there; an untouched form begins none."""
    sent: dict[str, Any] = {name: text.clean(values.get(name, "")) for name in DECISION if name != "chair_vote"}
    sent["chair_vote"] = "1" if values.get("chair_vote") else ""
    clauses = CLAUSES.read(values)
    same = all(sent[name] == stored[name] for name in DECISION)
    if same and clauses == CLAUSES.read(stored):
        return
    wish = {name: value for name, value in sent.items() if value != "" or name == "wording"}
    wish |= {"chair_vote": bool(sent["chair_vote"]), "clauses": clauses}
    if sent["taking"] == Taking.VOTES:
        wish |= {name: sent[name] or 0 for name in VOTES}
    else:
        wish = {name: value for name, value in wish.items() if name not in VOTES} | {"chair_vote": False}
    version = typed_number(values.get("version", ""))
    write_decision(
        session, actor, meeting, item, read_form(DecisionIn, wish, keep_empty=("wording",)), base_version=version
    )
