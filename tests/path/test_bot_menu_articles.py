"""Articles in a bot's menu: found, read, offered with the acknowledgement, enough or not; and what is not theirs to read."""

import pytest

from inbox.domain.articles import Audience, Folder
from inbox.domain.conversations import State
from inbox.domain.menu_steps import Step
from inbox.pipeline import articles as verbs
from inbox.store import articles_enclosed, articles_parts
from tests.path.conftest import Houses
from tests.path.house import House
from tests.path.menus import CHAT, OMID, OWNER, article, counts, labels, presses, says, screen
from tests.path.test_choices import MENU, RULES


@pytest.fixture
async def chat(houses: Houses) -> House:
    """A house whose channel is a bot."""
    opened = houses(channel=CHAT, more=MENU, rules={"10-all.toml": RULES})
    await opened.settle()
    return opened


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


async def test_an_article_that_is_enough_closes_the_request_it_was_offered_for(chat: House) -> None:
    one = article(chat, "How long do refunds take?", "A refund takes two weeks.")
    other = article(chat, "Parcels")
    await says(chat, "How long do refunds take?")
    matter = chat.only()
    await presses(chat, Step("en", "solved", (str(one.id), str(matter.id))), OMID)
    assert chat.only().state is State.OPEN, "another's is as if it were not there"
    await presses(chat, Step("en", "solved", (str(other.id), str(matter.id))))
    assert chat.only().state is State.OPEN, "that article was not offered in it"
    await presses(chat, Step("en", "solved", (str(one.id), str(matter.id))))
    assert chat.only().state is State.DONE
    assert screen(chat)["text"].startswith(f"Good to know. Your request {matter.reference} is done.")
    assert chat.log(matter)[-1].actor.kind in ("contact", "house", "rule")
    await says(chat, "It is not, after all.")
    assert chat.only().state is State.OPEN


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
