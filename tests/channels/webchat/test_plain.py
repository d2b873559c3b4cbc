"""The page that works without JavaScript, as a browser without any uses it; and the demo page."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from channels.webchat import plain
from channels.webchat.talk import COOKIE
from inbox.domain.choices import Offer
from inbox.domain.happenings import Address
from inbox.domain.problems import Temporary
from inbox.testing import outgoing
from inbox.testing.faces import CODE
from tests.channels.webchat.ground import HOST, ROOT, SHOP, WebchatGround
from tests.web.poison import VECTORS

HERE = {"sec-fetch-site": "same-origin"}
PAGE = f"{HOST}{ROOT}/"


class Reader:
    """A browser without JavaScript: keeps cookies, fills forms in, follows redirects."""

    def __init__(self, ground: WebchatGround, **headers: str) -> None:
        self.ground = ground
        self.browser = ground.browser(follow_redirects=True, headers={"accept-language": "en", **headers})

    async def look(self, query: str = "") -> str:
        """The page."""
        return (await self.browser.get(f"{PAGE}{query}")).text

    async def send(self, page: str, files: Any = None, headers: dict[str, str] = HERE, **fields: str) -> httpx.Response:
        """A form of the page. Files make it multipart."""
        said = {"csrf": hidden(page), **fields}
        return await self.browser.post(PAGE, data=said, files=files, headers=headers)

    @property
    def visitor(self) -> str:
        """Whom the cookie names."""
        found = self.ground.tokens.visitor(self.browser.cookies[COOKIE])
        assert found is not None
        return found


def hidden(page: str, name: str = "csrf") -> str:
    """What the forms of the page carry."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page
    return found[1]


@pytest.fixture
async def reader(ground: WebchatGround) -> Reader:
    return Reader(ground)


async def test_it_says_hours_and_honest_time_before_anything_is_written(reader: Reader) -> None:
    page = await reader.look()
    assert reader.ground.front.moment(reader.ground.front.horizon.answer_by, "en") in page  # type: ignore[arg-type]  # it has one
    assert dict(reader.ground.front.visitors) == {}


@pytest.mark.parametrize(("language", "direction"), [("fa", "rtl"), ("en", "ltr")])
async def test_it_is_in_the_language_of_its_reader(ground: WebchatGround, language: str, direction: str) -> None:
    for page in (
        await Reader(ground, **{"accept-language": language}).look(),
        await Reader(ground).look(f"?lang={language}"),
    ):
        assert f'lang="{language}"' in page
        assert f'dir="{direction}"' in page


async def test_the_cookie_is_kept_from_scripts_and_from_other_sites(reader: Reader) -> None:
    answer = await reader.browser.get(PAGE)
    [cookie] = answer.headers.get_list("set-cookie")
    assert {"httponly", "samesite=lax", "secure", f"path={ROOT}/"} <= set(cookie.lower().split("; "))


async def test_a_page_forbids_the_browser_more_than_it_needs(reader: Reader) -> None:
    page, demo = await reader.browser.get(PAGE), await reader.browser.get(f"{PAGE}demo")
    for answer in (page, demo):
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(policy.split("; "))
        assert answer.headers["cache-control"] == "no-store"
        assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", answer.text), "nothing is inline"
    assert "script-src 'none'" in page.headers["content-security-policy"]
    assert "script-src 'self'" in demo.headers["content-security-policy"]
    assert f'src="{ROOT}/widget.js"' in demo.text


async def test_a_message_and_its_file_stand_on_the_page_that_comes_back(reader: Reader) -> None:
    files = [("files", ("فاکتور.txt", b"content", "text/plain"))]
    answer = await reader.send(await reader.look(), files=files, text="where is it?")
    assert [one.status_code for one in answer.history] == [303]
    assert "where is it?" in answer.text
    [line] = reader.ground.front.visitors[reader.visitor].lines
    assert (await reader.browser.get(f"{PAGE}files/{line.files[0].id}")).content == b"content"


async def test_a_form_without_a_chosen_file_is_a_message(reader: Reader) -> None:
    answer = await reader.send(await reader.look(), files=[("files", ("", b"", "application/octet-stream"))], text="hi")
    assert "hi" in answer.text
    assert len(reader.ground.front.items) == 1


async def test_a_form_that_is_sent_twice_is_one_message(reader: Reader) -> None:
    page = await reader.look()
    for _ in range(2):
        await reader.send(page, text="once")
    await reader.send(await reader.look(), text="once")
    assert len(reader.ground.front.items) == 2


async def test_other_words_in_the_same_form_are_another_message(reader: Reader) -> None:
    """A browser that goes back shows the form again as it was, and its reader writes something else into it."""
    page = await reader.look()
    await reader.send(page, text="first")
    await reader.send(page, text="second")
    await reader.send(page, text="second", files=[("files", ("a.txt", b"x", "text/plain"))])
    said = [(line.text, len(line.files)) for line in reader.ground.front.visitors[reader.visitor].lines]
    assert said == [("first", 0), ("second", 0), ("second", 1)]


async def test_what_we_answer_stands_there_with_its_buttons(reader: Reader) -> None:
    await reader.send(await reader.look(), text="hello")
    offer = Offer("Sales", "choose:department:sales")
    [part] = reader.ground.codec().compose(outgoing(reader.ground, "Which one?", to=(Address(reader.visitor),)))
    reader.ground.front.sent(part, (offer,))
    page = await reader.look()
    assert "Which one?" in page
    [press] = re.findall(r'name="press" value="([^"]+)"', page)
    answer = await reader.send(page, press=unescape(press))
    assert reader.ground.front.say("en", "webchat.message_taken") in answer.text
    assert len(reader.ground.front.items) == 2


async def test_an_address_is_asked_and_proved(reader: Reader) -> None:
    await reader.send(await reader.look(), text="hello")
    asked = await reader.send(await reader.look(), address="a@b.example")
    assert reader.ground.front.say("en", "webchat.asked.sent") in unescape(asked.text)
    wrong = await reader.send(asked.text, code="000000")
    assert reader.ground.front.say("en", "webchat.answered.wrong") in unescape(wrong.text)
    proved = await reader.send(wrong.text, code=CODE)
    assert reader.ground.front.say("en", "webchat.answered.proved") in unescape(proved.text)
    sent = await reader.send(proved.text, transcript="1")
    assert reader.ground.front.say("en", "webchat.transcript_sent") in unescape(sent.text)
    assert reader.ground.front.mailed == [reader.visitor]


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": SHOP},
    ],
)
async def test_s31_a_form_from_elsewhere_does_nothing(reader: Reader, headers: dict[str, str]) -> None:
    answer = await reader.send(await reader.look(), headers=headers, text="hello")
    assert answer.status_code == 403
    assert reader.ground.front.items == {}


@pytest.mark.parametrize("csrf", ["", "x", "x.y", "a" * 3000])
async def test_s31_a_form_without_its_token_does_nothing_and_keeps_the_words(reader: Reader, csrf: str) -> None:
    await reader.look()
    answer = await reader.browser.post(PAGE, data={"csrf": csrf, "text": "long & precious"}, headers=HERE)
    assert answer.status_code in (403, 413)
    assert "long &amp; precious" in answer.text
    assert reader.ground.front.items == {}


async def test_s31_a_form_of_another_visitor_does_nothing(ground: WebchatGround) -> None:
    one, other = Reader(ground), Reader(ground)
    await one.look()
    answer = await one.send(await other.look(), text="hello")
    assert answer.status_code == 403
    assert ground.front.items == {}


async def test_a_browser_that_keeps_no_cookie_is_told_and_keeps_its_words(reader: Reader) -> None:
    page = await reader.look()
    reader.browser.cookies.clear()
    answer = await reader.send(page, text="precious")
    assert answer.status_code == 400
    assert "precious" in answer.text
    assert reader.ground.front.say("en", "webchat.no_cookie") in unescape(answer.text)


async def test_what_is_refused_is_told_on_the_page(reader: Reader) -> None:
    answer = await reader.send(await reader.look(), text="x" * 4001)
    assert answer.status_code == 413
    assert "x" * 4001 in answer.text
    empty = await reader.send(answer.text, text=" ")
    assert empty.status_code == 422
    reader.ground.front.busy = Temporary("store.busy")
    busy = await reader.send(empty.text, text="precious")
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "5")
    assert "precious" in busy.text


async def test_a_line_that_takes_its_time_is_not_waited_for_for_ever(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain, "PATIENCE", 0.05)
    monkeypatch.setattr(reader.ground.front, "take", lambda item: None)
    answer = await reader.send(await reader.look(), text="hello")
    assert answer.status_code == 200


@pytest.mark.parametrize("vector", VECTORS)
async def test_s13_what_comes_from_outside_is_text_and_nothing_else(tmp_path: Path, vector: str) -> None:
    reader = Reader(WebchatGround(tmp_path, title=vector[:80], greeting=vector))
    await reader.send(await reader.look(), files=[("files", (f"{vector}.txt", b"x"))], text=vector)
    page = await reader.look(f"?told={vector}")
    for forbidden in ("<script", "<img", "<svg", "<iframe", "onerror=alert(1)>", "<b>alert", "<a href=javascript"):
        assert forbidden not in page
    assert vector.replace("\u202e", "") in unescape(page)


async def test_an_address_cannot_make_the_page_say_what_it_likes(reader: Reader) -> None:
    assert reader.ground.front.say("en", "webchat.asked.sent") in unescape(await reader.look("?told=asked.sent"))
    assert reader.ground.front.say("en", "webchat.unreadable", reason="x")[:20] not in await reader.look(
        "?told=unreadable"
    )
