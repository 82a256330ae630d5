"""What is stored about somebody: for oneself at the profile, for the administration per person or account."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.documents.personal_data import PersonalDataValues, render_personal_data
from app.errors import NotFound
from app.privacy.queries.people import Subject, find_subjects, own_subject, subject_of_account, subject_of_person
from app.privacy.queries.personal import everything_about
from app.privacy.queries.removing import plan_of
from app.privacy.service.exporting import note_export
from app.privacy.service.removing import remove_subject
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted, WriteSession
from app.web.forms import typed
from app.web.respond import done, page

router = APIRouter()

ASKED = ("Auskunft", "/auskunft")
REMOVED = "Konto und Kontaktdaten sind entfernt. Was zu den Akten gehört, ist geblieben."


@router.get("/profil/daten")
def show_own(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
    """What is stored about oneself, in words."""
    values = everything_about(session, own_subject(session, actor))
    return page(
        request,
        actor,
        "privacy/own.html",
        title="Ihre Daten",
        data=values,
    )


@router.get("/profil/daten.json")
def own_json(session: ReadSession, actor: CurrentActor) -> Response:
    """The same for machines."""
    return _file(everything_about(session, own_subject(session, actor)), "json")


@router.get("/profil/daten.pdf")
def own_pdf(database: CurrentDatabase, actor: CurrentActor) -> Response:
    """The same on paper; drawn after the session has ended."""
    with database.read() as session:
        values = everything_about(session, own_subject(session, actor))
    return _file(values, "pdf")


@router.get("/auskunft")
def ask(request: Request, session: ReadSession, actor: CurrentActor, q: str = "") -> Response:
    """Somebody is looked for, by name or address."""
    _require_admin(actor)
    return page(
        request, actor, "privacy/ask.html", title="Auskunft", q=q[:200], found=find_subjects(session, actor, q[:200])
    )


@router.get("/auskunft/personen/{person_id}")
def show_person(request: Request, person_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """What is stored about a person, and what may be done with it."""
    return _subject_page(request, session, actor, subject_of_person(session, actor, person_id))


@router.get("/auskunft/konten/{account_id}")
def show_account(request: Request, account_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """The same for an account, with the person behind it."""
    return _subject_page(request, session, actor, subject_of_account(session, actor, account_id))


@router.post("/auskunft/personen/{person_id}/herausgeben")
def export_person(person_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted) -> Response:
    """What is stored about a person as a file; the history tells that it was taken out."""
    with database.write() as session:
        values = _exported(session, actor, subject_of_person(session, actor, person_id))
    return _file(values, typed(submitted).get("act", ""))


@router.post("/auskunft/konten/{account_id}/herausgeben")
def export_account(account_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted) -> Response:
    """The same for an account."""
    with database.write() as session:
        values = _exported(session, actor, subject_of_account(session, actor, account_id))
    return _file(values, typed(submitted).get("act", ""))


@router.get("/auskunft/personen/{person_id}/entfernen")
def preview_person(request: Request, person_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """What would go, what would stay and why."""
    return _removal_page(request, session, actor, subject_of_person(session, actor, person_id))


@router.get("/auskunft/konten/{account_id}/entfernen")
def preview_account(request: Request, account_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """The same for an account."""
    return _removal_page(request, session, actor, subject_of_account(session, actor, account_id))


@router.post("/auskunft/personen/{person_id}/entfernen")
def remove_person(request: Request, person_id: int, session: WriteSession, actor: CurrentActor) -> Response:
    """Account and contact data go; the name stays where the files need it."""
    remove_subject(session, actor, subject_of_person(session, actor, person_id))
    return done(request, "/auskunft", REMOVED)


@router.post("/auskunft/konten/{account_id}/entfernen")
def remove_account(request: Request, account_id: int, session: WriteSession, actor: CurrentActor) -> Response:
    """The same for an account."""
    remove_subject(session, actor, subject_of_account(session, actor, account_id))
    return done(request, "/auskunft", REMOVED)


def _removal_page(request: Request, session: Session, actor: Actor, subject: Subject) -> Response:
    return page(
        request,
        actor,
        "privacy/removal.html",
        title="Konto und Kontaktdaten entfernen",
        crumbs=(ASKED, (subject.name, subject.address), ("Entfernen", None)),
        subject=subject,
        plan=plan_of(session, actor, subject),
    )


def _exported(session: Session, actor: Actor, subject: Subject) -> PersonalDataValues:
    note_export(session, actor, subject)
    return everything_about(session, subject)


def _require_admin(actor: Actor) -> None:
    if not actor.is_admin:
        raise NotFound()


def _subject_page(request: Request, session: Session, actor: Actor, subject: Subject) -> Response:
    values = everything_about(session, subject)
    return page(
        request,
        actor,
        "privacy/subject.html",
        title=subject.name,
        crumbs=(ASKED, (subject.name, None)),
        subject=subject,
        parts=[(part.title, len(part.rows)) for part in values.parts],
    )


def _file(values: PersonalDataValues, ending: str) -> Response:
    as_pdf = ending == "pdf"
    content = render_personal_data(values) if as_pdf else values.model_dump_json(indent=2).encode()
    name = f"gespeicherte-daten-{clock.today().isoformat()}.{'pdf' if as_pdf else 'json'}"
    return Response(
        content,
        media_type="application/pdf" if as_pdf else "application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )
