"""Names with several addresses, of which some lead nowhere: mail is sent and fetched all the same, and a name without any is told."""

import asyncio
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from channels.email.reaching import reached
from channels.email.smtp_account import Patience
from inbox.domain.problems import Unreachable
from tests.channels.email.imap_house import fetching, playing, take, uids
from tests.channels.email.sending import failing, hand_over, sender
from tests.rig.loopback import HOST, free_port, swallowing
from tests.rig.smtp_sink import SmtpSink

NAME = "mail.example"
Place = tuple[str, int]


@pytest.fixture
def hole() -> Iterator[Place]:
    """Where whoever calls hears nothing."""
    with swallowing() as port:
        yield HOST, port


def leads(monkeypatch: pytest.MonkeyPatch, *places: Place) -> None:
    """Where our name leads, in this order."""

    async def found(_host: str, _port: int, **_: Any) -> list[Any]:
        if not places:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in places]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", found)


async def test_h5_an_address_that_swallows_everything_does_not_keep_mail_from_going_out(
    sink: SmtpSink, hole: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads(monkeypatch, hole, (sink.host, sink.port))
    await hand_over(sender(sink, host=NAME))
    assert len(sink.accepted) == 1


async def test_h5_nor_from_coming_in(hole: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with playing(mails=1) as server:
        leads(monkeypatch, hole, (server.host, server.port))
        monkeypatch.setattr(type(server), "host", NAME)
        async with fetching(server) as fetcher:
            assert uids(await take(fetcher, 1)) == [1]


async def test_h5_a_name_that_leads_nowhere_and_one_that_only_swallows_are_told(
    sink: SmtpSink, hole: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads(monkeypatch)
    _, problem = await failing(Unreachable, sender(sink, host=NAME))
    assert "Temporary failure in name resolution" in str(problem)
    leads(monkeypatch, hole, hole)
    hasty = Patience(connect=0.7, command=5, after_dot=5, quit=0.2)
    _, problem = await failing(Unreachable, sender(sink, host=NAME, patience=hasty))
    assert "timeout" in str(problem)


async def test_of_two_that_take_connections_one_is_used_and_of_two_that_refuse_the_reason_is_told(
    sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    shut = (HOST, free_port())
    leads(monkeypatch, shut, (sink.host, sink.port), (sink.host, sink.port))
    with await reached(NAME, 25) as made:
        assert made.getpeername() == (sink.host, sink.port)
    leads(monkeypatch, shut, shut)
    with pytest.raises(ConnectionRefusedError):
        await reached(NAME, 25)
