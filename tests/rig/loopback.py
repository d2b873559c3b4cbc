"""Free ports on 127.0.0.1, chosen by the operating system, and the question whether somebody listens on one."""

import socket

HOST = "127.0.0.1"


def free_ports(count: int) -> list[int]:
    """Distinct ports that nobody listens on right now; another process may still win the race, so try again then."""
    held = []
    try:
        for _ in range(count):
            sock = socket.socket()
            held.append(sock)
            sock.bind((HOST, 0))
        return [sock.getsockname()[1] for sock in held]
    finally:
        for sock in held:
            sock.close()


def free_port() -> int:
    """One port that nobody listens on right now."""
    return free_ports(1)[0]


def listens(port: int) -> bool:
    """Whether a connection to the port is accepted."""
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True
