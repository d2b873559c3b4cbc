"""Whom our connections trust: the authorities of this machine, or those of one file, read once for all who hold them together.

What is read takes most of a megabyte, and a house has a connection or two for each of its accounts.
"""

import ssl
from pathlib import Path
from threading import Lock
from typing import Literal, TypeAlias
from weakref import WeakValueDictionary

Language: TypeAlias = Literal["http", "mail"]
_Stamps: TypeAlias = tuple[tuple[str, int], ...]
_reading = Lock()
_held = WeakValueDictionary[tuple[Language, _Stamps], ssl.SSLContext]()


def trust(speaking: Language, ca_file: Path | None = None) -> ssl.SSLContext:
    """What a client verifies servers with. Not shared among languages, for libraries note in it which one they offer (RFC 7301).

    Reads files: for a thread. Changed ones are read anew. Raises OSError where the file is none of certificates.
    """
    with _reading:
        key = speaking, _stamps(ca_file)
        found = _held.get(key)
        if found is None:
            found = _held[key] = ssl.create_default_context(cafile=ca_file)
        return found


def _stamps(ca_file: Path | None) -> _Stamps:
    """Where they stand, and when that changed last."""
    system = ssl.get_default_verify_paths()
    places = [system.cafile, system.capath] if ca_file is None else [str(ca_file)]
    return tuple((place, Path(place).stat().st_mtime_ns) for place in places if place)
