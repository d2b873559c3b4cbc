"""The address of the database with its password in it, which stands nowhere in the config."""

import os
from pathlib import Path
from urllib.parse import quote

from inbox.domain.problems import Misconfigured
from inbox.domain.secrets import SecretReference
from inbox.settings.options import StoreOptions

WHERE = "config.toml: store.password"


def database(options: StoreOptions, root: Path) -> str:
    """The address to open the store with; never to be shown. Raises Misconfigured where the password cannot be read."""
    if options.password is None:
        return options.url
    scheme, _, rest = options.url.partition("://")
    login, at, place = rest.rpartition("@")
    return f"{scheme}://{login}:{quote(_read(options.password, root), safe='')}{at}{place}"


def _read(reference: SecretReference, root: Path) -> str:
    name = reference.words[0]
    try:
        if reference.source == "env":
            found = os.environ[name]
        else:
            folder = root if reference.source == "file" else Path(os.environ["CREDENTIALS_DIRECTORY"])
            found = (folder / name).read_text(encoding="utf-8")
    except (KeyError, OSError, UnicodeDecodeError) as error:
        reason = type(error).__name__
        raise Misconfigured("config.secret_unreadable", where=WHERE, source=reference, reason=reason) from error
    return found.rstrip("\r\n")
