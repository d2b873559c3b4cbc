"""Crash points: named places where a test may end the process, raise or cancel. In service they do nothing."""

from typing import Protocol


class Probe(Protocol):
    """Called with a point's name (`out.after_claim`) before and after each commit, fsync, rename and network step."""

    def __call__(self, point: str) -> None:
        """Return, or play the fault that a test asked for at this point."""
        ...


def silent(point: str) -> None:
    """The probe of a house in service."""
