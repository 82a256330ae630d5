"""What is carried from before: deferred items, backlog, registered topics, circulars, minutes; due or waiting."""

from collections.abc import Iterator
from dataclasses import dataclass

from app import clock, text
from app.agenda.models import ItemKind, Level, Outcome, SectionKey
from app.drafting.rules.words import day
from app.drafting.schemas import (
    BacklogEntry,
    DeferredItem,
    DraftInputs,
    EndedCircular,
    MeetingFacts,
    PendingMinutes,
    Reason,
    RegisteredTopic,
    Rule,
    Waiting,
)

LONGEST_TITLE = 500
LONGEST_TEXT = 4000
"""What an item takes as its title and its Anlass."""


@dataclass(frozen=True, slots=True)
class CarriedThing:
    """A carried thing that is due. ``mandatory``: it always stays; ``first``: it heads its section."""

    key: str
    title: str
    section: SectionKey
    kind: ItemKind
    minutes: int | None
    level: Level
    proposed_decision: str
    project_ids: tuple[int, ...]
    reason: Reason
    mandatory: bool = False
    first: bool = False
    grouped: bool = False
    presenter: str = ""
    text: str = ""


def named_projects(inputs: DraftInputs) -> frozenset[int]:
    """Projects that something carried names, due or not; not what the drafting of this meeting itself put away."""
    things = [item.project_ids for item in inputs.deferred if not item.grouped]
    things += [
        entry.project_ids
        for entry in inputs.backlog
        if not entry.grouped and entry.from_meeting_id != inputs.meeting.id
    ]
    things += [topic.project_ids for topic in inputs.registered]
    things += [circular.project_ids for circular in inputs.circulars if not circular.adopted]
    return frozenset(project_id for project_ids in things for project_id in project_ids)


def carried_things(inputs: DraftInputs) -> tuple[tuple[CarriedThing, ...], tuple[Waiting, ...]]:
    """What is due at this meeting, and what still waits and for what; both by key."""
    found = [*_deferred(inputs), *_backlog(inputs), *_registered(inputs), *_circulars(inputs), *_minutes(inputs)]
    due = sorted((thing for thing in found if isinstance(thing, CarriedThing)), key=lambda thing: thing.key)
    waiting = sorted((thing for thing in found if isinstance(thing, Waiting)), key=lambda thing: thing.key)
    return tuple(due), tuple(waiting)


def _deferred(inputs: DraftInputs) -> Iterator[CarriedThing | Waiting]:
    for item in inputs.deferred:
        key = f"item:{item.item_id}"
        waits = _waits_for(item, inputs.meeting)
        if waits:
            yield Waiting(key, item.title, waits)
        elif item.outcome in _DEFERRED:
            reason = Reason(Rule.ITEM_DEFERRED, _deferral(item), since=item.meeting_on)
            yield CarriedThing(
                key,
                item.title,
                item.section,
                item.kind,
                item.minutes,
                item.level,
                item.proposed_decision,
                item.project_ids,
                reason,
                mandatory=True,
                first=True,
                grouped=item.grouped,
                presenter=item.presenter,
                text=f"{item.occasion}\n{reason.text}." if item.occasion else "",
            )


_DEFERRED = (None, Outcome.ADJOURNED, Outcome.DEFERRED, Outcome.REFERRED, Outcome.NOT_REACHED)


def _waits_for(item: DeferredItem, meeting: MeetingFacts) -> str:
    """What a zurückgestellter or überwiesener item waits for; empty when it is due at *meeting*."""
    due = item.resume_on is not None and item.resume_on <= meeting.on
    if item.outcome is Outcome.DEFERRED and not due:
        until = f" bis {day(item.resume_on)}" if item.resume_on else ""
        return f"zurückgestellt{until}{_noted(item)}"
    reported = item.reported_on is not None and item.reported_on <= meeting.on
    if item.outcome is Outcome.REFERRED and not due and not reported:
        until = f", Wiedervorlage {day(item.resume_on)}" if item.resume_on else ""
        return f"überwiesen, Bericht steht aus{until}{_noted(item)}"
    return ""


def _deferral(item: DeferredItem) -> str:
    meeting = f"{item.meeting_label or 'Sitzung'} am {day(item.meeting_on)}"
    if item.outcome is None:
        return f"Stand auf der Tagesordnung der ausgefallenen {meeting}"
    if item.outcome is Outcome.NOT_REACHED:
        return f"In der {meeting} nicht behandelt{_noted(item)}"
    if item.outcome is Outcome.ADJOURNED:
        return f"Vertagt in der {meeting}{_noted(item)}"
    if item.outcome is Outcome.DEFERRED:
        return f"Zurückgestellt in der {meeting} bis {day(item.resume_on)}{_noted(item)}"
    report = f", Bericht vom {day(item.reported_on)}" if item.reported_on else f", Wiedervorlage {day(item.resume_on)}"
    return f"Überwiesen in der {meeting}{report}{_noted(item)}"


def _noted(item: DeferredItem) -> str:
    note = text.one_line(item.note).rstrip(".")
    return f": {note}" if note else ""


def _backlog(inputs: DraftInputs) -> Iterator[CarriedThing | Waiting]:
    for entry in inputs.backlog:
        if entry.from_meeting_id == inputs.meeting.id:
            continue
        key = f"topic:{entry.topic_id}"
        if entry.resume_on is not None and entry.resume_on > inputs.meeting.on:
            yield Waiting(key, entry.title, f"Wiedervorlage {day(entry.resume_on)}")
            continue
        yield CarriedThing(
            key,
            entry.title,
            entry.section,
            entry.kind,
            entry.minutes,
            entry.level,
            entry.proposed_decision,
            entry.project_ids,
            Reason(Rule.BACKLOG, _stored(entry), since=entry.stored_on),
            grouped=entry.grouped,
            presenter=entry.presenter,
            text=entry.occasion,
        )


def _stored(entry: BacklogEntry) -> str:
    why = text.one_line(entry.why).rstrip(".")
    return f"Im Themenspeicher seit {day(entry.stored_on)}" + (f": {why}" if why else "")


def _registered(inputs: DraftInputs) -> Iterator[CarriedThing | Waiting]:
    for topic in inputs.registered:
        key = f"registration:{topic.registration_id}"
        late = _late(topic, inputs.meeting)
        if late and not (topic.urgency and topic.chair_consented):
            missing = (
                "Eilbedarf und Einverständnis des Vorsitzes fehlen"
                if not topic.urgency
                else ("das Einverständnis des Vorsitzes fehlt")
            )
            yield Waiting(key, topic.title, f"nach Anmeldeschluss angemeldet, {missing}: nächste Sitzung")
            continue
        on = topic.registered_at.astimezone(clock.BERLIN).date()
        said = f"Angemeldet von {topic.by} am {day(on)}"
        if late:
            said += f", nach Anmeldeschluss {day(inputs.meeting.registration_closes_on)}; Eilbedarf: {topic.urgency}"
        yield CarriedThing(
            key,
            topic.title,
            topic.section,
            topic.kind,
            topic.minutes,
            topic.level,
            topic.proposed_decision,
            topic.project_ids,
            Reason(Rule.ITEM_REGISTERED, said, since=on),
            mandatory=True,
            presenter=topic.presenter,
            text=topic.occasion or f"Angemeldet von {topic.by}.",
        )


def _late(topic: RegisteredTopic, meeting: MeetingFacts) -> bool:
    closes_on = meeting.registration_closes_on
    return closes_on is not None and topic.registered_at >= clock.end_of_day(closes_on)


def _circulars(inputs: DraftInputs) -> Iterator[CarriedThing]:
    """A failed procedure brings its text; a resolution is only told, so the reasons of its projects stay with them."""
    for circular in inputs.circulars:
        rule, said = (Rule.CIRCULAR_DONE, _resolution) if circular.adopted else (Rule.CIRCULAR_FAILED, _failure)
        reason = Reason(rule, said(circular), since=circular.ended_on)
        before = circular.wording if circular.adopted else circular.grounds
        yield CarriedThing(
            f"circular:{circular.circular_id}",
            _clipped(f"Umlaufbeschluss {circular.number}: {circular.title}") if circular.adopted else circular.title,
            SectionKey.CONSENT if circular.adopted else SectionKey.DECISION,
            ItemKind.NOTE if circular.adopted else ItemKind.DECISION,
            None,
            circular.level,
            "" if circular.adopted else circular.wording,
            () if circular.adopted else circular.project_ids,
            reason,
            text=f"{reason.text}.\n{before}" if before and len(before) < LONGEST_TEXT else "",
        )


def _minutes(inputs: DraftInputs) -> Iterator[CarriedThing]:
    """Minutes that wait for their approval come onto every agenda until they have it, the oldest first."""
    for one in sorted(inputs.minutes, key=lambda one: (one.held_on, one.meeting_id)):
        reason = Reason(Rule.MINUTES_PENDING, _pending(one), since=one.held_on)
        yield CarriedThing(
            f"minutes:{one.meeting_id}",
            f"Genehmigung der Niederschrift der {one.label}",
            SectionKey.FORMALITIES,
            ItemKind.FORMALITY,
            None,
            Level.INTERNAL,
            "",
            (),
            reason,
            mandatory=True,
            text=f"{reason.text}.",
        )


def _pending(one: PendingMinutes) -> str:
    if one.until is None:
        return f"Niederschrift der {one.label} am {day(one.held_on)} noch nicht genehmigt, noch nicht versandt"
    return (
        f"Niederschrift der {one.label} am {day(one.held_on)} noch nicht genehmigt, Einwendungen bis {day(one.until)}"
    )


def _resolution(circular: EndedCircular) -> str:
    return f"Umlaufbeschluss {circular.number} vom {day(circular.ended_on)}: {_noted_of(circular)}"


def _failure(circular: EndedCircular) -> str:
    return f"Umlaufverfahren bis {day(circular.ended_on)} gescheitert: {_noted_of(circular)}"


def _noted_of(circular: EndedCircular) -> str:
    return text.one_line(circular.note).rstrip(".")


def _clipped(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1].rstrip()}…"
