"""Stored reasons of proposals: marking them as vanished, and which things they tell to be over."""

import json


def marked_gone(stored: str) -> str:
    """The stored reasons, each marked as "entfallen"."""
    reasons = [
        one if one.get("gone") else {**one, "gone": True, "text": f"entfallen: {one['text']}"}
        for one in json.loads(stored)
    ]
    return json.dumps(reasons, ensure_ascii=False)


def over_things(stored: str) -> frozenset[str]:
    """The decisions and actions ("decision:12") that the stored reasons of a table tell to be over."""
    return frozenset(
        reason["thing"]
        for reason in json.loads(stored)
        if reason.get("thing") and reason.get("closed") and not reason.get("gone")
    )
