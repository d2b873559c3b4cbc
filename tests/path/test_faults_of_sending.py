"""What a mail server says that takes no more of us for now: the account waits, and no mail after the other is refused for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox.domain.deliveries import DeliveryState
from tests.path.conftest import Houses
from tests.path.house import House
from tests.path.mail_house import MailHouse, letter, opened
from tests.rig.dovecot import Dovecot
from tests.rig.smtp_sink import SmtpSink

MAILS = 20


@pytest.fixture
def server() -> Iterator[SmtpSink]:
    made = SmtpSink().start()
    yield made
    made.close()


@pytest.fixture
async def house(houses: Houses, dovecot: Dovecot, server: SmtpSink, mailbox: str, tmp_path: Path) -> House:
    """A house with twenty acknowledgements to send, each to somebody else."""
    lines = f'outgoing = "smtp"\nsmtp.host = "{server.host}"\nsmtp.port = {server.port}\nsmtp.tls = "off"'
    house = await opened(houses, dovecot, mailbox, tmp_path, more=lines)
    dovecot.append_many(mailbox, [letter(number) for number in range(MAILS)])
    await MailHouse(house).fetches(MAILS)
    await house.receiver.settle()
    assert [d.state for d in house.deliveries()] == [DeliveryState.QUEUED] * MAILS
    return house


@pytest.mark.parametrize(
    ("step", "code", "words", "status"),
    [
        ("RCPT", 450, "Error: too much mail from 192.0.2.1", "4.7.1"),
        ("dot", 550, "Daily user sending quota exceeded", "5.4.5"),
    ],
    ids=["rate", "quota"],
)
async def test_d10_one_mail_finds_out_that_no_more_is_taken_and_the_others_wait_for_it(
    house: House, server: SmtpSink, step: str, code: int, words: str, status: str
) -> None:
    refused = server.refuses(step, code, words, status=status, times=None)
    await house.settle()
    assert refused.hits == 1
    for _ in range(12):
        await house.later(minutes=5)
    assert 3 <= refused.hits <= 8, "each pause is twice as long as the one before"
    assert {d.state for d in house.deliveries()} == {DeliveryState.QUEUED}
    server.behaves()
    for _ in range(3):
        await house.later(hours=1)
    assert [d.state for d in house.deliveries()] == [DeliveryState.SENT] * MAILS
    assert sorted(mail.recipients[0] for mail in server.accepted) == sorted(
        f"customer-{number}@customer.test" for number in range(MAILS)
    )


async def test_d10_where_mail_is_greylisted_each_one_comes_again_by_itself(house: House, server: SmtpSink) -> None:
    server.greylists()
    await house.settle()
    assert server.accepted == []
    await house.later(minutes=2)
    assert len(server.accepted) == MAILS
    assert [d.attempts for d in house.deliveries()] == [2] * MAILS
