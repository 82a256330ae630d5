"""Reading action items, a file for each subject, gathered here."""

from app.actions.queries.actions import (
    actions_of_clauses,
    actions_of_items,
    actions_of_project,
    find_action_of_clause,
    get_action,
    is_own,
    list_steps,
    load_action,
    lock_action,
    own_actions,
    own_clause,
    project_ids_of,
    readable_actions,
    unnumbered_of_meeting,
)
from app.actions.queries.drafting import carried_done, open_actions
from app.actions.queries.listing import (
    PAGE_SIZE,
    ActionSort,
    count_actions,
    lines_of,
    list_actions,
    list_responsible,
)

__all__ = [
    "PAGE_SIZE",
    "ActionSort",
    "actions_of_clauses",
    "actions_of_items",
    "actions_of_project",
    "carried_done",
    "count_actions",
    "find_action_of_clause",
    "get_action",
    "is_own",
    "lines_of",
    "list_actions",
    "list_responsible",
    "list_steps",
    "load_action",
    "lock_action",
    "open_actions",
    "own_actions",
    "own_clause",
    "project_ids_of",
    "readable_actions",
    "unnumbered_of_meeting",
]
