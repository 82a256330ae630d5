"""What a supplement changed, in German words: a pure comparison of two versions of the same edition (domain §5)."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from app import text
from app.agenda.models import ItemKind, Level
from app.agenda.rules.words import KIND_WORDS, LEVEL_WORDS
from app.agenda.schemas.changes import ChangeKind, ChangesValues, FrozenChange
from app.agenda.schemas.frozen import (
    AgendaValues,
    FrozenItem,
    FrozenMeeting,
    FrozenPaper,
    FrozenProject,
    FrozenSection,
    Mark,
)
from app.clock import BERLIN
from app.projects.models import Light

LIGHT_WORDS: Mapping[Light | None, str] = {
    Light.GREEN: "grün",
    Light.YELLOW: "gelb",
    Light.RED: "rot",
    None: "keine Meldung",
}
MARK_WORDS: Mapping[Mark, str] = {
    Mark.NONE: "",
    Mark.NEW: "neu",
    Mark.CHANGED: "geändert",
    Mark.WITHDRAWN: "abgesetzt",
}


def changes_between(old: AgendaValues, new: AgendaValues) -> tuple[FrozenChange, ...]:
    """Every change that the readers of one edition see, the meeting first, then items in the new order.

    An item that this edition no longer holds has become confidential: of that it says nothing. Clock times that follow
    from minutes and order are not listed.
    """
    found = list(_meeting_changes(old, new))
    before = {item.id: (section, item) for section in old.sections for item in section.items}
    for section in new.sections:
        for item in section.items:
            if item.id in before:
                found += _item_changes(*before[item.id], section, item)
            elif not item.withdrawn:
                kind = f"{KIND_WORDS[item.kind]}{f', {item.minutes} Min.' if item.minutes else ''}"
                found.append(_of(item, ChangeKind.NEW, words=f"neu ({kind})"))
        found += _order_changes(old, section)
    return tuple(found)


def changes_values(old: AgendaValues, new: AgendaValues) -> ChangesValues:
    """The sheet of changes from *old* to *new*, of their edition."""
    return ChangesValues(
        demo=new.demo,
        body=new.body,
        meeting=new.meeting,
        before_version=old.version,
        version=new.version,
        edition=new.edition,
        guest=new.guest,
        released_at=new.released_at,
        approval=new.approval,
        reason=new.supplement_reason,
        reference=new.reference,
        letterhead=new.letterhead,
        sender=new.sender,
        changes=changes_between(old, new),
    )


def marked(old: AgendaValues, new: AgendaValues) -> AgendaValues:
    """*new* with every item marked that is new, changed or withdrawn against *old*."""
    marks: dict[int, Mark] = {}
    for change in changes_between(old, new):
        if change.item_id is not None:
            marks.setdefault(change.item_id, _MARKS.get(change.kind, Mark.CHANGED))
    sections = tuple(
        section.model_copy(
            update={
                "items": tuple(
                    item.model_copy(update={"mark": marks.get(item.id, Mark.NONE)}) for item in section.items
                )
            }
        )
        for section in new.sections
    )
    return new.model_copy(update={"sections": sections})


def sentence(change: FrozenChange) -> str:
    """TOP 3.2 neu (Beratung, 10 Min.): Titel / TOP 5.1: 10 → 15 Min. / Ort: Rotes Rathaus → Wappensaal"""
    if change.kind in (ChangeKind.NEW, ChangeKind.WITHDRAWN, ChangeKind.REINSTATED):
        return f"TOP {change.number} {change.words}: {change.title}"
    named = f"{change.label} geändert" if change.before or change.after else change.words
    if change.number:
        return f"TOP {change.number}: {named}"
    return f"{change.label}: {change.words}" if change.label and change.words else named


_MARKS = {ChangeKind.NEW: Mark.NEW, ChangeKind.WITHDRAWN: Mark.WITHDRAWN}


def _meeting_changes(old: AgendaValues, new: AgendaValues) -> Iterator[FrozenChange]:
    one, other = old.meeting, new.meeting
    facts = [
        ("Termin", _when(one), _when(other)),
        ("Ort", one.place, other.place),
        ("Schwerpunktthema", one.main_topic, other.main_topic),
        ("Dauer", f"{old.length_minutes} Min.", f"{new.length_minutes} Min."),
        ("Stichtag der Projektstände", _day(old.as_of), _day(new.as_of)),
    ]
    for label, before, after in facts:
        if before != after:
            yield FrozenChange(kind=ChangeKind.MEETING, label=label, words=_arrow(before, after))
    if one.entry != other.entry:
        yield FrozenChange(kind=ChangeKind.MEETING, label="Hinweise zum Einlass", before=one.entry, after=other.entry)
    for words in _paper_changes(old.papers, new.papers):
        yield FrozenChange(kind=ChangeKind.MEETING, label="Unterlagen der Sitzung", words=words)


def _item_changes(
    was_in: FrozenSection, old: FrozenItem, is_in: FrozenSection, new: FrozenItem
) -> Iterator[FrozenChange]:
    if new.withdrawn:
        if not old.withdrawn:
            reason = f" ({new.withdrawn_reason})" if new.withdrawn_reason else ""
            yield _of(new, ChangeKind.WITHDRAWN, words=f"abgesetzt{reason}")
        return
    if old.withdrawn:
        yield _of(new, ChangeKind.REINSTATED, words="wieder aufgenommen")
    for label, before, after in _lines(was_in, old, is_in, new):
        if before != after:
            label_of = label if label != "Minuten" else ""
            said = _arrow(before, after)
            yield _of(new, ChangeKind.CHANGED, label=label_of, words=f"{label_of}: {said}" if label_of else said)
    for words in (
        *_project_changes(old.projects, new.projects),
        *_paper_changes(old.papers, new.papers),
        *_guest_changes(old, new),
    ):
        yield _of(new, ChangeKind.CHANGED, words=words)
    for label, before, after in (
        ("Anlass", old.occasion, new.occasion),
        ("Beschlussvorschlag", old.proposed_decision, new.proposed_decision),
    ):
        if before != after:
            yield _of(new, ChangeKind.CHANGED, label=label, before=before, after=after)


def _lines(
    was_in: FrozenSection, old: FrozenItem, is_in: FrozenSection, new: FrozenItem
) -> tuple[tuple[str, str, str], ...]:
    """The short fields of an item as (label, before, after)."""
    return (
        ("Titel", _quoted(old.title), _quoted(new.title)),
        ("Abschnitt", *_sections(was_in, is_in)),
        ("Art", _kind(old.kind), _kind(new.kind)),
        ("Minuten", *_minutes(old.minutes, new.minutes)),
        ("Berichterstattung", old.presenter, new.presenter),
        ("Vertraulichkeit", _level(old.level), _level(new.level)),
    )


def _sections(was_in: FrozenSection, is_in: FrozenSection) -> tuple[str, str]:
    same = was_in.key == is_in.key
    return ("", "") if same else (f"{was_in.number} {was_in.title}", f"{is_in.number} {is_in.title}")


def _minutes(old: int, new: int) -> tuple[str, str]:
    return (str(old), f"{new} Min.") if old != new else ("", "")


def _project_changes(old: Sequence[FrozenProject], new: Sequence[FrozenProject]) -> Iterator[str]:
    before, after = {one.id: one for one in old}, {one.id: one for one in new}
    for one in new:
        then = before.get(one.id)
        if then is None:
            yield f"Projekt {one.code} aufgenommen"
        elif then.light != one.light:
            yield f"Ampel von {one.code}: {LIGHT_WORDS[then.light]} → {LIGHT_WORDS[one.light]}"
        elif (then.phase, then.as_of) != (one.phase, one.as_of):
            yield f"Stand von {one.code}: {_day(then.as_of)} → {_day(one.as_of)}"
    for one in old:
        if one.id not in after:
            yield f"Projekt {one.code} gestrichen"


def _paper_changes(old: Sequence[FrozenPaper], new: Sequence[FrozenPaper]) -> Iterator[str]:
    before, after = {one.id: one for one in old}, {one.id: one for one in new}
    for one in new:
        then = before.get(one.id)
        if then is None:
            yield f"Unterlage neu: {one.title}"
        elif then.hash != one.hash:
            yield f"Unterlage in Version {one.version}: {one.title}"
        elif then.title != one.title:
            yield f"Unterlage umbenannt: {_arrow(then.title, one.title)}"
    for one in old:
        if one.id not in after:
            yield f"Unterlage zurückgezogen: {one.title}"


def _guest_changes(old: FrozenItem, new: FrozenItem) -> Iterator[str]:
    before, after = ([one.name for one in item.guests] for item in (old, new))
    for name in after:
        if name not in before:
            yield f"Gast neu: {name}"
    for name in before:
        if name not in after:
            yield f"Gast nicht mehr geladen: {name}"


def _order_changes(old: AgendaValues, section: FrozenSection) -> Iterator[FrozenChange]:
    """Whether items that stood in the section before now stand in another order."""
    before = next(([item.id for item in one.items] for one in old.sections if one.key == section.key), [])
    numbers = {item.id: item.number for item in section.items}
    was = [one for one in before if one in numbers]
    now = [item.id for item in section.items if item.id in was]
    if was != now:
        order = ", ".join(numbers[one] for one in now)
        yield FrozenChange(
            kind=ChangeKind.ORDER, label=f"Reihenfolge in {section.number} {section.title}", words=f"TOP {order}"
        )


def _of(item: FrozenItem, kind: ChangeKind, **said: str) -> FrozenChange:
    return FrozenChange(kind=kind, item_id=item.id, number=item.number, title=item.title, **said)


def _arrow(before: str, after: str) -> str:
    return f"{before or '(leer)'} → {after or '(leer)'}"


def _quoted(words: str) -> str:
    return f"„{words}“"


def _kind(kind: ItemKind) -> str:
    return KIND_WORDS[kind]


def _level(level: Level) -> str:
    return LEVEL_WORDS[level]


def _when(meeting: FrozenMeeting) -> str:
    day = meeting.starts_at.astimezone(BERLIN).date()
    if day != meeting.ends_at.astimezone(BERLIN).date():
        return text.span(meeting.starts_at, meeting.ends_at)
    return f"{text.weekday_date(day)}, {text.span(meeting.starts_at, meeting.ends_at)}"


def _day(day: dt.date | None) -> str:
    return text.date(day) if day is not None else ""
