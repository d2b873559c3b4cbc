"""The front: what the house offers the face of one channel, whose visitors it never tells apart by anything but their address."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from limits.aio.storage import Storage

from inbox.blobs import Blobs
from inbox.domain.arrivals import Item
from inbox.domain.ids import AttachmentId, ChannelName, MessageId
from inbox.domain.messages import Direction, StoredAttachment
from inbox.domain.problems import Problem
from inbox.pipeline import prove, proved
from inbox.pipeline.decide import supposed
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.promising import prospect
from inbox.pipeline.seen import seen
from inbox.pipeline.transcript import mail_transcript
from inbox.ports.clock import Clock
from inbox.ports.face import Answered, Asked, Line, LineFile, Outlook, Standing, Suggested
from inbox.render import Pages
from inbox.store import people, transcripts
from inbox.store.exported import Bytes
from inbox.store.store import Store
from inbox.store.transcripts import Spoken
from inbox.store.unit import Unit
from inbox.text import dates
from inbox.text.wording import Wording
from inbox.web import beginning
from inbox.web.counts import counts
from inbox.web.frame import RTL
from inbox.web.help.reading import read_by
from inbox.web.lookout import Lookout
from inbox.web.statics import STATIC, Statics
from inbox.web.visits import Accept

T = TypeVar("T")
FRESH = timedelta(seconds=15)
"""How long an outlook is told again before it is looked at anew: thousands may ask, and it changes slowly."""
OVERLAP = timedelta(minutes=10)
"""What could be seen since so long before a line may have been seen after it by a clock that is a little behind."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """What all fronts of a site are built with."""

    store: Store
    blobs: Blobs
    playbook: Callable[[], Playbook]
    wording: Wording
    clock: Clock
    accept: Accept
    lookout: Lookout


class ChannelFront:
    """Implements `inbox.ports.face.Front` for one channel; `pages`: the folder of its face's own pages."""

    def __init__(self, name: ChannelName, rooms: Rooms, pages: Path | None) -> None:
        self._name = name
        self._rooms = rooms
        self._pages = Pages([pages] if pages else [])
        self._fonts = Statics.read(STATIC).url("fonts.css")
        self._seen: tuple[datetime, Outlook] | None = None
        self._counts = counts(rooms.store, rooms.clock, f"channel {name}")

    @property
    def counts(self) -> Storage:
        """Where the face counts."""
        return self._counts

    # -- what is said --------------------------------------------------------------------------------------------------
    async def accept(self, item: Item) -> None:
        """Store an item as an arrival."""
        await self._rooms.accept(self._name, item)

    async def transcript(self, visitor: str, after: MessageId | None = None) -> Sequence[Line]:
        """The newest lines that the visitor may see."""
        spoken, names = await self._rooms.store.read(self._transcript, visitor)
        lines = [self._line(one, names) for one in spoken]
        last = next((line for line in lines if line.message == after), None)
        if last is None:
            return lines
        return [line for line in lines if line.message > last.message or line.at >= last.at - OVERLAP]

    async def changed(self, visitor: str, seconds: float) -> bool:
        """Until the visitor's transcript may have changed, or that much time has passed."""
        return await self._rooms.lookout.changed(self._name, visitor, seconds)

    async def read(self, visitor: str, upto: MessageId) -> None:
        """The visitor has seen everything up to this line."""
        await self._rooms.store.write(seen, self._speaker, visitor, upto, self._rooms.clock.now())

    async def file(self, visitor: str, id: AttachmentId) -> tuple[LineFile, bytes] | None:
        """The bytes of a file in the visitor's transcript."""
        found = await self._rooms.store.read(transcripts.file, self._name, visitor, id)
        if found is None:
            return None
        try:
            return _file(found[0]), await asyncio.to_thread(self._content, *found)
        except FileNotFoundError:
            return None

    def _transcript(self, unit: Unit, visitor: str) -> tuple[list[Spoken], dict[int, str]]:
        agents = people.roster(unit).agents
        return transcripts.of(unit, self._name, visitor), {agent.id: agent.called for agent in agents}

    def _line(self, spoken: Spoken, agents: Mapping[int, str]) -> Line:
        said = spoken.message
        ours = said.direction is Direction.OUTBOUND
        name = agents.get(said.agent or 0, "") or self._speaker.brand.name if ours else said.sender.name
        return Line(
            message=said.id,
            conversation=said.conversation,
            at=spoken.at,
            ours=ours,
            name=name,
            text=said.text,
            key=said.key,
            language=said.language,
            automatic=ours and said.agent is None,
            files=tuple(_file(one) for one in spoken.files),
            offers=said.offers,
        )

    def _content(self, file: StoredAttachment, whole: Bytes | None) -> bytes:
        blobs = self._rooms.blobs
        if whole is None:
            return blobs.read(file.blob or "")
        raw = whole.raw if whole.raw is not None else blobs.find(whole.blob or "")
        one = file.file
        return self._speaker.codec.attachment(raw, one.start, one.length, one.encoding)

    @property
    def _speaker(self) -> Speaker:
        return self._rooms.playbook().channels[self._name]

    # -- who they are --------------------------------------------------------------------------------------------------
    async def standing(self, visitor: str) -> Standing:
        """What is known of a visitor."""
        return await self._rooms.store.read(self._standing, visitor, self._rooms.clock.now())

    def _standing(self, unit: Unit, visitor: str, now: datetime) -> Standing:
        playbook = self._rooms.playbook()
        known = proved.standing(unit, self._speaker, visitor, playbook, now)
        return replace(known, suggests=beginning.begins(unit, self._name, visitor, playbook))

    async def prove(self, visitor: str, address: str, language: str) -> Asked:
        """Send a code to a mail address that the visitor says is theirs."""
        return await self._write(prove.begin, visitor, address, language)

    async def proved(self, visitor: str, code: str) -> Answered:
        """What a typed code is worth."""
        return await self._write(prove.finish, visitor, code)

    async def vouch(self, visitor: str, address: str, name: str) -> None:
        """Whose mail address this is, by the word of the site that they are signed in to."""
        await self._write(proved.vouch, visitor, address, name)

    async def mail_transcript(self, visitor: str, language: str) -> bool:
        """Send the transcript to the visitor's proved address."""
        return await self._write(mail_transcript, visitor, language)

    async def _write(self, verb: Callable[..., T], visitor: str, *told: str) -> T:
        """A verb of the path in a unit of its own: (unit, channel, visitor, ..., what is configured, now)."""
        rooms = self._rooms
        return await rooms.store.write(verb, self._speaker, visitor, *told, rooms.playbook(), rooms.clock.now())

    # -- what may be the answer ----------------------------------------------------------------------------------------
    async def suggest(
        self, visitor: str, asked: str, language: str, shown: Collection[str] = (), sure: bool = False
    ) -> Sequence[Suggested]:
        """The articles that may answer what a visitor begins to write."""
        store, playbook = self._rooms.store, self._rooms.playbook()
        found = await store.read(beginning.found, self._name, visitor, asked, language, sure, playbook)
        new = [one.entry.id for one in found if one.entry.slug not in shown]
        if new:
            with suppress(Problem):  # they can be shown although nothing can be written
                await store.write(beginning.shown, new, playbook.day(self._rooms.clock.now()))
        return [beginning.told(one, playbook) for one in found]

    async def solved(self, slug: str) -> bool:
        """A visitor says that an article is their answer."""
        playbook = self._rooms.playbook()
        return await self._rooms.store.write(beginning.solved, slug, playbook, playbook.day(self._rooms.clock.now()))

    def lately_read(self, cookies: Mapping[str, str]) -> Sequence[str]:
        """The slugs of the articles that a browser has read lately."""
        return read_by(cookies)

    # -- what can be told ----------------------------------------------------------------------------------------------
    async def outlook(self) -> Outlook:
        """Hours, and the honest time now."""
        now = self._rooms.clock.now()
        if self._seen is None or not self._seen[0] <= now < self._seen[0] + FRESH:
            self._seen = (now, await self._rooms.store.read(self._outlook, now))
        return self._seen[1]

    def _outlook(self, unit: Unit, now: datetime) -> Outlook:
        playbook, speaker = self._rooms.playbook(), self._speaker
        seen = prospect(unit, supposed(speaker, playbook, now), speaker, playbook, now)
        told = seen.announcement
        answer = told.at if told.kind is not None and told.kind.value == "answer" else None
        return Outlook(seen.open_now, seen.opens_at, answer)

    @property
    def languages(self) -> Sequence[str]:
        """The languages of the catalogues; the site's own first."""
        own = self._rooms.playbook().language
        return sorted(self._rooms.wording.languages, key=lambda language: language != own)

    def say(self, language: str, key: str, **facts: object) -> str:
        """A sentence of the catalogue."""
        return self._rooms.wording.say(language, key, **facts)

    def plural(self, language: str, key: str, n: int) -> str:
        """A sentence of the catalogue in the form that a count asks for."""
        return self._rooms.wording.plural(language, key, n)

    def moment(self, at: datetime, language: str) -> str:
        """An instant as people of that language read it, in the site's zone."""
        return dates.moment(at, language, ZoneInfo(self._rooms.playbook().zone))

    def page(self, name: str, language: str, facts: Mapping[str, object]) -> str:
        """A page of the face's own folder."""
        playbook, now = self._rooms.playbook(), self._rooms.clock.now()
        return self._pages.render(
            name,
            say=lambda key, **told: self.say(language, key, **told),
            language=language,
            direction="rtl" if language in RTL else "ltr",
            zone=ZoneInfo(playbook.zone),
            now=now,
            fonts=self._fonts,
            **facts,
        )


def _file(file: StoredAttachment) -> LineFile:
    one = file.file
    return LineFile(file.id, one.filename, one.content_type, one.size, one.state)
