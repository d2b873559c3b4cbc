"""The heap of a process that runs long: one for all its threads."""

import ctypes

_M_ARENA_MAX = -8
"""mallopt(3), <malloc.h> of the GNU C library."""


def share_heap() -> None:
    """From here on threads that allocate share what heaps there are, where the C library knows how (glibc).

    By itself it gives each thread another one, up to eight a core, and what one has freed the others never get: some ten
    megabytes of a busy house. They hardly wait for each other, since Python lets one of them run at a time.
    """
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(_M_ARENA_MAX, 1)
