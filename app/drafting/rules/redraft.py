"""Drafting again: what changes in the stored proposals, and what is only said because hands have touched it."""

from collections.abc import Iterable
from dataclasses import replace

from app import text
from app.agenda.models import ProposalState
from app.agenda.rules.words import SECTION_WORDS
from app.drafting.schemas import Change, ChangeKind, ExistingProposal, Proposal, Reason


def redraft(existing: Iterable[ExistingProposal], drafted: Iterable[Proposal]) -> list[Change]:
    """The changes that bring the stored proposals to the new draft, in its order, then what vanished.

    Open ones are updated, with vanished reasons kept as "entfallen". Accepted and edited ones are never touched: a
    difference is said (none said = none there). Rejected ones stay rejected unless a new rule joined; then they are
    open again with the texts that hands gave them. Applying the changes and drafting the same again gives no change
    but the same differences.
    """
    stored = {found.proposal.key: found for found in existing}
    changes = []
    keys = set()
    for proposal in drafted:
        keys.add(proposal.key)
        found = stored.get(proposal.key)
        change = Change(ChangeKind.ADDED, proposal.key, proposal) if found is None else _again(found, proposal)
        if change:
            changes.append(change)
    for key in sorted(stored.keys() - keys, key=text.number_key):
        change = _vanished(stored[key])
        if change:
            changes.append(change)
    return changes


def _again(found: ExistingProposal, proposal: Proposal) -> Change | None:
    old, key = found.proposal, proposal.key
    if _kept_by_hand(found):
        difference = _difference(old, proposal)
        return Change(ChangeKind.DIFFERS, key, old, difference) if difference else None
    merged = replace(proposal, reasons=(*proposal.reasons, *_lost(old, proposal)))
    if found.edited:
        merged = _with_texts(merged, old)
    if found.state is ProposalState.REJECTED:
        return Change(ChangeKind.REOPENED, key, merged) if proposal.rules - old.rules else None
    if found.state is ProposalState.VANISHED:
        return Change(ChangeKind.REOPENED, key, merged)
    return Change(ChangeKind.UPDATED, key, merged) if _content(merged) != _content(old) else None


def _vanished(found: ExistingProposal) -> Change | None:
    old = found.proposal
    if found.state in (ProposalState.REJECTED, ProposalState.VANISHED):
        return None
    if _kept_by_hand(found):
        said = "; ".join(gone(reason).text for reason in old.reasons)
        return Change(ChangeKind.DIFFERS, old.key, old, said) if said else None
    reasons = tuple(gone(reason) for reason in old.reasons)
    return Change(ChangeKind.VANISHED, old.key, replace(old, reasons=reasons, score=0, fits=False))


def _kept_by_hand(found: ExistingProposal) -> bool:
    return found.state is ProposalState.ACCEPTED or (found.edited and found.state is ProposalState.OPEN)


def _with_texts(drafted: Proposal, hands: Proposal) -> Proposal:
    """*drafted* with what hands had edited."""
    return replace(
        drafted,
        title=hands.title,
        section=hands.section,
        kind=hands.kind,
        minutes=hands.minutes,
        level=hands.level,
        proposed_decision=hands.proposed_decision,
        presenter=hands.presenter,
        text=hands.occasion,
    )


def gone(reason: Reason) -> Reason:
    """*reason* marked as "entfallen"."""
    return reason if reason.gone else replace(reason, gone=True, text=f"entfallen: {reason.text}")


def _lost(old: Proposal, new: Proposal) -> tuple[Reason, ...]:
    """The reasons of *old* that no longer hold, marked so."""
    return tuple(gone(reason) for reason in old.reasons if reason.name not in new.rules)


def _difference(old: Proposal, new: Proposal) -> str:
    """What the new draft says otherwise about reasons and section; what hands may have edited is not compared."""
    before = {reason.name: reason for reason in old.reasons if not reason.gone}
    parts = []
    for reason in new.reasons:
        known = before.get(reason.name)
        if known is None:
            parts.append(f"neu: {reason.text}")
        elif known.text != reason.text:
            parts.append(f"jetzt: {reason.text}")
    parts += [reason.text for reason in _lost(old, new) if reason.name in before]
    if old.section is not new.section:
        parts.append(f"Abschnitt nach den Regeln jetzt: {SECTION_WORDS[new.section]}")
    return "; ".join(parts)


def _content(proposal: Proposal) -> tuple[object, ...]:
    """What is stored of a proposal; titles of its projects are shown from the projects."""
    ids = tuple(project.id for project in proposal.projects)
    return (
        proposal.section,
        proposal.kind,
        proposal.title,
        proposal.minutes,
        proposal.score,
        proposal.reasons,
        ids,
        proposal.mandatory,
        proposal.fits,
        proposal.taken_by,
        proposal.level,
        proposal.proposed_decision,
        proposal.presenter,
        proposal.occasion,
    )
