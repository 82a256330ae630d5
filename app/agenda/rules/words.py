"""German words of the agenda and usual choices, as tables."""

from collections.abc import Mapping

from app.agenda.models import DispatchWay, Edition, GuestRole, ItemKind, SectionKey, TopicState
from app.visibility import LEVEL_WORDS as LEVEL_WORDS

KIND_WORDS: Mapping[ItemKind, str] = {
    ItemKind.FORMALITY: "Regularie",
    ItemKind.DECISION: "Beschlussfassung",
    ItemKind.DEBATE: "Beratung",
    ItemKind.NOTE: "Kenntnisnahme",
    ItemKind.REPORT: "Bericht/Impuls",
}

GUEST_WORDS: Mapping[GuestRole, str] = {GuestRole.GUEST: "Gast", GuestRole.SPEAKER: "Impuls/Vortrag"}

EDITION_WORDS: Mapping[Edition, str] = {
    Edition.FULL: "vollständig",
    Edition.NON_CONFIDENTIAL: "ohne Vertrauliches",
    Edition.GUEST: "Gast",
    Edition.PUBLIC: "öffentlich",
}

WAY_WORDS: Mapping[DispatchWay, str] = {
    DispatchWay.POST: "per Post",
    DispatchWay.EMAIL: "per E-Mail",
    DispatchWay.MESSENGER: "durch Boten",
}

TOPIC_WORDS: Mapping[TopicState, str] = {
    TopicState.OPEN: "offen",
    TopicState.USED: "auf einer Tagesordnung",
    TopicState.CLOSED: "erledigt",
}

SECTION_WORDS: Mapping[SectionKey, str] = {
    SectionKey.FORMALITIES: "Regularien",
    SectionKey.IMPLEMENTATION: "Umsetzungsstand und Beschlusskontrolle",
    SectionKey.MAIN_TOPIC: "Schwerpunktthema",
    SectionKey.DECISION: "Beschlussfassung",
    SectionKey.DEBATE: "Beratung",
    SectionKey.CONSENT: "Ohne Aussprache",
    SectionKey.MISCELLANEOUS: "Verschiedenes",
}

USUAL_KIND: Mapping[SectionKey, ItemKind] = {
    SectionKey.FORMALITIES: ItemKind.FORMALITY,
    SectionKey.IMPLEMENTATION: ItemKind.REPORT,
    SectionKey.MAIN_TOPIC: ItemKind.REPORT,
    SectionKey.DECISION: ItemKind.DECISION,
    SectionKey.DEBATE: ItemKind.DEBATE,
    SectionKey.CONSENT: ItemKind.NOTE,
    SectionKey.MISCELLANEOUS: ItemKind.NOTE,
}

APPROVAL_WAYS = ("im System", "E-Mail", "mündlich")
