"""Threads of a process that share its heap, and those of one that do not."""

import subprocess
import sys

import pytest

ALLOCATING = """
import ctypes, threading
from inbox.runtime.heap import share_heap

{first}
library = ctypes.CDLL(None)
turn = threading.Barrier(8)

def allocate():
    kept = [bytearray(5_000) for _ in range(20)]
    turn.wait()

threads = [threading.Thread(target=allocate) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
library.malloc_info(0, ctypes.c_void_p.in_dll(library, "stdout"))
library.fflush(None)
"""


@pytest.mark.parametrize(("first", "shared"), [("share_heap()", True), ("", False)])
def test_eight_threads_that_allocate_have_one_heap(first: str, shared: bool) -> None:
    script = ALLOCATING.format(first=first)
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert (told.count("<heap nr=") == 1) is shared
