"""Articles before the first words: the routes by which the widget has them, and the page without JavaScript, which shows them once."""

import json
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from channels.webchat import paces
from inbox.domain.happenings import InboundMessage
from inbox.domain.problems import Temporary
from tests.channels.webchat.ground import ARTICLES, QUESTIONS, WebchatGround
from tests.channels.webchat.test_plain import HERE, PAGE, Reader, hidden

A, B = "a" * 26, "b" * 26
QUESTION = QUESTIONS["en"]


@pytest.fixture
async def ground(tmp_path: Path) -> WebchatGround:
    """A house with articles."""
    made = WebchatGround(tmp_path)
    made.front.articles = list(ARTICLES["en"])
    return made


@pytest.fixture
async def reader(ground: WebchatGround) -> Reader:
    return Reader(ground)


def said(ground: WebchatGround) -> list[InboundMessage]:
    """What the codec reads in all that the house was given."""
    found = [one for item in ground.front.items.values() for one in ground.codec().parse(item.raw)]
    return [one for one in found if isinstance(one, InboundMessage)]


async def slugs(ground: WebchatGround, visitor: str = A, **body: Any) -> list[str]:
    async with ground.browser(visitor) as browser:
        content = json.dumps({"text": QUESTION, **body})  # half a letter as browsers send it: escaped
        answer = await browser.post("suggest", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 200, answer.text
    return [one["slug"] for one in answer.json()["articles"]]


# -- while it is written -----------------------------------------------------------------------------------------------
async def test_what_may_be_the_answer_comes_with_its_reason(ground: WebchatGround) -> None:
    async with ground.browser(A, headers={"accept-language": "en"}) as browser:
        [first, second] = (await browser.post("suggest", json={"text": QUESTION})).json()["articles"]
    assert first == {
        "slug": "refunds",
        "title": "How long do refunds take?",
        "language": "en",
        "address": "https://help.example/help/en/refunds",
        "words": ["refunds", "money"],
        "alike": "It answered 3 questions like this.",
    }
    assert (second["slug"], second["alike"]) == ("returns", "")
    assert ground.front.items == {}
    assert dict(ground.front.visitors) == {}


async def test_the_reason_is_in_the_language_of_its_reader(ground: WebchatGround) -> None:
    async with ground.browser(A) as browser:
        answer = await browser.post("suggest", json={"text": QUESTION, "language": "fa"})
    assert answer.json()["articles"][0]["alike"] == "پاسخ ۳ پرسش مانند این بوده است."


async def test_each_counts_as_shown_once_in_a_talk(ground: WebchatGround) -> None:
    assert await slugs(ground) == ["refunds", "returns"]
    assert await slugs(ground, offered="refunds returns") == ["refunds", "returns"]
    assert ground.front.shown == ["refunds", "returns"]


@pytest.mark.parametrize("text", ["", "A lovely evening", "\0", "سلام", "\ud800"])
async def test_where_nothing_is_likely_nothing_is_shown(ground: WebchatGround, text: str) -> None:
    assert await slugs(ground, text=text) == []


async def test_while_something_runs_nothing_is_shown_and_once_it_is_done_it_is_again(ground: WebchatGround) -> None:
    async with ground.browser(A) as browser:
        assert (await browser.post("hello", json={})).json()["suggests"] is True
        await browser.post("messages", json={"id": "1", "text": "Hello"})
        assert (await browser.post("hello", json={})).json()["suggests"] is False
        assert await slugs(ground) == []
        assert await slugs(ground, B) == ["refunds", "returns"]
        ground.front.visitors[A].done = True
        assert (await browser.post("hello", json={})).json()["suggests"] is True
        assert await slugs(ground) == ["refunds", "returns"]


async def test_a_house_without_articles_says_so_at_the_hello(ground: WebchatGround) -> None:
    ground.front.articles = []
    async with ground.browser() as browser:
        assert (await browser.post("hello", json={})).json()["suggests"] is False


async def test_a_message_says_what_its_author_met(ground: WebchatGround) -> None:
    met = {"offered": " refunds returns ", "read": "refunds"}
    async with ground.browser(A) as browser:
        await browser.post("messages", json={"id": "1", "text": QUESTION, **met})
        await browser.post("messages", data={"id": "2", "text": QUESTION, **met}, files=[("files", ("a", b"x"))])
        await browser.post("messages", json={"id": "3", "text": QUESTION, "offered": ["x"], "read": 7})
    assert [(one.offered, one.read) for one in said(ground)] == [
        (("refunds", "returns"), ("refunds",)),
        (("refunds", "returns"), ("refunds",)),
        ((), ("7",)),
    ]


# -- it was the answer -------------------------------------------------------------------------------------------------
async def test_that_one_was_the_answer_is_counted_and_nothing_is_sent(ground: WebchatGround) -> None:
    async with ground.browser(A) as browser:
        assert (await browser.post("solved", json={"slug": "refunds"})).status_code == 200
    assert ground.front.answered == ["refunds"]
    assert ground.front.items == {}


@pytest.mark.parametrize("slug", ["no-such", "", "../x", None, 7, ["refunds"]])
async def test_what_is_not_there_was_nobodys_answer(ground: WebchatGround, slug: object) -> None:
    async with ground.browser(A) as browser:
        answer = await browser.post("solved", json={"slug": slug})
    assert (answer.status_code, answer.json()["error"]) == (404, "webchat.no_such_article")
    assert ground.front.answered == []


# -- limits ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("suggest", {"text": "x" * 4001}),
        ("suggest", {"text": "x", "offered": "y" * 2001}),
        ("suggest", {"text": "x", "more": "y" * 20_000}),
        ("solved", {"slug": "x" * 201}),
        ("messages", {"id": "1", "text": "x", "read": "y" * 2001}),
    ],
)
async def test_s37_what_is_too_long_is_refused(ground: WebchatGround, path: str, body: dict[str, str]) -> None:
    async with ground.browser(A) as browser:
        assert (await browser.post(path, json=body)).status_code == 413
    assert ground.front.items == {}


@pytest.mark.parametrize("path", ["suggest", "solved"])
async def test_s36_one_address_looks_only_so_often_whoever_it_says_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(paces, "LOOKED", 2)
    ground = WebchatGround(tmp_path)
    ground.front.articles = list(ARTICLES["en"])
    body, answers = {"text": QUESTION, "slug": "refunds"}, []
    for visitor in (A, B, "c" * 26):
        async with ground.browser(visitor) as browser:
            answers.append(await browser.post(path, json=body))
    async with ground.browser(A, host="198.51.100.9") as browser:
        elsewhere = await browser.post(path, json=body)
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert 0 < int(answers[2].headers["retry-after"]) <= 900
    assert elsewhere.status_code == 200


# -- the page without JavaScript ---------------------------------------------------------------------------------------
async def sent(reader: Reader, page: str, **fields: str) -> Any:
    """The form for a message, with what it carries."""
    if 'name="offered"' in page:
        fields["offered"] = hidden(page, "offered")
    return await reader.send(page, None, HERE, **fields)


async def test_before_it_is_sent_they_are_shown_once_and_nothing_is_lost(reader: Reader) -> None:
    shown = await sent(reader, await reader.look(), text=f"{QUESTION}\nPlease <b>")
    page = unescape(shown.text)
    assert shown.status_code == 200
    assert all(word in page for word in (f"{QUESTION}\nPlease <b>", "https://help.example/help/en/refunds", "money</b"))
    assert "returns" not in page, "it is likely, and not sure enough to hold anybody up"
    assert all(reader.ground.front.say("en", f"webchat.page.{key}") in page for key in ("send_anyway", "not_sent"))
    assert reader.ground.front.items == {}
    reader.browser.cookies.set("read", "refunds")
    await sent(reader, shown.text, text=QUESTION)
    [one] = said(reader.ground)
    assert (one.text, one.offered, one.read) == (QUESTION, ("refunds",), ("refunds",))
    assert reader.ground.front.shown == ["refunds"]


async def test_what_was_read_before_stands_beside_it_where_nothing_was_shown(reader: Reader) -> None:
    reader.browser.cookies.set("read", "pay")
    await sent(reader, await reader.look(), text="A lovely evening")
    await sent(reader, await reader.look(), text="And another")
    assert [(one.offered, one.read) for one in said(reader.ground)] == [((), ("pay",)), ((), ())]


async def test_a_refusal_after_they_were_shown_does_not_show_them_again(reader: Reader) -> None:
    shown = await sent(reader, await reader.look(), text=QUESTION)
    refused = await sent(reader, shown.text, text=" ")
    assert (refused.status_code, hidden(refused.text, "offered")) == (422, "refunds")
    await sent(reader, refused.text, text=QUESTION)
    assert len(said(reader.ground)) == 1


async def test_a_file_that_was_chosen_goes_at_once(reader: Reader) -> None:
    page = await reader.look()
    files = [("files", ("a.txt", b"x"))]
    await reader.send(page, files=files, text=QUESTION, offered=hidden(page, "offered"))
    assert [len(one.attachments) for one in said(reader.ground)] == [1]


async def test_there_too_the_answer_is_counted_and_nothing_is_sent(reader: Reader) -> None:
    shown = await sent(reader, await reader.look(), text=QUESTION)
    answer = await sent(reader, shown.text, text=QUESTION, solved="refunds")
    assert [one.status_code for one in answer.history] == [303]
    assert reader.ground.front.say("en", "webchat.word.nothing_sent") in answer.text
    assert QUESTION not in answer.text
    assert (reader.ground.front.answered, reader.ground.front.items) == (["refunds"], {})


async def test_an_article_that_is_gone_keeps_the_words(reader: Reader) -> None:
    shown = await sent(reader, await reader.look(), text=QUESTION)
    answer = await sent(reader, shown.text, text=QUESTION, solved="no-such")
    assert (answer.status_code, QUESTION in answer.text) == (404, True)


async def test_while_something_runs_the_page_sends_at_once(reader: Reader) -> None:
    await sent(reader, await reader.look(), text="Hello")
    page = await reader.look()
    assert 'name="offered"' not in page
    await reader.send(page, text=QUESTION, offered="")
    assert len(said(reader.ground)) == 2


async def test_nobody_is_kept_from_writing_because_nothing_can_be_looked_for(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: object) -> Any:
        raise Temporary("store.busy")

    monkeypatch.setattr(reader.ground.front, "suggest", busy)
    await sent(reader, await reader.look(), text=QUESTION)
    assert len(said(reader.ground)) == 1


async def test_s36_nor_because_their_address_has_looked_too_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paces, "LOOKED", 1)
    reader = Reader(WebchatGround(tmp_path))
    reader.ground.front.articles = list(ARTICLES["en"])
    page = await reader.look()
    await sent(reader, page, text=QUESTION)
    assert said(reader.ground) == []
    await sent(reader, page, text=f"{QUESTION} Please!")
    assert len(said(reader.ground)) == 1


async def test_s31_a_form_from_elsewhere_counts_nothing(reader: Reader) -> None:
    page = await reader.look()
    answer = await reader.send(page, headers={"sec-fetch-site": "cross-site"}, solved="refunds", offered="")
    assert answer.status_code == 403
    assert reader.ground.front.answered == []


async def test_the_article_opens_beside_the_page(reader: Reader) -> None:
    shown = await sent(reader, await reader.look(), text=QUESTION)
    assert 'target="_blank" rel="noopener"' in shown.text
    assert f'action="{PAGE.removeprefix("https://chat.example")}"' in shown.text
