"""The JSON API, version 1: one thin file per subject."""

from fastapi import APIRouter

from app.api import (
    actions,
    agenda_items,
    attendance,
    bodies,
    circular_procedures,
    confidential_access,
    decisions,
    deltas,
    documentation,
    follow_ups,
    joining,
    letters,
    me,
    meetings,
    minutes,
    minutes_life,
    organisations,
    papers,
    periods,
    persons,
    projects,
    proposals,
    registrations,
    releases,
    seats,
    speaking_notes,
    status_reports,
    topics,
)
from app.api.answers import PROBLEMS

router = APIRouter(prefix="/api/v1", responses=PROBLEMS)
SUBJECTS = (
    bodies,
    seats,
    deltas,
    organisations,
    persons,
    projects,
    periods,
    status_reports,
    meetings,
    agenda_items,
    attendance,
    papers,
    releases,
    minutes_life,
    speaking_notes,
    minutes,
    letters,
    joining,
    proposals,
    topics,
    registrations,
    decisions,
    follow_ups,
    actions,
    circular_procedures,
    confidential_access,
    me,
    documentation,
)
for subject in SUBJECTS:
    router.include_router(subject.router)
