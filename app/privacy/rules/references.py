"""Every place of the database that refers to a person or an account: how it is called, and what a removal does there.

A test reads the tables and fails when a new one is missing here, so nothing about a person can be forgotten.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What a removal does with the rows that refer to somebody.

    GOES: deleted. BLANKED: address and words are emptied, the line stays. FOLLOWS: deleted, unless the name
    stays for another reason. KEEPS: part of the files, so the rows stay, and with them the person's name.
    """

    GOES = "goes"
    BLANKED = "blanked"
    FOLLOWS = "follows"
    KEEPS = "keeps"


@dataclass(frozen=True, slots=True)
class Reference:
    """Rows of a table: what they are called (many), what becomes of them, and why (a sentence, where they stay).

    ``excuse``: why they are not part of what a person is given; "" for everything else.
    """

    title: str
    fate: Fate
    why: str = ""
    excuse: str = ""


_SIGNED = "Die Niederschrift bezeugt, wer da war, wer leitete und wer etwas einwandte; sie gehört zu den Akten."
"""Domain §6."""
_DECIDED = "Beschlüsse, Stimmen und Aufträge gehören zu den Akten."
_SEATED = "Wer einen Sitz hatte, gehört zu Sitzungen, an denen die Person teilnahm."

REFERENCES: Mapping[str, Reference] = {
    "account.person_id": Reference("Konten", Fate.BLANKED),
    "account_role.account_id": Reference("Rollen des Kontos", Fate.GOES),
    "action.person_id": Reference("Aufträge", Fate.KEEPS, _DECIDED),
    "agenda_item_guest.person_id": Reference(
        "Einladungen als Gast", Fate.KEEPS, "Gäste stehen auf freigegebenen Tagesordnungen."
    ),
    "announcement.deputy_id": Reference("Vertretungen bei einer Sitzung", Fate.KEEPS, _SIGNED),
    "api_token.account_id": Reference("Schlüssel für Programme", Fate.GOES),
    "audit_access.account_id": Reference(
        "Gründe der Revision", Fate.KEEPS, "Wer Vertrauliches einsah und warum, bleibt nachprüfbar."
    ),
    "ballot.person_id": Reference("Antworten in Umlaufverfahren", Fate.KEEPS, _DECIDED),
    "chairing.person_id": Reference("Sitzungsleitungen", Fate.KEEPS, _SIGNED),
    "clause.person_id": Reference("Ziffern von Beschlüssen", Fate.KEEPS, _DECIDED),
    "exclusion.person_id": Reference("Ausschlüsse von einem Punkt", Fate.KEEPS, _SIGNED),
    "feed_token.account_id": Reference("Kalenderadressen", Fate.GOES),
    "idempotent_answer.account_id": Reference(
        "Gemerkte Antworten an Programme",
        Fate.GOES,
        excuse="Es sind Kopien dessen, was das eigene Programm schon bekam, für wenige Tage.",
    ),
    "identity.account_id": Reference("Anmeldung über einen Anbieter", Fate.GOES),
    "guest_answer.person_id": Reference(
        "Antworten als Gast", Fate.FOLLOWS, "Gäste stehen auf freigegebenen Tagesordnungen."
    ),
    "invitation_recipient.person_id": Reference("Versandte Einladungen", Fate.BLANKED),
    "known_browser.account_id": Reference("Bekannte Browser", Fate.GOES),
    "letter_dispatch.person_id": Reference(
        "Versandte Schreiben",
        Fate.KEEPS,
        "Versandte Schreiben sind eingefroren, mit der Anschrift, an die sie gingen.",
    ),
    "mail.account_id": Reference("Mails an das Konto", Fate.BLANKED),
    "mail.person_id": Reference("Mails an die Person", Fate.BLANKED),
    "membership.person_id": Reference("Besetzungen von Sitzen", Fate.FOLLOWS, _SEATED),
    "notice.account_id": Reference("Benachrichtigungen des Kontos", Fate.GOES),
    "notice.person_id": Reference("Benachrichtigungen der Person", Fate.GOES),
    "notice_choice.account_id": Reference("Wahl der Benachrichtigungen", Fate.GOES),
    "objection.person_id": Reference("Einwendungen zu Niederschriften", Fate.KEEPS, _SIGNED),
    "one_time_secret.account_id": Reference("App für Einmalcodes", Fate.GOES),
    "passkey.account_id": Reference("Passkeys", Fate.GOES),
    "person_function.person_id": Reference("Funktionen", Fate.GOES),
    "personal_link.account_id": Reference("Persönliche Links des Kontos", Fate.GOES),
    "personal_link.person_id": Reference("Persönliche Links der Person", Fate.GOES),
    "presence.person_id": Reference("Anwesenheiten", Fate.KEEPS, _SIGNED),
    "project_lead.person_id": Reference(
        "Projektleitungen", Fate.FOLLOWS, "Wer ein Projekt leitete, gehört zu seinen freigegebenen Sachständen."
    ),
    "recovery_code.account_id": Reference("Wiederherstellungscodes", Fate.GOES),
    "registration.person_id": Reference(
        "Angemeldete Themen", Fate.KEEPS, "Wer ein Thema anmeldete, gehört zur Tagesordnung."
    ),
    "sign_in_event.account_id": Reference("Anmeldungen und Fehlversuche", Fate.GOES),
    "sign_in_session.account_id": Reference("Angemeldete Browser", Fate.GOES),
    "sign_in_step.account_id": Reference(
        "Begonnene Anmeldungen", Fate.GOES, excuse="Sie leben wenige Minuten und enthalten nur Geheimnisse."
    ),
    "speaking_grant.account_id": Reference("Zugang zu Sprechzetteln", Fate.GOES),
}
"""By table and column. Everything without an excuse is part of the export."""

OTHERS: Mapping[str, str] = {
    "history_detail.account_id": "Verlauf: was das Konto getan hat, nach Tag und Art",
    "text_revision.account_id": "Texte: dass und wie viele das Konto geschrieben hat",
    "edit_presence.account_id": "lebt eine Minute und wird nicht aufbewahrt",
}
"""Columns that name an account without a foreign key, and how they are told."""

SECRET = frozenset(
    {
        "code_hash",
        "credential_id",
        "hash",
        "nonce",
        "password_hash",
        "public_key",
        "sealed",
        "token_hash",
        "last_step",
        "sign_count",
    }
)
"""Columns that prove something or lead to it: they open doors and say nothing about anybody."""

INNER = frozenset(
    {"version", "sort_key", "folded", "dedupe_key", "message_id", "file_key", "html", "calendar", "calendar_method"}
) | {
    "calendar_name",
    "link_id",
    "unsubscribe_id",
    "secret",
    "bundle",
    "content",
    "detail",
    "attempts",
    "retries",
    "sender_name",
}
"""Columns for the program's own work, and copies of what stands beside them in plainer words."""

LABELS: Mapping[str, str] = {
    "bundle": "Zusammen versandt mit",
    "subject_id": "Wozu (Kennung)",
    "answered_at": "Beantwortet am",
    "answers": "Antwort erbeten",
    "as_of": "Stand",
    "at": "Wann",
    "begins_at": "Von",
    "body_id": "Gremium",
    "browser": "Browser",
    "cast_at": "Abgegeben am",
    "chosen_at": "Entschieden am",
    "closed_at": "Beendet am",
    "circular_id": "Umlaufverfahren (Kennung)",
    "clause_id": "Ziffer (Kennung)",
    "comment": "Bemerkung",
    "confirmed_at": "Bestätigt am",
    "created_at": "Angelegt am",
    "changed_at": "Geändert am",
    "data_at": "Übergeben ab",
    "decision_id": "Beschluss",
    "deputy_name": "Vertretung (Name)",
    "dispatch_id": "Versand (Kennung)",
    "done_on": "Erledigt am",
    "edition": "Fassung",
    "expires_at": "Gilt bis",
    "first_due_on": "Erste Frist",
    "id": "Kennung",
    "identity.subject": "Kennung beim Anbieter",
    "invitation_recipient.address": "E-Mail-Adresse",
    "issuer": "Anbieter",
    "item_id": "Tagesordnungspunkt",
    "label": "Bezeichnung",
    "mail.address": "E-Mail-Adresse",
    "last_used_at": "Zuletzt benutzt",
    "last_used_on": "Zuletzt benutzt",
    "made_at": "Eingegangen am",
    "invitation_reply.subject": "Betreff",
    "mail.subject": "Betreff",
    "mail_id": "Mail (Kennung)",
    "meeting_id": "Sitzung",
    "method": "Art der Mail",
    "message": "Nachricht",
    "minutes_id": "Niederschrift (Kennung)",
    "named_at": "Benannt am",
    "next_try_at": "Nächster Versuch",
    "organisation_id": "Institution",
    "partstat": "Antwort",
    "procedure_agreed": "Mit dem Verfahren einverstanden",
    "project_id": "Projekt",
    "provider": "Anbieter",
    "purpose": "Wofür",
    "raised_at": "Erhoben am",
    "received_at": "Eingegangen am",
    "recipient_id": "Empfang (Kennung)",
    "recorded_at": "Festgehalten am",
    "registered_at": "Angemeldet am",
    "removed_at": "Entfernt am",
    "reply_to": "Antwort an",
    "reported_in_id": "Berichtet in",
    "revoked_at": "Widerrufen am",
    "seat_id": "Sitz",
    "seen_at": "Zuletzt gesehen",
    "sender": "Absender",
    "sequence": "Stand des Termins",
    "sending_at": "Versand begonnen",
    "sent_at": "Versandt am",
    "settled_at": "Erledigt am",
    "stamped_at": "Gegeben am",
    "texts_erased_at": "Wortlaut gelöscht am",
    "topic": "Thema",
    "transports": "Anschluss",
    "used_at": "Benutzt am",
    "verb": "Art",
    "visited_at": "Letzter Besuch",
    "visited_before": "Besuch davor",
    "year": "Jahr",
}
"""German names of columns, or of one table's. One that stands neither here nor in the history fails a test."""

NOT_GIVEN: tuple[tuple[str, str], ...] = (
    (
        "Namen und Angaben anderer Menschen in denselben Zeilen",
        "Sie gehören diesen (Art. 15 Abs. 4 DSGVO).",
    ),
    (
        "Wortlaut von Texten, die Sie im Dienst geschrieben haben (Vermerke, Entwürfe, Sprechzettel)",
        "Sie gehören zu den Akten des Gremiums; genannt ist, dass es sie gibt und wie viele. "
        "Wer sie lesen darf, findet sie an ihrer Stelle.",
    ),
    (
        "Freigegebene Tagesordnungen, Niederschriften und Schreiben, in denen Ihr Name steht",
        "Sie sind eingefroren; wer sie lesen darf, findet sie an der Sitzung.",
    ),
    ("Prüfwerte von Kennwörtern, Schlüsseln und Links", "Sie sagen nichts über Sie und sollen nirgends sonst liegen."),
)
"""What is not in the export, and why."""

MATTER = frozenset(
    {"title", "details", "text", "occasion", "proposed_decision", "topic", "urgency", "reason", "remark", "presenter"}
) | {"note", "answer", "consent_how", "papers_follow"}
"""Words about the matter itself: rows that belong to the files are told without them, whatever their level."""


def is_given(reference: Reference, column: str) -> bool:
    """Whether a column is part of what a person is given: no secrets, no inner work, no other people, no matter."""
    if column in SECRET | INNER or column.endswith("_by") or column == "by":
        return False
    return not (reference.fate is Fate.KEEPS and column in MATTER)
