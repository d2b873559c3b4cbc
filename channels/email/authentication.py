"""What a server that we trust said of the sender (Authentication-Results, RFC 8601), and nothing that anybody else said."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from channels.email.headers import Headers
from inbox.domain.happenings import AuthenticationVerdict

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_MARK = re.compile(r"\\.|[\"()\\]", re.DOTALL)
_SEGMENT = re.compile(rf'(?:{_QUOTED}|[^";])+', re.DOTALL)
_NAME = re.compile(rf"\s*({_QUOTED}|[^\s\"=;]+)(?:\s+([0-9]+))?\s*", re.DOTALL)
_RESULT = re.compile(r"\s*([a-z][a-z0-9-]*)\s*(?:/\s*([0-9]+)\s*)?=\s*([a-z]+)(?=\s|$)", re.IGNORECASE)
# What stands in quotes is somebody's words, whatever it looks like.
_PROPERTY = re.compile(
    rf"([a-z]+)\s*\.\s*([a-z0-9_-]+)\s*=\s*((?:{_QUOTED}|[^\s\"])+)|{_QUOTED}", re.IGNORECASE | re.DOTALL
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_FIRST_WORD = re.compile(r"[\s\"]*([^\s;\"(]+)")
_ABOUT = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",), "dmarc": ("header.from",)}
"""Which properties of a result name the domain that it is about (RFC 8601, 2.7)."""


@dataclass(frozen=True, slots=True)
class Result:
    """One result of one method, in lower case, and the domains that it is about."""

    method: str
    value: str
    domains: tuple[str, ...]


def verdict(headers: Headers, authserv_id: str, sender: str) -> AuthenticationVerdict:
    """`pass` or `fail` by the topmost field of `authserv_id` for the address `sender`; `none` where it says nothing.

    Only the topmost: a server writes above what a mail brings along, so any further one may be the sender's own. DMARC
    decides where it is told. Without it a DKIM or SPF pass counts only for the sender's own domain, and a hard SPF failure
    with no such pass is a failure. A field that breaks the grammar says nothing.
    """
    if not authserv_id:
        return "none"
    for value in headers.every("authentication-results"):
        text = value.decode("latin-1")
        plain = _uncommented(text)
        if plain is None:
            if _first_word(text) == authserv_id.lower():
                return "none"
            continue
        head, *results = _SEGMENT.findall(plain) or [""]
        named = _NAME.fullmatch(head)
        if named is not None and _unquoted(named[1]) == authserv_id.lower():
            # Of another version we do not know what the words mean (2.2).
            return "none" if named[2] not in (None, "1") else _judged(results, sender.rpartition("@")[2])
    return "none"


def _uncommented(text: str) -> str | None:
    """The text without its comments, which nest and in which quotes mean nothing; None where one of either never ends."""
    kept, at, depth, quoted = [], 0, 0, False
    for mark in _MARK.finditer(text):
        sign = mark.group()
        if sign[0] == "\\":
            if not (quoted or depth):
                return None
        elif sign == '"':
            quoted = quoted != (depth == 0)
        elif quoted:
            continue
        elif sign == "(":
            if depth == 0:
                kept.append(text[at : mark.start()])
            depth += 1
        else:
            depth -= 1
            if depth < 0:
                return None
            at = mark.end()
    return None if quoted or depth else " ".join([*kept, text[at:]])


def _first_word(text: str) -> str:
    found = _FIRST_WORD.match(text)
    return found[1].lower() if found else ""


def _unquoted(told: str) -> str:
    inner = _ESCAPE.sub(r"\1", told[1:-1]) if told.startswith('"') else told
    return inner.lower()


def _results(segments: list[str]) -> Iterator[Result]:
    for segment in segments:
        found = _RESULT.match(segment)
        if found is None or found[2] not in (None, "1"):
            continue
        method, about = found[1].lower(), _ABOUT.get(found[1].lower(), ())
        told = [
            _domain(one[3])
            for one in _PROPERTY.finditer(segment, found.end())
            if one[1] and f"{one[1]}.{one[2]}".lower() in about
        ]
        yield Result(method, found[3].lower(), tuple(told))


def _domain(value: str) -> str:
    """The domain of a property: of an address what stands behind its last @."""
    return value.rpartition("@")[2].strip('"').rstrip(".").lower()


def _judged(segments: list[str], domain: str) -> AuthenticationVerdict:
    results = list(_results(segments))
    # A verdict on another From than the one that we show is no verdict on this sender.
    dmarc = {one.value for one in results if one.method == "dmarc" and set(one.domains) <= {domain}}
    if "fail" in dmarc:
        return "fail"
    if "pass" in dmarc:
        return "pass"
    if any(one.value == "pass" and _aligned(one, domain) for one in results if one.method in ("dkim", "spf")):
        return "pass"
    return "fail" if any(one.method == "spf" and one.value == "fail" for one in results) else "none"


def _aligned(result: Result, domain: str) -> bool:
    """Whether the result is about the sender's domain, or one above or below it (relaxed alignment, RFC 7489, 3.1)."""
    return any(
        "." in told and (told == domain or domain.endswith(f".{told}") or told.endswith(f".{domain}"))
        for told in result.domains
    )
