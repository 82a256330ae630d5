"""Answering an invitation by the personal link in its mail, without a sign-in.

Looking at the page changes nothing, because programs that check mails follow every link in them; only the form does.
"""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.errors import Invalid, Refused
from app.invitations.schemas import AnswerIn
from app.invitations.service.answering import AnswerView, LinkState, answer_by_link, view_link
from app.request import CurrentDatabase, ReadSession, Submitted
from app.web.forms import Form, read_form, typed
from app.web.respond import done, keyed_page

router = APIRouter()

CHOICES = {"ja": "accepted", "nein": "declined", "vertretung": "represented"}


@router.get("/antwort/{key}")
def show_answer(request: Request, key: str, session: ReadSession, antwort: str = "") -> Response:
    """What the link asks; ``antwort`` (ja, nein, vertretung) is only ticked."""
    return _page(request, key, view_link(session, key), Form({"answer": CHOICES.get(antwort, "")}))


@router.post("/antwort/{key}")
def take_answer(request: Request, key: str, database: CurrentDatabase, submitted: Submitted) -> Response:
    """The answer."""
    values = typed(submitted)
    try:
        with database.write() as session:
            wish = read_form(AnswerIn, values)
            said = answer_by_link(session, key, wish)
    except (Invalid, Refused) as error:
        with database.read() as session:
            return _page(request, key, view_link(session, key), Form(values, error.by_field), status=error.status)
    return done(request, f"/antwort/{key}", f"Vielen Dank, Ihre Antwort ist eingetragen: {said}.")


def _page(request: Request, key: str, view: AnswerView, form: Form, *, status: int = 200) -> Response:
    if view.state is LinkState.GONE:
        status = 404
    return keyed_page(
        request,
        None,
        "invitations/answer.html",
        title="Einladung beantworten",
        status=status,
        key=key,
        view=view,
        form=form,
    )
