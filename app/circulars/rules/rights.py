"""Who may do what with a circular procedure (domain §6)."""

from app.actor import Actor, Role
from app.circulars.models import Circular, CircularState
from app.visibility import Matter, reads

ENDED = (CircularState.ADOPTED, CircularState.FAILED)


def may_run(actor: Actor, circular: Circular) -> bool:
    """Whether the actor prepares, starts, withdraws and establishes it: the secretariat of its body."""
    return actor.has(Role.SECRETARIAT, circular.body_id)


def sees_tally(actor: Actor, circular: Circular) -> bool:
    """Whether the actor sees who answered what: secretariat and chair always, readers once it has ended."""
    return circular.state in ENDED or reads(actor, Matter.DRAFT, circular.body_id)
