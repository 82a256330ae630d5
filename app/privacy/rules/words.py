"""How stored values of a fixed choice are told in German: the words that the subjects use on their own pages."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from app import visibility
from app.actions.rules import words as actions
from app.agenda.rules import outcomes, proposals, registrations
from app.agenda.rules import words as agenda
from app.attendance.rules import words as attendance
from app.bodies import rules as bodies
from app.bodies.importing import columns as seats
from app.circulars.rules import words as circulars
from app.decisions.rules import following
from app.decisions.rules import words as decisions
from app.invitations.models import DispatchMethod
from app.invitations.rules import words as invitations
from app.meetings.rules import life as meetings
from app.minutes.rules import life as minutes
from app.notices.models import NoticeState
from app.notices.rules import kinds as notices
from app.outbox import rules as outbox
from app.papers.rules import words as papers
from app.people import rules as people
from app.people.models import SignInEventKind
from app.projects.rules import words as projects

EVENT_WORDS: Mapping[SignInEventKind, str] = {
    SignInEventKind.SIGNED_IN: "Angemeldet",
    SignInEventKind.SIGNED_OUT: "Abgemeldet",
    SignInEventKind.FAILED: "Anmeldung fehlgeschlagen",
    SignInEventKind.LOCKED: "Wartezeit nach Fehlversuchen",
}
_METHODS: Mapping[DispatchMethod, str] = {DispatchMethod.REQUEST: "Einladung", DispatchMethod.CANCEL: "Absage"}
_NOTICES: Mapping[NoticeState, str] = {
    NoticeState.WAITING: "wartet",
    NoticeState.SENT: "gesendet",
    NoticeState.LISTED: "nur auf der Übersicht",
    NoticeState.DROPPED: "entfallen",
}
_TABLES: tuple[Mapping[Any, str], ...] = (
    actions.STATE_WORDS,
    outcomes.WORDS,
    proposals.STATE_WORDS,
    registrations.STATE_WORDS,
    agenda.KIND_WORDS,
    agenda.GUEST_WORDS,
    agenda.EDITION_WORDS,
    agenda.WAY_WORDS,
    agenda.TOPIC_WORDS,
    agenda.SECTION_WORDS,
    attendance.ANSWER_WORDS,
    attendance.PRESENCE_WORDS,
    bodies.ADDRESS_WORDS,
    seats.ROLE_WORDS,
    circulars.STATE_WORDS,
    circulars.VOTE_WORDS,
    circulars.ROLE_WORDS,
    following.WORDS,
    decisions.TAKING_WORDS,
    decisions.VERB_WORDS,
    _METHODS,
    invitations.ROLE_WORDS,
    invitations.WAY_WORDS,
    invitations.OUTCOME_WORDS,
    meetings.STATE_WORDS,
    minutes.STATE_WORDS,
    minutes.OBJECTION_WORDS,
    minutes.WAY_WORDS,
    _NOTICES,
    notices.WAY_WORDS,
    outbox.STATE_WORDS,
    papers.PAPER_KINDS,
    people.ROLE_WORDS,
    people.KIND_WORDS,
    projects.LIGHTS,
    projects.PHASES,
    projects.STATES,
    projects.SOURCES,
    visibility.LEVEL_WORDS,
    EVENT_WORDS,
)
_WORDS = {(type(value), value): words for table in _TABLES for value, words in table.items()}


def words_of(value: Enum) -> str:
    """The German word of a stored value; the value itself where no page has a word for it."""
    return _WORDS.get((type(value), value), str(value.value))
