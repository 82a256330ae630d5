"""The mails of notices as the preview shows them."""

import datetime as dt

from app.notices.schemas import Told
from app.outbox.kinds import MailKind

_ONE = Told(
    line="SKIP: Nachtrag zur Tagesordnung der 18. Sitzung am 12.05.2027",
    happened="Die Tagesordnung der 18. Sitzung ist geändert.",
    todo="Bitte sehen Sie sich die Änderungen vor der Sitzung an.",
    address="/sitzungen/18",
    lines=("TOP 3.2: neu (Beratung, 10 Min.)", "TOP 4.1: abgesetzt"),
)
_TWO = Told(
    line="Auftrag A 2027/003: Flächenkataster vorlegen wird fällig",
    happened="Ein Auftrag wird fällig.",
    todo="Bitte berichten Sie, wie weit er ist.",
    until=dt.date(2027, 5, 14),
    address="/auftraege/3",
)
_SHARED = {"to_name": "Dr. Ada Beispiel", "base_url": "https://skip.example.org", "sender_name": "Geschäftsstelle SKIP"}

MAILS = (
    MailKind(
        "notice",
        "Einzelne Mitteilung",
        "Zehn Minuten nach dem Anlass an alle, die es angeht und die Mitteilungen dieser Art sofort bekommen.",
        {**_SHARED, "told": _ONE, "why": "Sie bekommen diese Mail, weil Sie für einen Sitz eingetragen sind."},
    ),
    MailKind(
        "notice_digest",
        "Mehrere Mitteilungen in einer Mail",
        "Mehreres zu einer Sitzung in kurzer Zeit, und an Werktagen morgens alles Gesammelte samt Erinnerungen.",
        {
            **_SHARED,
            "several": (_ONE, _TWO),
            "why": "Sie bekommen diese Mail, weil diese Vorgänge Sie oder Ihren Sitz betreffen.",
            "unsubscribe_url": "https://skip.example.org/abbestellen/beispiel",
        },
    ),
)
