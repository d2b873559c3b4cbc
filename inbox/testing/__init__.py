"""What adapter authors test with: a clock that obeys, and one suite that every channel must pass."""

from inbox.testing.clock import FakeClock
from inbox.testing.codecs import CodecConformance
from inbox.testing.conformance import ChannelConformance, FaultConformance, Stages
from inbox.testing.ground import FaultyGround, Ground, outgoing

__all__ = [
    "ChannelConformance",
    "CodecConformance",
    "FakeClock",
    "FaultConformance",
    "FaultyGround",
    "Ground",
    "Stages",
    "outgoing",
]
