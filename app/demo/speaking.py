"""The speaking notes of the next meeting of the demo: the chair names the secretariat, and a few items get texts."""

from collections.abc import Mapping

from app.agenda import queries
from app.agenda.models import SectionKey
from app.agenda.schemas.wishes import SpeakingFrameIn, SpeakingNoteIn
from app.agenda.service.speaking import write_frame, write_note
from app.bodies.service import name_for_speaking_notes
from app.db import ident
from app.demo.stage import SECRETARIAT, Stage
from app.meetings.models import Meeting

CHAIR = "vorsitz"
FRAME = SpeakingFrameIn(
    opening=(
        "Guten Morgen und herzlich willkommen im Senatssitzungssaal.\n"
        "Ich freue mich besonders über unseren Gast von der Technischen Universität.\n"
        "Heute steht die Wärme im Mittelpunkt; bitte fassen Sie sich bei den übrigen Punkten kurz."
    ),
    closing="Vielen Dank für die offene Aussprache.\nDie Geschäftsstelle schickt die Niederschrift in vier Wochen.",
)
NOTES: Mapping[SectionKey, SpeakingNoteIn] = {
    SectionKey.MAIN_TOPIC: SpeakingNoteIn(
        goal="Der Kreis versteht, welche Betriebe Abwärme abgeben könnten und was sie davon abhält.",
        key_messages=(
            "Abwärme ist da, sie geht bisher in die Luft.\n"
            "Wer einspeist, braucht Planungssicherheit über zehn Jahre.\n"
            "Wir fragen heute nach Hindernissen, nicht nach Schuldigen."
        ),
        reactive="Falls nach Zuschüssen gefragt wird: Darüber entscheidet der Haushaltsgesetzgeber.",
    ),
    SectionKey.DECISION: SpeakingNoteIn(
        goal="Einvernehmlicher Beschluss zum vorgeschlagenen Wortlaut.",
        key_messages="Das Vorhaben bleibt richtig, auch wenn es teurer wird.\nWir wollen die Einsparliste sehen.",
        reactive="Falls eine Vertagung verlangt wird: Eine Entscheidung heute hält den Zeitplan.",
    ),
}


def write_speaking_notes(stage: Stage, meeting: Meeting) -> None:
    """Begrüßung and Schluss, and one note for the first item of each of two sections."""
    chair, body = stage.acting(CHAIR), stage.body
    account_id = ident(stage.accounts[SECRETARIAT])
    name_for_speaking_notes(stage.session, chair, body, [account_id])
    write_frame(stage.session, chair, meeting, FRAME, base_version=0)
    items = queries.list_items(stage.session, chair, ident(meeting))
    for section, wish in NOTES.items():
        item = next((one for one in items if one.section is section), None)
        if item is not None:
            write_note(stage.session, chair, meeting, item, wish, base_version=0)
