"""Forms of papers: files out of a submitted form, what was typed beside them, and the choices that the forms offer."""

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData, UploadFile

from app.config import Settings
from app.errors import Invalid, SkipError, Stale
from app.papers.rules.formats import ACCEPT, ALLOWED
from app.papers.rules.words import PAPER_KINDS, size_in_words
from app.papers.schemas import FIELDS_OF_A_SUBMISSION, PaperChange, PaperIn, ShownPaper, Upload, WithdrawIn
from app.papers.service.holder import PaperHolder
from app.papers.service.storing import MOST_FILES, store_uploads
from app.storage import Storage
from app.visibility import LEVEL_WORDS, Level
from app.web.forms import Form, read_form, typed_number

MOVES = {"up": -1, "down": 1}


def uploads_of(submitted: FormData) -> list[Upload]:
    """The files that came with the form; fields that stayed empty are left out."""
    return [
        Upload(one.filename, one.file)
        for one in submitted.getlist("files")
        if isinstance(one, UploadFile) and one.filename
    ]


def wish_of(values: Mapping[str, str]) -> PaperIn:
    """What was said about the files."""
    return read_form(PaperIn, {name: values.get(name, "") for name in ("kind", "title", "level")})


def change_of(values: Mapping[str, str]) -> PaperChange:
    """The typed fields of a paper."""
    names = ("kind", "title", "level", *FIELDS_OF_A_SUBMISSION)
    given = {name: values[name] for name in names if name in values}
    return read_form(PaperChange, given, keep_empty=("title", *FIELDS_OF_A_SUBMISSION))


def reason_of(values: Mapping[str, str]) -> WithdrawIn:
    """Why a paper is withdrawn."""
    return read_form(WithdrawIn, {"reason": values.get("reason", "")}, keep_empty=("reason",))


def steps_of(values: Mapping[str, str]) -> int:
    """One place up or down."""
    steps = MOVES.get(values.get("move", ""))
    if steps is None:
        raise Invalid({"": "Bitte wählen Sie, wohin die Unterlage soll."})
    return steps


def store(storage: Storage, submitted: FormData, settings: Settings) -> list[Any]:
    """The submitted files, looked into and stored; errors as in ``store_uploads``."""
    return store_uploads(storage, uploads_of(submitted), limit_mb=settings.upload_limit_mb)


def stored_one(storage: Storage, submitted: FormData, settings: Settings) -> Any:
    """The one submitted file of a new version."""
    if len(uploads_of(submitted)) > 1:
        raise Invalid({"files": "Eine neue Version ist eine einzelne Datei."})
    return store(storage, submitted, settings)[0]


def seen(values: Mapping[str, str]) -> int:
    """The version of the row that the form was made from; 0 for nonsense."""
    return typed_number(values.get("version", ""))


def form_of(values: Mapping[str, str], error: SkipError | None) -> Form:
    """The form once more; the sentences about single files stand one below the other at the field of files."""
    if error is None:
        return Form(values)
    if not isinstance(error, Invalid):
        return Form(values, {"": error.sentence})
    fields = {name: sentence for name, sentence in error.fields.items() if not name.startswith("files.")}
    bad = [sentence for name, sentence in error.fields.items() if name.startswith("files.")]
    if bad:
        fields["files"] = "\n".join([error.sentence, *bad])
    return Form(values, fields)


def stored_values(paper: ShownPaper) -> dict[str, Any]:
    """The fields of a paper as its form shows them."""
    return {"title": paper.title, "kind": paper.kind.value, "level": paper.level.value, **paper.fields}


def choices(settings: Settings) -> dict[str, Any]:
    """What the forms of papers offer, for their templates."""
    return {
        "paper_kinds": [(kind.value, word) for kind, word in PAPER_KINDS.items()],
        "paper_levels": [(level.value, LEVEL_WORDS[level]) for level in Level],
        "accept": ACCEPT,
        "allowed": ALLOWED,
        "limit": settings.upload_limit_mb,
        "most_files": MOST_FILES,
        **words(),
    }


def levels_of(holder: PaperHolder) -> list[tuple[str, str]]:
    """The levels that the actor may give papers of the holder, as (value, word)."""
    return [(level.value, LEVEL_WORDS[level]) for level in Level if level in holder.levels()]


def words() -> dict[str, Any]:
    """What lists of papers need to say what they show."""
    return {"kind_of_paper": PAPER_KINDS, "level_of_paper": LEVEL_WORDS, "size_in_words": size_in_words}


def is_stale(error: SkipError | None) -> str:
    """The sentence of a lost race, "" otherwise."""
    return error.sentence if isinstance(error, Stale) else ""
