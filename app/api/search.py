"""Searching everything the program may read."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from app.api.answers import listed
from app.api.paging import ListQuery, Walk
from app.api.schemas.search import HitOut, hit_out
from app.api.schemas.thing import Listing
from app.errors import Invalid
from app.request import CurrentActor, ReadSession
from app.search.queries.candidates import Filters
from app.search.rules.words import LONGEST_SEARCH
from app.search.searching import GROUPS, search
from app.validation import RowId

router = APIRouter(tags=["Suche"])


class SearchQuery(ListQuery):
    """The words and what narrows them."""

    q: str = Field(
        default="", max_length=LONGEST_SEARCH, description="Wörter, „Wortfolgen“ und -ausgeschlossene Wörter"
    )
    kind: str = Field(default="", max_length=40, description=f"Art: {', '.join(GROUPS)}")
    body: RowId | None = Field(default=None, description="Kennung des Gremiums")
    since: dt.date | None = Field(default=None, description="Frühester Tag")
    until: dt.date | None = Field(default=None, description="Spätester Tag")


@router.get("/search", response_model=Listing[HitOut], summary="Suche")
def find(
    request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[SearchQuery, Query()]
) -> Response:
    """What you may read that holds every word, best first; of very many hits the latest 500."""
    if query.kind and query.kind not in GROUPS:
        raise Invalid({"kind": f"Bitte wählen Sie eine dieser Arten: {', '.join(GROUPS)}."})
    walk = Walk(request, query)
    wish = Filters(GROUPS[query.kind][2] if query.kind else (), query.body, query.since, query.until)
    after = None if walk.after is None else (walk.after[0], walk.after[1], walk.after[2], walk.after[3])
    found = search(session, actor, query.q, wish, after=after, limit=walk.limit + 1)
    page, following = walk.take(found.hits, lambda hit: hit.rank)
    return listed([hit_out(hit) for hit in page], following)
