"""The channel of calls: a telephone system pushes to its face, and nothing can be handed over to it."""

from inbox.domain.outgoing import FrozenPart, Receipt
from inbox.domain.problems import Permanent
from inbox.ports.channel import StageLog
from inbox.ports.probe import silent
from inbox.ports.shown import Shown


class PhoneChannel(Shown):
    """Implements `inbox.ports.channel.Channel`."""

    def __init__(self) -> None:
        super().__init__(silent)

    async def send(self, part: FrozenPart, stage: StageLog) -> Receipt:
        """Raises Permanent: the codec composes nothing, so this is a part of somebody else's."""
        raise Permanent("phone.cannot_send", address=part.lane)
