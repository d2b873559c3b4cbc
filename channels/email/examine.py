"""What the doctor finds out about a mail channel: its secrets and folders first, then, online, its servers; nothing is sent."""

import asyncio
import ipaddress
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from channels.email import imap_examine, secrets, signing_examine
from channels.email.accounts import imap_account, signer, smtp_account
from channels.email.options import Account, EmailOptions, ListenOptions, SmtpOptions
from channels.email.smtp import connected, quit_politely
from inbox.domain.problems import Problem
from inbox.domain.secrets import SecretReference
from inbox.ports.channel import Finding, Place
from inbox.ports.secrets import exposed


async def examined(place: Place, options: EmailOptions, now: datetime, online: bool) -> list[Finding]:
    """Findings in the order of looking."""
    found = [finding for account in _accounts(options) for finding in await _account(place, account)]
    if options.outgoing == "maildir":
        found.append(await asyncio.to_thread(_maildir, place.site / options.maildir.path))
    signs = signer(place, options)
    if signs is not None:
        found += await signing_examine.examine(signs, options.addresses[0])
    if options.voicemail is not None:
        found.append(_voicemail(options))
    if not online:
        return found
    if options.intake == "listen":
        found.append(await _listener(options.listen))
    if options.intake == "imap" and options.imap:
        found += await imap_examine.examine(imap_account(place, options.imap), now)
    if options.outgoing == "smtp" and options.smtp:
        found.append(await _smtp(place, options, options.smtp))
    return found


def _accounts(options: EmailOptions) -> Iterator[Account]:
    if options.intake == "imap" and options.imap:
        yield options.imap
    if options.outgoing == "smtp" and options.smtp:
        yield options.smtp


async def _account(place: Place, account: Account) -> list[Finding]:
    found = []
    reference = account.oauth2 or account.password
    if reference is not None and reference.source != "command":
        found.append(await _secret(place, reference))
    if account.tls == "off" and not _on_this_machine(account.host):
        found.append(Finding("email.check.encryption", "warn", Problem("email.in_clear", host=account.host)))
    return found


async def _secret(place: Place, reference: SecretReference) -> Finding:
    try:
        await secrets.read(reference, place.site)
    except Problem as problem:
        return Finding("secrets.check", "fail", problem, str(reference))
    open_to_all = exposed(reference, place.site)
    return Finding("secrets.check", "warn" if open_to_all else "pass", open_to_all, str(reference))


def _voicemail(options: EmailOptions) -> Finding:
    """Whether anything can prove that a mail is the telephone system's."""
    assert options.voicemail is not None
    proved = options.voicemail.proof == "address" or options.authserv_id or options.dkim_check
    problem = None if proved else Problem("voicemail.no_proof")
    return Finding("voicemail.check", "pass" if proved else "fail", problem, ", ".join(options.voicemail.senders))


def _maildir(path: Path) -> Finding:
    """Whether mail could be written: into the folder, or into the nearest one above it that is there."""
    there = next(folder for folder in (path, *path.parents) if folder.exists())
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return Finding("maildir.check", "pass", observed=str(path))
    return Finding("maildir.check", "fail", Problem("maildir.unwritable", path=str(path), reason=str(there)))


async def _listener(options: ListenOptions) -> Finding:
    """Somebody listens there: it may be ourselves. Nobody does: the address must be free for us."""
    check, loop = "listen.check", asyncio.get_running_loop()
    try:
        async with asyncio.timeout(5):
            reader, writer = await asyncio.open_connection(options.host, options.port)
            greeting = (await reader.readline()).decode("ascii", "replace").strip()
            writer.close()
        ours = greeting.startswith("220 ") and greeting.endswith(" inbox")
        problem = None if ours else Problem("listen.port_in_use", address=options.address, reason=greeting[:60])
        return Finding(check, "pass" if ours else "fail", problem, options.address)
    except (OSError, ValueError):
        pass
    try:
        (await loop.create_server(asyncio.Protocol, options.host, options.port)).close()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return Finding(check, "fail", Problem("listen.impossible", address=options.address, reason=reason))
    return Finding(check, "pass", observed=options.address)


async def _smtp(place: Place, options: EmailOptions, smtp: SmtpOptions) -> Finding:
    """Greeting, encryption and login, and goodbye."""
    account = smtp_account(place, options, smtp)
    try:
        client = await connected(account)
    except Problem as problem:
        return Finding("smtp.check", "fail", problem, account.where)
    can = " ".join(sorted(client.esmtp_extensions)).upper()
    await quit_politely(client, account.patience)
    return Finding("smtp.check", "pass", observed=f"{account.where} {can}")


def _on_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
