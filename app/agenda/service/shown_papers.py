"""Which papers of a meeting a reader gets, and which of their files: the one place that every channel asks.

Who reads drafts sees the working copy with every version. Everybody else sees what was released, in their edition and
with the files of that release (domain §6): a later file shows itself with the next Nachtrag. What closes a paper works
at once and on every file it ever had: withdrawing it, and raising its level.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem, Edition
from app.agenda.rules.reading import edition_of, may_take_along, readers_part
from app.agenda.schemas.frozen import AgendaValues, FrozenPaper, read_values
from app.agenda.service.papers import find_paper, list_meeting_papers, placed_items
from app.db import ident
from app.errors import Forbidden, NotFound
from app.meetings.models import Meeting
from app.meetings.rules import life
from app.papers.models import PaperKind
from app.papers.queries import files_of, standing_of
from app.papers.rules.showing import file_to_send, shown_held
from app.papers.schemas import FileToSend, PaperStanding, ShownFile, ShownPaper
from app.papers.service.holder import WITHDRAWN
from app.visibility import Level, highest

PAGE_ONLY = (
    "Diese Unterlage ist vertraulich; Sie sehen von ihr nur den Titel. "
    "Wenn Sie die Datei brauchen, wenden Sie sich an die Geschäftsstelle."
)


@dataclass(frozen=True, slots=True)
class PaperGroup:
    """The papers of one item, or (without one) of the meeting as a whole."""

    papers: tuple[ShownPaper, ...]
    item_id: int | None = None
    number: str = ""
    title: str = ""


def shown_groups(session: Session, actor: Actor, meeting: Meeting) -> list[PaperGroup]:
    """The papers that the actor sees, by item in the order of the agenda; groups without papers are left out."""
    if life.reads_draft(actor, meeting):
        return _working_copy(session, actor, meeting)
    values = _released(session, actor, meeting)
    return [] if values is None else groups_of(session, actor, meeting, values)


def groups_of(session: Session, actor: Actor, meeting: Meeting, values: AgendaValues) -> list[PaperGroup]:
    """The papers that *values* (a part of the agenda that is this reader's) enclose, as they stand now; one query."""
    standing = standing_of(session, [paper.id for paper, *_ in _all_papers(values)])
    return _groups_of(actor, meeting, values, standing)


def shown_papers(session: Session, actor: Actor, meeting: Meeting) -> list[ShownPaper]:
    """The same as a plain list."""
    return [paper for group in shown_groups(session, actor, meeting) for paper in group.papers]


def papers_of_item(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem) -> list[ShownPaper]:
    """The papers of one item of the working copy."""
    return [one for one in shown_papers(session, actor, meeting) if one.item_id == ident(item)]


def choose_paper_file(
    session: Session, actor: Actor, meeting: Meeting, paper_id: int, *, version: int | None = None
) -> FileToSend:
    """The file that the reader gets: the named version, else the newest that is theirs.

    NotFound for papers and versions they do not see; Forbidden for what they see but may not take along.
    """
    if life.reads_draft(actor, meeting):
        files = files_of(session, [ident(find_paper(session, actor, meeting, paper_id).held.paper)])[paper_id]
        chosen = next((one for one in files if version in (None, one.version)), None)
        if chosen is None:
            raise NotFound()
        return file_to_send(chosen)
    paper, level, item_id = _find_released(session, actor, meeting, paper_id, version)
    now = standing_of(session, [paper_id])[paper_id]
    if now.withdrawn:
        raise Forbidden(WITHDRAWN)
    if not may_take_along(actor, meeting.body_id, paper.level, level, now.level, item_id=item_id):
        raise Forbidden(PAGE_ONLY)
    return FileToSend(paper.hash, paper.file_name, paper.media_type, paper.size)


def _working_copy(session: Session, actor: Actor, meeting: Meeting) -> list[PaperGroup]:
    found = list_meeting_papers(session, actor, meeting)
    if not found:
        return []
    files = files_of(session, [ident(one.held.paper) for one in found])
    released = _released_versions(session, meeting)
    by_item: dict[int | None, list[ShownPaper]] = {}
    for one in found:
        item_id = ident(one.item) if one.item else None
        there = by_item.setdefault(item_id, [])
        paper_id = ident(one.held.paper)
        there.append(
            shown_held(
                one.held,
                files[paper_id],
                item_id=item_id,
                position=len(there) + 1,
                released=released.get(paper_id),
            )
        )
    groups = [PaperGroup(tuple(by_item[None]))] if None in by_item else []
    return groups + [
        PaperGroup(tuple(by_item[ident(one.item)]), ident(one.item), one.number, one.item.title)
        for one in placed_items(session, actor, meeting)
        if ident(one.item) in by_item
    ]


def _released_versions(session: Session, meeting: Meeting) -> dict[int, int]:
    """The version of each paper that the last release encloses."""
    found = queries.find_edition(session, ident(meeting), Edition.FULL)
    return {} if found is None else {paper.id: paper.version for paper, *_ in _all_papers(read_values(found.content))}


def _released(session: Session, actor: Actor, meeting: Meeting, *, version: int | None = None) -> AgendaValues | None:
    found = queries.find_edition(session, ident(meeting), Edition.FULL, version=version)
    return None if found is None else readers_part(actor, read_values(found.content))


def _all_papers(values: AgendaValues) -> list[tuple[FrozenPaper, Level, int | None]]:
    """Every paper of a release with the level of what it belongs to, and its item."""
    found: list[tuple[FrozenPaper, Level, int | None]] = [(paper, Level.INTERNAL, None) for paper in values.papers]
    for section in values.sections:
        found += [(paper, item.level, item.id) for item in section.items for paper in item.papers]
    return found


def _find_released(
    session: Session, actor: Actor, meeting: Meeting, paper_id: int, version: int | None
) -> tuple[FrozenPaper, Level, int | None]:
    """From the last release; the body's own readers find earlier files in earlier releases."""
    numbers = [one.version for one in queries.list_releases(session, ident(meeting))]
    if edition_of(actor, meeting.body_id) is None:
        numbers = numbers[:1]
    for number in numbers:
        values = _released(session, actor, meeting, version=number)
        for paper, level, item_id in _all_papers(values) if values else ():
            if paper.id == paper_id and version in (None, paper.version):
                return paper, level, item_id
        if version is None:
            break
    raise NotFound()


def _groups_of(
    actor: Actor, meeting: Meeting, values: AgendaValues, standing: Mapping[int, PaperStanding]
) -> list[PaperGroup]:
    def shown(
        papers: Sequence[FrozenPaper], level: Level = Level.INTERNAL, item_id: int | None = None
    ) -> tuple[ShownPaper, ...]:
        now = {one.id: standing[one.id] for one in papers}
        free = {
            one.id: may_take_along(actor, meeting.body_id, one.level, level, now[one.id].level, item_id=item_id)
            for one in papers
        }
        return tuple(
            ShownPaper(
                id=one.id,
                kind=PaperKind(one.kind),
                title=one.title,
                level=highest(one.level, now[one.id].level),
                file=ShownFile(one.version, one.file_name, one.media_type, one.size, one.hash),
                item_id=item_id,
                may_download=free[one.id] and not now[one.id].withdrawn,
                page_only=not free[one.id],
                withdrawn=now[one.id].withdrawn,
                position=place,
                released=one.version,
            )
            for place, one in enumerate(papers, 1)
        )

    groups = [PaperGroup(shown(values.papers))] if values.papers else []
    for section in values.sections:
        groups += [
            PaperGroup(shown(item.papers, item.level, item.id), item.id, item.number, item.title)
            for item in section.items
            if item.papers
        ]
    return groups
