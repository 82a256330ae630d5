"""Joining proposals into one item and parting items again; the meeting is locked by the caller (domain §4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import (
    AgendaItem,
    AgendaItemProject,
    ItemOrigin,
    Proposal,
    ProposalProject,
)
from app.agenda.rules.joining import Suggestion, suggest
from app.agenda.schemas.wishes import JoinIn
from app.agenda.service.items import (
    next_position,
    remove_item,
    require_draft,
    require_unreleased,
    store_item,
)
from app.agenda.service.papers import place_of
from app.agenda.service.proposals import give_back, require_free, require_open, take_up
from app.agenda.service.registered import reach_of, receive_registrations_again
from app.agenda.service.speaking import keep_note_in_history
from app.agenda.service.traces import SHOWN, ItemTexts
from app.db import ident
from app.errors import Invalid, Refused
from app.history.service import record, snapshot
from app.meetings.models import Meeting
from app.meetings.rules import life
from app.meetings.service import touch_meeting
from app.papers.service.papers import transfer_all
from app.revisions.service import close_texts

PARTS = ("title", "section", "kind", "minutes", "presenter", "occasion", "proposed_decision", "level")


@dataclass(frozen=True, slots=True)
class Parted:
    """What an item was parted into: the open proposals that it was joined from, or one item for each project."""

    proposals: tuple[Proposal, ...] = ()
    items: tuple[AgendaItem, ...] = ()


def chosen_proposals(session: Session, actor: Actor, meeting: Meeting, ids: Sequence[int]) -> list[Proposal]:
    """The proposals to join, in the order of the drafting; Invalid for fewer than two, Refused for what cannot be."""
    found = [one for one in queries.list_proposals(session, actor, ident(meeting)) if one.id in set(ids)]
    if len(found) < 2 or len(found) != len(set(ids)):
        raise Invalid({"proposals": "Bitte wählen Sie mindestens zwei offene Vorschläge."})
    for one in found:
        require_open(one)
        if one.grouped:
            raise Refused(f"„{one.title}“ ist ein Sammelpunkt und lässt sich nicht zusammenlegen.")
    return found


def join_proposals(session: Session, actor: Actor, meeting: Meeting, wish: JoinIn) -> AgendaItem:
    """Make one item of several open proposals, with all projects; the proposals keep their reasons and texts.

    What *wish* leaves open is put together from theirs. Refused where one of them already is on a coming agenda.
    """
    require_draft(actor, meeting)
    queries.lock_coming(session, meeting.body_id)
    proposals = chosen_proposals(session, actor, meeting, wish.proposals)
    links = queries.projects_of_proposals(session, [ident(one) for one in proposals])
    for one in proposals:
        require_free(session, meeting, one, [link.project_id for link in links.get(ident(one), ())])
    typed = {name: value for name, value in wish.model_dump(include=set(PARTS)).items() if value is not None}
    values = {**_parts(suggest(proposals)), **typed}
    item = AgendaItem(
        meeting_id=ident(meeting),
        position=next_position(session, actor, meeting, values["section"]),
        origin=ItemOrigin.PROPOSAL,
        mandatory=any(one.mandatory for one in proposals),
        carried_from_id=next((one.carried_from_id for one in proposals if one.carried_from_id), None),
        changed_at=clock.now(),
        changed_by=actor.name,
        **values,
    )
    store_item(session, actor, meeting, item, joined_projects(proposals, links), verb="item.join")
    take_up(session, actor, meeting, item, proposals)
    return item


def part_item(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem) -> Parted:
    """Part an unreleased item: a joined one into its open proposals, another one into an item for each project.

    Texts that were edited since joining are not lost: the first proposal keeps Anlass and Beschlussvorschlag of the
    item and counts as edited; papers of the item wait with the meeting. Refused where there is nothing to part.
    """
    require_draft(actor, meeting)
    require_unreleased(item)
    close_texts(session, ItemTexts(session, meeting, item))
    proposals = queries.proposals_of_item(session, ident(item))
    links = queries.projects_of_items(session, [ident(item)]).get(ident(item), [])
    before = snapshot(item, *SHOWN)
    if len(proposals) > 1:
        parted = into_proposals(session, actor, meeting, item, proposals)
    elif len(links) > 1 and not item.grouped:
        parted = _into_items(session, actor, meeting, item, links)
    else:
        raise Refused("Dieser Punkt besteht nur aus einem Vorschlag und lässt sich nicht trennen.")
    record(
        session,
        actor,
        "item.part",
        meeting if parted.proposals else item,
        before=before,
        label=f"{life.label_with_date(meeting)}: {before['title']}",
        body_id=meeting.body_id,
        reach=reach_of(item.level),
    )
    touch_meeting(session, meeting)
    return parted


def joined_projects(proposals: Sequence[Proposal], links: dict[int, list[ProposalProject]]) -> list[tuple[int, bool]]:
    """All projects of the proposals in their order, each once, as (project, answers its decision need)."""
    found: dict[int, bool] = {}
    for one in proposals:
        for link in links.get(ident(one), ()):
            found[link.project_id] = found.get(link.project_id, False) or link.answers_need
    return list(found.items())


def _parts(suggestion: Suggestion) -> dict[str, Any]:
    return {name: getattr(suggestion, name) for name in PARTS}


def into_proposals(
    session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, proposals: list[Proposal]
) -> Parted:
    """Make an unreleased item the open proposals again that it was made of, and remove it; as ``part_item`` says."""
    begun, first = suggest(proposals), proposals[0]
    for name in ("occasion", "proposed_decision", "presenter"):
        now = text.clean(getattr(item, name))
        if now and now != text.clean(getattr(begun, name)):
            setattr(first, name, now)
            first.edited = True
    _keep_added_projects(session, item, proposals)
    receive_registrations_again(session, actor, item)
    give_back(session, proposals)
    transfer_all(session, actor, place_of(meeting, item), place_of(meeting))
    keep_note_in_history(session, actor, meeting, item)
    remove_item(session, item)
    return Parted(proposals=tuple(proposals))


def _keep_added_projects(session: Session, item: AgendaItem, proposals: list[Proposal]) -> None:
    """Projects that were added to the joined item by hand stay with the first proposal."""
    known = queries.projects_of_proposals(session, [ident(one) for one in proposals])
    named = {link.project_id for there in known.values() for link in there}
    links = queries.projects_of_items(session, [ident(item)]).get(ident(item), [])
    for link in links:
        if link.project_id not in named:
            session.add(
                ProposalProject(
                    proposal_id=ident(proposals[0]),
                    project_id=link.project_id,
                    position=100 + link.position,
                    answers_need=link.answers_need,
                )
            )
            proposals[0].edited = True


def _into_items(
    session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, links: list[AgendaItemProject]
) -> Parted:
    """The item keeps its first project and its place; the others get items of their own with the same texts."""
    titles = queries.project_titles(session, [link.project_id for link in links])
    parts = [item]
    for link in links[1:]:
        further = AgendaItem(
            meeting_id=ident(meeting),
            position=next_position(session, actor, meeting, item.section),
            origin=item.origin,
            mandatory=item.mandatory,
            carried_from_id=item.carried_from_id,
            changed_at=clock.now(),
            changed_by=actor.name,
            **{name: getattr(item, name) for name in PARTS},
        )
        further.title = _title(item.title, titles[link.project_id])
        store_item(session, actor, meeting, further, [(link.project_id, link.answers_need)])
        parts.append(further)
    for link in links[1:]:
        session.delete(link)
    item.title = _title(item.title, titles[links[0].project_id])
    item.changed_at, item.changed_by = clock.now(), actor.name
    session.add(item)
    session.flush()
    return Parted(items=tuple(parts))


def _title(title: str, project: str) -> str:
    return f"{title}: {project}"[:500]
