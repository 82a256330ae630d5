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
