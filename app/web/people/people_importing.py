"""Reading in institutions, persons and seats: upload, preview, and applying exactly what was previewed."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.actor import Actor
from app.bodies import queries, rules
from app.bodies.importing.columns import COLUMNS
from app.bodies.importing.plan import PeoplePlan
from app.bodies.importing.report import hints
from app.bodies.importing.rows import CheckedPeople, check_people
from app.bodies.models import Body
from app.bodies.service.importing import import_people, preview_people
from app.config import Settings
from app.db import ident
from app.errors import Forbidden, Invalid, NotFound, Refused, SkipError
from app.importing.planned import Outcome
from app.importing.reading import read_table
from app.importing.rows import RowsRefused
from app.request import CurrentActor, CurrentDatabase, CurrentSettings, CurrentStorage, ReadSession, Submitted
from app.web.forms import Form, typed, typed_number
from app.web.importing import MOST_ERRORS, Ticket, fingerprint, kept_file, uploaded_file
from app.web.people.bodies import NEW_BODY, lacks_body
from app.web.respond import done, page

router = APIRouter()

KIND = "people"
HOME = (("Gremien", "/gremien"), ("Personen", "/personen"))


@router.get("/personen/import")
def show_import(
    request: Request, session: ReadSession, actor: CurrentActor, settings: CurrentSettings, gremium: str = ""
) -> Response:
    """The upload form; ``gremium`` is the body that the seats belong to. Without any body, first the form for one."""
    if lacks_body(session, actor):
        return done(request, NEW_BODY, "Legen Sie zuerst das Gremium an, dessen Sitze Sie einlesen.")
    bodies = _own_bodies(session, actor)
    return _upload_form(request, actor, settings, bodies, Form({"body": gremium or ident(bodies[0])}))


@router.post("/personen/import")
def preview(
    request: Request,
    submitted: Submitted,
    database: CurrentDatabase,
    storage: CurrentStorage,
    settings: CurrentSettings,
    actor: CurrentActor,
) -> Response:
    """What the file would change, or every error in it; nothing is written but the kept file."""
    values = typed(submitted)
    with database.read() as session:
        bodies = _own_bodies(session, actor)
    try:
        name, data = uploaded_file(submitted)
        checked = _checked(data, settings)
        with database.read() as session:
            body = queries.get_body(session, actor, _chosen(values.get("body", "")))
            plan = preview_people(session, actor, body, checked)
    except (Forbidden, NotFound):
        raise
    except SkipError as error:
        fields = error.fields if isinstance(error, Invalid) else {"file": error.sentence}
        return _upload_form(request, actor, settings, bodies, Form(values, fields), error.status)
    if plan.errors:
        return _show_errors(request, actor, settings, bodies, plan, name, values)
    ticket = Ticket(storage.put(data), name, str(ident(body)), fingerprint(plan))
    return page(
        request,
        actor,
        "people/import_preview.html",
        title="Vorschau",
        crumbs=(*HOME, ("Einlesen", "/personen/import"), ("Vorschau", None)),
        plan=plan,
        body=body,
        outcomes=[(outcome, plan.of(outcome)) for outcome in Outcome],
        hints=list(hints(plan)),
        ticket=ticket,
        signature=ticket.sign(KIND, settings, actor),
    )


@router.post("/personen/import/uebernehmen")
def apply_import(
    request: Request,
    submitted: Submitted,
    database: CurrentDatabase,
    storage: CurrentStorage,
    settings: CurrentSettings,
    actor: CurrentActor,
) -> Response:
    """Write what was previewed, all or nothing; refused if it would be something else by now."""
    if not actor.is_secretariat:
        raise Forbidden("Personen und Sitze lesen die Geschäftsstellen ein.")
    ticket = Ticket.read(KIND, typed(submitted), settings, actor)
    checked = _checked(kept_file(storage, ticket), settings)
    try:
        with database.write() as session:
            body = queries.lock_body(session, actor, int(ticket.detail))
            plan = import_people(session, actor, body, checked, file_name=ticket.name)
            if fingerprint(plan) != ticket.seen:
                raise Refused(
                    "Seit der Vorschau haben sich Personen oder Sitze geändert; nichts wurde übernommen. "
                    "Bitte laden Sie die Datei noch einmal hoch und sehen Sie die neue Vorschau an."
                )
    except RowsRefused as error:
        raise Refused(f"{error.sentence} Bitte laden Sie die Datei noch einmal hoch.") from None
    return done(request, f"/gremien/{ticket.detail}", f"Übernommen: {plan.summary}.")


def _own_bodies(session: Session, actor: Actor) -> list[Body]:
    """The bodies whose secretariat the actor is; Forbidden where there are none."""
    found = [one for one in queries.list_bodies(session, actor) if rules.may_change(actor, ident(one))]
    if not found:
        raise Forbidden("Personen und Sitze lesen die Geschäftsstellen ein, und erst braucht es ein Gremium.")
    return found


def _chosen(typed_id: str) -> int:
    if not (body_id := typed_number(typed_id)):
        raise Invalid({"body": "Bitte wählen Sie ein Gremium."})
    return body_id


def _checked(data: bytes, settings: Settings) -> CheckedPeople:
    table = read_table(
        data, COLUMNS.knows, most_bytes=settings.upload_limit_mb * 1024 * 1024, things="Institutionen oder Personen"
    )
    return check_people(table)


def _upload_form(
    request: Request, actor: Actor, settings: Settings, bodies: Sequence[Body], form: Form, status: int = 200
) -> Response:
    return page(
        request,
        actor,
        "people/import.html",
        title="Personen und Sitze einlesen",
        status=status,
        crumbs=(*HOME, ("Einlesen", None)),
        form=form,
        bodies=[(ident(one), one.short_name) for one in bodies],
        limit=settings.upload_limit_mb,
        rules=COLUMNS.rules,
    )


def _show_errors(
    request: Request,
    actor: Actor,
    settings: Settings,
    bodies: Sequence[Body],
    plan: PeoplePlan,
    name: str,
    values: dict[str, str],
) -> Response:
    """All bad rows; the form stands below, so that the mended file goes straight on."""
    return page(
        request,
        actor,
        "people/import_errors.html",
        title="Nichts wurde übernommen",
        status=422,
        crumbs=(*HOME, ("Einlesen", "/personen/import"), ("Fehler", None)),
        errors=plan.errors[:MOST_ERRORS],
        total=len(plan.errors),
        name=name,
        form=Form({"body": values.get("body", "")}),
        bodies=[(ident(one), one.short_name) for one in bodies],
        limit=settings.upload_limit_mb,
        rules=COLUMNS.rules,
        hints=list(hints(plan)),
    )
