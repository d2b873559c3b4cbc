"""A library without another one that it takes along wherever it finds it, and that we use nothing of through it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(module: str) -> Iterator[None]:
    """What is imported in here does not find the module, unless somebody has loaded it already (None in `sys.modules`:
    import raises ModuleNotFoundError, Python's import system, "The module cache")."""
    absent = module not in sys.modules
    if absent:
        sys.modules[module] = None  # type: ignore[assignment]  # typeshed knows modules only
    try:
        yield
    finally:
        if absent:
            del sys.modules[module]
