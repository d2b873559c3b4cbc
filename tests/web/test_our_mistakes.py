"""Mistakes of ours while somebody waits: whatever the error holds, neither who asked nor the log is told more than a number."""

import io
import logging
from collections.abc import Iterator

import httpx
import pytest
import structlog
from starlette.types import Receive, Scope, Send

from inbox.domain.ids import ChannelName
from inbox.pipeline.access import MARK
from inbox.runtime.logs import configure, drain
from inbox.store.store import Store
from tests.web.portals import portal_of
from tests.web.programs import granted
from tests.web.sites import Running, Site

CANARY = "canary-in-a-mistake-Vb6nM8kJh2"
DOORS = (
    "/c/K7Q2",
    "/",
    "/sign-in",
    "/portal",
    "/portal/sign-in",
    "/channels/bot/hook",
    "/api/v1/conversations",
    "/login/x",
)
"""What is asked for while all that is read of the store is a mistake: pages, the portal, a channel's door, a program's."""


@pytest.fixture(params=["json", "human"])
def logged(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """The log as the daemon has it."""
    kept, root = structlog.get_config(), logging.getLogger()
    handlers, level, out = root.handlers[:], root.level, io.StringIO()
    configure(request.param, "debug", out=out)
    yield out
    structlog.configure(**kept)
    root.handlers[:], root.level = handlers, level


class Broken(Exception):
    """Tells its secret wherever an error can: in its text, its repr, its notes, its cause, and in what it carries."""

    def __init__(self, password: str) -> None:
        super().__init__(f"login as box with {password} was refused", {"password": password})
        self.password = password
        self.add_note(f"with {password}")
        self.__cause__ = ValueError(password)

    def __repr__(self) -> str:
        return f"Broken({self.password})"


def breaks(*_: object, **__: object) -> None:
    """A mistake, with the secret in a variable of its frame."""
    password = "-".join(("canary", "in", "a", "mistake", "Vb6nM8kJh2"))
    raise Broken(password)


async def face(scope: Scope, receive: Receive, send: Send) -> None:
    """A channel's own door that is a mistake."""
    breaks()


def test_s24_a_mistake_tells_no_secret_to_whoever_asked_nor_to_the_log(
    filled: Site, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = portal_of(filled)
    granted(filled)
    known = {"authorization": f"Bearer {MARK}program", "cookie": "__Host-inbox_session=x; __Host-inbox_customer=x"}
    running = Running(filled.app({ChannelName("bot"): face}, playbook=lambda: place.book))
    try:
        with httpx.Client(base_url=running.url, headers=known, trust_env=False, timeout=20) as client:
            for broken in ("read", "write"):
                monkeypatch.setattr(Store, broken, breaks)
            answers = [client.request(method, door) for door in DOORS for method in ("GET", "POST")]
    finally:
        running.close()
    drain()
    told = logged.getvalue()
    numbers = [line for line in told.splitlines() if "page broken" in line]
    assert len(numbers) == sum(one.status_code == 500 for one in answers)
    assert {one.request.url.path for one in answers if one.status_code == 500} == set(DOORS)
    assert "breaks" in told, "where it was is told"
    for text in (told, *(f"{one.headers}{one.text}" for one in answers)):
        assert CANARY not in text
        assert "refused" not in text
        assert "Traceback" not in text
