"""What programs read of a search."""

import datetime as dt

from pydantic import Field

from app.api.schemas.thing import PREFIX, Thing
from app.search.searching import Hit


class HitOut(Thing):
    """Something found. ``id`` is that of the object (of minutes: of their meeting), ``url`` its nearest resource.

    ``excerpt``: the words around the first hit, as plain text.
    """

    kind: str = Field(description="Art: projekt, sachstand, sitzung, top, unterlage, niederschrift, beschluss, …")
    title: str
    excerpt: str
    day: dt.date
    body_id: int | None


def hit_out(hit: Hit) -> HitOut:
    """A hit as programs read it."""
    return HitOut(
        id=hit.object_id,
        url=f"{PREFIX}{hit.resource}",
        page=hit.href,
        kind=hit.group,
        title=hit.title,
        excerpt="".join(piece.words for piece in hit.pieces),
        day=hit.day,
        body_id=hit.body_id,
    )
