"""The JSON API, version 1: one thin file per subject."""

from fastapi import APIRouter

router = APIRouter(prefix="/api/v1")
