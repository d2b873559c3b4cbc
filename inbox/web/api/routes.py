"""The API as one application below /api/v1: every operation, its description, and problems for what is none."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from inbox.domain.problems import Problem
from inbox.text.wording import Wording
from inbox.web.api import acting, assets, contracts, directory, lists, reading, tables
from inbox.web.api.description import BASE, described
from inbox.web.api.door import Door
from inbox.web.api.operation import Operation
from inbox.web.api.problems import Answered
from inbox.web.frame import House


def operations(wording: Wording) -> tuple[Operation, ...]:
    """All that the API can do."""
    every = (reading, tables, lists, contracts, assets, directory)
    return (*(one for room in every for one in room.operations()), *acting.operations(wording))


def api(house: House, per_minute: int) -> ASGIApp:
    """The application. `per_minute`: calls of one token."""
    every, door = operations(house.wording), Door(house, per_minute)

    async def description(request: Request) -> Response:
        """GET `/api/v1/openapi.json`: for everybody, it tells nothing of this site."""
        server = house.site.public_url or str(request.base_url).rstrip("/")
        return JSONResponse(described(every, server))

    async def refused(request: Request, error: Exception) -> Response:
        """404, 405."""
        status = error.status_code if isinstance(error, HTTPException) else 404
        headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
        key = "api.other_method" if status == 405 else "api.missing"
        what = request.method if status == 405 else request.url.path
        return door.told(request, Answered(status, Problem(key, what=what[:100]), headers=headers))

    made = [Route(f"{BASE}/openapi.json", description), *_by_path(every, door)]
    router = Router(made, redirect_slashes=False, default=_missing)
    return ExceptionMiddleware(router, handlers={HTTPException: refused})


class Beside:
    """Where no page is: what lies below /api/v1 goes to the API, whatever it is, and all else on. Starlette's Mount passes over
    addresses with a line break in them."""

    def __init__(self, api: ASGIApp, otherwise: ASGIApp) -> None:
        self._api = api
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        ours = scope["type"] == "http" and f"{scope['path']}/".startswith(f"{BASE}/")
        await (self._api if ours else self._otherwise)(scope, receive, send)


def _by_path(every: tuple[Operation, ...], door: Door) -> list[Route]:
    paths: dict[str, dict[str, Operation]] = {}
    for one in every:
        paths.setdefault(one.path, {})[one.method] = one
    return [Route(f"{BASE}{path}", _Place(methods, door)) for path, methods in paths.items()]


class _Place:
    """The operations of one address by their methods; another method is told which there are."""

    def __init__(self, methods: Mapping[str, Operation], door: Door) -> None:
        self._methods = methods
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        request = Request(scope, receive, send)
        operation = self._methods.get("GET" if request.method == "HEAD" else request.method)
        if operation is None:
            raise HTTPException(405, headers={"allow": ", ".join(self._methods)})
        response = await self._door.answered(request, operation)
        await response(scope, receive, send)


async def _missing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise HTTPException(404)
