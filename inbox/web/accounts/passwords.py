"""Passwords: what is good enough, and their argon2 hashes, computed in a thread and never on the event loop."""

import asyncio
import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING

from inbox.domain.problems import Problem

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 10
LONGEST = 200
AT_ONCE = 2
"""Hashes that are computed at the same time: each takes 64 MB."""


class Passwords:
    """Hashes and compares. Whoever has no password is compared with a hash that nobody has: it takes as long."""

    def __init__(self, hasher: "PasswordHasher | None" = None) -> None:
        self._given = hasher
        self._room = asyncio.Semaphore(AT_ONCE)
        self._nobodys = ""

    async def hashed(self, password: str) -> str:
        """What is stored of a password."""
        async with self._room:
            return await asyncio.to_thread(self._hasher.hash, _plain(password))

    async def good(self, hashed: str, password: str) -> bool:
        """Whether it is the password of that hash; without a hash never, after the same time."""
        async with self._room:
            return await asyncio.to_thread(self._compare, hashed, _plain(password)[:LONGEST])

    @cached_property
    def _hasher(self) -> "PasswordHasher":
        from argon2 import PasswordHasher  # here and below, for it is wanted when somebody signs in

        return self._given or PasswordHasher()

    def _compare(self, hashed: str, password: str) -> bool:
        from argon2.exceptions import InvalidHashError, VerificationError

        if not self._nobodys:  # whoever is compared: the first of all takes twice as long, known or not
            self._nobodys = self._hasher.hash("nobody has this one")
        try:
            return self._hasher.verify(hashed or self._nobodys, password) and bool(hashed)
        except (VerificationError, InvalidHashError):
            return False


def check(password: str, again: str, *names: str) -> None:
    """Raises Problem for one that is too short, too long, typed otherwise the second time, or a name that everybody knows."""
    if password != again:
        raise Problem("password.differs")
    length = len(_plain(password))
    if length < SHORTEST:
        raise Problem("password.short", least=SHORTEST)
    if length > LONGEST:
        raise Problem("password.long", most=LONGEST)
    if len(set(password)) < 4 or any(name and name.lower() in password.lower() for name in names if len(name) > 3):
        raise Problem("password.guessable")


def _plain(password: str) -> str:
    """The same letters whatever the keyboard made of them: NFKC, as RFC 8265 has it, and the Arabic yeh and kaf as Persian ones."""
    return unicodedata.normalize("NFKC", password).replace("ي", "ی").replace("ك", "ک")
