"""Machines: never thanked, never left to talk to us without end; and budgets for what we say by ourselves."""

import pytest

from inbox.domain import events as ev
from inbox.domain.conversations import State
from tests.path.conftest import Houses
from tests.path.house import House


def silence(house: House) -> list[str]:
    """Why no acknowledgement was written, in each conversation."""
    return [n.reason for c in house.conversations() for n in house.told(c, ev.NotAcknowledged)]


@pytest.mark.parametrize(("kind", "reason"), [("auto-reply", "auto_reply"), ("bounce", "bounce"), ("report", "report")])
async def test_an_automatic_answer_to_nothing_is_ignored(house: House, kind: str, reason: str) -> None:
    await house.customer("sara@x").writes("I am away", automatic=kind)
    assert (house.conversations(), house.verdicts()) == ([], [f"ignored ignored.{reason}"])


async def test_a_vacation_reply_to_us_is_joined_and_changes_nothing(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    await house.agent("reza").replies(house.only(), "There.", then="done")
    before = house.only()
    await sara.answers("I am away until Monday", automatic="auto-reply")
    matter = house.only()
    assert (matter.state, matter.waiting_since, matter.messages) == (State.DONE, None, before.messages + 1)
    assert len(sara.mails) == 2


async def test_a_vacation_reply_to_an_acknowledgement_does_not_stand_for_the_question(house: House) -> None:
    sara = house.customer("sara@x")
    asked = await sara.writes("Where is it?")
    await sara.answers("I am away", automatic="auto-reply")
    await house.agent("reza").replies(house.only(), "There.")
    assert sara.mails[-1]["references"][0] == asked
    assert len(sara.mails) == 2


async def test_machine_mail_that_is_no_answer_is_a_conversation_without_acknowledgement(house: House) -> None:
    await house.customer("monitor@x").writes("Disk full", automatic="bulk", subject="Alert")
    assert silence(house) == ["silent.machine"]
    assert house.only().waiting_since is None
    assert house.clocks(house.only()) == {}
    assert house.mails_to("monitor@x") == []


async def test_our_own_address_is_ignored(house: House) -> None:
    house.network.write("support@acme", "support@acme", "To myself")
    await house.settle()
    assert (house.conversations(), house.verdicts()) == ([], ["ignored ignored.own_address"])


async def test_a_mail_that_went_round_too_often_gets_no_answer_of_ours(house: House) -> None:
    await house.customer("sara@x").writes("Round and round", hops=51)
    await house.customer("omid@x").writes("Far away", hops=50)
    assert silence(house) == ["silent.hops"]
    assert len(house.mails_to("omid@x")) == 1


async def test_a_mail_without_a_sender_gets_none_either(house: House) -> None:
    house.network.write("", "support@acme", "Guess who")
    await house.settle()
    assert silence(house) == ["silent.no_sender"]


@pytest.mark.parametrize("verdict", ["fail", "none"])
async def test_what_proved_nothing_is_not_told_its_own_words(house: House, verdict: str) -> None:
    """Mail with a stranger's address in it must not carry the attacker's text to that stranger."""
    await house.customer("victim@x", "Buy pills").writes("BUY", subject="Cheap pills", authentication=verdict)
    (mail,) = house.mails_to("victim@x")
    assert ("pills" in str(mail)) is (verdict == "none")


async def test_one_address_gets_only_so_many_acknowledgements_a_day(houses: Houses) -> None:
    house = houses(more="[promise]\nnotices = 0\n[automatic]\nacknowledgements_per_address = 3")
    await house.settle()
    sara = house.customer("sara@x")
    for n in range(5):
        await sara.writes(f"Question {n}")
    await house.customer("omid@x").writes("Mine")
    assert (len(sara.mails), len(house.mails_to("omid@x"))) == (3, 1)
    assert silence(house) == ["silent.budget_address"] * 2
    await house.later(days=1, seconds=1)
    await sara.writes("Tomorrow")
    assert len(sara.mails) == 4


async def test_in_a_flood_automatic_mail_takes_its_turn_and_no_person_waits(houses: Houses) -> None:
    house = houses(more="[automatic]\nautomatic_per_minute = 2")
    await house.settle()
    for n in range(5):
        await house.customer(f"{n}@x").writes("Help")
    assert (len(house.network.accepted), silence(house)) == (2, [])
    await house.later(minutes=1)
    assert len(house.network.accepted) == 4
    await house.agent("reza").replies(house.conversations()[4], "Here.")
    await house.later(minutes=1)
    (mail,) = house.mails_to("4@x")
    assert mail["text"].startswith("Here."), "the answer itself came first, and nothing else is left to say"


async def test_a_channel_on_which_machines_deny_being_machines_falls_silent_for_the_hour(houses: Houses) -> None:
    house = houses(channel='first_sync = "new"\nautomatic_per_hour = 2')
    await house.settle()
    for n in range(3):
        await house.customer(f"{n}@x").writes("Thank you for your mail")
    assert silence(house) == ["silent.budget_channel"]
    await house.later(hours=1, seconds=1)
    await house.customer("4@x").writes("Help")
    assert (len(house.network.accepted), silence(house)) == (3, ["silent.budget_channel"])


async def test_an_accident_is_not_sent_out_for_hours(houses: Houses) -> None:
    """What would have to wait for longer than an hour stays unsaid."""
    house = houses(more="[automatic]\nautomatic_per_minute = 0")
    await house.settle()
    await house.customer("sara@x").writes("Help")
    assert silence(house) == ["silent.budget_overall"]


async def test_two_of_our_channels_do_not_thank_each_other(houses: Houses) -> None:
    house = houses(more='[channel.sales]\nkind = "memory"\naddress = "sales@acme"\nfirst_sync = "new"\n')
    await house.settle()
    await house.customer("sales@acme").writes("From one house to the other")
    assert len(house.network.accepted) <= 2, "and then it is quiet"
    assert len(house.conversations()) == 1
