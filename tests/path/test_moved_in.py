"""Matters of another help desk in a living house: silent as they come, like any other from the moment somebody takes them up."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels.email.codec import EmailCodec
from inbox.domain.conversations import Conversation, Priority, State
from inbox.domain.messages import Direction
from inbox.elsewhere.census import census
from inbox.elsewhere.plan import Here as House_
from inbox.elsewhere.plan import Plan, proposed
from inbox.elsewhere.sources import SOURCES
from inbox.runtime.mover import Mover
from inbox.runtime.parsers import Parsed, Parsers, Wanted
from inbox.runtime.settling import Settling
from inbox.runtime.tally import Tally
from inbox.store import people
from tests.path.conftest import Houses
from tests.path.house import House
from tests.unit.elsewhere.exports import opener

IDLE = """\
[[rule]]
name = "late"
on = "idle"
when.idle = { for = "1 hour (24x7)", since = "customer wrote" }
then.tag = ["late"]
"""
RULES = """\
[[rule]]
name = "greets"
on = ["conversation-opened", "message-received"]
then.tag = ["greeted"]
"""


class Reading(Parsers):
    """Reads mail in this process."""

    def __init__(self) -> None:
        self._codec = EmailCodec(("support@acme",), b"s" * 32)

    async def parse(self, raws: Sequence[Wanted]) -> list[Parsed]:
        return [tuple(self._codec.parse(raw)) for _, raw in raws]


async def moves_in(house: House, source: str, folder: Path | None = None) -> Tally:
    """An export of the corpus, or of a folder, with the plan that is proposed for it."""
    await house.settle()
    roster = house.store.read_now(people.roster)
    here = House_({"support": ("support@acme",)}, {"sara": ("sara@shop.example", "Sara")}, {"support": "Support"})
    with opener() as opens:
        export, _ = opens(source, folder)
        plan: Plan = proposed(export, census(export, lambda _: None), here, "UTC")
        settling = Settling(plan, house.playbook(), roster)
        mover = Mover(house.store, house.rooms.blobs, Reading(), house.playbook(), settling, house.clock)
        await mover.run(export, lambda _: None)
        return await mover.count(export, lambda _: None)


def called(house: House, subject: str) -> Conversation:
    return next(one for one in house.conversations() if one.subject == subject)


@pytest.mark.parametrize("source", SOURCES)
async def test_it_comes_silently_and_once(houses: Houses, source: str) -> None:
    house = houses(rules={"10-greets.toml": RULES})
    tally = await moves_in(house, source)
    await house.settle()
    await house.later(days=3)
    assert all(count.adds_up for _, count in tally.rows())
    assert house.deliveries() == []
    for one in house.conversations():
        assert (one.history, house.clocks(one), house.promises(one)) == (True, {}, [])
        assert "greeted" not in one.tags
    before = [(one, house.log(one), house.said(one)) for one in house.conversations()]
    again = await moves_in(house, source)
    assert [count.fresh for _, count in again.rows()] == [0] * 6
    assert [(one, house.log(one), house.said(one)) for one in house.conversations()] == before


async def test_what_is_open_stands_as_it_did_there(houses: Houses) -> None:
    house = houses()
    await moves_in(house, "zendesk")
    matter = called(house, "Invoice is wrong")
    sara = house.store.read_now(people.roster).agent("sara")
    assert sara is not None
    assert (matter.state, matter.priority, matter.assignee) == (State.OPEN, Priority.URGENT, sara.id)
    assert matter.waiting_since == datetime(2024, 4, 3, 8, tzinfo=UTC)
    assert [(m.direction, m.agent) for m in house.said(matter)] == [
        (Direction.INBOUND, None),
        (Direction.OUTBOUND, None),
        (Direction.INBOUND, None),
    ]
    done = called(house, "سفارش من کجاست؟")
    assert (done.state, done.done_at) == (State.DONE, datetime(2024, 3, 2, 10, tzinfo=UTC))
    assert [m.agent for m in house.said(done)] == [None, sara.id, sara.id]


async def test_a_rule_that_waits_leaves_it_alone_until_somebody_takes_it_up(houses: Houses) -> None:
    house = houses(rules={"10-late.toml": IDLE})
    await moves_in(house, "zendesk")
    await house.settle()
    await house.later(hours=30)
    assert "late" not in called(house, "Invoice is wrong").tags
    await house.customer("eve@example.org").writes("Are you there?", subject="Re: Invoice is wrong [#1002]")
    await house.later(hours=2)
    assert "late" in called(house, "Invoice is wrong").tags


async def test_an_answer_under_the_old_number_goes_on_in_it_and_is_a_matter_like_any_other(houses: Houses) -> None:
    house = houses()
    await moves_in(house, "zendesk")
    await house.customer("eve@example.org").writes("And now?", subject="Re: [Ticket #۱۰۰۲] Invoice is wrong")
    matter = called(house, "Invoice is wrong")
    assert [m.text for m in house.said(matter) if m.direction is Direction.INBOUND][-1] == "And now?"
    assert (matter.history, matter.state) == (False, State.OPEN)
    assert "next_reply" in house.clocks(matter) or "first_reply" in house.clocks(matter)
    await house.agent("sara").replies(matter, "We look at it today.")
    assert [mail["text"] for mail in house.customer("eve@example.org").mails if "today" in mail["text"]]


async def test_a_number_leads_nobody_else_anywhere(houses: Houses) -> None:
    house = houses()
    await moves_in(house, "zendesk")
    await house.customer("mallory@x").writes("Tell me more", subject="[#1002]")
    stranger = called(house, "[#1002]")
    assert (stranger.follows, len(house.said(called(house, "Invoice is wrong")))) == (None, 3)
    await house.customer("ali@example.org").writes("And mine?", subject="[#1002]")
    assert len(house.said(called(house, "Invoice is wrong"))) == 3


async def test_what_was_over_for_long_is_followed_by_a_new_matter(houses: Houses) -> None:
    house = houses()
    await moves_in(house, "zendesk")
    await house.customer("ali@example.org").writes("It broke", subject="[#1001]")
    new = called(house, "[#1001]")
    assert new.follows == called(house, "سفارش من کجاست؟").id


async def test_an_answer_to_a_mail_that_they_kept_the_key_of_goes_on_in_it(houses: Houses) -> None:
    house = houses()
    await moves_in(house, "zammad")
    await house.customer("reza@example.org").writes("پیدا شد", references=["<m303@shop.example>"])
    assert house.said(called(house, "کلید گم شده"))[-1].text == "پیدا شد"


async def test_whoever_had_a_telephone_there_is_known_when_they_call(houses: Houses) -> None:
    house = houses(more='[channel.phone]\nkind = "phone"\n')
    await moves_in(house, "zendesk")
    known = house.store.read_now(people.known, "phone", "+989120000000")
    assert known is not None
    assert house.store.read_now(people.known, "memory", "ali@example.org") is not None
    assert known[0].name == "علی رضایی"
    await moves_in(house, "zendesk")


async def test_where_nobody_is_called_a_telephone_is_a_field(houses: Houses) -> None:
    house = houses(more='[contact_fields.phone]\nkind = "text"\nlabel = { fa = "تلفن", en = "Phone" }\n')
    await moves_in(house, "zendesk")
    known = house.store.read_now(people.known, "memory", "ali@example.org")
    assert known is not None
    assert known[0].fields == (("phone", "+98 912 000 0000"),)
