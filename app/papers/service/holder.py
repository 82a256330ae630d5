"""Whatever holds papers, opened by one person: what they see there and what they do, the same for every holder."""

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from sqlmodel import Session

from app.actor import Actor
from app.db import ident
from app.errors import Forbidden, NotFound, Refused
from app.papers.models import Paper, PaperVersion
from app.papers.queries import files_of, find_at, list_at
from app.papers.rules.showing import file_to_send, shown_held
from app.papers.schemas import FileToSend, FoundPaper, PaperChange, PaperIn, Place, ShownPaper, StoredFile, WithdrawIn
from app.papers.service import papers
from app.visibility import Level

WITHDRAWN = "Diese Unterlage ist zurückgezogen. Wenn Sie Fragen haben, wenden Sie sich an die Geschäftsstelle."


class PaperHolder(ABC):
    """The papers of a meeting with its items, a project, a registered topic or an entry of the backlog, for one actor.

    Before a change the caller locks what holds them and then opens it. A paper that the actor does not see is unknown;
    one that they see and may not change is forbidden.
    """

    def __init__(self, session: Session, actor: Actor, place: Place) -> None:
        self.session, self.actor, self.place = session, actor, place

    # what the owners say

    @abstractmethod
    def require_change(self) -> None:
        """Refuse people who may not add or change papers here, and times at which nobody may."""

    @abstractmethod
    def knows_versions(self) -> bool:
        """Whether the actor gets earlier files beside the newest."""

    def gets_withdrawn(self) -> bool:
        """Whether the actor gets the files of withdrawn papers."""
        return self.knows_versions()

    def require_withdraw(self) -> None:
        """Refuse people who may not withdraw papers here."""
        self.require_change()

    def reads(self, paper: Paper) -> bool:  # noqa: ARG002 - owners look at it
        """Whether the actor sees the paper at all; everybody who opens the holder does, unless it says otherwise."""
        return True

    def levels(self) -> tuple[Level, ...]:
        """The levels that the actor may give papers here."""
        return tuple(Level)

    def check(self, wish: PaperIn | PaperChange) -> None:  # noqa: B027 - most holders refuse nothing
        """Refuse what the actor may not say of a paper here (Invalid)."""

    def touched(self, place: Place) -> None:  # noqa: B027 - most owners know nothing of their papers
        """What a change of papers at *place* means for their owner."""

    # reading

    @property
    def may_change(self) -> bool:
        """Whether ``require_change`` lets the actor pass, for pages."""
        return _passes(self.require_change)

    @property
    def may_withdraw(self) -> bool:
        """Whether ``require_withdraw`` lets the actor pass, for pages."""
        return _passes(self.require_withdraw)

    def shown(self) -> list[ShownPaper]:
        """The papers that the actor sees, in their order."""
        held = [one for one in list_at(self.session, self.place) if self.reads(one.paper)]
        ids = [ident(one.paper) for one in held]
        files = files_of(self.session, ids) if ids and self.knows_versions() else {}
        return [
            dataclasses.replace(
                shown_held(one, files.get(ident(one.paper), ()), position=number, released=one.file.version),
                may_download=self.gets_withdrawn() or not one.paper.withdrawn,
            )
            for number, one in enumerate(held, 1)
        ]

    def find(self, paper_id: int) -> FoundPaper:
        """One paper with its place; NotFound for unknown and invisible alike."""
        held = find_at(self.session, self.place.link, self.place.column, [self.place.owner_id], paper_id)
        if held is None or not self.reads(held.paper):
            raise NotFound()
        return FoundPaper(self.place, held)

    def file(self, paper_id: int, version: int | None = None) -> FileToSend:
        """The named version of a paper's file, else the newest: NotFound for what is not the actor's."""
        held = self.find(paper_id).held
        if held.paper.withdrawn and not self.gets_withdrawn():
            raise Forbidden(WITHDRAWN)
        wanted = version or held.file.version
        if wanted == held.file.version:
            return file_to_send(held.file)
        files = files_of(self.session, [paper_id])[paper_id] if self.knows_versions() else []
        chosen = next((one for one in files if one.version == wanted), None)
        if chosen is None:
            raise NotFound()
        return file_to_send(chosen)

    # changing

    def add(self, files: Sequence[StoredFile], wish: PaperIn, at: Place | None = None) -> list[Paper]:
        """New papers, one for each file, all or none; *at* a part of the holder instead of the whole."""
        self.require_change()
        self.check(wish)
        place = at or self.place
        added = papers.add_papers(self.session, self.actor, place, files, wish)
        self.touched(place)
        return added

    def add_version(self, paper_id: int, file: StoredFile) -> PaperVersion:
        """A new file of a paper; the earlier ones stay."""
        found = self._to_change(paper_id)
        made = papers.add_paper_version(self.session, self.actor, found.place, found.held, file)
        self.touched(found.place)
        return made

    def change(self, paper_id: int, wish: PaperChange, *, expected: int | None = None) -> Paper:
        """Rename a paper, change its level, kind or further fields."""
        found = self._to_change(paper_id)
        self.check(wish)
        paper = papers.change_paper(self.session, self.actor, found.place, found.held.paper, wish, expected=expected)
        self.touched(found.place)
        return paper

    def move(self, paper_id: int, *, steps: int) -> None:
        """Up (negative) or down within its place."""
        found = self._to_change(paper_id)
        papers.move_paper(self.session, self.actor, found.place, found.held.paper, steps=steps)
        self.touched(found.place)

    def transfer(self, paper_id: int, to: Place) -> None:
        """To another part of the holder."""
        found = self._to_change(paper_id)
        papers.transfer_paper(self.session, self.actor, found.place, to, found.held.paper)
        self.touched(to)

    def withdraw(self, paper_id: int, wish: WithdrawIn) -> Paper:
        """Withdraw a paper: its file is closed, also an earlier one, and also where it was released."""
        found = self.find(paper_id)
        self.require_withdraw()
        paper = papers.withdraw_paper(self.session, self.actor, found.place, found.held.paper, wish)
        self.touched(found.place)
        return paper

    def _to_change(self, paper_id: int) -> FoundPaper:
        found = self.find(paper_id)
        self.require_change()
        return found


def _passes(require: Callable[[], None]) -> bool:
    try:
        require()
    except (Forbidden, Refused):
        return False
    return True
