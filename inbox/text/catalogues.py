"""Compiles the catalogues: beside each inbox.po that people edit stands the inbox.mo that the daemon reads.

`python -m inbox.text.catalogues inbox/locale` writes them all.
"""

import re
import struct
import sys
from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import read_po

_KEY = re.compile(rb'^msgid "(.+)"\r?$', re.MULTILINE)
_MAGIC, _HEADER = 0x950412DE, struct.Struct("<7I")


def compiled(po: bytes) -> bytes:
    """The .mo (GNU gettext, no hash table) of a .po: the same bytes for the same messages, whatever the day or the tool.

    Babel's own writer puts its version and the time into the header, so two people would never get the same file.
    ValueError names the keys that stand in the file twice or have no sentence: Babel drops either in silence.
    """
    twice = [key.decode() for key, times in Counter(_KEY.findall(po)).items() if times > 1]
    if twice:
        raise ValueError(f"these keys stand in the catalogue twice: {', '.join(sorted(twice))}")
    catalogue = read_po(BytesIO(po), abort_invalid=True)
    return _written(_pairs(catalogue))


def _pairs(catalogue: Catalog) -> list[tuple[bytes, bytes]]:
    header = f"Content-Type: text/plain; charset=utf-8\nPlural-Forms: {catalogue.plural_forms}\n"
    pairs = {b"": header.encode()}
    for message in catalogue:
        ids, sentences = _several(message.id), _several(message.string)
        if ids[0] and not all(sentences):
            raise ValueError(f"no sentence for {ids[0]}")
        if ids[0]:
            pairs["\0".join(ids).encode()] = "\0".join(sentences).encode()
    return sorted(pairs.items())


def _several(text: str | Sequence[str] | None) -> Sequence[str]:
    return (text or "",) if isinstance(text, str | None) else text


def _written(pairs: list[tuple[bytes, bytes]]) -> bytes:
    keys_at = _HEADER.size
    at = keys_at + 16 * len(pairs)
    tables, strings = b"", b""
    for column in (0, 1):
        for pair in pairs:
            tables += struct.pack("<2I", len(pair[column]), at + len(strings))
            strings += pair[column] + b"\0"
    header = _HEADER.pack(_MAGIC, 0, len(pairs), keys_at, keys_at + 8 * len(pairs), 0, at)
    return header + tables + strings


def main() -> None:
    """Compile every catalogue under the folder that was named."""
    for po in sorted(Path(sys.argv[1]).glob("*/LC_MESSAGES/*.po")):
        po.with_suffix(".mo").write_bytes(compiled(po.read_bytes()))


if __name__ == "__main__":
    main()
