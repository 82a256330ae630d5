"""The German pages: one file per subject, named like its template folder."""

from fastapi import APIRouter

from app.web import (
    accounts,
    api_docs,
    bodies,
    calendars,
    dashboard,
    history,
    importing,
    profile,
    project_forms,
    project_reports,
    projects,
    public,
    sign_in,
)

router = APIRouter(include_in_schema=False)
for subject in (
    public,
    sign_in,
    projects,
    project_forms,
    importing,
    project_reports,
    calendars,
    bodies,
    history,
    dashboard,
    api_docs,
    profile,
    accounts,
):
    router.include_router(subject.router)
