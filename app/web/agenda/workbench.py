"""The workbench of the secretariat: proposals and the working copy of the agenda, side by side or the latter alone."""

import datetime as dt
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import Proposal, ProposalState
from app.agenda.queries import ProjectLine
from app.agenda.queries.registrations import carried_registrations, registration_ids
from app.agenda.rules import words
from app.agenda.rules.changes import MARK_WORDS
from app.agenda.rules.outcomes import WORDS as OUTCOME_WORDS
from app.agenda.service.texts import who_edits
from app.agenda.service.values import agenda_sums, agenda_values, default_as_of
from app.bodies.queries import list_sections
from app.db import ident
from app.drafting.schemas import LaterStatus, Waiting
from app.drafting.service.proposing import beyond_draft, default_stichtag
from app.meetings.models import Meeting
from app.meetings.rules import life
from app.revisions.rules import presence_sentence
from app.web.forms import Form
from app.web.meetings.meeting_frame import AGENDA, PROPOSALS, address_of, meeting_page, rights_of
from app.web.respond import piece

WORKBENCH, SUPPLEMENT = "werkbank", "nachtrag"
STATE_WORDS = {ProposalState.ACCEPTED: "übernommen", ProposalState.REJECTED: "abgelehnt"}


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal as its card shows it; ``mark`` is the light of its first project, ``lit`` whether there is one."""

    id: int
    section: str
    title: str
    minutes: int
    score: int
    fits: bool
    state: str
    projects: tuple[ProjectLine, ...]
    reasons: tuple[dict[str, Any], ...]
    taken_by: str
    difference: str
    reject_reason: str
    item_id: int | None
    edited: bool = False
    joinable: bool = False
    registered: bool = False
    registration_id: int | None = None
    topic_id: int | None = None

    @property
    def single(self) -> ProjectLine | None:
        """The one project it is about; None for carried things without and for those with several."""
        return self.projects[0] if len(self.projects) == 1 else None


def differences_in_words(proposals: Sequence[Proposal]) -> str:
    """What drafting again found for the proposals of an item; where several were joined, each by its title."""
    changed = [one for one in proposals if one.difference]
    return "; ".join(f"{one.title}: {one.difference}" if len(proposals) > 1 else one.difference for one in changed)


def section_choices(session: Session, meeting: Meeting) -> list[tuple[str, str]]:
    """The body's sections as (key, title)."""
    return [(section.key, section.title) for section in list_sections(session, meeting.body_id)]


def panel_address(address: str, view: str) -> str:
    """The page on which the agenda was being worked at."""
    pages = {WORKBENCH: "/vorschlaege", SUPPLEMENT: "/nachtrag"}
    return f"{address}{pages.get(view, '')}"


def agenda_page(
    request: Request,
    session: Session,
    actor: Actor,
    meeting: Meeting,
    *,
    form: Form | None = None,
    error: str = "",
    status: int = 200,
) -> Response:
    """The working copy as a tab of its own."""
    values = agenda_panel(session, actor, meeting, form=form, error=error)
    return meeting_page(request, session, actor, meeting, "agenda/show.html", tab=AGENDA, status=status, **values)


def agenda_panel(
    session: Session, actor: Actor, meeting: Meeting, *, form: Form | None = None, error: str = "", view: str = ""
) -> dict[str, Any]:
    """What ``agenda/_panel.html`` shows: the placed working copy, its time, and the form for an item of one's own."""
    as_of = default_as_of(session, meeting, clock.today())
    agenda = agenda_values(session, actor, meeting, as_of=as_of)
    edits = rights_of(actor, meeting).edit_agenda
    there = [item.id for section in agenda.sections for item in section.items]
    present = who_edits(session, actor, there) if edits else {}
    return {
        "agenda": agenda,
        "presences": {
            item_id: presence_sentence([one for one in found if not one.own]) for item_id, found in present.items()
        },
        "sums": agenda_sums(session, actor, meeting),
        "sections": section_choices(session, meeting),
        "edit_agenda": edits,
        "view": view,
        "own_form": form or Form(),
        "agenda_error": error,
        "kind_words": words.KIND_WORDS,
        "mark_words": MARK_WORDS,
        "outcome_words": OUTCOME_WORDS,
        "outcomes": {},
        "notes": {},
    }


def workbench_piece(request: Request, session: Session, actor: Actor, meeting: Meeting, **values: Any) -> Response:
    """Both panels alone, for htmx."""
    shown = workbench(session, actor, meeting, **values)
    return piece(request, "proposals/_workbench.html", address=address_of(meeting), **shown)


def workbench_page(
    request: Request,
    session: Session,
    actor: Actor,
    meeting: Meeting,
    *,
    form: Form | None = None,
    error: str = "",
    status: int = 200,
    **values: Any,
) -> Response:
    """Proposals and agenda side by side."""
    shown = workbench(session, actor, meeting, form=form, error=error, **values)
    return meeting_page(request, session, actor, meeting, "proposals/show.html", tab=PROPOSALS, status=status, **shown)


def workbench(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    *,
    form: Form | None = None,
    error: str = "",
    draft_form: Form | None = None,
    reject_form: Form | None = None,
    reject_id: int | None = None,
    proposal_error: str = "",
    said: str = "",
    focus: str = "",
) -> dict[str, Any]:
    """What ``proposals/_workbench.html`` shows. *said* is read out, *focus* gets the focus after an exchange."""
    drafted = queries.find_draft(session, ident(meeting))
    as_of = default_as_of(session, meeting, clock.today())
    later, waiting = _beyond(session, meeting, drafted.as_of if drafted else None)
    proposals = proposal_views(session, actor, meeting, as_of)
    by_state = {state: [one for one in proposals if one.state == state] for state in ProposalState}
    return {
        **agenda_panel(session, actor, meeting, form=form, error=error, view=WORKBENCH),
        "drafted": drafted,
        "groups": grouped(by_state[ProposalState.OPEN], section_choices(session, meeting)),
        "open_count": len(by_state[ProposalState.OPEN]),
        "accepted": by_state[ProposalState.ACCEPTED],
        "rejected": by_state[ProposalState.REJECTED],
        "vanished": by_state[ProposalState.VANISHED],
        "later": later,
        "waiting": waiting,
        "draft_form": draft_form or Form({"as_of": _offered(meeting, drafted.as_of if drafted else None)}),
        "reject_form": reject_form or Form(),
        "reject_id": reject_id,
        "proposal_error": proposal_error,
        "said": said,
        "focus": focus,
    }


def proposal_views(session: Session, actor: Actor, meeting: Meeting, as_of: dt.date) -> list[ProposalView]:
    """The proposals of a meeting with their projects as they stand at the Stichtag; six queries."""
    rows = queries.list_proposals(session, actor, ident(meeting))
    links = queries.projects_of_proposals(session, [ident(row) for row in rows])
    wanted = {link.project_id for there in links.values() for link in there}
    lines = queries.project_lines(session, ids=wanted, on=as_of)
    carried = carried_registrations(session, [row.carried_from_id for row in rows if row.carried_from_id is not None])
    return [_view(row, [lines[link.project_id] for link in links.get(ident(row), ())], carried) for row in rows]


def grouped(
    proposals: Sequence[ProposalView], sections: Sequence[tuple[str, str]]
) -> list[tuple[str, list[ProposalView]]]:
    """Proposals by section in the body's order, as (title, proposals); sections without any are left out."""
    found = [(title, [one for one in proposals if one.section == key]) for key, title in sections]
    return [(title, there) for title, there in found if there]


def _view(row: Proposal, projects: Sequence[ProjectLine], carried: Collection[int]) -> ProposalView:
    registration_id = next(iter(registration_ids([row.key])), None)
    return ProposalView(
        id=ident(row),
        section=row.section.value,
        title=row.title,
        minutes=row.minutes,
        score=row.score,
        fits=row.fits,
        state=row.state.value,
        projects=tuple(projects),
        reasons=tuple(_reason(one, many=len(projects) > 1) for one in json.loads(row.reasons)),
        taken_by=row.taken_by,
        difference=row.difference,
        reject_reason=row.reject_reason,
        item_id=row.item_id,
        edited=row.edited,
        joinable=not row.grouped and not row.taken_by,
        registered=registration_id is not None or row.carried_from_id in carried,
        registration_id=registration_id,
        topic_id=row.topic_id,
    )


def _reason(stored: dict[str, Any], *, many: bool) -> dict[str, Any]:
    """A stored reason as the card shows it; where several projects are named, it says which one it is about."""
    said = stored["text"].removeprefix("entfallen: ")
    named = f"{stored['project']}: {said}" if many and stored.get("project") else said
    return {"text": named, "gone": stored.get("gone", False)}


def _beyond(
    session: Session, meeting: Meeting, as_of: dt.date | None
) -> tuple[tuple[LaterStatus, ...], tuple[Waiting, ...]]:
    """Reports after the Stichtag and carried things whose time has not come; nothing before the first drafting."""
    if as_of is None:
        return (), ()
    return beyond_draft(session, meeting, min(as_of, life.day_of(meeting)))


def _offered(meeting: Meeting, drafted: dt.date | None) -> dt.date:
    """The Stichtag that the form offers: today, as far as the meeting allows; of a Nacherfassung the one it had."""
    if meeting.entered_afterwards and drafted is not None:
        return drafted
    return default_stichtag(meeting, clock.today())
