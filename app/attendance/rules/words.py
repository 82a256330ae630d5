"""German words of attendance."""

import datetime as dt
from collections.abc import Mapping

from app import text
from app.attendance.models import Announcement, Answer, PresenceRole

ANSWER_WORDS: Mapping[Answer, str] = {
    Answer.OPEN: "keine Antwort",
    Answer.ACCEPTED: "zugesagt",
    Answer.DECLINED: "abgesagt",
    Answer.REPRESENTED: "wird vertreten",
}
PRESENCE_WORDS: Mapping[PresenceRole, str] = {
    PresenceRole.MEMBER: "Mitglied",
    PresenceRole.DEPUTY: "Stellvertretung",
    PresenceRole.AD_HOC: "Vertretung nur für diese Sitzung",
    PresenceRole.GUEST: "Gast",
    PresenceRole.STAFF: "ohne Sitz dabei",
}


def announced_words(row: Announcement | None, deputies: Mapping[int, str]) -> str:
    """zugesagt · vertreten durch Dr. Ada Beispiel · abgesagt"""
    if row is None:
        return ANSWER_WORDS[Answer.OPEN]
    if row.answer is Answer.REPRESENTED:
        name = row.deputy_name or (deputies.get(row.deputy_id, "") if row.deputy_id else "")
        return f"vertreten durch {name}" if name else ANSWER_WORDS[row.answer]
    return ANSWER_WORDS[row.answer]


def absence_words(row: Announcement | None) -> str:
    """How somebody is missing: entschuldigt, unentschuldigt"""
    return "entschuldigt" if row is not None and row.excused else "unentschuldigt"


def span_words(from_at: dt.datetime, until_at: dt.datetime | None) -> str:
    """seit 10:05 Uhr, 10:05 bis 11:30 Uhr"""
    begin = text.time(from_at)
    return f"seit {begin} Uhr" if until_at is None else f"{begin} bis {text.time(until_at)} Uhr"
