"""The page of minutes: reading them, their state, objections with answers, dispatch, approval, addenda, publishing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.agenda.models import DocumentKind, Edition
from app.agenda.queries import numbers_of_items
from app.agenda.rules.words import APPROVAL_WAYS, EDITION_WORDS, LEVEL_WORDS
from app.bodies import rules as body_rules
from app.bodies.queries import load_rules
from app.db import Database, ident
from app.documents.identifying import Identified, readable_minutes_documents
from app.documents.minutes import record_of
from app.documents.minutes_choosing import choose_minutes, edition_for, find_record
from app.errors import Forbidden, Invalid, NotFound, Refused, SkipError, Stale
from app.markdown import prose_html
from app.meetings.models import Meeting, MeetingState
from app.meetings.queries import lock_meeting
from app.meetings.rules import life as meetings
from app.minutes import queries
from app.minutes.models import Addendum, Minutes, MinutesState, Objection, ObjectionState
from app.minutes.rules import life
from app.minutes.rules.settings import by_silence
from app.minutes.schemas.wishes import AddendumIn, AnswerIn, ApproveIn, ObjectionIn, RevokeIn, SubmitIn
from app.minutes.service.afterwards import add_addendum, publish_minutes, revoke_minutes
from app.minutes.service.life import approve_minutes, is_late, send_for_review
from app.minutes.service.objections import answer_objection, raise_objection, shown_objections
from app.notices.service.foretelling import told_after_review
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.visibility import Level, Matter, reads
from app.web.forms import Form, read_form, typed, typed_number
from app.web.meetings.meeting_frame import RECORD, address_of, meeting_page
from app.web.respond import done, sends_mail

router = APIRouter()

SEND = ("released_by", "released_on", "released_how", "late_reason")


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    """An objection as the page shows it; ``form`` is that of its answer."""

    id: int
    version: int
    item: str
    by: str
    text: str
    late: bool
    raised: Any
    state: str
    open: bool
    answer: str
    answered: str
    form: Form


@dataclass(frozen=True, slots=True)
class AddendumLine:
    """An addendum as the page shows it."""

    serial: int
    item: str
    html: Any
    added_on: Any
    by: str
    confidential: bool
    href: str


@router.get("/sitzungen/{meeting_id}/niederschrift")
def show_minutes(
    request: Request,
    meeting_id: int,
    session: ReadSession,
    actor: CurrentActor,
    fassung: str = "",
    version: int | None = None,
    punkt: int | None = None,
) -> Response:
    """The minutes in the reader's edition with everything that can be done with them now."""
    meeting, minutes = find_record(session, actor, meeting_id)
    form = Form({"item": punkt or "", "released_on": clock.today()})
    return _page(request, session, actor, meeting, minutes, form, named=fassung, version=version)


@router.post("/sitzungen/{meeting_id}/niederschrift/versand")
def send(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Send the minutes for review."""
    values = typed(submitted)

    def act(session: Session, meeting: Meeting) -> str:
        wish = read_form(SubmitIn, {name: values[name] for name in SEND if name in values})
        release = send_for_review(session, actor, meeting, wish)
        return f"Version {release.version} ist zur Prüfung versandt. Die Mitglieder sehen sie jetzt."

    return _act(request, database, actor, meeting_id, "versand", values, act)


@router.post("/sitzungen/{meeting_id}/niederschrift/einwendungen")
def object_to(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Object to the minutes."""
    values = typed(submitted)

    def act(session: Session, meeting: Meeting) -> str:
        wish = read_form(ObjectionIn, {name: values[name] for name in ("item", "text", "by") if name in values})
        raise_objection(session, actor, meeting, wish)
        return "Ihre Einwendung ist eingegangen. Die Geschäftsstelle antwortet darauf."

    return _act(request, database, actor, meeting_id, "einwenden", values, act, may=_may_object)


@router.post("/sitzungen/{meeting_id}/niederschrift/einwendungen/{objection_id}")
def answer(
    request: Request,
    meeting_id: int,
    objection_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """Answer an objection."""
    values = typed(submitted)

    def act(session: Session, meeting: Meeting) -> str:
        objection = _objection(session, actor, meeting, objection_id)
        wish = read_form(AnswerIn, {name: values[name] for name in ("state", "answer") if name in values})
        base = typed_number(values.get("version", ""))
        answer_objection(session, actor, meeting, objection, wish, base_version=base)
        return "Die Einwendung ist beantwortet."

    def see(session: Session, meeting: Meeting) -> None:
        _objection(session, actor, meeting, objection_id)

    return _act(request, database, actor, meeting_id, f"einwendung-{objection_id}", values, act, see=see)


@router.post("/sitzungen/{meeting_id}/niederschrift/genehmigung")
def approve(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Approve the minutes in a later meeting, or by silence."""
    values = typed(submitted)

    def act(session: Session, meeting: Meeting) -> str:
        if "meeting" in values and not values["meeting"]:
            raise Invalid({"meeting": "Bitte wählen Sie die Sitzung, in der genehmigt wurde."})
        wish = read_form(ApproveIn, {name: values[name] for name in ("meeting",) if name in values})
        approve_minutes(session, actor, meeting, wish)
        return "Die Niederschrift ist genehmigt. Sie ändert sich nicht mehr."

    return _act(request, database, actor, meeting_id, "genehmigung", values, act)


@router.post("/sitzungen/{meeting_id}/niederschrift/nachtraege")
def add(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Add a dated addendum to approved minutes."""
    values = typed(submitted)

    def act(session: Session, meeting: Meeting) -> str:
        wish = read_form(AddendumIn, {name: values[name] for name in ("item", "text", "level") if name in values})
        serial = add_addendum(session, actor, meeting, wish).serial
        return f"Nachtrag {serial} ist festgehalten."

    return _act(request, database, actor, meeting_id, "nachtrag", values, act)


@router.post("/sitzungen/{meeting_id}/niederschrift/veroeffentlichung")
def publish(request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """Everybody with an account may read the public edition from now on."""

    def act(session: Session, meeting: Meeting) -> str:
        publish_minutes(session, actor, meeting)
        return "Die öffentliche Fassung der Niederschrift ist veröffentlicht."

    return _act(request, database, actor, meeting_id, "veroeffentlichung", {}, act)


@router.post("/sitzungen/{meeting_id}/niederschrift/veroeffentlichung/zuruecknehmen")
def revoke(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Take the publication back."""
    values = typed(submitted)

    def act(session: Session, meeting: Meeting) -> str:
        revoke_minutes(session, actor, meeting, read_form(RevokeIn, {"reason": values.get("reason", "")}))
        return "Die Veröffentlichung ist zurückgenommen."

    return _act(request, database, actor, meeting_id, "veroeffentlichung", values, act)


def _may_run(actor: Actor, meeting: Meeting) -> bool:
    return meetings.may_run(actor, meeting)


def _may_object(actor: Actor, meeting: Meeting) -> bool:
    return meetings.may_run(actor, meeting) or life.may_object(actor, meeting.body_id)


def _objection(session: Session, actor: Actor, meeting: Meeting, objection_id: int) -> Objection:
    """An objection that the actor may read; NotFound for others."""
    _, minutes = find_record(session, actor, ident(meeting))
    rows = shown_objections(session, actor, meeting, minutes) if minutes is not None else []
    found = next((one for one in rows if one.id == objection_id), None)
    if found is None:
        raise NotFound()
    return found


def _act(
    request: Request,
    database: Database,
    actor: Actor,
    meeting_id: int,
    part: str,
    values: Mapping[str, str],
    act: Callable[[Session, Meeting], str],
    *,
    may: Callable[[Actor, Meeting], bool] = _may_run,
    see: Callable[[Session, Meeting], None] | None = None,
) -> Response:
    """Do *act* with the locked meeting and show the page again; *part* is the form whose errors are shown."""
    try:
        with database.write() as session:
            meeting, _ = find_record(session, actor, meeting_id)
            if see is not None:
                see(session, meeting)
            if not may(actor, meeting):
                raise Forbidden()
            meeting = lock_meeting(session, actor, meeting_id)
            said = act(session, meeting)
    except (Invalid, Refused, Stale) as error:
        with database.read() as session:
            meeting, minutes = find_record(session, actor, meeting_id)
            form = Form(values, error.by_field)
            return _page(request, session, actor, meeting, minutes, form, part=part, error=error)
    return done(request, f"{address_of(meeting)}/niederschrift#{part}", said)


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    meeting: Meeting,
    minutes: Minutes | None,
    form: Form,
    *,
    part: str = "",
    named: str = "",
    version: int | None = None,
    error: SkipError | None = None,
) -> Response:
    chosen = choose_minutes(session, actor, meeting, minutes, named=named, version=version)
    values, run = chosen.values, meetings.may_run(actor, meeting)
    state = minutes.state if minutes is not None else MinutesState.DRAFT
    documents = readable_minutes_documents(session, actor, ident(meeting))
    objections = shown_objections(session, actor, meeting, minutes) if minutes is not None else []
    book = load_rules(session, meeting.body_id)
    own = edition_for(session, actor, meeting, minutes)
    items = [(item.id, f"TOP {item.number} {item.title}") for section in values.sections for item in section.items]
    over = minutes is not None and life.period_is_over(minutes, clock.now())
    in_review = state is MinutesState.REVIEW
    numbers = numbers_of_items(session, [one.item_id for one in objections if one.item_id is not None])
    forms = {part: form} if part else {"einwenden": form, "versand": form, "nachtrag": form}
    later = queries.approving_meetings(session, meeting) if run and in_review else []
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "minutes/review.html",
        tab=RECORD,
        status=error.status if error else 200,
        minutes=minutes,
        minutes_state=state,
        record=record_of(values),
        values=values,
        digest=chosen.digest,
        edition_word=EDITION_WORDS[values.edition],
        query=_query(values.edition, own, values.version, version, named),
        state_words=_state_words(session, minutes),
        left=life.days_left(minutes, clock.today()) if minutes is not None else "",
        run=run,
        held=meeting.state is MeetingState.HELD,
        drafts=meetings.reads_draft(actor, meeting),
        late=run and is_late(session, meeting, minutes),
        told=told_after_review(session, actor, meeting, sends=sends_mail(request)) if _may_send(run, state) else "",
        yes_needed=bool(book[body_rules.APPROVAL]) and not meeting.entered_afterwards,
        ways=[(way, way) for way in APPROVAL_WAYS],
        silence=by_silence(book),
        period_over=over,
        later=[(ident(one), meetings.label_with_date(one)) for one in later],
        may_object=in_review and (run or (life.may_object(actor, meeting.body_id) and not over)),
        objections=[_line(one, numbers, forms.get(f"einwendung-{one.id}", Form())) for one in objections],
        sees_objections=reads(actor, Matter.INTERNAL, meeting.body_id),
        answers=[(one.value, life.OBJECTION_WORDS[one]) for one in ObjectionState if one is not ObjectionState.OPEN],
        items=items,
        levels=[(level.value, LEVEL_WORDS[level]) for level in Level],
        addenda=_addenda(session, minutes, documents, own),
        versions=_versions(documents),
        publication=queries.find_minutes_publication(session, ident(meeting)),
        to_approve=_to_approve(session, actor, meeting),
        send_form=forms.get("versand", Form()),
        object_form=forms.get("einwenden", Form()),
        approve_form=forms.get("genehmigung", Form()),
        addendum_form=forms.get("nachtrag", Form()),
        publish_form=forms.get("veroeffentlichung", Form()),
        refused=error.sentence if isinstance(error, Refused | Stale) else "",
    )


def _may_send(run: bool, state: MinutesState) -> bool:
    return run and state is not MinutesState.APPROVED


def _query(own_edition: Edition, own: Edition | None, shown: int, asked: int | None, named: str) -> str:
    """What an address needs to mean what is shown."""
    parts = [f"fassung={own_edition.value}"] if named and own_edition is not own else []
    if asked is not None:
        parts.append(f"version={shown}")
    return f"?{'&'.join(parts)}" if parts else ""


def _state_words(session: Session, minutes: Minutes | None) -> str:
    if minutes is None:
        return "Entwurf"
    place = queries.find_approving_meeting(session, minutes)
    return life.sentence(minutes, meetings.label(place) if place is not None else "")


def _line(one: Objection, numbers: Mapping[int, str], form: Form) -> ObjectionLine:
    return ObjectionLine(
        id=ident(one),
        version=one.version,
        item=f"TOP {numbers.get(one.item_id, '')}" if one.item_id is not None else "Niederschrift im Ganzen",
        by=one.by,
        text=one.text,
        late=one.late,
        raised=one.raised_at,
        state=life.OBJECTION_WORDS[one.state],
        open=one.state is ObjectionState.OPEN,
        answer=one.answer,
        answered=one.answered_by,
        form=form if form.values else Form({"state": "" if one.state is ObjectionState.OPEN else one.state.value,
                                           "answer": one.answer}),
    )  # fmt: skip


def _addenda(
    session: Session, minutes: Minutes | None, documents: Sequence[Identified], own: Edition | None
) -> list[AddendumLine]:
    """The addenda that stand in the reader's edition."""
    if minutes is None or own is None:
        return []
    mine = {one.version: one.href for one in documents if one.of is DocumentKind.ADDENDUM and one.key == own.value}
    rows: Sequence[Addendum] = [one for one in queries.list_addenda(session, ident(minutes)) if one.serial in mine]
    numbers = numbers_of_items(session, [one.item_id for one in rows if one.item_id is not None])
    return [
        AddendumLine(
            serial=one.serial,
            item=f"TOP {numbers.get(one.item_id, '')}" if one.item_id is not None else "",
            html=prose_html(one.text),
            added_on=one.added_on,
            by="" if own is Edition.PUBLIC else one.added_by,
            confidential=one.level is Level.CONFIDENTIAL,
            href=mine[one.serial],
        )
        for one in rows
    ]


def _versions(documents: Sequence[Identified]) -> list[Identified]:
    return [one for one in documents if one.of is DocumentKind.MINUTES]


def _to_approve(session: Session, actor: Actor, meeting: Meeting) -> list[tuple[str, str]]:
    """Minutes of earlier meetings that this one may approve: label and address."""
    if not meetings.may_run(actor, meeting) or meeting.state not in (MeetingState.IN_SESSION, MeetingState.HELD):
        return []
    return [
        (meetings.label_with_date(one), address_of(one))
        for minutes, one in queries.pending_minutes(session, meeting.body_id, meeting.starts_at)
        if minutes.state is MinutesState.REVIEW
    ]
