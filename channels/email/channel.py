"""A mail account behind the contract that every channel keeps: one way in and one way out, as the options say."""

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Protocol

from channels.email.accounts import imap_account, signer, smtp_account, spool_of_listener
from channels.email.imap import ImapFetcher
from channels.email.key_lookup import KeyLookUp, LookUp, asked
from channels.email.key_stamps import Stamps
from channels.email.maildir import MaildirSender
from channels.email.options import EmailOptions
from inbox.domain.arrivals import Raw
from inbox.domain.outgoing import FrozenPart, Receipt
from inbox.domain.problems import Permanent, Temporary
from inbox.ports.channel import Batch, Cursor, Place, StageLog
from inbox.ports.clock import Clock
from inbox.ports.probe import Probe


class Intake(Protocol):
    """A way in."""

    async def open(self) -> None: ...

    def fetch(self, since: Cursor | None) -> AsyncIterator[Batch]: ...

    async def confirm(self, batch: Batch) -> None: ...

    async def refuse(self, batch: Batch, why: Temporary) -> None: ...

    async def close(self) -> None: ...


class Outgoing(Protocol):
    """A way out."""

    async def open(self) -> None: ...

    async def send(self, part: FrozenPart, stage: StageLog) -> Receipt: ...

    async def close(self) -> None: ...


class EmailChannel:
    """Implements `inbox.ports.channel.Channel`."""

    def __init__(
        self, place: Place, options: EmailOptions, clock: Clock, probe: Probe, look_up: LookUp = asked
    ) -> None:
        self.intake: Intake | None = _intake(place, options, clock, probe)
        self._way_out: Callable[[], Outgoing] = partial(_outgoing, place, options, clock, probe)
        self._made: Outgoing | None = None
        self._signer = signer(place, options)
        self._keys = KeyLookUp(look_up, Stamps(place.secret), clock) if options.dkim_check else None

    @property
    def outgoing(self) -> Outgoing:
        """The way out, made for its first mail: what an account's other tasks hold never sends."""
        if self._made is None:
            self._made = self._way_out()
        return self._made

    async def open(self) -> None:
        """Open the way in. The way out is opened by its first mail, so that a dead one does not keep mail from coming in."""
        await (self.intake or self.outgoing).open()

    async def fetch(self, since: Cursor | None) -> AsyncIterator[Batch]:
        """What the way in brings; where there is none, nothing for ever."""
        if self.intake is None:
            await asyncio.Event().wait()
        else:
            async for batch in self.intake.fetch(since):
                yield batch if self._keys is None else await self._keys.added(batch)

    async def confirm(self, batch: Batch) -> None:
        """Stored."""
        if self.intake is not None:
            await self.intake.confirm(batch)

    async def refuse(self, batch: Batch, why: Temporary) -> None:
        """Not stored: a listener tells the sender, a mailbox keeps its mail anyway."""
        if self.intake is not None:
            await self.intake.refuse(batch, why)

    async def collect(self, part: str) -> Raw:
        """Raises Permanent: a mail comes with all that belongs to it."""
        raise Permanent("email.nothing_to_collect", part=part)

    async def send(self, part: FrozenPart, stage: StageLog) -> Receipt:
        """Hand it over by the way out, signed where the options say so: nobody is called before that is done."""
        if self._signer is not None:
            part = await self._signer.sign(part)
        return await self.outgoing.send(part, stage)

    async def close(self) -> None:
        """Both ways, the way in first."""
        if self.intake is not None:
            await self.intake.close()
        if self._made is not None:
            await self._made.close()


def _intake(place: Place, options: EmailOptions, clock: Clock, probe: Probe) -> Intake | None:
    if options.intake == "imap" and options.imap:
        return ImapFetcher(imap_account(place, options.imap), clock, probe)
    if options.intake == "listen":
        from channels.email.listen import MailListener  # here, for most sites fetch their mail

        return MailListener(options.listen, options.addresses, spool_of_listener(place), clock, probe)
    return None


def _outgoing(place: Place, options: EmailOptions, clock: Clock, probe: Probe) -> Outgoing:
    if options.outgoing == "smtp" and options.smtp:
        from channels.email.send import SmtpSender  # here, for most of an account's tasks never send

        return SmtpSender(smtp_account(place, options, options.smtp), clock, probe)
    return MaildirSender(place.site / options.maildir.path, probe)
