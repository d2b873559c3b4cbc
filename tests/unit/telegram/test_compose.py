"""What the network is asked to do for one message of ours, on each kind of network."""

import pytest

from channels.telegram.calls import thawed
from channels.telegram.compose import plain
from channels.telegram.dialect import TABLE, Dialects
from inbox.domain.choices import Offer
from inbox.domain.happenings import Address
from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import File
from inbox.domain.problems import Permanent
from tests.unit.telegram.talk import calls, codec, outgoing

PDF = File("فاکتور.pdf", "application/pdf", bytes(range(256)))
PNG = File("p.png", "image/png", b"p")
FILM = File("f.mp4", "video/mp4; codecs=avc1", b"f")
SONG = File("s.mp3", "audio/mpeg", b"s")
VOICE = File("v.ogg", "audio/ogg", b"v")
GIF = File("g.gif", "image/gif", b"g")
OFFERS = (
    Offer("فروش", "choose:d:sales"),
    Offer("صورت‌حساب", "choose:d:billing"),
    Offer("Something that is long", "choose:d:other"),
)
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
    assert (part.lane, part.recipients) == ("-500", ("7", "8"))
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


def test_files_go_as_what_they_are_and_stay_in_their_order() -> None:
    files = (PNG, FILM, PDF, PDF, SONG, VOICE, GIF)
    said = calls(outgoing("", files=files))
    assert [(call.method, call.note.get("kinds", "")) for call in said] == [
        ("sendMediaGroup", "photo video"),
        ("sendMediaGroup", "document document"),
        ("sendAudio", ""),
        ("sendVoice", ""),
        ("sendDocument", ""),
    ]
    assert [file for call in said for file in call.files] == list(files)


def test_where_a_network_has_no_method_for_it_a_file_is_a_document() -> None:
    (call,) = (thawed(part.body) for part in codec(media=("photo",)).compose(outgoing("", files=(FILM,))))
    assert call.method == "sendDocument"


def test_a_picture_too_large_for_one_is_a_document() -> None:
    large = File("p.png", "image/png", bytes(TABLE["telegram"].photo + 1))
    assert [call.method for call in calls(outgoing("", files=(large,)))] == ["sendDocument"]


@pytest.mark.parametrize("row", ["telegram", "bale"])
def test_offers_are_buttons_under_the_last_piece_of_the_text(row: Dialects) -> None:
    said = calls(outgoing("word " * 1000, files=(PDF,), offers=OFFERS), row)
    assert ["reply_markup" in call.parameters for call in said] == [False, True, False]
    assert said[1].parameters["reply_markup"] == {
        "inline_keyboard": [
            [
                {"text": "فروش", "callback_data": "choose:d:sales"},
                {"text": "صورت‌حساب", "callback_data": "choose:d:billing"},
            ],
            [{"text": "Something that is long", "callback_data": "choose:d:other"}],
        ]
    }


def test_a_caption_bears_buttons_and_an_album_none() -> None:
    (one,) = calls(outgoing("?", files=(PNG,), offers=OFFERS))
    assert (one.method, "reply_markup" in one.parameters) == ("sendPhoto", True)
    words, album = calls(outgoing("?", files=(PNG, PNG), offers=OFFERS))
    assert (words.method, "reply_markup" in words.parameters) == ("sendMessage", True)
    assert set(album.parameters) == {"chat_id"}


def test_f11_made_plain_it_keeps_its_buttons() -> None:
    (call,) = calls(outgoing("a *b*", offers=OFFERS))
    assert plain(call, TABLE["telegram"]).parameters["reply_markup"] == call.parameters["reply_markup"]


def test_what_follows_is_known_before_it_is_sent() -> None:
    assert [call.note.get("more") for call in calls(outgoing("x" * 5000, files=(PNG,)))] == [
        "sendMessage",
        "sendPhoto",
        None,
    ]


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
