"""Topic registration (TOP-Anmeldung): register, change, withdraw; the chair's consent; declining with an answer."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col

from app import clock
from app.actor import Actor, Role, system
from app.agenda.models import (
    Proposal,
    ProposalState,
    Registration,
    RegistrationProject,
    RegistrationState,
    Topic,
    TopicProject,
)
from app.agenda.queries.registrations import (
    eligible_bodies,
    find_wanted_meeting,
    list_wanted_meetings,
    lock_registration,
    open_proposals_of,
    projects_of_registrations,
    registration_deadline,
    registration_deadlines,
    seat_words,
)
from app.agenda.rules import registrations as rules
from app.agenda.rules import words
from app.agenda.rules.reasons import marked_gone
from app.agenda.schemas.wishes import ConsentIn, DeclineIn, RegistrationChange, RegistrationIn
from app.agenda.service.items import require_known_projects, require_resumption
from app.agenda.service.papers import keep_registered_papers
from app.agenda.service.registered import decline_registrations, reach_of
from app.db import ident
from app.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.history.service import record, snapshot
from app.meetings.models import Meeting
from app.revisions.schemas import Desk, TextHolder
from app.revisions.service import close_texts, note_change

TEXTS = ("title", "section", "kind", "minutes", "presenter", "occasion", "proposed_decision", "level")
SHOWN = (*TEXTS, "meeting_id", "papers_follow", "papers_on", "urgency", "state")
CONSENT = ("consent_by", "consent_on", "consent_how")
LABELS = {"occasion": "Begründung", "proposed_decision": "Beschlussvorschlag", "urgency": "Eilbedarf"}
"""The long texts of a registration, saved while they are written."""
CONSENTED_TO = ("title", "occasion", "proposed_decision", "urgency")
"""What the chair was asked about, with the projects: consent does not reach further."""


class RegistrationTexts(TextHolder):
    """A locked registration as the holder of its long texts; proposals that nobody edited say the same."""

    kind = str(Registration.__tablename__)
    labels = LABELS
    shape = RegistrationChange

    def __init__(self, session: Session, registration: Registration) -> None:
        self._session, self._registration = session, registration

    @property
    def object_id(self) -> int:
        """The registration's id."""
        return ident(self._registration)

    @property
    def version(self) -> int:
        """The registration's version."""
        return self._registration.version

    def stored(self, field: str) -> str:
        """What stands in one of its fields now."""
        return str(getattr(self._registration, field))

    def checked(self, field: str, text: str) -> str:
        """*text* as it would be stored; Invalid also where a late topic would lose its Eilbedarf."""
        content, chosen = super().checked(field, text), self._registration.meeting_id
        if field == "urgency":
            meeting = self._session.get(Meeting, chosen) if chosen else None
            _require_urgency(self._session, meeting, content, self._registration.chosen_at)
        return content

    def write(self, actor: Actor, field: str, content: str) -> None:
        """Store the text; the registration gets a new version."""
        setattr(self._registration, field, content)
        _store(self._session, actor, self._registration)

    def record(self, actor: Actor, field: str, before: str, after: str, *, reason: str = "") -> None:
        """A finished stretch of writing enters the history as its writer's."""
        record(
            self._session,
            actor,
            "registration.change",
            self._registration,
            before={field: before},
            after={field: after},
            label=self._registration.title,
            reason=reason,
            body_id=self._registration.body_id,
            reach=reach_of(self._registration.level),
        )


def registration_desk(session: Session, actor: Actor, registration: Registration) -> Desk:
    """Where a received topic is written, by who registered it and by the secretariat.

    With the chair's consent its registrant sends the form: the consent was for what was told then.
    """

    def require_present() -> None:
        if not rules.is_own(actor, registration) and not rules.runs(actor, registration):
            raise Forbidden()

    def require_writer() -> None:
        require_present()
        rules.require_received(registration)
        if registration.consent_by and not rules.may_consent(actor, registration):
            raise Refused(
                "Das Einverständnis des Vorsitzes gilt dem bisherigen Text. Wenn Sie ihn ändern möchten, "
                "speichern Sie die Anmeldung; dann wird der Vorsitz noch einmal gefragt."
            )

    return Desk(
        holder=RegistrationTexts(session, registration),
        title=registration.title,
        require_present=require_present,
        require_writer=require_writer,
    )


def load_registration_texts(session: Session, registration_id: int) -> RegistrationTexts | None:
    """The texts of a registration for the worker, locked; None if it is gone."""
    try:
        return RegistrationTexts(session, lock_registration(session, system(clock.today()), registration_id))
    except NotFound:
        return None


def register_topic(session: Session, actor: Actor, wish: RegistrationIn) -> Registration:
    """Register a topic for a seat that the actor acts for, or for projects that the actor leads.

    Invalid where the deadline is over and no Eilbedarf is given. The secretariat may register for every seat.
    """
    if not rules.may_register(actor):
        raise Forbidden()
    if wish.body not in eligible_bodies(session, actor):
        raise NotFound()
    by = _registrant(session, actor, wish)
    _require_projects(session, actor, wish.body, wish.seat, wish.projects)
    meeting = find_wanted_meeting(session, actor, wish.body, wish.meeting) if wish.meeting else None
    now = clock.now()
    _require_urgency(session, meeting, wish.urgency, now)
    _require_papers(wish.papers_follow, wish.papers_on)
    registration = Registration(
        body_id=wish.body,
        meeting_id=meeting.id if meeting else None,
        seat_id=wish.seat,
        person_id=actor.person_id,
        by=by,
        kind=wish.kind or words.USUAL_KIND[wish.section],
        registered_at=now,
        chosen_at=now,
        changed_at=now,
        changed_by=actor.name,
        **wish.model_dump(exclude={"body", "meeting", "seat", "kind", "projects"}),
    )
    session.add(registration)
    session.flush()
    _link(session, registration, wish.projects)
    _record(session, actor, "registration.create", registration, {})
    return registration


def change_registration(
    session: Session, actor: Actor, registration: Registration, wish: RegistrationChange, *, base_version: int
) -> Registration:
    """Change a received topic, locked by the caller and seen at *base_version*; another meeting counts from now.

    The chair consented to what was told then: who registered the topic and tells something else asks again.
    Open proposals that were drafted from it and that nobody edited say the same from now on, and those that needed
    this consent vanish.
    """
    if not rules.is_own(actor, registration) and not rules.runs(actor, registration):
        raise Forbidden()
    rules.require_received(registration)
    linked = _linked(session, registration)
    if registration.version != base_version:
        raise Stale({**current_registration(registration), "projects": linked})
    given = wish.model_dump(exclude_unset=True)
    before = {**snapshot(registration, *SHOWN), "projects": linked}
    texts = [name for name in LABELS if given.get(name) not in (None, before[name])]
    close_texts(session, RegistrationTexts(session, registration), fields=texts, actor=actor)
    meeting = _chosen(session, actor, registration, given)
    wanted = linked if wish.projects is None else list(dict.fromkeys(wish.projects))
    _require_projects(session, actor, registration.body_id, registration.seat_id, wanted, known=linked)
    for name, value in given.items():
        if name not in ("projects", "meeting") and (value is not None or name in ("minutes", "papers_on")):
            setattr(registration, name, value)
    _require_urgency(session, meeting, registration.urgency, registration.chosen_at)
    _require_papers(registration.papers_follow, registration.papers_on)
    if {**snapshot(registration, *SHOWN), "projects": wanted} == before:
        return registration
    if wanted != linked:
        _link(session, registration, wanted)
    told = {**snapshot(registration, *CONSENTED_TO), "projects": wanted}
    if not rules.may_consent(actor, registration) and any(told[name] != before[name] for name in told):
        _forget_consent(registration)
    _store(session, actor, registration)
    for name in texts:
        note_change(session, actor, RegistrationTexts(session, registration), name, before[name])
    _record(session, actor, "registration.change", registration, before)
    return registration


def withdraw_registration(session: Session, actor: Actor, registration: Registration) -> Registration:
    """The registrant takes a received topic back; its open proposals have lost their reason."""
    if not rules.is_own(actor, registration) and not rules.runs(actor, registration):
        raise Forbidden()
    rules.require_received(registration)
    before = snapshot(registration, *SHOWN)
    registration.state = RegistrationState.WITHDRAWN
    registration.changed_at, registration.changed_by = clock.now(), actor.name
    session.add(registration)
    for proposal in open_proposals_of(session, ident(registration)):
        _let_vanish(session, proposal)
    _record(session, actor, "registration.withdraw", registration, before)
    return registration


def record_consent(session: Session, actor: Actor, registration: Registration, wish: ConsentIn) -> Registration:
    """Keep the chair's consent to a late topic, given by the chair or its office or known to the secretariat."""
    if not rules.may_consent(actor, registration):
        raise Forbidden()
    rules.require_received(registration)
    if not is_late(session, registration):
        raise Refused("Diese Anmeldung kam rechtzeitig; das Einverständnis des Vorsitzes ist nicht nötig.")
    if wish.consent_on > clock.today():
        raise Invalid({"consent_on": "Das Einverständnis kann nicht in der Zukunft liegen."})
    before = snapshot(registration, *CONSENT)
    for name in CONSENT:
        setattr(registration, name, getattr(wish, name))
    session.add(registration)
    record(
        session,
        actor,
        "registration.consent",
        registration,
        before=before,
        after=snapshot(registration, *CONSENT),
        label=registration.title,
        body_id=registration.body_id,
        reach=reach_of(registration.level),
    )
    return registration


def decline_registration(session: Session, actor: Actor, registration: Registration, wish: DeclineIn) -> Topic:
    """The received topic is not taken up: it goes into the backlog, and those who registered it are told why."""
    if not rules.runs(actor, registration):
        raise Forbidden()
    rules.require_received(registration)
    require_resumption(wish.resume_on)
    topic = Topic(
        body_id=registration.body_id,
        key=f"registration:{registration.id}",
        why=wish.reason,
        resume_on=wish.resume_on,
        created_at=clock.now(),
        created_by=actor.name,
        **{name: getattr(registration, name) for name in TEXTS if name != "minutes"},
        minutes=registration.minutes or 0,
    )
    session.add(topic)
    session.flush()
    session.add_all(
        TopicProject(topic_id=ident(topic), project_id=project_id, position=place)
        for place, project_id in enumerate(_linked(session, registration), 1)
    )
    for proposal in open_proposals_of(session, ident(registration)):
        proposal.state, proposal.reject_reason, proposal.topic_id = ProposalState.REJECTED, wish.reason, ident(topic)
        session.add(proposal)
    decline_registrations(session, actor, [registration], wish.told)
    keep_registered_papers(session, actor, [registration], topic)
    return topic


def is_late(session: Session, registration: Registration) -> bool:
    """Whether it came after the deadline of the meeting it wants; without a meeting it never is."""
    if registration.meeting_id is None:
        return False
    return rules.is_late(registration.chosen_at, registration_deadline(session, registration.meeting_id))


def default_meeting(session: Session, actor: Actor, body_id: int) -> Meeting | None:
    """The next meeting that the actor knows of and whose deadline for registering is still open; None if none is."""
    now = clock.now()
    for meeting, closes_on in list_wanted_meetings(session, actor, body_id):
        if not rules.is_late(now, closes_on):
            return meeting
    return None


def current_registration(registration: Registration) -> dict[str, Any]:
    """The present state of a registration as plain values."""
    return {"id": registration.id, "version": registration.version, **snapshot(registration, *SHOWN)}


def _registrant(session: Session, actor: Actor, wish: RegistrationIn) -> str:
    """Who registers, in words: the institution of the seat (with the office's "im Auftrag"), or the project lead."""
    if wish.seat is None:
        if not actor.lead_project_ids or not wish.projects:
            raise Invalid(
                {"seat": "Bitte wählen Sie den Sitz, für den Sie anmelden, oder ein Projekt, das Sie leiten."}
            )
        return f"Projektleitung {actor.name}"
    own = next((seat for seat in actor.seats if seat.seat_id == wish.seat and seat.body_id == wish.body), None)
    name = seat_words(session, wish.body, wish.seat, clock.today())
    if own is None and (name is None or not actor.has(Role.SECRETARIAT, wish.body)):
        raise Invalid({"seat": "Bitte wählen Sie einen Sitz, für den Sie handeln."})
    if own is None:
        return f"{name}, eingetragen durch die Geschäftsstelle"
    return f"{name}, im Auftrag" if own.office else name or ""


def _require_projects(
    session: Session,
    actor: Actor,
    body_id: int,
    seat_id: int | None,
    project_ids: Sequence[int],
    *,
    known: Sequence[int] = (),
) -> None:
    fresh = [one for one in project_ids if one not in known]
    if seat_id is None and not actor.has(Role.SECRETARIAT, body_id):
        if not project_ids:
            raise Invalid({"projects": "Bitte nennen Sie mindestens ein Projekt, das Sie leiten."})
        if not set(fresh) <= actor.lead_project_ids:
            raise Invalid({"projects": "Bitte nennen Sie nur Projekte, die Sie leiten."})
    require_known_projects(session, body_id, fresh)


def _require_urgency(session: Session, meeting: Meeting | None, urgency: str, chosen_at: Any) -> None:
    if meeting is None or urgency:
        return
    closes_on = registration_deadline(session, ident(meeting))
    if closes_on is not None and rules.is_late(chosen_at, closes_on):
        raise Invalid({"urgency": rules.deadline_sentence(closes_on)})


def _require_papers(follow: bool, on: Any) -> None:
    if follow and on is None:
        raise Invalid({"papers_on": "Bitte geben Sie an, bis wann die Unterlagen folgen."})
    if on is not None and on < clock.today():
        raise Invalid({"papers_on": "Dieser Tag liegt in der Vergangenheit."})


def _chosen(session: Session, actor: Actor, registration: Registration, given: dict[str, Any]) -> Meeting | None:
    """The wanted meeting after a change; choosing another one counts from now, and consent was for the old one."""
    meeting_id = given.get("meeting", registration.meeting_id)
    if meeting_id == registration.meeting_id:
        return session.get(Meeting, meeting_id) if meeting_id else None
    meeting = find_wanted_meeting(session, actor, registration.body_id, meeting_id) if meeting_id else None
    registration.meeting_id, registration.chosen_at = meeting_id, clock.now()
    _forget_consent(registration)
    return meeting


def _forget_consent(registration: Registration) -> None:
    registration.consent_by, registration.consent_on, registration.consent_how = "", None, ""


def _store(session: Session, actor: Actor, registration: Registration) -> None:
    registration.changed_at, registration.changed_by = clock.now(), actor.name
    flag_modified(registration, "changed_at")
    session.add(registration)
    session.flush()
    _tell_proposals(session, registration)


def _tell_proposals(session: Session, registration: Registration) -> None:
    """What was drafted before and may not come any more (without the chair's consent) does not wait to be accepted."""
    proposals: list[Proposal] = open_proposals_of(session, ident(registration))
    wanted = session.get(Meeting, registration.meeting_id) if registration.meeting_id else None
    meetings = {one.meeting_id for one in proposals} | {registration.meeting_id or 0}
    closes_on = registration_deadlines(session, meetings) if proposals else {}
    for proposal in proposals:
        meeting = session.get_one(Meeting, proposal.meeting_id)
        if not rules.may_come(registration, meeting, wanted, closes_on):
            _let_vanish(session, proposal)
        if proposal.edited:
            continue
        for name in ("title", "kind", "presenter", "occasion", "proposed_decision", "level"):
            setattr(proposal, name, getattr(registration, name))
        session.add(proposal)


def _let_vanish(session: Session, proposal: Proposal) -> None:
    proposal.state, proposal.fits, proposal.score = ProposalState.VANISHED, False, 0
    proposal.reasons = marked_gone(proposal.reasons)
    session.add(proposal)


def _linked(session: Session, registration: Registration) -> list[int]:
    found = projects_of_registrations(session, [ident(registration)]).get(ident(registration), [])
    return [link.project_id for link in found]


def _link(session: Session, registration: Registration, project_ids: Sequence[int]) -> None:
    session.execute(delete(RegistrationProject).where(col(RegistrationProject.registration_id) == ident(registration)))
    session.add_all(
        RegistrationProject(registration_id=ident(registration), project_id=project_id, position=place)
        for place, project_id in enumerate(dict.fromkeys(project_ids), 1)
    )


def _record(session: Session, actor: Actor, verb: str, registration: Registration, before: dict[str, Any]) -> None:
    after: dict[str, Any] = snapshot(registration, *SHOWN)
    if "projects" in before:
        after["projects"] = _linked(session, registration)
    record(
        session,
        actor,
        verb,
        registration,
        before=before,
        after=after,
        label=registration.title,
        body_id=registration.body_id,
        reach=reach_of(registration.level),
    )
