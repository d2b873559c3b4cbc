"""Posting to an address that somebody typed: resolved once, refused where it leads inside, called at exactly that address, no further.

What a name resolves to may change between two looks, and a redirect may lead anywhere: so there is one look, and no redirect is
followed. The answer's body is not read.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit, urlunsplit

from inbox.domain.problems import Problem, Temporary
from inbox.ports.trust import trust
from inbox.runtime.without import without

# Its command line, with all that draws on a terminal: httpx does without it where it is missing.
with without("httpx._main"):
    import httpx

_NAT64 = (
    ipaddress.ip_network("64:ff9b::/96"),
    ipaddress.ip_network("64:ff9b:1::/48"),
    ipaddress.ip_network("2002::/16"),
)
"""Behind these stands another address."""
MOST_ADDRESSES = 4
"""Addresses of one name that are tried."""
IP = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Posted:
    """What was answered. `wait`: the seconds after which the receiver wants to be asked again; None: it did not say."""

    status: int
    wait: float | None = None


class Poster:
    """`allowed`: hosts that may be reached wherever they are; `seconds`: what one call may take in all."""

    def __init__(self, allowed: Collection[str], seconds: float) -> None:
        self._allowed = frozenset(host.lower() for host in allowed)
        self._seconds = seconds
        self._trusted: ssl.SSLContext | None = None

    async def post(self, url: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Posted:
        """One call. Raises Temporary where nobody answered, Problem where the address may not be called."""
        host = urlsplit(url).hostname or ""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._tried(url, await self._resolved(url), headers, body, now)
        except TimeoutError as error:
            raise Temporary("webhook.too_slow", host=host, seconds=self._seconds) from error
        except (OSError, httpx.HTTPError, httpx.InvalidURL) as error:
            raise Temporary("webhook.unreachable", host=host, reason=_reason(error)) from error

    async def _tried(
        self, url: str, addresses: list[str], headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Posted:
        """At the first address that takes a connection, each given its share of the time: one of the two networks may be broken here,
        or swallow what is sent into it."""
        share = self._seconds / len(addresses)
        for address in addresses[:-1]:
            with suppress(httpx.ConnectError, httpx.ConnectTimeout):
                return await self._posted(url, address, headers, body, now, share)
        return await self._posted(url, addresses[-1], headers, body, now, share)

    async def _resolved(self, url: str) -> list[str]:
        """Where the name leads, every one of it looked at."""
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))[:MOST_ADDRESSES]
        if host not in self._allowed:
            inside = next((one for one in addresses if not outside(one)), None)
            if inside is not None:
                raise Problem("webhook.inside", host=host, address=inside)
        return addresses

    async def _posted(
        self, url: str, address: str, headers: Mapping[str, str], body: bytes, now: datetime, connect: float
    ) -> Posted:
        parts = urlsplit(url)
        place = f"[{address}]" if ":" in address else address
        there = urlunsplit(
            (parts.scheme, place + (f":{parts.port}" if parts.port else ""), parts.path or "/", parts.query, "")
        )
        sent = {**headers, "host": parts.netloc, "user-agent": "inboxd", "connection": "close"}
        known = {"sni_hostname": parts.hostname or ""}
        patience = httpx.Timeout(self._seconds, connect=connect)
        if self._trusted is None:  # from the first call on: many a house makes none
            self._trusted = await asyncio.to_thread(trust, "http")
        async with (
            httpx.AsyncClient(verify=self._trusted, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", there, headers=sent, content=body, extensions=known, timeout=patience) as answer,
        ):
            return Posted(answer.status_code, _wait(answer.headers.get("retry-after", ""), now))


def outside(address: str) -> bool:
    """Whether an address is one of the open net: not our own machine, not our network, not the cloud's own (RFC 6890)."""
    try:
        found: IP = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.is_site_local or any(found in net for net in _NAT64):
            return False  # what RFC 3879 has withdrawn leads inside where it leads anywhere
        found = found.ipv4_mapped or found
    return found.is_global and not found.is_multicast and not found.is_reserved


def _wait(told: str, now: datetime) -> float | None:
    """Retry-After (RFC 9110): seconds, or an instant."""
    if told.isascii() and told.isdigit():
        return float(told[:9])
    try:
        at = parsedate_to_datetime(told)
    except ValueError:
        return None
    return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds())


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)[:200] or type(error).__name__
