"""Makes of a channel's options the plain values that each connection needs: paths in full, secrets as something to ask."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from channels.email import secrets
from channels.email.imap_account import ImapAccount
from channels.email.options import Account, EmailOptions, ImapOptions, SmtpOptions
from channels.email.smtp_account import SmtpAccount
from inbox.ports.channel import Place

if TYPE_CHECKING:
    from channels.email.signer import Signer


def imap_account(place: Place, options: ImapOptions) -> ImapAccount:
    """The mailbox to fetch from."""
    return ImapAccount(
        host=options.host,
        port=options.chosen_port,
        tls=options.tls,
        ca_file=_path(place, options.ca_file),
        user=options.user,
        secret=_secret(place, options) or _nothing,
        auth=_auth(options),
        folders=options.folders,
        first_sync=options.first_sync,
        poll_seconds=options.poll_seconds,
        spool=place.data / "spool",
        max_bytes=options.max_size,
    )


def smtp_account(place: Place, channel: EmailOptions, options: SmtpOptions) -> SmtpAccount:
    """The server to send through. We say to be our own domain: the machine's name is often none that others know."""
    return SmtpAccount(
        host=options.host,
        port=options.chosen_port,
        tls=options.tls,
        name=ascii_domain(channel.addresses[0]),
        ca_file=_path(place, options.ca_file),
        user=options.user,
        secret=_secret(place, options),
        auth=_auth(options),
        connections=options.connections,
    )


def signer(place: Place, channel: EmailOptions) -> "Signer | None":
    """Who signs what goes out; None where nobody does."""
    dkim = channel.dkim
    if dkim is None:
        return None
    from channels.email.signer import Signer  # what it takes to sign is loaded where something is signed

    return Signer(dkim.domain or ascii_domain(channel.addresses[0]), dkim.selector, dkim.key, place.site)


def spool_of_listener(place: Place) -> Path:
    """Where large mails are received: a folder of this channel alone, which it may sweep."""
    return place.data / "spool" / f"listen-{place.name}"


def ascii_domain(address: str) -> str:
    """The domain of an address as SMTP greets with it."""
    return address.rpartition("@")[2].encode("idna").decode("ascii")


def _path(place: Place, path: Path | None) -> Path | None:
    return place.site / path if path else None


def _auth(options: Account) -> Literal["login", "xoauth2"]:
    return "xoauth2" if options.oauth2 else "login"


def _secret(place: Place, options: Account) -> Callable[[], Awaitable[str]] | None:
    reference = options.oauth2 or options.password
    if reference is None:
        return None

    async def ask() -> str:
        return await secrets.read(reference, place.site)

    return ask


async def _nothing() -> str:
    return ""
