"""The handbook on its pages: contents with a search, and each page by its slug."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.handbook import pages, search
from app.request import CurrentActor
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
        before=order[at - 1] if at else None,
        after=order[at + 1] if at + 1 < len(order) else None,
    )
