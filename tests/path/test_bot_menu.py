"""A bot's menu: commands and presses show screens, whatever else is written is a message, and nothing that was written is lost."""

from typing import Any

import pytest

from inbox.domain import events as ev
from inbox.domain.choices import LONGEST_DATA
from inbox.domain.deliveries import DeliveryState
from inbox.domain.menu_steps import Step, step
from inbox.pipeline.bot_menu import WAITS
from inbox.pipeline.menu_guest import OFTEN
from inbox.store import blocking, people
from tests.path.conftest import Houses
from tests.path.house import House
from tests.path.menus import CHAT, OMID, SARA, article, counts, labels, presses, says, screen
from tests.path.test_choices import MENU, RULES


@pytest.fixture
async def chat(houses: Houses) -> House:
    """A house whose channel is a bot."""
    opened = houses(channel=CHAT, more=MENU, rules={"10-all.toml": RULES})
    await opened.settle()
    return opened


# -- the beginning -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "words", ["/start", "/menu", "/help", "/menu@acme_bot", "menu", " Help ", "منو", "راهنما", "/منو"]
)
async def test_a_command_shows_the_menu_and_is_no_conversation(chat: House, words: str) -> None:
    article(chat, "Refunds")
    await says(chat, words)
    assert chat.verdicts() == ["accepted menu"]
    assert chat.conversations() == []
    assert chat.store.read_now(people.known, "memory", SARA) is None, "nobody is met by it"
    (shown,) = chat.deliveries()
    assert (shown.screen, shown.message, shown.conversation, shown.state) == (True, 0, 0, DeliveryState.SENT)
    assert len(labels(chat)) == 6


async def test_the_menu_speaks_the_language_of_the_words_and_can_be_had_in_the_other(chat: House) -> None:
    await says(chat, "منو")
    assert labels(chat) == ["انتخاب موضوع", "درخواست من کجاست؟", "گفتگو با یک نفر", "English"]
    await presses(chat, "English")
    assert labels(chat) == ["Choose a topic", "Where is my request?", "Talk to a person", "فارسی"]
    assert "Acme" in screen(chat)["text"]


@pytest.mark.parametrize("words", ["/start 4711", "help me", "/menu please", "منوی شما کجاست؟", "/unknown"])
async def test_whatever_is_no_command_is_a_message(chat: House, words: str) -> None:
    await says(chat, words)
    assert chat.verdicts() == ["accepted"]
    assert chat.only().messages == 2, "acknowledged"


@pytest.mark.parametrize("words", ["/requests", "/portal", "درخواست‌های من"])
async def test_without_a_portal_requests_are_shown_in_the_chat(chat: House, words: str) -> None:
    await says(chat, words)
    assert chat.verdicts() == ["accepted menu"]


async def test_a_bot_without_a_menu_takes_all_of_it_as_messages(houses: Houses) -> None:
    house = houses(channel=CHAT + "\nself_service = false", more=MENU, rules={"10-all.toml": RULES})
    await house.settle()
    await says(house, "/menu")
    await presses(house, Step("en", "mine"))
    assert house.verdicts() == ["accepted", "ignored ignored.button_unknown"]


async def test_a_screen_changes_in_place_and_no_message_of_ours_does(chat: House) -> None:
    await says(chat, "/menu")
    shown = screen(chat)["key"]
    await presses(chat, "Talk to a person", about=shown)
    assert screen(chat)["replaces"] == shown
    await presses(chat, "Menu", about=shown)
    assert screen(chat)["replaces"] == shown, "wherever it has been since"
    await says(chat, "Hello")
    told = screen(chat)["key"]
    await presses(chat, Step("en", "mine"), about=told)
    assert "replaces" not in screen(chat), "an acknowledgement stays what it is"


async def test_every_screen_has_a_way_to_a_person_and_back(chat: House) -> None:
    one = article(chat, "Refunds", folder="billing")
    steps = [
        ("topics",),
        ("topic", "sales"),
        ("articles",),
        ("article", one.id),
        ("find",),
        ("mine",),
        ("article", 999),
    ]
    for verb, *rest in steps:
        await presses(chat, Step("en", "top").to(verb, *rest))  # type: ignore[arg-type]  # each of them is a verb
        data = [step(one) for _, one in screen(chat)["offers"]]
        verbs_there = {one.verb for one in data if one is not None}
        assert "top" in verbs_there, verb
        assert "person" in verbs_there or verb == "topic", verb
    assert all(len(data.encode()) <= LONGEST_DATA for _, data in screen(chat)["offers"])


# -- topics ------------------------------------------------------------------------------------------------------------
async def test_a_topic_that_is_chosen_first_is_that_of_the_next_message(chat: House) -> None:
    await says(chat, "/start")
    await presses(chat, "Choose a topic")
    assert screen(chat)["text"] == "What is it about?"
    await presses(chat, "Billing")
    assert screen(chat)["text"].startswith("Billing: write here what it is about. If you write now, ")
    assert chat.conversations() == []
    await says(chat, "You charged me twice.")
    matter = chat.only()
    assert dict(matter.fields) == {"department": "billing"}
    assert matter.team is not None, "rules saw it"
    assert "What is it about?" not in screen(chat)["text"], "nobody is asked again"


async def test_a_topic_is_forgotten_after_a_while_and_by_a_message(chat: House) -> None:
    await presses(chat, Step("en", "topic", ("billing",)))
    await chat.later(hours=2)
    await says(chat, "Something")
    assert chat.only().fields == ()
    await presses(chat, Step("en", "topic", ("board",)), OMID)
    await says(chat, "Something", OMID)
    assert chat.conversations()[1].fields == (), "what nobody offers cannot be chosen"


async def test_a_topic_in_an_open_conversation_is_noted_there(chat: House) -> None:
    await says(chat, "Hello")
    await presses(chat, Step("en", "topic", ("billing",)))
    matter = chat.only()
    assert dict(matter.fields) == {"department": "billing"}
    assert screen(chat)["text"].startswith(f"Your request {matter.reference} is about this now: Billing.")


# -- searching ---------------------------------------------------------------------------------------------------------
async def test_words_are_looked_for_only_right_after_they_were_asked_for(chat: House) -> None:
    one = article(chat, "How long do refunds take?")
    await says(chat, "/menu")
    await presses(chat, "Search the answers")
    await says(chat, "refunds")
    assert chat.verdicts()[-1] == "accepted menu-search"
    assert labels(chat) == ["How long do refunds take?", "Send these words to a person", "Menu"]
    assert counts(chat, one) == {"shown": 1}
    await says(chat, "refunds")
    assert chat.verdicts()[-1] == "accepted", "the second is a message"
    assert chat.only().messages == 2


@pytest.mark.parametrize(
    ("words", "more"),
    [
        ("My parcel of last week has not arrived yet, and nobody picks up the phone. What now?", {}),
        ("refund\nand another thing", {}),
        ("one two three four five six seven eight nine ten eleven", {}),
        ("refund", {"references": ["something-of-ours"]}),
        ("/unknown", {}),
    ],
)
async def test_what_does_not_look_like_words_to_look_for_is_a_message(chat: House, words: str, more: Any) -> None:
    await presses(chat, Step("en", "find"))
    await says(chat, words, **more)
    assert chat.verdicts()[-1] == "accepted"


async def test_the_wish_to_search_ends_by_itself_and_by_going_elsewhere(chat: House) -> None:
    await presses(chat, Step("en", "find"))
    await presses(chat, Step("en", "top"))
    await says(chat, "refund")
    await presses(chat, Step("en", "find"), OMID)
    await chat.later(seconds=WAITS.total_seconds() + 1)
    await says(chat, "refund", OMID)
    assert chat.verdicts() == ["accepted menu", "accepted menu", "accepted", "accepted menu", "accepted"]


async def test_words_that_were_looked_for_go_to_a_person_without_being_typed_again(chat: House) -> None:
    await says(chat, "/search where is my parcel 4711")
    assert chat.conversations() == []
    await chat.later(minutes=1)
    passed = dict(screen(chat)["offers"])["Send these words to a person"]
    await presses(chat, passed)
    matter = chat.only()
    assert chat.said(matter)[0].text == "/search where is my parcel 4711"
    assert matter.messages == 2, "acknowledged"
    assert matter.waiting_since is not None
    assert matter.waiting_since < chat.clock.now(), "since it was written"
    await presses(chat, passed)
    for data, who in ((passed, OMID), ("menu:en:pass:2", SARA)):
        sent = step(data)
        assert sent is not None
        await presses(chat, sent, who)
    assert chat.verdicts()[1:] == [
        "accepted menu-passed",
        "duplicate duplicate.fingerprint",
        "ignored ignored.button_unknown",
        "ignored ignored.button_unknown",
    ]
    assert len(chat.conversations()) == 1
    assert [toast.key for toast in chat.toasts] == ["toast.passed", "toast.passed", "toast.not_open", "toast.not_open"]


# -- their own ---------------------------------------------------------------------------------------------------------
async def test_their_requests_stand_with_who_has_them_and_what_was_promised(chat: House) -> None:
    await presses(chat, Step("en", "mine"))
    assert screen(chat)["text"].startswith("There is no request of yours yet.")
    await says(chat, "My parcel has not arrived")
    matter = chat.only()
    await chat.agent("reza").does(matter, "take")
    await presses(chat, Step("en", "mine"))
    head, line = screen(chat)["text"].split("\n\n")
    assert head == "Your requests"
    first, standing, who = line.split("\n")
    assert first == f"{matter.reference} · My parcel has not arrived"
    assert standing.startswith(("You have our answer by ", "You hear from us how it stands by "))
    assert who == "Reza is looking after it."
    await chat.agent("reza").replies(matter, "Tomorrow.")
    await chat.agent("reza").does(chat.only(), "done")
    await presses(chat, Step("fa", "mine"))
    assert "انجام شده است." in screen(chat)["text"]
    await presses(chat, Step("en", "mine"), OMID)
    assert matter.reference not in screen(chat, OMID)["text"]


async def test_a_screen_wakes_nobody_and_takes_nothing_from_what_is_said_by_itself(chat: House) -> None:
    await says(chat, "Hello")
    before = chat.only()
    for _ in range(25):
        await presses(chat, Step("en", "mine"))
    assert chat.only() == before
    assert chat.told(before, ev.Noticed) == []
    await chat.agent("reza").does(before, "done")
    await chat.later(days=40)
    await says(chat, "Hello again")
    assert chat.told(chat.conversations()[1], ev.Acknowledged)


async def test_too_many_presses_are_told_so(chat: House) -> None:
    for _ in range(OFTEN):
        await presses(chat, Step("en", "top"))
    await presses(chat, Step("en", "top"))
    await says(chat, "/menu")
    assert chat.verdicts()[-2:] == ["ignored ignored.menu_too_often"] * 2
    assert chat.toasts[-1].key == "toast.too_often"
    for words in ("/search my parcel", "Then I write."):
        await says(chat, words)
        assert chat.verdicts()[-1] == "accepted", "nothing that was written is lost"
    await chat.later(minutes=11)
    await presses(chat, Step("en", "top"))
    assert chat.verdicts()[-1] == "accepted menu"


async def test_in_a_group_and_for_whoever_is_blocked_nothing_is_shown(chat: House) -> None:
    await chat.customer(SARA).writes("/menu", thread="-100")
    assert chat.verdicts() == ["accepted"], "a message, as ever"
    await presses(chat, Step("en", "mine"), thread="-100")
    known = chat.store.read_now(people.known, "memory", SARA)
    assert known is not None
    chat.store.write_now(blocking.block, known[1].id, None, chat.clock.now())
    await presses(chat, Step("en", "mine"))
    await says(chat, "/menu")
    assert chat.verdicts()[1:] == [
        "ignored ignored.button_unknown",
        "ignored ignored.blocked",
        "ignored ignored.blocked",
    ]
    assert [d for d in chat.deliveries() if d.screen] == []


@pytest.mark.parametrize(
    "data",
    [
        "menu:de:top",
        "menu:en:nothing",
        "menu:en",
        "menu:en:top:a b",
        "menu:en:article:" + "9" * 60,
        "menu:en:top:a:b:c:d",
    ],
)
def test_data_of_another_shape_is_no_step(data: str) -> None:
    assert step(data) is None
