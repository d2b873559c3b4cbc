"""One connection of somebody who hands us mail: which recipients are ours, how a mail is received, what it is answered."""

import asyncio
import re
import uuid
from asyncio import BaseTransport, LimitOverrunError, Transport
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Protocol, cast

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from typing_extensions import override

from channels.email.listen_receiver import Receiver
from channels.email.options import ListenOptions
from inbox.domain.arrivals import Item
from inbox.ports.clock import Clock

MOST_RECIPIENTS = 100
"""RFC 5321 4.5.3.1.8: at least so many must be taken."""
STORE_SECONDS = 600.0
"""As long as a sender waits for the answer to a mail (RFC 5321 4.5.3.2.6)."""
CLOSING = "421 4.3.2 We are closing down, please try again later"
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


@dataclass(slots=True)
class Transaction:
    """One mail that was received whole and waits for the house. Cancelled or answered: `answer` is done."""

    item: Item
    size: int
    answer: "asyncio.Future[str]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Front(Protocol):
    """What a session needs of the listener it belongs to."""

    options: ListenOptions
    addresses: tuple[str, ...]
    spool: Path
    clock: Clock

    def offer(self, transaction: Transaction) -> None: ...

    def forget(self, session: "SmtpSession") -> None: ...


class TooMany(asyncio.Protocol):
    """One connection more than is allowed."""

    def connection_made(self, transport: BaseTransport) -> None:
        """Say so and hang up."""
        cast(Transport, transport).write(b"421 4.7.0 Too many connections, please try again later\r\n")
        transport.close()


class SmtpSession(SMTP):
    """SMTP as aiosmtpd speaks it, with a DATA of our own: no limit to a line, large mails into a file, answers that wait."""

    line_length_limit = 65_536
    protocol_name = "ESMTP"

    def __init__(self, front: Front) -> None:
        domain = front.addresses[0].rpartition("@")[2]
        super().__init__(
            SimpleNamespace(handle_RCPT=self._recipient),
            data_size_limit=front.options.max_size,
            enable_SMTPUTF8=True,
            hostname=domain.encode("idna").decode() if not domain.isascii() else domain,
            ident="inbox",
            timeout=front.options.idle_seconds,
            loop=asyncio.get_running_loop(),
        )
        self.gone: asyncio.Future[None] = self.loop.create_future()
        self._front = front
        self._offered: Transaction | None = None

    async def _recipient(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Only we are here; a recipient of anybody else would make us an open relay."""
        if not self._ours(address):
            return f"550 5.1.1 <{_clean(address)}>: there is no such address here, please check it"
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients, please send the rest in a second mail"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    @override
    async def smtp_DATA(self, arg: str | None) -> None:
        """Receive one mail and answer when the house has stored it, or will not."""
        envelope, session = self.envelope, self.session
        if envelope is None or session is None or await self.check_helo_needed():
            return
        if not envelope.rcpt_tos or arg:
            await self.push("501 5.5.4 Syntax: DATA" if arg else "503 5.5.1 Error: need RCPT command")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        key = uuid.uuid4().hex
        head = trace(self.protocol_name, session, envelope, self.hostname, key, self._front.clock.now())
        with Receiver(head, self._front.options.max_size, self._front.spool / key) as receiver:
            await self._receive(receiver)
            answer = await self._stored(key, receiver) if not receiver.too_large else _too_large(receiver.limit)
        recipients = list(envelope.rcpt_tos)
        self.envelope = self._create_envelope()
        await self._tell(answer, recipients)

    def connection_lost(self, error: Exception | None) -> None:
        """Nobody is left to be answered."""
        self._front.forget(self)
        if self._offered is not None:
            self._offered.answer.cancel()
        if not self.gone.done():
            self.gone.set_result(None)
        super().connection_lost(error)

    def dismiss(self) -> None:
        """Say 421 and hang up; a mail that waits for its answer gets that one."""
        transport = cast(Transport | None, self.transport)
        if self._offered is not None and not self._offered.answer.done():
            self._offered.answer.cancel()
        if transport is not None and not transport.is_closing():
            transport.write(CLOSING.encode() + b"\r\n")
            transport.close()

    def abort(self) -> None:
        """Hang up at once."""
        transport = cast(Transport | None, self.transport)
        if transport is not None:
            transport.abort()

    async def _tell(self, answer: str, recipients: list[str]) -> None:
        await self.push(answer)

    async def _receive(self, receiver: "Receiver") -> None:
        """Line by line, so that only a dot between two CRLF ends a mail (SMTP smuggling) and what follows stays unread."""
        begins = True
        while True:
            try:
                piece = await self._reader.readuntil(b"\r\n")
            except LimitOverrunError as error:
                piece = await self._reader.readexactly(error.consumed)
            if begins and piece == b".\r\n":
                return
            if receiver.add(piece[1:] if begins and piece.startswith(b".") else piece):
                self._reset_timeout()
            begins = piece.endswith(b"\r\n")

    async def _stored(self, key: str, receiver: "Receiver") -> str:
        """Offer the mail to the house and wait for its answer, longer than a silent client would be borne with."""
        self._offered = Transaction(Item(key, receiver.hand_over()), receiver.size)
        self._front.offer(self._offered)
        self._reset_timeout(STORE_SECONDS)
        try:
            return await self._offered.answer
        finally:
            self._offered = None

    def _ours(self, address: str) -> bool:
        local, _, domain = address.lower().rpartition("@")
        for own in self._front.addresses:
            own_local, _, own_domain = own.rpartition("@")
            if domain == own_domain and (local == own_local or local.startswith(f"{own_local}+")):
                return True
        return False


class LmtpSession(SmtpSession, LMTP):
    """The same by LMTP (RFC 2033): LHLO, and after a mail one answer for each recipient."""

    protocol_name = "LMTP"

    async def _tell(self, answer: str, recipients: list[str]) -> None:
        for _ in recipients:
            await self.push(answer)


def trace(protocol: str, session: Session, envelope: Envelope, host: str, key: str, now: datetime) -> bytes:
    """The envelope as headers in front of the mail, as a mail server writes them at final delivery (RFC 5321 4.4)."""
    sender = envelope.mail_from or ""
    peer = str(session.peer[0]) if isinstance(session.peer, tuple) else "local"
    peer = f"IPv6:{peer}" if ":" in peer else peer
    lines = [f"Return-Path: <{_clean(sender).strip('<>')}>"]
    lines += [f"Delivered-To: {_clean(recipient)}" for recipient in envelope.rcpt_tos]
    lines += [
        f"Received: from {_clean(session.host_name or 'unknown')} ([{peer}])",
        f"\tby {host} with {protocol} id {key};",
    ]
    lines += [f"\t{format_datetime(now)}", ""]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape")


def _clean(text: str) -> str:
    return _CONTROL.sub(" ", text)


def _too_large(limit: int) -> str:
    return f"552 5.3.4 The mail is larger than {limit} bytes, please send a smaller one"
