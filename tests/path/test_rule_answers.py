"""What a rule answers by itself: where it goes, what it does not touch, and the silences with their reasons."""

import json
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from inbox.domain import events as ev
from inbox.domain.conversations import Conversation, State
from inbox.domain.deliveries import DeliveryState
from inbox.domain.outgoing import Purpose
from inbox.domain.people import Roster
from inbox.domain.rule_events import RuleReplied, RuleSilent
from inbox.rulebook.decision import Decision
from inbox.rulebook.match import evaluate
from inbox.site import catalogues
from inbox.store import decisions
from inbox.text.wording import load
from inbox.web.agents.timeline import Teller
from tests.path.conftest import Houses
from tests.path.house import House

WELCOME = '[[rule]]\nname = "welcome"\nthen.policy = "standard"\nthen.acknowledgement = "acknowledgement"\n'
QUIET = '[[rule]]\nname = "quiet"\nthen.acknowledgement = "none"\n'
NUDGE = (
    '[[rule]]\nname = "nudge"\non = "idle"\nwhen.idle = { for = "3 days (24x7)", since = "agent replied" }\n'
    'then.reply = "still-there"\n'
)
EACH = '[[rule]]\nname = "each"\non = ["conversation-opened", "message-received"]\nthen.reply = "still-there"\n'
SITES = (
    "{{ contact_name }}, {% if assignee %}{{ assignee }} of {{ team }}{% else %}nobody{% endif %} has {{ reference }}"
    "{% if opens_at is not none %}, we are closed until {{ opens_at|time }}, {{ promise_kind }}{% endif %}"
)


def written(site: Path, name: str, text: str) -> None:
    """A template of the site's own."""
    folder = site / "templates" / "messages" / name / "en"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "body.txt.j2").write_text(text, encoding="utf-8")


async def opened(houses: Houses, *rules: str, **more: object) -> House:
    house = houses(rules={"10-a.toml": "".join(rules)}, **more)
    await house.settle()
    return house


def silences(house: House, matter: Conversation | None = None) -> list[str]:
    """The reasons for which rules did not answer."""
    matters = [matter] if matter else house.conversations()
    return [told.reason for one in matters for told in house.told(one, RuleSilent)]


def answers(house: House) -> list[tuple[str, str]]:
    """(rule, template) of what rules answered."""
    log = [event for matter in house.conversations() for event in house.log(matter)]
    return [(event.actor.name, event.payload.template) for event in log if isinstance(event.payload, RuleReplied)]


async def test_who_does_not_answer_for_three_days_is_asked_once(houses: Houses) -> None:
    house = await opened(houses, WELCOME, NUDGE)
    sara = house.customer("sara@x", "Sara")
    await sara.writes("The site is down", subject="Down")
    await house.agent("reza").replies(house.only(), "Is it well now?")
    await house.later(days=2, hours=23)
    assert answers(house) == []
    await house.later(hours=1)
    assert answers(house) == [("nudge", "still-there")]
    mail = sara.mails[-1]
    assert mail["automatic"] == "auto-reply"
    assert mail["subject"] == "Re: Down"
    assert "have not heard from you since" in mail["text"]
    await house.later(days=30)
    assert len(answers(house)) == 1


async def test_it_ends_no_wait_stops_no_clock_and_keeps_no_promise(houses: Houses) -> None:
    house = await opened(houses, WELCOME, EACH)
    await house.customer("sara@x").writes("The site is down")
    matter = house.only()
    assert answers(house) == [("each", "still-there")]
    assert (matter.waiting_since is not None, matter.replied_at, matter.state) == (True, None, State.OPEN)
    assert house.clocks(matter)["first_reply"].stopped_at is None
    assert [promise.state.value for promise in house.promises(matter)] == ["open"]
    assert matter.messages == 3


async def test_the_acknowledgement_goes_first(houses: Houses) -> None:
    house = await opened(houses, WELCOME, EACH)
    await house.customer("sara@x").writes("The site is down")
    kinds = [type(event.payload) for event in house.log(house.only())]
    assert kinds.index(ev.Acknowledged) < kinds.index(RuleReplied)
    assert ["We have your message" in mail["text"] for mail in house.mails_to("sara@x")] == [True, False]


async def test_what_the_customer_answers_to_it_comes_back(houses: Houses) -> None:
    house = await opened(houses, QUIET, EACH)
    sara = house.customer("sara@x")
    await sara.writes("The site is down")
    await sara.answers("Yes, still.")
    assert house.only().messages == 3


async def test_once_in_each_waiting_so_two_robots_fall_silent(houses: Houses) -> None:
    house = await opened(houses, QUIET, EACH)
    robot = house.customer("robot@x")
    await robot.writes("Beep")
    for _ in range(4):
        await robot.answers("Beep beep")
    assert len(robot.mails) == 1
    assert silences(house) == ["silent.repeated"] * 4
    await house.agent("reza").replies(house.only(), "Hello?")
    await house.later(minutes=1)
    await robot.answers("Beep beep beep")
    assert len(answers(house)) == 2, "somebody answered: another waiting"


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ({"automatic": "bulk"}, "silent.machine"),
        ({"hops": 51}, "silent.hops"),
        ({"authentication": "fail"}, "silent.unproved"),
    ],
)
async def test_machines_and_strangers_get_none(houses: Houses, written: dict[str, Any], why: str) -> None:
    house = await opened(houses, QUIET, EACH)
    await house.customer("sara@x").writes("The site is down", **written)
    assert (silences(house), house.mails_to("sara@x")) == ([why], [])


async def test_an_absence_note_answers_for_nobody_and_is_answered_by_nobody(houses: Houses) -> None:
    """What the customer wrote last is what they wrote themselves: they are asked, and their machine is not."""
    house = await opened(
        houses,
        QUIET,
        NUDGE,
        EACH.replace(
            'on = ["conversation-opened", "message-received"]', 'on = "message-received"\nwhen.automatic = true'
        ),
    )
    sara = house.customer("sara@x")
    await sara.writes("The site is down")
    await house.agent("reza").replies(house.only(), "Is it well now?")
    await sara.answers("I am on holiday", automatic="auto-reply")
    assert (len(sara.mails), silences(house)) == (1, ["silent.machine"])
    await house.later(days=3)
    assert (len(sara.mails), answers(house)) == (2, [("nudge", "still-there")])
    await sara.answers("I am still on holiday", automatic="auto-reply")
    assert (len(sara.mails), silences(house)) == (2, ["silent.machine"] * 2)


async def test_spam_gets_none(houses: Houses) -> None:
    house = await opened(houses, QUIET, EACH.replace("then.reply", 'then.state = "spam"\nthen.reply'))
    await house.customer("sara@x").writes("Watches")
    assert silences(house) == ["silent.spam"]


async def test_who_cannot_be_reached_gets_none(houses: Houses) -> None:
    house = await opened(houses, QUIET, NUDGE)
    sara = house.customer("sara@x")
    await sara.writes("The site is down")
    await house.agent("reza").replies(house.only(), "Is it well now?")
    shut = {"kind": "reachability", "key": "b1", "address": "sara@x", "reachable": False, "reason": "blocked"}
    house.network.offer("support@acme", json.dumps(shut).encode())
    await house.settle()
    await house.later(days=3)
    assert (len(sara.mails), silences(house)) == (1, ["silent.unreachable"])


async def test_the_budgets_are_those_of_all_automatic_mail(houses: Houses) -> None:
    house = await opened(houses, WELCOME, EACH, more="[automatic]\nacknowledgements_per_address = 3")
    sara = house.customer("sara@x")
    await sara.writes("One")
    await sara.writes("Two")
    assert (len(sara.mails), silences(house)) == (3, ["silent.budget_address"])


async def test_a_first_sync_brakes_it_as_well(houses: Houses) -> None:
    house = houses(
        rules={"10-a.toml": QUIET + EACH},
        channel='first_sync = "answer"',
        more="[automatic]\nfirst_sync_acknowledgements = 2",
    )
    for number in range(4):
        house.network.write(f"{number}@x", "support@acme", "Old mail", language="en")
    await house.settle()
    assert len(answers(house)) == 2


async def test_an_answer_of_a_person_leaves_nothing_for_it_to_say(houses: Houses) -> None:
    house = await opened(houses, QUIET, EACH, more="[automatic]\nautomatic_per_minute = 1")
    for name in ("omid", "sara"):
        await house.customer(f"{name}@x").writes("The site is down")
    matter = house.conversations()[1]
    assert house.mails_to("sara@x") == [], "it waits for its minute"
    await house.agent("reza").replies(matter, "It is up.")
    await house.later(minutes=5)
    assert [mail["text"].startswith("It is up.") for mail in house.mails_to("sara@x")] == [True]
    assert [told.state for told in house.told(matter, ev.DeliverySettled)] == ["dropped", "sent"]


async def test_who_writes_again_before_it_left_is_not_asked_whether_they_are_there(houses: Houses) -> None:
    house = await opened(houses, QUIET, NUDGE, more="[automatic]\nautomatic_per_minute = 1")
    matters = []
    for name in ("omid", "sara"):
        await house.customer(f"{name}@x").writes("The site is down", thread=name)
        matters.append(house.conversations()[-1])
        await house.agent("reza").replies(matters[-1], "Is it well now?")
    await house.later(days=3)
    assert [len(house.mails_to(f"{name}@x")) for name in ("omid", "sara")] == [2, 1]
    await house.customer("sara@x").writes("No.", thread="sara")
    await house.later(minutes=5)
    assert len(house.mails_to("sara@x")) == 1


async def test_an_unknown_fate_is_let_go(houses: Houses) -> None:
    house = await opened(houses, QUIET, EACH)
    house.network.faults.drops_after_handed(accepted=False)
    await house.customer("sara@x").writes("The site is down")
    await house.later(minutes=16)
    assert [d.state for d in house.deliveries(Purpose.ANSWER)] == [DeliveryState.DROPPED]
    assert house.mails_to("sara@x") == []


async def test_a_template_of_the_site_is_given_what_is_so(houses: Houses, tmp_path: Path) -> None:
    written(tmp_path, "after-hours", SITES)
    rule = EACH.replace('then.reply = "still-there"', 'then.assign = "agent:reza"\nthen.reply = "after-hours"')
    house = await opened(houses, WELCOME, rule, channel='first_sync = "new"\nteam = "support"')
    await house.later(hours=12)
    await house.customer("sara@x", "Sara").writes("The site is down")
    text = house.mails_to("sara@x")[-1]["text"]
    assert text == "Sara, Reza of Support has K, we are closed until 08:30, answer".replace("K", house.only().reference)


async def test_the_same_template_may_be_the_first_answer(houses: Houses, tmp_path: Path) -> None:
    written(tmp_path, "after-hours", SITES)
    house = await opened(houses, WELCOME.replace('"acknowledgement"', '"after-hours"'))
    await house.customer("sara@x", "Sara").writes("The site is down")
    assert house.mails_to("sara@x")[-1]["text"].startswith("Sara, nobody has")


async def test_a_template_that_fails_stops_nobody(houses: Houses, tmp_path: Path) -> None:
    """It passed with every example; that it fails with Sara is no reason why nobody could close her conversation."""
    written(tmp_path, "bye", '{% if contact_name == "Sara" %}{{ open_now }}{% endif %}')
    bye = '[[rule]]\nname = "bye"\non = "state-changed"\nwhen.state = "done"\nthen.reply = "bye"\n'
    house = await opened(houses, QUIET, bye)
    await house.customer("sara@x", "Sara").writes("The site is down")
    await house.agent("reza").does(house.only(), "done")
    assert (house.only().state, silences(house)) == (State.DONE, ["silent.template"])


async def test_what_was_decided_is_decided_again_and_told(houses: Houses) -> None:
    house = await opened(houses, QUIET, EACH)
    await house.customer("sara@x").writes("The site is down")
    await house.customer("sara@x").writes("Still", automatic="bulk")
    for matter in house.conversations():
        for stored in house.store.read_now(decisions.of, matter.id):
            decision = Decision.from_json(stored.body)
            assert decision.effects.reply == "still-there"
            assert evaluate(house.playbook().rulebook, decision.facts) == decision
    teller = Teller(partial(load(catalogues()).say, "en"), "en", ZoneInfo("Asia/Tehran"), Roster())
    lines = [line for matter in house.conversations() for line in teller.told(house.log(matter))]
    told = {(line.who, line.words) for line in lines}
    assert ("Rule each", "Answered by itself with “still-there”") in told
    assert ("Rule each", "“still-there” was not sent: a machine wrote the message") in told
