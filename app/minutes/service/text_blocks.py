"""The text blocks of a body for its minutes; the caller has locked the body."""

from collections.abc import Sequence

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.bodies.models import Body
from app.bodies.rules import may_change
from app.db import ident
from app.errors import Forbidden, Invalid
from app.history.service import record
from app.minutes import queries
from app.minutes.models import TextBlock
from app.minutes.schemas.notes import TextBlockIn


def change_text_blocks(session: Session, actor: Actor, body: Body, wishes: Sequence[TextBlockIn]) -> None:
    """Let the body have these text blocks in this order. Invalid where two bear one title."""
    if not may_change(actor, ident(body)):
        raise Forbidden("Die Textbausteine ändert die Geschäftsstelle des Gremiums.")
    _check_titles(wishes)
    stored = {ident(one): one for one in queries.list_text_blocks(session, ident(body))}
    before = [block_words(one) for one in stored.values()]
    after = [block_words(one) for one in wishes]
    if before == after:
        return
    kept = [stored.pop(one.id, None) if one.id is not None else None for one in wishes]
    for gone in stored.values():
        session.delete(gone)
    for known in kept:
        if known is not None:
            known.title = f"# {known.id}"  # out of the way, so that no two bear one title meanwhile
    session.flush()
    now = clock.now()
    for place, (wish, found) in enumerate(zip(wishes, kept, strict=True), 1):
        row = found or TextBlock(body_id=ident(body), title="", text="", changed_at=now)
        row.title, row.text, row.position = wish.title, wish.text, place
        row.changed_at, row.changed_by = now, actor.name
        session.add(row)
    session.flush()
    record(
        session,
        actor,
        "body.text_blocks",
        body,
        before={"text_blocks": before},
        after={"text_blocks": after},
        label=body.short_name,
        body_id=ident(body),
    )


def block_words(block: TextBlock | TextBlockIn) -> str:
    """A text block, stored or wished, as the history tells it."""
    return f"{block.title}: {block.text}"


def _check_titles(wishes: Sequence[TextBlockIn]) -> None:
    seen: set[str] = set()
    for place, wish in enumerate(wishes):
        if wish.title.casefold() in seen:
            raise Invalid({f"blocks.{place}.title": "Diesen Titel trägt schon ein anderer Textbaustein."})
        seen.add(wish.title.casefold())
