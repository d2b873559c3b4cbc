"""A relay in front of an IMAP server that notes the instant when the server's word of new mail passes by."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

CHUNK = 1 << 16


class Tap:
    """Hands every byte on unchanged, both ways; so what a client makes of a push is measured without asking it.

    Reads plain text only: a client must speak to it without TLS. Instants are seconds since the epoch.
    """

    def __init__(self, host: str, port: int) -> None:
        self._behind = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._pushes: list[float] = []
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> "Tap":
        self._start(self._accept)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        _end(self._listener)
        self._threads[0].join()  # first: it may hold a connection that it has accepted and not noted yet
        for connection in self._open:
            _end(connection)
        for thread in self._threads:
            thread.join()

    def push_between(self, start: float, end: float) -> float | None:
        """When the first word of new mail between two instants passed by."""
        return next((instant for instant in self._pushes if start <= instant <= end), None)

    def _start(self, work: Callable[..., None], *about: object) -> None:
        thread = threading.Thread(target=work, args=about, name="tap", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._behind)
            self._open += [client, server]
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._start(self._relay, client, server, False)
            self._start(self._relay, server, client, True)

    def _relay(self, source: socket.socket, sink: socket.socket, noting: bool) -> None:
        with suppress(OSError):  # the other direction has ended the connection
            while chunk := source.recv(CHUNK):
                if noting and b" EXISTS\r\n" in chunk:
                    self._pushes.append(time.time())
                sink.sendall(chunk)
        _end(source)
        _end(sink)


def _end(one: socket.socket) -> None:
    with suppress(OSError):  # already ended by the other side
        one.shutdown(socket.SHUT_RDWR)
    one.close()
