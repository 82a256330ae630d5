"""The text blocks of a body for its minutes, all in one form."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.actor import Actor
from app.bodies import queries as bodies
from app.bodies.models import Body
from app.bodies.rules import may_change
from app.calendars.feed import strong_etag
from app.db import ident
from app.errors import Forbidden, Invalid, Stale
from app.minutes import queries
from app.minutes.models import TextBlock
from app.minutes.schemas.notes import TextBlocksIn
from app.minutes.service.text_blocks import block_words, change_text_blocks
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.validation import read
from app.web.forms import Form, Rows, typed
from app.web.respond import done, page

router = APIRouter()

BLOCKS = Rows("blocks", ("text", "title", "id"))
OVERTAKEN = "Inzwischen hat jemand die Textbausteine geändert. Bitte vergleichen Sie, und speichern Sie noch einmal."


@router.get("/gremien/{body_id}/textbausteine")
def edit_blocks(request: Request, body_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """The form of all text blocks."""
    return _page(request, session, actor, bodies.get_body(session, actor, body_id))


@router.post("/gremien/{body_id}/textbausteine")
def update_blocks(
    request: Request, body_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Save all text blocks; one whose text was emptied goes."""
    values = typed(submitted)
    try:
        with database.write() as session:
            body = bodies.lock_body(session, actor, body_id)
            _require(actor, body_id)
            stored = queries.list_text_blocks(session, body_id)
            if values.get("stand") != _stand(stored):
                raise Stale({}, OVERTAKEN)
            wish = read(TextBlocksIn, {"blocks": BLOCKS.read(values)})
            change_text_blocks(session, actor, body, wish.blocks)
    except (Invalid, Stale) as error:
        with database.read() as session:
            body = bodies.get_body(session, actor, body_id)
            form = Form(values, BLOCKS.at_fields(error, values))
            stale = isinstance(error, Stale)
            return _page(request, session, actor, body, form, status=error.status, stale=stale)
    return done(request, f"/gremien/{body_id}/textbausteine", "Die Textbausteine sind gespeichert.")


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    body: Body,
    form: Form | None = None,
    *,
    status: int = 200,
    stale: bool = False,
) -> Response:
    body_id = ident(body)
    _require(actor, body_id)
    stored = queries.list_text_blocks(session, body_id)
    form = form or Form(BLOCKS.shown(stored))
    return page(
        request,
        actor,
        "bodies/text_blocks.html",
        title=f"Textbausteine: {body.short_name}",
        status=status,
        crumbs=(("Gremien", "/gremien"), (body.short_name, f"/gremien/{body_id}"), ("Textbausteine", None)),
        body=body,
        form=form,
        places=BLOCKS.places(form.values),
        stand=_stand(stored),
        now="\n".join(block_words(one) for one in stored) if stale else "",
    )


def _stand(blocks: list[TextBlock]) -> str:
    return strong_etag(repr([(one.id, one.version) for one in blocks])).strip('"')


def _require(actor: Actor, body_id: int) -> None:
    if not may_change(actor, body_id):
        raise Forbidden("Die Textbausteine ändert die Geschäftsstelle des Gremiums.")
