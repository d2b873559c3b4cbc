"""What adapter authors test with: a clock that obeys, one suite that every channel must pass, and a house for channels with an HTTP side."""

from inbox.testing.clock import FakeClock
from inbox.testing.codecs import CodecConformance
from inbox.testing.conformance import ChannelConformance, FaultConformance, InwardConformance, Stages
from inbox.testing.faces import FacedChannel, FrontInMemory
from inbox.testing.ground import FaultyGround, Ground, outgoing

__all__ = [
    "ChannelConformance",
    "CodecConformance",
    "FacedChannel",
    "FakeClock",
    "FaultConformance",
    "FaultyGround",
    "FrontInMemory",
    "Ground",
    "InwardConformance",
    "Stages",
    "outgoing",
]
