"""Sessions in a browser: random tokens in cookies, of which the store knows the digests only."""

import hashlib
import hmac
import secrets
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response

from inbox.pipeline.entrance import LASTS as ENTRANCE_LASTS
from inbox.store.entry import LASTS, LINK_LASTS, SESSION_LASTS
from inbox.store.visiting import SESSION_LASTS as CUSTOMER_LASTS

FORM_CAP = 16 * 1024
"""Bytes of a form."""


def fresh() -> str:
    """An unguessable token: 256 bits, safe in an address and a cookie."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is stored of a token. It has 256 bits of chance, so a plain SHA-256 cannot be searched."""
    return hashlib.sha256(token.encode()).hexdigest()


def form_token(token: str) -> str:
    """What a form of this session carries, so that no other site can send it."""
    return hmac.new(token.encode(), b"form", hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


class Cookies:
    """The cookies of a site, Secure and bound to the host where it is reached by https."""

    def __init__(self, public_url: str) -> None:
        self._secure = public_url.startswith("https:")
        self.session = "__Host-inbox_session" if self._secure else "inbox_session"
        self.door = "__Host-inbox_door" if self._secure else "inbox_door"
        self.half = "__Host-inbox_half" if self._secure else "inbox_half"
        self.away = "__Host-inbox_away" if self._secure else "inbox_away"
        self.customer = "__Host-inbox_customer" if self._secure else "inbox_customer"
        self.entrance = "__Host-inbox_entrance" if self._secure else "inbox_entrance"

    def read(self, request: Request) -> str:
        """The token of the session that a browser claims to have; empty when it has none."""
        return request.cookies.get(self.session, "")[:100]

    def read_door(self, request: Request) -> str:
        """The token of the login page that a browser was given."""
        return request.cookies.get(self.door, "")[:100]

    def read_half(self, request: Request) -> str:
        """The token of whoever has shown a password, and not yet a code."""
        return request.cookies.get(self.half, "")[:100]

    def read_customer(self, request: Request) -> str:
        """The token of the session of a customer; empty when there is none."""
        return request.cookies.get(self.customer, "")[:100]

    def read_entrance(self, request: Request) -> str:
        """The token of a browser in which a customer wants to come in."""
        return request.cookies.get(self.entrance, "")[:100]

    def admit(self, response: Response, token: str) -> None:
        """A customer comes in; without a token: leaves."""
        self._set(response, self.customer, token, int(CUSTOMER_LASTS.total_seconds()) if token else 0)
        self._set(response, self.entrance, "", 0)

    def open_entrance(self, response: Response, token: str) -> None:
        """Bind the pages before a customer's session to the browser that they are shown in."""
        self._set(response, self.entrance, token, int(ENTRANCE_LASTS.total_seconds()))

    def begin(self, response: Response, token: str) -> None:
        """Give a browser its session."""
        self._set(response, self.session, token, int(SESSION_LASTS.total_seconds()))
        self._set(response, self.door, "", 0)
        self._set(response, self.half, "", 0)

    def end(self, response: Response) -> None:
        """Take it away again."""
        self._set(response, self.session, "", 0)

    def open_door(self, response: Response, token: str) -> None:
        """Bind a login page to the browser that it was shown in."""
        self._set(response, self.door, token, int(LINK_LASTS.total_seconds()))

    def open_half(self, response: Response, token: str) -> None:
        """Bind the second step to the browser in which the first was made."""
        self._set(response, self.half, token, int(LASTS["code"].total_seconds()))

    def keep(self, response: Response, name: str, value: str) -> None:
        """Something harmless to remember for a year."""
        self._set(response, name, value, 365 * 86400)

    def pass_on(self, response: Response, name: str, value: str, seconds: int) -> None:
        """Something harmless for the next page; nothing, and no seconds: take it away."""
        self._set(response, name, value, seconds)

    def _set(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(name, value, max_age=seconds, path="/", secure=self._secure, httponly=True, samesite="lax")


def storable(typed: str) -> str:
    """Without NUL, which no keyboard types and PostgreSQL keeps in no text."""
    return typed.replace("\0", "")


async def form(request: Request, most: int = FORM_CAP) -> dict[str, str]:
    """The fields of a posted form (the first of each name); empty where it has more than `most` bytes or is no form at all."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            return {}
    fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=50)
    return {name: storable(values[0]) for name, values in fields.items()}
