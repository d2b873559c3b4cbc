"""Whoever has the name of one of us and another address is marked; whoever merely shares a first name is not."""

import pytest

from inbox.domain.happenings import Address, InboundMessage
from inbox.domain.ids import AgentId, NetworkKey
from inbox.domain.people import Agent, Roster
from inbox.pipeline.posing import NAMESAKE, posing

ROSTER = Roster(
    agents=(
        Agent(AgentId(1), "sara", "Sara Ahmadi", "sara@acme.example"),
        Agent(AgentId(2), "omid", "امید رحیمی‌نژاد", "omid@acme.example"),
        Agent(AgentId(3), "nia", "Nia", "nia@acme.example"),
        Agent(AgentId(4), "tim", "Tim Rounds"),
    )
)


def came(name: str, address: str = "x@evil.test", *, own: bool = False) -> tuple[str, ...]:
    said = InboundMessage("message", NetworkKey("<1@x>"), "1", Address(address, name), text="Pay at once.", own=own)
    return posing(said, ROSTER)


@pytest.mark.parametrize(
    "name",
    [
        "Sara Ahmadi",
        "SARA AHMADI",
        "Sara  Ahmadi (Acme Support)",
        "Sara Ahmadi - Acme",
        "Sara Ahmadi via Acme",
        "Ahmadi, Sara",
        "S\u0430ra Ahm\u0430di",  # Cyrillic
        "\u0405ara Ahmadi",
        "Sara Ahrnadi",  # r and n for m
        "S\u00e1ra Ahmad\u00ed",
        "\uff33ara Ahmadi",
        "Sara\u200b Ahmadi\u202c",
        "Tlm R0unds",
        "امید رحیمی نژاد",
        "اميد رحيمي‌نژاد",  # Arabic yeh
        "اُمید رحیمی‌نژاد از طرف پشتیبانی",
        "N\u0456a",  # Ukrainian і
        "N1a",
    ],
)
def test_s39_a_name_that_reads_as_that_of_one_of_us_is_marked(name: str) -> None:
    assert came(name) == (NAMESAKE,)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Sara Ahmadi", "sara@acme.example"),
        ("Sara", "sara@customer.test"),
        ("Nia", "nia@customer.test"),
        ("NIA", "nia@customer.test"),
        ("Sara Ahmadian", "x@customer.test"),
        ("Zahra Ahmadi", "x@customer.test"),
        ("Ali Sara Ahmadi", "x@customer.test"),
        ("امید رحیمی", "x@customer.test"),
        ("", "x@customer.test"),
        ("(Sara Ahmadi)", "x@customer.test"),
    ],
)
def test_what_people_really_have_is_not(name: str, address: str) -> None:
    assert came(name, address) == ()


def test_what_we_sent_ourselves_is_not() -> None:
    assert came("Sara Ahmadi", own=True) == ()
