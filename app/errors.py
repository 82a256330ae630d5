"""Errors that a person may see: each has an HTTP status and one German sentence."""

from collections.abc import Mapping
from typing import Any


class SkipError(Exception):
    """Something was refused. ``status`` is the HTTP answer, ``sentence`` what the person reads."""

    status = 400
    sentence = "Die Anfrage konnte nicht verarbeitet werden."

    def __init__(self, sentence: str | None = None) -> None:
        if sentence is not None:
            self.sentence = sentence
        super().__init__(self.sentence)

    @property
    def by_field(self) -> dict[str, str]:
        """The sentences at the fields of a form; what is no single field's matter stands at "" (the whole form)."""
        return {"": self.sentence}


class NotSignedIn(SkipError):
    """Nobody is signed in, or the session has ended."""

    status = 401
    sentence = "Bitte melden Sie sich an."


class Forbidden(SkipError):
    """The thing is visible to this person, but the act is not allowed."""

    status = 403
    sentence = "Dazu fehlt Ihnen die Berechtigung."


class NotFound(SkipError):
    """Unknown or invisible: the answer never tells which."""

    status = 404
    sentence = "Diese Seite gibt es nicht, oder sie ist für Sie nicht sichtbar."


class Refused(SkipError):
    """A rule of the domain says no; the sentence says which and what helps."""

    status = 409


class Overtaken(SkipError):
    """Two people did the same at the same moment, and the database let one of them win."""

    status = 409
    sentence = (
        "Jemand anders war in diesem Augenblick schneller. Von Ihrer Eingabe wurde nichts gespeichert; "
        "bitte sehen Sie nach, was jetzt gilt, und senden Sie sie noch einmal."
    )


class Unavailable(SkipError):
    """The database or the disk does not answer, or is full: nothing was written."""

    status = 503
    sentence = (
        "Die Datenbank oder der Speicher antwortet gerade nicht. Es wurde nichts gespeichert; "
        "bitte versuchen Sie es in einigen Minuten noch einmal."
    )


class Broken(SkipError):
    """Something that should not happen; the log says what, the person does not have to know."""

    status = 500
    sentence = (
        "Hier ist ein Fehler aufgetreten, der nicht an Ihnen liegt. Es wurde nichts gespeichert. "
        "Bitte sagen Sie der Systemadministration, was Sie gerade tun wollten."
    )


class Stale(SkipError):
    """Somebody else changed the thing in between. ``current`` is its present state as plain values."""

    status = 412
    sentence = "Inzwischen wurde dies geändert. Ihr Text ist nicht verloren; bitte vergleichen Sie beide Texte."

    def __init__(self, current: Mapping[str, Any], sentence: str | None = None) -> None:
        self.current = dict(current)
        super().__init__(sentence)


class TooLarge(SkipError):
    """More bytes or rows than the limit allows."""

    status = 413


class Invalid(SkipError):
    """Input that does not hold: ``fields`` maps a field's name to a German sentence ("" = the whole form)."""

    status = 422
    sentence = "Bitte prüfen Sie die markierten Angaben."

    def __init__(self, fields: Mapping[str, str], sentence: str | None = None) -> None:
        self.fields = dict(fields)
        super().__init__(sentence)

    @property
    def by_field(self) -> dict[str, str]:
        """See SkipError.by_field."""
        return dict(self.fields)


class Throttled(SkipError):
    """Too many tries in a short time."""

    status = 429
    sentence = "Zu viele Versuche. Bitte warten Sie einige Minuten."
