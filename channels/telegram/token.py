"""Reads a bot's token from where its reference says, anew for each connection, so that a new one needs no restart."""

import re
from pathlib import Path

from inbox.domain.problems import Credentials
from inbox.domain.secrets import SecretReference
from inbox.ports.secrets import secret

_TOKEN = re.compile(r"[A-Za-z0-9_-]+:[A-Za-z0-9_-]+")


def token(reference: SecretReference, site: Path) -> str:
    """The token. Relative paths count from the site folder. Raises Credentials where none is there to read."""
    found = secret(reference, site)
    if not _TOKEN.fullmatch(found):
        # It becomes a piece of an address; what is no token must not lead anywhere else.
        raise Credentials("bot.no_token", source=str(reference))
    return found
