"""A channel whose network is a folder: everyone has a folder of JSON files, and whoever writes lays a file into another's."""

import asyncio
import base64
import hashlib
import json
import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from inbox.domain.arrivals import Item, Raw
from inbox.domain.happenings import Address, Attachment, Happening, InboundMessage
from inbox.domain.ids import NetworkKey
from inbox.domain.options import checked
from inbox.domain.outgoing import FrozenPart, Outgoing, Receipt, Refusal
from inbox.domain.problems import Permanent, Problem, Temporary, Unreachable, Unreadable
from inbox.ports.channel import HANDED, Batch, Channel, Cursor, Finding, Place, StageLog
from inbox.ports.clock import Clock
from inbox.ports.codec import Codec, Traits
from inbox.ports.face import Face
from inbox.ports.probe import Probe

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
"""What someone may be called: an address from outside becomes a folder's name, so it must not be able to be a path."""


class PostboxOptions(BaseModel):
    """The keys of `[channel.<name>]` that are ours; an unknown one is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    address: str = Field(pattern=f"^{NAME.pattern}$")
    folder: Path = Path("data/postbox")
    """Everyone's folders lie in it; a relative path counts from the site folder."""
    look_every: float = Field(default=1.0, gt=0)
    """Seconds between two looks."""


class Enclosure(BaseModel):
    """A file in a letter; `content` is base64."""

    name: str
    type: str
    content: str


class Letter(BaseModel):
    """What one JSON file says."""

    id: str
    sender: str
    to: tuple[str, ...]
    text: str
    sender_name: str = ""
    subject: str = ""
    answers: tuple[str, ...] = ()
    automatic: bool = False
    files: tuple[Enclosure, ...] = ()


class PostboxCodec:
    """Letters to happenings, and our words to letters. No clock, no chance, no I/O beyond a spooled raw."""

    def __init__(self, address: str) -> None:
        self._address = address

    @property
    def traits(self) -> Traits:
        """A letter laid down twice has the same name and id: readers see one, so sending again is safe."""
        return Traits(subject=True, resend_safe=True, reopen_within_hours=24 * 14)

    def parse(self, raw: Raw) -> Sequence[Happening]:
        """One letter, one message. Raises Unreadable."""
        content = _content(raw)
        try:
            letter = Letter.model_validate_json(content)
            files = tuple(_enclosed(content, file) for file in letter.files)
        except ValueError as error:
            raise Unreadable("postbox.unreadable", reason=type(error).__name__) from error
        message = InboundMessage(
            kind="message",
            key=NetworkKey(letter.id),
            fingerprint=hashlib.sha256(content).hexdigest(),
            sender=Address(letter.sender, letter.sender_name),
            to=tuple(Address(one) for one in letter.to),
            subject=letter.subject,
            text=letter.text,
            reply_text=letter.text,
            references=tuple(NetworkKey(one) for one in letter.answers),
            automatic="auto-reply" if letter.automatic else None,
            own=letter.sender == self._address,
            attachments=files,
        )
        return [message]

    def compose(self, what: Outgoing) -> Sequence[FrozenPart]:
        """One part, since a letter has no limit of length. The same words make the same bytes."""
        recipients = tuple(one.address for one in (*what.to, *what.cc))
        for recipient in recipients:
            if not NAME.fullmatch(recipient):
                raise Permanent("postbox.impossible_address", address=recipient)
        letter = Letter(
            id=what.token,
            sender=what.sender.address,
            sender_name=what.sender.name,
            to=recipients,
            subject=what.subject,
            text=what.text,
            answers=tuple(dict.fromkeys(key for key in (what.answers, *reversed(what.references)) if key)),
            automatic=what.purpose.automatic,
            files=tuple(
                Enclosure(name=file.filename, type=file.content_type, content=base64.b64encode(file.content).decode())
                for file in what.files
            ),
        )
        body = json.dumps(letter.model_dump(), ensure_ascii=False).encode()
        return [FrozenPart(0, NetworkKey(letter.id), recipients[0], letter.sender, recipients, body)]

    def attachment(self, raw: Raw, start: int, length: int, encoding: str) -> bytes:
        """The bytes of a file that `parse` found at that range."""
        piece = _content(raw)[start : start + length]
        return base64.b64decode(piece) if encoding == "base64" else piece


class PostboxChannel:
    """One address. There is no cursor: what we have not taken out of our folder yet is what is new."""

    def __init__(self, root: Path, options: PostboxOptions, clock: Clock) -> None:
        self._root = root
        self._mine = root / options.address
        self._pause = options.look_every
        self._clock = clock

    async def open(self) -> None:
        """Raises Unreachable, which is temporary: the house tries again, ever more patiently."""
        if not await asyncio.to_thread(self._mine.is_dir):
            raise Unreachable("postbox.no_folder", folder=str(self._mine))

    async def fetch(self, since: Cursor | None) -> AsyncIterator[Batch]:
        """What lies in our folder, again and again; nothing is taken away before `confirm`."""
        while True:
            items = await asyncio.to_thread(self._look)
            if items:
                yield Batch(items, None)
            else:
                await self._clock.sleep(self._pause)

    async def confirm(self, batch: Batch) -> None:
        """The house has it, so it may go."""
        for item in batch.items:
            await asyncio.to_thread((self._mine / item.key).unlink, missing_ok=True)

    async def refuse(self, batch: Batch, why: Temporary) -> None:
        """Nothing to do: the letters lie where they are."""

    async def collect(self, part: str) -> Raw:
        """A letter brings its files along. Raises Permanent."""
        raise Permanent("postbox.nothing_to_collect", part=part)

    async def send(self, part: FrozenPart, stage: StageLog) -> Receipt:
        """HANDED is durable before anyone can see the letter; then a rename shows it, whole or not at all."""
        known = [one for one in part.recipients if await asyncio.to_thread((self._root / one).is_dir)]
        if not known:
            raise Permanent("postbox.nobody", address=", ".join(part.recipients))
        await asyncio.to_thread(self._write, part, known)
        await stage(HANDED)
        await asyncio.to_thread(self._show, part, known)
        refused = tuple(Refusal(one, "404", "no such folder", True) for one in part.recipients if one not in known)
        return Receipt((part.key,), refused)

    async def close(self) -> None:
        """Nothing is held."""

    def _look(self) -> tuple[Item, ...]:
        files = sorted(self._mine.glob("*.json"), key=lambda path: (path.stat().st_mtime_ns, path.name))
        return tuple(Item(path.name, path.read_bytes()) for path in files[:50])

    def _write(self, part: FrozenPart, known: list[str]) -> None:
        for one in known:
            (self._root / one / f"{part.key}.draft").write_bytes(part.body)

    def _show(self, part: FrozenPart, known: list[str]) -> None:
        for one in known:
            draft = self._root / one / f"{part.key}.draft"
            draft.rename(draft.with_suffix(".json"))


class PostboxAdapter:
    """What the entry point names: how the house gets at kind `postbox`."""

    def options(self, table: dict[str, Any], where: str) -> PostboxOptions:
        """The channel's table with its defaults. Raises Misconfigured, with the key and the nearest right one."""
        return checked(PostboxOptions, table, where)

    def addresses(self, options: PostboxOptions) -> tuple[str, ...]:
        """The one address."""
        return (options.address,)

    def codec(self, place: Place, options: PostboxOptions) -> Codec:
        """Cheap, since every process builds its own."""
        return PostboxCodec(options.address)

    def channel(self, place: Place, options: PostboxOptions, clock: Clock, probe: Probe) -> Channel:
        """One connection; the house builds two, one for each way."""
        return PostboxChannel(place.site / options.folder, options, clock)

    def face(self, place: Place, options: PostboxOptions) -> Face | None:
        """No HTTP side."""
        return None

    async def examine(self, place: Place, options: PostboxOptions, online: bool) -> list[Finding]:
        """What `inbox doctor` tells about it."""
        mine = place.site / options.folder / options.address
        if await asyncio.to_thread(mine.is_dir):
            return [Finding("postbox.folder", "pass", observed=str(mine))]
        return [Finding("postbox.folder", "fail", Problem("postbox.no_folder", folder=str(mine)), str(mine))]


ADAPTER = PostboxAdapter()


def _content(raw: Raw) -> bytes:
    return raw if isinstance(raw, bytes) else raw.path.read_bytes()


def _enclosed(content: bytes, file: Enclosure) -> Attachment:
    """The file as a range of the raw: it is decoded when somebody asks for it, and stored nowhere twice."""
    encoded = file.content.encode("ascii")
    size = len(base64.b64decode(encoded, validate=True))
    return Attachment(file.name, file.type, size, content.index(encoded), len(encoded), "base64")
