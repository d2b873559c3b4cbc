"""Seeing the commits of other processes: the command line beside the daemon, other nodes beside this one."""

import asyncio
import random
import threading
from collections.abc import Callable

from inbox.ports.clock import Clock
from inbox.ports.wake import TOPICS, Wake
from inbox.store.engine import LINE
from inbox.store.store import CHANNEL, Store

EVERY = 0.25
"""Seconds between two looks at SQLite's counter; a look costs some 20 microseconds."""
FIRST, LAST = 0.5, 15.0
"""Seconds before a lost line is opened again: after the first trouble, and at most."""

Deaf = Callable[[Exception], None]
"""Told that nothing is heard for now."""


async def watch(store: Store, wake: Wake, clock: Clock, deaf: Deaf = lambda _: None) -> None:
    """Wake whoever waits for what somebody else has committed. Runs until cancelled.

    Where nothing could be heard for a while all are woken afterwards: whatever was said meanwhile is lost, the work is not.
    """
    if store.sqlite:
        await _count(store, wake, clock)
    else:
        await _listen(store, wake, deaf)


async def _count(store: Store, wake: Wake, clock: Clock) -> None:
    seen = await store.data_version()
    while True:
        await clock.sleep(EVERY)
        now = await store.data_version()
        if now != seen:
            seen = now
            wake.notify(*TOPICS)


async def _listen(store: Store, wake: Wake, deaf: Deaf) -> None:
    """PostgreSQL's own notifications, on a connection and a thread of their own; a lost connection is opened again."""
    stop = threading.Event()
    thread = threading.Thread(target=_hear, args=(store, wake, stop, deaf), name="listen", daemon=True)
    thread.start()
    try:
        await asyncio.Event().wait()
    finally:
        stop.set()
        await asyncio.to_thread(thread.join)


def _hear(store: Store, wake: Wake, stop: threading.Event, deaf: Deaf) -> None:
    import psycopg  # here, for a site on SQLite has no use for it

    address = store.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    pause = FIRST
    while not stop.is_set():
        try:
            with psycopg.connect(address, autocommit=True, **LINE) as connection:
                connection.execute(f"LISTEN {CHANNEL}")
                pause = FIRST
                wake.notify(*TOPICS)  # whatever was said while nobody listened
                while not stop.is_set():
                    for heard in connection.notifies(timeout=1.0, stop_after=100):
                        _pass_on(heard.payload, store.name, wake)
        except psycopg.OperationalError as error:
            deaf(error)
            stop.wait(pause * random.uniform(0.5, 1.0))  # not all nodes at once, where the server was away
            pause = min(LAST, pause * 2)


def _pass_on(said: str, us: str, wake: Wake) -> None:
    """Our own words have woken us already. A topic that we do not know is of a later version, which somebody else runs."""
    speaker, *topics = said.split()
    known = [topic for topic in topics if topic in TOPICS]
    if speaker != us and known:
        wake.notify(*known)
