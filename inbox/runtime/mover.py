"""The mover: an export of another help desk into the store, a batch at a time, and counted again there when it is in.

What is here is known by its number there, so that a run after a kill goes on where that one ended, and one more changes nothing.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import TypeVar

from inbox.archive.found import SMALL
from inbox.blobs import Blobs
from inbox.domain.arrivals import Raw
from inbox.domain.happenings import InboundMessage
from inbox.domain.ids import ConversationId, NetworkKey
from inbox.domain.messages import Direction
from inbox.domain.problems import Problem, Temporary
from inbox.elsewhere.vocabulary import Export, Lost, Matter, Person, Words
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.taken_over import Dossier, Saying, Taken, take_over, take_person
from inbox.ports.clock import Clock
from inbox.runtime.parsers import Parsers
from inbox.runtime.settling import Made, Settling, parts, plain
from inbox.runtime.tally import Tally
from inbox.store import conversations, leases, messages, taken_over
from inbox.store.arrivals import TRIES, Landing
from inbox.store.store import Store
from inbox.store.unit import Unit

AT_ONCE = 50
"""Things said in hand at a time, and in one unit of a matter; persons in one go."""
HEAVY = 32 << 20
"""Bytes of files in hand at a time, from which on the next wait."""
POLITE, PAUSE = 10, 0.02
"""Units in one go while a daemon writes into the same file, and the seconds that it is then left alone."""
LOOKED_UP = 200
"""Keys of one look into the store."""

T = TypeVar("T")
Told = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class _Part:
    """Some of what was said in a matter, and whether it is the last of it."""

    matter: Matter
    words: tuple[Words, ...]
    whole: bool

    @property
    def weight(self) -> int:
        return sum(file.size for one in self.words for file in one.files)


@dataclass(frozen=True, slots=True)
class _Read:
    made: Made
    landing: Landing
    said: InboundMessage | None


@dataclass(slots=True)
class Mover:
    """Brings one export in."""

    store: Store
    blobs: Blobs
    parsers: Parsers
    playbook: Playbook
    settling: Settling
    clock: Clock
    tally: Tally = field(default_factory=Tally)

    async def run(self, export: Export, told: Told) -> Tally:
        """Persons, then matters; `told` hears how many matters are done. Raises Temporary where the store cannot take more now:
        what is in stays in, and another run goes on behind it."""
        before = await self._organizations(export)
        for persons in _batches((one for one in export.persons() if not one.agent), AT_ONCE):
            await self._persons(persons)
        self.tally["organizations"].fresh = await self._organizations(export) - before
        done = 0
        for batch in self._parts(export):
            await self._bring_in(batch)
            done += sum(part.whole for part in batch)
            told(done)
        return self.tally

    # -- persons -------------------------------------------------------------------------------------------------------
    async def _persons(self, persons: Sequence[Person]) -> None:
        kind = self._kind()
        units = []
        for one in persons:
            who = self.settling.someone(one)
            units.append(lambda unit, who=who: take_person(unit, kind, who, self.playbook, self.clock.now()))
        for one, met in zip(persons, await self._each(units), strict=True):
            if isinstance(met, Exception):
                self._lose(f"person {one.number}", met)
            else:
                self.tally["persons"].fresh += met

    async def _organizations(self, export: Export) -> int:
        """How many of theirs are here."""
        companies = sorted({one.company for one in export.persons() if one.company and not one.agent})
        found = [await self.store.read(taken_over.organizations, some) for some in _batches(companies, LOOKED_UP)]
        return sum(found)

    def _kind(self) -> str:
        named = set(self.settling.plan.channels.values())
        return next((one.kind for name, one in self.playbook.channels.items() if name in named), "")

    # -- matters -------------------------------------------------------------------------------------------------------
    def _parts(self, export: Export) -> Iterator[list[_Part]]:
        """Batches of about as many words, in the order of the matters."""
        batch: list[_Part] = []
        count = weight = 0
        for matter in export.matters():
            if self.settling.left(matter):
                continue
            several = list(parts(matter.words, AT_ONCE))
            for n, words in enumerate(several, 1):
                part = _Part(matter, words, n == len(several))
                batch.append(part)
                count, weight = count + len(words), weight + part.weight
                if count >= AT_ONCE or weight >= HEAVY:
                    yield batch
                    batch, count, weight = [], 0, 0
        if batch:
            yield batch

    async def _bring_in(self, batch: Sequence[_Part]) -> None:
        needed = await self.store.read(self._needed, batch)
        ready = await self._read([(part, words) for part, words in needed])
        units = [partial(self._unit, dossier) for dossier in ready]
        for dossier, taken in zip(ready, await self._each(units), strict=True):
            if isinstance(taken, Exception):
                self._lose(f"{dossier.stands.source} #{dossier.stands.number}", taken)
                continue
            notes = sum(one.direction is Direction.NOTE for one in dossier.sayings)
            self.tally["matters"].fresh += taken.opened
            self.tally["notes"].fresh += min(notes, taken.said)
            self.tally["messages"].fresh += taken.said - min(notes, taken.said)
            self.tally["files"].fresh += sum(len(one.said.attachments) for one in dossier.sayings) if taken.said else 0
            self.tally.moved += taken.moved and not taken.opened

    def _needed(self, unit: Unit, batch: Sequence[_Part]) -> list[tuple[_Part, tuple[Words, ...]]]:
        """What of the parts is not here; those of which all is, and which stand as they do there, fall out."""
        source = self.settling.plan.source
        found: list[tuple[_Part, tuple[Words, ...]]] = []
        for part in batch:
            id = part.matter.id
            keys = {one.number: taken_over.words_key(id, one.number) for one in part.words}
            known = {
                one.key: one for one in messages.look_up(unit, source, [taken_over.matter_key(id), *keys.values()])
            }
            fresh = tuple(one for one in part.words if keys[one.number] not in known)
            first = known.get(taken_over.matter_key(id))
            if fresh or (part.whole and first is not None and self._moved(unit, first.conversation, part.matter)):
                found.append((part, fresh))
        return found

    def _moved(self, unit: Unit, id: ConversationId, matter: Matter) -> bool:
        now = conversations.peek(unit, id)
        return now.history and taken_over.last_told(unit, id) != self.settling.stands(matter)

    def _unit(self, dossier: Dossier, unit: Unit) -> Taken:
        speaker = next(one for one in self.playbook.channels.values() if one.name == dossier.channel)
        return take_over(unit, dossier, speaker, self.playbook, self.clock.now())

    # -- reading -------------------------------------------------------------------------------------------------------
    async def _read(self, needed: Sequence[tuple[_Part, tuple[Words, ...]]]) -> list[Dossier]:
        made = [(part, one) for part, words in needed for one in words]
        read = await self._parsed([(part.matter, one) for part, one in made])
        sayings: dict[int, list[Saying]] = {}
        for (part, _), one in zip(made, read, strict=True):
            if one is not None:
                sayings.setdefault(id(part), []).append(one)
        return [self._dossier(part, tuple(sayings.get(id(part), ()))) for part, _ in needed]

    def _dossier(self, part: _Part, sayings: tuple[Saying, ...]) -> Dossier:
        matter = part.matter
        languages = [one.said.language for one in sayings if one.direction is Direction.INBOUND and one.said.language]
        language = matter.requester.language if matter.requester is not None else None
        return Dossier(
            matter.id,
            self.settling.stands(matter),
            self.settling.speaker(matter).name,
            matter.subject,
            self.settling.address(matter.requester),
            min([matter.opened, *(one.at for one in sayings)]),
            matter.last,
            sayings,
            languages[0] if languages else language,
            part.whole,
        )

    async def _parsed(self, wanted: Sequence[tuple[Matter, Words]]) -> list[Saying | None]:
        """Read as mails are; what cannot be read so is read once more as plain text, and lost only then."""
        first = await self._tried(wanted)
        again = [n for n, one in enumerate(first) if not isinstance(one, Saying)]
        if again:
            second = await self._tried([(wanted[n][0], plain(wanted[n][1])) for n in again])
            for n, one in zip(again, second, strict=True):
                first[n] = one
                if not isinstance(one, Saying):
                    self._lose(f"{self.settling.plan.source} #{wanted[n][0].number} / {wanted[n][1].number}", one)
        return [one if isinstance(one, Saying) else None for one in first]

    async def _tried(self, wanted: Sequence[tuple[Matter, Words]]) -> list[Saying | Exception]:
        landed = await asyncio.to_thread(lambda: [self._landed(matter, words) for matter, words in wanted])
        there = [one for one in landed if not isinstance(one, Exception)]
        channels = [self.settling.speaker(matter).name for matter, _ in wanted]
        asked = [(c, one[2]) for c, one in zip(channels, landed, strict=True) if not isinstance(one, Exception)]
        parsed = iter(await self.parsers.parse(asked))
        assert len(there) == len(asked)
        return [one if isinstance(one, Exception) else self._saying(*one[:2], next(parsed)) for one in landed]

    def _landed(self, matter: Matter, words: Words) -> tuple[Made, Landing, Raw] | Exception:
        try:
            made = self.settling.made(matter, words)
        except OSError as error:
            return Problem("elsewhere.file_unreadable", reason=error.strerror or type(error).__name__)
        key = f"{self.settling.plan.source} {made.key}"
        if len(made.raw) <= SMALL:
            return replace(made, raw=b""), Landing(key, len(made.raw), made.raw, at=made.at), made.raw
        try:
            blob = self.blobs.put(made.raw)
        except OSError as error:
            raise Temporary("store.disk_full", detail=error.strerror or type(error).__name__) from error
        return replace(made, raw=b""), Landing(key, len(made.raw), None, blob, made.at), self.blobs.find(blob)

    def _saying(self, made: Made, landing: Landing, found: object) -> Saying | Exception:
        said = found[0] if isinstance(found, tuple) and found else found
        if isinstance(said, InboundMessage):
            read = made.read(said, self.settling.plan.source)
            return Saying(made.key, made.at, made.direction, landing, read, made.agent)
        return said if isinstance(said, Exception) else Problem("elsewhere.no_words")

    # -- writing -------------------------------------------------------------------------------------------------------
    async def _each(self, units: Sequence[Callable[[Unit], T]]) -> list[T | Exception]:
        """Bulk work, in small pieces while a daemon writes into the same file; what fails is tried as often as a new mail is."""
        served = self.store.sqlite and await self.store.read(leases.held, "receiver", self.clock.now())
        together, found = POLITE if served else AT_ONCE, list[T | Exception]()
        for start in range(0, len(units), together):
            some = units[start : start + together]
            results = await self.store.write_each(some)
            for unit, result in zip(some, results, strict=True):
                tries = 1
                while isinstance(result, Exception) and tries < TRIES:
                    [result] = await self.store.write_each([unit])
                    tries += 1
                found.append(result)
            if served:
                await self.clock.sleep(PAUSE)
        return found

    def _lose(self, place: str, error: Exception) -> None:
        told = error if isinstance(error, Problem) else Problem("receive.failed", error=type(error).__name__)
        self.tally.lost.append(Lost(place, told.key, told.facts))

    # -- counting ------------------------------------------------------------------------------------------------------
    async def count(self, export: Export, told: Told) -> Tally:
        """What is there against what is here, looked up anew in the store by their numbers."""
        tally, companies = self.tally, set[str]()
        for persons in _batches((one for one in export.persons() if not one.agent), LOOKED_UP):
            at = {self.settling.someone(one).addresses[0] for one in persons}
            known = await self.store.read(taken_over.addresses, self._kind(), sorted(at))
            tally["persons"].there += len(persons)
            tally["persons"].here += sum(self.settling.someone(one).addresses[0] in known for one in persons)
            companies |= {one.company for one in persons if one.company}
        tally["organizations"].there = len(companies)
        tally["organizations"].here = await self._organizations(export)
        done = 0
        for matters in _batches(export.matters(), AT_ONCE):
            await self.store.read(self._counted, matters)
            done += len(matters)
            told(done)
        tally.lost = [*export.lost, *tally.lost]
        return tally

    def _counted(self, unit: Unit, matters: Sequence[Matter]) -> None:
        source, tally = self.settling.plan.source, self.tally
        for matter in matters:
            left = self.settling.left(matter)
            tally["matters"].there += 1
            tally["matters"].left += left
            kinds = {taken_over.words_key(matter.id, one.number): _kind_of(one) for one in matter.words}
            for one in matter.words:
                tally[_kind_of(one)].there += 1
                tally[_kind_of(one)].left += left
                tally["files"].there += len(one.files)
                tally["files"].left += len(one.files) if left else 0
                tally.away += 0 if left else sum(file.path is None for file in one.files)
            if left:
                continue
            keys: list[NetworkKey] = [taken_over.matter_key(matter.id), *kinds]
            for some in _batches(keys, LOOKED_UP):
                known = messages.look_up(unit, source, some)
                here = {one.key for one in known}
                tally["matters"].here += taken_over.matter_key(matter.id) in here
                for key in here & set(kinds):
                    tally[kinds[key]].here += 1
                ids = {one.message for one in known if one.key in kinds}
                tally["files"].here += taken_over.files(unit, sorted(ids))


def _kind_of(words: Words) -> str:
    return "notes" if words.who == "note" else "messages"


def _batches(several: Iterable[T], most: int) -> Iterator[list[T]]:
    found = iter(several)
    while some := list(islice(found, most)):
        yield some
