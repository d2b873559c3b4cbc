"""Articles for a visitor who begins to write: public ones that are likely, while nothing of theirs runs; and what is counted of it."""

import pytest

from inbox.domain.articles import Audience
from inbox.domain.ids import ArticleId
from inbox.domain.problems import Temporary
from inbox.ports.face import Suggested
from inbox.web import beginning
from tests.path.conftest import Houses
from tests.path.test_suggestions import PORTAL, QUESTION, URL, count, opened, parts, written
from tests.path.test_visitors import LIVE, Page, open_page, writes

SLUG = "how-long-do-refunds-take"


async def page_of(houses: Houses, more: str = PORTAL, site: str = URL) -> tuple[Page, ArticleId]:
    """A page of a house with an article, one that is not likely, and one that only agents may read."""
    house = await opened(houses, more, site, LIVE)
    id = written(house, "How long do refunds take?", "The money goes back to the card.")
    written(house, "Where is my parcel?", "Every parcel has a number.")
    written(house, "How long do secret refunds take?", "The money goes back.", audience=Audience.AGENTS)
    return open_page(house), id


async def found(page: Page, visitor: str = "v1", asked: str = QUESTION, language: str = "en") -> list[Suggested]:
    return list(await page.front.suggest(visitor, asked, language))


async def test_what_may_be_the_answer_is_told_with_its_address_and_why(houses: Houses) -> None:
    page, id = await page_of(houses)
    [one] = await found(page)
    assert (one.slug, one.language, one.title) == (SLUG, "en", "How long do refunds take?")
    assert one.address == f"https://help.acme.example/help/en/{SLUG}"
    assert {"refunds", "money"} <= set(one.words)
    assert one.solved == 0
    assert count(page.house, id, "shown") == 1
    await page.front.suggest("v1", QUESTION, "en", [SLUG])
    assert count(page.house, id, "shown") == 1
    assert page.house.conversations() == []


async def test_in_persian_as_well(houses: Houses) -> None:
    page, _ = await page_of(houses)
    written(page.house, "بازگشت وجه چقدر طول می‌کشد؟", "پول به همان کارت برمی‌گردد.", "fa")
    [one] = await found(page, asked="سلام، بازگشت وجه چقدر طول مي‌كشد؟", language="fa")
    assert one.title == "بازگشت وجه چقدر طول می‌کشد؟"
    assert one.address.isascii()


async def test_while_something_of_theirs_runs_nothing_is_suggested_and_after_it_there_is(houses: Houses) -> None:
    page, _ = await page_of(houses)
    assert (await page.front.standing("v1")).suggests
    await writes(page, "v1", "My teapot has no lid")
    assert not (await page.front.standing("v1")).suggests
    assert await found(page) == []
    assert len(await found(page, "v2")) == 1
    await page.house.agent("reza").does(page.house.only(), "done")
    assert (await page.front.standing("v1")).suggests
    assert len(await found(page)) == 1


async def test_what_was_put_into_another_conversation_runs_as_long_as_that_one(houses: Houses) -> None:
    page, _ = await page_of(houses)
    await writes(page, "v1", "My teapot has no lid")
    await writes(page, "v2", "Nor has mine")
    first, second = page.house.conversations()
    await page.house.agent("reza").does(first, "merge", into=second.reference)
    assert not (await page.front.standing("v1")).suggests
    [running] = [one for one in page.house.conversations() if one.merged_into is None]
    await page.house.agent("reza").does(running, "done")
    assert (await page.front.standing("v1")).suggests


@pytest.mark.parametrize(("more", "site"), [("", URL), (PORTAL, "")])
async def test_where_nobody_could_open_them_there_are_none(houses: Houses, more: str, site: str) -> None:
    page, _ = await page_of(houses, more, site)
    assert not (await page.front.standing("v1")).suggests
    assert await found(page) == []


async def test_a_house_with_articles_for_agents_alone_suggests_nothing(houses: Houses) -> None:
    house = await opened(houses, channel=LIVE)
    written(house, "How long do refunds take?", "The money goes back.", audience=Audience.AGENTS)
    page = open_page(house)
    assert not (await page.front.standing("v1")).suggests
    assert not await page.front.solved(SLUG)


@pytest.mark.parametrize("asked", ["", "A lovely evening", "\0", "the " * 500, "؟"])
async def test_what_is_not_likely_is_not_told(houses: Houses, asked: str) -> None:
    page, _ = await page_of(houses)
    assert await found(page, asked=asked) == []


async def test_what_stands_in_somebodys_way_is_as_sure_as_the_site_wants_it(houses: Houses) -> None:
    page, _ = await page_of(houses, PORTAL + "[suggestions]\nabove = 1.0\n")
    assert len(await found(page)) == 1
    assert await page.front.suggest("v1", QUESTION, "en", sure=True) == []


async def test_that_it_was_the_answer_is_counted(houses: Houses) -> None:
    page, id = await page_of(houses)
    assert await page.front.solved(SLUG)
    assert count(page.house, id, "solved") == 1
    for slug in ("how-long-do-secret-refunds-take", "no-such", "", "\0", "../x"):
        assert not await page.front.solved(slug)
    assert count(page.house, id, "solved") == 1


async def test_they_are_told_although_nothing_can_be_written(houses: Houses, monkeypatch: pytest.MonkeyPatch) -> None:
    page, id = await page_of(houses)

    def full(*_: object) -> None:
        raise Temporary("store.disk_full")

    monkeypatch.setattr(beginning, "shown", full)
    assert len(await found(page)) == 1
    assert count(page.house, id, "shown") == 0


async def test_what_they_met_stands_beside_what_they_wrote_and_is_not_offered_again(houses: Houses) -> None:
    page, id = await page_of(houses)
    foreign = ("how-long-do-secret-refunds-take", "no-such")
    await writes(page, "v1", QUESTION, offered=[SLUG, *foreign], read=[SLUG, *foreign])
    assert {name: set(told) for name, told in parts(page.house).items()} == {id: {"offered", "read"}}
    assert count(page.house, id, "left") == 1
    assert SLUG not in "".join(await page.sees("v1"))


async def test_the_house_reads_its_own_cookie(houses: Houses) -> None:
    page, _ = await page_of(houses)
    assert page.front.lately_read({"inbox_read": f"{SLUG}%20..%2Fx", "other": "y"}) == [SLUG]
    assert page.front.plural("fa", "webchat.alike", 3) == "پاسخ ۳ پرسش مانند این بوده است."
