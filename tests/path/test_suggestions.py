"""Articles in the path: our first answer offers what is likely to be the answer, and what became the answer is learnt from."""

import re
from datetime import timedelta
from typing import Any

import pytest

from inbox.domain.acts import By
from inbox.domain.articles import STRANGER, About, Audience, Part, Words
from inbox.domain.conversations import State
from inbox.domain.ids import ArticleId
from inbox.pipeline import articles as verbs
from inbox.pipeline import one_matter
from inbox.pipeline.articles import Editor
from inbox.pipeline.articles_solved import solved
from inbox.pipeline.suggest import suggest
from inbox.pipeline.suggestions_measured import measured
from inbox.store import articles, articles_counted, articles_parts
from inbox.store.unit import Unit
from tests.path.conftest import Houses
from tests.path.house import House

PORTAL = '[channel.portal]\nkind = "pages"\naddress = "portal"\nfirst_sync = "new"\nportal = true\n'
URL = 'public_url = "https://help.acme.example"\n'
RULES = '[[rule]]\nname = "default"\nthen.acknowledgement = "acknowledgement"\n'
QUESTION = "How long do refunds take? I want my money back."
OWNER = Editor.of(None, By("owner", via="command"))


def written(
    house: House, title: str, body: str, language: str = "en", audience: Audience = Audience.PUBLIC
) -> ArticleId:
    """A published article."""

    def unit(unit: Unit) -> ArticleId:
        now = house.clock.now()
        made = verbs.create(unit, OWNER, About("", audience=audience), language, Words(title, body), now)
        verbs.publish(unit, OWNER, made.id, language, now)
        return made.id

    return house.store.write_now(unit)


async def opened(houses: Houses, more: str = PORTAL, site: str = URL, channel: str = 'first_sync = "new"') -> House:
    house = houses(channel=channel, site=site, more=more, rules={"10-all.toml": RULES})
    await house.settle()
    return house


async def asked(house: House, text: str = QUESTION, **more: Any) -> str:
    """What our first answer says to that."""
    await house.customer("sara@x", "Sara Ahmadi").writes(text, subject=text[:30], **more)
    return str(house.mails_to("sara@x")[-1]["text"])


def parts(house: House, which: int = -1) -> dict[ArticleId, tuple[Part, ...]]:
    return dict(house.store.read_now(articles_parts.parts, house.conversations()[which].id))


def count(house: House, id: ArticleId, kind: str) -> int:
    since = (house.clock.now() - timedelta(days=2)).date()
    return house.store.read_now(articles_counted.counts, [id], since).get(id, {}).get(kind, 0)


# -- our first answer --------------------------------------------------------------------------------------------------
async def test_the_first_answer_offers_what_is_likely_to_be_it(houses: Houses) -> None:
    house = await opened(houses)
    id = written(house, "How long do refunds take?", "The money goes back to the card.")
    written(house, "Where is my order?", "Every parcel has a number.")
    told = await asked(house)
    assert "Perhaps this answers it" in told
    assert "How long do refunds take?" in told
    assert "Where is my order?" not in told
    link = re.search(r"https://help\.acme\.example/help/en/how-long-do-refunds-take\?for=(\S+)", told)
    assert link
    matter = house.conversations()[-1]
    found = house.store.read_now(one_matter.opened, link[1], house.playbook(), house.clock.now())
    assert found is not None
    assert found[0] == matter.reference
    assert parts(house) == {id: ("offered",)}
    assert count(house, id, "shown") == 1


async def test_in_persian_as_well(houses: Houses) -> None:
    house = await opened(houses)
    written(house, "بازگشت وجه چقدر طول می‌کشد؟", "پول به همان کارت برمی‌گردد.", "fa")
    told = await asked(house, "سلام، بازگشت وجه چقدر طول مي‌كشد؟", language="fa")
    assert "شاید پاسخ همین باشد" in told
    assert "بازگشت وجه چقدر طول می‌کشد؟" in told


@pytest.mark.parametrize(
    ("text", "more", "site"),
    [
        ("Thank you for the lovely evening!", PORTAL, URL),
        ("The refund did not arrive at my sister's, who moved", PORTAL, URL),
        (QUESTION, PORTAL + "[suggestions]\nacknowledgement = false\n", URL),
        (QUESTION, PORTAL + "[suggestions]\nabove = 1.0\n", URL),
        (QUESTION, "", URL),
        (QUESTION, PORTAL, ""),
    ],
)
async def test_nothing_is_offered_that_is_not_sure_enough_or_that_nobody_can_open(
    houses: Houses, text: str, more: str, site: str
) -> None:
    house = await opened(houses, more, site)
    written(house, "How long do refunds take?", "The money goes back to the card.")
    assert "Perhaps" not in await asked(house, text)
    assert parts(house) == {}


async def test_what_is_for_us_alone_is_never_offered(houses: Houses) -> None:
    house = await opened(houses)
    written(house, "How long do refunds take?", "The money goes back.", audience=Audience.AGENTS)
    assert "Perhaps" not in await asked(house)


async def test_whoever_proved_nothing_is_offered_nothing(houses: Houses) -> None:
    house = await opened(houses)
    written(house, "How long do refunds take?", "The money goes back to the card.")
    assert "refunds take" not in await asked(house, authentication="fail")
    assert parts(house) == {}


async def test_what_they_had_read_before_they_wrote_is_not_offered_again_and_was_not_enough(houses: Houses) -> None:
    house = await opened(houses)
    id = written(house, "How long do refunds take?", "The money goes back to the card.")
    told = await asked(house, offered=("how-long-do-refunds-take",), read=("how-long-do-refunds-take", "no-such", "\0"))
    assert "Perhaps" not in told
    assert set(parts(house)[id]) == {"offered", "read"}
    assert (count(house, id, "left"), count(house, id, "shown")) == (1, 0)


# -- what became the answer --------------------------------------------------------------------------------------------
async def test_an_article_that_our_answer_links_to_is_learnt_once_the_matter_is_done(houses: Houses) -> None:
    house = await opened(houses)
    id = written(house, "Descaling", "Use vinegar.")
    await asked(house, "My blender rattles loudly")
    matter, reza = house.conversations()[-1], house.agent("reza")
    await reza.replies(
        matter, "See https://help.acme.example/help/en/descaling, please. Or https://else.example/help/en/descaling"
    )
    assert parts(house) == {id: ("linked",)}
    assert "Perhaps" not in await asked(house, "The blender rattles so loudly")
    await reza.does(matter, "done")
    learnt = house.store.read_now(suggest, STRANGER, "Again the blender rattles loudly", "en")
    assert [(one.entry.id, one.solved) for one in learnt] == [(id, 1)]
    await reza.does(matter, "open")
    assert house.store.read_now(suggest, STRANGER, "Again the blender rattles loudly", "en") == []


@pytest.mark.parametrize(
    "words",
    [
        "https://else.example/help/en/descaling",
        "/help/en/nothing-here",
        "https://help.acme.example/help/de/descaling",
        "help",
    ],
)
async def test_what_is_no_link_to_an_article_of_ours_is_no_part(houses: Houses, words: str) -> None:
    house = await opened(houses)
    written(house, "Descaling", "Use vinegar.")
    await asked(house, "My blender rattles loudly")
    await house.agent("reza").replies(house.conversations()[-1], f"See {words}")
    assert parts(house) == {}


async def test_the_customer_says_that_it_was_the_answer(houses: Houses) -> None:
    house = await opened(houses)
    id = written(house, "How long do refunds take?", "The money goes back to the card.")
    await asked(house)
    matter = house.conversations()[-1]
    now = house.clock.now()
    assert house.store.write_now(solved, matter.id, id, house.playbook(), now)
    assert not house.store.write_now(solved, matter.id, id, house.playbook(), now)
    assert house.conversations()[-1].state is State.DONE
    assert parts(house) == {id: ("offered", "solved")}
    assert count(house, id, "solved") == 1
    assert [one.state for one in house.promises(house.conversations()[-1])] == ["withdrawn"]
    assert house.store.read_now(articles.find, "how-long-do-refunds-take") is not None


# -- how often it is right ---------------------------------------------------------------------------------------------
async def test_what_is_known_by_now_tells_how_often_it_is_right(houses: Houses) -> None:
    house = await opened(houses)
    refunds = written(house, "How long do refunds take?", "The money goes back to the card.")
    other = written(house, "Where is my order?", "Every parcel has a number.")
    link = "See https://help.acme.example/help/en/"
    for text, slug in (
        (QUESTION, "how-long-do-refunds-take"),
        ("Refunds, how long do they take?", "where-is-my-order"),
        ("Nothing that anything says", "where-is-my-order"),
    ):
        await asked(house, text)
        matter, reza = house.conversations()[-1], house.agent("reza")
        await reza.replies(matter, f"{link}{slug}")
        await reza.does(matter, "done")
    assert refunds != other
    levels = {one.above: one for one in house.store.read_now(measured, house.clock.now() - timedelta(days=1))}
    assert {one.known for one in levels.values()} == {3}
    assert (levels[0.3].offered, levels[0.3].right) == (2, 1)
    assert (levels[0.9].offered, levels[0.9].right) == (0, 0)
    assert not any(one.known for one in house.store.read_now(measured, house.clock.now() + timedelta(days=1)))


async def test_what_a_colleague_reads_holds_no_link_that_opens_the_matter(houses: Houses) -> None:
    house = await opened(houses)
    written(house, "How long do refunds take?", "The money goes back to the card.")
    told = await asked(house)
    book, matter = house.playbook(), house.conversations()[-1]
    seal = one_matter.token(matter.id, matter.contact, book, house.clock.now())
    assert told.count(seal) == 2, "the conversation's own link, and the article's"
    read = one_matter.without_links(told, book)
    assert seal not in read
    assert "https://help.acme.example/help/en/how-long-do-refunds-take" in read


async def test_what_is_spam_is_not_closed_by_an_article(houses: Houses) -> None:
    house = await opened(houses)
    id = written(house, "How long do refunds take?", "The money goes back to the card.")
    await asked(house)
    matter = house.conversations()[-1]
    await house.agent("reza").does(matter, "spam")
    assert not house.store.write_now(solved, matter.id, id, house.playbook(), house.clock.now())
    assert (house.conversations()[-1].state, count(house, id, "solved")) == (State.SPAM, 0)
