"""What adapter authors test with: a clock that obeys, and one suite that every channel must pass."""

from inbox.testing.clock import FakeClock

__all__ = ["FakeClock"]
