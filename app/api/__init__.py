"""The JSON API, version 1: one thin file per subject."""

from fastapi import APIRouter

from app.api import agenda_items, bodies, documentation, me, meetings, organisations, persons, proposals, topics
from app.api.answers import PROBLEMS

router = APIRouter(prefix="/api/v1", responses=PROBLEMS)
for subject in (bodies, organisations, persons, meetings, agenda_items, proposals, topics, me, documentation):
    router.include_router(subject.router)
