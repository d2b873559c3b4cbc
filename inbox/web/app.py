"""The web as one ASGI application: routes, failures that people can read, and the doors of channels."""

import json
import secrets
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from inbox.blobs import Blobs
from inbox.domain.ids import ChannelName
from inbox.domain.problems import Problem
from inbox.pipeline.playbook import Playbook
from inbox.ports.clock import Clock
from inbox.render import Pages
from inbox.settings.options import ApiOptions, SiteOptions, WebhooksOptions
from inbox.store.store import Store
from inbox.text.wording import Wording
from inbox.web.accounts import doors as accounts
from inbox.web.accounts.sealed import Seal
from inbox.web.accounts.welcome import Welcome
from inbox.web.agents import (
    assets,
    assets_doing,
    bulk,
    calling,
    clocks,
    commands,
    conversation,
    enclosing,
    framed,
    held,
    keeping,
    new,
    notified,
    palette,
    preferences,
    saying,
    tasks,
)
from inbox.web.agents.acting import Acting
from inbox.web.agents.reading import Reading
from inbox.web.api.routes import Beside
from inbox.web.api.routes import api as programmed
from inbox.web.broadcasts import leading as broadcasts
from inbox.web.broadcasts import stopping
from inbox.web.connect import hooks, tokens
from inbox.web.connect import tables as contacts
from inbox.web.directory import doors as directory
from inbox.web.door import Door
from inbox.web.frame import Drafts, House, stranger
from inbox.web.guard import Guarded
from inbox.web.help import doors as help_pages
from inbox.web.knowledge import doors as knowledge
from inbox.web.live import stream as live
from inbox.web.live.crowd import Crowd
from inbox.web.measured import Measured, Timed
from inbox.web.measured import routes as numbers
from inbox.web.ops.backtest import Backtest
from inbox.web.ops.backtests import Backtests
from inbox.web.ops.drafts import Previews
from inbox.web.ops.rulebook import Ops
from inbox.web.ops.trying import Trying
from inbox.web.portal import doors as portal
from inbox.web.reports import board as reports
from inbox.web.reports import contracts, counted, statements
from inbox.web.reports import letters as report_letters
from inbox.web.session import Cookies
from inbox.web.statics import STATIC, Statics
from inbox.web.visits import Visits

if TYPE_CHECKING:
    from inbox.web.accounts.provider import Provider

_HERE = Path(__file__).parent

More = Callable[[House], Sequence[Route]]
"""Routes that are made of what the pages are built with."""


def app(
    store: Store,
    wording: Wording,
    site: SiteOptions,
    clock: Clock,
    *,
    ready: Callable[[], bool],
    faces: Mapping[ChannelName, ASGIApp] | None = None,
    playbook: Callable[[], Playbook] | None = None,
    backtests: Backtests | None = None,
    drafts: Drafts | None = None,
    blobs: Blobs | None = None,
    provider: "Provider | None" = None,
    crowd: Crowd | None = None,
    secret: bytes = b"",
    more: More | None = None,
    api: ApiOptions | None = None,
    webhooks: WebhooksOptions | None = None,
    visits: Visits | None = None,
    measured: Measured | None = None,
) -> ASGIApp:
    """The application. `ready` tells whether mail can be taken; `faces` are mounted at /channels/<name>/; `playbook`: what is
    configured now, for where answers go; `backtests`: those that people ask for, where they can be run; `drafts`: where
    templates are tried; `blobs`: where large files are; `provider`: who vouches for people besides their password; `crowd`:
    the pages that listen, where its `run` does; `secret`: of the site, with which what must not lie open in the store is sealed;
    `more`: further routes, such as those of the demo; `api`: how much programs may do; `webhooks`: which may be told; `visits`:
    where what customers say on the portal comes in; `measured`: who reads how the house does, where that is measured."""
    pages, statics = Pages([_HERE / "pages"], wording), Statics.read(STATIC)
    keymaps = tuple(json.dumps(commands.keymap(agent), separators=(",", ":")) for agent in (False, True))
    known = (playbook, backtests, drafts, blobs, provider, crowd, keymaps, visits, Seal(secret))
    house = House(store, wording, site, clock, pages, statics, Cookies(site.public_url), *known)
    failures = _Failures(house)
    programs = programmed(house, (api or ApiOptions()).calls_per_minute)
    # Not Starlette's application: that one raises again what it has answered already, and it would be logged twice.
    inner = ExceptionMiddleware(
        Router(
            [
                *_routes(house, ready, faces or {}, (webhooks or WebhooksOptions()).allow),
                *numbers(house, measured),
                *(more(house) if more else ()),
            ],
            redirect_slashes=False,
            default=Beside(programs, _missing),
        ),
        handlers={
            ClientDisconnect: _hung_up,
            HTTPException: failures.refused,
            Problem: failures.told,
            Exception: failures.broken,
        },
    )
    guarded: ASGIApp = Guarded(inner)
    if measured is not None:
        guarded = Timed(guarded, measured.took)
    if site.trusted_proxies:
        guarded = ProxyHeadersMiddleware(guarded, trusted_hosts=list(site.trusted_proxies))  # type: ignore[assignment,arg-type]  # uvicorn types ASGI on its own
    return guarded


async def _missing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise HTTPException(404)


async def _hung_up(_request: Request, _error: Exception) -> Response:
    """The browser was gone before it had said everything: nobody reads the answer, and nothing is wrong."""
    return Response(status_code=400)


async def _with_a_slash(request: Request) -> Response:
    """The page of a face, as people type its address."""
    return RedirectResponse(f"{request.url.path}/", 307)


def _routes(
    house: House, ready: Callable[[], bool], faces: Mapping[ChannelName, ASGIApp], allowed: tuple[str, ...]
) -> list[Route | Mount]:
    door, reading, ops, trying = Door(house), Reading(house), Ops(house), Trying(house)
    backtest, previews = Backtest(house), Previews(house)

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_request: Request) -> Response:
        return PlainTextResponse("ready\n") if ready() else PlainTextResponse("not ready\n", 503)

    return [
        Route("/", Welcome(house).before(reading.listing)),
        *conversation.routes(house),
        *saying.routes(house),
        *enclosing.routes(house),
        *framed.routes(house),
        *bulk.routes(house),
        *keeping.routes(house),
        Route("/c/{reference}/why/{number}", ops.why),
        *clocks.routes(house),
        Route("/c/{reference}/do/{action}", Acting(house).act, methods=["POST"]),
        *new.routes(house),
        *calling.routes(house),
        *held.routes(house),
        *notified.routes(house),
        *assets_doing.routes(house),
        *assets.routes(house),
        *tasks.routes(house),
        *broadcasts.routes(house),
        *stopping.routes(house),
        Route("/rules", ops.rulebook),
        Route("/rules/try", trying.show),
        Route("/rules/try", trying.run, methods=["POST"]),
        Route("/rules/backtest", backtest.form),
        Route("/rules/backtest", backtest.begin, methods=["POST"]),
        Route("/rules/backtest/{name}", backtest.result),
        Route("/rules/backtest/{name}/stop", backtest.stop, methods=["POST"]),
        Route("/templates", previews.listing),
        Route("/templates/{name}", previews.one),
        Route("/templates/{name}/html", previews.letter),
        *accounts.routes(house),
        *tokens.routes(house),
        *hooks.routes(house, allowed),
        *contacts.routes(house),
        *directory.routes(house),
        *live.routes(house),
        *palette.routes(house),
        *preferences.routes(house),
        *reports.routes(house),
        *report_letters.routes(house),
        *counted.routes(house),
        *contracts.routes(house),
        *statements.routes(house),
        *portal.routes(house),
        *knowledge.routes(house),
        *help_pages.routes(house),
        Route("/login/{token}", door.show),
        Route("/login/{token}", door.enter, methods=["POST"]),
        Route("/logout", door.leave, methods=["POST"]),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/static/{digest}/{name}", house.statics.answer),
        *(Route(f"/channels/{name}", _with_a_slash) for name in faces),
        *(Mount(f"/channels/{name}", app=face) for name, face in faces.items()),
    ]


class _Failures:
    """Pages for what went wrong. They never need the store: it may be what went wrong."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._log = structlog.get_logger("inbox.web")

    async def refused(self, request: Request, error: Exception) -> Response:
        """404, 405 and the like."""
        status = error.status_code if isinstance(error, HTTPException) else 404
        about = {400: "unreadable", 403: "forbidden", 413: "too_large"}.get(status, "missing")
        return stranger(self._house, request).page("failure", status, about=about, detail="")

    async def told(self, request: Request, error: Exception) -> Response:
        """A problem that a person can do something about, in its own words."""
        made = stranger(self._house, request)
        self._log.warning("page failed", path=_route(request), problem=error)
        detail = self._house.wording.problem(made.language, error) if isinstance(error, Problem) else ""
        return made.page("failure", 503, about="unavailable", detail=detail)

    async def broken(self, request: Request, error: Exception) -> Response:
        """A mistake of ours: the page shows a number that the log knows, and nothing else."""
        number = secrets.token_hex(4)
        # Where, and what kind; never the error's own text, which may quote what a customer wrote.
        where = "".join(traceback.format_tb(error.__traceback__)[-4:])
        self._log.error("page broken", path=_route(request), number=number, error=type(error).__name__, where=where)
        return stranger(self._house, request).page("failure", 500, about="broken", detail=number)


def _route(request: Request) -> str:
    """The pattern of the address: the address itself may hold a token."""
    route = request.scope.get("route")
    return getattr(route, "path", "")
