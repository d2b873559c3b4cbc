"""Senders for a sink, impatient enough for a test."""

from dataclasses import replace
from typing import Any

import pytest

from channels.email.send import SmtpSender
from channels.email.smtp_account import Patience, SmtpAccount
from inbox.domain.outgoing import Receipt
from inbox.ports.probe import silent
from inbox.testing import FakeClock, Stages
from tests.channels.email.handing import part
from tests.rig.smtp_sink import SmtpSink


def account(sink: SmtpSink, **more: Any) -> SmtpAccount:
    quick = Patience(connect=5, command=5, after_dot=5, quit=0.2)
    made = SmtpAccount(host="127.0.0.1", port=sink.port, tls="off", name="example.org", patience=quick)
    return replace(made, **more)


async def hand_over(sender: SmtpSender, stages: Stages | None = None, **changes: Any) -> Receipt:
    try:
        return await sender.send(part(**changes), stages if stages is not None else Stages())
    finally:
        await sender.close()


def sender(sink: SmtpSink, clock: FakeClock | None = None, **more: Any) -> SmtpSender:
    return SmtpSender(account(sink, **more), clock or FakeClock(), silent)


async def failing(kind: type[Exception], sender: SmtpSender, *recipients: str) -> tuple[Stages, Exception]:
    stages = Stages()
    with pytest.raises(kind) as caught:
        await sender.send(part(*recipients), stages)
    await sender.close()
    assert type(caught.value) is kind
    return stages, caught.value
