"""Where the papers of one holder are on the site: its address and its pages, as far as holders have them in common."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from sqlmodel import Session

from app.actor import Actor
from app.config import Settings
from app.errors import NotFound, SkipError
from app.papers.schemas import Place, ShownPaper
from app.papers.service.holder import PaperHolder
from app.text import counted
from app.web.forms import Form
from app.web.papers.paper_forms import choices, form_of, is_stale, levels_of, stored_values
from app.web.respond import page

EDIT = "Unterlage bearbeiten"
Values = dict[str, Any]


class Desk(ABC):
    """The pages of one holder's papers. ``address`` is that of the list, without the signs behind "#"."""

    address: str

    @abstractmethod
    def open(self, session: Session, actor: Actor, *, lock: bool = False) -> PaperHolder:
        """The holder, with *lock* for a change."""

    @abstractmethod
    def list_page(self, request: Request, holder: Any, values: Values, status: int) -> Response:
        """The page of all papers; *values* are those of the forms."""

    @abstractmethod
    def form_page(self, request: Request, holder: Any, values: Values, status: int) -> Response:
        """The page of one paper; *values* are those of the forms."""

    def owner_of(self, holder: Any, named: str) -> Place:  # noqa: ARG002 - most holders have no parts
        """The part of the holder that a form names; Invalid for an unknown one."""
        return holder.place  # type: ignore[no-any-return]

    def stored(self, paper: ShownPaper) -> dict[str, Any]:
        """The fields of a paper as its form shows them."""
        return stored_values(paper)

    def behind(self, place: Place) -> str:  # noqa: ARG002 - most holders have one list
        """Where on the list one lands after an upload to *place*."""
        return ""

    def said(self, holder: Any, count: int) -> str:  # noqa: ARG002 - most say the same
        """What is said after an upload."""
        return f"{counted(count, 'Unterlage liegt bereit', 'Unterlagen liegen bereit')}."

    def at(self, paper_id: int) -> str:
        """The place of one paper on the list."""
        return f"{self.address}#unterlage-{paper_id}"


def show_list(
    request: Request, session: Session, actor: Actor, settings: Settings, desk: Desk, form: Form, *, status: int = 200
) -> Response:
    """The papers of a holder, with the form for new ones for those who may."""
    holder = desk.open(session, actor)
    values = {"form": form, "may_upload": holder.may_change, "place": desk.address, "owners": [], **choices(settings)}
    values["paper_levels"] = levels_of(holder)
    return desk.list_page(request, holder, values, status)


def show_form(
    request: Request,
    session: Session,
    actor: Actor,
    settings: Settings,
    desk: Desk,
    paper_id: int,
    error: SkipError | None = None,
    *,
    change: Mapping[str, str] | None = None,
    renew: Mapping[str, str] | None = None,
    away: Mapping[str, str] | None = None,
) -> Response:
    """The forms of one paper; after a refusal with what was typed in one of them."""
    holder = desk.open(session, actor)
    paper = next((one for one in holder.shown() if one.id == paper_id), None)
    if paper is None:
        raise NotFound()
    if error is None:
        holder.require_change()
    stale, stored = is_stale(error), desk.stored(paper)
    values = {
        "paper": paper,
        "place": f"{desk.address}/{paper_id}",
        "back": desk.at(paper_id),
        "owners": [],
        "stale": stale,
        "stored": stored,
        "may_withdraw": holder.may_withdraw,
        "form": form_of({**stored, **(change or {})}, error if change is not None and not stale else None),
        "renew": form_of(renew or {}, error if renew is not None else None),
        "away": form_of(away or {}, error if away is not None else None),
        **choices(settings),
        "paper_levels": levels_of(holder),
    }
    return desk.form_page(request, holder, values, error.status if error else 200)


class OwnPages(Desk):
    """A desk whose pages stand alone below the page of the holder: ``crumbs`` lead there."""

    hint = ""
    """Who sees what lies here, said at the upload."""

    @abstractmethod
    def crumbs(self, holder: Any) -> tuple[tuple[str, str | None], ...]:
        """The way to the holder's page."""

    @abstractmethod
    def state(self, holder: Any) -> str:
        """The holder in words, below the title."""

    def note(self, holder: Any) -> str:  # noqa: ARG002 - few have one
        """What is to be known of the papers here and now."""
        return ""

    def list_page(self, request: Request, holder: Any, values: Values, status: int) -> Response:
        """The papers of the holder alone."""
        return page(
            request,
            holder.actor,
            "papers/list.html",
            title="Unterlagen",
            status=status,
            crumbs=(*self.crumbs(holder), ("Unterlagen", None)),
            state=self.state(holder),
            papers=holder.shown(),
            hint=self.hint,
            note=self.note(holder),
            **values,
        )

    def form_page(self, request: Request, holder: Any, values: Values, status: int) -> Response:
        """The forms of one paper alone."""
        crumbs = (*self.crumbs(holder), ("Unterlagen", self.address), (EDIT, None))
        return page(request, holder.actor, "papers/edit_alone.html", title=EDIT, status=status, crumbs=crumbs, **values)
