"""Broadcasts: many are told what they did not ask, each once and at a pace; and never who has declined, however late they did."""

import re
from datetime import timedelta
from typing import Any

import pytest

from inbox.domain import events as ev
from inbox.domain.acts import By
from inbox.domain.broadcasts import Audience, Broadcast, Stage, Text
from inbox.domain.conversations import State
from inbox.domain.ids import BroadcastId, ContactId
from inbox.pipeline import broadcast as verbs
from inbox.pipeline.broadcast import Draft, Preview
from inbox.pipeline.overdue import sweep
from inbox.pipeline.reply import Refused
from inbox.pipeline.stopping import by_link
from inbox.store import broadcasts, declining, people
from inbox.store.unit import Unit
from tests.path.conftest import Houses
from tests.path.house import House

URL = 'public_url = "https://help.acme.example"\n'
CHAT = '[channel.chats]\nkind = "chat"\naddress = "chats"\nfirst_sync = "new"\nsubject = false\ncertain_sender = true\n'
TEXTS = {"en": Text("New hours", "We are open until eight."), "fa": Text("ساعت کار", "تا هشت شب باز هستیم.")}
OWNER = By("owner", via="command")


async def opened(houses: Houses, *who: str, more: str = "", site: str = URL) -> House:
    """A house that these people wrote to, two days ago."""
    house = houses(site=site, more=more)
    await house.settle()
    for address in who:
        await house.customer(address, address.partition("@")[0].title()).writes("Hello", subject="Hello")
    for matter in house.conversations():
        await house.agent("reza").does(matter, "done")
    await house.later(days=2)
    return house


def drafted(house: House, audience: Audience | None = None, **more: Any) -> BroadcastId:
    wanted = Draft("Hours", TEXTS, audience or Audience(everybody=True), **more)
    return house.store.write_now(verbs.draft, wanted, OWNER, house.playbook(), house.clock.now())


def tried(house: House, id: BroadcastId) -> Preview:
    return house.store.read_now(verbs.preview, id, house.playbook(), house.clock.now())


def begin(house: House, id: BroadcastId, count: int) -> Broadcast:
    return house.store.write_now(verbs.start, id, count, OWNER, house.playbook(), house.clock.now())


def got(house: House, address: str) -> list[dict[str, Any]]:
    return [mail for mail in house.mails_to(address) if "open until eight" in mail["text"]]


def left_out(house: House, id: BroadcastId) -> dict[str, int]:
    return {one.why: one.count for one in house.store.read_now(broadcasts.counts, id) if one.why}


def stage(house: House, id: BroadcastId) -> Stage:
    return house.store.read_now(verbs.one, id).stage


def refuse(house: House, address: str) -> None:
    who = house.store.read_now(_contact, address)
    house.store.write_now(declining.decline, who, "agent", None, house.clock.now())


def _contact(unit: Unit, address: str) -> ContactId:
    known = people.known(unit, "memory", address)
    assert known is not None
    return known[0].id


async def test_each_is_told_once_in_a_conversation_that_is_done(houses: Houses) -> None:
    house = await opened(houses, "lena@x", "sara@y")
    id = drafted(house)
    assert tried(house, id).to_tell == 2
    begin(house, id, 2)
    await house.settle()
    assert [len(got(house, one)) for one in ("lena@x", "sara@y")] == [1, 1]
    made = house.conversations()[-2:]
    assert {one.state for one in made} == {State.DONE}
    assert [p.about for one in made for p in house.told(one, ev.Noticed)] == ["broadcast", "broadcast"]
    assert stage(house, id) is Stage.DONE
    await house.later(hours=1)
    assert [len(got(house, one)) for one in ("lena@x", "sara@y")] == [1, 1]


async def test_an_answer_is_an_ordinary_conversation(houses: Houses) -> None:
    house = await opened(houses, "lena@x")
    begin(house, drafted(house), 1)
    await house.settle()
    await house.customer("lena@x").answers("On Fridays too?")
    matter = house.conversations()[-1]
    assert (matter.state, matter.subject) == (State.OPEN, "New hours")
    assert matter.waiting_since is not None
    assert len(house.conversations()) == 2


async def test_whoever_declined_is_told_nothing_even_if_between_the_start_and_the_sending(houses: Houses) -> None:
    house = await opened(houses, "lena@x", "sara@y", "mina@z")
    refuse(house, "lena@x")
    id = drafted(house)
    seen = tried(house, id)
    assert (seen.to_tell, seen.left_out) == (2, {"broadcast.declined": 1})
    begin(house, id, 2)
    refuse(house, "sara@y")  # their row waits, and nobody has looked at it yet
    await house.settle()
    assert [len(got(house, one)) for one in ("lena@x", "sara@y", "mina@z")] == [0, 0, 1]
    assert left_out(house, id) == {"broadcast.declined": 2}


async def test_what_waits_in_the_outbox_is_not_sent_to_whoever_declines_meanwhile(houses: Houses) -> None:
    house = await opened(houses, "lena@x")
    id = drafted(house)
    begin(house, id, 1)
    while house.store.write_now(sweep, house.playbook(), timedelta(minutes=15), house.clock.now()):
        pass
    assert [one.purpose for one in house.deliveries("broadcast")] == ["broadcast"]
    first = house.conversations()[0]
    house.agent("reza").acts(first, "decline")  # in another conversation of theirs
    await house.settle()
    assert got(house, "lena@x") == []
    assert [one.state.value for one in house.deliveries("broadcast")] == ["dropped"]


async def test_the_link_in_the_mail_is_all_the_proof_and_one_click_is_enough(houses: Houses) -> None:
    house = await opened(houses, "lena@x")
    begin(house, drafted(house), 1)
    await house.settle()
    (mail,) = got(house, "lena@x")
    found = re.search(r"https://help\.acme\.example/stop/(\S+)", mail["text"])
    assert found is not None
    token = found[1]
    assert not house.store.write_now(
        by_link, token[:-1] + ("b" if token[-1] != "b" else "c"), house.playbook(), house.clock.now()
    )
    assert house.store.write_now(by_link, token, house.playbook(), house.clock.now())
    assert [one.how for one in house.told(house.conversations()[-1], ev.Declined)] == ["link"]
    await house.later(days=3)
    again = drafted(house)
    assert tried(house, again).left_out == {"broadcast.declined": 1}
    with pytest.raises(Refused, match=r"broadcast\.nobody"):
        begin(house, again, 0)
    with pytest.raises(Refused, match=r"write\.declined"):
        await house.agent("reza").does(house.conversations()[0], "write", to="lena@x", subject="Hi", text="Hi")


@pytest.mark.parametrize("word", ["stop", "STOP!", "لغو", "نمی‌خواهم"])
async def test_a_word_in_a_chat_is_enough_and_is_confirmed(houses: Houses, word: str) -> None:
    house = await opened(houses, more=CHAT)
    lena = house.customer("lena", "Lena")
    await lena.writes("Hello", to="chats", thread="lena")
    await house.agent("reza").does(house.only(), "done")
    await house.later(days=2)
    begin(house, drafted(house), 1)
    await house.settle()
    await lena.writes(word, to="chats", thread="lena")
    assert "no more of these" in house.mails_to("lena")[-1]["text"]
    assert {one.state for one in house.conversations()} == {State.DONE}
    assert [p.how for one in house.conversations() for p in house.told(one, ev.Declined)] == ["word"]


async def test_the_word_of_somebody_who_was_told_nothing_is_a_message(houses: Houses) -> None:
    house = await opened(houses, "lena@x")
    await house.customer("lena@x").writes("stop", subject="Machine")
    assert house.conversations()[-1].state is State.OPEN
    assert house.told(house.conversations()[-1], ev.Declined) == []


async def test_no_more_are_told_in_a_minute_than_was_said(houses: Houses) -> None:
    house = await opened(houses, *(f"c{n}@x" for n in range(5)))
    id = drafted(house, per_minute=2)
    begin(house, id, 5)
    told = []
    for _ in range(3):
        await house.settle()
        told.append(sum(len(got(house, f"c{n}@x")) for n in range(5)))
        await house.later(minutes=1)
    assert told == [2, 4, 5]


async def test_what_is_paused_goes_on_where_it_was_and_what_is_stopped_never_does(houses: Houses) -> None:
    house = await opened(houses, *(f"c{n}@x" for n in range(4)))
    id = drafted(house, per_minute=2)
    begin(house, id, 4)
    await house.settle()
    house.store.write_now(verbs.pause, id, OWNER, house.clock.now())
    await house.later(hours=1)
    assert sum(len(got(house, f"c{n}@x")) for n in range(4)) == 2
    begin(house, id, 0)
    await house.later(seconds=1)
    assert sum(len(got(house, f"c{n}@x")) for n in range(4)) == 4
    with pytest.raises(Refused, match=r"broadcast\.not_now"):
        house.store.write_now(verbs.stop, id, OWNER, house.clock.now())


async def test_killed_in_the_middle_nobody_is_told_twice(houses: Houses) -> None:
    house = await opened(houses, *(f"c{n}@x" for n in range(7)))
    id = drafted(house)
    begin(house, id, 7)
    house.store.write_now(
        sweep, house.playbook(), timedelta(minutes=15), house.clock.now()
    )  # five of them, then the end
    again = houses(site=URL, clock=house.clock, network=house.network)
    await again.settle()
    assert [len(got(again, f"c{n}@x")) for n in range(7)] == [1] * 7
    assert len(again.deliveries("broadcast")) == 7


async def test_who_was_told_lately_is_left_out_of_the_next_one(houses: Houses) -> None:
    house = await opened(houses, "lena@x")
    begin(house, drafted(house), 1)
    await house.settle()
    assert tried(house, drafted(house)).left_out == {"broadcast.told_lately": 1}
    await house.later(days=2)
    assert tried(house, drafted(house)).to_tell == 1


async def test_the_number_that_was_read_is_the_number_that_is_told(houses: Houses) -> None:
    house = await opened(houses, "lena@x", "sara@y")
    id = drafted(house)
    with pytest.raises(Refused, match=r"broadcast\.other_count"):
        begin(house, id, 3)
    assert stage(house, id) is Stage.DRAFT
    await house.settle()
    assert got(house, "lena@x") == []


async def test_of_more_than_one_broadcast_may_tell_nobody_is_looked_at(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await opened(houses, "lena@x", "sara@y")
    id = drafted(house)
    monkeypatch.setattr(verbs, "MOST", 1)
    monkeypatch.delattr(verbs, "_why")
    for ask in (lambda: tried(house, id), lambda: begin(house, id, 2)):
        with pytest.raises(Refused, match=r"broadcast\.too_many"):
            ask()
    assert stage(house, id) is Stage.DRAFT


async def test_an_audience_is_chosen_by_tag_name_or_address(houses: Houses) -> None:
    house = await opened(houses, "lena@x", "sara@y", "mina@z")
    await house.agent("reza").does(house.conversations()[0], "contact", add=("vip",))
    assert tried(house, drafted(house, Audience(tag="vip"))).to_tell == 1
    assert tried(house, drafted(house, Audience(name="SARA"))).to_tell == 1
    both = tried(house, drafted(house, Audience(tag="vip", name="sara")))
    assert both.to_tell == 0
    named = tried(house, drafted(house, Audience(addresses=("mina@z", "memory:LENA@x", "ghost@x"))))
    assert (named.to_tell, named.unknown) == (2, ("ghost@x",))
    with pytest.raises(Refused, match=r"broadcast\.nobody_chosen"):
        drafted(house, Audience())


async def test_each_reads_it_in_their_language(houses: Houses) -> None:
    house = await opened(houses)
    await house.customer("lena@x", "Lena").writes("Hello", subject="Hello")
    await house.customer("sara@y", "Sara").writes("سلام", subject="سلام", language="fa")
    await house.later(days=2)
    begin(house, drafted(house), 2)
    await house.settle()
    assert "We are open until eight." in house.mails_to("lena@x")[-1]["text"]
    assert "تا هشت شب باز هستیم." in house.mails_to("sara@y")[-1]["text"]


async def test_a_mail_without_a_page_to_say_no_on_is_not_sent(houses: Houses) -> None:
    house = await opened(houses, "lena@x", site="")
    assert tried(house, drafted(house)).left_out == {"broadcast.no_pages": 1}


async def test_a_chat_in_which_something_goes_on_stays_with_that(houses: Houses) -> None:
    house = await opened(houses, more=CHAT)
    lena = house.customer("lena", "Lena")
    await lena.writes("Where is it?", to="chats", thread="lena")
    asked = house.only()
    begin(house, drafted(house), 1)
    await house.settle()
    await lena.writes("Well?", to="chats", thread="lena")
    assert [m.text for m in house.said(asked) if m.direction.value == "inbound"] == ["Where is it?", "Well?"]
