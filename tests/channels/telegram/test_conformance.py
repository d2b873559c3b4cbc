"""Bots pass the suite that every channel must pass, in Telegram's manner and in Bale's, over a real socket and TLS."""

import pytest

from inbox.domain.happenings import Address
from inbox.domain.problems import Permanent
from inbox.ports.channel import HANDED
from inbox.testing import ChannelConformance, FaultConformance, FaultyGround, Stages, outgoing
from tests.channels.telegram.ground import BotGround


class TestBots(ChannelConformance, FaultConformance):
    async def test_one_refused_recipient_does_not_keep_the_others_waiting(self, ground: FaultyGround) -> None:
        """A call has one recipient: whoever is refused has a part of their own."""
        ground.refuses(ground.correspondents[1])
        to = tuple(Address(one) for one in ground.correspondents)
        parts = ground.codec().compose(outgoing(ground, to=to))
        assert [part.recipients for part in parts] == [(one,) for one in ground.correspondents]
        channel = ground.channel()
        try:
            await channel.send(parts[0], Stages())
            with pytest.raises(Permanent):
                await channel.send(parts[1], Stages())
            await channel.send(parts[2], Stages())
        finally:
            await channel.close()
        assert list(ground.taken()) == [parts[0].body, parts[2].body]

    async def test_nobody_left_to_take_it_is_permanent(self, ground: FaultyGround) -> None:
        """The network says so only when it has the body: the stage stands there, and the refusal proves the rest."""
        assert isinstance(ground, BotGround)
        ground.refuses(ground.correspondents[0])
        stages = Stages()
        with pytest.raises(Permanent):
            await ground.sent(ground.part(), stages)
        assert (list(stages), list(ground.taken())) == ([HANDED], [])
