"""A telephone channel passes the suite for what comes in; what goes out, it refuses for good."""

import pytest

from inbox.domain.problems import Permanent, Unreadable
from inbox.testing import InwardConformance, Stages, outgoing
from inbox.testing.codecs import RUBBISH
from tests.channels.phone.ground import PhoneGround


class TestPhone(InwardConformance):
    """Calls are told of over its own route."""


def test_rubbish_is_unreadable_and_no_more(ground: PhoneGround) -> None:
    for raw in RUBBISH:
        with pytest.raises(Unreadable):
            ground.codec().parse(raw)


def test_nothing_can_be_said(ground: PhoneGround) -> None:
    with pytest.raises(Permanent):
        ground.codec().compose(outgoing(ground))


async def test_nothing_can_be_handed_over(ground: PhoneGround) -> None:
    from inbox.domain.ids import NetworkKey
    from inbox.domain.outgoing import FrozenPart

    part, stages = FrozenPart(0, NetworkKey("k"), "+989121234567", "phone", ("+989121234567",), b"hello"), Stages()
    with pytest.raises(Permanent):
        await ground.channel().send(part, stages)
    assert stages == []
