"""Decisions to download as PDF: the extract of one, the register of a year."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.bodies.queries import list_bodies, load_bodies
from app.db import ident
from app.decisions import queries
from app.documents.decision_choosing import choose_extract, choose_register
from app.documents.decisions import render_extract, render_register
from app.documents.pdf import Busy
from app.errors import NotFound, Refused
from app.request import CurrentActor, CurrentDatabase
from app.web.decisions.pages import HIGHEST_YEAR, LOWEST_YEAR
from app.web.downloads import PDF, file_headers, wait_page

router = APIRouter()


@router.get("/beschluesse/{decision_id:int}/auszug.pdf")
def download_extract(request: Request, database: CurrentDatabase, actor: CurrentActor, decision_id: int) -> Response:
    """The extract of one decision, as the reader may see it; of a void number there is none."""
    with database.read() as session:
        decision = queries.get_decision(session, actor, decision_id)
        if decision.void_reason:
            raise Refused(f"{decision.number} ist nicht vergeben; davon gibt es keinen Auszug.")
        values = choose_extract(session, actor, load_bodies(session)[decision.body_id], decision)
    headers = file_headers("Auszug", values.decision.number, ending="pdf")
    try:
        return Response(render_extract(values), headers=headers, media_type=PDF)
    except Busy as busy:
        return wait_page(request, actor, busy)


@router.get("/beschluesse/register.pdf")
def download_register(
    request: Request,
    database: CurrentDatabase,
    actor: CurrentActor,
    jahr: int | None = None,
    gremium: int | None = None,
) -> Response:
    """The register of a year of one body; without *gremium* the first one that the reader knows.

    A body of which the reader reads no decision is unknown here.
    """
    with database.read() as session:
        bodies = list_bodies(session, actor)
        body = next((one for one in bodies if gremium in (None, ident(one))), None)
        if body is None:
            raise NotFound()
        year = jahr if jahr is not None else actor.on.year
        if not LOWEST_YEAR <= year <= HIGHEST_YEAR:
            raise NotFound()
        values = choose_register(session, actor, body, year)
    headers = file_headers(values.house.short_name, "Beschlussregister", str(year), ending="pdf")
    try:
        return Response(render_register(values), headers=headers, media_type=PDF)
    except Busy as busy:
        return wait_page(request, actor, busy)
