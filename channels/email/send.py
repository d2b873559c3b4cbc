"""Hands one mail to an SMTP server, step by step, so that it is always known whether the server can have it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiosmtplib import SMTP, SMTPException, SMTPResponse

from channels.email import answers
from channels.email.envelope import Envelope, Recipient
from channels.email.smtp import Connections
from channels.email.smtp_account import SmtpAccount
from inbox.domain.outgoing import FrozenPart, Receipt, Refusal
from inbox.domain.problems import Credentials, Gone, Permanent, Problem, Temporary, Unreachable
from inbox.ports.channel import HANDED, StageLog, Unconfirmed
from inbox.ports.clock import Clock
from inbox.ports.probe import Probe

_PIECE = 256 * 1024


class SmtpSender:
    """One SMTP account. The laws: HANDED is durable before the final dot leaves us; nothing after the dot sends again."""

    def __init__(self, account: SmtpAccount, clock: Clock, probe: Probe) -> None:
        self._account = account
        self._probe = probe
        self._connections = Connections(account, clock)

    async def open(self) -> None:
        """Log in once and keep the connection for the first mail. Raises Unreachable, LockedOut or Credentials."""
        self._connections.give_back(await self._connections.connect())

    async def close(self) -> None:
        """End the unused connections."""
        await self._connections.close()

    async def send(self, part: FrozenPart, stage: StageLog) -> Receipt:
        """One transaction with an outcome for each recipient.

        Raises Temporary (Unreachable where the whole account must wait), Permanent, Credentials or Unconfirmed.
        """
        envelope = Envelope.of(part)
        async with self._connections.place():
            client = await self._begun(envelope)
            async with self._tidied(client):
                receipt = await self._transaction(client, envelope, part, stage)
            self._connections.give_back(client)
            return receipt

    async def _begun(self, envelope: Envelope) -> SMTP:
        """A connection on which MAIL was accepted. An idle one that the server has ended meanwhile is replaced, once."""
        idle = self._connections.take_idle()
        if idle is not None:
            try:
                return await self._mail(idle, envelope)
            except Unreachable:
                idle.close()
        return await self._mail(await self._connections.connect(), envelope)

    async def _mail(self, client: SMTP, envelope: Envelope) -> SMTP:
        async with self._tidied(client):
            answer = await self._ask(client, "MAIL", b"FROM:<" + envelope.sender + b">", *self._words(client, envelope))
            if not answers.taken(answer):
                raise answers.refusal(answer, "MAIL", self._account.where)
            self._probe("out.connected")
        return client

    def _words(self, client: SMTP, envelope: Envelope) -> list[bytes]:
        """What MAIL says besides the sender, as far as the server understands it. Raises Permanent for what it cannot take."""
        limit = client.esmtp_extensions.get("size", "")
        if limit.isdigit() and 0 < int(limit) < envelope.size:
            raise Permanent("smtp.too_large", host=self._account.where, size=envelope.size, limit=int(limit))
        international = not envelope.sender.isascii() or any(one.international for one in envelope.recipients)
        words = [b"SIZE=%d" % envelope.size] if "size" in client.esmtp_extensions else []
        if envelope.eight_bit and client.supports_extension("8bitmime"):
            words.append(b"BODY=8BITMIME")
        if international and client.supports_extension("smtputf8"):
            words.append(b"SMTPUTF8")
        elif not envelope.sender.isascii():
            raise Permanent("smtp.not_international", host=self._account.where, address=envelope.sender.decode())
        return words

    async def _transaction(self, client: SMTP, envelope: Envelope, part: FrozenPart, stage: StageLog) -> Receipt:
        refused = [refusal for one in envelope.recipients if (refusal := await self._rcpt(client, one))]
        if len(refused) == len(envelope.recipients):
            raise self._nobody(refused)
        answer = await self._data(client, part.body, stage)
        if not answers.taken(answer):
            raise self._after_dot(answer)
        self._probe("out.got_250")
        return Receipt((part.key,), tuple(refused), answers.said(answer))

    async def _rcpt(self, client: SMTP, one: Recipient) -> Refusal | None:
        if one.international and not client.supports_extension("smtputf8"):
            return Refusal(one.address, "5.6.7", "553 5.6.7 SMTPUTF8 is not supported", permanent=True)
        answer = await self._ask(client, "RCPT", b"TO:<" + one.wire + b">")
        if answers.taken(answer):
            return None
        problem = answers.refusal(answer, "RCPT", self._account.where)
        if isinstance(problem, Unreachable | Credentials):
            raise problem
        return answers.recipient(answer, one.address)

    def _nobody(self, refused: list[Refusal]) -> Problem:
        """No recipient was taken: proven only where each was refused for good."""
        proven = all(one.permanent for one in refused)
        kind = Temporary if not proven else Gone if all(answers.nobody_there(one) for one in refused) else Permanent
        told = next((one for one in refused if one.permanent == proven), refused[0])
        return kind("smtp.recipients_refused", host=self._account.where, address=told.recipient, answer=told.text)

    async def _data(self, client: SMTP, body: bytes, stage: StageLog) -> SMTPResponse:
        answer = await self._ask(client, "DATA")
        if answer.code != 354:
            raise answers.refusal(answer, "DATA", self._account.where)
        await self._body(client, body)
        self._probe("out.data_sent")
        await stage(HANDED)
        self._probe("out.stage_dot_committed")
        return await self._dot(client)

    async def _body(self, client: SMTP, body: bytes) -> None:
        """All but the dot. A line of its own ends the body, and lines that begin with a dot get a second one (RFC 5321 4.5.2)."""
        stuffed = (b"\n" + body).replace(b"\n.", b"\n..")[1:]
        stuffed += b"" if stuffed.endswith(b"\r\n") else b"\r\n"
        patience = self._account.patience
        try:
            async with asyncio.timeout(patience.command + len(stuffed) / patience.bytes_a_second):
                for start in range(0, len(stuffed), _PIECE):
                    protocol = client.protocol
                    if protocol is None:
                        raise ConnectionResetError
                    protocol.write(stuffed[start : start + _PIECE])
                    # The library offers no public way to wait for the peer; without one a large mail would lie in memory twice.
                    await protocol._drain_helper()
        except (SMTPException, OSError) as error:
            client.close()
            raise answers.lost(error, "DATA", self._account.where) from error

    async def _dot(self, client: SMTP) -> SMTPResponse:
        protocol = client.protocol
        if protocol is None or not protocol.is_connected:
            raise Unreachable("smtp.lost", host=self._account.where, step="DATA", reason="closed")
        try:
            protocol.write(b".\r\n")
            self._probe("out.dot_sent")
            return await protocol.read_response(timeout=self._account.patience.after_dot)
        except (SMTPException, OSError) as error:
            client.close()
            raise Unconfirmed("smtp.no_answer", host=self._account.where, reason=answers.reason(error)) from error

    def _after_dot(self, answer: SMTPResponse) -> Problem:
        """Only a clear no is a no: anything else leaves it open whether the mail was taken."""
        if 400 <= answer.code < 600:
            return answers.refusal(answer, "dot", self._account.where)
        return Unconfirmed("smtp.no_answer", host=self._account.where, reason=answers.said(answer))

    async def _ask(self, client: SMTP, verb: str, *words: bytes) -> SMTPResponse:
        """One command and its answer. Raises Unreachable where there is none; the connection is then of no use."""
        try:
            return await client.execute_command(verb.encode(), *words)
        except (SMTPException, OSError) as error:
            client.close()
            raise answers.lost(error, verb, self._account.where) from error

    @asynccontextmanager
    async def _tidied(self, client: SMTP) -> AsyncIterator[None]:
        """Whatever goes wrong inside, the connection is afterwards fit for the next mail, or closed."""
        try:
            yield
        except (Temporary, Permanent):
            await self._tidy(client)
            raise
        except BaseException:
            client.close()
            raise

    async def _tidy(self, client: SMTP) -> None:
        """After a refusal the connection is as good as new, once the server has forgotten the transaction."""
        try:
            if client.is_connected and answers.taken(await self._ask(client, "RSET")):
                self._connections.give_back(client)
                return
        except Unreachable:
            pass
        client.close()
