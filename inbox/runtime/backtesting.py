"""A backtest in a child of its own: asked once, heard until its figures are there, ended when nobody listens any more."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress

from inbox.pipeline.backtested import LENGTH, Asked, Heard, answers, questions


async def backtesting(command: Sequence[str], asked: Asked) -> AsyncGenerator[Heard]:
    """What a child says, one thing after the other; `command` starts it. Whoever closes the iteration ends the child.

    It simply ends where the child does: one that died has told no figures.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,  # an interrupt at the terminal is for the daemon; and children of the child end with it
    )
    assert process.stdin is not None
    assert process.stdout is not None
    read = answers()
    try:
        with suppress(ConnectionError):
            process.stdin.write(questions().dump_json(asked))
            process.stdin.close()
        with suppress(asyncio.IncompleteReadError):
            while True:
                head = await process.stdout.readexactly(LENGTH.size)
                yield read.validate_json(await process.stdout.readexactly(LENGTH.unpack(head)[0]))
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        process._transport.close()  # type: ignore[attr-defined]  # asyncio leaves it to the collector, which complains
