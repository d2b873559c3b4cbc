"""What the network is asked to do for one message of ours, on each kind of network."""

import pytest

from channels.telegram.compose import plain
from channels.telegram.dialect import TABLE
from inbox.domain.happenings import Address
from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import File
from inbox.domain.problems import Permanent
from tests.unit.telegram.talk import calls, codec, outgoing

PDF = File("فاکتور.pdf", "application/pdf", bytes(range(256)))
ANSWERED = NetworkKey("example_desk_bot/7/10")


def test_a_text_is_one_call_and_says_nothing_else() -> None:
    (call,) = calls(outgoing("سلام *علی*"))
    assert (call.method, call.parameters) == ("sendMessage", {"chat_id": 7, "text": "سلام *علی*"})


def test_what_is_answered_is_named_as_the_network_wants_it() -> None:
    (telegram,), (bale,) = (calls(outgoing(answers=ANSWERED), row) for row in ("telegram", "bale"))
    assert telegram.parameters["reply_parameters"] == {"message_id": 10, "allow_sending_without_reply": True}
    assert bale.parameters["reply_to_message_id"] == 10
    assert "reply_parameters" not in bale.parameters


@pytest.mark.parametrize("key", ["example_desk_bot/8/10", "other_bot/7/10", "<mail@example.org>", ""])
def test_what_stands_elsewhere_is_not_named(key: str) -> None:
    (call,) = calls(outgoing(answers=NetworkKey(key)))
    assert set(call.parameters) == {"chat_id", "text"}


def test_only_the_first_part_answers() -> None:
    parts = calls(outgoing("word " * 2000, answers=ANSWERED))
    assert ["reply_parameters" in part.parameters for part in parts] == [True, False, False]


def test_in_a_group_all_read_one_message_in_its_topic() -> None:
    two = (Address("7"), Address("8"))
    (part,) = codec().compose(outgoing(to=two, thread="-500/33"))
    assert (part.lane, part.recipients) == ("7", ("7", "8"))
    (call,) = calls(outgoing(to=two, thread="-500/33"))
    assert (call.parameters["chat_id"], call.parameters["message_thread_id"]) == (-500, 33)
    (bale,) = calls(outgoing(to=two, thread="-500/33"), "bale")
    assert "message_thread_id" not in bale.parameters


def test_a_short_text_stands_under_its_file() -> None:
    (call,) = calls(outgoing("فاکتور", files=(PDF,)))
    assert (call.method, call.parameters["caption"], call.files) == ("sendDocument", "فاکتور", (PDF,))


def test_a_text_too_long_for_a_caption_goes_before_its_file() -> None:
    said = calls(outgoing("x" * 1025, files=(PDF,)))
    assert [(call.method, len(call.files)) for call in said] == [("sendMessage", 0), ("sendDocument", 1)]
    assert "caption" not in said[1].parameters


def test_files_go_together_as_far_as_the_network_carries_them() -> None:
    said = calls(outgoing("", files=(PDF,) * 12))
    assert [(call.method, len(call.files)) for call in said] == [("sendMediaGroup", 10), ("sendMediaGroup", 2)]


def test_f14_a_file_too_large_to_send_is_refused_before_anything_is_sent() -> None:
    large = File("film.mp4", "video/mp4", bytes(TABLE["telegram"].upload + 1))
    with pytest.raises(Permanent) as told:
        codec().compose(outgoing(files=(PDF, large)))
    assert told.value.key == "bot.file_too_big"


def test_nothing_to_say_is_refused() -> None:
    with pytest.raises(Permanent):
        codec().compose(outgoing(" \n\u202e"))


def test_where_every_text_is_markdown_no_address_hides_behind_words() -> None:
    text = "dear [your bank](https://evil.test)"
    assert [calls(outgoing(text), row)[0].parameters["text"] for row in ("telegram", "bale")] == [
        text,
        "dear [your bank]\u2060(https://evil.test)",
    ]


def test_made_plain_once_it_stays_as_it_is() -> None:
    (call,) = calls(outgoing("a *b* `c` [d]"))
    once = plain(call, TABLE["telegram"])
    assert once.parameters["text"] == "a *\u2060b*\u2060 `\u2060c`\u2060 [\u2060d]"
    assert plain(once, TABLE["telegram"]) == once
    (long,) = calls(outgoing("*" * 4096))
    assert plain(long, TABLE["telegram"]).parameters["text"] == ""


def test_a_frozen_file_is_not_copied_into_text() -> None:
    (part,) = codec().compose(outgoing("x", files=(PDF,)))
    assert PDF.content in part.body
    (told,) = part.files
    assert codec().attachment(part.body, told.start, told.length, told.encoding) == PDF.content
