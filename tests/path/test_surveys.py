"""Surveys: who is asked how it went, once and when; whom we never ask; and what an answer does."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from inbox.domain.conversations import State
from inbox.domain.events import Noted, Noticed
from inbox.domain.ratings import Rated, Survey
from inbox.domain.rule_events import Notified
from inbox.pipeline import survey_links
from inbox.pipeline.rate import rate
from inbox.store import surveys
from inbox.store.surveys import Asked
from tests.path.conftest import Houses
from tests.path.house import House

PORTAL = '[channel.portal]\nkind = "pages"\naddress = "portal"\nfirst_sync = "new"\nportal = true\n'
SURVEY = "[survey]\ncsat = true\n"
URL = 'public_url = "https://help.acme.example"\n'
RULES = """
[[rule]]
name = "default"
then.acknowledgement = "acknowledgement"

[[rule]]
name = "unhappy"
on = "rating-given"
when.rating = { kind = "csat", score.at_most = 2 }
then.state = "open"
then.note = "They are unhappy."
"""


async def opened(
    houses: Houses, survey: str = SURVEY, channel: str = 'first_sync = "new"', rules: str = RULES
) -> House:
    house = houses(channel=channel, site=URL, more=survey + PORTAL, rules={"10-all.toml": rules})
    await house.settle()
    return house


async def helped(house: House, address: str = "sara@x", **more: Any) -> None:
    """A matter that somebody answered, and that is done."""
    customer = house.customer(address, "Sara Ahmadi")
    await customer.writes("Where is my parcel?", subject="Parcel", **more)
    matter = house.conversations()[-1]
    await house.agent("reza").replies(matter, "On its way.")
    await house.agent("reza").does(matter, "done")


def asked(house: House) -> list[str]:
    """Who was asked, oldest first."""
    log = [event for matter in house.conversations() for event in house.log(matter)]
    return [e.payload.address for e in log if isinstance(e.payload, Noticed) and e.payload.about in ("csat", "nps")]


def survey(house: House, kind: Survey = Survey.CSAT, which: int = -1) -> Asked:
    found = house.store.read_now(surveys.of, kind, house.conversations()[which].id)
    assert found is not None
    return found


def answer(house: House, score: int, comment: str | None = "", kind: Survey = Survey.CSAT, which: int = -1) -> bool:
    known, now = survey(house, kind, which), house.clock.now()
    return house.store.write_now(rate, known, score, comment, "link", "support", house.playbook(), now)


# -- who is asked ------------------------------------------------------------------------------------------------------
async def test_whose_matter_is_done_is_asked_once_an_hour_later(houses: Houses) -> None:
    house = await opened(houses)
    await helped(house)
    await house.later(minutes=59)
    assert asked(house) == []
    await house.later(minutes=1)
    assert asked(house) == ["sara@x"]
    mail = house.mails_to("sara@x")[-1]
    links = re.findall(r"https://help\.acme\.example(/portal/r/\S+)\?score=(\d)", mail["text"])
    assert [score for _, score in links] == ["1", "2", "3", "4", "5"]
    assert mail["automatic"] == "auto-reply"
    assert not any("/portal/r/" in said.text for said in house.said(house.only()))
    await house.later(days=20)
    assert asked(house) == ["sara@x"]
    assert house.only().state is State.DONE


async def test_nobody_is_asked_unless_a_site_says_so(houses: Houses) -> None:
    house = await opened(houses, survey="")
    await helped(house)
    await house.later(hours=2)
    assert asked(house) == []


async def test_what_opened_again_meanwhile_is_not_asked_about_until_it_is_done_again(houses: Houses) -> None:
    house = await opened(houses)
    await helped(house)
    await house.later(minutes=30)
    await house.customer("sara@x").answers("It is not here!")
    await house.later(hours=3)
    assert asked(house) == []
    await house.agent("reza").replies(house.only(), "Now it is.")
    await house.agent("reza").does(house.only(), "done")
    await house.later(hours=1)
    assert asked(house) == ["sara@x"]
    await house.customer("sara@x").answers("Thank you")
    await house.agent("reza").does(house.only(), "done")
    await house.later(hours=2)
    assert asked(house) == ["sara@x"]


async def test_one_customer_is_left_alone_for_a_month(houses: Houses) -> None:
    house = await opened(houses)
    await helped(house)
    await house.later(hours=1)
    await helped(house)
    await helped(house, "omid@x")
    await house.later(hours=1)
    assert asked(house) == ["sara@x", "omid@x"]
    assert survey(house, which=1).why == "survey.asked_lately"
    await house.later(days=30)
    await helped(house)
    await house.later(hours=1)
    assert asked(house).count("sara@x") == 2


@pytest.mark.parametrize(
    ("more", "why"),
    [({"automatic": "bulk"}, "silent.machine"), ({"authentication": "fail"}, "silent.unproved")],
)
async def test_machines_and_addresses_that_proved_nothing_are_not_asked(
    houses: Houses, more: dict[str, str], why: str
) -> None:
    house = await opened(houses)
    await helped(house, **more)
    await house.later(hours=1)
    assert (asked(house), survey(house).why) == ([], why)


async def test_where_verdicts_are_known_none_is_not_enough(houses: Houses) -> None:
    house = await opened(houses, channel='first_sync = "new"\nverdicts = true')
    await helped(house)
    await house.later(hours=1)
    assert (asked(house), survey(house).why) == ([], "silent.unproved")


async def test_a_blocked_person_is_not_asked(houses: Houses) -> None:
    house = await opened(houses)
    await helped(house)
    await house.agent("sara").does(house.only(), "block")
    await house.later(hours=1)
    assert (asked(house), survey(house).why) == ([], "survey.blocked")


async def test_what_nobody_answered_is_not_asked_about_and_spam_never(houses: Houses) -> None:
    house = await opened(houses)
    await house.customer("sara@x").writes("Just so you know.")
    await house.agent("reza").does(house.only(), "done")
    await helped(house, "spam@x")
    await house.agent("reza").does(house.conversations()[-1], "spam")
    await house.later(hours=1)
    assert asked(house) == []
    assert survey(house, which=0).why == "survey.unanswered"


async def test_old_mail_is_not_asked_about(houses: Houses) -> None:
    house = houses(channel='first_sync = "import"', site=URL, more=SURVEY + PORTAL, rules={"10-all.toml": RULES})
    house.network.write("old@x", "support@acme", "Years ago", language="en")
    await house.settle()
    assert house.only().history
    await house.later(hours=2)
    assert asked(house) == []


@pytest.mark.parametrize("more", ["share = 0.0", 'teams = ["nights"]'])
async def test_a_site_says_of_how_many_and_for_whom(houses: Houses, more: str) -> None:
    house = await opened(houses, survey=f"{SURVEY}{more}\n")
    await helped(house)
    await house.later(hours=1)
    assert asked(house) == []
    assert survey(house).why in ("survey.not_drawn", "survey.not_here")


async def test_the_budgets_of_automatic_mail_hold_here_too(houses: Houses) -> None:
    house = await opened(houses, survey=f"{SURVEY}[automatic]\nacknowledgements_per_address = 1\n")
    await helped(house)
    await house.later(hours=1)
    assert (asked(house), survey(house).why) == ([], "silent.budget_address")


async def test_what_was_done_while_surveys_were_off_stays_unasked(houses: Houses) -> None:
    house = await opened(houses, survey="")
    await helped(house)
    clock, network = house.clock, house.network
    clock.advance(timedelta(days=2))
    house = houses(site=URL, more=SURVEY + PORTAL, rules={"10-all.toml": RULES}, clock=clock, network=network)
    await house.settle()
    assert asked(house) == []


# -- what an answer does -----------------------------------------------------------------------------------------------
async def test_an_answer_is_a_fact_and_no_message(houses: Houses) -> None:
    house = await opened(houses)
    await helped(house)
    await house.later(hours=1)
    before = house.only()
    assert answer(house, 4, " Quick! ")
    assert answer(house, 4, "Quick!")
    (told,) = house.told(house.only(), Rated)
    assert (told.survey, told.score, told.scale, told.comment, told.how) == (Survey.CSAT, 4, 5, "Quick!", "link")
    after = house.only()
    assert (after.state, after.messages, after.waiting_since, after.acted_at) == (
        State.DONE,
        before.messages,
        None,
        before.acted_at,
    )


async def test_the_latest_answer_counts_and_each_is_on_record(houses: Houses) -> None:
    house = await opened(houses)
    await helped(house)
    await house.later(hours=1)
    assert answer(house, 5)
    await house.later(days=1)
    assert answer(house, 3, "On second thought")
    assert [told.score for told in house.told(house.only(), Rated)] == [5, 3]
    assert (survey(house).score, survey(house).comment) == (3, "On second thought")
    await house.later(days=13)
    assert not answer(house, 1)
    assert survey(house).score == 3


@pytest.mark.parametrize("score", [0, 6, -1, 100])
async def test_a_score_off_the_scale_is_none(houses: Houses, score: int) -> None:
    house = await opened(houses)
    await helped(house)
    await house.later(hours=1)
    assert not answer(house, score)
    assert house.told(house.only(), Rated) == []


async def test_a_rule_opens_what_somebody_is_unhappy_with(houses: Houses) -> None:
    house = await opened(houses)
    await helped(house)
    await house.later(hours=1)
    assert answer(house, 3)
    assert house.only().state is State.DONE
    assert answer(house, 2)
    assert house.only().state is State.OPEN
    assert [told.excerpt for told in house.told(house.only(), Noted)] == ["They are unhappy."]


async def test_a_link_is_good_for_what_it_says_and_until_then(houses: Houses) -> None:
    house = await opened(houses)
    await helped(house)
    await house.later(hours=1)
    one = survey(house)
    assert one.ends_at is not None
    token = survey_links.link(one, one.ends_at, house.playbook()).rpartition("/")[2]

    def open_(written: str) -> object:
        return house.store.read_now(survey_links.opened, written, house.playbook(), house.clock.now())

    assert open_(token) == one
    matter, contact, day, seal = token.split("-")[1:]
    for wrong in (
        f"nps-{matter}-{contact}-{day}-{seal}",
        f"csat-{matter}-{contact}-29991231-{seal}",
        f"csat-{matter}-{int(contact) + 1}-{day}-{seal}",
        f"csat-{int(matter) + 1}-{contact}-{day}-{seal}",
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        "",
        "csat",
    ):
        assert open_(wrong) is None
    await house.later(days=14)
    assert open_(token) is None


# -- in chats ----------------------------------------------------------------------------------------------------------
async def presses(house: House, data: str, sender: str = "sara@x") -> None:
    number = len(house.verdicts())
    said = {"kind": "button", "key": f"b{number}", "sender": {"address": sender}, "thread": "sara@x", "data": data}
    house.network.offer("support@acme", json.dumps({**said, "query": f"q{number}"}).encode())
    await house.settle()


async def test_a_chat_is_asked_with_buttons_and_only_whom_we_asked_can_press_them(houses: Houses) -> None:
    house = await opened(houses, channel='first_sync = "new"\nsubject = false\ncertain_sender = true')
    await helped(house, thread="sara@x")
    await house.later(hours=1)
    offered = house.mails_to("sara@x")[-1]["offers"]
    assert [label for label, _ in offered] == ["😞 1", "🙁 2", "😐 3", "🙂 4", "😀 5"]
    await presses(house, offered[3][1])
    assert [(told.score, told.how) for told in house.told(house.only(), Rated)] == [(4, "button")]
    assert house.toasts[-1].key == "toast.rated"
    await house.customer("omid@x").writes("Hello", thread="omid@x")
    await presses(house, offered[0][1], "omid@x")
    await presses(house, "rate:999:1")
    assert house.verdicts()[-2:] == ["ignored ignored.rating_of_another"] * 2
    await house.later(days=14)
    await presses(house, offered[0][1])
    assert house.verdicts()[-1] == "ignored ignored.rating_too_late"
    assert survey(house, which=0).score == 4


# -- now and then ------------------------------------------------------------------------------------------------------
async def test_customers_are_asked_for_a_recommendation_now_and_then(houses: Houses) -> None:
    house = await opened(houses, survey="[survey]\nnps = true\n")
    await helped(house)
    await helped(house)
    await house.later(hours=1)
    assert asked(house) == []
    await house.later(days=13)
    assert asked(house) == []
    await house.later(days=1)
    assert asked(house) == ["sara@x"]
    assert "how likely are you to recommend" in house.mails_to("sara@x")[-1]["text"]
    assert answer(house, 10, kind=Survey.NPS, which=0)
    await helped(house)
    await house.later(hours=1)
    await house.later(days=89)
    assert len(asked(house)) == 1
    await house.later(days=1)
    assert len(asked(house)) == 2
    await house.later(days=300)
    assert len(asked(house)) == 2


async def test_it_waits_until_another_survey_is_long_past(houses: Houses) -> None:
    house = await opened(houses, survey=f'{SURVEY}after = "2 days"\nnps = true\nnps_quiet = "14 days"\n')
    await helped(house)
    await house.later(days=2)
    assert asked(house) == ["sara@x"]
    await house.later(days=13, hours=23)
    assert len(asked(house)) == 1
    await house.later(hours=1)
    assert len(asked(house)) == 2


async def test_rules_tell_whom_they_name_of_a_rating(houses: Houses) -> None:
    tell = '[[rule]]\nname = "tell"\non = "rating-given"\nwhen.rating.score.at_most = 2\nthen.notify = ["assignee", "agent:sara"]\n'
    house = await opened(houses, rules=tell)
    await helped(house)
    await house.later(hours=1)
    assert answer(house, 1)
    told = {agent for one in house.told(house.only(), Notified) for agent in one.agents}
    assert told == {house.agent(name).who.id for name in ("reza", "sara")}


async def test_an_answer_comes_into_the_conversation_that_goes_on(houses: Houses) -> None:
    house = await opened(houses)
    await helped(house)
    await house.later(hours=1)
    await house.customer("sara@x").writes("Something else", subject="Another")
    first, second = house.conversations()
    await house.agent("reza").does(second, "merge", into=first.reference)
    into = next(one for one in house.conversations() if one.merged_into is None)
    assert answer(house, 5, which=0)
    assert [told.score for told in house.told(into, Rated)] == [5]
