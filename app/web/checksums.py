"""Which document a checksum belongs to: a page that needs only the signs in a document's footer."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.documents.identifying import Identified, IdentifiedLetter, cleaned_hash, identify, identify_letters
from app.errors import Invalid
from app.request import CurrentActor, ReadSession
from app.web.forms import Form
from app.web.respond import page

router = APIRouter()


@router.get("/pruefsumme")
def show_checksum(request: Request, session: ReadSession, actor: CurrentActor, hash: str = "") -> Response:
    """The form, and below it what was found; unknown documents and those of others look alike."""
    form, asked = Form({"hash": hash}), False
    found, letters = list[Identified](), list[IdentifiedLetter]()
    if hash:
        try:
            prefix, asked = cleaned_hash(hash), True
            found, letters = identify(session, actor, prefix), identify_letters(session, actor, prefix)
        except Invalid as error:
            form = Form({"hash": hash}, dict(error.fields))
    return page(
        request,
        actor,
        "checksums/show.html",
        title="Prüfsumme nachschlagen",
        status=422 if form.errors else 200,
        form=form,
        found=found,
        letters=letters,
        asked=asked,
    )
