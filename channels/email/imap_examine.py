"""What the doctor finds out about an IMAP mailbox: whether we get in, what the server can do, which folders there are."""

import difflib
from datetime import datetime, timedelta

from channels.email.connection import Connection
from channels.email.imap_account import ImapAccount
from channels.email.imap_answers import listed_folders
from channels.email.imap_folder import Folder
from channels.email.imap_login import logged_in
from channels.email.mailbox_names import same_folder
from inbox.domain.problems import Problem
from inbox.ports.channel import Finding

AHEAD = timedelta(minutes=5)
_WORTH_KNOWING = ("IDLE", "MOVE", "UIDPLUS", "CONDSTORE")


async def examine(account: ImapAccount, now: datetime) -> list[Finding]:
    """Findings in the order of looking; the first `fail` may end it. Changes nothing on the server."""
    try:
        connection, capabilities = await logged_in(account)
    except Problem as problem:
        return [Finding("imap.check.login", "fail", problem)]
    try:
        found = [
            Finding("imap.check.login", "pass", observed=f"{account.host}:{account.port}"),
            _idle(account, capabilities),
        ]
        return [*found, *await _folders(connection, account), await _clock(connection, account, now)]
    except Problem as problem:
        return [*found, Finding("imap.check.folder", "fail", problem)]
    finally:
        await connection.close()


def _idle(account: ImapAccount, capabilities: frozenset[str]) -> Finding:
    observed = " ".join(name for name in _WORTH_KNOWING if name in capabilities)
    if "IDLE" in capabilities:
        return Finding("imap.check.idle", "pass", observed=observed)
    problem = Problem("imap.no_idle", host=account.host, seconds=round(account.poll_seconds))
    return Finding("imap.check.idle", "warn", problem, observed)


async def _folders(connection: Connection, account: ImapAccount) -> list[Finding]:
    reply = await connection.ask("LIST", '""', '"*"')
    there = {same_folder(name) for name in listed_folders(reply.answers)}
    return [_folder(same_folder(name), there, account.host) for name in account.folders]


def _folder(name: str, there: set[str], host: str) -> Finding:
    if name in there:
        return Finding("imap.check.folder", "pass", observed=name)
    near = ", ".join(difflib.get_close_matches(name, sorted(there), n=3, cutoff=0.4) or sorted(there)[:5])
    return Finding(
        "imap.check.folder", "fail", Problem("imap.folder_unknown", host=host, folder=name, there=near), name
    )


async def _clock(connection: Connection, account: ImapAccount, now: datetime) -> Finding:
    """IMAP tells no time, but the newest mail cannot have arrived in the future."""
    folder = Folder(connection, account.host)
    await folder.open(same_folder(account.folders[0]))
    newest = await folder.known([await folder.newest() or 1])
    dated = next((mail.dated for mail in newest.values() if mail.dated), None)
    if dated is None:
        return Finding("imap.check.clock", "unknown")
    if dated > now + AHEAD:
        minutes = round((dated - now) / timedelta(minutes=1))
        return Finding("imap.check.clock", "warn", Problem("imap.clock_ahead", host=account.host, minutes=minutes))
    return Finding("imap.check.clock", "pass", observed=dated.isoformat())
