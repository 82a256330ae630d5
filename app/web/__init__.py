"""The German pages: one file per subject, named like its template folder."""

from fastapi import APIRouter

from app.web import (
    accounts,
    agenda,
    api_docs,
    bodies,
    calendars,
    dashboard,
    documents,
    handbook,
    history,
    importing,
    meetings,
    organisation_forms,
    outcomes,
    people,
    person_forms,
    profile,
    project_forms,
    project_reports,
    projects,
    proposals,
    public,
    releases,
    sign_in,
    topics,
)

router = APIRouter(include_in_schema=False)
for subject in (
    public,
    sign_in,
    projects,
    project_forms,
    importing,
    project_reports,
    meetings,
    agenda,
    proposals,
    releases,
    outcomes,
    topics,
    documents,
    calendars,
    bodies,
    history,
    dashboard,
    api_docs,
    profile,
    accounts,
    people,
    handbook,
    person_forms,
    organisation_forms,
):
    router.include_router(subject.router)
