"""How programs read the topic backlog (Themenspeicher)."""

import datetime as dt
from collections.abc import Mapping, Sequence

from app.agenda.models import ItemKind, Level, Topic, TopicProject, TopicState
from app.api.schemas.proposals import ProposalProjectOut, ReasonOut, reasons_of
from app.api.schemas.thing import PREFIX, Moment, Thing
from app.db import ident


class TopicOut(Thing):
    """What did not make an agenda: ``why``, and when it comes back (``resume_on``, null = next meeting).

    ``body`` and ``from_meeting`` are ids; ``reasons`` are those of the proposal it was.
    """

    body: int
    from_meeting: int | None
    title: str
    section: str
    section_key: str
    kind: ItemKind
    minutes: int
    level: Level
    occasion: str
    proposed_decision: str
    projects: list[ProposalProjectOut]
    reasons: list[ReasonOut]
    why: str
    resume_on: dt.date | None
    state: TopicState
    created_at: Moment
    created_by: str


def topic_outs(
    topics: Sequence[Topic],
    *,
    links: Mapping[int, Sequence[TopicProject]],
    codes: Mapping[int, str],
    sections: Mapping[tuple[int, str], str],
) -> list[TopicOut]:
    """Topics as programs read them: *links* by topic, *codes* by project, *sections* {(body, key): title}."""
    return [
        TopicOut(
            id=ident(one),
            version=one.version,
            url=f"{PREFIX}/topics/{one.id}",
            page=f"/themenspeicher/{one.id}",
            body=one.body_id,
            from_meeting=one.from_meeting_id,
            title=one.title,
            section=sections.get((one.body_id, one.section), one.section),
            section_key=one.section,
            kind=one.kind,
            minutes=one.minutes,
            level=one.level,
            occasion=one.occasion,
            proposed_decision=one.proposed_decision,
            projects=[
                ProposalProjectOut(id=link.project_id, code=codes[link.project_id])
                for link in links.get(ident(one), ())
            ],
            reasons=reasons_of(one.reasons),
            why=one.why,
            resume_on=one.resume_on,
            state=one.state,
            created_at=one.created_at,
            created_by=one.created_by,
        )
        for one in topics
    ]
