"""German words for what became of a proposal."""

from collections.abc import Mapping

from app.agenda.models import ProposalState

STATE_WORDS: Mapping[ProposalState, str] = {
    ProposalState.OPEN: "offen",
    ProposalState.ACCEPTED: "übernommen",
    ProposalState.REJECTED: "abgelehnt",
    ProposalState.VANISHED: "entfallen",
}
