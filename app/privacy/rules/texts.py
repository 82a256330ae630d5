"""Pure rules of the public pages: their titles, and what an operator must still fill in."""

import re
from collections.abc import Mapping

from app.privacy.models import TextName

TITLES: Mapping[TextName, str] = {
    TextName.ACCESSIBILITY: "Erklärung zur Barrierefreiheit",
    TextName.PRIVACY: "Datenschutz",
    TextName.IMPRINT: "Impressum",
}
_GAP = re.compile(r"\[…\s*([^\]\n]*)\]?")


def gaps(content: str) -> list[str]:
    """What the operator must still fill in: the words of every ``[… hint]``, in the order of the text."""
    return [found[1].strip() or "Angabe" for found in _GAP.finditer(content)]
