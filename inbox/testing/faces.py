"""A house without a store, for channels that have an HTTP side: what their visitors send is taken, what we say is shown."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from limits.aio.storage import MemoryStorage

from inbox.domain.arrivals import Item, Raw
from inbox.domain.choices import Offer
from inbox.domain.happenings import InboundMessage
from inbox.domain.ids import AttachmentId, ConversationId, MessageId
from inbox.domain.outgoing import FrozenPart, Receipt
from inbox.domain.problems import Temporary
from inbox.ports.channel import Batch, Channel, Cursor, StageLog
from inbox.ports.codec import Codec
from inbox.ports.face import Answered, Asked, Line, LineFile, Outlook, Standing, Suggested
from inbox.render import Pages
from inbox.site import catalogues
from inbox.testing.clock import DEFAULT_START
from inbox.text import dates
from inbox.text.fold import words
from inbox.text.wording import Wording, load

CODE = "123456"
"""What proves an address here."""


@dataclass(slots=True)
class Pending:
    """An item that a visitor waits for us to have stored."""

    item: Item
    stored: "asyncio.Future[None]"


@dataclass(slots=True)
class Visitor:
    """What the house knows of one visitor. A test may change it."""

    lines: list[Line] = field(default_factory=list)
    standing: Standing = field(default_factory=lambda: Standing(continues=True))
    done: bool = False
    """Nothing that they wrote runs any more."""
    asked: str = ""
    read: MessageId | None = None
    changes: int = 0
    waiting: set["asyncio.Future[None]"] = field(default_factory=set)


class FrontInMemory:
    """Implements `inbox.ports.face.Front`. Belongs to one event loop.

    Items are taken at once, unless somebody fetches them (`FacedChannel`) or `busy` holds a problem. `wakes` counts the
    calls that were told of a change. Of `articles` those are suggested of whose words one was written; sure are those of which
    two were. `shown` and `answered` hold the slugs that are counted.
    """

    def __init__(self, codec: Codec, pages: Path | None = None, wording: Wording | None = None) -> None:
        self.codec = codec
        self.wording = wording or load(catalogues())
        self.zone = ZoneInfo("Asia/Tehran")
        self.horizon = Outlook(True, None, DEFAULT_START + timedelta(hours=1))
        self.busy: Temporary | None = None
        self.closing = False
        self.items: dict[str, Item] = {}
        self.visitors: defaultdict[str, Visitor] = defaultdict(Visitor)
        self.bodies: list[bytes] = []
        self.files: dict[AttachmentId, tuple[str, LineFile, bytes]] = {}
        self.mailed: list[str] = []
        self.articles: list[Suggested] = []
        self.shown: list[str] = []
        self.answered: list[str] = []
        self.fetched: asyncio.Queue[Pending] | None = None
        self.counts = MemoryStorage()
        self._pages = Pages([pages]) if pages else None
        self._numbers = count(1)
        self._seen: WeakKeyDictionary[asyncio.Task[object], dict[str, int]] = WeakKeyDictionary()

    async def accept(self, item: Item) -> None:
        """Take it, or have it fetched and wait until it is confirmed. Raises Temporary."""
        if self.busy is not None:
            raise self.busy
        if self.fetched is not None:
            pending = Pending(Item(item.key, _kept(item.raw)), asyncio.get_running_loop().create_future())
            self.fetched.put_nowait(pending)
            await pending.stored
        self.take(item)

    def take(self, item: Item) -> None:
        """The item is an arrival, and a message in it a line. The same key again changes nothing."""
        if item.key in self.items:
            return
        raw = _kept(item.raw)
        self.items[item.key] = Item(item.key, raw)
        for said in self.codec.parse(raw):
            if isinstance(said, InboundMessage):
                self._known(said)
                self._show(said.sender.address, said, raw, said.key or item.key)

    def sent(self, part: FrozenPart, offers: tuple[Offer, ...] = ()) -> None:
        """A hand-over is settled: from now on the visitor sees it."""
        self.bodies.append(part.body)
        for said in self.codec.parse(part.body):
            if isinstance(said, InboundMessage):
                self._show(part.lane, said, part.body, part.key, offers)

    async def transcript(self, visitor: str, after: MessageId | None = None) -> Sequence[Line]:
        """The lines, in the order in which they became visible."""
        self._may()
        lines = self.visitors[visitor].lines
        at = next((n + 1 for n, line in enumerate(lines) if line.message == after), 0)
        return lines[at:][-100:] if after is None else lines[at:]

    async def changed(self, visitor: str, seconds: float) -> bool:
        """True at once where something changed since this task asked last."""
        self._may()
        known, task = self.visitors[visitor], asyncio.current_task()
        assert task is not None
        seen = self._seen.setdefault(task, {})
        if seen.setdefault(visitor, known.changes) == known.changes and seconds > 0:
            await self._woken(known, seconds)
        self._may()
        news, seen[visitor] = seen[visitor] != known.changes, known.changes
        return news

    async def read(self, visitor: str, upto: MessageId) -> None:
        """Remembered."""
        self.visitors[visitor].read = upto

    async def file(self, visitor: str, id: AttachmentId) -> tuple[LineFile, bytes] | None:
        """A file of a line of theirs."""
        owner, told, content = self.files.get(id, ("", None, b""))
        return (told, content) if told is not None and owner == visitor else None

    async def outlook(self) -> Outlook:
        """What the test says."""
        self._may()
        return self.horizon

    async def standing(self, visitor: str) -> Standing:
        """Also of whoever never wrote: the channel goes on by mail."""
        self._may()
        found = self.visitors[visitor].standing if visitor in self.visitors else Standing(continues=True)
        return replace(found, suggests=self._begins(visitor))

    async def prove(self, visitor: str, address: str, language: str) -> Asked:
        """The code is always CODE."""
        if not (await self.standing(visitor)).known:
            return "unknown"
        if "@" not in address:
            return "impossible"
        self.visitors[visitor].asked = address
        return "sent"

    async def proved(self, visitor: str, code: str) -> Answered:
        """Whether it was CODE."""
        known = self.visitors[visitor]
        if not known.asked:
            return "over"
        if code != CODE:
            return "wrong"
        await self.vouch(visitor, known.asked, known.standing.name)
        known.asked = ""
        return "proved"

    async def vouch(self, visitor: str, address: str, name: str) -> None:
        """Proved from now on."""
        known = self.visitors[visitor]
        known.standing = Standing(known.standing.known, name, address, proved=True, continues=True)

    async def mail_transcript(self, visitor: str, language: str) -> bool:
        """Noted in `mailed`."""
        proved = (await self.standing(visitor)).proved
        if proved:
            self.mailed.append(visitor)
        return proved

    async def suggest(
        self, visitor: str, asked: str, language: str, shown: Collection[str] = (), sure: bool = False
    ) -> Sequence[Suggested]:
        """At most three, while nothing of the visitor's runs."""
        self._may()
        written = set(words(asked))
        least = 2 if sure else 1
        likely = [one for one in self.articles if len(written.intersection(one.words)) >= least]
        found = likely[:3] if self._begins(visitor) else []
        self.shown += [one.slug for one in found if one.slug not in shown]
        return found

    async def solved(self, slug: str) -> bool:
        """Noted in `answered`."""
        there = any(one.slug == slug for one in self.articles)
        self.answered += [slug] if there else []
        return there

    def lately_read(self, cookies: Mapping[str, str]) -> Sequence[str]:
        """What a cookie `read` says."""
        return cookies.get("read", "").split()

    @property
    def languages(self) -> Sequence[str]:
        """English first."""
        return sorted(self.wording.languages, key=lambda one: one != "en")

    def say(self, language: str, key: str, **facts: object) -> str:
        """A sentence of the shipped catalogues."""
        return self.wording.say(language, key, **facts)

    def plural(self, language: str, key: str, n: int) -> str:
        """A sentence of the shipped catalogues in the form for a count."""
        return self.wording.plural(language, key, n)

    def moment(self, at: datetime, language: str) -> str:
        """In Tehran."""
        return dates.moment(at, language, self.zone)

    def page(self, name: str, language: str, facts: Mapping[str, object]) -> str:
        """The face's own page."""
        assert self._pages is not None, "the face has no pages"

        def say(key: str, **more: object) -> str:
            return self.say(language, key, **more)

        direction = "rtl" if language == "fa" else "ltr"
        more = {
            "say": say,
            "language": language,
            "direction": direction,
            "zone": self.zone,
            "now": DEFAULT_START,
            "fonts": "",
        }
        return self._pages.render(name, **more, **facts)

    def close(self) -> None:
        """The house is about to end: whoever waits is let go with Temporary."""
        self.closing = True
        for visitor in self.visitors.values():
            _wake(visitor)

    def _may(self) -> None:
        if self.closing:
            raise Temporary("store.busy")

    def _begins(self, visitor: str) -> bool:
        known = self.visitors.get(visitor)
        return bool(self.articles) and (known is None or known.done or not known.lines)

    def _known(self, said: InboundMessage) -> None:
        known = self.visitors[said.sender.address]
        was = known.standing
        known.standing = Standing(True, said.sender.name or was.name, was.address, was.proved, continues=True)

    def _show(self, visitor: str, said: InboundMessage, raw: Raw, key: str, offers: tuple[Offer, ...] = ()) -> None:
        files = []
        for one in said.attachments:
            id = AttachmentId(next(self._numbers))
            told = LineFile(id, one.filename, one.content_type, one.size, one.state)
            self.files[id] = (visitor, told, self.codec.attachment(raw, one.start, one.length, one.encoding))
            files.append(told)
        self.visitors[visitor].lines.append(
            Line(
                message=MessageId(next(self._numbers)),
                conversation=ConversationId(1),
                at=datetime.now(UTC),
                ours=said.own,
                name=said.sender.name,
                text=said.text,
                key=key,
                language=said.language,
                automatic=said.automatic is not None,
                files=tuple(files),
                offers=offers,
            )
        )
        _wake(self.visitors[visitor])

    async def _woken(self, known: Visitor, seconds: float) -> None:
        change = asyncio.get_running_loop().create_future()
        known.waiting.add(change)
        try:
            await asyncio.wait([change], timeout=seconds)
        finally:
            known.waiting.discard(change)


class FacedChannel:
    """A channel whose face is pushed to, so that one that fetches can be tried: what the front accepts comes as a batch.

    Implements `inbox.ports.channel.Channel`; what was handed over is shown by the front.
    """

    def __init__(self, channel: Channel, front: FrontInMemory) -> None:
        self._channel = channel
        self._front = front
        self._pending: list[Pending] = []

    async def open(self) -> None:
        """Open the channel."""
        await self._channel.open()

    async def fetch(self, since: Cursor | None) -> AsyncIterator[Batch]:
        """Each item that the front is given; when this ends, whoever still waits is told to come again."""
        queue = self._front.fetched = self._front.fetched or asyncio.Queue()
        try:
            while True:
                pending = await queue.get()
                self._pending.append(pending)
                yield Batch((pending.item,), None)
        finally:
            self._let_go(Temporary("store.busy"))

    async def confirm(self, batch: Batch) -> None:
        """The visitor is told that we have it."""
        for pending in self._those(batch):
            pending.stored.set_result(None)
        await self._channel.confirm(batch)

    async def refuse(self, batch: Batch, why: Temporary) -> None:
        """The visitor is told to come again."""
        for pending in self._those(batch):
            pending.stored.set_exception(why)
        await self._channel.refuse(batch, why)

    async def collect(self, part: str) -> Raw:
        """As the channel does."""
        return await self._channel.collect(part)

    async def send(self, part: FrozenPart, stage: StageLog) -> Receipt:
        """As the channel does; then it is shown."""
        receipt = await self._channel.send(part, stage)
        self._front.sent(part)
        return receipt

    async def close(self) -> None:
        """Close the channel."""
        self._let_go(Temporary("store.busy"))
        await self._channel.close()

    def _those(self, batch: Batch) -> list[Pending]:
        found = [one for one in self._pending if one.item in batch.items and not one.stored.done()]
        self._pending = [one for one in self._pending if one not in found]
        return found

    def _let_go(self, why: Temporary) -> None:
        for pending in self._pending:
            if not pending.stored.done():
                pending.stored.set_exception(why)
        self._pending = []


def _wake(known: Visitor) -> None:
    known.changes += 1
    for waiting in known.waiting:
        if not waiting.done():
            waiting.set_result(None)


def _kept(raw: Raw) -> bytes:
    """The bytes: a spooled file is gone when the face has its answer."""
    return raw if isinstance(raw, bytes) else raw.path.read_bytes()
