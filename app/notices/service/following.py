"""What people did, as occasions to tell: the follower of the history that makes notices of it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app import clock
from app.actions.models import Action
from app.circulars.models import Circular
from app.history.following import Follower
from app.history.models import HistoryEntry
from app.meetings.models import Meeting
from app.minutes.models import Minutes, Objection
from app.notices.queries import recipients
from app.notices.queries.rows import details_of
from app.notices.rules.kinds import Kind
from app.notices.schemas import Occasion
from app.notices.service.keeping import keep_notices


@dataclass(frozen=True, slots=True)
class _Act:
    entry: HistoryEntry
    doer: int | None
    changes: Mapping[str, Any]


def make_notices(session: Session, entries: Sequence[HistoryEntry]) -> None:
    """Tell those whom new entries of the history concern."""
    wanted = [entry for entry in entries if entry.verb in _VERBS]
    details = details_of(session, [entry.id for entry in wanted])
    occasions = []
    for entry in wanted:
        detail = details.get(entry.id)
        changes = json.loads(detail.content).get("changes", {}) if detail is not None else {}
        found = _VERBS[entry.verb](session, _Act(entry, detail.account_id if detail else None, changes))
        if found is not None:
            occasions.append(found)
    if occasions:
        keep_notices(session, occasions)


FOLLOWER = Follower("notices", make_notices, from_now=True)


def _meeting_act(kind: Kind) -> Callable[[Session, _Act], Occasion | None]:
    def occasion(session: Session, act: _Act) -> Occasion | None:
        meeting = session.get(Meeting, act.entry.object_id)
        if meeting is None or meeting.entered_afterwards:  # what is entered afterwards is news to nobody
            return None
        today = clock.today()
        persons = recipients.of_body(session, meeting.body_id, today)
        if kind is not Kind.MEETING_ANNOUNCED:
            persons |= recipients.of_agenda(session, act.entry.object_id, today)
        version = act.changes.get("version", ["", ""])[-1] if kind is Kind.AGENDA_CHANGED else ""
        return Occasion(
            kind=kind,
            subject_id=act.entry.object_id,
            key=f"e{act.entry.id}",
            bundle=f"meeting:{act.entry.object_id}",
            persons=persons,
            body_id=meeting.body_id,
            meeting_id=act.entry.object_id,
            detail=str(version),
            doer=act.doer,
        )

    return occasion


def _minutes_act(kind: Kind) -> Callable[[Session, _Act], Occasion | None]:
    def occasion(session: Session, act: _Act) -> Occasion | None:
        about = act.entry.object_id
        objection = session.get(Objection, about) if act.entry.object_kind == "objection" else None
        minutes = session.get(Minutes, objection.minutes_id if objection is not None else about)
        meeting = session.get(Meeting, minutes.meeting_id) if minutes is not None else None
        if meeting is None or minutes is None:
            return None
        persons: frozenset[int] = frozenset()
        accounts: frozenset[int] = frozenset()
        if kind is Kind.OBJECTION_RAISED:
            accounts = recipients.secretariats(session, meeting.body_id)
        elif kind is Kind.OBJECTION_ANSWERED:
            persons = frozenset({objection.person_id} if objection is not None and objection.person_id else ())
        else:
            persons = recipients.of_body(session, meeting.body_id, clock.today())
        return Occasion(
            kind=kind,
            subject_id=about,
            key=f"e{act.entry.id}",
            bundle=f"meeting:{meeting.id}",
            persons=persons,
            accounts=accounts,
            body_id=meeting.body_id,
            meeting_id=meeting.id,
            doer=act.doer,
        )

    return occasion


def _circular_act(kind: Kind) -> Callable[[Session, _Act], Occasion | None]:
    def occasion(session: Session, act: _Act) -> Occasion | None:
        circular = session.get(Circular, act.entry.object_id)
        if circular is None:
            return None
        return Occasion(
            kind=kind,
            subject_id=act.entry.object_id,
            key=f"{act.entry.object_id}",
            bundle=f"circular:{act.entry.object_id}",
            persons=recipients.of_circular(session, act.entry.object_id, clock.today()),
            body_id=circular.body_id,
            doer=act.doer,
        )

    return occasion


def _action_given(session: Session, act: _Act) -> Occasion | None:
    if act.entry.verb == "action.change" and not {"person", "organisation"} & act.changes.keys():
        return None
    action = session.get(Action, act.entry.object_id)
    if action is None or not action.number:
        return None
    return Occasion(
        kind=Kind.ACTION_GIVEN,
        subject_id=act.entry.object_id,
        key=f"{act.entry.object_id}",
        bundle="actions",
        persons=recipients.of_action(session, action, clock.today()),
        body_id=action.body_id,
        doer=act.doer,
    )


def _status_act(session: Session, act: _Act) -> Occasion | None:
    project_id, entered = act.entry.object_id, act.entry.verb == "project.status.enter"
    today = clock.today()
    return Occasion(
        kind=Kind.STATUS_SUBMITTED if entered else Kind.STATUS_ANSWERED,
        subject_id=project_id,
        key=f"e{act.entry.id}",
        bundle="statuses",
        persons=frozenset() if entered else recipients.of_projects(session, [project_id], today),
        accounts=recipients.secretariats(session, None) if entered else frozenset(),
        detail=act.entry.verb.rpartition(".")[2],
        doer=act.doer,
    )


_VERBS: Mapping[str, Callable[[Session, _Act], Occasion | None]] = {
    "meeting.announce": _meeting_act(Kind.MEETING_ANNOUNCED),
    "meeting.move": _meeting_act(Kind.MEETING_MOVED),
    "meeting.cancel": _meeting_act(Kind.MEETING_CANCELLED),
    "agenda.release": _meeting_act(Kind.AGENDA_RELEASED),
    "agenda.supplement": _meeting_act(Kind.AGENDA_CHANGED),
    "minutes.submit": _minutes_act(Kind.MINUTES_REVIEW),
    "minutes.approve": _minutes_act(Kind.MINUTES_APPROVED),
    "minutes.object": _minutes_act(Kind.OBJECTION_RAISED),
    "minutes.answer": _minutes_act(Kind.OBJECTION_ANSWERED),
    "circular.start": _circular_act(Kind.CIRCULAR_OPENED),
    "circular.establish": _circular_act(Kind.CIRCULAR_RESULT),
    "circular.withdraw": _circular_act(Kind.CIRCULAR_RESULT),
    "action.give": _action_given,
    "action.number": _action_given,
    "action.change": _action_given,
    "project.status.enter": _status_act,
    "project.status.accept": _status_act,
    "project.status.reject": _status_act,
}
