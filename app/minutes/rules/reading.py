"""Which edition of minutes a reader gets (domain §6), as pure functions."""

from app.actor import Actor
from app.agenda.models import Edition
from app.agenda.rules.reading import edition_of
from app.minutes.models import MinutesState
from app.minutes.schemas.frozen import EDITIONS

_SMALLER = {
    Edition.FULL: EDITIONS,
    Edition.NON_CONFIDENTIAL: (Edition.NON_CONFIDENTIAL, Edition.PUBLIC),
    Edition.PUBLIC: (Edition.PUBLIC,),
}


def own_edition(actor: Actor, body_id: int, state: MinutesState, *, attended: bool, published: bool) -> Edition | None:
    """The edition that a reader gets unasked.

    Who sat there keeps the edition without confidential matters after the end of the term; everybody else reads what
    is *published*. None: nothing.
    """
    own = edition_of(actor, body_id)
    if own is not None:
        return own
    if state is MinutesState.APPROVED and attended:
        return Edition.NON_CONFIDENTIAL
    return Edition.PUBLIC if published else None


def may_read(own: Edition | None, which: Edition) -> bool:
    """Whether a reader with the edition *own* may ask for *which*: their own or a smaller one."""
    return own is not None and which in _SMALLER.get(own, ())


def edition_named(named: str) -> Edition | None:
    """The edition of minutes that *named* means, None for an unknown one."""
    return next((one for one in EDITIONS if one.value == named), None)


def keeps_names(own: Edition | None) -> bool:
    """Whether a reader of *own* is told who wrote something: the public edition names nobody."""
    return own is not None and own is not Edition.PUBLIC
