"""What a body's secretariat does with the sections of its agenda: titles, minutes, standing points, order."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from app.actor import Actor
from app.bodies import queries, rules
from app.bodies.models import Body, Section
from app.bodies.schemas import SectionIn
from app.db import ident
from app.errors import Forbidden, Invalid
from app.history.service import record


def change_sections(session: Session, actor: Actor, body: Body, wishes: Sequence[SectionIn]) -> None:
    """Set the sections in this order; the caller has locked the body.

    Invalid where a section comes twice or is unknown, or where one would vanish under which something stands.
    """
    if not rules.may_change(actor, ident(body)):
        raise Forbidden("Die Abschnitte ändert die Geschäftsstelle des Gremiums.")
    stored = {one.key: one for one in queries.list_sections(session, ident(body))}
    _check(session, body, stored, wishes)
    before = [section_words(one) for one in stored.values()]
    after = [section_words(one) for one in wishes]
    if before == after:
        return
    wanted = {one.key for one in wishes}
    for key, row in stored.items():
        if key not in wanted:
            session.delete(row)
    for position, wish in enumerate(wishes, 1):
        row = stored.get(wish.key) or Section(body_id=ident(body), key=wish.key, title="", position=0, minutes=0)
        row.title, row.position, row.minutes = wish.title, position, wish.minutes
        row.minutes_in_all = wish.minutes_in_all
        row.standing = "\n".join(line.strip() for line in wish.standing.split("\n") if line.strip())
        session.add(row)
    session.flush()
    record(
        session,
        actor,
        "body.sections",
        body,
        before={"sections": before},
        after={"sections": after},
        label=body.short_name,
        body_id=ident(body),
    )


def section_words(section: Any) -> str:
    """A section, stored or wished, as the history tells it: "Beratung, 10 Minuten je Punkt"."""
    minutes = f"{section.minutes} Minuten {'insgesamt' if section.minutes_in_all else 'je Punkt'}"
    points = ", ".join(line.strip() for line in section.standing.split("\n") if line.strip())
    return f"{section.title}, {minutes}" + (f" ({points})" if points else "")


def _check(session: Session, body: Body, stored: dict[str, Section], wishes: Sequence[SectionIn]) -> None:
    errors: dict[str, str] = {}
    seen: set[str] = set()
    for place, wish in enumerate(wishes):
        if wish.key not in rules.SECTION_KEYS or wish.key in seen:
            errors[f"sections.{place}.title"] = "Diesen Abschnitt gibt es nicht, oder er kommt doppelt vor."
        seen.add(wish.key)
    if not wishes:
        errors[""] = "Eine Tagesordnung braucht mindestens einen Abschnitt."
    gone = [one for key, one in stored.items() if key not in seen]
    used = queries.used_sections(session, ident(body)) if gone else set()
    for one in gone:
        if one.key in used:
            errors[""] = (
                f"„{one.title}“ wird gebraucht: Punkte, Vorschläge oder Einträge im Themenspeicher stehen darin. "
                "Der Abschnitt bleibt; leer gelassen wird er nicht gedruckt."
            )
    if errors:
        raise Invalid(errors)
