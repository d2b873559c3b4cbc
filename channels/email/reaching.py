"""A connection to the first address of a host that takes one, each tried a moment after the one before (RFC 8305): IPv6 often leads nowhere.

aiosmtplib tries one after the other, within one deadline for all: behind an address that swallows everything no other gets its turn.
"""

import asyncio
import socket
from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest
from typing import TypeAlias

Place: TypeAlias = tuple[int, int, int, str, tuple[object, ...]]
"""As getaddrinfo names it: family, kind, protocol, canonical name, address."""
DELAY = 0.25
"""Seconds before the next address is tried beside the one before."""


async def reached(host: str, port: int) -> socket.socket:
    """Connected, and the caller's to close. Raises OSError where no address takes a connection; the caller sets the deadline."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    trying: set[asyncio.Task[socket.socket]] = set()
    refused: OSError = OSError("the name leads nowhere")
    try:
        for place in [*_in_turn(found), None]:
            if place is not None:
                trying.add(asyncio.create_task(_connected(place)))
            while trying:
                done, trying = await asyncio.wait(
                    trying, timeout=None if place is None else DELAY, return_when=asyncio.FIRST_COMPLETED
                )
                if not done:
                    break  # the next one, too
                for task in done:
                    if isinstance(error := task.exception(), OSError):
                        refused = error
                    else:
                        trying |= done - {task}
                        return task.result()
        raise refused
    finally:
        await _given_up(trying)


def _in_turn(found: Sequence[Place]) -> list[Place]:
    """Both kinds in turn, beginning with the one that the system prefers."""
    first = [place for place in found if place[0] == found[0][0]]
    others = [place for place in found if place[0] != found[0][0]]
    return [place for place in chain.from_iterable(zip_longest(first, others)) if place is not None]


async def _connected(place: Place) -> socket.socket:
    family, kind, protocol, _, address = place
    made = socket.socket(family, kind, protocol)
    try:
        made.setblocking(False)
        await asyncio.get_running_loop().sock_connect(made, address)
    except BaseException:
        made.close()
        raise
    return made


async def _given_up(trying: Iterable[asyncio.Task[socket.socket]]) -> None:
    """Whoever comes second is not wanted any more."""
    for task in trying:
        task.cancel()
    for late in await asyncio.gather(*trying, return_exceptions=True):
        if isinstance(late, socket.socket):
            late.close()
