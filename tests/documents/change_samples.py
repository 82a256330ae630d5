"""Sheets of changes as plain values: an ordinary one, a draft, an empty one, and one that strains a page."""

from functools import cache

from app.agenda.models import Edition, ItemKind, Level
from app.agenda.rules.changes import changes_values, marked
from app.agenda.schemas.frozen import AgendaValues, edition
from app.documents.agenda import render_agenda
from app.documents.changes import render_changes
from tests.documents.samples import ICS, LONG_WORD, agenda, item, section

FIRST = item("4.1", id=1, title="Halle Nord", proposed_decision="1. Der Kreis stimmt zu.\n2. Er bittet um Bericht.")
SECOND = item("4.2", id=2, title="Netzanschluss")
PUBLIC = item("4.3", id=3, title="Öffentlicher Bericht", level=Level.PUBLIC, kind=ItemKind.REPORT)
SECRET = item("4.4", id=4, title="Verhandlungsziele", level=Level.CONFIDENTIAL)
BEFORE = agenda(sections=(section("4", "Beratung", FIRST, SECOND, PUBLIC, SECRET),))
AFTER = agenda(
    version=2,
    supplement_reason="Eine Vorlage fehlt",
    meeting={"place": "Rotes Rathaus"},
    sections=(
        section(
            "4",
            "Beratung",
            PUBLIC,
            FIRST.model_copy(update={"minutes": 15, "proposed_decision": "1. Der Kreis stimmt dem Plan zu."}),
            SECOND.model_copy(update={"withdrawn": True, "withdrawn_reason": "Die Vorlage fehlt"}),
            SECRET.model_copy(update={"title": "Neue Ziele"}),
            item("4.5", id=5, title="Neu dabei"),
        ),
    ),
)
LONG = AFTER.model_copy(
    update={
        "sections": (
            section(
                "4",
                "Beratung",
                FIRST.model_copy(update={"occasion": "Ein langer Anlass. " * 400, "title": LONG_WORD[:300]}),
            ),
        )
    }
)


def part(values: AgendaValues, which: Edition) -> AgendaValues:
    return edition(values, which)


SHEETS = {
    "changes": changes_values(BEFORE, AFTER),
    "changes without the confidential": changes_values(
        part(BEFORE, Edition.NON_CONFIDENTIAL), part(AFTER, Edition.NON_CONFIDENTIAL)
    ),
    "no changes for the public": changes_values(part(BEFORE, Edition.PUBLIC), part(BEFORE, Edition.PUBLIC)),
    "draft of changes": changes_values(BEFORE, AFTER.model_copy(update={"version": 0, "released_at": None})),
    "long changes": changes_values(BEFORE, LONG),
}
AGENDAS = {
    "supplement": marked(BEFORE, AFTER),
    "public edition": marked(part(BEFORE, Edition.PUBLIC), part(AFTER, Edition.PUBLIC)),
}


@cache
def drawn_changes(name: str) -> bytes:
    """The PDF of one of SHEETS or AGENDAS."""
    if name in AGENDAS:
        return render_agenda(AGENDAS[name], ics=ICS)
    return render_changes(SHEETS[name])
