"""The parser children: forked ahead, used again and again, replaced when one dies over a raw."""

import asyncio
import pickle
import sys
from collections.abc import Sequence
from contextlib import suppress

from inbox.domain.arrivals import Raw
from inbox.domain.happenings import Happening
from inbox.domain.ids import ChannelName
from inbox.domain.problems import Unreadable
from inbox.runtime.parser_child import LENGTH, Setup, answers

Parsed = tuple[Happening, ...] | Unreadable
Wanted = tuple[ChannelName, Raw]


class Parsers:
    """A few children; `parse` hands each its share and gives the answers in the order of the questions."""

    def __init__(self, setup: Setup, processes: int) -> None:
        self._setup = setup
        self._children = [_Child(setup) for _ in range(processes)]

    async def open(self) -> None:
        """Start the children, so that the first message does not wait for one."""
        await asyncio.gather(*(child.start() for child in self._children))

    async def parse(self, raws: Sequence[Wanted]) -> list[Parsed]:
        """What each says. A raw over which a child died, or that took too long, gives Unreadable; the others go on."""
        size = -(-len(raws) // len(self._children)) if raws else 0
        shares = [raws[i : i + size] for i in range(0, len(raws), size)] if size else []
        found = await asyncio.gather(*(c.parse(s) for c, s in zip(self._children, shares, strict=False)))
        return [parsed for share in found for parsed in share]

    async def replace(self, setup: Setup) -> None:
        """Go on with other codecs: the configuration changed."""
        if setup != self._setup:
            self._setup = setup
            for child in self._children:
                await child.renew(setup)

    async def close(self) -> None:
        """End the children. Safe twice."""
        for child in self._children:
            await child.stop()


class _Child:
    """One process; one share of raws at a time."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._process: asyncio.subprocess.Process | None = None
        self._lock = asyncio.Lock()
        self._read = answers()

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # what lies in the folder where the daemon was started is no module of ours
            "-m",
            "inbox.runtime.parser_child",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 20,
        )
        await self._say(self._process, self._setup)

    async def renew(self, setup: Setup) -> None:
        async with self._lock:
            self._setup = setup
            await self._end()
            await self.start()

    async def stop(self) -> None:
        async with self._lock:
            await self._end()

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        _close(process)

    async def _say(self, process: asyncio.subprocess.Process, what: object) -> None:
        frame = pickle.dumps(what, protocol=pickle.HIGHEST_PROTOCOL)
        assert process.stdin is not None
        process.stdin.write(LENGTH.pack(len(frame)))
        process.stdin.write(frame)
        await process.stdin.drain()

    async def parse(self, raws: Sequence[Wanted]) -> list[Parsed]:
        """Together; and where the child died over them, one after the other, so that only the guilty one is blamed."""
        async with self._lock:
            found = await self._share(raws)
            for n in range(len(found), len(raws)):
                found += await self._share(raws[n : n + 1]) or [Unreadable("parse.child_died")]
            return found

    async def _share(self, raws: Sequence[Wanted]) -> list[Parsed]:
        """Answers until the end, or until the child dies or takes too long: then it is ended, and the rest is unanswered."""
        if not raws:
            return []
        if self._process is None or self._process.returncode is not None:
            await self._end()
            await self.start()
        process = self._process
        assert process is not None
        feeder = asyncio.create_task(self._feed(process, raws))
        found: list[Parsed] = []
        try:
            while len(found) < len(raws):
                found.append(await asyncio.wait_for(self._hear(process), self._setup.seconds * 2 + 1))
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError, ValueError):
            pass
        finally:
            feeder.cancel()
            with suppress(asyncio.CancelledError, ConnectionError):
                await feeder
            if len(found) < len(raws):  # what it might still say would be taken for answers to later questions
                await self._end()
        return found

    async def _feed(self, process: asyncio.subprocess.Process, raws: Sequence[Wanted]) -> None:
        for raw in raws:
            await self._say(process, raw)

    async def _hear(self, process: asyncio.subprocess.Process) -> Parsed:
        assert process.stdout is not None
        head = await process.stdout.readexactly(LENGTH.size)
        body = await process.stdout.readexactly(LENGTH.unpack(head)[0])
        answer = self._read.validate_json(body)
        if answer.unread is not None:
            return Unreadable(answer.unread.key, **answer.unread.facts)
        return answer.happenings


def _close(process: asyncio.subprocess.Process) -> None:
    """Close the pipes at once: a transport left to the collector complains."""
    transport = getattr(process, "_transport", None)
    if transport is not None:
        transport.close()
