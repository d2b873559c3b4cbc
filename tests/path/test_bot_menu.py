"""A bot's menu: commands and presses show screens, whatever else is written is a message, and nothing that was written is lost."""

import json
from datetime import timedelta
from typing import Any

import pytest

from inbox.domain import events as ev
from inbox.domain.acts import By
from inbox.domain.articles import About, Article, Audience, Folder, Words
from inbox.domain.choices import LONGEST_DATA
from inbox.domain.conversations import State
from inbox.domain.deliveries import DeliveryState
from inbox.domain.menu_steps import Step, step
from inbox.pipeline import articles as verbs
from inbox.pipeline.articles import Editor
from inbox.pipeline.bot_menu import WAITS
from inbox.pipeline.menu_guest import OFTEN
from inbox.store import articles, articles_counted, articles_enclosed, articles_parts, blocking, people
from inbox.store.unit import Unit
from tests.path.conftest import Houses
from tests.path.house import House
from tests.path.test_choices import MENU, RULES

CHAT = 'first_sync = "new"\nsubject = false\ncertain_sender = true\nmenu = "department"'
OWNER = Editor.of(None, By("owner", via="command"))
SARA, OMID = "sara@x", "omid@x"


@pytest.fixture
async def chat(houses: Houses) -> House:
    """A house whose channel is a bot."""
    opened = houses(channel=CHAT, more=MENU, rules={"10-all.toml": RULES})
    await opened.settle()
    return opened


def article(house: House, title: str, body: str = "Two weeks.", language: str = "en", **about: Any) -> Article:
    def work(unit: Unit) -> Article:
        made = verbs.create(
            unit, OWNER, About(about.pop("slug", ""), **about), language, Words(title, body), house.clock.now()
        )
        verbs.publish(unit, OWNER, made.id, language, house.clock.now())
        return articles.one(unit, made.id)

    return house.store.write_now(work)


def counts(house: House, one: Article) -> dict[str, int]:
    today = house.clock.now().date() - timedelta(days=1)
    return dict(house.store.read_now(articles_counted.counts, [one.id], today).get(one.id, {}))


async def says(house: House, text: str, who: str = SARA, **more: Any) -> None:
    """Somebody writes in their private chat."""
    await house.customer(who).writes(text, thread=who, **more)


async def presses(house: House, what: str | Step, who: str = SARA, **more: Any) -> None:
    """Somebody presses the button of that label on the last screen, or whatever data they like."""
    data = what.data if isinstance(what, Step) else dict(screen(house, who)["offers"]).get(what, what)
    number = len(house.verdicts())
    said = {"kind": "button", "key": f"b{number}", "sender": {"address": who}, "thread": who, "data": data}
    house.network.offer("support@acme", json.dumps({**said, "query": f"q{number}", **more}).encode())
    await house.settle()


def screen(house: House, who: str = SARA) -> dict[str, Any]:
    """What they were shown last, with the keys by which it was sent."""
    return house.customer(who).mails[-1]


def labels(house: House, who: str = SARA) -> list[str]:
    return [label for label, _ in screen(house, who)["offers"]]


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


# -- articles ----------------------------------------------------------------------------------------------------------
async def test_articles_are_found_by_folder_read_and_enough(chat: House) -> None:
    one = article(
        chat,
        "How long do refunds take?",
        "## When\n\nIn **two** weeks.\n\n::: note\nBanks sleep.\n:::",
        folder="billing/refunds",
    )
    chat.store.write_now(articles_enclosed.set_folder, Folder("billing", {"en": "Bills", "fa": "صورت‌حساب"}))
    await says(chat, "/menu")
    await presses(chat, "Answers")
    assert labels(chat)[0] == "📁 Bills"
    await presses(chat, "📁 Bills")
    assert screen(chat)["text"] == "Bills"
    await presses(chat, "📁 refunds")
    await presses(chat, "How long do refunds take?")
    assert screen(chat)["text"] == "How long do refunds take?\n\nWhen\n\nIn two weeks.\n\nℹ️ Note\n│ Banks sleep."
    await presses(chat, "✅ That answered it")
    assert screen(chat)["text"].startswith("Good to know.")
    await presses(chat, Step("en", "solved", (str(one.id),)))
    assert counts(chat, one) == {"opened": 1, "solved": 1}, "once in a chat"
    assert chat.conversations() == []


async def test_a_long_list_goes_on_and_a_long_article_is_cut_between_passages(houses: Houses) -> None:
    portal = '[channel.portal]\nkind = "pages"\naddress = "portal"\nfirst_sync = "new"\nportal = true\n'
    site = 'public_url = "https://help.acme.example"\n'
    house = houses(channel=CHAT, site=site, more=MENU + portal, rules={"10-all.toml": RULES})
    await house.settle()
    for number in range(19):
        long = article(house, f"Article {number:02}", "\n\n".join(f"Passage {n}: " + "words " * 80 for n in range(40)))
    await presses(house, Step("en", "articles"))
    seen = [one for one in labels(house) if one.startswith("Article")]
    for _ in range(2):
        await presses(house, "More")
        seen += [one for one in labels(house) if one.startswith("Article")]
    assert seen == [f"Article {number:02}" for number in range(19)]
    assert "More" not in labels(house)
    await presses(house, Step("en", "article", (str(long.id),)))
    text = screen(house)["text"]
    assert len(text) < 4000
    assert text.endswith(f"words\n\nThe rest stands here: https://help.acme.example/help/en/{long.slug}")


async def test_what_is_not_for_them_or_not_there_any_more_is_as_if_it_were_not(chat: House) -> None:
    inner = article(chat, "Ours alone", audience=Audience.AGENTS, folder="secret")
    gone = article(chat, "Withdrawn")
    chat.store.write_now(lambda unit: verbs.withdraw(unit, OWNER, gone.id, "en", chat.clock.now()))
    await says(chat, "/menu")
    assert "Answers" not in labels(chat), "there is nothing to read"
    for data in (
        f"article:{inner.id}",
        f"article:{gone.id}",
        f"solved:{inner.id}",
        "article:99",
        "article:x",
        "articles:0123456789",
    ):
        await presses(chat, f"menu:en:{data}")
        assert screen(chat)["text"] == "That is not here any more.", data
    await says(chat, "/search ours")
    assert "nothing about" in screen(chat)["text"]
    assert (counts(chat, inner), counts(chat, gone)) == ({}, {})


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
    await says(chat, "Then I write.")
    assert chat.verdicts()[-1] == "accepted"
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


async def test_an_article_that_is_enough_closes_the_request_it_was_offered_for(chat: House) -> None:
    one = article(chat, "Refunds")
    await says(chat, "When do I get my money?")
    matter = chat.only()
    await presses(chat, Step("en", "solved", (str(one.id), str(matter.id))), OMID)
    assert chat.only().state is State.OPEN, "another's is as if it were not there"
    await presses(chat, Step("en", "solved", (str(one.id), str(matter.id))))
    assert chat.only().state is State.DONE
    assert screen(chat)["text"].startswith(f"Good to know. Your request {matter.reference} is done.")
    assert chat.log(matter)[-1].actor.kind in ("contact", "house", "rule")
    await says(chat, "It is not, after all.")
    assert chat.only().state is State.OPEN


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


async def test_the_first_answer_offers_what_is_likely_to_be_it_as_a_button(chat: House) -> None:
    one = article(chat, "How long do refunds take?", "A refund takes two weeks.")
    await says(chat, "How long do refunds take?")
    matter = chat.only()
    told = screen(chat)
    assert "Perhaps this answers it: How long do refunds take?" in told["text"]
    assert labels(chat)[-1] == "📄 How long do refunds take?"
    await presses(chat, labels(chat)[-1], about=told["key"])
    assert "replaces" not in screen(chat)
    await presses(chat, "I still need a person")
    assert screen(chat)["text"].startswith(f"We have your request {matter.reference}. You ")
    assert counts(chat, one) == {"shown": 1, "opened": 1, "left": 1}
    await presses(chat, Step("en", "article", (str(one.id), str(matter.id))))
    await presses(chat, "✅ That answered it")
    assert chat.only().state is State.DONE
    assert chat.store.read_now(articles_parts.parts, matter.id) == {one.id: ("offered", "solved")}


async def test_what_was_read_before_a_message_was_not_enough_for_it(chat: House) -> None:
    one = article(chat, "How long do refunds take?", "A refund takes two weeks.")
    await presses(chat, Step("en", "article", (str(one.id),)))
    await chat.later(seconds=5)
    await says(chat, "How long do refunds take?")
    assert chat.store.read_now(articles_parts.parts, chat.only().id) == {one.id: ("read",)}
    assert "Perhaps" not in screen(chat)["text"], "it is not offered again"
    await chat.later(seconds=5)
    await says(chat, "Please.")
    assert counts(chat, one)["left"] == 1


async def test_what_an_agent_has_answered_no_article_closes(chat: House) -> None:
    one = article(chat, "Refunds")
    await says(chat, "When do I get my money?")
    matter = chat.only()
    await chat.agent("reza").replies(matter, "Tomorrow.")
    await presses(chat, Step("en", "solved", (str(one.id), str(matter.id))))
    assert chat.only().state is State.WAITING
