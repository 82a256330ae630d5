"""Reading the outbox."""

import datetime as dt
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app import clock, keyset
from app.actor import Actor, Role
from app.db import ident
from app.errors import NotFound
from app.links.models import PersonalLink
from app.outbox.models import Mail, MailAttachment, MailState, MailTry
from app.outbox.schemas import AttachedFile, MailFilter, MailLine, MailPage

OVER = (
    MailState.SENT,
    MailState.REFUSED,
    MailState.GIVEN_UP,
    MailState.UNCERTAIN,
    MailState.WITHHELD,
    MailState.CANCELLED,
)
UNDELIVERED = (MailState.REFUSED, MailState.GIVEN_UP, MailState.UNCERTAIN)
MOST_PUT_OFF = 500
PAGE_SIZE = 100


def readable_clause(actor: Actor) -> sa.ColumnElement[bool]:
    """Mails of bodies for their secretariat; mails about accounts, which belong to no body, for the administration."""
    seen: list[sa.ColumnElement[bool]] = [sa.false()]
    bodies = actor.bodies_of(Role.SECRETARIAT)
    if bodies is None:
        seen.append(col(Mail.body_id).is_not(None))
    elif bodies:
        seen.append(col(Mail.body_id).in_(sorted(bodies)))
    if actor.is_admin:
        seen.append(col(Mail.body_id).is_(None))
    return sa.or_(*seen)


def readable_mails(actor: Actor) -> SelectOfScalar[Mail]:
    """The mails that the actor reads; see :func:`readable_clause`."""
    return select(Mail).where(readable_clause(actor))


def get_mail(session: Session, actor: Actor, mail_id: int) -> Mail:
    """One mail; NotFound for unknown and invisible alike."""
    found = session.exec(readable_mails(actor).where(Mail.id == mail_id)).first()
    if found is None:
        raise NotFound()
    return found


def list_mails(
    session: Session,
    actor: Actor,
    wish: MailFilter,
    *,
    after: str | None = None,
    before: str | None = None,
    limit: int | None = PAGE_SIZE,
) -> MailPage:
    """A page of the readable mails, the newest first; two queries. ``limit`` None: all of them.

    The counts leave the wished state aside, so that they lead from one to the other.
    """
    readable = sa.select(col(Mail.id)).where(readable_clause(actor), *_wished(wish))
    of_state = [] if wish.state is None else [col(Mail.state) == wish.state]
    statement = sa.select(Mail).where(col(Mail.id).in_(readable), *of_state)
    newest_first: keyset.Order = [(sa.type_coerce(col(Mail.id), sa.Integer), True)]
    rows = keyset.page(session, statement, newest_first, after=after, before=before, limit=limit)
    counts = session.execute(
        sa.select(col(Mail.state), sa.func.count()).where(col(Mail.id).in_(readable)).group_by(col(Mail.state))
    ).all()
    return MailPage(
        lines=tuple(line_of(row[0]) for row in rows.found),
        counts={state: count for state, count in counts},  # noqa: C416
        previous=rows.previous,
        next=rows.next,
    )


def count_undelivered(session: Session, actor: Actor, since: dt.datetime) -> int:
    """How many readable mails of bodies, written since then, were refused, given up, or are uncertain."""
    statement = sa.select(sa.func.count()).where(
        readable_clause(actor),
        col(Mail.body_id).is_not(None),
        col(Mail.state).in_(UNDELIVERED),
        col(Mail.created_at) >= since,
    )
    found: int = session.execute(statement).scalar_one()
    return found


def list_kinds(session: Session, actor: Actor) -> list[str]:
    """The kinds of the readable mails."""
    return sorted(session.execute(sa.select(col(Mail.kind)).where(readable_clause(actor)).distinct()).scalars())


def _wished(wish: MailFilter) -> list[sa.ColumnElement[bool]]:
    asked = ((col(Mail.body_id), wish.body_id), (col(Mail.meeting_id), wish.meeting_id), (col(Mail.kind), wish.kind))
    return [column == value for column, value in asked if value]


def line_of(mail: Mail) -> MailLine:
    """A mail as a line of the log."""
    return MailLine(
        id=ident(mail),
        kind=mail.kind,
        subject=mail.subject if mail.body_id is not None and not mail.secret else "",
        name=mail.name,
        address=mail.address,
        body_id=mail.body_id,
        meeting_id=mail.meeting_id,
        state=mail.state,
        attempts=mail.attempts,
        created_at=mail.created_at,
        sent_at=mail.sent_at,
        next_try_at=mail.next_try_at,
        answer=mail.answer,
    )


def find_mail_of(session: Session, dedupe_key: str) -> Mail | None:
    """The mail that this occasion gave already."""
    return session.exec(select(Mail).where(Mail.dedupe_key == dedupe_key)).first()


def lock_mail(session: Session, mail_id: int) -> Mail | None:
    """One mail as it stands now, locked until the commit."""
    statement = select(Mail).where(Mail.id == mail_id).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).first()


def _due(now: dt.datetime) -> SelectOfScalar[Mail]:
    return (
        select(Mail)
        .where(
            Mail.state == MailState.WAITING,
            sa.or_(col(Mail.next_try_at).is_(None), col(Mail.next_try_at) <= now),
        )
        .order_by(col(Mail.id))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )


def lock_next_due(session: Session, now: dt.datetime) -> Mail | None:
    """The oldest mail whose time has come and that nobody holds, locked."""
    return session.exec(_due(now).limit(1)).first()


def lock_all_due(session: Session, now: dt.datetime) -> Sequence[Mail]:
    """All mails whose time has come and that nobody holds, locked; at most 500."""
    return session.exec(_due(now).limit(MOST_PUT_OFF)).all()


def open_try(session: Session, mail: Mail) -> MailTry | None:
    """The try that has not ended."""
    return session.exec(
        select(MailTry).where(
            MailTry.mail_id == mail.id, MailTry.number == mail.attempts, col(MailTry.ended_at).is_(None)
        )
    ).first()


def tries_of(session: Session, mail_id: int) -> Sequence[MailTry]:
    """All tries of a mail, the first one first."""
    return session.exec(select(MailTry).where(MailTry.mail_id == mail_id).order_by(col(MailTry.number))).all()


def files_of(session: Session, mail: Mail) -> list[AttachedFile]:
    """What the mail carries, in its order; files that are no longer kept have no hash."""
    rows = session.exec(
        select(MailAttachment).where(MailAttachment.mail_id == mail.id).order_by(col(MailAttachment.position))
    ).all()
    return [AttachedFile(row.name, row.media_type, row.file_key) for row in rows]


def links_of(session: Session, mail: Mail) -> Mapping[int, str]:
    """The nonces of the mail's personal links that still work, by their ids."""
    wanted = [one for one in (mail.link_id, mail.unsubscribe_id) if one is not None]
    if not wanted:
        return {}
    rows = session.execute(
        sa.select(col(PersonalLink.id), col(PersonalLink.nonce)).where(
            col(PersonalLink.id).in_(wanted),
            col(PersonalLink.revoked_at).is_(None),
            sa.or_(col(PersonalLink.expires_at).is_(None), col(PersonalLink.expires_at) > clock.now()),
        )
    ).all()
    return {link_id: nonce for link_id, nonce in rows}  # noqa: C416


def unfinished(session: Session) -> Sequence[Mail]:
    """The mails that wait or are on their way."""
    return session.exec(
        select(Mail).where(col(Mail.state).in_([MailState.WAITING, MailState.SENDING])).order_by(col(Mail.id))
    ).all()


def lock_texts_before(session: Session, before: dt.datetime, most: int) -> Sequence[Mail]:
    """Mails that are over, written before *before*, whose texts are still kept; locked."""
    return session.exec(
        select(Mail)
        .where(col(Mail.state).in_(OVER), Mail.created_at < before, col(Mail.texts_erased_at).is_(None))
        .order_by(col(Mail.id))
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()


def forget_files(session: Session, mail_ids: Sequence[int]) -> None:
    """Let go of the files of these mails: their names stay, the sweep may take the bytes."""
    session.execute(sa.update(MailAttachment).where(col(MailAttachment.mail_id).in_(mail_ids)).values(file_key=""))


def count_by_state(session: Session) -> dict[MailState, int]:
    """How many mails stand in each state, for the operator."""
    rows = session.execute(sa.select(col(Mail.state), sa.func.count()).group_by(col(Mail.state))).all()
    return {state: count for state, count in rows}  # noqa: C416
