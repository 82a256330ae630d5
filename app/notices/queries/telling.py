"""What somebody is told of an occasion, read with their own rights: None where it is not, or no longer, for them."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import clock, text
from app.actions.models import Action
from app.actions.queries.actions import own_clause, readable_actions
from app.actions.rules.steps import OVER
from app.actor import Actor, Role
from app.agenda.models import DocumentKind, Edition, FrozenDocument
from app.agenda.schemas.changes import ChangeKind, FrozenChange, read_changes
from app.bodies.models import Body
from app.bodies.queries import load_rules
from app.bodies.rules import FEED_TITLES
from app.circulars.models import Circular, CircularState
from app.circulars.queries.answers import ballots_of, seats_asked
from app.circulars.queries.circulars import readable_circulars
from app.circulars.rules.words import STATE_WORDS
from app.db import ident
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
_ACTION_KINDS = frozenset({Kind.ACTION_GIVEN, Kind.ACTION_DUE, Kind.ACTION_OVERDUE})
_STATUS_KINDS = frozenset({Kind.STATUS_DUE, Kind.STATUS_SUBMITTED, Kind.STATUS_ANSWERED})
_CIRCULAR_KINDS = frozenset({Kind.CIRCULAR_OPENED, Kind.CIRCULAR_CLOSING, Kind.CIRCULAR_RESULT})


def tell(session: Session, actor: Actor, notice: Notice) -> Told | None:
    """What *actor* is told by *notice* now; None where they may not read the thing or it is over."""
    return tell_all(session, actor, [notice])[0]


def tell_all(session: Session, actor: Actor, notices: Sequence[Notice]) -> list[Told | None]:
    """What *actor* is told by each of the notices, in their order; things of a kind are read together."""
    desk = _Desk(session, actor, notices)
    found = (_TELLERS[Kind(one.kind)](desk, one) for one in notices)
    return [told and replace(told, over=_is_over(told)) for told in found]


def _is_over(told: Told) -> bool:
    return told.until is not None and told.until < clock.today()


class _Desk:
    """The things that one person's notices are about, as far as that person may read them; each kind one query."""

    def __init__(self, session: Session, actor: Actor, notices: Sequence[Notice]) -> None:
        self.session, self.actor, self.notices = session, actor, notices

    def _subjects(self, kinds: Collection[Kind]) -> list[int]:
        return sorted({one.subject_id for one in self.notices if one.kind in kinds})

    def _meeting_ids(self) -> list[int]:
        return sorted({one.meeting_id for one in self.notices if one.meeting_id is not None})

    @cached_property
    def meetings(self) -> dict[int, Meeting]:
        """By id."""
        rows = self.session.exec(readable_meetings(self.actor).where(col(Meeting.id).in_(self._meeting_ids())))
        return {ident(row): row for row in rows}

    @cached_property
    def minutes(self) -> dict[int, tuple[Minutes, Meeting]]:
        """By meeting."""
        wanted = readable_minutes(self.actor).where(col(Minutes.meeting_id).in_(self._meeting_ids()))
        found = {row.meeting_id: row for row in self.session.exec(wanted)}
        rows = self.session.exec(select(Meeting).where(col(Meeting.id).in_(found)))
        return {ident(row): (found[ident(row)], row) for row in rows}

    @cached_property
    def actions(self) -> dict[int, Action]:
        """The actor's own, by id."""
        wanted = readable_actions(self.actor).where(
            col(Action.id).in_(self._subjects(_ACTION_KINDS)), own_clause(self.actor), col(Action.number) != ""
        )
        return {ident(row): row for row in self.session.exec(wanted)}

    @cached_property
    def projects(self) -> dict[int, Project]:
        """By id."""
        wanted = readable_projects(self.actor).where(col(Project.id).in_(self._subjects(_STATUS_KINDS)))
        return {ident(row): row for row in self.session.exec(wanted)}

    @cached_property
    def reports(self) -> dict[int, list[tuple[StatusState, dt.date]]]:
        """State and Stand of the reports, by project."""
        found: dict[int, list[tuple[StatusState, dt.date]]] = {}
        wanted = sa.select(col(StatusReport.project_id), col(StatusReport.state), col(StatusReport.as_of))
        for row in self.session.execute(wanted.where(col(StatusReport.project_id).in_(self.projects))):
            found.setdefault(row[0], []).append((row[1], row[2]))
        return found

    @cached_property
    def decisions(self) -> dict[int, Decision]:
        """Those that are still followed, by id."""
        wanted = readable_followed(self.actor).where(
            col(Decision.id).in_(self._subjects({Kind.DECISION_DUE})), col(Decision.state).not_in(sorted(CLOSED))
        )
        return {ident(row): row for row in self.session.exec(wanted)}

    @cached_property
    def circulars(self) -> dict[int, tuple[Circular, Decision]]:
        """By id, with what they ask."""
        wanted = readable_circulars(self.actor).where(col(Circular.id).in_(self._subjects(_CIRCULAR_KINDS)))
        return {ident(one): (one, decision) for one, decision in self.session.execute(wanted.add_columns(Decision))}

    @cached_property
    def asked(self) -> dict[int, set[int]]:
        """The seats that the procedures ask and the actor holds, by procedure."""
        mine = {seat.seat_id for seat in self.actor.seats}
        return {
            one: mine & {row.seat_id for row in rows} for one, rows in seats_asked(self.session, self.circulars).items()
        }

    @cached_property
    def answered(self) -> dict[int, set[int]]:
        """The seats that have answered, by procedure."""
        return {one: {row.seat_id for row in rows} for one, rows in ballots_of(self.session, self.circulars).items()}

    @cached_property
    def _bodies(self) -> dict[int, str]:
        return {ident(body): body.short_name for body in self.session.exec(select(Body))}

    def body(self, body_id: int) -> str:
        """The short name of a body, as a line begins."""
        return f"{self._bodies[body_id]}: "


def _meeting(desk: _Desk, notice: Notice) -> tuple[Meeting, str] | None:
    actor, meeting = desk.actor, desk.meetings.get(notice.meeting_id or 0)
    if meeting is None:
        return None
    sits = any(seat.body_id == meeting.body_id for seat in actor.seats)
    if not sits and meeting.id not in actor.own_meeting_ids:
        return None
    return meeting, desk.body(meeting.body_id)


def _meeting_in(desk: _Desk, notice: Notice, *states: MeetingState) -> tuple[Meeting, str] | None:
    """The meeting as ``_meeting`` finds it, while it is in one of the states and not over."""
    found = _meeting(desk, notice)
    if found is None or found[0].state not in states or found[0].ends_at <= clock.now():
        return None
    return found


def _when_and_where(meeting: Meeting) -> tuple[str, ...]:
    place = (f"Ort: {text.one_line(meeting.place)}",) if meeting.place else ()
    return (f"Termin: {text.span(meeting.starts_at, meeting.ends_at)}", *place)


def _announced(desk: _Desk, notice: Notice) -> Told | None:
    found = _meeting_in(desk, notice, *UPCOMING)
    if found is None:
        return None
    meeting, body = found
    return Told(
        line=f"{body}{life.label_with_date(meeting)} ist angekündigt",
        happened=f"Die {life.label(meeting)} ist angekündigt.",
        todo="Bitte halten Sie den Termin frei.",
        address=f"/sitzungen/{meeting.id}",
        lines=_when_and_where(meeting),
    )


def _moved(desk: _Desk, notice: Notice) -> Told | None:
    found = _meeting_in(desk, notice, *UPCOMING)
    if found is None:
        return None
    meeting, body = found
    return Told(
        line=f"{body}{life.label(meeting)} ist verlegt auf den {text.date(life.day_of(meeting))}",
        happened=f"Für die {life.label(meeting)} gelten ein neuer Termin oder ein neuer Ort.",
        todo="Bitte ändern Sie Ihren Kalender.",
        address=f"/sitzungen/{meeting.id}",
        lines=_when_and_where(meeting),
    )


def _cancelled(desk: _Desk, notice: Notice) -> Told | None:
    found = _meeting_in(desk, notice, MeetingState.CANCELLED)
    if found is None:
        return None
    meeting, body = found
    return Told(
        line=f"{body}{life.label_with_date(meeting)} ist abgesagt",
        happened=f"Die {life.label_with_date(meeting)} findet nicht statt.",
        todo="Bitte streichen Sie den Termin.",
        address=f"/sitzungen/{meeting.id}",
    )


def _released(desk: _Desk, notice: Notice) -> Told | None:
    found = _meeting_in(desk, notice, MeetingState.RELEASED)
    if found is None:
        return None
    meeting, body = found
    return Told(
        line=f"{body}Tagesordnung der {life.label_with_date(meeting)}",
        happened=f"Die Tagesordnung der {life.label(meeting)} ist freigegeben, die Unterlagen liegen bereit.",
        todo="Bitte lesen Sie beides vor der Sitzung.",
        address=f"/sitzungen/{meeting.id}",
        lines=_when_and_where(meeting),
    )


def _changed(desk: _Desk, notice: Notice) -> Told | None:
    found = _meeting_in(desk, notice, MeetingState.RELEASED)
    if found is None:
        return None
    meeting, body = found
    return Told(
        line=f"{body}Nachtrag zur Tagesordnung der {life.label_with_date(meeting)}",
        happened=f"Die Tagesordnung der {life.label(meeting)} ist geändert.",
        todo="Bitte sehen Sie sich die Änderungen vor der Sitzung an.",
        address=f"/sitzungen/{meeting.id}",
        lines=_change_words(desk, meeting, notice),
    )


def _change_words(desk: _Desk, meeting: Meeting, notice: Notice) -> tuple[str, ...]:
    """The change sheet without anything confidential, for those who read it whole; titles only by the body's rule."""
    if not reads(desk.actor, Matter.INTERNAL, meeting.body_id):
        return ()
    sheet = desk.session.exec(
        select(FrozenDocument).where(
            FrozenDocument.meeting_id == meeting.id,
            FrozenDocument.kind == DocumentKind.CHANGES,
            FrozenDocument.edition == Edition.NON_CONFIDENTIAL,
            FrozenDocument.version == int(notice.detail or 0),
        )
    ).first()
    if sheet is None:
        return ()
    titles = bool(load_rules(desk.session, meeting.body_id)[FEED_TITLES])
    lines = [_change_line(change, titles) for change in read_changes(sheet.content).changes]
    unique = tuple(dict.fromkeys(line for line in lines if line))
    more = len(unique) - SHOWN_CHANGES
    return (*unique[:SHOWN_CHANGES], f"und {more} weitere") if more > 0 else unique


def _change_line(change: FrozenChange, titles: bool) -> str:
    """One change in a line; without *titles* nothing that was written about the item: no title, no reason."""
    if change.kind is ChangeKind.MEETING:
        return text.one_line(f"Sitzung: {change.label} geändert" if change.label else "Sitzung geändert")
    if not change.number:
        return ""
    if titles:
        what = change.words if not (change.before or change.after) else f"{change.label} geändert"
        return text.one_line(f"TOP {change.number} „{change.title}“: {what}")
    what = f"{change.label or 'Angaben'} geändert" if change.kind is ChangeKind.CHANGED else change.words
    return text.one_line(f"TOP {change.number}: {'abgesetzt' if change.kind is ChangeKind.WITHDRAWN else what}")


def _registration(desk: _Desk, notice: Notice) -> Told | None:
    found = _meeting(desk, notice)
    if found is None or found[0].state not in (MeetingState.ANNOUNCED, MeetingState.DRAFT):
        return None
    meeting, body = found
    due = desk.session.get(MeetingDeadline, (meeting.id, DeadlineKind.REGISTRATION.value))
    if due is None or due.due_on.isoformat() != notice.detail or due.due_on < clock.today():
        return None
    day = text.date(due.due_on)
    return Told(
        line=f"{body}Anmeldeschluss am {day} für die {life.label_with_date(meeting)}",
        happened=f"Themen für die {life.label(meeting)} können noch angemeldet werden.",
        todo="Bitte melden Sie Ihre Themen an.",
        until=due.due_on,
        address=f"/sitzungen/{meeting.id}",
    )


def _minutes(desk: _Desk, notice: Notice) -> tuple[Minutes, Meeting, str] | None:
    found = desk.minutes.get(notice.meeting_id or 0)
    return None if found is None else (*found, desk.body(found[1].body_id))


def _review(desk: _Desk, notice: Notice) -> Told | None:
    found = _minutes(desk, notice)
    if found is None or found[0].state is not MinutesState.REVIEW or not may_object(desk.actor, found[1].body_id):
        return None
    minutes, meeting, body = found
    if period_is_over(minutes, clock.now()):
        return None
    until = f" bis {text.date(minutes.objections_until)}" if minutes.objections_until else ""
    return Told(
        line=f"{body}Niederschrift der {life.label_with_date(meeting)} zur Prüfung{until}",
        happened=f"Die Niederschrift der {life.label_with_date(meeting)} liegt zur Prüfung vor.",
        todo="Bitte prüfen Sie sie; Einwendungen erheben Sie auf ihrer Seite.",
        until=minutes.objections_until,
        address=f"/sitzungen/{meeting.id}/niederschrift",
    )


def _approved(desk: _Desk, notice: Notice) -> Told | None:
    found = _minutes(desk, notice)
    if found is None or found[0].state is not MinutesState.APPROVED:
        return None
    _, meeting, body = found
    return Told(
        line=f"{body}Niederschrift der {life.label_with_date(meeting)} ist genehmigt",
        happened=f"Die Niederschrift der {life.label_with_date(meeting)} ist genehmigt.",
        address=f"/sitzungen/{meeting.id}/niederschrift",
    )


def _objection(desk: _Desk, notice: Notice) -> Told | None:
    actor, found = desk.actor, _minutes(desk, notice)
    objection = desk.session.get(Objection, notice.subject_id)
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


def _circular(desk: _Desk, notice: Notice) -> Told | None:
    found = desk.circulars.get(notice.subject_id)
    if found is None:
        return None
    circular, decision = found
    asked = desk.asked.get(notice.subject_id, set())
    secret = decision.level is Level.CONFIDENTIAL
    thing = f"{desk.body(circular.body_id)}{'Vertrauliches Umlaufverfahren' if secret else 'Umlaufverfahren'}"
    title = "" if secret else f": {text.one_line(decision.title)}"
    address = f"/umlaufverfahren/{circular.id}"
    runs = circular.state is CircularState.RUNNING and circular.ends_at is not None and circular.ends_at > clock.now()
    if not asked or (runs == (notice.kind == Kind.CIRCULAR_RESULT)) or circular.state is CircularState.DRAFT:
        return None
    if notice.kind == Kind.CIRCULAR_RESULT:
        if circular.state is CircularState.RUNNING:
            return None
        word = STATE_WORDS[circular.state]
        return Told(f"{thing} beendet, {word}{title}", f"Das Umlaufverfahren ist beendet. Ergebnis: {word}.", address)
    if not runs or circular.ends_on is None:
        return None
    day = text.date(circular.ends_on)
    if notice.kind == Kind.CIRCULAR_CLOSING:
        if not asked - desk.answered.get(notice.subject_id, set()):
            return None
        todo = "Für Ihren Sitz liegt noch keine Antwort vor. Bitte antworten Sie."
        return Told(
            f"{thing} endet am {day}{title}", "Ein Umlaufverfahren endet bald.", address, todo, circular.ends_on
        )
    todo = "Bitte antworten Sie für Ihren Sitz."
    happened = "Ein Umlaufverfahren ist eröffnet, Ihr Sitz ist gefragt."
    return Told(f"{thing} eröffnet, Antwort bis {day}{title}", happened, address, todo, circular.ends_on)


def _action(desk: _Desk, notice: Notice) -> Told | None:
    action = desk.actions.get(notice.subject_id)
    if action is None or action.state in OVER:
        return None
    due = action.due_on
    if notice.kind != Kind.ACTION_GIVEN and (due is None or due.isoformat() != notice.detail):
        return None
    late = due is not None and due < clock.today()
    if (notice.kind == Kind.ACTION_OVERDUE and not late) or (notice.kind == Kind.ACTION_DUE and late):
        return None
    secret = action.level is Level.CONFIDENTIAL
    thing = "Vertraulicher Auftrag" if secret else f"Auftrag {action.number}"
    title = "" if secret else f": {text.one_line(action.title)}"
    day = text.date(due) if due is not None else ""
    happened, word = {
        Kind.ACTION_GIVEN: ("Ein Auftrag ist erteilt.", f"erteilt, fällig am {day}" if day else "erteilt"),
        Kind.ACTION_DUE: ("Ein Auftrag wird fällig.", f"fällig am {day}"),
        Kind.ACTION_OVERDUE: ("Ein Auftrag ist überfällig.", f"überfällig seit {day}"),
    }[Kind(notice.kind)]
    todo = "Bitte berichten Sie, wie weit er ist."
    return Told(f"{thing} {word}{title}", happened, f"/auftraege/{action.id}", todo, due)


def _status(desk: _Desk, notice: Notice) -> Told | None:
    actor, project = desk.actor, desk.projects.get(notice.subject_id)
    if project is None:
        return None
    name, address = f"{project.code} {text.one_line(project.title)}", f"/projekte/{project.id}"
    if notice.kind == Kind.STATUS_SUBMITTED:
        waits = any(state is StatusState.SUBMITTED for state, _ in desk.reports.get(notice.subject_id, ()))
        if not waits or not rights.may_change(actor, project):
            return None
        happened = "Eine Sachstandsmeldung ist eingereicht."
        return Told(
            f"Sachstand eingereicht: {name}", happened, address, "Bitte entscheiden Sie, ob Sie die Meldung annehmen."
        )
    if project.id not in actor.lead_project_ids:
        return None
    if notice.kind == Kind.STATUS_ANSWERED:
        word = "angenommen" if notice.detail == "accept" else "nicht angenommen"
        todo = "" if notice.detail == "accept" else "Der Grund steht auf der Seite des Projekts; bitte melden Sie neu."
        return Told(f"Sachstand {word}: {name}", f"Ihre Meldung wurde {word}.", address, todo)
    due_on, since = (dt.date.fromisoformat(part) for part in notice.detail.split(" "))
    counted = (StatusState.SUBMITTED, StatusState.ACCEPTED)
    told = any(state in counted and as_of >= since for state, as_of in desk.reports.get(notice.subject_id, ()))
    if told or due_on < clock.today():
        return None
    todo = "Bitte melden Sie den Sachstand."
    return Told(
        f"Sachstand fällig am {text.date(due_on)}: {name}", "Die Monitoring-Runde schließt bald.", address, todo, due_on
    )


def _decision(desk: _Desk, notice: Notice) -> Told | None:
    found = desk.decisions.get(notice.subject_id)
    if found is None or found.due_on is None or found.due_on.isoformat() != notice.detail:
        return None
    if found.due_on > clock.today() or not desk.actor.has(Role.SECRETARIAT, found.body_id):
        return None
    secret = found.level is Level.CONFIDENTIAL
    thing = "vertraulicher Beschluss" if secret else f"Beschluss {found.number}, {text.one_line(found.title)}"
    todo = "Bitte tragen Sie ein, wie weit er ist."
    address = f"/beschluesse/{found.id}"
    line = f"Wiedervorlage am {text.date(found.due_on)}: {thing}"
    return Told(line, "Die Wiedervorlage eines Beschlusses ist gekommen.", address, todo, found.due_on)


_TELLERS: Mapping[Kind, Callable[[_Desk, Notice], Told | None]] = {
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
