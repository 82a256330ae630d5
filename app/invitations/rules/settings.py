"""The settings of a body that invitations by mail read."""

from enum import StrEnum

from app.bodies.rules import MAIL, RuleKind, RuleSpec


class Papers(StrEnum):
    """How the agenda comes with a mail."""

    ATTACH = "attach"
    LINK = "link"


PAPERS = RuleSpec(
    "invitation_papers",
    "Tagesordnung und Änderungsübersicht in Einladungen per Mail",
    RuleKind.CHOICE,
    Papers.ATTACH.value,
    MAIL,
    hint="Was Vertrauliches enthält, wird nie angehängt, sondern immer nur verlinkt.",
    choices=((Papers.ATTACH.value, "anhängen"), (Papers.LINK.value, "nur verlinken")),
)
DEPUTIES = RuleSpec(
    "invitation_deputies", "Stellvertretungen bekommen die Einladung per Mail zur Kenntnis", RuleKind.YES_NO, True, MAIL
)
COPY_TO = RuleSpec(
    "invitation_copy",
    "Kopie jeder Einladung an",
    RuleKind.ADDRESS,
    "",
    MAIL,
    hint="Adresse der Geschäftsstelle oder Registratur; leer: keine Kopie.",
)
MAIL_TEXT = RuleSpec(
    "invitation_mail",
    "Text der Einladung per Mail",
    RuleKind.LINES,
    "zur {sitzung} am {termin} lade ich Sie herzlich ein.",
    MAIL,
    hint="Beginnt nach der Anrede. Mails tragen nie Vertrauliches.",
    placeholders=("sitzung", "termin", "ort"),
)
GUEST_TEXT = RuleSpec(
    "invitation_mail_guest",
    "Text der Einladung per Mail an Gäste",
    RuleKind.LINES,
    "zur {sitzung} am {termin} lade ich Sie zu {top} herzlich ein. Ihr Punkt ist für {uhrzeit} vorgesehen.",
    MAIL,
    hint="Beginnt nach der Anrede. Mails tragen nie Vertrauliches.",
    placeholders=("sitzung", "termin", "ort", "top", "uhrzeit"),
)

INVITATION_SETTINGS: tuple[RuleSpec, ...] = (PAPERS, DEPUTIES, COPY_TO, MAIL_TEXT, GUEST_TEXT)
