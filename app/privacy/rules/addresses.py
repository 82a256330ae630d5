"""Whether a text names a mail address, or only a longer one that holds it."""

import re

_ESCAPED = re.compile(r"\\(?:u[0-9a-f]{4}|.)")


def names_address(content: str, address: str) -> bool:
    """Whether *content* (canonical JSON) names *address*, in any case: kim@example.org does not name im@example.org."""
    plain = _ESCAPED.sub(" ", content)
    whole = rf"(?<![\w.+%-]){re.escape(address)}(?![\w-]|\.\w)"
    return re.search(whole, plain, re.IGNORECASE) is not None
