"""What the doctor finds out about a web chat: its address, who may embed it, its secret, and that its files are there."""

from urllib.parse import urlsplit

from channels.webchat.assets import PAGES, SCRIPT, STATIC
from channels.webchat.options import WebchatOptions
from inbox.domain.problems import Problem
from inbox.ports.channel import Finding, Place
from inbox.ports.secrets import exposed, secret

SHORTEST = 16
"""Bytes of a secret that nobody guesses."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def examined(place: Place, options: WebchatOptions) -> list[Finding]:
    """Findings in the order of looking. Nothing is connected to."""
    return [_address(place), _origins(place, options), *_secret(place, options), _files()]


def _address(place: Place) -> Finding:
    parts = urlsplit(place.url)
    if parts.scheme == "https":
        return Finding("webchat.check.address", "pass", observed=place.url)
    key = "webchat.no_public_url" if parts.hostname in (None, *LOOPBACK) else "webchat.no_https"
    return Finding("webchat.check.address", "warn", Problem(key, url=place.url))


def _origins(place: Place, options: WebchatOptions) -> Finding:
    if not options.origins:
        return Finding("webchat.check.origins", "warn", Problem("webchat.no_origins", demo=f"{place.url}/demo"))
    return Finding("webchat.check.origins", "pass", observed=" ".join(options.origins))


def _secret(place: Place, options: WebchatOptions) -> list[Finding]:
    reference = options.identity_secret
    if reference is None:
        return []
    try:
        found = secret(reference, place.site).encode()
    except Problem as wrong:
        return [Finding("webchat.check.identity", "fail", wrong)]
    if len(found) < SHORTEST:
        short = Problem("webchat.secret_short", source=str(reference), least=SHORTEST)
        return [Finding("webchat.check.identity", "warn", short)]
    if open_to_all := exposed(reference, place.site):
        return [Finding("webchat.check.identity", "warn", open_to_all)]
    return [Finding("webchat.check.identity", "pass", observed=str(reference))]


def _files() -> Finding:
    wanted = (PAGES / "plain.html.j2", PAGES / "demo.html.j2")
    lacking = [path.name for path in wanted if not path.is_file()]
    if not any(STATIC.glob("widget*")):
        lacking.insert(0, SCRIPT)
    if lacking:
        return Finding("webchat.check.files", "fail", Problem("webchat.files_missing", names=", ".join(lacking)))
    return Finding("webchat.check.files", "pass")
