"""What the doctor finds out about a telephone channel: where calls are told to, and the secret that is shown there."""

from urllib.parse import urlsplit

from channels.phone.options import PhoneOptions
from inbox.domain.problems import Problem
from inbox.ports.channel import Finding, Place
from inbox.ports.secrets import exposed, secret

SHORTEST = 16
"""Bytes of a secret that nobody guesses."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def examined(place: Place, options: PhoneOptions) -> list[Finding]:
    """Findings in the order of looking. Nothing is connected to."""
    if options.secret is None:
        return [Finding("phone.check.face", "pass", observed="-")]
    return [_address(place, options), _secret(place, options)]


def _address(place: Place, options: PhoneOptions) -> Finding:
    """A signature can be seen by others; the secret itself must not be."""
    parts = urlsplit(place.url)
    if parts.scheme == "https" or parts.hostname in LOOPBACK or options.proof == "hmac":
        return Finding("phone.check.face", "pass", observed=f"{place.url}/")
    return Finding("phone.check.face", "warn", Problem("phone.no_https", url=place.url or "-"))


def _secret(place: Place, options: PhoneOptions) -> Finding:
    assert options.secret is not None
    try:
        found = secret(options.secret, place.site).encode()
    except Problem as wrong:
        return Finding("phone.check.secret", "fail", wrong)
    if len(found) < SHORTEST:
        short = Problem("phone.secret_short", source=str(options.secret), least=SHORTEST)
        return Finding("phone.check.secret", "warn", short)
    if open_to_all := exposed(options.secret, place.site):
        return Finding("phone.check.secret", "warn", open_to_all)
    return Finding("phone.check.secret", "pass", observed=str(options.secret))
