"""The kinds of mails about invitations, with examples for the preview."""

from collections.abc import Mapping
from typing import Any

from app.outbox.kinds import MailKind

_SHARED: Mapping[str, Any] = {
    "sender_name": "Geschäftsstelle",
    "why": "Sie bekommen diese Mail, weil Sie zu dieser Sitzung eingeladen sind; sie lässt sich nicht abbestellen.",
    "to_name": "Dr. Ada Beispiel",
    "salutation": "Sehr geehrte Frau Dr. Beispiel",
    "short_name": "SKIP",
    "body_name": "Steuerungskreis Industriepolitik",
    "label": "18. Sitzung",
    "when": "Dienstag, 12. Mai 2026, 10–12 Uhr",
    "place": "Berliner Rathaus, Raum 219",
    "note": "Bitte bringen Sie einen Ausweis mit.",
    "closing": "Mit freundlichen Grüßen",
    "page": "https://skip.beispiel.test/sitzungen/18",
}
_INVITATION: Mapping[str, Any] = {
    **_SHARED,
    "kind": "Einladung",
    "told": False,
    "tentative": False,
    "words": "zur 18. Sitzung am 12. Mai 2026 lade ich Sie herzlich ein.",
    "entry": "Eingang Jüdenstraße, Anmeldung an der Pforte.",
    "items": (),
    "changes": (),
    "attached": ["Tagesordnung"],
    "linked": [],
    "answer": "https://skip.beispiel.test/antwort/PERSOENLICHER-SCHLUESSEL",
    "office": False,
    "outside": False,
    "where": "Handwerkskammer Berlin",
}

_CHANGED: Mapping[str, Any] = {
    **_INVITATION,
    "kind": "Geändert",
    "words": "zur 18. Sitzung (Steuerungskreis Industriepolitik) hat sich etwas geändert.",
    "changes": (
        "Termin: Dienstag, 12. Mai 2026, 10–12 Uhr (bisher Montag, 11. Mai 2026, 10–12 Uhr)",
        "Tagesordnung: Version 2 (bisher Version 1)",
    ),
    "attached": ["Tagesordnung (Version 2, Fassung vollständig)"],
    "linked": [
        (
            "Änderungsübersicht (Version 2, Fassung vollständig)",
            "https://skip.beispiel.test/sitzungen/18/aenderungen.pdf?version=2",
            True,
        )
    ],
}

MAILS: tuple[MailKind, ...] = (
    MailKind(
        "invitation",
        "Einladung zur Sitzung",
        "Geht an Mitglieder, Büros und Gäste, wenn die Geschäftsstelle einlädt.",
        _INVITATION,
    ),
    MailKind(
        "invitation_changed",
        "Einladung zur Sitzung, geändert",
        "Geht an alle, die eingeladen sind, wenn die Sitzung verlegt oder die Tagesordnung ergänzt wurde.",
        _CHANGED,
        template="invitation",
    ),
    MailKind(
        "cancellation",
        "Absage einer Sitzung",
        "Geht an alle Eingeladenen, wenn die Sitzung abgesagt ist, und an Einzelne, die nicht mehr eingeladen sind.",
        {
            **_SHARED,
            "kind": "Abgesagt",
            "disinvited": False,
            "note": "Einen neuen Termin nennen wir Ihnen bald.",
            "reason": "Die Vorlagen liegen noch nicht vor.",
        },
    ),
)
