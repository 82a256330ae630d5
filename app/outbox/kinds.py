"""The kinds of mails: what each is called, when it goes out, and an example of it for the secretariat's preview.

Whoever owns a mail declares it beside its code, as ``MAILS``; ``app/web/outbox/mail_kinds.py`` gathers all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.outbox.composing import compose
from app.outbox.schemas import Letter


@dataclass(frozen=True, slots=True)
class MailKind:
    """One kind: ``name`` is its folder under ``templates/mail`` and the ``kind`` of its mails.

    ``title`` is its German name, ``occasion`` the sentence of when it goes to whom. ``example`` holds invented values
    for ``compose``, ``sender_name``, ``why`` and where there is one ``unsubscribe_url`` included. ``template`` is the
    folder where another kind's serves for this one, too.
    """

    name: str
    title: str
    occasion: str
    example: Mapping[str, Any] = field(hash=False)
    template: str = ""

    def preview(self, *, demo: bool = False) -> Letter:
        """The mail with its example values."""
        return compose(self.template or self.name, demo=demo, **self.example)
