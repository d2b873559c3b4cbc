"""Free ports on 127.0.0.1 that stay free until they are used, and the question whether somebody listens on one."""

import random
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

HOST = "127.0.0.1"
_BELOW_THE_SYSTEMS_OWN = (20_000, 32_767)
"""Linux lends ports from 32,768 on to outgoing connections (RFC 6335 says 49,152): one of these would take a port whose server is down."""


def free_ports(count: int) -> list[int]:
    """Distinct ports that nobody listens on, and that nobody else is handed within the next minute, other processes included.

    Each is left in TIME-WAIT (RFC 9293, section 3.6): servers may listen there all the same, as they set SO_REUSEADDR, while
    the next search, which does not set it, passes by.
    """
    return [_kept() for _ in range(count)]


def free_port() -> int:
    """One such port."""
    return free_ports(1)[0]


def listens(port: int) -> bool:
    """Whether a connection to the port is accepted."""
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


def _kept() -> int:
    """A port whose side of a connection was the first to close: that is the side that stays in TIME-WAIT."""
    with _bound() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # not before it is bound: it would take a kept one
        door.listen(1)
        with socket.create_connection(door.getsockname(), timeout=5) as caller:
            door.accept()[0].close()
            caller.recv(1)
        port: int = door.getsockname()[1]
        return port


def _bound() -> socket.socket:
    """A socket on a port that is nobody's. The dice are the system's own, because tests seed the others."""
    dice = random.SystemRandom()
    for _ in range(1000):
        sock = socket.socket()
        try:
            sock.bind((HOST, dice.randint(*_BELOW_THE_SYSTEMS_OWN)))
        except OSError:
            sock.close()
        else:
            return sock
    raise RuntimeError(f"no free port on {HOST} in a thousand tries")


@contextmanager
def swallowing(host: str = HOST, port: int = 0) -> Iterator[int]:
    """A port that swallows whoever calls it, as an address behind a broken network does: neither taken nor refused."""
    with ExitStack() as held:
        listening = held.enter_context(socket.socket())
        listening.bind((host, port))
        listening.listen(0)
        port = listening.getsockname()[1]
        for _ in range(4):  # nobody takes them, and then there is no room for one more
            waiting = held.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex((host, port))
        yield port
