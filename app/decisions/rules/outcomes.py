"""What makes a decision: which items end in one, and whether wording and outcome fit (domain §5)."""

from app import text
from app.agenda.models import AgendaItem, ItemKind, Outcome
from app.agenda.rules.outcomes import is_settled

AS_PROPOSED = frozenset({Outcome.ADOPTED, Outcome.CONFIRMED})
"""Outcomes after which, with no wording of its own, the proposed one is what was decided."""


def ends_in_decision(item: AgendaItem, *, has_text: bool) -> bool:
    """Whether an item gets a numbered decision: a settled outcome of what is decided or debated, or of a text.

    *has_text*: a wording or a clause was written. Notes and reports that were only taken note of get none.
    """
    if item.withdrawn or not is_settled(item):
        return False
    return item.kind in (ItemKind.DECISION, ItemKind.DEBATE) or has_text or item.outcome is not Outcome.NOTED


def same_wording(proposed: str, decided: str) -> bool:
    """Whether two wordings say the same but for white space."""
    return text.one_line(proposed) == text.one_line(decided)


def mismatch(outcome: Outcome | None, proposed: str, wording: str, *, clauses: bool = False) -> str:
    """Why wording and outcome do not fit, as a sentence; "" where they do. *clauses*: there are numbered clauses."""
    if outcome is Outcome.ADOPTED and wording and proposed and not same_wording(proposed, wording):
        return (
            "Das Ergebnis ist „ungeändert beschlossen“, aber der Wortlaut weicht vom Vorschlag ab. Bitte wählen Sie "
            "„geändert beschlossen“, oder übernehmen Sie den vorgeschlagenen Wortlaut."
        )
    if outcome is Outcome.ADOPTED_CHANGED and not clauses and (not wording or same_wording(proposed, wording)):
        return (
            "Das Ergebnis ist „geändert beschlossen“, aber der beschlossene Wortlaut "
            + ("fehlt." if not wording else "ist der vorgeschlagene.")
            + " Bitte tragen Sie den geänderten Wortlaut ein, oder wählen Sie „ungeändert beschlossen“."
        )
    return ""


def final_wording(outcome: Outcome | None, proposed: str, wording: str) -> str:
    """The wording that was decided: as written; as proposed where nothing else was written and the proposal holds."""
    return wording or (proposed if outcome in AS_PROPOSED else "")
