"""The German pages: one file per subject, named like its template folder."""

from fastapi import APIRouter

from app.web import api_docs, bodies, calendars, dashboard, history, project_reports, projects, public, sign_in

router = APIRouter(include_in_schema=False)
for subject in (public, sign_in, projects, project_reports, calendars, bodies, history, dashboard, api_docs):
    router.include_router(subject.router)
