"""Reads a bot's token from where its reference says, anew for each connection, so that a new one needs no restart."""

import os
import re
import stat
from pathlib import Path

from inbox.domain.problems import Credentials, Problem
from inbox.domain.secrets import SecretReference

CREDENTIALS = "CREDENTIALS_DIRECTORY"
"""Where systemd puts what `LoadCredential=` names."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]+:[A-Za-z0-9_-]+")


def token(reference: SecretReference, site: Path) -> str:
    """The token. Relative paths count from the site folder. Raises Credentials where none is there to read."""
    found = secret(reference, site)
    if not _TOKEN.fullmatch(found):
        # It becomes a piece of an address; what is no token must not lead anywhere else.
        raise Credentials("bot.no_token", source=str(reference))
    return found


def secret(reference: SecretReference, site: Path) -> str:
    """Any secret, without the blanks around it. Raises Credentials where none is there to read."""
    try:
        found = _written(reference, site).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Credentials("secrets.unreadable", source=str(reference), reason=type(error).__name__) from error
    if not found:
        raise Credentials("secrets.empty", source=str(reference))
    return found


def exposed(reference: SecretReference, site: Path) -> Problem | None:
    """What the doctor says of a file that every user of the machine may read."""
    if reference.source != "file":
        return None
    path = site / reference.words[0]
    if path.exists() and path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        return Problem("secrets.exposed", path=str(path))
    return None


def _written(reference: SecretReference, site: Path) -> str:
    if reference.source == "env":
        return os.environ.get(reference.words[0], "")
    folder = site if reference.source == "file" else Path(os.environ.get(CREDENTIALS, ""))
    return (folder / reference.words[0]).read_text(encoding="utf-8")
