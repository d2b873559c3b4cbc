"""The backtests that people asked for in the browser: one runs at a time, the last few results stay in memory for a while."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from inbox.pipeline.backtest import Changed
from inbox.pipeline.backtested import Asked, Figures, Heard, Wrong
from inbox.ports.clock import Clock
from inbox.rulebook.replay import Change

KEPT = 5
"""Backtests that are remembered."""
LASTS = timedelta(hours=2)
"""How long each of them is, after its end."""

Start = Callable[[Asked], AsyncGenerator[Heard]]
"""Runs a backtest elsewhere; closing the iteration ends it."""
Texts = Mapping[str, str]


@dataclass(slots=True)
class Run:
    """One backtest. `figures` are there once it is done; `wrong` tells why it came to nothing; `who` asked for it, with
    what stood in the `form`."""

    name: str
    asked: Asked
    form: Texts
    who: str
    began: datetime
    done: int = 0
    rehearsing: bool = False
    changed: list[Changed] = field(default_factory=list)
    figures: Figures | None = None
    wrong: tuple[Wrong, ...] = ()
    ended: datetime | None = None

    @property
    def stopped(self) -> bool:
        """It was ended by somebody before it came to anything."""
        return self.ended is not None and self.figures is None and not self.wrong


class Backtests:
    """Of one process: another one knows nothing of them, nor does this one after a restart.

    `written` gives the texts of the rules folder by file, with hours and policies; it is slow and called in a thread.
    """

    def __init__(self, start: Start, written: Callable[[], Texts], clock: Clock) -> None:
        self.written = written
        self._start = start
        self._clock = clock
        self._runs: dict[str, Run] = {}
        self._task: asyncio.Task[None] | None = None

    @property
    def running(self) -> Run | None:
        """The one that runs now."""
        return next((run for run in self._runs.values() if run.ended is None), None)

    def kept(self) -> list[Run]:
        """Those that are remembered, the latest first."""
        now = self._clock.now()
        over = [name for name, run in self._runs.items() if run.ended is not None and now - run.ended > LASTS]
        for name in over:
            del self._runs[name]
        return list(self._runs.values())[::-1]

    def find(self, name: str) -> Run | None:
        """The one of that name."""
        return next((run for run in self.kept() if run.name == name), None)

    def begin(self, asked: Asked, form: Texts, who: str) -> Run | None:
        """Start one; None while another runs."""
        if self.running is not None:
            return None
        for run in self.kept()[KEPT - 1 :]:
            del self._runs[run.name]
        run = Run(secrets.token_hex(6), asked, dict(form), who, self._clock.now())
        self._runs[run.name] = run
        self._task = asyncio.create_task(self._follow(run), name="backtest")
        return run

    async def stop(self, run: Run) -> None:
        """End it, if it runs."""
        if self._task is not None and self.running is run:
            self._task.cancel()
            await asyncio.wait({self._task})
            run.ended = run.ended or self._clock.now()  # one that had not begun yet cannot tell itself

    async def end(self) -> None:
        """End what runs: the daemon stops."""
        if (run := self.running) is not None:
            await self.stop(run)

    async def _follow(self, run: Run) -> None:
        alike: dict[tuple[Change, ...], tuple[Change, ...]] = {}  # there are few different ones, and many conversations
        try:
            async with aclosing(self._start(run.asked)) as said:
                async for heard in said:
                    run.done, run.rehearsing = heard.done or run.done, heard.rehearsing
                    run.changed += (
                        Changed(one.reference, alike.setdefault(one.changes, one.changes)) for one in heard.changed
                    )
                    run.figures, run.wrong = heard.figures, heard.wrong
                    if run.figures is not None or run.wrong:
                        break  # what else it does is of no use to anybody: another may begin
                    await asyncio.sleep(0)  # much may lie here already: others have their turn in between
            if run.figures is None and not run.wrong:
                run.wrong = (Wrong("web.backtest.died"),)
        except Exception as error:
            structlog.get_logger("inbox.web").error("backtest broke", error=type(error).__name__)
            run.wrong = (Wrong("web.backtest.broke", {"error": type(error).__name__}),)
        finally:
            run.ended = self._clock.now()
            if run.figures is None:
                run.changed.clear()
