"""Tables of the plan and its projects: periods, fields, projects, dated status reports, needs, milestones."""

from enum import StrEnum


class Light(StrEnum):
    """The traffic light (Ampel) of a status report."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Phase(StrEnum):
    """Where a project stands in its life (domain §3, own definition)."""

    PROPOSED = "proposed"
    REJECTED = "rejected"
    PLANNED = "planned"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    ABORTED = "aborted"
    TRANSFERRED = "transferred"
    UNKNOWN = "unknown"
