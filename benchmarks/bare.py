"""The yardstick server: FastAPI with nothing around it, neither sign-in nor permissions."""

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from sqlmodel import select
from starlette.staticfiles import StaticFiles

from app.db import Database
from app.meetings.models import Meeting


class MeetingShape(BaseModel):
    """A meeting as a plain list shows it."""

    id: int
    number: int | None
    state: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str


def make(url: str, folder: Path) -> FastAPI:
    """One row (/row), a list of 50 rows (/rows) and the files of *folder* (/files)."""
    database = Database(url)
    app = FastAPI()
    app.mount("/files", StaticFiles(directory=folder))

    @app.get("/row")
    def show_row() -> dict[str, Any]:
        with database.read() as session:
            found = session.exec(select(Meeting).limit(1)).first()
        return {"id": found.id if found else None}

    @app.get("/rows", response_model=list[MeetingShape])
    def show_rows() -> Any:
        with database.read() as session:
            return session.exec(select(Meeting).limit(50)).all()

    return app


if __name__ == "__main__":
    address, place, port = sys.argv[1:]
    uvicorn.run(make(address, Path(place)), host="127.0.0.1", port=int(port), access_log=False, log_level="warning")
