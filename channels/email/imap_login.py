"""From nothing to a connection that is logged in: TLS verified, the secret told to nobody else, refusals told apart."""

import asyncio
import base64
import ssl

from aioimaplib import aioimaplib

from channels.email.connection import Connection
from channels.email.imap_account import ImapAccount
from channels.email.imap_wire import Reply
from channels.email.mailbox_names import quoted
from inbox.domain.problems import LockedOut, Unreachable
from inbox.ports.trust import trust

TRANSIENT = frozenset({"UNAVAILABLE", "LIMIT", "INUSE", "SERVERBUG", "OVERQUOTA"})
"""Response codes (RFC 5530) by which a server says that a later try may go well."""


async def logged_in(account: ImapAccount) -> tuple[Connection, frozenset[str]]:
    """A connection and the server's capabilities. Raises Unreachable, or LockedOut where the login is refused."""
    connection = Connection(account.host, account.port, account.patience)
    try:
        capabilities = await _greeted(connection, account)
        if connection.state != aioimaplib.AUTH:
            await _prove(connection, account, capabilities)
            capabilities = await _capabilities(connection)
    except BaseException:
        await connection.close()
        raise
    return connection, capabilities


async def _greeted(connection: Connection, account: ImapAccount) -> frozenset[str]:
    tls = await asyncio.to_thread(_tls, account)
    await connection.connect(tls if account.tls == "implicit" else None)
    if account.tls == "starttls" and tls:
        await _encrypt(connection, account, tls)
    return await _capabilities(connection)


def _tls(account: ImapAccount) -> ssl.SSLContext | None:
    if account.tls == "off":
        return None
    try:
        return trust("mail", account.ca_file)
    except OSError as error:  # ssl.SSLError is one too
        raise Unreachable("imap.ca_file", path=account.ca_file, reason=error.strerror or str(error)) from error


async def _encrypt(connection: Connection, account: ImapAccount, tls: ssl.SSLContext) -> None:
    """STARTTLS or nothing: a server that does not offer it, or says we are known already, may be somebody in between."""
    offered = "STARTTLS" in await _capabilities(connection) and connection.state == aioimaplib.NONAUTH
    if not offered or not (await connection.ask("STARTTLS")).ok:
        raise Unreachable("imap.no_starttls", host=account.host)
    await connection.encrypt(tls)


async def _capabilities(connection: Connection) -> frozenset[str]:
    reply = await connection.ask("CAPABILITY")
    words = [word for answer in reply.answers for word in answer[0].decode("ascii", "replace").upper().split()]
    return frozenset(words)


async def _prove(connection: Connection, account: ImapAccount, capabilities: frozenset[str]) -> None:
    if account.auth == "login" and {"LOGINDISABLED", "AUTH=PLAIN"} & capabilities == {"LOGINDISABLED"}:
        raise LockedOut("imap.login_disabled", host=account.host)
    reply = await _offer(connection, account, await account.secret(), capabilities)
    if reply.ok:
        connection.state = aioimaplib.AUTH
    elif reply.result == "BAD" or reply.code in TRANSIENT:
        raise Unreachable("imap.not_now", host=account.host, words=reply.words)
    else:
        raise LockedOut("imap.refused", host=account.host, user=account.user, words=reply.words)


async def _offer(connection: Connection, account: ImapAccount, secret: str, capabilities: frozenset[str]) -> Reply:
    if account.auth == "xoauth2":
        return await _authenticate(
            connection, "XOAUTH2", f"user={account.user}\1auth=Bearer {secret}\1\1", capabilities
        )
    # LOGIN is a line of ASCII by the letter of RFC 3501; AUTHENTICATE carries any letters.
    if "AUTH=PLAIN" in capabilities and ("LOGINDISABLED" in capabilities or not (account.user + secret).isascii()):
        return await _authenticate(connection, "PLAIN", f"\0{account.user}\0{secret}", capabilities)
    try:
        return await connection.ask("LOGIN", quoted(account.user), quoted(secret))
    except ValueError:
        raise LockedOut("imap.secret_unusable", host=account.host, user=account.user) from None


async def _authenticate(connection: Connection, mechanism: str, proof: str, capabilities: frozenset[str]) -> Reply:
    """SASL with the proof on the command line where the server takes it there (RFC 4959), else at its `+`."""
    line = base64.b64encode(proof.encode()).decode()
    if "SASL-IR" in capabilities:
        return await connection.ask("AUTHENTICATE", mechanism, line)
    return await connection.ask("AUTHENTICATE", mechanism, lines=(line,))
