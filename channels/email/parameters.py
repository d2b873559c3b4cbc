"""Fields of the form `value; name=value; ...` (RFC 2045, 5.1), with the continued and encoded names of RFC 2231."""

import re
from urllib.parse import unquote_to_bytes

from channels.email import charsets, encodedwords
from channels.email.headers import decoded

_PARAMETER = re.compile(r";\s*([^\s=;]+)\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^;]*)")
_ESCAPE = re.compile(r"\\(.)")
_SECTION = re.compile(r"([^*]+)\*(?:(\d{1,3})(\*?))?")
_MOST = 100


def parameters(value: bytes) -> tuple[str, dict[str, str]]:
    """The value in lower case, and its parameters by name in lower case; the first of a name counts."""
    text = value.decode("ascii") if value.isascii() else charsets.decode(value)[0]
    main, semicolon, rest = text.partition(";")
    if not semicolon:
        return main.strip().lower(), {}
    pairs = [(name.lower(), _unquoted(told)) for name, told in _PARAMETER.findall(";" + rest)[:_MOST]]
    plain = {name: told for name, told in reversed(pairs) if "*" not in name}
    if len(plain) < len(pairs):
        plain |= _sections([pair for pair in pairs if "*" in pair[0]])
    return main.strip().lower(), plain


def readable(value: str) -> str:
    """A parameter as people read it: many programs put encoded words there, though RFC 2047 forbids it."""
    return encodedwords.decode(value) if "=?" in value else decoded(value.encode("utf-8", "replace"))


def _unquoted(told: str) -> str:
    if told.startswith('"') and told.endswith('"') and len(told) > 1:
        inner = told[1:-1]
        return _ESCAPE.sub(r"\1", inner) if "\\" in inner else inner
    return told.strip().strip('"')


def _sections(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """`name*0*=utf-8'fa'%D8..; name*1=..` put together: bytes first, then one charset for all of them."""
    found: dict[str, dict[int, tuple[bool, str]]] = {}
    for name, told in pairs:
        section = _SECTION.fullmatch(name)
        if section:
            base, number, star = section.groups()
            found.setdefault(base, {}).setdefault(int(number or 0), (number is None or star == "*", told))
    return {name: _assembled([sections[number] for number in sorted(sections)]) for name, sections in found.items()}


def _assembled(sections: list[tuple[bool, str]]) -> str:
    encoded, first = sections[0]
    charset = ""
    if encoded and first.count("'") >= 2:
        charset, _, first = first.split("'", 2)
        sections = [(True, first), *sections[1:]]
    raw = b"".join(unquote_to_bytes(told) if one else told.encode("utf-8", "replace") for one, told in sections)
    return charsets.decode(raw, charset)[0]
