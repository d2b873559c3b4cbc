"""/metrics: read on the machine itself or with the token, never through a proxy by accident; and how answers are timed."""

import pytest
from starlette.requests import Request

from inbox.web.app import app
from inbox.web.measured import Measured, allowed
from tests.web.asking import Visitor
from tests.web.sites import WORDING, Site

TOKEN = "a-token-that-is-long-enough"
LOCAL = {"host": "127.0.0.1:8025"}


def asked(headers: dict[str, str], client: str | None = "127.0.0.1") -> Request:
    """A request as it comes in."""
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    peer = None if client is None else (client, 40_000)
    return Request({"type": "http", "method": "GET", "path": "/metrics", "headers": raw, "client": peer})


@pytest.mark.parametrize(
    ("headers", "client"),
    [
        (LOCAL, "127.0.0.1"),
        ({"host": "localhost"}, "127.0.0.1"),
        ({"host": "[::1]:8025"}, "::1"),
        ({"host": "inbox.example.org", "authorization": f"Bearer {TOKEN}"}, "203.0.113.9"),
        ({**LOCAL, "x-forwarded-for": "203.0.113.9", "authorization": f"bearer {TOKEN}"}, "127.0.0.1"),
    ],
)
def test_they_are_read_here_or_with_the_token(headers: dict[str, str], client: str) -> None:
    assert allowed(asked(headers, client), TOKEN)


@pytest.mark.parametrize(
    ("headers", "client"),
    [
        (LOCAL, "203.0.113.9"),
        (LOCAL, None),
        ({**LOCAL, "x-forwarded-for": "127.0.0.1"}, "127.0.0.1"),
        ({**LOCAL, "forwarded": "for=127.0.0.1"}, "127.0.0.1"),
        ({**LOCAL, "via": "1.1 proxy"}, "127.0.0.1"),
        ({"host": "rebound.example.org"}, "127.0.0.1"),
        ({}, "127.0.0.1"),
        ({"host": "inbox.example.org", "authorization": "Bearer "}, "203.0.113.9"),
        ({"host": "inbox.example.org", "authorization": f"Bearer {TOKEN}x"}, "203.0.113.9"),
        ({"host": "inbox.example.org", "authorization": f"Basic {TOKEN}"}, "203.0.113.9"),
    ],
)
def test_nobody_else_reads_them(headers: dict[str, str], client: str | None) -> None:
    assert not allowed(asked(headers, client), TOKEN)
    assert not allowed(asked({**headers, "authorization": "Bearer "}, client), "")


class Watched:
    """In place of a meter."""

    def __init__(self) -> None:
        self.times: list[tuple[str, float]] = []

    async def read(self) -> bytes:
        """Some numbers."""
        return b"inbox_sse_clients 0.0\n"

    def took(self, route: str, seconds: float) -> None:
        """Remembered."""
        self.times.append((route, seconds))


def measured(site: Site, token: str = "") -> tuple[Visitor, Watched]:
    """A stranger before a site whose answers are timed."""
    watched = Watched()
    made = app(
        site.store,
        WORDING,
        site.options,
        site.clock,
        ready=lambda: True,
        measured=Measured(watched.read, watched.took, token),
    )
    return Visitor(made, host="inbox.example.org", peer="203.0.113.9"), watched


async def test_whoever_is_refused_is_told_what_to_do(site: Site) -> None:
    visitor, _ = measured(site)
    answer = await visitor.get("/metrics")
    assert answer.status == 403
    assert "[metrics]" in answer.text
    visitor, _ = measured(site, TOKEN)
    answer = await visitor.get("/metrics")
    assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert (await Visitor(site.app()).get("/metrics")).status == 404


async def test_each_answer_is_timed_under_its_pattern_and_never_under_its_address(site: Site) -> None:
    visitor, watched = measured(site)
    for path in ("/healthz", "/login/secret-token", "/no-such/sara@example.org", "/c/K7Q2", "/api/v1/conversations"):
        await visitor.get(path)
    patterns = [route for route, _ in watched.times]
    assert patterns[:4] == ["/healthz", "/login/{token}", "other", "/c/{reference}"]
    assert "conversations" in patterns[4]
    assert all(0 <= seconds < 60 for _, seconds in watched.times)
