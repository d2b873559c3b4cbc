"""The caller of webhooks: follows the change feed into calls that are owed, and makes those that are due, each endpoint on its own."""

import asyncio
import random
from collections.abc import Callable
from datetime import datetime, timedelta

from inbox.domain.ids import WebhookId
from inbox.domain.problems import Problem, Temporary
from inbox.domain.webhooks import LONGEST_WAIT, Call, CallState, Webhook, headers, wait
from inbox.pipeline import webhooks as verbs
from inbox.pipeline.outcome import stored
from inbox.ports.clock import Clock
from inbox.ports.wake import AGENTS, Wake
from inbox.runtime.logs import log
from inbox.runtime.posting import Posted, Poster
from inbox.store import attending, webhooks
from inbox.store.store import Store
from inbox.store.unit import Unit

LOOK = 30.0
"""Seconds after which it looks again though nobody woke it."""
NOBODY = 1.0
"""Seconds between two looks whether there is an endpoint, where there was none: so much happens that they would cost a lot."""
IN_A_ROW = 20
"""Calls of one endpoint that are taken at once."""
GONE = 410
HOLD = timedelta(minutes=5)
"""How long what else is owed to an endpoint waits, at most, when a call did not get through: then one of them tries again."""


class WebhookCaller:
    """What it does is told in rows: killed at any point it makes a call again, under the same key."""

    def __init__(
        self, store: Store, poster: Poster, wake: Wake, clock: Clock, dice: Callable[[], float] = random.random
    ) -> None:
        self._store = store
        self._poster = poster
        self._wake = wake
        self._clock = clock
        self._dice = dice
        self._busy: dict[WebhookId, asyncio.Task[None]] = {}
        self._anybody = False

    async def run(self) -> None:
        """Until cancelled. An endpoint that is slow or down keeps no other one waiting."""
        await self._wake.wait(AGENTS, 0)  # from here on no wake-up is missed
        try:
            while True:
                try:
                    busy = await self.look()
                except Problem as problem:
                    log("webhooks").warning("later", why=problem)
                    busy = False
                if not busy:
                    await self._wake.wait(AGENTS, await self._pause())
                if not self._anybody:
                    await self._clock.sleep(NOBODY)
        finally:
            for task in self._busy.values():
                task.cancel()
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def look(self) -> bool:
        """Owe what happened, and begin what is due; whether there was more than one look takes."""
        now = self._clock.now()
        endpoints, behind = await self._store.read(_known, now)
        self._anybody = bool(endpoints)
        if not endpoints:
            return False
        told = await self._store.write(verbs.feed, now) if behind else 0
        self._busy = {id: task for id, task in self._busy.items() if not task.done()}
        due = await self._store.read(webhooks.due, now, tuple(self._busy), IN_A_ROW * 5)
        for id in dict.fromkeys(call.webhook for call in due):
            mine = [call for call in due if call.webhook == id][:IN_A_ROW]
            self._busy[id] = asyncio.create_task(self._several(endpoints[id], mine), name=f"webhook {id}")
        return told == verbs.AT_ONCE

    async def settled(self) -> None:
        """Until the calls that were begun have come to something."""
        await asyncio.gather(*self._busy.values())

    async def _several(self, endpoint: Webhook, calls: list[Call]) -> None:
        """In order; where one does not get through, the others wait for another look."""
        for call in calls:
            if not await self.make(endpoint, call):
                break
        self._wake.notify(AGENTS)  # there may be more for it

    async def make(self, endpoint: Webhook, call: Call) -> bool:
        """One call; whether it got through."""
        now, body = self._clock.now(), call.body.encode()
        try:
            posted = await self._poster.post(endpoint.url, headers(endpoint.secrets, call.key, now, body), body, now)
        except Temporary as why:
            await self._later(endpoint, call, why, None)
            return False
        except Problem as why:
            await self._settle(endpoint, call, CallState.FAILED, why, None)
            return False
        return await self._answered(endpoint, call, posted)

    async def _answered(self, endpoint: Webhook, call: Call, posted: Posted) -> bool:
        if 200 <= posted.status < 300:
            await self._settle(endpoint, call, CallState.SENT, None, posted.status)
            return True
        why = Problem("webhook.answered", status=str(posted.status), name=endpoint.name)
        if posted.status == GONE:
            await self._settle(endpoint, call, CallState.FAILED, why, posted.status)
            await self._store.write(_off, endpoint.id, stored(Problem("webhook.gone", name=endpoint.name)))
        else:
            await self._later(endpoint, call, why, posted)
        return False

    async def _later(self, endpoint: Webhook, call: Call, why: Problem, posted: Posted | None) -> None:
        pause = wait(call.attempts + 1, self._dice())
        status = posted.status if posted else None
        if pause is None:
            await self._settle(endpoint, call, CallState.FAILED, why, status)
            return
        asked = timedelta(seconds=posted.wait) if posted is not None and posted.wait is not None else timedelta()
        again = self._clock.now() + max(pause, min(asked, LONGEST_WAIT))
        await self._settle(endpoint, call, CallState.QUEUED, why, status, again)
        await self._store.write(webhooks.postpone, endpoint.id, min(again, self._clock.now() + HOLD))

    async def _settle(
        self,
        endpoint: Webhook,
        call: Call,
        state: CallState,
        why: Problem | None,
        status: int | None,
        again: datetime | None = None,
    ) -> None:
        error, now = "" if why is None else stored(why), self._clock.now()
        await self._store.write(webhooks.settle, call, state, now, status=status, error=error, again=again)
        log("webhooks").info(state.value, webhook=endpoint.name, call=call.id, status=status, why=why)

    async def _pause(self) -> float:
        if self._busy or not self._anybody:
            return LOOK
        try:
            due = await self._store.read(webhooks.next_due)
        except Temporary:
            return LOOK
        if due is None:
            return LOOK
        return min(LOOK, max(0.02, (due - self._clock.now()).total_seconds()))


def _known(unit: Unit, now: datetime) -> tuple[dict[WebhookId, Webhook], bool]:
    """The endpoints, and whether there is anything that they have not been told: without any, nothing more is looked at."""
    found = {one.id: one for one in webhooks.every(unit, now)}
    return found, bool(found) and attending.latest(unit) > webhooks.upto(unit)


def _off(unit: Unit, id: WebhookId, why: str) -> None:
    webhooks.switch(unit, id, off=True, why=why)
