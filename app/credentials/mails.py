"""The kinds of mails about accounts, with examples for the preview."""

from app.outbox.kinds import MailKind

_SHARED = {
    "sender_name": "SKIP",
    "why": "Diese Mail betrifft Ihr Konto; sie lässt sich nicht abbestellen.",
    "to_name": "Dr. Ada Beispiel",
}

MAILS: tuple[MailKind, ...] = (
    MailKind(
        "account_invited",
        "Einladung zum Konto",
        "Geht an eine Person, für die ein Konto angelegt wurde.",
        {
            **_SHARED,
            "inviter": "Kim Muster",
            "until": "09.03.2026, 09:00 Uhr",
            "address": "https://skip.beispiel.test/konto/PERSOENLICHER-SCHLUESSEL",
            "base_url": "https://skip.beispiel.test",
            "providers": "Berlin-Konto",
        },
    ),
    MailKind(
        "account_reset",
        "Neues Kennwort",
        "Geht an die Person, für deren Konto ein neues Kennwort angefordert wurde.",
        {**_SHARED, "address": "https://skip.beispiel.test/konto/PERSOENLICHER-SCHLUESSEL"},
    ),
    MailKind(
        "account_changed",
        "Änderung an der Anmeldung",
        "Geht an die Person, deren Kennwort oder zweiter Faktor geändert wurde.",
        {
            **_SHARED,
            "what": "Das Kennwort Ihres Kontos wurde geändert.",
            "at": "02.03.2026, 09:00 Uhr",
            "address": "https://skip.beispiel.test/profil",
            "forgotten": "https://skip.beispiel.test/anmelden/kennwort",
        },
    ),
)
