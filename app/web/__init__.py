"""The German pages: one file per subject, named like its template folder."""

from fastapi import APIRouter

from app.web import public, sign_in

router = APIRouter(include_in_schema=False)
for subject in (public, sign_in):
    router.include_router(subject.router)
