"""Reading in projects: upload, preview, and applying exactly what was previewed."""

import datetime as dt

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app import clock, text
from app.actor import Actor
from app.config import Settings
from app.errors import Forbidden, Invalid, Refused, SkipError
from app.importing.planned import Outcome
from app.importing.rows import RowsRefused
from app.projects.importing.columns import RULES
from app.projects.importing.planned import ImportPlan
from app.projects.importing.reading import read_table
from app.projects.importing.report import hints
from app.projects.importing.rows import CheckedFile, check_rows
from app.projects.rules import rights
from app.projects.service.importing import import_projects, preview_import
from app.request import CurrentActor, CurrentDatabase, CurrentSettings, CurrentStorage, Submitted
from app.web.forms import Form, typed
from app.web.importing import MOST_ERRORS, Ticket, fingerprint, kept_file, uploaded_file
from app.web.projects.pages import HOME
from app.web.respond import done, page

router = APIRouter()

KIND = "import"


@router.get("/projekte/import")
def show_import(request: Request, actor: CurrentActor, settings: CurrentSettings) -> Response:
    """The upload form."""
    _require(actor)
    return _upload_form(request, actor, settings, Form())


@router.post("/projekte/import")
def preview(
    request: Request,
    submitted: Submitted,
    database: CurrentDatabase,
    storage: CurrentStorage,
    settings: CurrentSettings,
    actor: CurrentActor,
) -> Response:
    """What the file would change, or every error in it; nothing is written but the kept file."""
    _require(actor)
    values = typed(submitted)
    try:
        name, data = uploaded_file(submitted)
        as_of = _day(values.get("as_of", ""))
        checked = _checked(data, as_of, settings)
        with database.read() as session:
            plan = preview_import(session, actor, checked)
    except SkipError as error:
        fields = error.fields if isinstance(error, Invalid) else {"file": error.sentence}
        return _upload_form(request, actor, settings, Form(values, fields), error.status)
    if plan.errors:
        return _show_errors(request, actor, settings, plan, name)
    ticket = Ticket(storage.put(data), name, as_of.isoformat() if as_of else "", fingerprint(plan))
    return page(
        request,
        actor,
        "projects/import_preview.html",
        title="Vorschau",
        crumbs=(*HOME, ("Einlesen", "/projekte/import"), ("Vorschau", None)),
        plan=plan,
        outcomes=[(outcome, plan.of(outcome)) for outcome in Outcome],
        changes_nothing=all(project.outcome is Outcome.UNCHANGED for project in plan.projects),
        hints=list(hints(plan)),
        ticket=ticket,
        signature=ticket.sign(KIND, settings, actor),
    )


@router.post("/projekte/import/uebernehmen")
def apply_import(
    request: Request,
    submitted: Submitted,
    database: CurrentDatabase,
    storage: CurrentStorage,
    settings: CurrentSettings,
    actor: CurrentActor,
) -> Response:
    """Write what was previewed, all or nothing; refused if it would be something else by now."""
    _require(actor)
    ticket = Ticket.read(KIND, typed(submitted), settings, actor)
    checked = _checked(kept_file(storage, ticket), _day(ticket.detail), settings)
    try:
        with database.write() as session:
            plan = import_projects(session, actor, checked, file_name=ticket.name)
            if fingerprint(plan) != ticket.seen:
                raise Refused(
                    "Seit der Vorschau haben sich Projekte geändert; nichts wurde übernommen. "
                    "Bitte laden Sie die Datei noch einmal hoch und sehen Sie die neue Vorschau an."
                )
    except RowsRefused as error:
        raise Refused(f"{error.sentence} Bitte laden Sie die Datei noch einmal hoch.") from None
    return done(request, "/projekte", f"Übernommen: {plan.summary}.")


def _require(actor: Actor) -> None:
    if not rights.may_create(actor):
        raise Forbidden()


def _day(typed_day: str) -> dt.date | None:
    if not typed_day.strip():
        return None
    try:
        return text.parse_date(typed_day)
    except ValueError:
        raise Invalid({"as_of": "Bitte geben Sie ein gültiges Datum ein."}) from None


def _checked(data: bytes, as_of: dt.date | None, settings: Settings) -> CheckedFile:
    table = read_table(data, most_bytes=settings.upload_limit_mb * 1024 * 1024)
    return check_rows(table, as_of=as_of, today=clock.today())


def _upload_form(request: Request, actor: Actor, settings: Settings, form: Form, status: int = 200) -> Response:
    return page(
        request,
        actor,
        "projects/import.html",
        title="Projekte einlesen",
        status=status,
        crumbs=(*HOME, ("Einlesen", None)),
        form=form,
        limit=settings.upload_limit_mb,
        rules=RULES,
        today=clock.today(),
    )


def _show_errors(request: Request, actor: Actor, settings: Settings, plan: ImportPlan, name: str) -> Response:
    """All bad rows; the form stands below, so that the mended file goes straight on."""
    return page(
        request,
        actor,
        "projects/import_errors.html",
        title="Nichts wurde übernommen",
        status=422,
        crumbs=(*HOME, ("Einlesen", "/projekte/import"), ("Fehler", None)),
        errors=plan.errors[:MOST_ERRORS],
        total=len(plan.errors),
        name=name,
        form=Form(),
        limit=settings.upload_limit_mb,
        rules=RULES,
        today=clock.today(),
        hints=list(hints(plan)),
    )
