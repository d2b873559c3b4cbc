"""The web chat passes the suite that every channel must pass: messages come over its own routes."""

from inbox.testing import ChannelConformance


class TestWebchat(ChannelConformance):
    """All of it, on the ground of this folder."""
