"""Pure rules of the chain: what is hashed, and how a chain is checked."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical(content: Mapping[str, Any]) -> str:
    """*content* as canonical JSON (sorted keys, no spaces); dates and enums as their text."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def digest_of(salt: str, content: str) -> str:
    """SHA-256 of salt and content: proves the detail without revealing it once it is erased."""
    return hashlib.sha256(f"{salt}\n{content}".encode()).hexdigest()


def entry_hash(
    *,
    place: int,
    at: dt.datetime,
    verb: str,
    object_kind: str,
    object_id: int,
    body_id: int | None,
    reach: str,
    digest: str,
    previous_hash: str,
) -> str:
    """The hash of one entry over all its columns and the previous entry's hash."""
    stamp = at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    text = canonical([place, stamp, verb, object_kind, object_id, body_id, reach, digest, previous_hash])  # type: ignore[arg-type]
    return hashlib.sha256(text.encode()).hexdigest()


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> dict[str, list[Any]]:
    """Field by field what differs, as ``{field: [before, after]}``; a missing side counts as None."""
    old, new = before or {}, after or {}
    names = [*old, *(name for name in new if name not in old)]
    return {name: [old.get(name), new.get(name)] for name in names if old.get(name) != new.get(name)}
