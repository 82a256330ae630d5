"""What the administration sets for the whole installation: public texts, how long what is kept, answered reports."""

import datetime as dt

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.errors import Invalid, NotFound
from app.installation.queries import retention_settings, swept_since
from app.installation.rules import RETENTION, Kept
from app.installation.schemas import RetentionIn
from app.installation.service import set_retention
from app.markdown import page_html
from app.privacy.models import TextName
from app.privacy.queries import reports, texts
from app.privacy.rules.texts import TITLES, gaps
from app.privacy.schemas import AnswerIn, TextIn
from app.privacy.service.reports import answer_report
from app.privacy.service.texts import write_text
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted, WriteSession
from app.web.forms import Form, read_form, typed, typed_number
from app.web.respond import done, page

router = APIRouter()

SETTINGS = ("Einstellungen", "/einstellungen")
SWEPT_DAYS = dt.timedelta(days=30)


@router.get("/einstellungen")
def show_settings(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
    """Which texts have gaps, how long what is kept, how many reports wait."""
    _require_admin(actor)
    found = texts.open_gaps(session)
    return page(
        request,
        actor,
        "settings/show.html",
        title="Einstellungen",
        pages=[(TITLES[name], f"/einstellungen/{name.value}", found.get(name, [])) for name in TextName],
        reports=sum(one.answered_at is None for one in reports.list_reports(session, actor)),
    )


@router.get("/einstellungen/barrierefreiheit")
@router.get("/einstellungen/datenschutz")
@router.get("/einstellungen/impressum")
def edit_text(request: Request, session: ReadSession, actor: CurrentActor, stand: str = "") -> Response:
    """The text of a public page; ``stand`` begins with an earlier version."""
    _require_admin(actor)
    name = _name(request)
    wanted = typed_number(stand)
    content = texts.get_version(session, name, wanted).content if wanted else texts.text_of(session, name)
    return _text_form(request, session, actor, name, Form({"content": content}))


@router.post("/einstellungen/barrierefreiheit")
@router.post("/einstellungen/datenschutz")
@router.post("/einstellungen/impressum")
def save_text(request: Request, actor: CurrentActor, database: CurrentDatabase, submitted: Submitted) -> Response:
    """Show how a text would look, or put it on its page."""
    _require_admin(actor)
    name, values = _name(request), typed(submitted)
    preview = values.pop("act", "") == "preview"
    try:
        wish = read_form(TextIn, values)
    except Invalid as error:
        with database.read() as session:
            return _text_form(request, session, actor, name, Form(values, error.fields), status=422)
    if preview:
        with database.read() as session:
            return _text_form(request, session, actor, name, Form({"content": wish.content}), preview=wish.content)
    with database.write() as session:
        write_text(session, actor, name, wish)
    return done(request, f"/{name.value}", "Der Text ist gespeichert und für alle sichtbar.")


@router.get("/einstellungen/aufbewahrung")
def show_retention(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
    """How long what is kept, and how much was swept lately."""
    _require_admin(actor)
    return _retention_page(request, session, actor, Form())


@router.post("/einstellungen/aufbewahrung")
def save_retention(request: Request, actor: CurrentActor, database: CurrentDatabase, submitted: Submitted) -> Response:
    """Other days for some kinds: all that were sent, or none."""
    _require_admin(actor)
    values = typed(submitted)
    try:
        wishes = _wishes(values)
    except Invalid as error:
        with database.read() as session:
            return _retention_page(request, session, actor, Form(values, error.fields), status=422)
    with database.write() as session:
        for kind, wish in wishes.items():
            set_retention(session, actor, kind, wish)
    return done(request, "/einstellungen/aufbewahrung", "Die Fristen gelten ab dem nächsten täglichen Lauf.")


@router.get("/rueckmeldungen")
def show_reports(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
    """What people reported about barriers, the unanswered first."""
    _require_admin(actor)
    found = reports.list_reports(session, actor)
    return page(
        request,
        actor,
        "settings/reports.html",
        title="Rückmeldungen",
        crumbs=(SETTINGS, ("Rückmeldungen", None)),
        reports=found,
        waiting=sum(one.answered_at is None for one in found),
    )


@router.post("/rueckmeldungen/{feedback_id}")
def note_answer(
    request: Request, feedback_id: int, session: WriteSession, actor: CurrentActor, submitted: Submitted
) -> Response:
    """The report is answered."""
    _require_admin(actor)
    reports.lock_report(session, actor, feedback_id)  # what does not exist is told before what is typed wrongly
    answer_report(session, actor, feedback_id, read_form(AnswerIn, typed(submitted)))
    return done(request, "/rueckmeldungen", "Als beantwortet vermerkt.")


def _require_admin(actor: Actor) -> None:
    """For everybody else these pages do not exist."""
    if not actor.is_admin:
        raise NotFound()


def _name(request: Request) -> TextName:
    return TextName(request.url.path.rpartition("/")[2])


def _wishes(values: dict[str, str]) -> dict[Kept, RetentionIn]:
    found: dict[Kept, RetentionIn] = {}
    wrong: dict[str, str] = {}
    for kind in Kept:
        row = {part: values.get(f"{kind.value}-{part}", "").strip() for part in ("days", "source")}
        try:
            found[kind] = read_form(RetentionIn, row)
        except Invalid as error:
            wrong |= {f"{kind.value}-{part}": sentence for part, sentence in error.fields.items()}
    if wrong:
        raise Invalid(wrong)
    return found


def _text_form(
    request: Request,
    session: Session,
    actor: Actor,
    name: TextName,
    form: Form,
    *,
    preview: str = "",
    status: int = 200,
) -> Response:
    return page(
        request,
        actor,
        "settings/text.html",
        title=TITLES[name],
        status=status,
        crumbs=(SETTINGS, (TITLES[name], None)),
        form=form,
        preview=page_html(preview) if preview else "",
        gaps=gaps(str(form.value("content"))),
        address=f"/{name.value}",
        versions=texts.list_versions(session, name),
    )


def _retention_page(request: Request, session: Session, actor: Actor, form: Form, status: int = 200) -> Response:
    counted = swept_since(session, clock.today() - SWEPT_DAYS)
    rows = [
        {
            "kind": kind.value,
            "label": RETENTION[kind].label,
            "what": RETENTION[kind].what,
            "days": form.value(f"{kind.value}-days") or days,
            "source": form.value(f"{kind.value}-source") or source,
            "shipped": RETENTION[kind].days,
            "swept": counted.get(kind.value, 0),
        }
        for kind, (days, source) in retention_settings(session).items()
    ]
    return page(
        request,
        actor,
        "settings/retention.html",
        title="Aufbewahrung",
        status=status,
        crumbs=(SETTINGS, ("Aufbewahrung", None)),
        rows=rows,
        form=form,
    )
