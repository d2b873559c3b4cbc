"""What a server that we trust said of the sender (Authentication-Results, RFC 8601), and nothing that anybody else said."""

import re

from channels.email.headers import Headers, decoded
from inbox.domain.happenings import AuthenticationVerdict

_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"\s*([a-z0-9-]+)\s*=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"\b(header\.d|header\.i|header\.from|smtp\.mailfrom)\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)


def verdict(headers: Headers, authserv_id: str, sender: str) -> AuthenticationVerdict:
    """`pass` or `fail` by the topmost field of `authserv_id` for the address `sender`; `none` where it says nothing.

    DMARC decides where it is told. Without it a DKIM or SPF pass counts only for the sender's own domain, and a hard SPF
    failure with no such pass is a failure.
    """
    if not authserv_id:
        return "none"
    for value in headers.every("authentication-results"):
        told = _COMMENT.sub(" ", decoded(value))
        name, _, results = told.partition(";")
        if name.split()[:1] == [authserv_id] or name.strip().split("/")[0].lower() == authserv_id.lower():
            return _judged(results, sender.rpartition("@")[2])
    return "none"


def _judged(results: str, domain: str) -> AuthenticationVerdict:
    found: dict[str, str] = {}
    for result in results.split(";"):
        method = _RESULT.match(result)
        if method is None:
            continue
        name, value = method.group(1).lower(), method.group(2).lower()
        if name in ("dkim", "spf") and value == "pass" and not _aligned(result, domain):
            continue
        # Of several DKIM results one pass is enough.
        if found.get(name) != "pass":
            found[name] = value
    if found.get("dmarc") in ("pass", "fail"):
        return "pass" if found["dmarc"] == "pass" else "fail"
    if "pass" in (found.get("dkim"), found.get("spf")):
        return "pass"
    return "fail" if found.get("spf") == "fail" else "none"


def _aligned(result: str, domain: str) -> bool:
    """Whether the result is about the sender's domain, or one above or below it (relaxed alignment, RFC 7489, 3.1)."""
    for _, value in _PROPERTY.findall(result):
        told = value.rpartition("@")[2].lower()
        if told and "." in told and (told == domain or domain.endswith(f".{told}") or told.endswith(f".{domain}")):
            return True
    return False
