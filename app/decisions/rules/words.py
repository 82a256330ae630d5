"""German words of decisions, as tables."""

from collections.abc import Mapping

from app.agenda.models import Outcome
from app.agenda.rules.outcomes import WORDS as OUTCOME_WORDS
from app.decisions.models import Taking, Verb

VERB_WORDS: Mapping[Verb, str] = {
    Verb.NOTES: "nimmt zur Kenntnis",
    Verb.AGREES: "stimmt zu",
    Verb.LAYS_DOWN: "legt fest",
    Verb.CHARGES: "beauftragt",
    Verb.ASKS: "bittet",
    Verb.RECOMMENDS: "empfiehlt",
}
"""What a body does in a clause (domain §5)."""

GIVES = frozenset({Verb.CHARGES, Verb.ASKS})
"""The verbs that give somebody something to do, until a day."""

TAKING_WORDS: Mapping[Taking, str] = {
    Taking.CONSENSUS: "im Konsens",
    Taking.VOTES: "mit Stimmen",
    Taking.CIRCULAR: "im Umlaufverfahren",
}

PROVISIONAL = "vorläufig"


def outcome_word(outcome: Outcome | None) -> str:
    """The outcome of a decision in words; "" of a taken-over one of which none is known."""
    return OUTCOME_WORDS[outcome] if outcome is not None else ""


def votes_sentence(yes: int | None, no: int | None, abstentions: int | None) -> str:
    """8 Ja, 1 Nein, 2 Enthaltungen; "" where nothing was counted."""
    if yes is None and no is None and abstentions is None:
        return ""
    held_back = abstentions or 0
    return f"{yes or 0} Ja, {no or 0} Nein, {held_back} {'Enthaltung' if held_back == 1 else 'Enthaltungen'}"


def taking_words(taking: Taking, yes: int | None, no: int | None, abstentions: int | None, *, chair: bool) -> str:
    """mit Stimmen: 8 Ja, 1 Nein, 2 Enthaltungen; Stichentscheid des Vorsitzes"""
    votes = "" if taking is Taking.CONSENSUS else votes_sentence(yes, no, abstentions)
    how = f"{TAKING_WORDS[taking]}: {votes}" if votes else TAKING_WORDS[taking]
    return f"{how}; Stichentscheid des Vorsitzes" if chair else how
