"""What the invented meetings decided, as data: outcome, wording, clauses, what was said, by project or title."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.agenda.models import Level, Outcome
from app.decisions.models import Verb


@dataclass(frozen=True, slots=True)
class Ziffer:
    """A clause. ``org`` is a key of ``people.toml``; ``until``: days from the day the demo is made."""

    verb: Verb
    text: str
    org: str = ""
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """An action given by hand: what, to whom, until how many days from the day the demo is made."""

    title: str
    org: str
    until: int | None
    person: str = ""
    details: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What became of an item. ``note`` belongs to the outcome, ``said`` is the course of deliberation (Markdown).

    ``votes``: yes, no, abstentions; without them it was decided in consensus. ``wording`` "": as proposed, or none.
    ``replaces``: the key of an earlier ruling of the story.
    """

    outcome: Outcome
    note: str = ""
    said: str = ""
    wording: str = ""
    clauses: tuple[Ziffer, ...] = ()
    votes: tuple[int, int, int] | None = None
    level: Level | None = None
    replaces: str = ""
    actions: tuple[Given, ...] = ()


PROPOSED: Mapping[str, str] = {
    "1.17": "Der Steuerungskreis richtet einen Lotsendienst für Hersteller mit Sitz in Berlin ein.",
    "2.6": "Der Steuerungskreis stimmt dem Welcome Center Industrie mit drei Anlaufstellen zu.",
    "4.25": "Der Steuerungskreis nimmt die Messe „Produktion in der Stadt“ in das Programm auf.",
}
"""The proposed decisions on the agendas of the held meetings, by project."""

FIRST: Mapping[str, Ruling] = {
    "1.17": Ruling(
        Outcome.ADOPTED_CHANGED,
        note="Beraten werden auch Umlandbetriebe mit Entwicklung.",
        said=(
            "Die IHK berichtet von **vierzig Anfragen** in einem halben Jahr; viele scheitern an den Unterlagen.\n\n"
            "In der Aussprache:\n\n"
            "- HWK: Auch Betriebe im Umland mit Entwicklung in Berlin sollen beraten werden.\n"
            "- SenFin: Die Kosten bleiben im Ansatz.\n\n"
            "Der Vorsitz stellt Einvernehmen über den erweiterten Wortlaut fest."
        ),
        wording=(
            "Der Steuerungskreis richtet einen Lotsendienst für Hersteller mit Sitz oder Entwicklung in Berlin ein."
        ),
        clauses=(
            Ziffer(Verb.AGREES, "der Einrichtung des Lotsendienstes für zunächst zwei Jahre"),
            Ziffer(
                Verb.CHARGES,
                "die Anlaufstelle einzurichten und zwanzig Betriebe zu begleiten",
                "ihk",
                -230,
            ),
        ),
    ),
    "3.9": Ruling(
        Outcome.NOTED,
        note="Bericht über Ersatzteile zur nächsten Sitzung.",
        said="Zwei Anschlüsse sind gesperrt, weil Weichenteile fehlen. Eine Bezugsquelle ist nicht bekannt.",
        wording="Der Steuerungskreis nimmt den Bericht zu den Gleisanschlüssen zur Kenntnis.",
        clauses=(
            Ziffer(Verb.NOTES, "den Bericht zum Zustand der elf Gleisanschlüsse"),
            Ziffer(Verb.ASKS, "eine Bezugsquelle für die fehlenden Weichenteile zu nennen", "sen_web", -190),
        ),
    ),
    "3.11": Ruling(
        Outcome.NOTED,
        said="Die Förderung des Bundes ist noch nicht entschieden.",
        wording="Der Steuerungskreis empfiehlt, den Ausbau in zwei Gebieten vorzufinanzieren.",
        clauses=(Ziffer(Verb.RECOMMENDS, "den Ausbau in zwei Gebieten aus Landesmitteln vorzufinanzieren"),),
    ),
    "3.14": Ruling(
        Outcome.NOTED,
        said="Die Lieferzeit für Transformatoren ist auf 130 Wochen gestiegen.",
        wording="Der Steuerungskreis empfiehlt, die Transformatoren je Vorhaben zu bestellen.",
        clauses=(Ziffer(Verb.RECOMMENDS, "die Transformatoren je Vorhaben frühzeitig zu bestellen"),),
    ),
    "3.20": Ruling(
        Outcome.CONFIRMED,
        note="Die Bezirke legen einen gemeinsamen Vorschlag vor.",
        said="Sechs Bezirke haben Ansprechpersonen benannt. Drei möchten die Aufgabe gemeinsam wahrnehmen.",
        wording="Jeder Bezirk benennt eine feste Ansprechperson für die Industrie.",
        clauses=(Ziffer(Verb.LAYS_DOWN, "dass jeder Bezirk eine feste Ansprechperson für die Industrie benennt"),),
        votes=(11, 0, 1),
        actions=(Given("Liste der Ansprechpersonen veröffentlichen", "gs", -150),),
    ),
}
SECOND: Mapping[str, Ruling] = {
    "3.4": Ruling(
        Outcome.ADJOURNED,
        note="Vor einer Entscheidung ist mit den beiden Eigentümern noch einmal zu sprechen.",
        said="Das Bezirksamt hält ein Umlegungsverfahren für **letztes Mittel**. Die Aussprache wird vertagt.",
        actions=(Given("Gespräch mit den beiden Eigentümern führen und berichten", "ba_sp", -14),),
    ),
    "2.6": Ruling(
        Outcome.ADOPTED,
        note="Die Kammern finanzieren je eine Stelle für zwei Jahre.",
        said="Die RD sagt eine vierte Anlaufstelle zu, sobald die ersten drei arbeiten.",
        clauses=(
            Ziffer(Verb.AGREES, "dem Welcome Center Industrie mit drei Anlaufstellen"),
            Ziffer(Verb.CHARGES, "je eine Stelle für zwei Jahre zu finanzieren und zu besetzen", "ihk", 30),
            Ziffer(Verb.ASKS, "halbjährlich über Anfragen und Vermittlungen zu berichten", "rd", 120),
        ),
        votes=(12, 0, 0),
    ),
    "3.18": Ruling(Outcome.RETRACTED, note="Zurückgezogen, weil der Bund seine Rückbürgschaft prüft."),
    "4.25": Ruling(
        Outcome.CONFIRMED,
        note="Aufnahme im Grundsatz bestätigt; Trägerschaft ist zu klären.",
        said="Offen bleibt, wer die Messe trägt. Berlin Partner prüft eine gemeinsame Gesellschaft.",
        clauses=(
            Ziffer(Verb.AGREES, "der Aufnahme in das Programm im Grundsatz"),
            Ziffer(Verb.CHARGES, "einen Vorschlag für die Trägerschaft vorzulegen", "bp", 40),
        ),
    ),
    "1.14": Ruling(Outcome.NOT_REACHED, note="Aus Zeitgründen."),
    "1.12": Ruling(Outcome.REFERRED, note="An die Arbeitsebene: neuer Vorschlag für einen Träger"),
    "Visaverfahren beschleunigen: kurzer Bericht": Ruling(
        Outcome.CONFIRMED,
        said="Die Bearbeitung dauert im Mittel vierzehn Wochen. Ein eigenes Verfahren des Landes ist nicht möglich.",
        wording="Der Steuerungskreis bittet, Anträge von Fachkräften in Mangelberufen vorzuziehen.",
        clauses=(Ziffer(Verb.ASKS, "eine eigene Anlaufstelle für Mangelberufe einzurichten", "rd", -60),),
        level=Level.PUBLIC,
    ),
}
SPECIAL: Mapping[str, Ruling] = {
    "Gemeinsame Beschaffung von Transformatoren": Ruling(
        Outcome.ADOPTED,
        said="Vier Betriebe haben denselben Typ ausgeschrieben. Eine Sammelbestellung verkürzt die Lieferzeit.",
        clauses=(
            Ziffer(Verb.RECOMMENDS, "den landeseigenen Betrieben eine gemeinsame Beschaffung"),
            Ziffer(Verb.ASKS, "eine Sammelbestellung mit den Betrieben vorzubereiten", "sen_web", -12),
        ),
        replaces="3.14",
    ),
}
RULINGS: Mapping[str, Mapping[str, Ruling]] = {"first": FIRST, "second": SECOND, "special": SPECIAL}
