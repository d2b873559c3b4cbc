"""On call: agents are called to a conversation until one of them says that they have it; else their leads are, and then it is given up."""

from datetime import timedelta

from inbox.domain.conversations import Conversation
from inbox.domain.ids import AgentId
from inbox.domain.people import Absence, Agent
from inbox.domain.rule_events import PageAcknowledged, Paged, PageGivenUp
from inbox.domain.scope import Scope
from inbox.store import notifications, pages, people
from inbox.store.unit import Unit
from tests.path.conftest import Houses
from tests.path.house import House

RULE = (
    '[[rule]]\nname = "on call"\non = ["conversation-opened", "message-received"]\n'
    'when.text.mentions = "emergency"\nthen.page = "{whom}"\n'
)


def everyone(unit: Unit) -> None:
    """Reza and Mina answer; Lara leads them, Sara leads another team."""
    ids = {
        handle: people.put_agent(
            unit, Agent(AgentId(0), handle, handle.title(), f"{handle}@acme", lead=handle in ("lara", "sara"))
        )
        for handle in ("reza", "mina", "lara", "sara")
    }
    people.put_team(unit, "support", "Support", [ids["reza"], ids["mina"], ids["lara"]])
    people.put_team(unit, "nights", "Nights", [ids["sara"]])


async def paged(houses: Houses, whom: str = "agent:reza", more: str = "") -> House:
    house = houses(
        channel='first_sync = "new"\nverdicts = true',
        more=more,
        rules={"10-a.toml": RULE.format(whom=whom)},
        who=everyone,
    )
    await house.settle()
    await house.customer("lena@x", "Lena").writes("An emergency!", subject="Everything stopped", thread="t1")
    return house


def calls(house: House) -> list[tuple[str, list[str]]]:
    """Each step with whom it called."""
    names = {one.id: one.handle for one in house.store.read_now(people.roster).agents}
    return [(one.step, [names[id] for id in one.agents]) for one in house.told(house.only(), Paged)]


def letters(house: House, handle: str) -> list[str]:
    return [mail["text"] for mail in house.mails_to(f"{handle}@acme")]


def unread(house: House, handle: str) -> list[str]:
    scope = Scope.of_agent(house.agent(handle).who.id)
    return [one.kind for one in house.store.read_now(notifications.listing, scope, 50) if one.read_at is None]


async def answers(house: House, who: str, text: str) -> None:
    said = house.network.received(f"{who}@acme")[-1].said
    house.network.write(
        f"{who}@acme",
        "support@acme",
        text,
        subject=f"Re: {said['subject']}",
        tokens=[said["reply_token"]],
        references=[said["key"]],
        authentication="pass",
        language="en",
    )
    await house.settle()


async def test_called_at_once_and_acknowledged_from_a_mail_program(houses: Houses) -> None:
    house = await paged(houses)
    assert calls(house) == [("first", ["reza"])]
    (letter,) = letters(house, "reza")
    assert "nobody has this yet" in letter
    assert "An emergency!" in letter
    assert unread(house, "reza") == ["paged"]
    await answers(house, "reza", "#ack")
    await house.later(hours=2)
    assert [one.rule for one in house.told(house.only(), PageAcknowledged)] == ["on call"]
    assert calls(house) == [("first", ["reza"])]
    assert len(letters(house, "reza")) == 1
    assert unread(house, "reza") == []
    assert [mail["text"] for mail in house.mails_to("lena@x") if mail["automatic"] is None] == []


async def test_a_persian_word_does_the_same(houses: Houses) -> None:
    house = await paged(houses)
    await answers(house, "reza", "#دیدم")
    assert len(house.told(house.only(), PageAcknowledged)) == 1


async def test_nobody_acknowledges_and_it_is_escalated_and_given_up(houses: Houses) -> None:
    house = await paged(houses, "team:support")
    for _ in range(3):
        await house.later(minutes=10)
    assert calls(house) == [
        ("first", ["reza", "mina", "lara"]),
        ("again", ["reza", "mina", "lara"]),
        ("team_leads", ["lara"]),
        ("leads", ["lara", "sara"]),
    ]
    assert "nobody else" in letters(house, "sara")[0]
    assert house.told(house.only(), PageGivenUp) == []
    await house.later(minutes=10)
    assert [one.rule for one in house.told(house.only(), PageGivenUp)] == ["on call"]
    await house.later(hours=5)
    assert len(calls(house)) == 4
    lost = house.store.read_now(pages.given_up)
    assert [(one.reference, one.rule) for one in lost] == [(house.only().reference, "on call")]
    await house.agent("sara").does(house.only(), "acknowledge")
    assert house.store.read_now(pages.given_up) == []


async def test_how_often_and_how_long_is_for_the_config_to_say(houses: Houses) -> None:
    house = await paged(houses, more='[paging]\nagain = "2 minutes"\nsteps = 1\n')
    await house.later(minutes=2)
    assert calls(house) == [("first", ["reza"]), ("leads", ["lara", "sara"])]


async def test_whoever_answers_has_it_and_the_others_are_told(houses: Houses) -> None:
    house = await paged(houses, "team:support")
    await house.agent("mina").replies(house.only(), "We are on it.")
    await house.later(hours=1)
    assert [step for step, _ in calls(house)] == ["first"]
    assert "Mina has this" in letters(house, "reza")[-1]
    assert "Mina has this" in letters(house, "lara")[-1]
    assert len(letters(house, "mina")) == 1
    assert unread(house, "reza") == ["page-acknowledged"]


async def test_whoever_takes_or_closes_it_has_it(houses: Houses) -> None:
    for action in ("take", "done"):
        house = await paged(houses)
        matter = house.conversations()[-1]
        await house.agent("mina").does(matter, action)
        assert len(house.told(matter, PageAcknowledged)) == 1
        assert house.store.read_now(pages.waiting, matter.id) == []


async def test_a_note_or_giving_it_to_somebody_is_no_acknowledgement(houses: Houses) -> None:
    house = await paged(houses)
    await house.agent("mina").does(house.only(), "note", text="who looks at this?")
    await house.agent("mina").does(house.only(), "assign", to="reza")
    assert house.told(house.only(), PageAcknowledged) == []


async def test_a_rule_that_calls_already_calls_nobody_else(houses: Houses) -> None:
    house = await paged(houses)
    await house.customer("lena@x", "Lena").writes("It is an emergency, I said!", thread="t1")
    assert calls(house) == [("first", ["reza"])]
    await house.later(minutes=10)
    assert calls(house)[1:] == [("again", ["reza"])]


async def test_what_was_given_up_begins_anew_when_the_rule_calls_again(houses: Houses) -> None:
    house = await paged(houses, more="[paging]\nsteps = 1\n")
    await house.later(minutes=10)
    await house.later(minutes=10)
    assert len(house.told(house.only(), PageGivenUp)) == 1
    await house.customer("lena@x", "Lena").writes("It is still an emergency!", thread="t1")
    assert [step for step, _ in calls(house)] == ["first", "leads", "first"]
    assert house.store.read_now(pages.given_up) == []


async def test_of_a_team_only_those_on_duty_are_called(houses: Houses) -> None:
    house = await paged(houses, "team:support")
    now, reza = house.clock.now(), house.agent("reza").who.id
    away = Absence(reza, now - timedelta(hours=1), now + timedelta(days=1))
    house.store.write_now(people.add_absence, away)
    await house.customer("nora@x", "Nora").writes("Another emergency")
    assert [len(one.agents) for one in house.told(house.conversations()[-1], Paged)] == [2]


async def joined(house: House) -> Conversation:
    """The younger of two conversations went into the older."""
    older, younger = house.conversations()
    await house.agent("mina").does(younger, "merge", into=older.reference)
    return house.conversations()[0]


async def test_what_is_called_for_in_two_that_become_one_is_called_for_once(houses: Houses) -> None:
    house = await paged(houses)
    await house.later(minutes=10)
    await house.customer("lena@x", "Lena").writes("Another emergency!", thread="t2")
    left = await joined(house)
    assert [one.step for one in house.store.read_now(pages.waiting, left.id)] == [2]
    await house.later(minutes=10)
    assert [one.step for one in house.told(left, Paged)][2:] == ["leads"], "the older call goes on, the other does not"
    await house.agent("reza").does(left, "acknowledge")
    await house.later(hours=1)
    assert len(house.told(left, PageAcknowledged)) == 1
    assert house.store.read_now(pages.waiting, left.id) == []


async def test_a_call_goes_on_where_that_of_the_other_conversation_was_given_up(houses: Houses) -> None:
    house = await paged(houses, more="[paging]\nsteps = 1\n")
    for _ in range(2):
        await house.later(minutes=10)
    await house.customer("lena@x", "Lena").writes("Another emergency!", thread="t2")
    left = await joined(house)
    assert house.store.read_now(pages.given_up) == [], "somebody is being called"
    await house.later(minutes=10)
    assert house.told(left, Paged)[-1].step == "leads"


async def test_whom_either_call_reached_is_told_who_has_it(houses: Houses) -> None:
    house = await paged(houses, "team:nights")
    assert calls(house) == [("first", ["sara"])]
    ids = [house.agent(handle).who.id for handle in ("sara", "reza")]
    house.store.write_now(people.put_team, "nights", "Nights", ids)
    await house.customer("lena@x", "Lena").writes("Another emergency!", thread="t2")
    left = await joined(house)
    assert len(letters(house, "reza")) == 1
    await house.agent("mina").does(left, "acknowledge")
    assert "Mina has this" in letters(house, "reza")[-1], (
        "it was the call of the conversation that is gone which reached him"
    )


async def test_two_rules_call_and_whoever_has_it_ends_both(houses: Houses) -> None:
    both = RULE.format(whom="agent:reza") + "\n" + RULE.format(whom="agent:mina").replace("on call", "second line")
    house = houses(rules={"10-a.toml": both}, who=everyone)
    await house.settle()
    await house.customer("lena@x", "Lena").writes("An emergency!", subject="Everything stopped")
    assert sorted(calls(house)) == [("first", ["mina"]), ("first", ["reza"])]
    await house.agent("mina").does(house.only(), "acknowledge")
    await house.later(hours=1)
    assert sorted(one.rule for one in house.told(house.only(), PageAcknowledged)) == ["on call", "second line"]
    assert len(calls(house)) == 2
    assert "Mina has this" in letters(house, "reza")[-1]
