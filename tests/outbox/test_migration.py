"""Migration 0022 on a database with mails: their files are named anew, nothing else is lost."""

import sqlalchemy as sa
from sqlmodel import select

from app.migrating import downgrade, upgrade
from app.outbox.models import MailAttachment, MailState
from app.outbox.schemas import AttachedFile


def test_mails_and_their_files_stay(own_house):
    mail_id = own_house.post(files=[AttachedFile("a.pdf", "application/pdf", "a" * 64)])
    downgrade(own_house.database, "0021")
    with own_house.database.engine.connect() as connection:
        assert "mail_try" not in sa.inspect(connection).get_table_names()
        assert connection.execute(sa.text("SELECT hash FROM mail_attachment")).scalars().all() == ["a" * 64]
    upgrade(own_house.database)
    with own_house.database.read() as session:
        assert [one.file_key for one in session.exec(select(MailAttachment))] == ["a" * 64]
    mail = own_house.mail(mail_id)
    assert (mail.state, mail.retries, mail.next_try_at) == (MailState.WAITING, 0, None)
