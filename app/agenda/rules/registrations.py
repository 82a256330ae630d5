"""Registered topics: who may register and change them, when one is late, and for which meeting it counts."""

import datetime as dt
from collections.abc import Mapping

from app import clock, text
from app.actor import Actor, Role
from app.agenda.models import Registration, RegistrationState
from app.errors import Refused
from app.meetings.models import Meeting, MeetingState
from app.meetings.rules.life import PREPARING

STATE_WORDS: Mapping[RegistrationState, str] = {
    RegistrationState.RECEIVED: "eingegangen",
    RegistrationState.PLANNED: "vorgesehen",
    RegistrationState.DECLINED: "nicht vorgesehen",
    RegistrationState.WITHDRAWN: "zurückgezogen",
}

OPEN_FOR_TOPICS = (*PREPARING, MeetingState.RELEASED)
"""The states of a meeting for which topics may be registered; after the release only late ones, for a Nachtrag."""


def may_register(actor: Actor) -> bool:
    """Whether the actor registers topics: for a seat (member, deputy, office), for led projects, or as secretariat."""
    return bool(actor.seats or actor.lead_project_ids) or actor.is_secretariat


def is_own(actor: Actor, registration: Registration) -> bool:
    """Whether the actor stands behind the registration: holds its seat, or registered it for led projects."""
    if registration.seat_id is not None:
        return any(seat.seat_id == registration.seat_id for seat in actor.seats)
    return actor.person_id is not None and actor.person_id == registration.person_id


def runs(actor: Actor, registration: Registration) -> bool:
    """Whether the actor decides about the registration: the body's secretariat."""
    return actor.has(Role.SECRETARIAT, registration.body_id)


def may_consent(actor: Actor, registration: Registration) -> bool:
    """Whether the actor may record the chair's consent: the chair and its office, or the secretariat who has it."""
    return runs(actor, registration) or any(seat.chair and seat.body_id == registration.body_id for seat in actor.seats)


def require_received(registration: Registration) -> None:
    """Refuse a change of what the secretariat has already decided, or what was withdrawn."""
    if registration.state is not RegistrationState.RECEIVED:
        raise Refused(
            f"Diese Anmeldung ist {STATE_WORDS[registration.state]} und wird nicht mehr geändert. "
            "Bitte wenden Sie sich an die Geschäftsstelle."
        )


def is_late(chosen_at: dt.datetime, closes_on: dt.date | None) -> bool:
    """Whether a topic came after 24:00 (Europe/Berlin) of the last day; a meeting without deadline has none late."""
    return closes_on is not None and chosen_at >= clock.end_of_day(closes_on)


def waits_for_papers(registration: Registration) -> bool:
    """Whether announced papers are still a matter: not of what was declined or withdrawn."""
    alive = registration.state in (RegistrationState.RECEIVED, RegistrationState.PLANNED)
    return registration.papers_follow and alive


def takes_papers(chosen_at: dt.datetime, closes_on: dt.date | None, now: dt.datetime) -> bool:
    """Whether who registered a topic may still add papers: until 24:00 (Europe/Berlin) of the Unterlagenschluss.

    A topic that was registered after it (Eilbedarf) brings its papers until it is decided. Source: domain §5, deadline
    "papers"; that late topics keep their way open is our own definition.
    """
    return not is_late(now, closes_on) or is_late(chosen_at, closes_on)


def is_allowed(registration: Registration) -> bool:
    """Whether a late topic may come all the same: Eilbedarf and the chair's consent."""
    return bool(registration.urgency and registration.consent_by)


def counts_for(
    registration: Registration, meeting: Meeting, wanted: Meeting | None, wanted_closes_on: dt.date | None
) -> bool:
    """Whether a received topic is a matter of *meeting*: the wanted one, or the next where that one is over for it.

    It is over when it was held, cancelled or released without the topic, or when the topic came too late for it.
    """
    if wanted is None or wanted.id == meeting.id:
        return True
    if wanted.starts_at >= meeting.starts_at:
        return wanted.state is MeetingState.CANCELLED
    late = is_late(registration.chosen_at, wanted_closes_on)
    return wanted.state not in PREPARING or (late and not is_allowed(registration))


def may_come(
    registration: Registration, meeting: Meeting, wanted: Meeting | None, closes_on: Mapping[int, dt.date]
) -> bool:
    """Whether *meeting* may take up a received topic: its matter, and in time, or late with the chair's consent for it.

    *closes_on*: the last days for registering of both meetings, by meeting.
    """
    consented = is_allowed(registration) and registration.meeting_id in (None, meeting.id)
    if is_late(registration.chosen_at, closes_on.get(meeting.id or 0)) and not consented:
        return False
    return counts_for(registration, meeting, wanted, closes_on.get(registration.meeting_id or 0))


def deadline_sentence(closes_on: dt.date) -> str:
    """What is said at a meeting whose deadline is over."""
    return (
        f"Der Anmeldeschluss war am {text.date(closes_on)}, 24 Uhr. Bitte begründen Sie den Eilbedarf, "
        "oder wählen Sie eine spätere Sitzung."
    )
