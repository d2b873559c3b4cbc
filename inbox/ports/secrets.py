"""How a channel reads what its config keeps elsewhere: anew each time, so that a new secret needs no restart."""

import contextlib
import os
import stat
from pathlib import Path

from inbox.domain.problems import Credentials, Problem
from inbox.domain.secrets import SecretReference

CREDENTIALS = "CREDENTIALS_DIRECTORY"
"""Where systemd puts what `LoadCredential=` names."""


def secret(reference: SecretReference, site: Path) -> str:
    """The secret, without the blanks around it. Relative paths count from the site folder. Raises Credentials where none is there to read."""
    found = written(reference, site).strip()
    if not found:
        raise Credentials("secrets.empty", source=str(reference))
    return found


def written(reference: SecretReference, site: Path) -> str:
    """The same as it is written, which may be nothing. Of no command. Raises Credentials."""
    if reference.source == "env":
        return os.environ.get(reference.words[0], "")
    folder = site if reference.source == "file" else Path(os.environ.get(CREDENTIALS, ""))
    try:
        return (folder / reference.words[0]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Credentials("secrets.unreadable", source=str(reference), reason=type(error).__name__) from error


def exposed(reference: SecretReference, site: Path) -> Problem | None:
    """What the doctor says of a secret file that every user of the machine may read."""
    if reference.source != "file":
        return None
    with contextlib.suppress(OSError):
        path = site / reference.words[0]
        if path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            return Problem("secrets.exposed", path=str(path))
    return None
