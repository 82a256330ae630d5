"""The German pages: one file per subject, named like its template folder."""

from fastapi import APIRouter

from app.web import bodies, calendars, dashboard, history, public, sign_in

router = APIRouter(include_in_schema=False)
for subject in (public, sign_in, calendars, bodies, history, dashboard):
    router.include_router(subject.router)
