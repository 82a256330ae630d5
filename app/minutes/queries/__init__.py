"""Reading minutes, a file for each subject, gathered here."""

from app.minutes.queries.life import (
    attended,
    find_minutes,
    find_minutes_edition,
    find_minutes_publication,
    get_minutes,
    get_minutes_meeting,
    get_objection,
    list_addenda,
    list_minutes_documents,
    list_minutes_releases,
    list_objections,
    notes_of_items,
    pending_minutes,
    readable_minutes,
)

__all__ = [
    "attended",
    "find_minutes",
    "find_minutes_edition",
    "find_minutes_publication",
    "get_minutes",
    "get_minutes_meeting",
    "get_objection",
    "list_addenda",
    "list_minutes_documents",
    "list_minutes_releases",
    "list_objections",
    "notes_of_items",
    "pending_minutes",
    "readable_minutes",
]
