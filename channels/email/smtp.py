"""Connections to one SMTP server: verified TLS, login, a few of them kept while they are used."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiosmtplib import SMTP, SMTPException

from channels.email import answers
from channels.email.reaching import reached
from channels.email.smtp_account import Patience, SmtpAccount
from inbox.domain.problems import Credentials, Unreachable
from inbox.ports.clock import Clock
from inbox.ports.trust import trust

IDLE_SECONDS = 30.0
"""How long a connection is kept unused: long enough for the next mail of a busy hour, shorter than servers allow."""


class Connections:
    """At most `account.connections` at a time. A connection that is not given back in order is not used again."""

    def __init__(self, account: SmtpAccount, clock: Clock) -> None:
        self._account = account
        self._clock = clock
        self._places = asyncio.Semaphore(account.connections)
        self._idle: list[SMTP] = []
        self._watches: dict[SMTP, asyncio.Task[None]] = {}

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for the right to have one connection."""
        async with self._places:
            yield

    async def connect(self) -> SMTP:
        """A new connection. Raises as `connected` does."""
        return await connected(self._account)

    def take_idle(self) -> SMTP | None:
        """A connection that is open and unused, the most recently used first."""
        while self._idle:
            client = self._idle.pop()
            self._watches.pop(client).cancel()
            if client.is_connected:
                return client
        return None

    def give_back(self, client: SMTP) -> None:
        """Keep it for the next mail; it is closed when none comes for a while."""
        if client.is_connected:
            self._idle.append(client)
            self._watches[client] = asyncio.create_task(self._watch(client))

    async def close(self) -> None:
        """End all unused connections."""
        idle = []
        while client := self.take_idle():
            idle.append(client)
        await asyncio.gather(*(quit_politely(client, self._account.patience) for client in idle))

    async def _watch(self, client: SMTP) -> None:
        await self._clock.sleep(IDLE_SECONDS)
        self._idle.remove(client)
        del self._watches[client]
        await quit_politely(client, self._account.patience)


async def connected(account: SmtpAccount) -> SMTP:
    """A new connection, encrypted and logged in. Raises Unreachable, LockedOut or Credentials."""
    secret = await account.secret() if account.secret else ""
    client = SMTP(
        hostname=account.host,
        local_hostname=account.name,
        timeout=account.patience.connect,
        use_tls=account.tls == "implicit",
        start_tls=False,
        tls_context=await _context(account) if account.tls != "off" else None,
    )
    try:
        async with asyncio.timeout(3 * account.patience.connect):
            async with asyncio.timeout(account.patience.connect):
                sock = await reached(account.host, account.port)
            await client.connect(sock=sock)
            await _encrypt(client, account)
            await _log_in(client, account, secret)
    except (SMTPException, OSError) as error:
        client.close()
        raise answers.unconnected(error, account.where) from error
    except BaseException:
        client.close()
        raise
    client.timeout = account.patience.command
    return client


async def quit_politely(client: SMTP, patience: Patience) -> None:
    """Say goodbye; what goes wrong now no longer matters, because every mail has had its answer."""
    transport = client.transport
    with contextlib.suppress(SMTPException, OSError):
        await client.execute_command(b"QUIT", timeout=patience.quit)
    if isinstance(transport, asyncio.WriteTransport):
        # A close over TLS goes on in the background for as long as the peer likes; all has been said, so end it here.
        transport.abort()
        await asyncio.sleep(0)
    client.close()


async def _encrypt(client: SMTP, account: SmtpAccount) -> None:
    """STARTTLS where it was asked for; a server (or somebody in between) that hides it gets nothing in clear."""
    await client.ehlo()
    if account.tls == "starttls":
        if not client.supports_extension("starttls"):
            raise Unreachable("smtp.no_starttls", host=account.where)
        await client.starttls()
        await client.ehlo()


async def _log_in(client: SMTP, account: SmtpAccount, secret: str) -> None:
    if not account.user:
        return
    methods = ("xoauth2",) if account.auth == "xoauth2" else ("plain", "login")
    method = next((one for one in methods if one in client.server_auth_methods), None)
    if method is None:
        raise Credentials("smtp.no_login", host=account.where, methods=", ".join(methods).upper())
    # One method and one try: a library that goes through all of them locks the account three times as fast.
    say = {"plain": client.auth_plain, "login": client.auth_login, "xoauth2": client.auth_xoauth2}[method]
    await say(account.user, secret)


async def _context(account: SmtpAccount) -> ssl.SSLContext:
    try:
        return await asyncio.to_thread(trust, "mail", account.ca_file)
    except OSError as error:  # ssl.SSLError is one too
        reason = error.strerror or type(error).__name__
        raise Credentials("smtp.ca_file", path=str(account.ca_file), reason=reason) from error
