"""What people do with bodies: create and rename them, fill their seats, set their rules; gathered here by subject."""

from app.bodies.service.auditing import close_audit, open_audit
from app.bodies.service.bodies import (
    change_body,
    create_body,
    describe_body,
    rename_body,
)
from app.bodies.service.memberships import (
    change_membership,
    describe_membership,
    end_membership,
    fill_seat,
    remove_membership,
    succeed_member,
)
from app.bodies.service.merging import merge_organisations, merging_refusals
from app.bodies.service.seats import (
    add_seat,
    add_seat_address,
    change_seat,
    create_seat,
    describe_seat,
    end_seat,
    move_seat,
    remove_seat,
    set_seat_addresses,
)
from app.bodies.service.sections import (
    change_sections,
)
from app.bodies.service.settings import (
    change_rules,
    set_closing_days,
    steer_periods,
)
from app.bodies.service.speaking import (
    name_for_speaking_notes,
)

__all__ = [
    "add_seat",
    "add_seat_address",
    "change_body",
    "change_membership",
    "change_rules",
    "change_seat",
    "change_sections",
    "close_audit",
    "create_body",
    "create_seat",
    "describe_body",
    "describe_membership",
    "describe_seat",
    "end_membership",
    "end_seat",
    "fill_seat",
    "merge_organisations",
    "merging_refusals",
    "move_seat",
    "name_for_speaking_notes",
    "open_audit",
    "remove_membership",
    "remove_seat",
    "rename_body",
    "set_closing_days",
    "set_seat_addresses",
    "steer_periods",
    "succeed_member",
]
