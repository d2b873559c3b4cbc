"""Reads the secret that is shared with a host page's server, anew each time, so that a new one needs no restart."""

import os
from pathlib import Path

from inbox.domain.problems import Credentials
from inbox.domain.secrets import SecretReference

CREDENTIALS = "CREDENTIALS_DIRECTORY"
"""Where systemd puts what `LoadCredential=` names."""


def shared_secret(reference: SecretReference, site: Path) -> bytes:
    """The secret. Relative paths count from the site folder. Raises Credentials where none is there to read."""
    try:
        found = _written(reference, site).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Credentials("secrets.unreadable", source=str(reference), reason=type(error).__name__) from error
    if not found:
        raise Credentials("secrets.empty", source=str(reference))
    return found.encode()


def _written(reference: SecretReference, site: Path) -> str:
    if reference.source == "env":
        return os.environ.get(reference.words[0], "")
    folder = site if reference.source == "file" else Path(os.environ.get(CREDENTIALS, ""))
    return (folder / reference.words[0]).read_text(encoding="utf-8")
