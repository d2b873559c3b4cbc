"""How mailbox names and other words travel in IMAP commands: modified UTF-7 and quoted strings (RFC 3501, 5.1.3 and 9)."""

import base64
import re

_RUN = re.compile(r"[^\x20-\x7e]+|&")
_SHIFTED = re.compile(r"&([^-]*)-")


def encoded(name: str) -> str:
    """A mailbox name in modified UTF-7: printable ASCII stays, everything else becomes base64 between `&` and `-`."""
    return _RUN.sub(lambda run: "&-" if run[0] == "&" else f"&{_base64(run[0])}-", name)


def decoded(text: str) -> str:
    """The name behind modified UTF-7; text that is none comes back as it is, for a list is only shown to people."""
    try:
        return _SHIFTED.sub(lambda run: _letters(run[1]) if run[1] else "&", text)
    except ValueError:
        return text


def quoted(text: str) -> str:
    """A quoted string. CR, LF and NUL cannot stand in one: the command that gets it refuses them with ValueError."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def same_folder(name: str) -> str:
    """The one spelling of a folder that the house uses: INBOX is the same in any case (RFC 3501, 5.1), others are not."""
    return "INBOX" if name.upper() == "INBOX" else name


def _base64(letters: str) -> str:
    return base64.b64encode(letters.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")


def _letters(text: str) -> str:
    missing = "=" * (-len(text) % 4)
    return base64.b64decode(text.replace(",", "/") + missing, validate=True).decode("utf-16-be")
