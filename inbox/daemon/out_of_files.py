"""What the event loop reports by itself: where no file is left it says so thousands of times a second, which would fill the log's disk."""

import asyncio
from typing import Any

from inbox.domain.problems import Problem
from inbox.runtime.logs import log

ACCEPT = "socket.accept() out of system resource"
"""How asyncio begins its report; it makes one for each connection that may be waiting."""
QUIET = 60.0
"""Seconds in which it is told once."""


class LoopReports:
    """The loop's exception handler. Connections wait meanwhile, and are taken as soon as there are files again."""

    def __init__(self) -> None:
        self._until = 0.0

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Tell of it, unless it was told just now; anything else is told as ever."""
        if not str(context.get("message", "")).startswith(ACCEPT):
            loop.default_exception_handler(context)
        elif loop.time() >= self._until:
            self._until = loop.time() + QUIET
            log("daemon").error("out-of-files", why=Problem("daemon.out_of_files"))
