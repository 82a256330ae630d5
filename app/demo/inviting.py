"""The mails that ask everybody to hold the date of an invented meeting; they wait in the outbox of the demo."""

from app.db import ident
from app.demo.stage import Stage
from app.invitations.schemas import SendIn
from app.invitations.service.letters import load_stationery
from app.invitations.service.planning import plan_dispatch
from app.invitations.service.sending import dispatch_mails, write_mails
from app.meetings.models import Meeting

NOTE = "Parkplätze am Rathaus sind knapp. Bitte kommen Sie mit Bus und Bahn."


def hold_the_date(stage: Stage, meeting: Meeting) -> None:
    """Terminvormerkung to everybody the preview names; nothing is released yet, so nothing is attached."""
    session, settings, secretary = stage.session, stage.settings, stage.secretary()
    plan = plan_dispatch(session, secretary, meeting, settings)
    wish = SendIn(preview=plan.seal, recipients=tuple(one.key for one in plan.addressees), note=NOTE)
    mails = write_mails(plan, load_stationery(session, meeting, settings), plan.addressees, note=NOTE)
    dispatch_mails(session, settings, secretary, ident(meeting), wish, mails)
