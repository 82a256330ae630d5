"""The forms of a body itself: short name, names over time, steered plan periods, sections of the agenda."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from app.actor import Actor
from app.bodies import queries, rules
from app.bodies.models import Body, Section
from app.bodies.schemas import BodyChange, SectionIn
from app.bodies.service import bodies as service
from app.bodies.service.sections import change_sections, section_words
from app.bodies.service.settings import steer_periods
from app.calendars.feed import strong_etag
from app.db import ident
from app.errors import Forbidden, Invalid, SkipError, Stale
from app.projects.queries.plan import list_periods
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted, WriteSession
from app.validation import Day, Line, read
from app.web.forms import Form, Rows, differing, read_form, seen_version, typed
from app.web.history import in_words
from app.web.people.bodies import OVERTAKEN
from app.web.respond import done, page

router = APIRouter()

NAMES = Rows("names", ("name", "valid_from", "valid_to", "source"))
SECTIONS = Rows("sections", ("key", "title", "minutes", "minutes_in_all", "standing", "place"))


class RenameIn(BaseModel):
    """A new full name from a day on."""

    model_config = ConfigDict(extra="ignore")

    name: Line
    valid_from: Day
    source: Line = ""


@router.get("/gremien/{body_id}/bearbeiten")
def edit_body(request: Request, body_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """The forms of the body's names and periods."""
    return _form(request, session, actor, queries.get_body(session, actor, body_id))


@router.post("/gremien/{body_id}/bearbeiten")
def update_body(
    request: Request, body_id: int, submitted: Submitted, database: CurrentDatabase, actor: CurrentActor
) -> Response:
    """Change short name and names; somebody else's change in between is shown beside what was typed."""
    values = typed(submitted)
    try:
        with database.write() as session:
            body = queries.lock_body(session, actor, body_id)
            _require(actor, body_id)
            service.change_body(session, actor, body, _read(values), expected=seen_version(values))
    except (Invalid, Stale) as error:
        with database.read() as session:
            body = queries.get_body(session, actor, body_id)
            compare = None
            if isinstance(error, Stale):
                compare = differing(service.describe_body(_read(values)), error.current, in_words)
            form = Form(values, NAMES.at_fields(error, values))
            return _form(request, session, actor, body, form=form, status=error.status, compare=compare)
    return done(request, f"/gremien/{body_id}#namen", "Das Gremium ist gespeichert.")


@router.post("/gremien/{body_id}/umbenennen")
def rename_body(
    request: Request, body_id: int, submitted: Submitted, database: CurrentDatabase, actor: CurrentActor
) -> Response:
    """A new full name from a day on; the old one ends the day before."""
    values = typed(submitted)
    try:
        with database.write() as session:
            body = queries.lock_body(session, actor, body_id)
            _require(actor, body_id)
            wish = read_form(RenameIn, values)
            service.rename_body(
                session,
                actor,
                body,
                name=wish.name,
                valid_from=wish.valid_from,
                source=wish.source,
                expected=seen_version(values),
            )
    except (Invalid, Stale) as error:
        with database.read() as session:
            body = queries.get_body(session, actor, body_id)
            errors = {"": error.sentence}
            if isinstance(error, Invalid):
                errors = {f"neu-{name.rpartition('.')[2]}": words for name, words in error.fields.items()}
            return _form(request, session, actor, body, rename=Form(values, errors), status=error.status)
    return done(request, f"/gremien/{body_id}#namen", "Der neue Name ist eingetragen.")


@router.post("/gremien/{body_id}/planperioden")
def update_periods(
    request: Request, body_id: int, submitted: Submitted, session: WriteSession, actor: CurrentActor
) -> Response:
    """Which plan periods the body steers; none chosen means all."""
    body = queries.lock_body(session, actor, body_id)
    _require(actor, body_id)
    chosen = [value for value in submitted.getlist("periods") if isinstance(value, str)]
    known = {str(ident(period)) for period in list_periods(session)}
    if typed(submitted).get("stand") != _stand_of_periods(session, body_id):
        return _form(request, session, actor, body, periods=Form({"periods": chosen}, {"": OVERTAKEN}), status=412)
    if set(chosen) - known:
        errors = {"periods": "Diese Planperiode gibt es nicht."}
        return _form(request, session, actor, body, periods=Form({"periods": chosen}, errors), status=422)
    steer_periods(session, actor, body, [int(one) for one in chosen])
    return done(request, f"/gremien/{body_id}", "Die gesteuerten Planperioden sind gespeichert.")


@router.get("/gremien/{body_id}/abschnitte")
def edit_sections(request: Request, body_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """The form of the sections of the agenda."""
    body = queries.get_body(session, actor, body_id)
    return _sections_form(request, session, actor, body)


@router.post("/gremien/{body_id}/abschnitte")
def update_sections(
    request: Request, body_id: int, submitted: Submitted, database: CurrentDatabase, actor: CurrentActor
) -> Response:
    """Set the sections, all or none; the place numbers order them."""
    values = typed(submitted)
    try:
        with database.write() as session:
            body = queries.lock_body(session, actor, body_id)
            _require(actor, body_id)
            stored = queries.list_sections(session, body_id)
            wishes = _read_sections(values)
            if values.get("stand") != _stand_of_sections(stored):
                raise Stale({"sections": [section_words(one) for one in stored]}, OVERTAKEN)
            change_sections(session, actor, body, wishes)
    except (Invalid, Stale) as error:
        with database.read() as session:
            body = queries.get_body(session, actor, body_id)
            compare = None
            if isinstance(error, Stale):
                mine = {"sections": [section_words(one) for one in _read_sections(values)]}
                compare = differing(mine, error.current, in_words)
            return _sections_form(
                request, session, actor, body, form=Form(values, _named(error)), status=error.status, compare=compare
            )
    return done(request, f"/gremien/{body_id}#abschnitte", "Die Abschnitte sind gespeichert.")


def _require(actor: Actor, body_id: int) -> None:
    if not rules.may_change(actor, body_id):
        raise Forbidden("Das Gremium ändert seine Geschäftsstelle.")


def _read(values: Mapping[str, str]) -> BodyChange:
    return read(BodyChange, {"short_name": values.get("short_name", ""), "names": NAMES.read(values)})


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    body: Body,
    *,
    form: Form | None = None,
    rename: Form | None = None,
    periods: Form | None = None,
    compare: tuple[str, str] | None = None,
    status: int = 200,
) -> Response:
    body_id = ident(body)
    _require(actor, body_id)
    form = form or Form({"short_name": body.short_name, **NAMES.shown(body.names)})
    steered = sorted(queries.steered_periods(session, body_id) or ())
    return page(
        request,
        actor,
        "bodies/form.html",
        title=f"Bearbeiten: {body.short_name}",
        status=status,
        crumbs=(("Gremien", "/gremien"), (body.short_name, f"/gremien/{body_id}"), ("Bearbeiten", None)),
        body=body,
        form=form,
        rename=rename or Form(),
        periods=periods or Form({"periods": [str(one) for one in steered]}),
        periods_stand=_stand_of_periods(session, body_id),
        offered=[(ident(one), one.name) for one in list_periods(session)],
        compare=compare,
        places=NAMES.places(form.values),
    )


def _stand_of_periods(session: Session, body_id: int) -> str:
    return strong_etag(repr(sorted(queries.steered_periods(session, body_id) or ()))).strip('"')


def _stand_of_sections(sections: list[Section]) -> str:
    return strong_etag(repr([(one.key, section_words(one)) for one in sections])).strip('"')


def _read_sections(values: Mapping[str, str]) -> list[SectionIn]:
    """The typed sections by their place numbers; one that is marked "entfernen" is left out."""
    wanted = []
    for place, row in SECTIONS.filled(values):
        if values.get(f"sections-{place}-remove") == "1" or not (row.get("title") or row.get("minutes")):
            continue
        number = row.pop("place", "")
        row = {"minutes": "", **row}
        wanted.append((int(number) if number.isdecimal() and len(number) < 10 else 99, place, row))
    found = []
    errors: dict[str, str] = {}
    for _, place, row in sorted(wanted, key=lambda one: one[:2]):
        try:
            found.append(read(SectionIn, row))
        except Invalid as error:
            errors |= {f"@{place}.{name}": words for name, words in error.fields.items()}
    if errors:
        raise Invalid(errors)
    return found


def _named(error: SkipError) -> dict[str, str]:
    """The sentences at the names of the fields; those of the service stand for the whole form."""
    if not isinstance(error, Invalid):
        return {"": error.sentence}
    named = {}
    for name, words in error.fields.items():
        place, _, field = name.removeprefix("@").partition(".")
        named[f"sections-{place}-{field}" if name.startswith("@") else ""] = words
    return named


def _sections_form(
    request: Request,
    session: Session,
    actor: Actor,
    body: Body,
    *,
    form: Form | None = None,
    compare: tuple[str, str] | None = None,
    status: int = 200,
) -> Response:
    body_id = ident(body)
    _require(actor, body_id)
    stored = queries.list_sections(session, body_id)
    there = {one.key: one.title for one in stored}
    absent = [key for key in rules.SECTION_KEYS if key not in there]
    values = SECTIONS.shown(stored, _section_value)
    values |= {f"sections-{place}-key": key for place, key in enumerate(absent, len(stored))}
    form = form or Form(values)
    keys = [str(form.value(f"sections-{place}-key")) for place, _ in SECTIONS.filled(form.values)]
    names = {**{key: section.title for key, section in rules.SECTION_KEYS.items()}, **there}
    return page(
        request,
        actor,
        "bodies/sections.html",
        title=f"Abschnitte: {body.short_name}",
        status=status,
        crumbs=(("Gremien", "/gremien"), (body.short_name, f"/gremien/{body_id}"), ("Abschnitte", None)),
        body=body,
        form=form,
        rows=[(place, key, names.get(key, key), key in there) for place, key in enumerate(keys)],
        compare=compare,
        stand=_stand_of_sections(stored),
    )


def _section_value(section: Section, name: str) -> Any:
    if name == "place":
        return section.position
    value = getattr(section, name)
    return ("1" if value else "") if isinstance(value, bool) else value
