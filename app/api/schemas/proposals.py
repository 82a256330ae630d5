"""How programs read proposals: the API and ``skip draft-agenda --json`` write them alike."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from app.agenda.models import ItemKind, Proposal, ProposalProject, ProposalState
from app.api.schemas.thing import PREFIX, Shape, Thing
from app.db import ident


class DraftIn(BaseModel):
    """Draft proposals as of a day (Stichtag; default: today)."""

    model_config = ConfigDict(extra="forbid")

    as_of: dt.date | None = None


class BudgetOut(Shape):
    """Minutes of the planned agenda beside the meeting's length; ``sentence`` is empty while everything fits."""

    length: int
    mandatory: int
    planned: int
    sentence: str


class ProposalProjectOut(Shape):
    """A project that a proposal names."""

    id: int
    code: str


class ReasonOut(Shape):
    """Why something is proposed: rule (domain §4), German sentence, the project's number, and since when it holds.

    ``gone``: drafting again found that it does not hold any more.
    """

    rule: str
    text: str
    project: str | None
    since: dt.date | None
    gone: bool = False


class ProposalOut(Thing):
    """A proposal. ``section`` is the body's title; ``taken_by`` says where its project already is ("" = nowhere).

    ``difference``: what drafting again found for an accepted one; ``item``: the id of the item it became.
    """

    section: str
    kind: ItemKind
    title: str
    minutes: int
    score: int
    fits: bool
    projects: list[ProposalProjectOut]
    reasons: list[ReasonOut]
    state: ProposalState
    meeting: int
    section_key: str
    mandatory: bool
    occasion: str
    proposed_decision: str
    taken_by: str
    difference: str
    edited: bool
    reject_reason: str
    item: int | None


class PartedOut(Shape):
    """What an item was parted into: the ids of open proposals, or of items."""

    proposals: list[int]
    agenda_items: list[int]


class DraftOut(Shape):
    """What a drafting answers: every proposal that has not vanished, the Stichtag, and the time."""

    items: list[ProposalOut]
    next: None = None
    as_of: dt.date
    budget: BudgetOut


def proposal_outs(
    proposals: Sequence[Proposal],
    *,
    links: Mapping[int, Sequence[ProposalProject]],
    codes: Mapping[int, str],
    sections: Mapping[str, str],
) -> list[ProposalOut]:
    """Stored proposals as programs read them: *links* by proposal, *codes* by project, *sections* {key: title}."""
    return [
        ProposalOut(
            id=ident(one),
            version=one.version,
            url=f"{PREFIX}/meetings/{one.meeting_id}/proposals/{one.id}",
            page=f"/sitzungen/{one.meeting_id}/vorschlaege#vorschlag-{one.id}",
            section=sections.get(one.section, one.section),
            kind=one.kind,
            title=one.title,
            minutes=one.minutes,
            score=one.score,
            fits=one.fits,
            projects=[
                ProposalProjectOut(id=link.project_id, code=codes[link.project_id])
                for link in links.get(ident(one), ())
            ],
            reasons=reasons_of(one.reasons),
            state=one.state,
            meeting=one.meeting_id,
            section_key=one.section,
            mandatory=one.mandatory,
            occasion=one.occasion,
            proposed_decision=one.proposed_decision,
            taken_by=one.taken_by,
            difference=one.difference,
            edited=one.edited,
            reject_reason=one.reject_reason,
            item=one.item_id,
        )
        for one in proposals
    ]


def reasons_of(stored: str) -> list[ReasonOut]:
    """The stored reasons (a JSON list) as programs read them."""
    return [ReasonOut.model_validate(reason) for reason in json.loads(stored)]
