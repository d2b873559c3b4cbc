"""The address of the database with its password in it, which stands nowhere in the config."""

from pathlib import Path
from urllib.parse import quote

from inbox.settings.options import StoreOptions
from inbox.settings.secret import read

WHERE = "config.toml: store.password"


def database(options: StoreOptions, root: Path) -> str:
    """The address to open the store with; never to be shown. Raises Misconfigured where the password cannot be read."""
    if options.password is None:
        return options.url
    scheme, _, rest = options.url.partition("://")
    login, at, place = rest.rpartition("@")
    return f"{scheme}://{login}:{quote(read(options.password, root, WHERE), safe='')}{at}{place}"
