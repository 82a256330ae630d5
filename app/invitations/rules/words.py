"""German words of invitations."""

from collections.abc import Mapping

from app.invitations.models import RecipientRole, ReplyOutcome, ReplyWay

ROLE_WORDS: Mapping[RecipientRole, str] = {
    RecipientRole.MEMBER: "Mitglied",
    RecipientRole.DEPUTY: "Stellvertretung, zur Kenntnis",
    RecipientRole.OFFICE: "Büro",
    RecipientRole.COPY: "nachrichtlich",
    RecipientRole.GUEST: "Gast",
    RecipientRole.SECRETARIAT: "Kopie",
}
GROUP_WORDS: Mapping[RecipientRole, str] = {
    RecipientRole.MEMBER: "Mitglieder",
    RecipientRole.DEPUTY: "Stellvertretungen, zur Kenntnis",
    RecipientRole.OFFICE: "Büros",
    RecipientRole.COPY: "Nachrichtlich",
    RecipientRole.GUEST: "Gäste",
    RecipientRole.SECRETARIAT: "Kopien",
}
"""Headings over the recipients of a role."""
_NOUNS: Mapping[str, str] = {"Abgesagt": "Absage", "Geändert": "Änderung"}
WAY_WORDS: Mapping[ReplyWay, str] = {ReplyWay.LINK: "per Link", ReplyWay.MAIL: "per Mail"}
OUTCOME_WORDS: Mapping[ReplyOutcome, str] = {
    ReplyOutcome.TAKEN: "übernommen",
    ReplyOutcome.NOTED: "vermerkt",
    ReplyOutcome.OUTDATED: "überholt",
    ReplyOutcome.REFUSED: "nicht übernommen",
    ReplyOutcome.UNMATCHED: "nicht zuzuordnen",
    ReplyOutcome.NO_REPLY: "ohne Antwort aus dem Kalender",
}
PARTSTAT_WORDS: Mapping[str, str] = {
    "ACCEPTED": "zugesagt",
    "DECLINED": "abgesagt",
    "TENTATIVE": "vielleicht",
    "DELEGATED": "vertreten",
    "REPRESENTED": "vertreten",
}


def noun_of(kind: str) -> str:
    """What a dispatch is called on buttons and in sentences; its *kind* begins the subject of the mails."""
    return _NOUNS.get(kind, kind)
