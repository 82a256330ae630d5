"""Plain values of invitations: what the next dispatch would be, and the wishes of people."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.attendance.models import Answer
from app.calendars.schemas import Answered
from app.invitations.models import DispatchMethod, InvitationDispatch, RecipientRole
from app.outbox.schemas import Mailbox
from app.validation import Line, Prose, RowId

_STRICT = ConfigDict(extra="forbid", str_strip_whitespace=True)


@dataclass(frozen=True, slots=True)
class Document:
    """A frozen document that a recipient may have: ``digest`` is the hash of its values, ``address`` its page.

    ``too_large``: it would be attached, but does not fit into a mail.
    """

    title: str
    file_name: str
    digest: str
    address: str
    too_large: bool = False


@dataclass(frozen=True, slots=True)
class OwnItem:
    """An item to which a guest is invited: "TOP 4.1", its title ("" where no mail may name it), its planned time."""

    number: str
    title: str
    time: str


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody whom the next dispatch would tell. ``key`` stands for the address in forms.

    ``attached`` comes with the mail, ``linked`` is only named with its address. ``standing`` is what was answered so
    far, in words, ``told`` when and with which version the person was told last ("" = never). ``chosen``: ticked.
    """

    key: str
    role: RecipientRole
    method: DispatchMethod
    name: str
    address: str
    salutation: str
    where: str
    person_id: int | None = None
    seat_id: int | None = None
    edition: str = ""
    edition_word: str = ""
    answers: bool = False
    answered: Answered = Answered.OPEN
    standing: str = ""
    told: str = ""
    chosen: bool = True
    inside: bool = False
    items: tuple[OwnItem, ...] = ()
    titles: tuple[str, ...] = ()
    attached: tuple[Document, ...] = ()
    linked: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What the next dispatch would be. ``seal`` is the fingerprint of all that the preview shows.

    ``changes`` since the ``last`` dispatch, in words; ``unreachable`` says who cannot be told by mail, and why.
    """

    meeting_id: int
    method: DispatchMethod
    sequence: int
    version: int | None
    kind: str
    changes: tuple[str, ...]
    addressees: tuple[Addressee, ...]
    unreachable: tuple[str, ...]
    last: InvitationDispatch | None
    sender: Mailbox
    real_sender: bool
    seal: str


class SendIn(BaseModel):
    """The confirmation: the fingerprint of the preview that was seen, who gets the mail, and a note for all."""

    model_config = _STRICT

    preview: Annotated[Line, Field(min_length=1, max_length=64)]
    recipients: Annotated[tuple[Annotated[str, Field(max_length=64)], ...], Field(max_length=500)] = ()
    note: Annotated[Prose, Field(max_length=2000)] = ""


class AnswerIn(BaseModel):
    """An answer by a personal link: for a seat of the person, or (without one) as a guest."""

    model_config = _STRICT

    seat: RowId | None = None
    answer: Answer
    deputy: RowId | None = None
    deputy_name: Annotated[Line, Field(max_length=200)] = ""
    note: Annotated[Line, Field(max_length=500)] = ""
