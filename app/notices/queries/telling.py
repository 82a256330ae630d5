"""What somebody is told of an occasion, read with their own rights: None where it is not, or no longer, for them."""

import datetime as dt
from collections.abc import Callable, Mapping

from sqlmodel import Session, col, select

from app import clock, text
from app.actions.models import Action
from app.actions.queries.actions import own_clause, readable_actions
from app.actions.rules.steps import OVER
from app.actor import Actor, Role
from app.agenda.models import DocumentKind, Edition, FrozenDocument
from app.agenda.schemas.changes import ChangeKind, read_changes
from app.bodies.models import Body
from app.bodies.queries import load_rules
from app.bodies.rules import FEED_TITLES
from app.circulars.models import Ballot, Circular, CircularSeat, CircularState
from app.circulars.queries.circulars import readable_circulars
from app.circulars.rules.words import STATE_WORDS
from app.decisions.models import Decision
from app.decisions.queries.following import readable_followed
from app.decisions.rules.following import CLOSED
from app.meetings.models import Meeting, MeetingDeadline, MeetingState
from app.meetings.queries import readable_meetings
from app.meetings.rules import life
from app.meetings.rules.deadlines import DeadlineKind
from app.minutes.models import Minutes, MinutesState, Objection, ObjectionState
from app.minutes.queries.life import readable_minutes
from app.minutes.rules.life import may_object, period_is_over
from app.notices.models import Notice
from app.notices.rules.kinds import Kind
from app.notices.schemas import Told
from app.projects.models import Project, StatusReport, StatusState
from app.projects.queries.projects import readable_projects
from app.projects.rules import rights
from app.visibility import Level, Matter, reads

UPCOMING = (MeetingState.PLANNED, MeetingState.ANNOUNCED, MeetingState.DRAFT, MeetingState.RELEASED)
SHOWN_CHANGES = 20


def tell(session: Session, actor: Actor, notice: Notice) -> Told | None:
    """What *actor* is told by *notice* now; None where they may not read the thing or it is over."""
    return _TELLERS[Kind(notice.kind)](session, actor, notice)


def _meeting(session: Session, actor: Actor, notice: Notice) -> tuple[Meeting, str] | None:
    meeting = session.exec(readable_meetings(actor).where(Meeting.id == notice.meeting_id)).first()
    if meeting is None:
        return None
    sits = any(seat.body_id == meeting.body_id for seat in actor.seats)
    if not sits and meeting.id not in actor.own_meeting_ids:
        return None
    return meeting, f"{_body(session, meeting.body_id)}: "


def _body(session: Session, body_id: int) -> str:
    return session.get_one(Body, body_id).short_name


def _ahead(meeting: Meeting) -> bool:
    return meeting.state in UPCOMING and meeting.ends_at > clock.now()


def _when_and_where(meeting: Meeting) -> tuple[str, ...]:
    place = (f"Ort: {text.one_line(meeting.place)}",) if meeting.place else ()
    return (f"Termin: {text.span(meeting.starts_at, meeting.ends_at)}", *place)


def _announced(session: Session, actor: Actor, notice: Notice) -> Told | None:
    found = _meeting(session, actor, notice)
    if found is None or not _ahead(found[0]):
        return None
    meeting, body = found
    return Told(
        line=f"{body}{life.label_with_date(meeting)} ist angekündigt",
        happened=f"Die {life.label(meeting)} ist angekündigt.",
        todo="Bitte halten Sie den Termin frei.",
        address=f"/sitzungen/{meeting.id}",
        lines=_when_and_where(meeting),
    )


def _moved(session: Session, actor: Actor, notice: Notice) -> Told | None:
    found = _meeting(session, actor, notice)
    if found is None or not _ahead(found[0]):
        return None
    meeting, body = found
    return Told(
        line=f"{body}{life.label(meeting)} ist verlegt auf den {text.date(life.day_of(meeting))}",
        happened=f"Für die {life.label(meeting)} gelten ein neuer Termin oder ein neuer Ort.",
        todo="Bitte ändern Sie Ihren Kalender.",
        address=f"/sitzungen/{meeting.id}",
        lines=_when_and_where(meeting),
    )


def _cancelled(session: Session, actor: Actor, notice: Notice) -> Told | None:
    found = _meeting(session, actor, notice)
    if found is None or found[0].state is not MeetingState.CANCELLED or found[0].ends_at <= clock.now():
        return None
    meeting, body = found
    return Told(
        line=f"{body}{life.label_with_date(meeting)} ist abgesagt",
        happened=f"Die {life.label_with_date(meeting)} findet nicht statt.",
        todo="Bitte streichen Sie den Termin.",
        address=f"/sitzungen/{meeting.id}",
    )


def _released(session: Session, actor: Actor, notice: Notice) -> Told | None:
    found = _meeting(session, actor, notice)
    if found is None or found[0].state is not MeetingState.RELEASED or found[0].ends_at <= clock.now():
        return None
    meeting, body = found
    return Told(
        line=f"{body}Tagesordnung der {life.label_with_date(meeting)}",
        happened=f"Die Tagesordnung der {life.label(meeting)} ist freigegeben, die Unterlagen liegen bereit.",
        todo="Bitte lesen Sie beides vor der Sitzung.",
        address=f"/sitzungen/{meeting.id}",
        lines=_when_and_where(meeting),
    )


def _changed(session: Session, actor: Actor, notice: Notice) -> Told | None:
    found = _meeting(session, actor, notice)
    if found is None or found[0].state is not MeetingState.RELEASED or found[0].ends_at <= clock.now():
        return None
    meeting, body = found
    return Told(
        line=f"{body}Nachtrag zur Tagesordnung der {life.label_with_date(meeting)}",
        happened=f"Die Tagesordnung der {life.label(meeting)} ist geändert.",
        todo="Bitte sehen Sie sich die Änderungen vor der Sitzung an.",
        address=f"/sitzungen/{meeting.id}",
        lines=_change_words(session, actor, meeting, notice),
    )


def _change_words(session: Session, actor: Actor, meeting: Meeting, notice: Notice) -> tuple[str, ...]:
    """The change sheet without anything confidential, for those who read it whole; titles only by the body's rule."""
    if not reads(actor, Matter.INTERNAL, meeting.body_id):
        return ()
    sheet = session.exec(
        select(FrozenDocument).where(
            FrozenDocument.meeting_id == meeting.id,
            FrozenDocument.kind == DocumentKind.CHANGES,
            FrozenDocument.edition == Edition.NON_CONFIDENTIAL,
            FrozenDocument.version == int(notice.detail or 0),
        )
    ).first()
    if sheet is None:
        return ()
    titles = bool(load_rules(session, meeting.body_id)[FEED_TITLES])
    lines = []
    for change in read_changes(sheet.content).changes:
        if change.kind is ChangeKind.MEETING:
            lines.append(text.one_line(f"Sitzung: {change.label} geändert" if change.label else "Sitzung geändert"))
        elif change.number:
            what = change.words if not (change.before or change.after) else f"{change.label} geändert"
            title = f" „{change.title}“" if titles else ""
            told = what if titles or change.kind is not ChangeKind.CHANGED else f"{change.label or 'Angaben'} geändert"
            lines.append(text.one_line(f"TOP {change.number}{title}: {told}"))
    unique = tuple(dict.fromkeys(lines))
    more = len(unique) - SHOWN_CHANGES
    return (*unique[:SHOWN_CHANGES], f"und {more} weitere") if more > 0 else unique


def _registration(session: Session, actor: Actor, notice: Notice) -> Told | None:
    found = _meeting(session, actor, notice)
    if found is None or found[0].state not in (MeetingState.ANNOUNCED, MeetingState.DRAFT):
        return None
    meeting, body = found
    due = session.get(MeetingDeadline, (meeting.id, DeadlineKind.REGISTRATION.value))
    if due is None or due.due_on.isoformat() != notice.detail or due.due_on < clock.today():
        return None
    day = text.date(due.due_on)
    return Told(
        line=f"{body}Anmeldeschluss für die {life.label_with_date(meeting)} am {day}",
        happened=f"Themen für die {life.label(meeting)} können noch angemeldet werden.",
        todo="Bitte melden Sie Ihre Themen an.",
        until=due.due_on,
        address=f"/sitzungen/{meeting.id}",
    )


def _minutes(session: Session, actor: Actor, notice: Notice) -> tuple[Minutes, Meeting, str] | None:
    minutes = session.exec(readable_minutes(actor).where(Minutes.meeting_id == notice.meeting_id)).first()
    if minutes is None:
        return None
    meeting = session.get_one(Meeting, minutes.meeting_id)
    return minutes, meeting, f"{_body(session, meeting.body_id)}: "


def _review(session: Session, actor: Actor, notice: Notice) -> Told | None:
    found = _minutes(session, actor, notice)
    if found is None or found[0].state is not MinutesState.REVIEW or not may_object(actor, found[1].body_id):
        return None
    minutes, meeting, body = found
    if period_is_over(minutes, clock.now()):
        return None
    return Told(
        line=f"{body}Niederschrift der {life.label_with_date(meeting)} zur Prüfung",
        happened=f"Die Niederschrift der {life.label_with_date(meeting)} liegt zur Prüfung vor.",
        todo="Bitte prüfen Sie sie; Einwendungen erheben Sie auf ihrer Seite.",
        until=minutes.objections_until,
        address=f"/sitzungen/{meeting.id}/niederschrift",
    )


def _approved(session: Session, actor: Actor, notice: Notice) -> Told | None:
    found = _minutes(session, actor, notice)
    if found is None or found[0].state is not MinutesState.APPROVED:
        return None
    _, meeting, body = found
    return Told(
        line=f"{body}Niederschrift der {life.label_with_date(meeting)} ist genehmigt",
        happened=f"Die Niederschrift der {life.label_with_date(meeting)} ist genehmigt.",
        address=f"/sitzungen/{meeting.id}/niederschrift",
    )


def _objection(session: Session, actor: Actor, notice: Notice) -> Told | None:
    found, objection = _minutes(session, actor, notice), session.get(Objection, notice.subject_id)
    if found is None or objection is None:
        return None
    minutes, meeting, body = found
    words = f"zur Niederschrift der {life.label_with_date(meeting)}"
    address = f"/sitzungen/{meeting.id}/niederschrift"
    if notice.kind == Kind.OBJECTION_RAISED:
        if objection.state is not ObjectionState.OPEN or not actor.has(Role.SECRETARIAT, meeting.body_id):
            return None
        told = f"Es gibt eine Einwendung {words}."
        return Told(f"{body}Einwendung {words}", told, address, "Bitte beantworten Sie sie.", minutes.objections_until)
    own = objection.person_id is not None and objection.person_id == actor.person_id
    if objection.state is ObjectionState.OPEN or not own or not reads(actor, Matter.INTERNAL, meeting.body_id):
        return None
    return Told(f"{body}Antwort auf Ihre Einwendung", f"Ihre Einwendung {words} ist beantwortet.", address)


def _circular(session: Session, actor: Actor, notice: Notice) -> Told | None:
    circular = session.exec(readable_circulars(actor).where(Circular.id == notice.subject_id)).first()
    if circular is None:
        return None
    seats = select(CircularSeat.seat_id).where(CircularSeat.circular_id == circular.id)
    asked = set(session.exec(seats)) & {seat.seat_id for seat in actor.seats}
    decision = session.get_one(Decision, circular.decision_id)
    secret = decision.level is Level.CONFIDENTIAL
    thing = "Vertrauliches Umlaufverfahren" if secret else f"Umlaufverfahren „{text.one_line(decision.title)}“"
    line, address = f"{_body(session, circular.body_id)}: {thing}", f"/umlaufverfahren/{circular.id}"
    runs = circular.state is CircularState.RUNNING and circular.ends_at is not None and circular.ends_at > clock.now()
    if not asked or (runs == (notice.kind == Kind.CIRCULAR_RESULT)) or circular.state is CircularState.DRAFT:
        return None
    if notice.kind == Kind.CIRCULAR_RESULT:
        if circular.state is CircularState.RUNNING:
            return None
        word = STATE_WORDS[circular.state]
        return Told(f"{line}: {word}", f"Das Umlaufverfahren ist beendet. Ergebnis: {word}.", address)
    if not runs:
        return None
    if notice.kind == Kind.CIRCULAR_CLOSING:
        answered = session.exec(select(Ballot.seat_id).where(Ballot.circular_id == circular.id))
        if not asked - set(answered):
            return None
        todo = "Für Ihren Sitz liegt noch keine Antwort vor. Bitte antworten Sie."
        return Told(f"{line} endet bald", "Ein Umlaufverfahren endet bald.", address, todo, circular.ends_on)
    todo = "Bitte antworten Sie für Ihren Sitz."
    return Told(line, "Ein Umlaufverfahren ist eröffnet, Ihr Sitz ist gefragt.", address, todo, circular.ends_on)


def _action(session: Session, actor: Actor, notice: Notice) -> Told | None:
    statement = readable_actions(actor).where(
        Action.id == notice.subject_id, own_clause(actor), col(Action.number) != ""
    )
    action = session.exec(statement).first()
    if action is None or action.state in OVER:
        return None
    due = action.due_on
    if notice.kind != Kind.ACTION_GIVEN and (due is None or due.isoformat() != notice.detail):
        return None
    late = due is not None and due < clock.today()
    if (notice.kind == Kind.ACTION_OVERDUE and not late) or (notice.kind == Kind.ACTION_DUE and late):
        return None
    secret = action.level is Level.CONFIDENTIAL
    thing = "Vertraulicher Auftrag" if secret else f"Auftrag {action.number}: {text.one_line(action.title)}"
    happened = {
        Kind.ACTION_GIVEN: "Ein Auftrag ist erteilt.",
        Kind.ACTION_DUE: "Ein Auftrag wird fällig.",
        Kind.ACTION_OVERDUE: "Ein Auftrag ist überfällig.",
    }[Kind(notice.kind)]
    word = {Kind.ACTION_GIVEN: "", Kind.ACTION_DUE: " wird fällig", Kind.ACTION_OVERDUE: " ist überfällig"}
    todo = "Bitte berichten Sie, wie weit er ist."
    return Told(f"{thing}{word[Kind(notice.kind)]}", happened, f"/auftraege/{action.id}", todo, due)


def _status(session: Session, actor: Actor, notice: Notice) -> Told | None:
    project = session.exec(readable_projects(actor).where(Project.id == notice.subject_id)).first()
    if project is None:
        return None
    name, address = f"{project.code} {text.one_line(project.title)}", f"/projekte/{project.id}"
    reports = select(StatusReport.id).where(StatusReport.project_id == project.id).limit(1)
    if notice.kind == Kind.STATUS_SUBMITTED:
        waits = session.exec(reports.where(StatusReport.state == StatusState.SUBMITTED)).first() is not None
        if not waits or not rights.may_change(actor, project):
            return None
        happened = "Eine Sachstandsmeldung ist eingereicht."
        return Told(f"Sachstand zu {name} eingereicht", happened, address, "Bitte nehmen Sie sie an oder nicht.")
    if project.id not in actor.lead_project_ids:
        return None
    if notice.kind == Kind.STATUS_ANSWERED:
        word = "angenommen" if notice.detail == "accept" else "nicht angenommen"
        todo = "" if notice.detail == "accept" else "Der Grund steht auf der Seite des Projekts; bitte melden Sie neu."
        return Told(f"Sachstand zu {name} {word}", f"Ihre Meldung wurde {word}.", address, todo)
    due_on, since = (dt.date.fromisoformat(part) for part in notice.detail.split(" "))
    counts = col(StatusReport.state).in_((StatusState.SUBMITTED, StatusState.ACCEPTED))
    told = session.exec(reports.where(counts, StatusReport.as_of >= since)).first() is not None
    if told or due_on < clock.today():
        return None
    todo = "Bitte melden Sie den Sachstand."
    return Told(f"Sachstand zu {name} fällig", "Die Monitoring-Runde schließt bald.", address, todo, due_on)


def _decision(session: Session, actor: Actor, notice: Notice) -> Told | None:
    statement = readable_followed(actor).where(
        Decision.id == notice.subject_id, col(Decision.state).not_in(sorted(CLOSED))
    )
    found = session.exec(statement).first()
    if found is None or found.due_on is None or found.due_on.isoformat() != notice.detail:
        return None
    if found.due_on > clock.today() or not actor.has(Role.SECRETARIAT, found.body_id):
        return None
    secret = found.level is Level.CONFIDENTIAL
    thing = "Vertraulicher Beschluss" if secret else f"Beschluss {found.number}: {text.one_line(found.title)}"
    todo = "Bitte tragen Sie ein, wie weit er ist."
    address = f"/beschluesse/{found.id}"
    return Told(f"{thing}: Wiedervorlage", "Die Wiedervorlage ist gekommen.", address, todo, found.due_on)


_TELLERS: Mapping[Kind, Callable[[Session, Actor, Notice], Told | None]] = {
    Kind.MEETING_ANNOUNCED: _announced,
    Kind.AGENDA_RELEASED: _released,
    Kind.AGENDA_CHANGED: _changed,
    Kind.MEETING_MOVED: _moved,
    Kind.MEETING_CANCELLED: _cancelled,
    Kind.REGISTRATION_CLOSES: _registration,
    Kind.MINUTES_REVIEW: _review,
    Kind.MINUTES_APPROVED: _approved,
    Kind.OBJECTION_RAISED: _objection,
    Kind.OBJECTION_ANSWERED: _objection,
    Kind.CIRCULAR_OPENED: _circular,
    Kind.CIRCULAR_CLOSING: _circular,
    Kind.CIRCULAR_RESULT: _circular,
    Kind.ACTION_GIVEN: _action,
    Kind.ACTION_DUE: _action,
    Kind.ACTION_OVERDUE: _action,
    Kind.STATUS_DUE: _status,
    Kind.STATUS_SUBMITTED: _status,
    Kind.STATUS_ANSWERED: _status,
    Kind.DECISION_DUE: _decision,
}
