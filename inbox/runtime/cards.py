"""The cards runner of one channel: brings its desks up to the newest events, one call after the other.

What a network allows in a group is little (some twenty calls a minute), so that new cards go first, then what was said, then
titles and heads: of these only the newest is ever shown, whatever lay between. A call is told of before its body leaves; what
was in hand at a kill is done again, and where that may have left a topic twice, the card says so.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from inbox.domain.arrivals import Raw, Spooled
from inbox.domain.desks import Card, Post
from inbox.domain.happenings import Attachment
from inbox.domain.ids import ChannelName
from inbox.domain.outgoing import File
from inbox.domain.problems import Credentials, Permanent, Problem, Temporary, Throttled
from inbox.domain.turns import attached
from inbox.pipeline import desks as verbs
from inbox.pipeline.cards import Head
from inbox.pipeline.desk_posts import PATIENCE, Spoken, spoken
from inbox.pipeline.outcome import stored
from inbox.pipeline.playbook import Playbook
from inbox.ports.channel import Channel, StageLog, Unconfirmed
from inbox.ports.clock import Clock
from inbox.ports.desk import Carrying, Desk, PlaceGone, Shown
from inbox.ports.probe import Probe, silent
from inbox.ports.wake import AGENTS, Wake
from inbox.runtime import card_units as units
from inbox.runtime.card_words import CardWords
from inbox.runtime.logs import log
from inbox.store import cards, posts
from inbox.store.leases import Fence, fenced, unfenced
from inbox.store.store import Store
from inbox.text.filenames import safe_filename
from inbox.text.wording import Wording

Collect = Callable[[str], Awaitable[Raw]]
SOON = 0.2
"""Seconds after which it looks again for what another writer is about to make readable."""
LOOK = 30.0
"""Seconds after which it looks again though nobody woke it."""
FIRST, LAST = timedelta(seconds=5), timedelta(minutes=10)
"""The pause after a first trouble with one thing, and the longest."""
LOCKED_OUT = timedelta(minutes=5)
FILES = timedelta(seconds=2)
"""How long a post waits for files before it looks again."""
TRIES = 10
"""After so many a post that cannot be made out, or whose files cannot be had, is given up, where people see it; a card never is,
and a network that cannot be reached is waited for."""


class Cards:
    """Those of one channel; only one process works on them at a time, under a lease."""

    def __init__(
        self,
        name: ChannelName,
        build: Callable[[], Channel],
        store: Store,
        playbook: Callable[[], Playbook],
        wording: Wording,
        wake: Wake,
        clock: Clock,
        carried_out: units.CarriedOut,
        probe: Probe = silent,
        fence: Fence = unfenced,
    ) -> None:
        self._fence = fence
        self._carried_out = carried_out
        self._name = name
        self._build = build
        self._store = store
        self._playbook = playbook
        self._wording = wording
        self._wake = wake
        self._clock = clock
        self._probe = probe
        self._resting: dict[str, datetime] = {}
        self._held: datetime | None = None

    async def run(self) -> None:
        """Until cancelled. Begins with what the last runner had in hand."""
        channel = self._build()
        if not isinstance(channel, Carrying):
            raise TypeError(f"{self._name} carries no desks")
        try:
            await self.adopt()
            desk = channel.desk()
            await self._wake.wait(AGENTS, 0)  # from here on no wake-up is missed
            while True:
                if not await self.settle(desk, channel.collect):
                    await self._wake.wait(AGENTS, await self._pause())
        finally:
            await channel.close()

    async def adopt(self) -> None:
        """What was in hand when the last runner ended is free again."""
        doubtful = await self._store.write(fenced, self._fence, units.adopt, self._name, self._clock.now())
        if doubtful:
            log("desk").warning("topics-in-doubt", channel=self._name, cards=doubtful)

    async def settle(self, desk: Desk, collect: Collect) -> bool:
        """Look at what is new, and make one call; False where there was neither."""
        playbook, now = self._playbook(), self._clock.now()
        seen = await self._store.write(units.look, self._name, playbook, now)
        if self._held is not None and now < self._held:
            return seen > 0
        work = await self._store.write(fenced, self._fence, units.claim, self._name, now, self._rested(now))
        if work is not None and await self._store.read(units.shut, work, playbook):
            await self._store.write(units.put_away, work, now)
        elif isinstance(work, Card):
            await self._card(desk, work, playbook)
        elif work is not None and work.kind == "turn":
            await self._turn(collect, work, playbook)
        elif work is not None:
            await self._post(desk, work, playbook)
        return work is not None or seen > 0

    async def behind(self) -> bool:
        """Whether something happened that cannot be read yet."""
        return await self._store.read(verbs.behind, self._name, self._playbook())

    async def _pause(self) -> float:
        if await self.behind():
            return SOON
        now = self._clock.now()
        kind = self._playbook().channels[self._name].kind
        due = await self._store.read(units.next_due, self._name, kind, self._rested(now))
        instants = [*self._resting.values(), *([due] if due is not None else [])]
        if not instants:
            return LOOK
        first = max(min(instants), self._held or now)
        return min(LOOK, max(0.02, (first - now).total_seconds()))

    def _rested(self, now: datetime) -> tuple[str, ...]:
        self._resting = {chat: until for chat, until in self._resting.items() if until > now}
        return tuple(self._resting)

    async def _card(self, desk: Desk, card: Card, playbook: Playbook) -> None:
        """The first thing about it that is not as it should be."""
        shown, language = await self._store.read(units.head_of, card, playbook)
        words = self._words(playbook, language)
        topics = desk.traits.topics and card.chat.startswith("-")
        try:
            keep = await self._step(desk, card, shown, words, topics)
        except PlaceGone as gone:
            await self._store.write(units.place_gone, card, gone, self._clock.now())
        except Exception as error:
            await self._trouble(card, error)
        else:
            await self._store.write(cards.rest if keep is None else units.keep_card, card, *self._kept(keep))

    def _kept(self, keep: dict[str, Any] | None) -> tuple[Any, ...]:
        now = self._clock.now()
        return (now,) if keep is None else (self._name, keep, now)

    async def _step(self, desk: Desk, card: Card, shown: Head, words: CardWords, topics: bool) -> dict[str, Any] | None:
        """Make one call; what of the card it changed. None: nothing was to be called for."""
        if not card.thread and topics:
            made = await desk.open_topic(card.chat, shown.title, self._staged(card))
            self._rest(card.chat, made)
            return {"thread": made.thread, "title": shown.title}
        if not card.head:
            thread = card.thread or card.chat
            posted = await desk.post(thread, words.head(shown), self._staged(card))
            self._rest(card.chat, posted)
            return {"thread": thread, "head": posted.keys[0], "look": shown.digest, "pinned": False}
        if topics and card.title != shown.title:
            self._rest(card.chat, await desk.rename(card.thread, shown.title))
            return {"title": shown.title}
        if card.look != shown.digest:
            self._rest(card.chat, await desk.change(card.head, words.head(shown)))
            return {"look": shown.digest}
        if topics and desk.traits.pins and not card.pinned:
            self._rest(card.chat, await desk.pin(card.head))
            return {"pinned": True}
        return None

    async def _post(self, desk: Desk, post: Post, playbook: Playbook) -> None:
        now = self._clock.now()
        chat, language = await self._store.read(units.place_of, post)
        try:
            if post.kind in ("message", "edit"):
                said = await self._store.read(spoken, post, playbook)
                if said.waits and post.at is not None and now - post.at < PATIENCE:
                    await self._store.write(posts.later, post, now + FILES, "")
                    return
                shown = await self._message(desk, post, said, self._words(playbook, language))
            else:
                shown = await self._word(desk, post, self._words(playbook, language))
        except PlaceGone as gone:
            await self._store.write(units.topic_gone, post, gone, self._clock.now())
        except Exception as error:
            await self._trouble(post, error)
        else:
            self._rest(chat, shown)
            await self._store.write(units.keep_post, self._name, post, shown, self._clock.now())

    async def _turn(self, collect: Collect, post: Post, playbook: Playbook) -> None:
        """An agent's words whose files only the network has: fetched, and then heard."""
        try:
            files = [await _fetched(collect, file) for file in attached(post.held)]
        except Exception as error:
            await self._trouble(post, error)
        else:
            await self._store.write(units.heard, post, files, self._carried_out, playbook, self._clock.now())

    async def _message(self, desk: Desk, post: Post, said: Spoken, words: CardWords) -> Shown:
        named = "/" not in post.thread
        posting = replace(words.message(said, named=named), answers=post.about)
        try:
            return await desk.post(post.thread, posting, self._staged(post))
        except PlaceGone:
            raise
        except Permanent:
            if not said.files:
                raise
            # The network does not take the files: their names are better than nothing.
            bare = replace(said, files=(), lacking=tuple(one.filename for one in said.files))
            return await desk.post(
                post.thread, replace(words.message(bare, named=named), answers=post.about), self._staged(post)
            )

    async def _word(self, desk: Desk, post: Post, words: CardWords) -> Shown:
        """A sentence, said, changed or taken away; or a sign."""
        if post.kind == "feeling":
            return await desk.react(post.about, str(post.facts["sign"]))
        if not post.shown:
            return await desk.post(post.thread, words.word(post), self._staged(post)) if post.key else Shown()
        if not post.key:
            return await desk.remove(post.shown)
        return await desk.change(post.shown, words.word(post))

    def _staged(self, mine: Card | Post) -> StageLog:
        """Durable before the body leaves."""

        async def handed(stage: str) -> None:
            self._probe("desk.before_handed")
            kept = cards.stage if isinstance(mine, Card) else posts.stage
            if not await self._store.write(kept, mine, stage):  # type: ignore[arg-type]  # each with its own kind
                raise LostCard
            self._probe("desk.handed")

        return handed

    def _rest(self, chat: str, shown: Shown) -> None:
        self._held = None
        if shown.rest > 0:
            self._resting[chat] = self._clock.now() + timedelta(seconds=shown.rest)

    def _words(self, playbook: Playbook, language: str) -> CardWords:
        return CardWords(self._wording, language or playbook.language, playbook.zone, playbook.public_url)

    async def _trouble(self, mine: Card | Post, error: Exception) -> None:
        """Tried again, ever more patiently; what no try will change is given up, where it is one post."""
        now = self._clock.now()
        if isinstance(error, LostCard):
            return
        problem = error if isinstance(error, Problem) else Problem("delivery.broke", error=type(error).__name__)
        unexpected = None if isinstance(error, Problem) else error
        log("desk").warning("not-shown", channel=self._name, why=str(problem), exc_info=unexpected)
        pause = min(LAST, FIRST * 2 ** min(mine.attempts - 1, 12))
        if isinstance(error, Throttled):
            pause = timedelta(seconds=max(1.0, error.seconds))
            self._resting[await self._store.read(units.chat_of, mine)] = now + pause
        elif isinstance(error, Credentials):
            self._held, pause = now + LOCKED_OUT, LOCKED_OUT
        tried = mine.attempts >= TRIES and (not isinstance(error, Temporary) or units.is_turn(mine))
        given_up = isinstance(error, Permanent) or tried
        if isinstance(mine, Card):
            doubtful = isinstance(error, Unconfirmed) and not mine.thread
            pause = LAST if isinstance(error, Permanent) else pause
            await self._store.write(units.card_later, mine, now + pause, stored(problem), doubtful)
        elif given_up:
            await self._store.write(units.give_up, mine, stored(problem), now)
        else:
            await self._store.write(posts.later, mine, now + pause, stored(problem))


class LostCard(Exception):
    """Somebody else works on it by now: this runner must not go on."""


async def _fetched(collect: Collect, file: Attachment) -> File:
    raw = await collect(file.remote)
    if isinstance(raw, Spooled):
        content = await asyncio.to_thread(raw.path.read_bytes)
        await asyncio.to_thread(raw.path.unlink)
    else:
        content = raw
    return File(safe_filename(file.filename), file.content_type, content)
