"""The mails of notices as the preview shows them: an example of each kind, and of several in one mail."""

import datetime as dt
from collections.abc import Mapping

from app.notices.rules.kinds import KINDS, WAY_WORDS, Kind, KindSpec
from app.notices.schemas import Told
from app.outbox.kinds import MailKind

_DAY, _BEFORE, _REVIEW = dt.date(2027, 5, 14), dt.date(2027, 5, 5), dt.date(2027, 5, 26)
_MEETING, _MINUTES = "/sitzungen/18", "/sitzungen/18/niederschrift"
_CIRCULAR, _ACTION, _PROJECT = "/umlaufverfahren/4", "/auftraege/3", "/projekte/12"
_WHEN = ("Termin: 12.05.2027, 10:00–12:00 Uhr", "Ort: Rotes Rathaus, Raum 319")
_CHANGES = ("TOP 3.2: neu (Beratung, 10 Min.)", "TOP 4.1: abgesetzt")
_OWN = "Bitte berichten Sie, wie weit er ist."
_LEAD = "Der Grund steht auf der Seite des Projekts; bitte melden Sie neu."

EXAMPLES: Mapping[Kind, Told] = {
    Kind.MEETING_ANNOUNCED: Told(
        "SKIP: 18. Sitzung am 12.05.2027 ist angekündigt",
        "Die 18. Sitzung ist angekündigt.",
        _MEETING,
        "Bitte halten Sie den Termin frei.",
        lines=_WHEN,
    ),
    Kind.AGENDA_RELEASED: Told(
        "SKIP: Tagesordnung der 18. Sitzung am 12.05.2027",
        "Die Tagesordnung der 18. Sitzung ist freigegeben, die Unterlagen liegen bereit.",
        _MEETING,
        "Bitte lesen Sie beides vor der Sitzung.",
        lines=_WHEN,
    ),
    Kind.AGENDA_CHANGED: Told(
        "SKIP: Nachtrag zur Tagesordnung der 18. Sitzung am 12.05.2027",
        "Die Tagesordnung der 18. Sitzung ist geändert.",
        _MEETING,
        "Bitte sehen Sie sich die Änderungen vor der Sitzung an.",
        lines=_CHANGES,
    ),
    Kind.MEETING_MOVED: Told(
        "SKIP: 18. Sitzung ist verlegt auf den 12.05.2027",
        "Für die 18. Sitzung gelten ein neuer Termin oder ein neuer Ort.",
        _MEETING,
        "Bitte ändern Sie Ihren Kalender.",
        lines=_WHEN,
    ),
    Kind.MEETING_CANCELLED: Told(
        "SKIP: 18. Sitzung am 12.05.2027 ist abgesagt",
        "Die 18. Sitzung am 12.05.2027 findet nicht statt.",
        _MEETING,
        "Bitte streichen Sie den Termin.",
    ),
    Kind.REGISTRATION_CLOSES: Told(
        "SKIP: Anmeldeschluss am 05.05.2027 für die 18. Sitzung am 12.05.2027",
        "Themen für die 18. Sitzung können noch angemeldet werden.",
        _MEETING,
        "Bitte melden Sie Ihre Themen an.",
        _BEFORE,
    ),
    Kind.MINUTES_REVIEW: Told(
        "SKIP: Niederschrift der 18. Sitzung am 12.05.2027 zur Prüfung bis 26.05.2027",
        "Die Niederschrift der 18. Sitzung am 12.05.2027 liegt zur Prüfung vor.",
        _MINUTES,
        "Bitte prüfen Sie sie; Einwendungen erheben Sie auf ihrer Seite.",
        _REVIEW,
    ),
    Kind.MINUTES_APPROVED: Told(
        "SKIP: Niederschrift der 18. Sitzung am 12.05.2027 ist genehmigt",
        "Die Niederschrift der 18. Sitzung am 12.05.2027 ist genehmigt.",
        _MINUTES,
    ),
    Kind.OBJECTION_RAISED: Told(
        "SKIP: Einwendung zur Niederschrift der 18. Sitzung am 12.05.2027",
        "Es gibt eine Einwendung zur Niederschrift der 18. Sitzung am 12.05.2027.",
        _MINUTES,
        "Bitte beantworten Sie sie.",
        _REVIEW,
    ),
    Kind.OBJECTION_ANSWERED: Told(
        "SKIP: Antwort auf Ihre Einwendung",
        "Ihre Einwendung zur Niederschrift der 18. Sitzung am 12.05.2027 ist beantwortet.",
        _MINUTES,
    ),
    Kind.CIRCULAR_OPENED: Told(
        "SKIP: Umlaufverfahren eröffnet, Antwort bis 14.05.2027: Flächen sichern",
        "Ein Umlaufverfahren ist eröffnet, Ihr Sitz ist gefragt.",
        _CIRCULAR,
        "Bitte antworten Sie für Ihren Sitz.",
        _DAY,
    ),
    Kind.CIRCULAR_CLOSING: Told(
        "SKIP: Umlaufverfahren endet am 14.05.2027: Flächen sichern",
        "Ein Umlaufverfahren endet bald.",
        _CIRCULAR,
        "Für Ihren Sitz liegt noch keine Antwort vor. Bitte antworten Sie.",
        _DAY,
    ),
    Kind.CIRCULAR_RESULT: Told(
        "SKIP: Umlaufverfahren beendet, angenommen: Flächen sichern",
        "Das Umlaufverfahren ist beendet. Ergebnis: angenommen.",
        _CIRCULAR,
    ),
    Kind.ACTION_GIVEN: Told(
        "Auftrag A 2027/003 erteilt, fällig am 14.05.2027: Flächenkataster vorlegen",
        "Ein Auftrag ist erteilt.",
        _ACTION,
        _OWN,
        _DAY,
    ),
    Kind.ACTION_DUE: Told(
        "Auftrag A 2027/003 fällig am 14.05.2027: Flächenkataster vorlegen",
        "Ein Auftrag wird fällig.",
        _ACTION,
        _OWN,
        _DAY,
    ),
    Kind.ACTION_OVERDUE: Told(
        "Auftrag A 2027/003 überfällig seit 14.05.2027: Flächenkataster vorlegen",
        "Ein Auftrag ist überfällig.",
        _ACTION,
        _OWN,
        _DAY,
        over=True,
    ),
    Kind.STATUS_DUE: Told(
        "Sachstand fällig am 14.05.2027: 1.9 Reallabor Wasserstoff",
        "Die Monitoring-Runde schließt bald.",
        _PROJECT,
        "Bitte melden Sie den Sachstand.",
        _DAY,
    ),
    Kind.STATUS_SUBMITTED: Told(
        "Sachstand eingereicht: 1.9 Reallabor Wasserstoff",
        "Eine Sachstandsmeldung ist eingereicht.",
        _PROJECT,
        "Bitte entscheiden Sie, ob Sie die Meldung annehmen.",
    ),
    Kind.STATUS_ANSWERED: Told(
        "Sachstand nicht angenommen: 1.9 Reallabor Wasserstoff",
        "Ihre Meldung wurde nicht angenommen.",
        _PROJECT,
        _LEAD,
    ),
    Kind.DECISION_DUE: Told(
        "Wiedervorlage am 14.05.2027: Beschluss 7/2026, Industrieflächen sichern",
        "Die Wiedervorlage eines Beschlusses ist gekommen.",
        "/beschluesse/7",
        "Bitte tragen Sie ein, wie weit er ist.",
        _DAY,
    ),
}
_SHARED = {"to_name": "Dr. Ada Beispiel", "base_url": "https://skip.example.org", "sender_name": "Geschäftsstelle SKIP"}
_STOP = {"unsubscribe_url": "https://skip.example.org/abbestellen/beispiel"}


def _kind(spec: KindSpec) -> MailKind:
    duty = "nicht abzubestellen, " if spec.duty else ""
    return MailKind(
        f"notice_{spec.kind}",
        f"Mitteilung: {spec.title}",
        f"Geht an: {spec.told} ({duty}üblich: {WAY_WORDS[spec.default]}).",
        {
            **_SHARED,
            **({} if spec.duty else _STOP),
            "told": EXAMPLES[spec.kind],
            "why": f"Warum Sie diese Mail bekommen: {spec.why}",
        },
        template="notice",
    )


MAILS = (
    *(_kind(spec) for spec in KINDS),
    MailKind(
        "notice_digest",
        "Mehrere Mitteilungen in einer Mail",
        "Mehreres zu einer Sitzung in kurzer Zeit, und an Werktagen morgens alles Gesammelte samt Erinnerungen.",
        {
            **_SHARED,
            **_STOP,
            "several": (EXAMPLES[Kind.AGENDA_CHANGED], EXAMPLES[Kind.ACTION_DUE]),
            "until": _DAY,
            "why": "Sie bekommen diese Mail, weil diese Vorgänge Sie oder Ihren Sitz betreffen.",
        },
    ),
)
