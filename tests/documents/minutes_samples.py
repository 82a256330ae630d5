"""Minutes as plain values: ordinary ones and those that strain a page."""

import datetime as dt
from functools import cache
from typing import Any

from app.agenda.models import Edition, ItemKind, Level, Outcome
from app.agenda.schemas.frozen import FrozenApproval
from app.attendance.models import PresenceRole
from app.decisions.models import Taking, Verb
from app.documents.minutes import render_addendum, render_minutes
from app.minutes.models import MinutesState
from app.minutes.schemas.frozen import (
    AddendumValues,
    Attended,
    FrozenAction,
    FrozenClause,
    FrozenDecision,
    Led,
    MinutesItem,
    MinutesSection,
    MinutesValues,
    SeatLine,
    edition,
)
from app.projects.models import Light
from tests.documents.samples import LONG_WORD, agenda, at, project

RELEASED = agenda()

NOTE = (
    "Frau Beispiel trägt vor. Herr Muster fragt nach **Fristen** und *Kosten*.\n\n"
    "1. Die Lage\n   - am Markt\n     - in Berlin\n     - im Umland\n   - im Werk\n2. Der Plan\n\n"
    "> Wir brauchen ein Jahr.\n\nSchluss mit <b>Spitzen</b> & einem Zeilenende\nhier."
)
NESTED = "\n".join(f"{'  ' * depth}- Ebene {depth + 1} 🏭 {'x' * depth}" for depth in range(8))


def item(number: str, **changes: Any) -> MinutesItem:
    values: dict[str, Any] = {"id": 1, "number": number, "title": f"Gegenstand {number}", "kind": ItemKind.DEBATE}
    return MinutesItem.model_validate(values | changes)


DECISION = item(
    "4.1",
    title="Ankaufsstrategie für Gewerbe- und Industrieflächen",
    kind=ItemKind.DECISION,
    presenter="Senatsverwaltung für Wirtschaft, Energie und Betriebe",
    level=Level.PUBLIC,
    started_at=at(15),
    ended_at=at(40),
    note=NOTE,
    proposed="1. Der Rahmen für 2027 wird auf 12 Millionen Euro festgelegt.\n2. Berlin Partner berichtet.",
    outcome=Outcome.ADOPTED_CHANGED,
    outcome_note="Auf Antrag der IHK wurde der Rahmen erhöht.",
    decision=FrozenDecision(
        number="SKIP 2026/03",
        title="Ankaufsstrategie",
        level=Level.PUBLIC,
        outcome=Outcome.ADOPTED_CHANGED,
        wording="Der Rahmen für 2027 wird auf 15 Millionen Euro festgelegt.",
        taking=Taking.VOTES,
        yes=8,
        no=1,
        abstentions=2,
        present=11,
        entitled=13,
        quorum="Beschlussfähig: 11 von 13 Stimmen anwesend (Modell § 90 VwVfG).",
        clauses=(
            FrozenClause(position=1, verb=Verb.LAYS_DOWN, text="den Rahmen für 2027: 15 Millionen Euro"),
            FrozenClause(
                position=2,
                verb=Verb.CHARGES,
                text="die Eigentümer zu befragen",
                institution="Berlin Partner",
                person="Dr. Ada Beispiel",
                due_on=dt.date(2026, 6, 30),
            ),
        ),
    ),
    actions=(
        FrozenAction(
            number="A 2026/014",
            title="Eigentümer befragen",
            level=Level.PUBLIC,
            institution="Berlin Partner",
            person="Dr. Ada Beispiel",
            due_on=dt.date(2026, 6, 30),
        ),
    ),
    projects=(project("3.2", Light.RED),),
    guests=("Dr. Ada Beispiel, TU Berlin",),
    excluded=("Max Muster (eigener Antrag)",),
)
SECRET = item(
    "5.2",
    title="Verhandlungsziele Marzahn",
    level=Level.CONFIDENTIAL,
    note="Geheimer Verlauf.",
    outcome=Outcome.ADJOURNED,
    resume_on=dt.date(2026, 9, 1),
)
SEATS = (
    SeatLine(
        institution="Regierender Bürgermeister – Senatskanzlei",
        chair=True,
        members=("Kai Beispiel",),
        present=(
            Attended(name="Kai Beispiel", role=PresenceRole.MEMBER, from_at=at(2), until_at=at(60)),
            Attended(name="Vera Vertretung", role=PresenceRole.DEPUTY, from_at=at(60), until_at=at(108)),
        ),
    ),
    SeatLine(
        institution="Industrie- und Handelskammer zu Berlin",
        members=("Inge Kammer",),
        present=(Attended(name="Inge Kammer", role=PresenceRole.MEMBER, remote=True, from_at=at(0), until_at=at(120)),),
    ),
    SeatLine(institution="IG Metall Berlin", members=("Mara Metall",), absence="entschuldigt"),
    SeatLine(institution="Investitionsbank Berlin", voting=False, members=("Ina Bank",), absence="unentschuldigt"),
)
APPROVED = MinutesValues(
    body=RELEASED.body,
    meeting=RELEASED.meeting,
    version=2,
    state=MinutesState.APPROVED,
    made_at=at(60 * 24 * 28),
    approved_on=dt.date(2026, 11, 17),
    approved_how="in der 18. Sitzung",
    agenda_version=2,
    keeper="Katrin Berger",
    began_at=at(2),
    ended_at=at(108),
    opening="Der Vorsitzende eröffnet die Sitzung und stellt die ordnungsgemäße Ladung fest.",
    closing="Die nächste Sitzung findet im Herbst statt.",
    seats=SEATS,
    others=(
        Attended(name="Dr. Gast Beispiel, TU Berlin", role=PresenceRole.GUEST, from_at=at(10), item="4.1"),
        Attended(name="Gast der Geheimsache", role=PresenceRole.GUEST, from_at=at(10), item="5.2"),
        Attended(name="Katrin Berger", role=PresenceRole.STAFF, from_at=at(0), until_at=at(120)),
    ),
    chairs=(
        Led(name="Kai Beispiel", from_at=at(2), until_at=at(60)),
        Led(name="Vera Vertretung", from_at=at(60), until_at=at(108)),
    ),
    sections=(
        MinutesSection(number="1", key="regularien", title="Regularien", standing=("Eröffnung", "Ladung")),
        MinutesSection(number="4", key="beschlussfassung", title="Beschlussfassung", items=(DECISION,)),
        MinutesSection(
            number="5",
            key="beratung",
            title="Beratung",
            items=(
                item("5.1", note="Kurze Aussprache.", outcome=Outcome.NOTED),
                SECRET,
                item("5.3", withdrawn=True, withdrawn_reason="Sprecher erkrankt", outcome=Outcome.REMOVED),
            ),
        ),
    ),
    reference=RELEASED.reference,
    letterhead=RELEASED.letterhead,
    sender=RELEASED.sender,
    signatures=("Vorsitz: Kai Beispiel", "Protokoll: Katrin Berger"),
)
DRAFT = APPROVED.model_copy(
    update={"version": 0, "state": MinutesState.DRAFT, "made_at": None, "approved_on": None, "approved_how": ""}
)
REVIEW = APPROVED.model_copy(
    update={
        "version": 1,
        "state": MinutesState.REVIEW,
        "approved_on": None,
        "approved_how": "",
        "objections_until": dt.date(2026, 6, 9),
        "approval": FrozenApproval(by="Kai Beispiel", on=dt.date(2026, 5, 26), how="mündlich"),
        "late_reason": "Krankheit im Büro",
    }
)
EMPTY = MinutesValues(body=RELEASED.body, meeting=RELEASED.meeting, version=0)
UGLY_TITLE = ("Sehr langer Gegenstand mit Wörtern und 🏭 Zeichen " * 7)[:300]
FORTY = APPROVED.model_copy(
    update={
        "demo": True,
        "sections": tuple(
            MinutesSection(
                number=str(place),
                key="beratung",
                title=f"Abschnitt {place}",
                items=tuple(
                    DECISION.model_copy(
                        update={"number": f"{place}.{one}", "title": UGLY_TITLE, "note": NESTED if one % 3 else NOTE}
                    )
                    for one in range(1, 9)
                ),
            )
            for place in range(1, 6)
        ),
    }
)
WORDY = APPROVED.model_copy(
    update={
        "opening": LONG_WORD * 5,
        "sections": (
            MinutesSection(
                number="1",
                key="beratung",
                title=LONG_WORD,
                items=(
                    item(
                        "1.1",
                        title=LONG_WORD,
                        note=f"# kein Titel\n\n- {LONG_WORD}\n\n```\nkein Code\n```\n{'z' * 3000}",
                    ),
                    item(
                        "1.2",
                        title="日本 \x07 ﷽ 🇩🇪",
                        note="\u200d🏳️‍🌈 ≤ ✓ 中文\n\n1. eins\n\n   2. zwei",
                        outcome=Outcome.NOTED,
                    ),
                ),
            ),
        ),
    }
)
MINUTES: dict[str, MinutesValues] = {
    "minutes_approved": APPROVED,
    "minutes_others": edition(APPROVED, Edition.NON_CONFIDENTIAL),
    "minutes_public": edition(APPROVED, Edition.PUBLIC),
    "minutes_draft": DRAFT,
    "minutes_review": REVIEW,
    "minutes_empty": EMPTY,
    "minutes_forty": FORTY,
    "minutes_wordy": WORDY,
}
ADDENDUM = AddendumValues(
    body=RELEASED.body,
    meeting=RELEASED.meeting,
    serial=1,
    item="4.1",
    item_title=DECISION.title,
    text=f"Zu Ziffer 1 muss es heißen:\n\n{NOTE}",
    added_on=dt.date(2026, 12, 1),
    added_at=at(60 * 24 * 200),
    added_by="Katrin Berger",
    minutes_version=2,
    minutes_hash="a" * 64,
    approved_on=dt.date(2026, 11, 17),
    reference=RELEASED.reference,
    letterhead=RELEASED.letterhead,
    sender=RELEASED.sender,
)
STRAINING = (*MINUTES, "addendum")


@cache
def drawn(name: str) -> bytes:
    """The PDF of a sample."""
    return render_addendum(ADDENDUM) if name == "addendum" else render_minutes(MINUTES[name])
