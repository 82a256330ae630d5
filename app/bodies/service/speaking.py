"""Naming the accounts of the secretariat that work on the chair's speaking notes."""

from collections.abc import Iterable

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.bodies import queries, rules
from app.bodies.models import Body, SpeakingGrant
from app.db import ident
from app.errors import Invalid, NotFound
from app.history.models import Reach
from app.history.service import record


def name_for_speaking_notes(session: Session, actor: Actor, body: Body, account_ids: Iterable[int]) -> None:
    """Let exactly these accounts of the secretariat work on the speaking notes; the body is locked by the caller.

    Names of accounts that are no secretariat of the body any more are dropped. Invalid for other accounts.
    """
    if not rules.may_name(actor, ident(body)):
        raise NotFound()
    known = {ident(account): account.name for account in queries.secretariat_accounts(session, ident(body))}
    wanted, grants = set(account_ids), queries.list_grants(session, ident(body))
    if wanted - known.keys():
        raise Invalid({"named": "Bitte wählen Sie Konten der Geschäftsstelle dieses Gremiums."})
    for account_id in grants.keys() - wanted:
        session.delete(grants[account_id])
    session.add_all(
        SpeakingGrant(body_id=ident(body), account_id=one, named_at=clock.now(), named_by=actor.name)
        for one in sorted(wanted - grants.keys())
    )
    session.flush()
    before, after = (sorted(known[one] for one in ids if one in known) for ids in (grants.keys(), wanted))
    if before != after:
        record(
            session,
            actor,
            "speaking.grant",
            body,
            before={"named": before},
            after={"named": after},
            label=body.short_name,
            body_id=ident(body),
            reach=Reach.DRAFT,
        )
