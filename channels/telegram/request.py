"""The one class under python-telegram-bot that talks HTTP: tolerant of what hosts answer, exact about how far a call came."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx
from telegram._utils.types import ODVInput
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData

CONNECT_SECONDS = 15.0
ANSWER_SECONDS = 60.0
"""An answer that takes longer is none: the outcome is then unknown."""
IDLE_SECONDS = 5.0
"""An idle connection that was kept longer may be one that the server has just closed: not worth an unknown outcome."""
CONNECTIONS = 16
LARGEST_ANSWER = 20_000_000
_BODY = "http11.send_request_body.started"

Stage = Callable[[], Awaitable[None]]


class Refused(TelegramError):
    """The host answered with an error of the Bot API: what was asked was certainly not done."""

    def __init__(self, code: int, text: str, parameters: Mapping[str, Any]) -> None:
        super().__init__(text[:300] or str(code))
        self.code = code
        self.text = text[:300]
        self.retry_after = _number(parameters.get("retry_after"))
        self.moved_to = _number(parameters.get("migrate_to_chat_id"))


class Garbled(TelegramError):
    """The host answered that it broke, or not as the Bot API does: nobody knows what was done."""

    def __init__(self, code: int) -> None:
        super().__init__(f"status {code}")
        self.code = code


class TolerantRequest(BaseRequest):
    """Calls over httpx. Proxies of the environment count for nothing: where a channel goes, its options say."""

    def __init__(self, proxy: str, trust: ssl.SSLContext) -> None:
        limits = httpx.Limits(max_connections=CONNECTIONS, keepalive_expiry=IDLE_SECONDS)
        self._client = httpx.AsyncClient(
            verify=trust, proxy=proxy or None, trust_env=False, limits=limits, follow_redirects=False
        )
        self._stages: dict[asyncio.Task[Any], Stage] = {}
        self.told_time = ""
        """What the last answer said of the time (RFC 9110, 6.6.1)."""

    @property
    def read_timeout(self) -> float:
        """Seconds for an answer where a call names none."""
        return ANSWER_SECONDS

    async def initialize(self) -> None:
        """The client connects by itself."""

    async def shutdown(self) -> None:
        """End the connections."""
        await self._client.aclose()

    @contextmanager
    def staged(self, stage: Stage) -> Iterator[None]:
        """Have `stage` awaited in this task's calls after the connection stands and before the first byte of a body leaves."""
        task = asyncio.current_task()
        assert task is not None
        self._stages[task] = stage
        try:
            yield
        finally:
            del self._stages[task]

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One call. Raises Refused, Garbled, or what httpx raises; an answer is one that says `ok`."""
        patience = read_timeout if isinstance(read_timeout, float | int) else ANSWER_SECONDS
        answered = await self._client.request(
            method,
            url,
            data=request_data.json_parameters if request_data else None,
            files=request_data.multipart_data if request_data and request_data.contains_files else None,
            timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS, read=patience),
            extensions=self._traced(),
        )
        self.told_time = answered.headers.get("date", "")
        return 200, _checked(answered.status_code, answered.content)

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """What `do_request` has checked already."""
        return json.loads(payload)

    @asynccontextmanager
    async def download(self, url: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """The bytes of a file as they come. Raises Refused where the host has none."""
        async with self._client.stream("GET", url, timeout=ANSWER_SECONDS) as answered:
            if answered.status_code != 200:
                raise Refused(answered.status_code, "no such file", {})
            yield answered.aiter_bytes()

    def _traced(self) -> dict[str, Any]:
        task = asyncio.current_task()
        stage = self._stages.get(task) if task else None
        if stage is None:
            return {}

        async def trace(event: str, _: object) -> None:
            if event == _BODY:
                await stage()

        return {"trace": trace}


def _checked(status: int, payload: bytes) -> bytes:
    """The payload of a call that went well; hosts tell an error by the status, in the body, or by both."""
    try:
        said = json.loads(payload) if len(payload) <= LARGEST_ANSWER else None
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise Garbled(status)
    if said.get("ok") is True and "result" in said and status < 300:
        return payload
    code = _number(said.get("error_code")) or status
    if code < 400 or code >= 500:  # a server that broke may have done it before
        raise Garbled(code)
    parameters = said.get("parameters")
    raise Refused(code, str(said.get("description") or ""), parameters if isinstance(parameters, dict) else {})


def _number(found: object) -> int:
    return found if isinstance(found, int) and not isinstance(found, bool) else 0
