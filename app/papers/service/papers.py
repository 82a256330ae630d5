"""Papers at a place: add, give a new file, change, order, move, copy, withdraw. Rights and locks are the owner's."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.db import ident
from app.errors import Invalid, Refused, Stale
from app.history.models import Reach
from app.history.service import record, snapshot
from app.papers import queries
from app.papers.models import Paper, PaperVersion
from app.papers.rules.names import title_of
from app.papers.schemas import FIELDS_OF_A_SUBMISSION, HeldPaper, PaperChange, PaperIn, Place, StoredFile, WithdrawIn
from app.visibility import Level, highest

MOST_PAPERS = 200
SHOWN = ("kind", "title", "level", *FIELDS_OF_A_SUBMISSION)


def add_papers(session: Session, actor: Actor, place: Place, files: Sequence[StoredFile], wish: PaperIn) -> list[Paper]:
    """New papers at the end of *place*, one for each file, all or none.

    Invalid where the same bytes lie at the place already, or one title is meant for several files.
    """
    there = queries.list_at(session, place)
    _check(there, files, wish)
    position = queries.last_position(session, place)
    added = []
    for place_number, file in enumerate(files, position + 1):
        paper = Paper(
            kind=wish.kind,
            title=wish.title or title_of(file.name),
            level=wish.level or place.level,
            **_stamps(actor),
        )
        _hang(session, place, paper, place_number)
        _add_file(session, actor, paper, file, 1)
        _record(session, actor, "paper.add", place, paper, after=_told(paper, file.name, 1))
        added.append(paper)
    return added


def add_paper_version(session: Session, actor: Actor, place: Place, held: HeldPaper, file: StoredFile) -> PaperVersion:
    """A new file of the same paper; the earlier ones stay."""
    paper = held.paper
    _require_standing(paper)
    if file.key == held.file.file_key:
        raise Invalid({"files": f"„{file.name}“ ist dieselbe Datei wie Version {held.file.version}."})
    for other in queries.list_at(session, place):
        if other.paper.id != paper.id and _is_same(other, file):
            raise Invalid({"files": _already(other, file)})
    made = _add_file(session, actor, paper, file, held.file.version + 1)
    _stamp(paper, actor)
    session.add(paper)
    session.flush()
    before = {"file_name": held.file.file_name, "version": held.file.version}
    after = {"file_name": file.name, "version": made.version}
    _record(session, actor, "paper.version", place, paper, before=before, after=after)
    return made


def change_paper(
    session: Session, actor: Actor, place: Place, paper: Paper, wish: PaperChange, *, expected: int | None = None
) -> Paper:
    """Change title, kind, level and the further fields. Stale if the row is not the *expected* one."""
    if expected is not None and expected != paper.version:
        raise Stale(snapshot(paper, *SHOWN), f"{paper.changed_by or 'Jemand'} hat diese Unterlage inzwischen geändert.")
    before = snapshot(paper, *SHOWN)
    for name, value in wish.model_dump(exclude_unset=True).items():
        if value is not None:
            setattr(paper, name, value)
    after = snapshot(paper, *SHOWN)
    if after == before:
        return paper
    _stamp(paper, actor)
    session.add(paper)
    session.flush()
    secret = Level.CONFIDENTIAL in (before["level"], after["level"])
    _record(session, actor, "paper.change", place, paper, before=before, after=after, secret=secret)
    return paper


def move_paper(session: Session, actor: Actor, place: Place, paper: Paper, *, steps: int) -> None:
    """Up (negative) or down within its place."""
    order = [held.paper for held in queries.list_at(session, place)]
    old = order.index(paper)
    new = max(0, min(old + steps, len(order) - 1))
    if new == old:
        return
    order.insert(new, order.pop(old))
    for position, one in enumerate(order, 1):
        _set_link(session, place, one, position=position)
    _record(session, actor, "paper.move", place, paper, before={"position": old + 1}, after={"position": new + 1})


def transfer_paper(session: Session, actor: Actor, source: Place, target: Place, paper: Paper) -> None:
    """From one place to the end of another; within a link table the row stays, else it is written anew.

    Its level is never lowered on the way: see ``level_on_the_way``.
    """
    if (source.link, source.owner_id) == (target.link, target.owner_id):
        return
    paper.level = level_on_the_way(paper.level, source.level, target)
    position = queries.last_position(session, target) + 1
    if source.link is target.link:
        _set_link(session, source, paper, position=position, **{target.column: target.owner_id})
    else:
        session.execute(delete(source.link).where(source.link.paper_id == ident(paper)))
        session.add(target.link(paper_id=ident(paper), position=position, **{target.column: target.owner_id}))
    _stamp(paper, actor)
    session.add(paper)
    session.flush()
    _record(
        session,
        actor,
        "paper.transfer",
        target,
        paper,
        before={"owner": source.label},
        after={"owner": target.label},
        secret=Level.CONFIDENTIAL in (source.level, target.level),
    )


def transfer_all(session: Session, actor: Actor, source: Place, target: Place) -> None:
    """Every paper of one place to another, in their order."""
    for held in queries.list_at(session, source):
        transfer_paper(session, actor, source, target, held.paper)


def level_on_the_way(level: Level, source: Level, target: Place) -> Level:
    """The level of a paper that goes from an owner of level *source* to *target*.

    What comes from a confidential owner stays confidential, and it is at least what its new owner is, until somebody
    says otherwise.
    """
    kept = Level.CONFIDENTIAL if source is Level.CONFIDENTIAL else level
    return highest(kept, target.floor)


def copy_papers(
    session: Session, actor: Actor, sources: Sequence[HeldPaper], target: Place, *, source: Level
) -> list[Paper]:
    """The same papers with their newest files once more at *target*: each goes its own way from there.

    *source* is the level of the owner they come from; the copies are no more open than it was.
    """
    position = queries.last_position(session, target)
    copied = []
    for number, held in enumerate((one for one in sources if not one.paper.withdrawn), position + 1):
        file = held.file
        paper = Paper(**{name: getattr(held.paper, name) for name in SHOWN}, **_stamps(actor))
        paper.level = level_on_the_way(paper.level, source, target)
        _hang(session, target, paper, number)
        stored = StoredFile(key=file.file_key, name=file.file_name, media_type=file.media_type, size=file.size)
        _add_file(session, actor, paper, stored, 1)
        _record(session, actor, "paper.add", target, paper, after=_told(paper, file.file_name, 1))
        copied.append(paper)
    return copied


def withdraw_paper(session: Session, actor: Actor, place: Place, paper: Paper, wish: WithdrawIn) -> Paper:
    """The paper keeps its place with the reason, but nobody beside the secretariat gets its files any more."""
    _require_standing(paper)
    paper.withdrawn, paper.withdrawn_reason = True, wish.reason
    _stamp(paper, actor)
    session.add(paper)
    session.flush()
    _record(session, actor, "paper.withdraw", place, paper, reason=wish.reason)
    return paper


def _check(there: Sequence[HeldPaper], files: Sequence[StoredFile], wish: PaperIn) -> None:
    bad: dict[str, str] = {}
    if wish.title and len(files) > 1:
        bad["title"] = "Ein Titel passt nur zu einer Datei. Lassen Sie ihn leer, dann heißt jede wie ihr Dateiname."
    if len(there) + len(files) > MOST_PAPERS:
        bad["files"] = f"Hier liegen schon {len(there)} Unterlagen; mehr als {MOST_PAPERS} haben keinen Platz."
    seen: dict[str, str] = {}
    for number, file in enumerate(files):
        twin = next((one for one in there if _is_same(one, file)), None)
        if twin is not None:
            bad[f"files.{number}"] = _already(twin, file)
        elif file.key in seen:
            bad[f"files.{number}"] = f"„{file.name}“ ist dieselbe Datei wie „{seen[file.key]}“."
        seen.setdefault(file.key, file.name)
    if bad:
        raise Invalid(bad)


def _is_same(held: HeldPaper, file: StoredFile) -> bool:
    return not held.paper.withdrawn and held.file.file_key == file.key


def _already(held: HeldPaper, file: StoredFile) -> str:
    return f"„{file.name}“ liegt hier schon: als „{held.paper.title}“, Version {held.file.version}."


def _require_standing(paper: Paper) -> None:
    if paper.withdrawn:
        raise Refused(f"„{paper.title}“ ist schon zurückgezogen.")


def _hang(session: Session, place: Place, paper: Paper, position: int) -> None:
    session.add(paper)
    session.flush()
    session.add(place.link(paper_id=ident(paper), position=position, **{place.column: place.owner_id}))


def _add_file(session: Session, actor: Actor, paper: Paper, file: StoredFile, version: int) -> PaperVersion:
    made = PaperVersion(
        paper_id=ident(paper),
        version=version,
        file_key=file.key,
        file_name=file.name,
        media_type=file.media_type,
        size=file.size,
        uploaded_at=clock.now(),
        uploaded_by=actor.name,
    )
    session.add(made)
    session.flush()
    return made


def _set_link(session: Session, place: Place, paper: Paper, **values: Any) -> None:
    session.execute(update(place.link).where(place.link.paper_id == ident(paper)).values(**values))


def _stamps(actor: Actor) -> dict[str, Any]:
    now = clock.now()
    return {"created_at": now, "created_by": actor.name, "changed_at": now, "changed_by": actor.name}


def _stamp(paper: Paper, actor: Actor) -> None:
    """Who changed it when; the row's version rises, also where only its files or its place changed."""
    paper.changed_at, paper.changed_by = clock.now(), actor.name
    flag_modified(paper, "changed_at")


def _told(paper: Paper, file_name: str, version: int) -> dict[str, Any]:
    return {**snapshot(paper, "kind", "title", "level"), "file_name": file_name, "version": version}


def _record(
    session: Session,
    actor: Actor,
    verb: str,
    place: Place,
    paper: Paper,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    secret: bool = False,
) -> None:
    """In the history of the owner; what a confidential paper is called is a confidential matter."""
    secret = secret or Level.CONFIDENTIAL in (paper.level, place.level)
    record(
        session,
        actor,
        verb,
        place.thing,
        before=before,
        after=after,
        label=text.one_line(f"{place.label}: {paper.title}"),
        reason=reason,
        body_id=place.body_id,
        reach=Reach.CONFIDENTIAL if secret else place.reach,
    )
