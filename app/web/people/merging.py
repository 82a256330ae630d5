"""Merging an institution that was entered twice: both side by side, what would move, and the confirmation."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.bodies.merging_queries import hanging_on
from app.bodies.service import merge_organisations, merging_refusals
from app.db import ident
from app.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.people import queries
from app.people.models import Organisation
from app.people.rules import KIND_WORDS, postal_lines, valid_one
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.validation import RowId
from app.web.forms import Form, read_form, typed, typed_number
from app.web.people.organisation_forms import HOME
from app.web.respond import done, page

router = APIRouter()


class MergeIn(BaseModel):
    """Into which institution, and what the reader saw hanging on the one that goes."""

    model_config = ConfigDict(extra="ignore")

    into: RowId
    stand: str | None = None


@router.get("/institutionen/{organisation_id:int}/zusammenfuehren")
def show_merging(
    request: Request, session: ReadSession, actor: CurrentActor, organisation_id: int, mit: str = ""
) -> Response:
    """Choose the other one (``mit``); then both stand side by side with everything that would move."""
    gone = queries.get_organisation(session, actor, organisation_id)
    if gone.merged_into_id is not None:
        return done(request, f"/institutionen/{gone.merged_into_id}")
    return _page(request, session, actor, gone, typed_number(mit))


@router.post("/institutionen/{organisation_id:int}/zusammenfuehren")
def merge(
    request: Request, submitted: Submitted, database: CurrentDatabase, actor: CurrentActor, organisation_id: int
) -> Response:
    """Merge, or show both again with the reason why not."""
    values = typed(submitted)
    try:
        with database.write() as session:
            queries.get_organisation(session, actor, organisation_id)
            wish = read_form(MergeIn, values)
            kept = merge_organisations(session, actor, organisation_id, wish.into, shown=wish.stand)
            address = f"/institutionen/{ident(kept)}"
    except (Invalid, Refused, Stale) as error:
        with database.read() as session:
            gone = queries.get_organisation(session, actor, organisation_id)
            if gone.merged_into_id is not None:
                return done(request, f"/institutionen/{gone.merged_into_id}", "Beide sind schon zusammengeführt.")
            chosen, form = typed_number(values.get("into", "")), Form(values, error.by_field)
            return _page(request, session, actor, gone, chosen, form=form, status=error.status)
    return done(request, address, "Die beiden Institutionen sind zusammengeführt.")


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    gone: Organisation,
    chosen: int,
    *,
    form: Form | None = None,
    status: int = 200,
) -> Response:
    if not actor.is_secretariat:
        raise Forbidden("Institutionen führen die Geschäftsstellen zusammen.")
    own = ident(gone)
    title = _title(gone, actor)
    kept = _chosen(session, actor, chosen)
    refusals = merging_refusals(session, actor, gone, kept) if kept else []
    return page(
        request,
        actor,
        "people/merging.html",
        title="Institutionen zusammenführen",
        status=status,
        crumbs=(*HOME, (title, f"/institutionen/{own}"), ("Zusammenführen", None)),
        form=form or Form(),
        gone=_side(session, actor, gone),
        kept=_side(session, actor, kept) if kept else None,
        refusals=refusals,
        choices=[one for one in queries.organisation_choices(session, clock.today()) if one[0] != own],
        chosen=chosen or "",
    )


def _chosen(session: Session, actor: Actor, chosen: int) -> Organisation | None:
    """The other institution; None as long as none, or none that exists, is chosen."""
    try:
        return queries.get_organisation(session, actor, chosen) if chosen else None
    except NotFound:
        return None


def _side(session: Session, actor: Actor, organisation: Organisation) -> dict[str, Any]:
    return {
        "id": ident(organisation),
        "title": _title(organisation, actor),
        "names": organisation.names,
        "postal": postal_lines(organisation.address, organisation.country),
        "kind": KIND_WORDS[organisation.kind],
        "hanging": hanging_on(session, actor, ident(organisation)),
    }


def _title(organisation: Organisation, actor: Actor) -> str:
    name = valid_one(organisation.names, actor.on)
    return name.long if name else "Institution ohne Namen"
