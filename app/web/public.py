"""Pages for everybody: legal duties and the answers for monitoring."""

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from app.migrating import newest_revision
from app.request import CurrentDatabase, MaybeActor
from app.web.respond import page

router = APIRouter()

TEXTS = {
    "barrierefreiheit": "Erklärung zur Barrierefreiheit",
    "datenschutz": "Datenschutz",
    "impressum": "Impressum",
}


@router.get("/barrierefreiheit")
@router.get("/datenschutz")
@router.get("/impressum")
def show_text(request: Request, actor: MaybeActor) -> Response:
    """A legal text."""
    name = request.url.path.strip("/")
    return page(request, actor, f"public/{name}.html", title=TEXTS[name], crumbs=())


@router.get("/healthz")
def show_health() -> Response:
    """The process answers."""
    return PlainTextResponse("ok")


@router.get("/readyz")
def show_readiness(database: CurrentDatabase) -> Response:
    """The database answers and is up to date; 503 with one word otherwise."""
    try:
        with database.engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
            connection.rollback()
    except sa.exc.SQLAlchemyError:
        return PlainTextResponse("database", 503)
    return PlainTextResponse("ok") if current == newest_revision() else PlainTextResponse("migration", 503)
