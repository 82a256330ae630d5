"""German words of circular procedures."""

from collections.abc import Mapping

from app.circulars.models import BallotRole, CircularState, Vote

STATE_WORDS: Mapping[CircularState, str] = {
    CircularState.DRAFT: "Entwurf",
    CircularState.RUNNING: "läuft",
    CircularState.ADOPTED: "beschlossen",
    CircularState.FAILED: "gescheitert",
    CircularState.WITHDRAWN: "zurückgezogen",
}
VOTE_WORDS: Mapping[Vote, str] = {Vote.YES: "Ja", Vote.NO: "Nein", Vote.ABSTENTION: "Enthaltung"}
ROLE_WORDS: Mapping[BallotRole, str] = {
    BallotRole.MEMBER: "Mitglied",
    BallotRole.DEPUTY: "Stellvertretung",
    BallotRole.ON_BEHALF: "im Auftrag",
}


def procedure_word(agreed: bool) -> str:
    """einverstanden, widerspricht"""
    return "einverstanden" if agreed else "widerspricht"
