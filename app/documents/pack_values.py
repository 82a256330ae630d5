"""What goes into a meeting pack, as plain values: the agenda of one edition and the papers that its reader may take."""

import datetime as dt

from sqlmodel import Session

from app.actor import Actor
from app.agenda.rules.reading import EditionKey, key_of
from app.agenda.schemas.frozen import AgendaValues, FrozenPaper, FrozenValues, canonical, enclosed, hash_values
from app.agenda.service.shown_papers import PaperGroup, groups_of
from app.documents.choosing import Chosen, choose_agenda
from app.meetings.models import Meeting
from app.papers.models import PaperKind
from app.papers.rules.words import PAPER_KINDS
from app.papers.schemas import ShownPaper

FORMAT = 1
WITHDRAWN = "ist zurückgezogen"
CONFIDENTIAL = "ist vertraulich und nicht in dieser Mappe"


class PackPaper(FrozenValues):
    """A paper of the pack; ``barred`` says why its file is not in it although the agenda names it."""

    id: int
    kind: str
    title: str
    file_name: str
    media_type: str
    size: int
    hash: str
    address: str
    barred: str = ""


class PackItem(FrozenValues):
    """An item of the agenda with its papers."""

    number: str
    title: str
    withdrawn: bool = False
    papers: tuple[PackPaper, ...] = ()


class PackValues(FrozenValues):
    """A pack. ``agenda`` is the hash of the agenda's canonical values, ``papers`` are those of the whole meeting.

    Equal values give an equal pack, so their hash names it. ``version`` 0 is a draft.
    """

    format: int = FORMAT
    demo: bool
    body: str
    body_short: str
    label: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str
    letterhead: tuple[str, ...]
    sender: str
    reference: str
    version: int
    edition: str
    edition_word: str
    made_at: dt.datetime
    agenda: str
    papers: tuple[PackPaper, ...] = ()
    items: tuple[PackItem, ...] = ()

    @property
    def content_hash(self) -> str:
        """What tells this pack from every other."""
        return hash_values(canonical(self))


def choose_pack(
    session: Session, actor: Actor, meeting: Meeting, *, base_url: str, named: str = "", version: int | None = None
) -> tuple[Chosen, PackValues]:
    """The agenda that ``choose_agenda`` gives this reader, and the pack around it; the same are refused.

    Papers come as the agenda encloses them; what was withdrawn or made confidential since then is named and left out.
    """
    chosen = choose_agenda(session, actor, meeting, named=named, version=version)
    return chosen, pack_values(chosen.values, groups_of(session, actor, meeting, chosen.values), base_url=base_url)


def pack_values(values: AgendaValues, groups: list[PaperGroup], *, base_url: str) -> PackValues:
    """The pack around *values* with the papers of *groups*, which hold how they stand now."""
    home = f"{base_url.rstrip('/')}/sitzungen/{values.meeting.id}/unterlagen"
    shown = {(group.item_id, paper.id): paper for group in groups for paper in group.papers}

    def papers_of(frozen: tuple[FrozenPaper, ...], item_id: int | None = None) -> tuple[PackPaper, ...]:
        return tuple(_paper(values, one, shown[item_id, one.id], home) for one in frozen)

    key: EditionKey = key_of(values.edition, values.guest)
    return PackValues(
        demo=values.demo,
        body=values.body.name,
        body_short=values.body.short_name,
        label=values.meeting.label,
        starts_at=values.meeting.starts_at,
        ends_at=values.meeting.ends_at,
        place=values.meeting.place,
        letterhead=values.letterhead,
        sender=values.sender,
        reference=values.reference,
        version=values.version,
        edition=str(key),
        edition_word=key.word,
        made_at=values.released_at or values.meeting.changed_at,
        agenda=hash_values(canonical(values)),
        papers=papers_of(values.papers),
        items=tuple(
            PackItem(
                number=item.number,
                title=item.title,
                withdrawn=item.withdrawn,
                papers=() if item.withdrawn else papers_of(item.papers, item.id),
            )
            for section in values.sections
            for item in section.items
        ),
    )


def _paper(values: AgendaValues, frozen: FrozenPaper, shown: ShownPaper, home: str) -> PackPaper:
    """The edition decides by the level of today: who asks for a smaller edition gets no more than its readers."""
    standing = frozen.model_copy(update={"level": shown.level})
    barred = ""
    if shown.withdrawn:
        barred = WITHDRAWN
    elif not shown.may_download or not enclosed((standing,), values.edition):
        barred = CONFIDENTIAL
    return PackPaper(
        id=frozen.id,
        kind=PAPER_KINDS[PaperKind(frozen.kind)],
        title=frozen.title,
        file_name=frozen.file_name,
        media_type=frozen.media_type,
        size=frozen.size,
        hash=frozen.hash,
        address=f"{home}/{frozen.id}?version={frozen.version}",
        barred=barred,
    )
