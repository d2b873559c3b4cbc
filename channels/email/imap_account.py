"""What it takes to fetch from one IMAP mailbox, as plain values."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

MAX_BYTES = 50 * 2**20


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """One account. `first_sync`: what becomes of mail that was there before us (design, section 8)."""

    host: str
    port: int
    tls: Literal["implicit", "starttls", "off"]
    ca_file: Path | None
    """A PEM file with the only authorities to trust; None trusts the system's."""
    user: str
    secret: Callable[[], Awaitable[str]] = field(repr=False)
    """The password or OAuth2 access token, asked anew at each login."""
    auth: Literal["login", "xoauth2"]
    folders: tuple[str, ...]
    """The first one is watched with IDLE, the others are looked at when it stirs and every `poll_seconds`."""
    first_sync: Literal["new", "import", "answer"]
    poll_seconds: float
    spool: Path
    """A folder for mails that are too big for memory; made when it lacks, shared with nobody but other channels."""
    max_bytes: int = MAX_BYTES
    """Of a mail beyond this size only the beginning is taken."""
    patience: float = 30.0
    """Seconds that one command may take in all, before the bytes it brings are counted."""
