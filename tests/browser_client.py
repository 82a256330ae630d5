"""A browser for tests without a real one: follows the site's forms and sends their token."""

import datetime as dt
import re
from typing import Any

import httpx2
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.db import Database
from app.people import rules, service
from app.request import SESSION_COOKIE


class Browser(TestClient):
    """Gets pages and submits forms; redirects are shown, not followed."""

    def __init__(self, application: FastAPI, database: Database, account: Any = None, **options: Any) -> None:
        super().__init__(application, follow_redirects=False, raise_server_exceptions=True, **options)
        if account is not None:
            key = rules.new_key()
            with database.write() as session:
                service.start_session(session, account, key, lasts=dt.timedelta(hours=1))
            self.cookies.set(SESSION_COOKIE, key)

    def token(self, address: str = "/barrierefreiheit") -> str:
        """The form token of a page."""
        found = re.search(r'name="csrf-token" content="([0-9a-f]+)"', self.get(address).text)
        assert found, f"{address} carries no form token"
        return found.group(1)

    def submit(self, address: str, /, **fields: Any) -> httpx2.Response:
        """Post a form with its token; a list value repeats its field."""
        return self.post(address, data={"csrf_token": self.token(), **fields})
