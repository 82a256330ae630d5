"""Minutes and their addenda: frozen values in, a PDF of one edition out."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from app import text
from app.agenda.models import Edition, Level
from app.agenda.rules.outcomes import WORDS as OUTCOME_WORDS
from app.agenda.rules.words import EDITION_WORDS, KIND_WORDS
from app.agenda.schemas.frozen import FrozenBody, FrozenMeeting, hash_values
from app.attendance.models import PresenceRole
from app.attendance.rules.words import PRESENCE_WORDS
from app.clock import BERLIN
from app.decisions.models import Taking
from app.decisions.rules.words import PROVISIONAL, VERB_WORDS, votes_sentence
from app.documents import pdf
from app.documents.agenda import Clause, Project, clauses_of
from app.documents.layout import DEMO, LIGHTS, Frame, checksum, clipped, run_of, typeset
from app.markdown import prose_html
from app.minutes.models import MinutesState
from app.minutes.schemas.frozen import (
    AddendumValues,
    Attended,
    FrozenAction,
    FrozenClause,
    FrozenDecision,
    MinutesItem,
    MinutesSection,
    MinutesValues,
    SeatLine,
    write_minutes,
)
from app.templating import render

EDITION_NOTES: Mapping[Edition, str] = {
    Edition.NON_CONFIDENTIAL: "Diese Fassung enthält keine vertraulichen Punkte, Beschlüsse und Aufträge.",
    Edition.PUBLIC: "Diese Fassung enthält nur die öffentlichen Punkte mit ihren Ergebnissen.",
}
ROLES: Mapping[PresenceRole, str] = {**PRESENCE_WORDS, PresenceRole.MEMBER: "", PresenceRole.STAFF: ""}
"""As what somebody was there, where that is not plain from the row."""


@dataclass(frozen=True)
class There:
    """Somebody who was there: name, as what, and when ("durchgehend")."""

    name: str
    role: str
    when: str


@dataclass(frozen=True)
class SeatRow:
    """A row of the list of presence; nobody there: ``absence`` names who is missing and how."""

    institution: str
    marks: str
    there: tuple[There, ...]
    absence: str


@dataclass(frozen=True)
class Result:
    """What came out of an item: outcome, decision with clauses, votes and quorum; in words, "" where there is none."""

    outcome: str
    note: str
    number: str
    confidential: bool
    wording: tuple[Clause, ...]
    clauses: tuple[Clause, ...]
    votes: str
    quorum: str


@dataclass(frozen=True)
class Item:
    """An item as it was held."""

    id: int
    number: str
    title: str
    facts: str
    withdrawn: str
    projects: tuple[Project, ...]
    guests: tuple[str, ...]
    excluded: str
    note: Markup
    proposed: tuple[Clause, ...]
    result: Result | None
    actions: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """A section with its standing points in one line."""

    number: str
    title: str
    standing: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Record:
    """What ``documents/minutes.html`` shows."""

    letterhead: tuple[str, ...]
    marks: tuple[tuple[str, str], ...]
    heading: str
    body_name: str
    facts: tuple[tuple[str, str], ...]
    state: str
    seats: tuple[SeatRow, ...]
    others: tuple[There, ...]
    opening: Markup
    sections: tuple[Section, ...]
    closing: Markup
    signatures: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class AddendumSheet:
    """What ``documents/addendum.html`` shows."""

    letterhead: tuple[str, ...]
    marks: tuple[tuple[str, str], ...]
    heading: str
    body_name: str
    facts: tuple[tuple[str, str], ...]
    words: Markup


def render_minutes(values: MinutesValues, *, kept_text: str = "", patience: float = pdf.PATIENCE) -> bytes:
    """The minutes as PDF/A-3a and PDF/UA-1, drawn from *values* of one edition, which lie inside as JSON.

    Equal arguments give equal bytes. Of a kept document *kept_text* is the stored text, whose hash stands in the
    footer. A draft (version 0) and one in review carry a watermark. *patience* and errors as in ``pdf.to_pdf``;
    ValueError for values that hold more than their edition may.
    """
    _require_no_more(values)
    canonical = kept_text or write_minutes(values)
    digest = hash_values(canonical)
    inside = pdf.Attached("niederschrift.json", canonical.encode(), "Data", "Niederschrift als Daten (JSON)")
    return pdf.to_pdf(
        minutes_html(values, digest),
        attachments=[inside],
        identifier=digest[:32],
        created=values.made_at or values.meeting.changed_at,
        patience=patience,
    )


def render_addendum(values: AddendumValues, *, kept_text: str = "", patience: float = pdf.PATIENCE) -> bytes:
    """An addendum as an annex of its own; arguments as in ``render_minutes``."""
    canonical = kept_text or write_minutes(values)
    digest = hash_values(canonical)
    inside = pdf.Attached("nachtrag.json", canonical.encode(), "Data", "Nachtrag als Daten (JSON)")
    return pdf.to_pdf(
        addendum_html(values, digest),
        attachments=[inside],
        identifier=digest[:32],
        created=values.added_at,
        patience=patience,
    )


def _require_no_more(values: MinutesValues) -> None:
    items = [item for section in values.sections for item in section.items]
    levels = [item.level for item in items]
    levels += [item.decision.level for item in items if item.decision is not None]
    levels += [action.level for item in items for action in item.actions]
    if values.edition is not Edition.FULL and Level.CONFIDENTIAL in levels:
        raise ValueError("confidential matters in an edition without them")
    if values.edition is Edition.PUBLIC and (set(levels) - {Level.PUBLIC} or values.seats or values.others):
        raise ValueError("other than public results in the public edition")


def minutes_html(values: MinutesValues, digest: str) -> str:
    """The page that ``render_minutes`` sets; *digest* is the hash of the canonical values."""
    shown = typeset(values)
    return render("documents/minutes.html", {"document": _frame(shown, digest), "record": record_of(shown)})


def addendum_html(values: AddendumValues, digest: str) -> str:
    """The page that ``render_addendum`` sets."""
    shown = typeset(values)
    heading = f"Nachtrag {shown.serial} zur Niederschrift der {shown.meeting.label}"
    edition = f"Fassung {EDITION_WORDS[shown.edition]}"
    frame = Frame(
        title=f"{text.one_line(heading)} – {text.one_line(shown.body.name)}",
        author=_author(shown.sender, shown.letterhead, shown.body),
        footer=run_of(
            clipped(shown.reference, 80), f"Nachtrag {shown.serial}", edition, checksum(shown.serial, digest)
        ),
        running=_running(shown.meeting, shown.body),
        banner=DEMO if shown.demo else "",
    )
    return render("documents/addendum.html", {"document": frame, "sheet": _sheet(shown, heading)})


def state_words(values: MinutesValues) -> str:
    """The state of these minutes in one sentence, with what follows from it."""
    if values.state is MinutesState.APPROVED and values.approved_on is not None:
        return f"Genehmigt {values.approved_how} am {text.long_date(values.approved_on)}."
    if values.state is MinutesState.REVIEW and values.objections_until is not None:
        until = text.long_date(values.objections_until)
        return f"Zur Prüfung versandt, noch nicht genehmigt. Einwendungen sind bis {until}, 24 Uhr, möglich."
    return "Entwurf, noch nicht versandt und nicht genehmigt."


def record_of(values: MinutesValues) -> Record:
    """The minutes in words, as the document shows them."""
    return Record(
        letterhead=values.letterhead or (values.body.name,),
        marks=_marks(values),
        heading=_heading(values),
        body_name=_body_name(values.body),
        facts=_facts(values),
        state=state_words(values),
        seats=tuple(_seat(seat, values) for seat in values.seats),
        others=tuple(_there(one, values) for one in values.others),
        opening=prose_html(values.opening),
        sections=tuple(_section(section) for section in values.sections),
        closing=prose_html(values.closing),
        signatures=values.signatures,
        notes=tuple(_notes(values)),
    )


def _frame(values: MinutesValues, digest: str) -> Frame:
    version = f"Version {values.version}" if values.version else "ENTWURF"
    state = "zur Prüfung" if values.state is MinutesState.REVIEW and values.version else ""
    edition = f"Fassung {EDITION_WORDS[values.edition]}"
    return Frame(
        title=f"{text.one_line(_heading(values))} – {text.one_line(values.body.name)}",
        author=_author(values.sender, values.letterhead, values.body),
        footer=run_of(clipped(values.reference, 80), version, state, edition, checksum(values.version, digest)),
        running=_running(values.meeting, values.body),
        banner=DEMO if values.demo else "",
        draft=values.version == 0,
        review=bool(state),
    )


def _author(sender: str, letterhead: tuple[str, ...], body: FrozenBody) -> str:
    return text.one_line(sender or (letterhead[0] if letterhead else body.name))


def _running(meeting: FrozenMeeting, body: FrozenBody) -> str:
    day = text.long_date(meeting.starts_at.astimezone(BERLIN).date())
    return run_of(f"Niederschrift der {clipped(meeting.label, 60)}", clipped(body.name, 80), day)


def _marks(values: MinutesValues) -> tuple[tuple[str, str], ...]:
    marks = [("Absender", values.sender), ("Geschäftszeichen", values.reference)]
    if values.made_at is not None:
        marks.append(("Datum", text.long_date(values.made_at.astimezone(BERLIN).date())))
    marks.append(("Version", f"{values.version or 'Entwurf'}, {EDITION_WORDS[values.edition]}"))
    return tuple((name, value) for name, value in marks if value)


def _heading(values: MinutesValues) -> str:
    word = "Ergebnisse" if values.edition is Edition.PUBLIC else "Niederschrift"
    return f"{word} der {values.meeting.label}"


def _body_name(body: FrozenBody) -> str:
    return body.name if not body.short_name or body.short_name in body.name else f"{body.name} ({body.short_name})"


def _facts(values: MinutesValues) -> tuple[tuple[str, str], ...]:
    meeting = values.meeting
    facts = [
        ("Termin", text.weekday_date(meeting.starts_at.astimezone(BERLIN).date())),
        ("Zeit", _span(values.began_at or meeting.starts_at, values.ended_at or meeting.ends_at)),
        ("Ort", meeting.place),
        ("Vorsitz", _chairs(values)),
        ("Protokoll", values.keeper),
        ("Tagesordnung", f"Version {values.agenda_version}" if values.agenda_version else ""),
    ]
    return tuple((name, value) for name, value in facts if value)


def _chairs(values: MinutesValues) -> str:
    if len(values.chairs) == 1:
        return values.chairs[0].name
    return "\n".join(
        f"{one.name}, {_span(one.from_at, one.until_at or values.ended_at or values.meeting.ends_at)}"
        for one in values.chairs
    )


def _span(start: dt.datetime, end: dt.datetime) -> str:
    """10:02 bis 11:48 Uhr"""
    return f"{text.time(start)} bis {text.time(end)} Uhr"


def _seat(seat: SeatLine, values: MinutesValues) -> SeatRow:
    missing = ", ".join(seat.members)
    return SeatRow(
        institution=seat.institution or seat.title or "Sitz",
        marks=run_of("Vorsitz" if seat.chair else "", "" if seat.voting else "beratend"),
        there=tuple(_there(one, values) for one in seat.present),
        absence=f"{missing}: {seat.absence}" if missing and seat.absence else seat.absence,
    )


def _there(one: Attended, values: MinutesValues) -> There:
    role = ROLES[one.role]
    return There(name=one.name, role=run_of(role, "per Video" if one.remote else ""), when=_when(one, values))


def _when(one: Attended, values: MinutesValues) -> str:
    if one.item:
        return f"zu TOP {one.item}"
    begins = values.began_at or values.meeting.starts_at
    ends = values.ended_at or values.meeting.ends_at
    late = one.from_at is not None and one.from_at > begins
    early = one.until_at is not None and one.until_at < ends
    if not late and not early:
        return "durchgehend"
    if late and early and one.from_at is not None and one.until_at is not None:
        return _span(one.from_at, one.until_at)
    if late and one.from_at is not None:
        return f"ab {text.time(one.from_at)} Uhr"
    return f"bis {text.time(one.until_at)} Uhr" if one.until_at is not None else "durchgehend"


def _section(section: MinutesSection) -> Section:
    return Section(
        number=section.number,
        title=section.title,
        standing=run_of(*section.standing),
        items=tuple(_item(item) for item in section.items),
    )


def _item(item: MinutesItem) -> Item:
    level = "vertraulich" if item.level is Level.CONFIDENTIAL else ""
    by = f"Bericht: {item.presenter}" if item.presenter else ""
    when = _span(item.started_at, item.ended_at) if item.started_at and item.ended_at else ""
    wording = item.decision.wording if item.decision is not None else ""
    differs = bool(item.proposed) and text.one_line(item.proposed) != text.one_line(wording)
    return Item(
        id=item.id,
        number=item.number,
        title=item.title,
        facts=run_of(KIND_WORDS[item.kind], by, when, level),
        withdrawn=(f"Abgesetzt: {item.withdrawn_reason}" if item.withdrawn_reason else "Abgesetzt")
        if item.withdrawn
        else "",
        projects=tuple(
            Project(
                mark=LIGHTS[one.light],
                name=one.code if one.title == item.title else f"{one.code} {one.title}".strip(),
                as_of=text.long_date(one.as_of) if one.as_of is not None else "",
            )
            for one in item.projects
        ),
        guests=item.guests,
        excluded="; ".join(item.excluded),
        note=prose_html(item.note),
        proposed=clauses_of(item.proposed) if differs and not item.withdrawn else (),
        result=_result(item),
        actions=tuple(action_words(action) for action in item.actions),
    )


def _result(item: MinutesItem) -> Result | None:
    decision = item.decision
    if item.outcome is None and decision is None:
        return None
    return Result(
        outcome=outcome_words(item),
        note=item.outcome_note,
        number=_number(decision) if decision is not None else "",
        confidential=decision is not None and decision.level is Level.CONFIDENTIAL,
        wording=clauses_of(decision.wording) if decision is not None else (),
        clauses=_clauses(decision) if decision is not None else (),
        votes=votes_words(decision) if decision is not None else "",
        quorum=decision.quorum if decision is not None else "",
    )


def outcome_words(item: MinutesItem) -> str:
    """vertagt, Wiedervorlage 1. September 2026"""
    outcome = item.outcome or (item.decision.outcome if item.decision is not None else None)
    words = OUTCOME_WORDS[outcome] if outcome is not None else ""
    return f"{words}, Wiedervorlage {text.long_date(item.resume_on)}" if item.resume_on is not None else words


def _number(decision: FrozenDecision) -> str:
    return f"Beschluss {decision.number or f'({PROVISIONAL})'}"


def _clauses(decision: FrozenDecision) -> tuple[Clause, ...]:
    return tuple(
        Clause(
            ordinal=f"{one.position}.",
            words=" ".join(
                part
                for part in (
                    VERB_WORDS[one.verb],
                    f"{charged_words(one)}:" if charged_words(one) else "",
                    one.text,
                    f"(bis {text.long_date(one.due_on)})" if one.due_on is not None else "",
                )
                if part
            ),
        )
        for one in decision.clauses
    )


def votes_words(decision: FrozenDecision) -> str:
    """8 Ja, 1 Nein, 2 Enthaltungen; 11 von 13 Stimmen anwesend"""
    counted = votes_sentence(decision.yes, decision.no, decision.abstentions) if decision.yes is not None else ""
    taken = counted or ("Im Konsens" if decision.taking is Taking.CONSENSUS else "")
    tie = "Stichentscheid des Vorsitzes" if decision.chair_vote else ""
    there = ""
    if decision.present is not None and decision.entitled is not None:
        there = f"{decision.present} von {text.counted(decision.entitled, 'Stimme', 'Stimmen')} anwesend"
    return "; ".join(part for part in (taken, tie, there) if part)


def charged_words(one: FrozenClause | FrozenAction) -> str:
    """Berlin Partner (Dr. Ada Beispiel)"""
    return f"{one.institution} ({one.person})" if one.institution and one.person else one.institution or one.person


def action_words(action: FrozenAction) -> str:
    """A 2026/014: Eigentümer befragen – IHK Berlin, bis 30. Juni 2026"""
    number = f"{action.number}: " if action.number else ""
    due = f"bis {text.long_date(action.due_on)}" if action.due_on is not None else ""
    who = ", ".join(part for part in (charged_words(action), due) if part)
    return f"{number}{action.title}" + (f" – {who}" if who else "")


def _notes(values: MinutesValues) -> list[str]:
    notes = []
    if values.approval is not None:
        how = f" ({values.approval.how})" if values.approval.how else ""
        notes.append(
            f"Zum Versand freigegeben durch {values.approval.by} am {text.long_date(values.approval.on)}{how}."
        )
    if values.late_reason:
        notes.append(f"Versand nach Ablauf der Frist für die Niederschrift. Grund: {values.late_reason}")
    if values.edition in EDITION_NOTES:
        notes.append(EDITION_NOTES[values.edition])
    if values.results_only and values.edition is not Edition.PUBLIC:
        notes.append("Der Verlauf der Beratung ist nur in der vollständigen Fassung enthalten.")
    return notes


def _sheet(values: AddendumValues, heading: str) -> AddendumSheet:
    sealed = f"Version {values.minutes_version}, Prüfsumme {values.minutes_hash[:12]}"
    approved = f"genehmigt am {text.long_date(values.approved_on)}" if values.approved_on is not None else ""
    marks = [
        ("Absender", values.sender),
        ("Geschäftszeichen", values.reference),
        ("Datum", text.long_date(values.added_on)),
        ("Fassung", EDITION_WORDS[values.edition]),
    ]
    facts = [
        ("Niederschrift", run_of(sealed, approved)),
        ("Zu", f"TOP {values.item} {values.item_title}" if values.item else "Niederschrift im Ganzen"),
        ("Eingetragen", values.added_by),
        ("Vertraulich", "ja" if values.level is Level.CONFIDENTIAL else ""),
    ]
    return AddendumSheet(
        letterhead=values.letterhead or (values.body.name,),
        marks=tuple((name, value) for name, value in marks if value),
        heading=heading,
        body_name=_body_name(values.body),
        facts=tuple((name, value) for name, value in facts if value),
        words=prose_html(values.text),
    )
