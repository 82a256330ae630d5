"""German words of the codes that projects and their status use."""

from app.projects.models import Light, LineageKind, NeedEnd, Phase, StatusSource, StatusState

LIGHTS: dict[Light, str] = {Light.GREEN: "grün", Light.YELLOW: "gelb", Light.RED: "rot"}
PHASES: dict[Phase, str] = {
    Phase.PROPOSED: "vorgeschlagen",
    Phase.REJECTED: "abgelehnt",
    Phase.PLANNED: "in Planung",
    Phase.RUNNING: "in Umsetzung",
    Phase.PAUSED: "ruhend",
    Phase.COMPLETED: "abgeschlossen",
    Phase.ABORTED: "abgebrochen",
    Phase.TRANSFERRED: "übergeleitet",
    Phase.UNKNOWN: "unbekannt",
}
LINEAGES: dict[LineageKind, str] = {
    LineageKind.CONTINUED: "fortgeführt als",
    LineageKind.MERGED: "zusammengeführt in",
    LineageKind.SPLIT: "geteilt in",
}
PREDECESSORS: dict[LineageKind, str] = {
    LineageKind.CONTINUED: "Fortführung von",
    LineageKind.MERGED: "Zusammenführung aus",
    LineageKind.SPLIT: "Teil von",
}
STATES: dict[StatusState, str] = {
    StatusState.SUBMITTED: "wartet auf Annahme",
    StatusState.ACCEPTED: "angenommen",
    StatusState.REJECTED: "nicht angenommen",
}
SOURCES: dict[StatusSource, str] = {
    StatusSource.IMPORT: "eingelesen",
    StatusSource.SECRETARIAT: "eingetragen",
    StatusSource.LEAD: "von der Projektleitung gemeldet",
}
NEED_ENDS: dict[NeedEnd, str] = {
    NeedEnd.DECIDED: "entschieden",
    NeedEnd.WITHDRAWN: "zurückgezogen",
    NeedEnd.CLOSED: "von der Geschäftsstelle geschlossen",
}
NO_LIGHT = "keine Meldung"


def light_word(light: Light | None) -> str:
    """grün, gelb, rot, or "keine Meldung"."""
    return LIGHTS[light] if light else NO_LIGHT


def phase_word(phase: Phase | None) -> str:
    """in Umsetzung; "unbekannt" where no status told a phase."""
    return PHASES[phase or Phase.UNKNOWN]
