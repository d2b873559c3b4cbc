"""The widget's routes: hello, messages, lines, files, mail; and what each of them refuses."""

from pathlib import Path
from typing import Any

import httpx

from inbox.domain.ids import MessageId
from inbox.testing import outgoing
from inbox.testing.faces import CODE
from inbox.testing.ground import file
from tests.channels.webchat.ground import WebchatGround

A, B = "a" * 26, "b" * 26


async def test_hello_gives_a_new_visitor_a_token_and_everything_the_widget_shows(ground: WebchatGround) -> None:
    async with ground.browser() as browser:
        said = (await browser.post("hello", json={"language": "fa"})).json()
    assert ground.tokens.visitor(said["token"])
    assert (said["fresh"], said["known"], said["identity"]) == (True, False, "none")
    assert (said["language"], said["direction"], said["title"]) == ("fa", "rtl", "Example")
    assert said["words"]["send"] == ground.front.say("fa", "webchat.word.send")
    assert "{address}" in said["words"]["code_why"]
    assert ground.front.moment(ground.front.horizon.answer_by, "fa") in said["sentence"]  # type: ignore[arg-type]  # it has one
    assert said["open_now"] is True
    assert said["limits"] == {"text": 4000, "files": 5, "file_bytes": 10_000_000, "bytes": 50_000_000}
    assert said["lines"] == []
    assert dict(ground.front.visitors) == {}, "whoever never wrote costs nothing"


async def test_hello_knows_its_visitor_again(ground: WebchatGround) -> None:
    async with ground.browser(A) as browser:
        await browser.post("messages", json={"id": "1", "text": "سلام"})
        by_header = (await browser.post("hello", json={})).json()
    async with ground.browser() as browser:
        by_body = (await browser.post("hello", json={"token": ground.tokens.token(A)})).json()
    for said in (by_header, by_body):
        assert (said["fresh"], said["known"], said["token"]) == (False, True, ground.tokens.token(A))
        assert [line["text"] for line in said["lines"]] == ["سلام"]


async def test_a_message_stands_in_the_transcript_under_its_key(ground: WebchatGround) -> None:
    async with ground.browser(A) as browser:
        answer = await browser.post(
            "messages", json={"id": "1", "text": " hello there ", "page": "https://x.example/p"}
        )
        lines = (await browser.get("lines")).json()["lines"]
    assert answer.status_code == 202
    [line] = lines
    assert (line["text"], line["key"], line["ours"]) == ("hello there", answer.json()["key"], False)
    assert line["direction"] == "ltr"


async def test_lines_after_one_are_those_that_came_since(ground: WebchatGround) -> None:
    async with ground.browser(A) as browser:
        for n in range(3):
            await browser.post("messages", json={"id": str(n), "text": f"line {n}"})
        first = (await browser.get("lines")).json()["lines"][0]
        later = (await browser.get("lines", params={"after": first["id"]})).json()["lines"]
    assert [line["text"] for line in later] == ["line 1", "line 2"]


async def test_the_same_message_sent_again_is_one(ground: WebchatGround) -> None:
    async with ground.browser(A) as browser:
        keys = {(await browser.post("messages", json={"id": "1", "text": "once"})).json()["key"] for _ in range(3)}
        other = (await browser.post("messages", json={"id": "2", "text": "once"})).json()["key"]
    async with ground.browser(B) as browser:
        foreign = (await browser.post("messages", json={"id": "1", "text": "once"})).json()["key"]
    assert len({*keys, other, foreign}) == 3
    assert list(ground.front.items) == [*keys, other, foreign]


async def test_files_come_byte_for_byte_and_go_back_as_downloads(ground: WebchatGround) -> None:
    content, large = bytes(range(256)) * 5, b"\0" * 2_000_000
    files = [("files", ("فاکتور.pdf", content, "application/pdf")), ("files", ("b.html", large, "text/html"))]
    async with ground.browser(A) as browser:
        answer = await browser.post("messages", data={"id": "1", "text": ""}, files=files)
        assert answer.status_code == 202, answer.text
        [line] = (await browser.get("lines")).json()["lines"]
        one, two = [await browser.get(f"files/{told['id']}") for told in line["files"]]
    assert [told["name"] for told in line["files"]] == ["فاکتور.pdf", "b.html"]
    assert (one.content, two.content) == (content, large)
    for got in (one, two):
        assert got.headers["content-type"] == "application/octet-stream"
        assert got.headers["content-disposition"].startswith("attachment;")
        assert got.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in got.headers["content-security-policy"]
    assert list((ground.place.data / "spool").iterdir()) == [], "what was spooled is gone once it is stored"


async def test_what_is_said_to_one_visitor_is_shown_to_nobody_else(ground: WebchatGround) -> None:
    await say(ground, "only for A", files=(file(),))
    async with ground.browser(A) as browser:
        [line] = (await browser.get("lines")).json()["lines"]
    [told] = line["files"]
    async with ground.browser(B) as browser:
        assert (await browser.get("lines")).json()["lines"] == []
        assert (await browser.get("lines", params={"after": line["id"]})).json()["lines"] == []
        refused = await browser.get(f"files/{told['id']}")
    assert (refused.status_code, refused.json()["error"]) == (404, "webchat.file_gone")
    assert (await get(ground, f"files/{told['id']}")).status_code == 401
    assert (await get(ground, f"files/{told['id']}?token={ground.tokens.token(A)}")).status_code == 401


async def test_an_address_is_asked_proved_and_gets_the_transcript(ground: WebchatGround) -> None:
    async with ground.browser(A) as browser:
        assert (await browser.post("mail", json={"address": "a@b.example"})).json()["asked"] == "unknown"
        await browser.post("messages", json={"id": "1", "text": "hello"})
        assert (await browser.post("transcript", json={})).json() == {"sent": False}
        assert (await browser.post("mail", json={"address": "nonsense"})).json()["asked"] == "impossible"
        asked = (await browser.post("mail", json={"address": "a@b.example"})).json()
        assert (asked["asked"], bool(asked["message"])) == ("sent", True)
        assert (await browser.post("mail/code", json={"code": "000000"})).json()["answered"] == "wrong"
        proved = (await browser.post("mail/code", json={"code": CODE})).json()
        assert proved["answered"] == "proved"
        assert proved["standing"] == {"address": "a@b.example", "proved": True, "continues": True}
        assert (await browser.post("transcript", json={})).json() == {"sent": True}
    assert ground.front.mailed == [A]


async def test_a_visitor_says_how_far_they_have_read(ground: WebchatGround) -> None:
    async with ground.browser(A) as browser:
        assert (await browser.post("read", json={"upto": 7})).status_code == 200
    assert ground.front.visitors[A].read == MessageId(7)


async def test_a_button_is_pressed_once_however_often_it_is_sent(ground: WebchatGround) -> None:
    async with ground.browser(A) as browser:
        said = {"id": 12, "data": "choose:department:sales"}
        keys = {(await browser.post("press", json=said)).json()["key"] for _ in range(2)}
        other = (await browser.post("press", json={**said, "data": "choose:department:help"})).json()["key"]
    assert list(ground.front.items) == [*keys, other]


async def test_an_unknown_address_is_told_as_json(ground: WebchatGround) -> None:
    answer = await get(ground, "nowhere", headers={"accept-language": "fa"})
    assert (answer.status_code, answer.json()["error"]) == (404, "webchat.no_such_page")
    assert answer.json()["message"] == ground.front.say("fa", "webchat.no_such_page")


async def test_the_script_is_public_and_asked_for_again_only_when_it_changed(
    ground: WebchatGround, tmp_path: Path
) -> None:
    first = await get(ground, "accent.css", headers={"origin": "https://anywhere.example"})
    assert (first.status_code, first.headers["access-control-allow-origin"]) == (200, "*")
    assert first.headers["cache-control"] == "public, max-age=300"
    assert first.headers["cross-origin-resource-policy"] == "cross-origin"
    again = await get(ground, "accent.css", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def get(ground: WebchatGround, path: str, **more: Any) -> httpx.Response:
    """As a browser without a token."""
    async with ground.browser(**more) as browser:
        return await browser.get(path)


async def say(ground: WebchatGround, text: str, **changes: object) -> None:
    """We say something to A, and it is settled."""
    [part] = ground.codec().compose(outgoing(ground, text, **changes))
    ground.front.sent(part)
