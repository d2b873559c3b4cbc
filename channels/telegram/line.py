"""One bot's line to its host: raw answers by method name, with errors in the words of the house."""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
from telegram import Bot
from telegram.error import TelegramError

from channels.telegram.request import Garbled, Refused, Stage, TolerantRequest
from channels.telegram.token import token
from inbox.domain.problems import Permanent, Problem, Temporary, Unreachable
from inbox.domain.secrets import SecretReference
from inbox.ports.channel import Unconfirmed
from inbox.ports.trust import trust


class RawBot(Bot):
    """python-telegram-bot's Bot, asked by `do_api_request` only: its typed methods lose what does not fit their types."""

    @classmethod
    def _warn(cls, *_: object, **__: object) -> None:
        """It would recommend the typed methods at every call."""

    def _insert_defaults(self, data: dict[str, object]) -> None:
        """There are none; and it takes every album for one of the library's own classes."""


class Line:
    """Opened by its first call; `close` is safe twice. The token is read anew each time that it opens."""

    def __init__(
        self, host: tuple[str, str], secret: SecretReference, site: Path, proxy: str, ca_file: Path | None
    ) -> None:
        self._api, self._files = host
        self._secret = secret
        self._site = site
        self._proxy = proxy
        self._ca_file = ca_file
        self._open: tuple[RawBot, TolerantRequest] | None = None

    @property
    def host(self) -> str:
        """The name of the host, for messages to people."""
        return httpx.URL(self._api).host

    @property
    def told_time(self) -> str:
        """What the last answer said of the time, as it was written."""
        return self._open[1].told_time if self._open else ""

    async def ask(
        self,
        method: str,
        said: Mapping[str, Any] | None = None,
        patience: float | None = None,
        stage: Stage | None = None,
    ) -> Any:
        """The result of a call, as it came. `stage` is awaited before the first byte of the body leaves.

        Raises Refused where the host said no. Else Unreachable where the body had not left, and Unconfirmed where it had
        (Temporary without a `stage`: asking again does no harm). What `stage` raises comes out as it is.
        """
        bot, request = await self._opened()
        handed = _Handed(stage)
        try:
            with request.staged(handed):
                return await bot.do_api_request(method, dict(said or {}), read_timeout=patience)
        except Refused:
            raise
        except TelegramError as error:
            raise self._told(error, method, handed) from None

    async def download(self, path: str, limit: int, keep: Callable[[bytes], object]) -> int:
        """Write a file of the host's through `keep`, piece by piece; its size. Raises Permanent where it is gone, or has more than `limit` bytes."""
        bot, request = await self._opened()
        size = 0
        try:
            async with request.download(f"{bot.base_file_url}/{path}") as coming:
                async for piece in coming:
                    size += len(piece)
                    if size > limit:
                        raise Permanent("bot.file_too_large_to_fetch", limit=limit)
                    keep(piece)  # into the page cache: a thread for each piece would cost more
        except Refused as error:
            raise Permanent("bot.file_gone", host=self.host, words=str(error.code)) from None
        except httpx.HTTPError as error:
            raise Unreachable("bot.unreachable", host=self.host, reason=type(error).__name__) from None
        return size

    async def close(self) -> None:
        """End the connections."""
        opened, self._open = self._open, None
        if opened is not None:
            await opened[1].shutdown()

    async def _opened(self) -> tuple[RawBot, TolerantRequest]:
        if self._open is None:
            secret = await asyncio.to_thread(token, self._secret, self._site)
            trusted = await asyncio.to_thread(self._trusted)
            if self._open is None:  # somebody else may have been as quick
                request = TolerantRequest(self._proxy, trusted)
                self._open = (RawBot(secret, self._api, self._files, request, request), request)
        return self._open

    def _trusted(self) -> ssl.SSLContext:
        ways = (self._api, self._files, self._proxy)
        if self._ca_file is None and not any(way.lower().startswith("https:") for way in ways):
            # A server beside us, as they are run for large files: there is nobody to trust.
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            return trust("http", self._ca_file)
        except OSError as error:
            raise Temporary("bot.ca_file", path=str(self._ca_file), reason=type(error).__name__) from error

    def _told(self, error: TelegramError, method: str, handed: "_Handed") -> Exception:
        """What is certain is told apart from what is not by where the call stood; the cause says only what happened.

        Nothing of the library's own words is kept: they may hold an address, and that holds the token.
        """
        cause = error.__cause__
        if handed.failure is not None:
            return handed.failure
        reason = f"status {error.code}" if isinstance(error, Garbled) else type(cause or error).__name__
        certain = not handed.over or isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
        if certain:
            return Unreachable("bot.unreachable", host=self.host, reason=reason)
        kind: type[Problem] = Unconfirmed if handed.counts else Unreachable
        return kind("bot.no_answer", host=self.host, method=method, reason=reason)


class _Handed:
    """Whether the body of a call has begun to leave; remembers what the stage raised, which a library would wrap."""

    def __init__(self, stage: Stage | None) -> None:
        self._stage = stage
        self.over = False
        self.failure: Exception | None = None

    @property
    def counts(self) -> bool:
        """Whether asking twice would do harm."""
        return self._stage is not None

    async def __call__(self) -> None:
        if self._stage is not None:
            try:
                await self._stage()
            except Exception as error:
                self.failure = error
                raise
        self.over = True
