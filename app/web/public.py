"""Pages for everybody: the operator's texts, reports about barriers, and the answers for monitoring."""

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.config import Settings
from app.db import Database
from app.errors import Invalid, Throttled
from app.installation.queries import retention_settings
from app.installation.rules import RETENTION
from app.markdown import page_html
from app.migrating import newest_revision
from app.people import queries as people
from app.people import rules
from app.people import service as people_service
from app.privacy.models import TextName
from app.privacy.queries.texts import text_of
from app.privacy.rules.texts import TITLES
from app.privacy.schemas import FeedbackIn
from app.privacy.service.reports import send_report
from app.request import CurrentDatabase, CurrentSettings, MaybeActor, ReadSession, Submitted
from app.web.forms import Form, read_form, typed
from app.web.respond import done, page

router = APIRouter()

REPORTS_AT_ONCE = 5
"""So many reports from one address within ``rules.ADDRESS_WINDOW`` (eigene Festlegung)."""
TRAP = "webseite"
"""A field that people do not see: whoever fills it in is a program, and is thanked without being kept."""


@router.get("/barrierefreiheit")
@router.get("/datenschutz")
@router.get("/impressum")
def show_text(request: Request, session: ReadSession, actor: MaybeActor) -> Response:
    """A text of the operator; below it what belongs to the page."""
    return _text_page(request, session, actor, TextName(request.url.path.strip("/")), Form())


@router.post("/barrierefreiheit")
def report_barrier(
    request: Request, actor: MaybeActor, database: CurrentDatabase, settings: CurrentSettings, submitted: Submitted
) -> Response:
    """Keep a report, with or without sign-in; senders are counted under a key that tells nobody's address."""
    values = typed(submitted)
    trapped = bool(values.pop(TRAP, ""))
    try:
        wish = read_form(FeedbackIn, values)
        if not trapped:
            _count(request, database, settings)
            with database.write() as session:
                send_report(session, wish, operator=settings.mail_from, base_url=settings.base_url)
    except (Invalid, Throttled) as error:
        with database.read() as session:
            form = Form(values, error.by_field)
            return _text_page(request, session, actor, TextName.ACCESSIBILITY, form, error.status)
    return done(request, "/barrierefreiheit", "Danke. Ihre Rückmeldung ist angekommen.")


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


def _count(request: Request, database: Database, settings: Settings) -> None:
    address = rules.address_block(request.client.host if request.client else "")
    key = rules.try_key("feedback", address, settings.signing_key)
    with database.read() as session:
        tries = people.count_failures(session, key, clock.now() - rules.ADDRESS_WINDOW)
    if tries >= REPORTS_AT_ONCE:
        raise Throttled("Von Ihrem Anschluss kamen gerade viele Rückmeldungen. Bitte warten Sie eine Viertelstunde.")
    with database.write() as session:
        people_service.count_failure(session, key)


def _text_page(
    request: Request, session: Session, actor: Actor | None, name: TextName, form: Form, status: int = 200
) -> Response:
    kept = retention_settings(session) if name is TextName.PRIVACY else {}
    return page(
        request,
        actor,
        "privacy/text.html",
        title=TITLES[name],
        status=status,
        text=page_html(text_of(session, name)),
        kept=[(RETENTION[kind].label, RETENTION[kind].what, days) for kind, (days, _) in kept.items()],
        asks=name is TextName.ACCESSIBILITY,
        trap=TRAP,
        form=form,
    )
