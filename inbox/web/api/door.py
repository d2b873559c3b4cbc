"""The door of the API: who shows a token, how often, and how far it reaches; then what was sent is read, and what comes of it told."""

import secrets
import traceback
from contextlib import suppress
from datetime import datetime

import structlog
from pydantic import ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from inbox.domain.access import Caller
from inbox.domain.problems import Problem
from inbox.pipeline.access import digest
from inbox.store import access
from inbox.web.api.operation import Call, Operation
from inbox.web.api.paces import Pace, Paces
from inbox.web.api.problems import Answered, status_of, told, wrong
from inbox.web.counts import counts
from inbox.web.door import host
from inbox.web.frame import SEEN_EVERY, House, spoken

MOST = 44 * 1024 * 1024
"""Bytes of a body: thirty megabytes of files in base64, and the words. How large the files of one answer may be, the network says."""
JSON = "application/json"


class Door:
    """What every operation stands behind."""

    def __init__(self, house: House, per_minute: int) -> None:
        self._house = house
        self._paces = Paces(counts(house.store, house.clock, "api"), per_minute)
        self._log = structlog.get_logger("inbox.web")

    async def answered(self, request: Request, operation: Operation) -> Response:
        """The answer to a call, whatever comes of it."""
        pace: Pace | None = None
        try:
            now = self._house.clock.now()
            caller = await self._caller(request, now)
            pace = await self._paces.called(caller.access.id, now)
            if not pace.open:
                raise Answered(429, Problem("api.too_often", seconds=pace.seconds))
            if not caller.may(operation.reach):
                raise Answered(403, Problem("api.beyond", reach=operation.reach.value))
            language = spoken(self._house, request, None)
            query = _query(request, operation)
            body = await _body(request, operation)
            response = await operation.run(Call(self._house, request, caller, language, now, query, body))
        except ClientDisconnect:
            return Response(status_code=400)
        except Answered as ended:
            response = self.told(request, ended)
        except Problem as problem:
            response = self.told(request, Answered(status_of(problem), problem))
        except Exception as error:
            response = self.broken(request, error)
        if pace is not None:
            response.headers.update(pace.headers)
        return response

    def told(self, request: Request, ended: Answered) -> Response:
        """A problem in the caller's language."""
        return told(self._house.wording, spoken(self._house, request, None), ended)

    def broken(self, request: Request, error: Exception) -> Response:
        """A mistake of ours: the answer has a number that the log knows, and nothing else."""
        number = secrets.token_hex(4)
        # Where, and what kind; never the error's own text, which may quote what a customer wrote.
        where = "".join(traceback.format_tb(error.__traceback__)[-4:])
        path = getattr(request.scope.get("route"), "path", "")
        self._log.error("page broken", path=path, number=number, error=type(error).__name__, where=where)
        return self.told(request, Answered(500, Problem("api.broken", number=number)))

    async def _caller(self, request: Request, now: datetime) -> Caller:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        shown = digest(token.strip()) if scheme.lower() == "bearer" else ""
        known = await self._house.store.read(access.caller, shown, now, self._house.hides)
        if known is None:
            pace = await self._paces.wrong(host(request), now)
            if not pace.open:
                raise Answered(429, Problem("api.too_often", seconds=pace.seconds), headers=pace.headers)
            raise Answered(401, Problem("api.no_token"), headers={"www-authenticate": 'Bearer realm="inbox"'})
        used = known.access.used_at
        if used is None or now - used >= SEEN_EVERY:
            with suppress(Problem):  # what is read can be read although nothing can be written
                await self._house.store.write(access.used, known.access.id, now)
        return known


def _query(request: Request, operation: Operation) -> object:
    given = dict(request.query_params)
    if operation.query is None:
        if given:
            name = next(iter(given))[:60]
            raise Answered(422, Problem("api.bad_query", name=name, reason="not known here"))
        return None
    try:
        return operation.query.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise Answered(422, Problem("api.bad_query", name=name, reason=first["msg"]), wrong(error)) from error


async def _body(request: Request, operation: Operation) -> bytes:
    if operation.body is None and not operation.takes:
        return b""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    wanted = operation.takes or JSON
    if kind != wanted:
        raise Answered(415, Problem("api.other_type", type=kind[:80] or "-", wanted=wanted))
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > MOST:
        raise Answered(413, Problem("api.too_large", most=MOST))
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST:
            raise Answered(413, Problem("api.too_large", most=MOST))
    return bytes(body)
