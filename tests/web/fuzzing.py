"""Requests as no browser makes them: every route, field names that the pages read, and values that break what trusts them."""

import re
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote_from_bytes

import inbox.web
from inbox.actions.registry import actions

HERE = Path(inbox.web.__file__).parent
_READ = re.compile(r"""(?:get|in form|in fields|values\.get)\(?["' (]+([a-z_]{1,20})["']""")
_HOLE = re.compile(r"\{([a-z_]+)(?::[a-z]+)?\}")
LONGEST = 1_000_000
"""Bytes of an answer that are read."""
STREAMS = frozenset({"/live"})
"""Routes whose answers do not end."""
VALUES: tuple[bytes, ...] = tuple(
    value if isinstance(value, bytes) else value.encode()
    for value in (
        *("", "0", "1", "-1", "2", "9" * 19, str(2**63), "9" * 5_000, "1e400", "NaN", "1_0", "０", "١٢", "²"),
        *("K7Q2", "k7q2", "سارا", "sara", "me", "none", "team:", "team:orders", "new", "true", "on", "\n", "a\r\nb: c"),
        *(
            "%",
            "%s{}{0.__class__}",
            "{{7*7}}",
            "'",
            '"',
            '"open',
            "AND",
            "NEAR(",
            "a*",
            "*",
            "is:",
            "is:open",
            "-",
            "(",
        ),
        *(
            "due:<99999999999999d",
            "before:9999-12-31",
            "before:0000-00-00",
            "after:" + "9" * 300 + "w",
            "tag:" + "x" * 9_000,
        ),
        *(
            "tomorrow",
            "9999-12-31 23:59",
            "1405/13/45",
            "31/02/1405",
            "99999999999 working days",
            "2 working days",
            "25:99",
        ),
        *(
            "\u202eevil",
            "\u200f\u200e\u2066",
            "e" + "\u0301" * 900,
            "😀" * 300,
            "x" * 12_000,
            "a " * 5_000,
            "<b onx=1>",
        ),
        *(
            "//evil.example",
            "/\\evil.example",
            "/%09/evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "../../etc",
        ),
        *(
            "email:",
            "email:a@b.example",
            "a@b.example",
            "@",
            "a@" + "b" * 300,
            "support",
            "telegram:1",
            "[" * 3_000,
            '{"a":',
        ),
        *(b"\x00", b"a\x00b", b"\xff\xfe", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xef\xbb\xbf", b"\\ud800"),
    )
)
_KINDS = (
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-16",
    "multipart/form-data; boundary=X",
    "multipart/form-data; boundary=X; charset=unicode_escape",
    "multipart/form-data; boundary=X; charset*=utf-8''punycode",
    "multipart/form-data; boundary=X; charset=undefined",
    "multipart/form-data",
    "multipart/form-data; boundary=" + "y" * 300,
    "application/json",
    "text/plain;;;=",
)
_HEADERS: tuple[tuple[str, tuple[bytes, ...]], ...] = (
    ("accept-language", (b"fa", b"en;q=x", b"*" * 3_000, b"\xff", b",;,;q=1e9")),
    ("last-event-id", (b"1", b"9" * 6_000, b"-1", b"\xb2")),
    ("hx-request", (b"true", b"TRUE")),
    ("host", (b"evil.example", b"[::1", b"a b", b":", b"\xff")),
    ("range", (b"bytes=0-0", b"bytes=9-1,-")),
    ("referer", (b"http://evil.example/\x80",)),
    ("user-agent", (b"\xff" * 2_000, b"")),
    ("x-forwarded-for", (b"1.2.3.4, \xff", b"a" * 3_000)),
)
_COOKIES = (
    b"inbox_said=W1tbW1tb",
    b"inbox_said=WyJcdWQ4MDAiLGZhbHNlXQ==",
    b"inbox_said=" + b"W1tb" * 400,
    b"inbox_said=\xff",
    b"inbox_language=" + b"x" * 3_000,
    b"inbox_session=\xff\xfe",
    b"inbox_door=\xe9; inbox_half=\xe9; inbox_away=W1tb",
    b"=;;;=;a",
)


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever asks: their cookies, and the token that their forms carry."""

    cookies: str = ""
    form_token: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as it goes over the wire, and what says which it is."""

    wire: bytes
    told: str


@dataclass(frozen=True, slots=True)
class Came:
    """What came back; status 0: the server hung up without a word."""

    status: int
    seconds: float
    body: bytes


def names() -> tuple[str, ...]:
    """The fields that the pages and the actions read: those of tomorrow too."""
    found = {name for path in HERE.rglob("*.py") for name in _READ.findall(path.read_text("utf-8"))}
    taken = {name for one in actions().values() for name in one.arguments.model_fields}
    return tuple(sorted(found | taken | {"arg.remove"}))


def routes(application: Any) -> tuple[tuple[str, str], ...]:
    """Method and pattern of every route of an application as `inbox.web.app` builds it."""
    router = application._app.app
    found = {(method, one.path) for one in router.routes for method in getattr(one, "methods", None) or ()}
    return tuple(sorted(one for one in found if one[0] != "HEAD" and one[1] not in STREAMS))


@dataclass(slots=True)
class Fuzz:
    """Endless requests; the same `chance` gives the same ones."""

    chance: Random
    routes: Sequence[tuple[str, str]]
    references: Sequence[str]
    people: Sequence[Person]
    names: tuple[str, ...] = field(default_factory=names)
    values: Sequence[bytes] = VALUES

    def requests(self) -> Iterator[Sent]:
        """One after the other."""
        while True:
            method, pattern = self.chance.choice(self.routes)
            yield self._request(method, pattern)

    def _request(self, method: str, pattern: str) -> Sent:
        if self.chance.random() < 0.05:
            method = self.chance.choice(("GET", "POST", "PUT", "HEAD", "OPTIONS"))
        person = self.chance.choice(self.people)
        query = self._pairs(self.chance.randrange(4)) if self.chance.random() < 0.6 else []
        target = self._path(pattern) + (b"?" + self._encoded(query) if query else b"")
        kind, body = self._body(person) if method == "POST" else ("", b"")
        head = [method.encode() + b" " + target + b" HTTP/1.1", *self._headers(person, kind, len(body))]
        said = f"{method} {pattern} {target[:200]!r} {kind} {body[:300]!r}"
        return Sent(b"\r\n".join([*head, b"", body]), said)

    def _path(self, pattern: str) -> bytes:
        def filled(hole: re.Match[str]) -> str:
            known = {"reference": self.references, "action": tuple(actions())}.get(hole[1])
            if known and self.chance.random() < 0.8:
                return self.chance.choice(known)
            return quote_from_bytes(self._value(), safe="")[:6_000] or "0"

        return _HOLE.sub(filled, pattern).encode()

    def _value(self) -> bytes:
        if self.chance.random() < 0.1:
            return self.chance.randbytes(self.chance.randrange(1, 40))
        if self.chance.random() < 0.2:
            return self.chance.choice(self.references).encode()
        return self.chance.choice(self.values)

    def _pairs(self, most: int) -> list[tuple[str, bytes]]:
        return [(self.chance.choice(self.names), self._value()[:6_000]) for _ in range(most)]

    def _encoded(self, pairs: Sequence[tuple[str, bytes]]) -> bytes:
        return b"&".join(name.encode() + b"=" + quote_from_bytes(value).encode() for name, value in pairs)[:20_000]

    def _body(self, person: Person) -> tuple[str, bytes]:
        token = person.form_token if self.chance.random() < 0.95 else "wrong"
        pairs = [("form_token", token.encode()), *self._pairs(self.chance.randrange(7))]
        kind = self.chance.choice((_KINDS[0],) * 6 + _KINDS)
        if kind.startswith("multipart"):
            return kind, self._parts(pairs)
        return kind, self.chance.randbytes(60) if self.chance.random() < 0.03 else self._encoded(pairs)

    def _parts(self, pairs: Sequence[tuple[str, bytes]]) -> bytes:
        parts = []
        for name, value in pairs:
            file = b'; filename="' + value[:500].replace(b'"', b"") + b'"' if self.chance.random() < 0.2 else b""
            about = b'content-disposition: form-data; name="' + name.encode() + b'"' + file.replace(b"\n", b"")
            parts.append(b"--X\r\n" + about.replace(b"\r", b"") + b"\r\n\r\n" + value + b"\r\n")
        whole = b"".join(parts) + b"--X--\r\n"
        # A file that is cut off is let go by the garbage collector, which pytest calls a warning: Starlette forgets it.
        cut = self.chance.random() < 0.1 and b"filename" not in whole
        return whole[: self.chance.randrange(len(whole))] if cut else whole

    def _headers(self, person: Person, kind: str, length: int) -> list[bytes]:
        found = {"host": b"127.0.0.1", "content-length": b"%d" % length}
        if kind:
            found["content-type"] = kind.encode()
            found["sec-fetch-site"] = self.chance.choice((b"same-origin",) * 9 + (b"cross-site",))
        jar = [person.cookies.encode()] if person.cookies else []
        if self.chance.random() < 0.1:
            jar.append(self.chance.choice(_COOKIES))
        if jar:
            found["cookie"] = b"; ".join(jar)
        if self.chance.random() < 0.2:
            name, values = self.chance.choice(_HEADERS)
            found[name] = self.chance.choice(values)
        return [b"%s: %s" % (name.encode(), value) for name, value in found.items()] + [b"connection: close"]


def ask(host: str, port: int, sent: Sent, patience: float = 30.0) -> Came:
    """Send it and read the answer. TimeoutError where there is none."""
    begun = time.monotonic()
    answer = b""
    with socket.create_connection((host, port), timeout=patience) as wire:
        try:
            wire.sendall(sent.wire)
            while len(answer) < LONGEST and (more := wire.recv(65_536)):
                answer += more
        except (ConnectionResetError, BrokenPipeError):  # it had heard enough
            pass
    status = int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0
    return Came(status, time.monotonic() - begun, answer)
