"""What is done where the disk keeps nothing, and where the database is not whole: end at once, or write nothing any more."""

import os

from inbox.domain.problems import Problem
from inbox.runtime.logs import drain, log
from inbox.store.examine import damages
from inbox.store.store import Store

NOT_DURABLE = 74
"""The exit code (EX_IOERR of sysexits.h) at which whoever started us should start us again."""


def end_at_once(problem: Problem) -> None:
    """The end of the process, as a kill would be: nothing more is told to any network, and the next start reads what is there."""
    log("store").critical("not-durable", why=problem)
    drain()  # the last line is the one that matters
    os._exit(NOT_DURABLE)


def look_over(store: Store) -> None:
    """Read the whole file of a database. Where it is damaged, people may go on reading and nothing is written any more.

    Takes some ten seconds for each gigabyte, beside everything else: to be run in a thread of its own that may be left behind.
    """
    try:
        found = damages(store)
    except Exception as trouble:  # also that the house ended meanwhile
        log("store").warning("not-looked-over", why=str(trouble))
        return
    if found:
        store.read_only = Problem("store.damaged", detail=found[0])
        log("store").critical("damaged", why=store.read_only)
