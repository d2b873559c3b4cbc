"""The reporter: sends each report that somebody has by mail when its hour comes. Files are made beside the store, never in a unit."""

import asyncio
from collections.abc import Callable, Mapping

from inbox.domain.problems import Permanent, Problem
from inbox.domain.report_letters import ReportLetter
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.report_letters import ready, send
from inbox.ports.clock import Clock
from inbox.runtime.logs import log
from inbox.sheets.paper import pdf
from inbox.sheets.sheet import Sheet
from inbox.sheets.spreadsheet import xlsx
from inbox.store import report_letters
from inbox.store.store import Store

LOOK = 30.0
"""Seconds between two looks where nothing is due sooner: what is new may be due before what was known."""


class Reporter:
    """What is due is a row that moves on with the letter: killed at any point it sends none twice, and none is lost."""

    def __init__(self, store: Store, playbook: Callable[[], Playbook], clock: Clock) -> None:
        self._store = store
        self._playbook = playbook
        self._clock = clock

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.settle()
            except Problem as problem:
                log("reports").warning("later", why=problem)
            await self._clock.sleep(await self._pause())

    async def settle(self) -> None:
        """Everything that is due now."""
        while (letter := await self._store.read(report_letters.due, self._clock.now())) is not None:
            try:
                await self._send(letter)
            except Permanent as why:  # what cannot be written, or sent there, keeps none of the others
                log("reports").warning("not-sent", letter=letter.id, why=why)
                await self._store.write(send, letter, why.key, {}, self._playbook(), self._clock.now())

    async def _send(self, letter: ReportLetter) -> None:
        playbook, now = self._playbook(), self._clock.now()
        made = await self._store.read(ready, letter, playbook, now)
        files: Mapping[str, bytes] = {} if isinstance(made, str) else await asyncio.to_thread(_files, made.sheet)
        if await self._store.write(send, letter, made, files, playbook, now):
            log("reports").info("not-sent" if isinstance(made, str) else "sent", letter=letter.id)

    async def _pause(self) -> float:
        due = await self._store.read(report_letters.next_due)
        if due is None:
            return LOOK
        return min(LOOK, max(0.05, (due - self._clock.now()).total_seconds() + 0.01))


def _files(sheet: Sheet) -> dict[str, bytes]:
    return {"xlsx": xlsx(sheet), "pdf": pdf(sheet)}
