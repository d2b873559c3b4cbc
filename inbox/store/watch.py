"""Seeing the commits of other processes: the command line beside the daemon, other nodes beside this one."""

import asyncio
import threading

import psycopg

from inbox.ports.clock import Clock
from inbox.ports.wake import TOPICS, Wake
from inbox.store.store import Store

EVERY = 0.25
"""Seconds between two looks at SQLite's counter; a look costs some 20 microseconds."""


async def watch(store: Store, wake: Wake, clock: Clock) -> None:
    """Notify everything whenever somebody else may have committed. Runs until cancelled."""
    if store.sqlite:
        await _count(store, wake, clock)
    else:
        await _listen(store, wake)


async def _count(store: Store, wake: Wake, clock: Clock) -> None:
    seen = await store.data_version()
    while True:
        await clock.sleep(EVERY)
        now = await store.data_version()
        if now != seen:
            seen = now
            wake.notify(*TOPICS)


async def _listen(store: Store, wake: Wake) -> None:
    """PostgreSQL's own notifications, on a connection and a thread of their own; a lost connection is opened again."""
    stop = threading.Event()
    thread = threading.Thread(target=_hear, args=(store, wake, stop), name="listen", daemon=True)
    thread.start()
    try:
        await asyncio.Event().wait()
    finally:
        stop.set()
        await asyncio.to_thread(thread.join)


def _hear(store: Store, wake: Wake, stop: threading.Event) -> None:
    address = store.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    while not stop.is_set():
        try:
            with psycopg.connect(address, autocommit=True) as connection:
                for topic in TOPICS:
                    connection.execute(f"LISTEN inbox_{topic}")
                wake.notify(*TOPICS)  # whatever was said while nobody listened
                while not stop.is_set():
                    for heard in connection.notifies(timeout=1.0, stop_after=100):
                        wake.notify(heard.channel.removeprefix("inbox_"))
        except psycopg.OperationalError:
            stop.wait(1.0)
