"""The German pages: a folder for what belongs together, a file for each subject, the shared frame beside them."""

from fastapi import APIRouter

from app.web import api_docs, checksums, dashboard, handbook, history, public, texts
from app.web.actions import action_list, action_pages
from app.web.agenda import (
    deltas,
    documents,
    guests,
    items,
    joining,
    proposals,
    publishing,
    reading,
    released,
    releases,
    speaking,
    supplements,
)
from app.web.agenda import pages as agenda_pages
from app.web.circulars import drafts as circular_drafts
from app.web.circulars import pages as circular_pages
from app.web.decisions import documents as decision_documents
from app.web.decisions import following, following_meetings, register_forms
from app.web.decisions import pages as decisions_pages
from app.web.meetings import answering, attendance, calendars, invitations, letters
from app.web.meetings import pages as meetings_pages
from app.web.minutes import hall, outcomes, points, record_files, results, review, text_blocks
from app.web.outbox import pages as outbox_pages
from app.web.outbox import preview as mail_preview
from app.web.papers import meeting_papers, project_papers, topic_papers
from app.web.people import (
    accounts,
    auditing,
    bodies,
    body_forms,
    merging,
    notices,
    organisation_forms,
    own_passkeys,
    own_password,
    people_importing,
    person_forms,
    profile,
    seat_forms,
    security,
)
from app.web.people import pages as people_pages
from app.web.privacy import personal, security_log
from app.web.privacy import settings as privacy_settings
from app.web.projects import importing, plan, project_forms, project_reports
from app.web.projects import pages as projects_pages
from app.web.search import pages as search_pages
from app.web.sign_in import factors, passkeys, personal_links, providers
from app.web.sign_in import pages as sign_in_pages
from app.web.topics import pages as topics_pages
from app.web.topics import registrations

router = APIRouter(include_in_schema=False)
for subject in (
    public,
    sign_in_pages,
    factors,
    passkeys,
    personal_links,
    providers,
    projects_pages,
    project_forms,
    plan,
    importing,
    project_reports,
    meetings_pages,
    agenda_pages,
    reading,
    items,
    texts,
    joining,
    guests,
    proposals,
    deltas,
    releases,
    released,
    supplements,
    publishing,
    checksums,
    outcomes,
    points,
    results,
    hall,
    text_blocks,
    review,
    record_files,
    attendance,
    speaking,
    letters,
    invitations,
    answering,
    meeting_papers,
    project_papers,
    topic_papers,
    topics_pages,
    registrations,
    action_list,
    action_pages,
    following_meetings,
    following,
    circular_drafts,
    circular_pages,
    documents,
    decision_documents,
    register_forms,
    decisions_pages,
    calendars,
    bodies,
    history,
    dashboard,
    api_docs,
    profile,
    notices,
    security,
    own_passkeys,
    own_password,
    accounts,
    auditing,
    people_pages,
    handbook,
    search_pages,
    person_forms,
    people_importing,
    organisation_forms,
    merging,
    body_forms,
    seat_forms,
    privacy_settings,
    personal,
    mail_preview,
    outbox_pages,
    security_log,
):
    router.include_router(subject.router)
