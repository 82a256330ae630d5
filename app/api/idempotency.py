"""POST that may be sent twice: the same Idempotency-Key and request give the same answer, and the act is done once.

The key is taken first and kept with the answer in the transaction of the change: of two simultaneous requests the
second waits for the first. A refusal keeps nothing, so the same key may be tried again. Answers are kept for a day.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request, Response
from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app import clock
from app.actor import Actor
from app.api.answers import JSON, created, shown
from app.api.models import IdempotentAnswer
from app.api.schemas.thing import Thing
from app.errors import Invalid
from app.request import CurrentActor

KEPT = dt.timedelta(days=1)
FIELD = "Idempotency-Key"
T = TypeVar("T")


class Once:
    """A POST with or without a key; ``created`` and ``done`` do the act unless the key was answered before."""

    def __init__(self, account_id: int | None, key: str | None, request_hash: str) -> None:
        self._account_id, self._key, self._request_hash = account_id, key, request_hash

    def created(self, session: Session, act: Callable[[], T], show: Callable[[T], Thing]) -> Response:
        """Do *act* and answer 201 with its object and address."""
        return self.answered(session, lambda: created(_shown(session, act, show)))

    def done(self, session: Session, act: Callable[[], T], show: Callable[[T], Thing]) -> Response:
        """Do *act* and answer 200 with the object as it is then."""
        return self.answered(session, lambda: shown(_shown(session, act, show)))

    def answered(self, session: Session, act: Callable[[], Response]) -> Response:
        """The answer of *act*, or the one that was given under the key before."""
        if self._key is None or self._account_id is None:
            return act()
        if not self._take(session, self._account_id, self._key):
            return self._again(session, self._account_id, self._key)
        response = act()
        kept = session.get_one(IdempotentAnswer, (self._account_id, self._key))
        kept.status, kept.body = response.status_code, bytes(response.body).decode()
        kept.location = response.headers.get("location", "")
        session.add(kept)
        return response

    def _take(self, session: Session, account_id: int, key: str) -> bool:
        """Whether the key is ours now: not taken before, or long ago; the account's old answers are swept."""
        session.execute(
            delete(IdempotentAnswer).where(
                col(IdempotentAnswer.account_id) == account_id, col(IdempotentAnswer.made_at) < clock.now() - KEPT
            )
        )
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        taken = session.execute(
            insert(IdempotentAnswer)
            .values(
                account_id=account_id,
                key=key,
                request_hash=self._request_hash,
                status=0,
                location="",
                body="",
                made_at=clock.now(),
            )
            .on_conflict_do_nothing()
            .returning(col(IdempotentAnswer.key))
        )
        return taken.first() is not None

    def _again(self, session: Session, account_id: int, key: str) -> Response:
        kept = session.get_one(IdempotentAnswer, (account_id, key))
        if kept.request_hash != self._request_hash:
            raise Invalid(
                {FIELD: "Unter diesem Schlüssel kam schon eine andere Anfrage. Bitte wählen Sie einen neuen."},
                "Dieser Idempotency-Key gehört zu einer anderen Anfrage.",
            )
        headers = {"Cache-Control": "private, no-store"} | ({"Location": kept.location} if kept.location else {})
        return Response(kept.body, kept.status, headers, media_type=JSON)


async def read_once(
    request: Request,
    actor: CurrentActor,
    idempotency_key: Annotated[
        str | None, Header(description="Ein eigener Schlüssel: dieselbe Anfrage wirkt dann nur einmal")
    ] = None,
) -> Once:
    """The key of the request, checked, with a hash of what is asked (method, address, body)."""
    asked = f"{request.method} {request.url.path}?{request.url.query}\n".encode() + _canonical(await request.body())
    return once_for(actor, idempotency_key, hashlib.sha256(asked).hexdigest())


def once_for(actor: Actor, key: str | None, request_hash: str) -> Once:
    """The key of a request whose hash says what is asked; Invalid for a key that cannot be one."""
    if key is not None and not re.fullmatch(r"[\x21-\x7e]{1,200}", key):
        raise Invalid({FIELD: "Erlaubt sind 1 bis 200 druckbare Zeichen ohne Leerzeichen."})
    return Once(actor.account_id, key, request_hash)


SentOnce = Annotated[Once, Depends(read_once)]


def _shown(session: Session, act: Callable[[], T], show: Callable[[T], Thing]) -> Thing:
    done = act()
    session.flush()
    return show(done)


def _canonical(body: bytes) -> bytes:
    """JSON with sorted names, so that white space and order make no other request; other bytes as they are."""
    try:
        return json.dumps(json.loads(body), sort_keys=True).encode()
    except (ValueError, RecursionError):
        return body
