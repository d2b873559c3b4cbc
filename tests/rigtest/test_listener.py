"""A listener that closes leaves no connection behind, wherever in its life one stands."""

import asyncio
import gc
import socket
from collections.abc import Iterator

import pytest

from tests.rig.authority import Authority
from tests.rig.listener import Listener
from tests.rig.wait import until
from tests.rig.wire import Wire


async def at_once(wire: Wire) -> None:
    """A talk that is over with its first word."""
    await wire.send(b"hello\n")


async def hanging_up(wire: Wire) -> None:
    """A talk that hangs up itself."""
    await wire.send(b"hello\n")
    wire.fin()


@pytest.fixture(params=[at_once, hanging_up])
def over_tls(request: pytest.FixtureRequest, authority: Authority) -> Iterator[Listener]:
    listener = Listener(request.param, authority.issue().server_context())
    listener.start()
    yield listener
    listener.close()


def connect(listener: Listener) -> socket.socket:
    return socket.create_connection((listener.host, listener.port), timeout=60)


async def tasks() -> int:
    """How many there are on a loop, besides this question."""
    return len(asyncio.all_tasks()) - 1


def nothing_is_left() -> None:
    gc.collect()  # what was left open is told now, and the test fails for it


def test_one_that_waits_for_a_farewell_is_ended(authority: Authority, over_tls: Listener) -> None:
    with authority.client_context().wrap_socket(connect(over_tls), server_hostname="localhost") as peer:
        assert peer.recv(6) == b"hello\n"
        assert over_tls.live == 1  # it has taken its leave, and hears no answer to it
        over_tls.close()
        nothing_is_left()


def test_one_that_has_not_shaken_hands_yet_is_ended(over_tls: Listener) -> None:
    with connect(over_tls) as peer:
        until(lambda: over_tls.run(tasks()) == 1, what="an arrival")
        over_tls.close()
        nothing_is_left()
        assert peer.recv(1) == b""
