"""The fault proxy passes bytes unchanged in fair weather and breaks connections exactly as ordered."""

import socket
import time
from collections.abc import Iterator

import pytest

from tests.rig.listener import Listener
from tests.rig.proxy import FaultProxy
from tests.rig.wait import until
from tests.rig.wire import Wire

LOAD = bytes(range(256)) * 4000


@pytest.fixture
def proxy() -> Iterator[FaultProxy]:
    """A proxy in front of a server that sends back whatever it hears."""

    async def echo(wire: Wire) -> None:
        while True:
            await wire.send(await wire.some())

    server = Listener(echo)
    server.start()
    made = FaultProxy(server.port).start()
    yield made
    made.close()
    server.close()


def connect(proxy: FaultProxy) -> socket.socket:
    return socket.create_connection((proxy.host, proxy.port), timeout=60)


def receive(sock: socket.socket, count: int) -> bytes:
    """Up to `count` bytes, fewer when the connection ends first."""
    found = b""
    while len(found) < count and (chunk := sock.recv(min(65536, count - len(found)))):
        found += chunk
    return found


@pytest.mark.parametrize("size", [0, 100])
def test_in_fair_weather_and_split_up_bytes_stay_the_same(proxy: FaultProxy, size: int) -> None:
    proxy.split(size)
    with connect(proxy) as sock:
        sock.sendall(LOAD[:100_000])
        assert receive(sock, 100_000) == LOAD[:100_000]
    until(lambda: not proxy.live)
    assert proxy.passed == {"up": 100_000, "down": 100_000}


@pytest.mark.parametrize("count", [0, 1, 777])
def test_a_cut_comes_after_exactly_so_many_bytes(proxy: FaultProxy, count: int) -> None:
    proxy.cut_after(count)
    with connect(proxy) as sock:
        sock.sendall(LOAD[:1000])
        assert receive(sock, 1000) == LOAD[:count]
        assert sock.recv(1) == b""


def test_a_rude_cut_is_a_reset(proxy: FaultProxy) -> None:
    with connect(proxy) as sock:
        sock.sendall(b"hello")
        assert receive(sock, 5) == b"hello"
        proxy.cut_now(rudely=True)
        with pytest.raises(ConnectionResetError):
            sock.recv(1)


def test_a_black_hole_keeps_the_connection_and_passes_nothing(proxy: FaultProxy) -> None:
    with connect(proxy) as sock:
        sock.sendall(b"a")
        assert receive(sock, 1) == b"a"
        proxy.black_hole("down")
        sock.sendall(b"b")
        until(lambda: proxy.passed["up"] == 2)
        sock.settimeout(0.1)
        with pytest.raises(TimeoutError):
            sock.recv(1)
        proxy.heal()
        sock.settimeout(5)
        sock.sendall(b"c")
        assert receive(sock, 1) == b"c"


def test_delay_and_drip_take_their_time(proxy: FaultProxy) -> None:
    proxy.delay(0.1, "up")
    proxy.drip(100)
    with connect(proxy) as sock:
        started = time.monotonic()
        sock.sendall(b"0123456789")
        assert receive(sock, 10) == b"0123456789"
        assert time.monotonic() - started >= 0.19


def test_refused_and_stopped_look_different(proxy: FaultProxy) -> None:
    proxy.refuse()
    with connect(proxy) as sock:
        assert sock.recv(1) == b""
    proxy.heal()
    proxy.stop()
    with pytest.raises(ConnectionRefusedError):
        connect(proxy)
    proxy.start()
    with connect(proxy) as sock:
        sock.sendall(b"back")
        assert receive(sock, 4) == b"back"
