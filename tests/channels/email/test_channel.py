"""One way in and one way out behind one contract: neither stops the other."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from channels.email import ADAPTER
from channels.email.channel import EmailChannel
from channels.email.listen import MailListener
from inbox.domain.ids import ChannelName
from inbox.domain.problems import Permanent, Unreachable
from inbox.ports.channel import Place
from inbox.ports.probe import silent
from inbox.testing import FakeClock, Stages
from tests.channels.email.handing import part
from tests.rig.loopback import free_port
from tests.rig.smtp_sink import SmtpSink


def channel(site: Path, **table: Any) -> EmailChannel:
    options = ADAPTER.options({"addresses": ["support@example.org"], **table}, "config.toml: channel.support")
    place = Place(ChannelName("support"), "Example", site / "data", bytes(32), site)
    made = ADAPTER.channel(place, options, FakeClock(), silent)
    assert isinstance(made, EmailChannel)
    return made


async def test_a_dead_way_out_does_not_keep_mail_from_coming_in(tmp_path: Path) -> None:
    smtp = {"host": "127.0.0.1", "port": free_port(), "tls": "off"}
    made = channel(tmp_path, listen={"address": "127.0.0.1:0"}, outgoing="smtp", smtp=smtp)
    await made.open()
    assert isinstance(made.intake, MailListener)
    _, writer = await asyncio.open_connection("127.0.0.1", made.intake.port)
    writer.close()
    with pytest.raises(Unreachable):
        await made.send(part(), Stages())
    await made.close()


async def test_without_a_way_in_opening_tries_the_way_out_and_fetch_waits_for_ever(tmp_path: Path) -> None:
    sink = SmtpSink().start()
    smtp = {"host": "127.0.0.1", "port": sink.port, "tls": "off"}
    made = channel(tmp_path, intake="none", outgoing="smtp", smtp=smtp)
    try:
        await made.open()
        assert sink.connections == 1
        waiting = asyncio.ensure_future(anext(made.fetch(None)))
        done, _ = await asyncio.wait([waiting], timeout=0.05)
        assert not done
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    finally:
        await made.close()
        sink.close()


async def test_mail_has_nothing_to_collect(tmp_path: Path) -> None:
    with pytest.raises(Permanent):
        await channel(tmp_path).collect("file")
