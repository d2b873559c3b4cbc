"""Header fields by which programs steer one another: from outside none of them steers us, ours not even less."""

import pytest

from tests.unit.email.letters import mail, message

FIELDS = (
    "X-Inbox-Conversation: K7Q2",
    "X-Inbox-Direction: outbound",
    "X-Inbox-Dkim-Key: selector._domainkey.customer.test; v=DKIM1; p=AAAA; forged",
    "X-Inbox-Token: 0aaaaaaaaaaaaaaaaaaaaaaaaaa",
    "X-Inbox-Agent: sara",
    "X-Inbox-Command: done",
    "X-RT-Loop-Prevention: desk.test",
    "RT-Ticket: desk.test #17",
    "RT-Command: Status: resolved",
    "X-FreeScout-Mail-Type: user.notification",
    "X-Ticket-Id: 17",
    "X-Priority-Command: urgent",
    "Control: cancel <m1@customer.test>",
)


@pytest.mark.parametrize("field", FIELDS)
def test_s10_a_field_of_ours_from_outside_steers_nothing(field: str) -> None:
    plain, steered = message(mail()), message(mail(field))
    names = {field.partition(":")[0].lower()}
    for name in type(plain).__dataclass_fields__:
        if name not in ("headers", "fingerprint"):
            assert getattr(plain, name) == getattr(steered, name), name
    assert {name.lower() for name, _ in steered.headers} - {name.lower() for name, _ in plain.headers} <= names
