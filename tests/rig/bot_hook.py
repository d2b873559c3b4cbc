"""A Bot-API server's other manner: it brings updates to a webhook, one after the other, and again until it is told 200."""

import asyncio
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

AGAIN = 0.05
"""Seconds before an update is brought again; real networks take longer."""


@dataclass(slots=True)
class Hook:
    """Where updates go, and what came of it. `trust` says which certificates are believed."""

    trust: ssl.SSLContext | None = None
    url: str = ""
    secret: str = ""
    statuses: list[int] = field(default_factory=list)
    """What was answered, oldest first."""
    error: str = ""
    """What went wrong last."""

    def info(self, waiting: int) -> dict[str, Any]:
        """The answer to getWebhookInfo."""
        told = {"last_error_message": self.error, "last_error_date": 4_000_000_000} if self.error else {}
        return {"url": self.url, "has_custom_certificate": False, "pending_update_count": waiting, **told}

    async def bring(self, update: Mapping[str, Any]) -> bool:
        """Whether it was taken."""
        try:
            status = await self._post(json.dumps(update).encode())
        except (OSError, asyncio.IncompleteReadError) as error:
            self.error = type(error).__name__
            return False
        self.statuses.append(status)
        if status != 200:
            self.error = f"Wrong response from the webhook: {status}"
        return status == 200

    async def _post(self, body: bytes) -> int:
        place = urlsplit(self.url)
        reader, writer = await asyncio.open_connection(place.hostname, place.port, ssl=self.trust)
        proof = f"X-Telegram-Bot-Api-Secret-Token: {self.secret}\r\n" if self.secret else ""
        head = f"POST {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: application/json\r\n{proof}"
        writer.write(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
        try:
            await writer.drain()
            return int((await reader.readuntil(b"\r\n")).split(b" ", 2)[1])
        finally:
            writer.close()
