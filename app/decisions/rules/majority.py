"""Votes: whether they can have been cast, and what they decide (domain §5, model of § 91 VwVfG)."""

from dataclasses import dataclass

from app import text
from app.agenda.models import Outcome
from app.agenda.rules.outcomes import WORDS
from app.attendance.rules.votes import Count
from app.bodies.rules import RuleBook
from app.decisions.rules.settings import MODEL, DecisionModel

ADOPTING = frozenset({Outcome.ADOPTED, Outcome.ADOPTED_CHANGED, Outcome.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes cast for and against, abstentions, and whether the person in the chair decided a tie in favour."""

    yes: int
    no: int
    abstentions: int
    chair_vote: bool = False

    @property
    def cast(self) -> int:
        """Votes and abstentions together: the seats that answered."""
        return self.yes + self.no + self.abstentions


@dataclass(frozen=True, slots=True)
class Result:
    """Whether the votes adopt the motion, and why, as a German sentence."""

    adopted: bool
    sentence: str


def vote_errors(votes: Votes, count: Count | None) -> dict[str, str]:
    """Why these votes cannot have been cast, by field; *count* None: nobody knows who was there.

    Each voting seat that is present has one vote; the tie is the chair's only where the chair votes for a seat.
    """
    if votes.cast == 0:
        return {"yes": "Bitte tragen Sie die abgegebenen Stimmen ein."}
    if votes.chair_vote and votes.yes != votes.no:
        return {"chair_vote": "Der Vorsitz entscheidet nur bei Stimmengleichheit."}
    if count is None:
        return {}
    if votes.cast > count.present:
        return {"yes": too_many(votes.cast, count.present)}
    if votes.chair_vote and not count.chair_votes:
        return {"chair_vote": "Der Vorsitz ist hier nicht stimmberechtigt und kann den Gleichstand nicht auflösen."}
    return {}


def too_many(cast: int, present: int) -> str:
    """12 Stimmen, aber nur 10 stimmberechtigte Sitze sind anwesend."""
    votes = text.counted(cast, "Stimme", "Stimmen")
    if present == 0:
        return f"{votes}, aber es ist kein stimmberechtigter Sitz anwesend. Bitte halten Sie erst die Anwesenheit fest."
    seats = "nur ein stimmberechtigter Sitz ist" if present == 1 else f"nur {present} stimmberechtigte Sitze sind"
    return f"{votes}, aber {seats} anwesend."


def vote_result(book: RuleBook, votes: Votes) -> Result:
    """What the votes decide by the rule of the body; abstentions do not count (§ 91 VwVfG)."""
    if book[MODEL] != DecisionModel.VWVFG:
        if votes.no == 0 and votes.yes > 0:
            return Result(True, "Angenommen: niemand stimmt dagegen.")
        against = text.counted(votes.no, "Nein-Stimme steht", "Nein-Stimmen stehen")
        reason = f"{against} dem entgegen" if votes.no else "niemand stimmt dafür"
        return Result(False, f"Das Gremium beschließt im Konsens; {reason}.")
    if votes.yes == votes.no:
        if votes.chair_vote:
            return Result(True, "Angenommen: bei Stimmengleichheit hat der Vorsitz dafür entschieden.")
        return Result(False, "Abgelehnt: Stimmengleichheit.")
    if votes.yes > votes.no:
        return Result(True, f"Angenommen mit {votes.yes} zu {votes.no} Stimmen.")
    return Result(False, f"Abgelehnt mit {votes.no} zu {votes.yes} Stimmen.")


def contradiction(book: RuleBook, outcome: Outcome | None, votes: Votes | None) -> str:
    """Why counted votes and the outcome do not fit, as a sentence; "" where they do or nothing was counted."""
    if votes is None or outcome is None or outcome not in (*ADOPTING, Outcome.REJECTED):
        return ""
    result = vote_result(book, votes)
    if result.adopted == (outcome in ADOPTING):
        return ""
    return f"Das Ergebnis ist „{WORDS[outcome]}“, aber die Stimmen sagen etwas anderes. {result.sentence}"
