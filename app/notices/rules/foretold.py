"""The sentence that says before an act whom it tells."""


def words_before(count: int, *, sends: bool) -> str:
    """How many persons will be told; without a mail server (*sends* is False) also where their mails stay."""
    if count == 0:
        return "Danach wird niemand benachrichtigt."
    told = "wird 1 Person" if count == 1 else f"werden {count} Personen"
    said = f"Danach {told} benachrichtigt."
    return said if sends else f"{said} Der Mailversand ist nicht eingerichtet: Die Mails bleiben im Postausgang."
