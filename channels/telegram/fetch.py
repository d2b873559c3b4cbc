"""Asks for updates, and lets the network forget them only when they are stored."""

import hashlib
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from channels.telegram.dialect import Dialect
from channels.telegram.gap import BEAT, gap
from channels.telegram.line import Line
from channels.telegram.request import Refused
from channels.telegram.said import Said
from channels.telegram.troubles import of_asking
from inbox.domain.arrivals import Item
from inbox.domain.problems import Temporary
from inbox.ports.channel import Batch, Cursor
from inbox.ports.clock import Clock
from inbox.ports.probe import Probe

AT_ONCE = 100
"""The most updates that one answer holds."""
GRACE = 15.0
"""Seconds that a network may take beyond the time it was asked to wait."""


class Updates:
    """The updates of one bot.

    A network forgets whatever is numbered below the offset that it is asked with, and after a quiet week it may number
    anew from anywhere. So the offset is said exactly once, behind a batch that was stored; all other questions have
    none and bring whatever was not confirmed. What was stored before a crash and not confirmed is known by its key.
    """

    def __init__(
        self, line: Line, dialect: Dialect, poll_seconds: int, clock: Clock, probe: Probe, hook: str = ""
    ) -> None:
        self._line = line
        self._clock = clock
        self._hook = hook
        self._dialect = dialect
        self._seconds = poll_seconds
        self._probe = probe
        self._stored = ""
        self._behind: int | None = None

    async def batches(self, since: Cursor | None) -> AsyncIterator[Batch]:
        """For ever. Raises what the network raises."""
        self._stored, heard = _bookmark(since)
        while True:
            found = [(one, item(one)) for one in await self._asked()]
            now = self._clock.now()
            lost = gap(heard, now, self._dialect.kept_hours) if heard else None
            if lost is not None or (heard is not None and now - heard > BEAT):
                yield Batch((lost,) if lost else (), _cursor(self._stored, now))
                heard = now
            heard = heard or now
            fresh = _after(found, self._stored)
            self._probe("telegram.after_fetch")
            if fresh:
                heard = now
                yield Batch(tuple(one for _, one in fresh), _cursor(fresh[-1][1].key, now))
            elif found:
                self._behind = _number(found[-1][0]) + 1

    def confirm(self, batch: Batch) -> None:
        """The next question tells the network that it may forget them."""
        if batch.items and not batch.items[0].key.startswith("gap-"):
            self._stored = batch.items[-1].key
            self._behind = max(_number(json.loads(_bytes(one))) for one in batch.items) + 1
            self._probe("telegram.after_confirm")

    async def _unhooked(self) -> bool:
        """Whether a webhook of this channel's own stood in the way, from before it was told to poll; nobody else's is touched."""
        try:
            said = await self._line.ask("getWebhookInfo")
            url = Said(said if isinstance(said, dict) else {}).text("url")
            ours = bool(self._hook) and f"{url}/".startswith(f"{self._hook}/")
            if ours:
                await self._line.ask("deleteWebhook")
        except Refused:
            return False
        return ours

    async def _asked(self) -> list[Any]:
        said: dict[str, Any] = {"timeout": self._seconds, "limit": AT_ONCE}
        if self._dialect.updates:
            said["allowed_updates"] = list(self._dialect.updates)
        if self._behind is not None:
            said["offset"] = self._behind
        try:
            found = await self._line.ask("getUpdates", said, self._seconds + GRACE)
        except Refused as refused:
            if refused.code == 409 and await self._unhooked():
                return []
            raise of_asking(refused, self._line.host) from None
        if not isinstance(found, list):
            raise Temporary("bot.not_now", host=self._line.host, words=type(found).__name__)
        self._behind = None
        return found


def item(update: Any) -> Item:
    """One update, one arrival. Its key holds the number and what it says: the same number may come again for another."""
    raw = json.dumps(update, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        body = raw.encode()
    except UnicodeEncodeError:  # half of a letter, which JSON can say and UTF-8 cannot
        body = json.dumps(update, sort_keys=True, separators=(",", ":")).encode()
    return Item(f"{_number(update)}-{hashlib.sha256(body).hexdigest()[:20]}", body)


def _number(update: Any) -> int:
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else 0


def _after(found: list[tuple[Any, Item]], stored: str) -> list[tuple[Any, Item]]:
    """What lies behind the last one that is stored; all of it where that is not among them."""
    keys = [item.key for _, item in found]
    return found[keys.index(stored) + 1 :] if stored in keys else found


def _cursor(key: str, heard: datetime) -> Cursor:
    return Cursor(json.dumps({"last": key, "heard": heard.isoformat()}))


def _bookmark(since: Cursor | None) -> tuple[str, datetime | None]:
    """The key of the last update that was stored, and when the network was last heard."""
    said = json.loads(since) if since else {}
    heard = said.get("heard")
    return str(said.get("last", "")), datetime.fromisoformat(heard) if heard else None


def _bytes(item: Item) -> bytes:
    assert isinstance(item.raw, bytes)
    return item.raw
