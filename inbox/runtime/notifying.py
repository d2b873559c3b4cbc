"""Telling systemd how the daemon stands: ready, reloading, alive, stopping (sd_notify(3)); silent where nobody asked."""

import os
import socket
import time
from collections.abc import Mapping
from contextlib import suppress


class Notifier:
    """`address`: where to tell (a path, or an abstract name behind `@`); empty: nowhere. `beat`: seconds between two signs of life;
    0: none are wanted."""

    def __init__(self, address: str = "", beat: float = 0.0) -> None:
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self.beat = beat
        self._next = 0.0

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Notifier":
        """As systemd set it for this process. Twice within the time that it waits is often enough (sd_watchdog_enabled(3))."""
        mine = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        usec = environment.get("WATCHDOG_USEC", "") if mine else ""
        return cls(environment.get("NOTIFY_SOCKET", ""), int(usec) / 2e6 if usec.isdigit() else 0.0)

    def ready(self, status: str = "") -> None:
        """Started, or done with a reload."""
        self._tell("READY=1", *([f"STATUS={status}"] if status else []))

    def reloading(self) -> None:
        """`Type=notify-reload` wants the instant too: a READY from before it does not count."""
        self._tell("RELOADING=1", f"MONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")

    def status(self, text: str) -> None:
        """One line for `systemctl status`."""
        self._tell(f"STATUS={text}")

    def stopping(self) -> None:
        """From now on it ends."""
        self._tell("STOPPING=1")

    def alive(self) -> None:
        """A sign of life, if it is time for one: none come where the event loop hangs, and systemd then ends and starts us anew."""
        now = time.monotonic()
        if self.beat and now >= self._next:
            self._next = now + self.beat
            self._tell("WATCHDOG=1")

    def _tell(self, *lines: str) -> None:
        """Whoever does not listen keeps nothing from going on."""
        if not self._address:
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as wire:
            wire.setblocking(False)
            wire.sendto("\n".join(line.replace("\n", " ") for line in lines).encode(), self._address)
