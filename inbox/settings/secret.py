"""Reading a secret of the config from where it says: an environment variable, a file, or a credential of systemd."""

import os
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from inbox.domain.problems import Misconfigured
from inbox.domain.secrets import Secret, SecretReference


def _readable(reference: SecretReference) -> SecretReference:
    if reference.source == "command":
        raise PydanticCustomError("config.no_command_here", "file, env or credential")
    return reference


Readable = Annotated[Secret, AfterValidator(_readable)]
"""A secret that `read` finds: no command is run for it."""


def read(reference: SecretReference, root: Path, where: str) -> str:
    """The secret without the line break at its end; never to be shown. `where` names the key. Raises Misconfigured."""
    name = reference.words[0]
    try:
        if reference.source == "env":
            found = os.environ[name]
        else:
            folder = root if reference.source == "file" else Path(os.environ["CREDENTIALS_DIRECTORY"])
            found = (folder / name).read_text(encoding="utf-8")
    except (KeyError, OSError, UnicodeDecodeError) as error:
        reason = type(error).__name__
        raise Misconfigured("config.secret_unreadable", where=where, source=reference, reason=reason) from error
    return found.rstrip("\r\n")
