"""How programs read registered topics (TOP-Anmeldung)."""

import datetime as dt
from collections.abc import Mapping, Sequence

from app.agenda.models import ItemKind, Level, Registration, RegistrationProject, RegistrationState
from app.api.schemas.proposals import ProposalProjectOut
from app.api.schemas.thing import PREFIX, Moment, Thing
from app.db import ident


class RegistrationOut(Thing):
    """A registered topic. ``answer`` is what was told where it is not taken up; ``meeting`` null means the next one.

    Which item it became is told by the agenda after its release, not here.
    """

    body: int
    meeting: int | None
    seat: int | None
    by: str
    title: str
    section_key: str
    kind: ItemKind
    minutes: int | None
    presenter: str
    occasion: str
    proposed_decision: str
    level: Level
    projects: list[ProposalProjectOut]
    papers_follow: bool
    papers_on: dt.date | None
    urgency: str
    consented: bool
    state: RegistrationState
    answer: str
    registered_at: Moment


def registration_outs(
    rows: Sequence[Registration],
    *,
    links: Mapping[int, Sequence[RegistrationProject]],
    codes: Mapping[int, str],
    known_meetings: Mapping[int, object],
) -> list[RegistrationOut]:
    """Registered topics as programs read them: *links* by topic, *codes* by project, the meetings the reader knows."""
    return [
        RegistrationOut(
            id=ident(one),
            version=one.version,
            url=f"{PREFIX}/registrations/{one.id}",
            page=f"/anmeldungen/{one.id}",
            body=one.body_id,
            meeting=one.meeting_id if one.meeting_id in known_meetings else None,
            seat=one.seat_id,
            by=one.by,
            title=one.title,
            section_key=one.section,
            kind=one.kind,
            minutes=one.minutes,
            presenter=one.presenter,
            occasion=one.occasion,
            proposed_decision=one.proposed_decision,
            level=one.level,
            projects=[
                ProposalProjectOut(id=link.project_id, code=codes[link.project_id])
                for link in links.get(ident(one), ())
            ],
            papers_follow=one.papers_follow,
            papers_on=one.papers_on,
            urgency=one.urgency,
            consented=bool(one.consent_by),
            state=one.state,
            answer=one.answer,
            registered_at=one.registered_at,
        )
        for one in rows
    ]
