"""The page of the search: a field, filters, and what was found, page by page."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app import text
from app.bodies.queries import list_bodies
from app.db import ident
from app.request import CurrentActor, ReadSession
from app.search.queries.candidates import Filters
from app.search.rules.ranking import Rank
from app.search.rules.words import shortened
from app.search.searching import GROUPS, MOST, Results, search
from app.web.forms import typed_number
from app.web.respond import page

router = APIRouter()

LONGEST_TYPED = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; what it does not understand, it leaves out."""

    words: str = ""
    group: str = ""
    body_id: int | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    after: Rank | None = None

    @property
    def filters(self) -> Filters:
        """What narrows the search."""
        kinds = GROUPS[self.group][2] if self.group else ()
        return Filters(kinds, self.body_id, self.since, self.until)

    @property
    def is_filtered(self) -> bool:
        """Whether more than words was asked for."""
        return self.filters != Filters()

    def address(self, **changes: object) -> str:
        """The same search with some values of the address changed; it begins anew."""
        values = {
            "q": self.words,
            "art": self.group,
            "gremium": self.body_id,
            "von": self.since,
            "bis": self.until,
            **changes,
        }
        return f"/suche?{urlencode({name: value for name, value in values.items() if value})}"


@router.get("/suche")
def show_search(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
    """What was found, best first."""
    asked = _read(request)
    results = search(session, actor, asked.words, asked.filters, after=asked.after) if asked.words else Results()
    bodies = list_bodies(session, actor)
    last = results.hits[-1].rank if results.hits else None
    return page(
        request,
        actor,
        "search/show.html",
        title="Suche",
        asked=asked,
        results=results,
        most=MOST,
        groups=[(key, many) for key, (_, many, _) in GROUPS.items()],
        bodies=[(ident(body), body.short_name) for body in bodies],
        body_names={ident(body): body.short_name for body in bodies},
        next=asked.address(nach=".".join(str(part) for part in last)) if last and results.following else None,
        first=asked.address() if asked.after else None,
    )


def _read(request: Request) -> Asked:
    values = request.query_params
    group = values.get("art", "")
    return Asked(
        words=shortened(text.one_line(values.get("q", "")[:LONGEST_TYPED])),
        group=group if group in GROUPS else "",
        body_id=typed_number(values.get("gremium", "")) or None,
        since=_day(values.get("von", "")),
        until=_day(values.get("bis", "")),
        after=_rank(values.get("nach", "")),
    )


def _day(typed: str) -> dt.date | None:
    try:
        return text.parse_date(typed)
    except ValueError:
        return None


def _rank(written: str) -> Rank | None:
    """The mark of a page's last hit, None for anything else."""
    parts = written.split(".")
    try:
        first, day, kind, key = (int(part) for part in parts if len(part) < 20)
    except ValueError:
        return None
    return (first, day, kind, key)
