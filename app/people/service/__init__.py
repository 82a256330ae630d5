"""What people do with accounts, keys, institutions and persons; one function per act, gathered here by subject."""

from app.people.service.accounts import (
    activate_account,
    add_account,
    count_failure,
    create_api_token,
    create_feed_token,
    deactivate_account,
    end_session,
    end_sessions,
    forget_failures,
    note_use,
    prolong_session,
    renew_feed_token,
    revoke_token,
    set_password,
    start_session,
)
from app.people.service.organisations import (
    add_organisation,
    change_organisation,
    create_organisation,
    delete_organisation,
    rename_organisation,
)
from app.people.service.persons import add_person, change_person, create_person, delete_person

__all__ = [
    "activate_account",
    "add_account",
    "add_organisation",
    "add_person",
    "change_organisation",
    "change_person",
    "count_failure",
    "create_api_token",
    "create_feed_token",
    "create_organisation",
    "create_person",
    "deactivate_account",
    "delete_organisation",
    "delete_person",
    "end_session",
    "end_sessions",
    "forget_failures",
    "note_use",
    "prolong_session",
    "rename_organisation",
    "renew_feed_token",
    "revoke_token",
    "set_password",
    "start_session",
]
