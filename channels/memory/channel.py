"""One account on a memory network, behind the contract that every channel keeps."""

import json
from collections.abc import AsyncIterator

from channels.memory.faults import GONE
from channels.memory.network import Network
from channels.memory.options import MemoryOptions
from inbox.domain.arrivals import Item, Raw
from inbox.domain.outgoing import FrozenPart, Receipt, Refusal
from inbox.domain.problems import Gone, LockedOut, Permanent, Temporary, Unreachable
from inbox.ports.channel import HANDED, Batch, Cursor, StageLog, Unconfirmed
from inbox.ports.probe import Probe


class MemoryChannel:
    """Implements `inbox.ports.channel.Channel`. The cursor is the position of the last message taken, as JSON."""

    def __init__(self, network: Network, options: MemoryOptions, probe: Probe) -> None:
        self._network = network
        self._options = options
        self._probe = probe
        self._mailbox = network.mailbox(options.address)
        self._open = False

    async def open(self) -> None:
        """Connect, unless the network was told to refuse."""
        self._check_credentials()
        if self._network.faults.strikes("open"):
            raise Unreachable("memory.unreachable", address=self._options.address)
        self._open = True

    async def fetch(self, since: Cursor | None) -> AsyncIterator[Batch]:
        """What lies in the mailbox behind the cursor, then what comes. Ends with Unreachable once the channel is closed."""
        position = int(json.loads(since)["last"]) if since else 0
        old = self._mailbox.last if since is None else 0
        if since is None and self._options.first_sync == "new":
            position = old
            yield Batch((), _cursor(position))
        while True:
            self._check_open()
            self._mailbox.changed.clear()
            found = self._mailbox.after(position, self._options.batch)
            # A batch is old or new as a whole, because the house treats it as a whole.
            found = [one for one in found if one[0] <= old] or found
            if not found:
                await self._mailbox.changed.wait()
                continue
            position = found[-1][0]
            self._probe("memory.after_fetch")
            yield self._batch(found, position <= old)

    async def confirm(self, batch: Batch) -> None:
        """Forget what was stored, where the network does that."""
        for item in batch.items:
            self._network.note("confirmed", self._options.address, item.key)
            if self._network.forgets:
                self._mailbox.raws.pop(int(item.key), None)
        self._probe("memory.after_confirm")

    async def refuse(self, batch: Batch, why: Temporary) -> None:  # the reason is the house's own affair here
        """Only remembered: the messages lie where they are and are fetched again."""
        for item in batch.items:
            self._network.note("refused", self._options.address, item.key, why.key.encode())

    async def collect(self, part: str) -> Raw:
        """A file of the network's. Raises Permanent where it is gone."""
        if self._network.faults.strikes("collect"):
            raise Temporary("memory.file_withheld", part=part)
        if part not in self._network.files:
            raise Permanent("memory.file_gone", part=part)
        return self._network.files[part]

    async def send(self, part: FrozenPart, stage: StageLog) -> Receipt:
        """Hand it over, or fail as the network was told to."""
        faults = self._network.faults
        self._check_credentials()
        self._probe("out.connected")
        refused = tuple(refusal for one in part.recipients if (refusal := faults.refusal(one)))
        taken = tuple(one for one in part.recipients if one not in {refusal.recipient for refusal in refused})
        if not taken:
            raise _refused(refused)
        if faults.strikes("before"):
            raise Unreachable("memory.unreachable", address=part.lane)
        await stage(HANDED)
        self._probe("out.stage_dot_committed")
        self._hand_over(part, taken)
        self._probe("out.got_250")
        return Receipt((part.key,), refused, "taken")

    async def close(self) -> None:
        """Whoever waits in `fetch` is told."""
        self._open = False
        self._mailbox.changed.set()

    def _hand_over(self, part: FrozenPart, taken: tuple[str, ...]) -> None:
        lost = self._network.faults.strikes("after")
        if not lost or self._network.faults.accepts_what_it_drops:
            self._network.accept(part.sender, part.key, part.body, taken)
        self._probe("out.server_accepted")
        if lost:
            raise Unconfirmed("memory.no_answer", address=part.lane)

    def _batch(self, found: list[tuple[int, bytes]], old: bool) -> Batch:
        items = tuple(Item(str(position), raw) for position, raw in found)
        for item in items:
            self._network.note("fetched", self._options.address, item.key)
        history = old and self._options.first_sync == "import"
        first_sync = old and self._options.first_sync == "answer"
        return Batch(items, _cursor(found[-1][0]), history=history, first_sync=first_sync)

    def _check_open(self) -> None:
        if not self._open or self._network.faults.strikes("fetch"):
            raise Unreachable("memory.unreachable", address=self._options.address)

    def _check_credentials(self) -> None:
        if self._network.faults.strikes("credentials"):
            raise LockedOut("memory.locked_out", address=self._options.address)


def _cursor(position: int) -> Cursor:
    return Cursor(json.dumps({"last": position}))


def _refused(refused: tuple[Refusal, ...]) -> Temporary | Permanent:
    """Everyone was refused: proven only where each of them was refused for good."""
    if all(refusal.code == GONE for refusal in refused):
        return Gone("memory.gone", address=", ".join(refusal.recipient for refusal in refused))
    kind = Permanent if all(refusal.permanent for refusal in refused) else Temporary
    return kind("memory.refused", address=", ".join(refusal.recipient for refusal in refused))
