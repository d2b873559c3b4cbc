"""A program with a token: asks the API of a site directly, and reads what it is told."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.types import ASGIApp

from inbox.domain.access import Access, Reach
from inbox.domain.acts import By
from inbox.pipeline.access import MARK, grant
from tests.web.asking import Answer, Visitor
from tests.web.rulebooks import book
from tests.web.sites import NOW, Site

API = "/api/v1"
ALL = (Reach.READ, Reach.WRITE, Reach.ADMIN)


def granted(
    site: Site,
    name: str = "program",
    handle: str = "",
    reach: tuple[Reach, ...] = (Reach.READ,),
    teams: tuple[str, ...] = (),
    expires_at: datetime | None = None,
) -> Access:
    """A token, whose text is its name behind the mark."""
    return site.store.write_now(grant, MARK + name, name, handle, reach, teams, expires_at, By("owner"), NOW)


@dataclass
class Program:
    """Somebody who speaks JSON."""

    app: ASGIApp
    token: str = ""
    language: str = "en"
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, site: Site, name: str = "program", **how: Any) -> "Program":
        """With a fresh token."""
        granted(site, name, **how)
        return cls(site.app(playbook=book), MARK + name)

    async def get(self, path: str, **headers: str) -> Answer:
        """GET below /api/v1."""
        return await self._ask("GET", path, headers)

    async def post(self, path: str, body: object = None, **headers: str) -> Answer:
        """POST a value as JSON, or a text as it is."""
        text = body if isinstance(body, str) else json.dumps({} if body is None else body)
        return await self._ask("POST", path, {"content_type": "application/json", **headers}, text)

    async def delete(self, path: str) -> Answer:
        """DELETE."""
        return await self._ask("DELETE", path, {})

    async def _ask(self, method: str, path: str, headers: dict[str, str], text: str = "") -> Answer:
        shown = {"authorization": f"Bearer {self.token}"} if self.token else {}
        sent = {**shown, "accept_language": self.language, **self.headers, **headers}
        visitor = Visitor(self.app)
        return await visitor.ask(method, path if path.startswith("/api") else API + path, sent, encoded=text)


def said(answer: Answer) -> Any:
    """The JSON of an answer."""
    return json.loads(answer.text)
