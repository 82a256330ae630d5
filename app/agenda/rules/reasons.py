"""Stored reasons of proposals: marking them as vanished."""

import json


def marked_gone(stored: str) -> str:
    """The stored reasons, each marked as "entfallen"."""
    reasons = [
        one if one.get("gone") else {**one, "gone": True, "text": f"entfallen: {one['text']}"}
        for one in json.loads(stored)
    ]
    return json.dumps(reasons, ensure_ascii=False)
