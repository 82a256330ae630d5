"""The handbook on its pages: contents with a search, and each page by its slug."""

import re

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup

from app.actor import Actor
from app.handbook import pages, search
from app.request import CurrentActor
from app.web.places import closed_to
from app.web.respond import page

router = APIRouter()

QUESTION_LENGTH = 200


@router.get("/hilfe")
def show_handbook(request: Request, actor: CurrentActor, q: str = "") -> Response:
    """The contents, or what a search found."""
    question = q.strip()[:QUESTION_LENGTH]
    return page(
        request,
        actor,
        "handbook/contents.html",
        title="Handbuch",
        question=question,
        hits=search.search_handbook(pages.load_handbook().values(), question),
        contents=pages.list_contents(),
    )


@router.get("/hilfe/{slug}")
def show_handbook_page(request: Request, slug: str, actor: CurrentActor) -> Response:
    """One page, with its neighbours in the contents."""
    shown = pages.get_handbook_page(slug)
    order = list(pages.load_handbook().values())
    at = order.index(shown)
    return page(
        request,
        actor,
        "handbook/page.html",
        title=shown.title,
        crumbs=(("Handbuch", "/hilfe"), (shown.title, None)),
        shown=shown,
        html=_for_reader(shown.html, actor),
        before=order[at - 1] if at else None,
        after=order[at + 1] if at + 1 < len(order) else None,
    )


def _for_reader(html: Markup, actor: Actor) -> Markup:
    """The page with links only to places that the reader may open; the others stay as words."""
    closed = closed_to(actor)
    links = "|".join(re.escape(path) for path in sorted(closed))
    return Markup(re.sub(rf'<a href="(?:{links})">(.*?)</a>', r"\1", html)) if closed else html  # noqa: S704
