"""How programs read when the Revision looked into confidential matters."""

from collections.abc import Sequence

from app.api.schemas.thing import PREFIX, Moment, Thing
from app.bodies.models import AuditAccess
from app.db import ident


class ConfidentialAccessOut(Thing):
    """One access with its ``reason``; ``body`` is an id. It ends at ``closed_at``, else at ``ends_at``."""

    body: int
    name: str
    reason: str
    begins_at: Moment
    ends_at: Moment
    closed_at: Moment | None


def access_outs(found: Sequence[AuditAccess]) -> list[ConfidentialAccessOut]:
    """Accesses as programs read them; they have one version only."""
    return [
        ConfidentialAccessOut(
            id=ident(one),
            version=1,
            url=f"{PREFIX}/confidential-access/{one.id}",
            page="/vertrauliches",
            body=one.body_id,
            name=one.name,
            reason=one.reason,
            begins_at=one.begins_at,
            ends_at=one.ends_at,
            closed_at=one.closed_at,
        )
        for one in found
    ]
