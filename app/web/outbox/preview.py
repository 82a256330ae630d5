"""The preview of all kinds of mails with invented values: what goes out when, and how it looks."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.errors import NotFound
from app.outbox.kinds import MailKind
from app.request import CurrentActor
from app.web.outbox.mail_kinds import KINDS
from app.web.outbox.pages import HOME, require_log, shut_in
from app.web.respond import is_demo, page

router = APIRouter()

PREVIEW = f"{HOME}/vorschau"


@router.get(PREVIEW)
def show_kinds(request: Request, actor: CurrentActor) -> Response:
    """All kinds of mails, and when each goes to whom."""
    require_log(actor)
    kinds = sorted(KINDS.values(), key=lambda kind: kind.title)
    crumbs = (("Postausgang", HOME), ("Vorschau", None))
    return page(request, actor, "outbox/kinds.html", title="Vorschau der Mails", crumbs=crumbs, kinds=kinds)


@router.get(f"{PREVIEW}/{{kind_name}}")
def show_kind(request: Request, kind_name: str, actor: CurrentActor) -> Response:
    """One kind with its example: subject, plain text, HTML."""
    require_log(actor)
    kind = _kind(kind_name)
    crumbs = (("Postausgang", HOME), ("Vorschau", PREVIEW), (kind.title, None))
    letter = kind.preview(demo=is_demo(request, actor))
    return page(
        request, actor, "outbox/kind.html", title=kind.title, crumbs=crumbs, kind=kind, letter=letter, address=PREVIEW
    )


@router.get(f"{PREVIEW}/{{kind_name}}/ansicht")
def show_kind_html(request: Request, kind_name: str, actor: CurrentActor) -> Response:
    """The HTML of the example, shut in like that of any mail."""
    require_log(actor)
    return shut_in(_kind(kind_name).preview(demo=is_demo(request, actor)).html)


def _kind(name: str) -> MailKind:
    found = KINDS.get(name)
    if found is None:
        raise NotFound()
    return found
