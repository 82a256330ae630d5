"""Reading the outbox."""

import datetime as dt
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app import clock
from app.actor import Actor, Role
from app.errors import NotFound
from app.links.models import PersonalLink
from app.outbox.models import Mail, MailAttachment, MailState, MailTry
from app.outbox.schemas import AttachedFile

OVER = (
    MailState.SENT,
    MailState.REFUSED,
    MailState.GIVEN_UP,
    MailState.UNCERTAIN,
    MailState.WITHHELD,
    MailState.CANCELLED,
)
MOST_PUT_OFF = 500


def readable_mails(actor: Actor) -> SelectOfScalar[Mail]:
    """Mails of bodies for their secretariat; mails about accounts, which belong to no body, for the administration."""
    seen: list[sa.ColumnElement[bool]] = [sa.false()]
    bodies = actor.bodies_of(Role.SECRETARIAT)
    if bodies is None:
        seen.append(col(Mail.body_id).is_not(None))
    elif bodies:
        seen.append(col(Mail.body_id).in_(sorted(bodies)))
    if actor.is_admin:
        seen.append(col(Mail.body_id).is_(None))
    return select(Mail).where(sa.or_(*seen))


def get_mail(session: Session, actor: Actor, mail_id: int) -> Mail:
    """One mail; NotFound for unknown and invisible alike."""
    found = session.exec(readable_mails(actor).where(Mail.id == mail_id)).first()
    if found is None:
        raise NotFound()
    return found


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
    return dict(row.tuple() for row in rows)


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
    return dict(row.tuple() for row in rows)
