"""What frames say: a visitor's words, names and files as they are, and nothing that only looks like a frame."""

import json
from pathlib import Path
from typing import Any

import pytest

from channels.webchat.codec import OWN, WebchatCodec
from channels.webchat.options import WebchatOptions
from channels.webchat.token import Tokens
from inbox.domain.arrivals import Spooled
from inbox.domain.happenings import Address, Button, InboundMessage
from inbox.domain.problems import Unreadable
from inbox.ports.framing import LONGEST_LINE, Enclosed, head, opened

TOKENS = Tokens(bytes(32))
CODEC = WebchatCodec(TOKENS, WebchatOptions(files=2, file_bytes=1000))
A = "a" * 26


def message(**said: Any) -> bytes:
    return head("webchat", {"kind": "message", "id": "1", "visitor": A, "text": "hello, how are you?", **said})


def read(raw: bytes) -> InboundMessage:
    [found] = CODEC.parse(raw)
    assert isinstance(found, InboundMessage)
    return found


def test_a_message_is_its_visitors() -> None:
    found = read(message(name="Sara", page="https://shop.example/basket"))
    assert (found.sender, found.to, found.thread) == (Address(A, "Sara"), (Address(OWN),), A)
    assert (found.text, found.reply_text, found.own, found.automatic) == (*["hello, how are you?"] * 2, False, None)
    assert found.key == TOKENS.key_of("message", A, "1")
    assert found.headers == (("page", "https://shop.example/basket"),)


def test_the_same_message_has_the_same_fingerprint_whatever_else_it_says() -> None:
    one, again, other = read(message()), read(message(text="changed")), read(message(id="2"))
    assert one.fingerprint == again.fingerprint != other.fingerprint


@pytest.mark.parametrize(
    ("text", "page", "found"),
    [
        ("سلام، سفارشم نرسید", "en", "fa"),
        ("hello, where is my order?", "fa", "en"),
        ("42", "fa", "fa"),
        ("42", "", None),
    ],
)
def test_the_language_is_that_of_the_words_else_that_of_the_page(text: str, page: str, found: str | None) -> None:
    assert read(message(text=text, language=page)).language == found


def test_which_articles_were_met_before_it_was_written_is_said_beside_it() -> None:
    found = read(message(offered="refunds  بازگشت-وجه", read="refunds"))
    assert (found.offered, found.read) == (("refunds", "بازگشت-وجه"), ("refunds",))
    assert (read(message()).offered, read(message()).read) == ((), ())


@pytest.mark.parametrize("told", [["refunds"], {"a": 1}, 7, None, True])
def test_articles_that_are_told_otherwise_make_it_unreadable(told: object) -> None:
    with pytest.raises(Unreadable):
        CODEC.parse(message(offered=told))


def test_words_are_cleaned_of_what_turns_them_around() -> None:
    found = read(message(text="a\u202eb\x00c\u200c", name="x\r\nBcc: y\u202e", page="https://a\u2028b"))
    assert (found.text, found.sender.name) == ("abc\u200c", "x Bcc: y")
    assert found.headers == (("page", "https://a b"),)


def test_a_button_is_a_button() -> None:
    [found] = CODEC.parse(head("webchat", {"kind": "button", "id": "7 x", "visitor": A, "name": "", "data": "x"}))
    assert isinstance(found, Button)
    assert (found.sender, found.thread, found.data) == (Address(A), A, "x")
    assert found.key == TOKENS.key_of("button", A, "7 x")


def test_files_are_ranges_of_the_raw_also_of_one_that_lies_on_disk(tmp_path: Path) -> None:
    said = {"kind": "message", "id": "1", "visitor": A, "text": ""}
    files = [Enclosed("a.bin", "x/a", 3), Enclosed("b.bin", "x/b", 0), Enclosed("c.bin", "x/c", 2)]
    raw = head("webchat", said, files) + b"\n{}" + b"zz"
    (tmp_path / "raw").write_bytes(raw)
    spooled = Spooled(tmp_path / "raw", len(raw))
    for one in (raw, spooled):
        [found] = CODEC.parse(one)
        assert isinstance(found, InboundMessage)
        read = [CODEC.attachment(one, told.start, told.length, told.encoding) for told in found.attachments]
        assert read == [b"\n{}", b"", b"zz"]
        assert [(told.filename, told.size, told.state) for told in found.attachments][2] == ("c.bin", 2, "here")


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "said"},
        {"kind": "other"},
        {"kind": 1},
        {"visitor": "webchat"},
        {"visitor": A + "\n"},
        {"visitor": 7},
        {"id": ""},
        {"id": ["1"]},
        {"text": {"a": 1}},
        {"webchat": 2},
    ],
)
def test_what_only_looks_like_a_frame_is_unreadable(changed: dict[str, object]) -> None:
    with pytest.raises(Unreadable):
        CODEC.parse(message(**changed))


@pytest.mark.parametrize(
    "files",
    [1, None, {}, [1], [{}], [{"name": "a", "type": "b", "size": -1}], [{"name": "a", "type": "b", "size": "1"}],
     [{"name": 1, "type": "b", "size": 1}], [{"name": "a", "type": "b", "size": 10**30}], [[]]],
)  # fmt: skip
def test_files_that_are_none_are_unreadable(files: object) -> None:
    said = {"webchat": 1, "kind": "message", "id": "1", "visitor": A, "text": "x", "files": files}
    with pytest.raises(Unreadable):
        CODEC.parse(json.dumps(said).encode() + b"\n")


def test_bytes_that_nobody_tells_of_are_unreadable() -> None:
    with pytest.raises(Unreadable) as caught:
        CODEC.parse(message() + b"x")
    assert caught.value.facts == {"reason": "length"}


def test_a_line_without_an_end_is_not_read_to_its_end() -> None:
    with pytest.raises(Unreadable):
        opened("webchat", b"{" * (LONGEST_LINE + 10))


def test_a_raw_that_is_too_large_is_not_looked_at(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as caught:
        CODEC.parse(Spooled(tmp_path / "never opened", 10**9))
    assert caught.value.key == "webchat.oversized"
