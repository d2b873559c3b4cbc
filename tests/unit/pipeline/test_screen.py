"""Screening: our own voice, automatic answers, other machines, mail that went round too often; the first match wins."""

from typing import Any, cast

import pytest

from inbox.domain.happenings import Address, InboundMessage
from inbox.domain.ids import NetworkKey
from inbox.pipeline.playbook import Budgets, Playbook
from inbox.pipeline.screen import Screened, screen


class Brakes:
    """As much of a playbook as the screen asks for."""

    budgets = Budgets(hops=50)


def screened(**said: Any) -> Screened:
    message = InboundMessage("message", NetworkKey("k"), "f", **{"sender": Address("sara@x"), **said})
    return screen(message, cast(Playbook, Brakes()))


def test_a_person_meets_no_objection() -> None:
    assert screened() == screened(hops=50) == Screened()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"own": True, "automatic": "bounce"}, Screened(ignore="ignored.own_address")),
        ({"automatic": "auto-reply"}, Screened(alone="ignored.auto_reply", silent="silent.machine")),
        ({"automatic": "bounce"}, Screened(alone="ignored.bounce", silent="silent.machine")),
        ({"automatic": "report"}, Screened(alone="ignored.report", silent="silent.machine")),
        ({"automatic": "bulk", "hops": 99}, Screened(silent="silent.machine")),
        ({"hops": 51}, Screened(silent="silent.hops")),
        ({"sender": Address("", "Nobody")}, Screened(silent="silent.no_sender")),
    ],
)
def test_what_stands_against_an_automatic_answer(said: dict[str, Any], expected: Screened) -> None:
    assert screened(**said) == expected
