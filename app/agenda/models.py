"""Tables of the agenda: items, proposals, topic backlog, releases with their frozen editions and statuses."""

from enum import StrEnum


class SectionKey(StrEnum):
    """The sections of an agenda; their titles and minutes are the body's."""

    FORMALITIES = "regularien"
    IMPLEMENTATION = "umsetzungsstand"
    MAIN_TOPIC = "schwerpunktthema"
    DECISION = "beschlussfassung"
    DEBATE = "beratung"
    CONSENT = "ohne-aussprache"
    MISCELLANEOUS = "verschiedenes"


class ItemKind(StrEnum):
    """What a body does with an item."""

    FORMALITY = "formality"
    DECISION = "decision"
    DEBATE = "debate"
    NOTE = "note"
    REPORT = "report"


class Level(StrEnum):
    """Confidentiality of an item (domain §6)."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"


class Edition(StrEnum):
    """The readers' versions (Fassungen) of a released document."""

    FULL = "vollstaendig"
    NON_CONFIDENTIAL = "ohne-vertrauliches"
