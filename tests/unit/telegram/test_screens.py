"""What the network is asked to do for a screen of a bot's menu."""

from inbox.domain.choices import Offer
from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import Mark, Purpose
from tests.unit.telegram.talk import calls, outgoing

STANDING = NetworkKey("example_desk_bot/7/10")
OFFERS = (Offer("Menu", "menu:en:top"),)
ROWS = {"inline_keyboard": [[{"text": "Menu", "callback_data": "menu:en:top"}]]}
SCREEN = Purpose.SCREEN


def test_a_new_one_is_a_message_and_one_that_stands_there_changes() -> None:
    (new,) = calls(outgoing("Hello", purpose=SCREEN, offers=OFFERS))
    assert (new.method, new.parameters) == ("sendMessage", {"chat_id": 7, "text": "Hello", "reply_markup": ROWS})
    (changed,) = calls(outgoing("Hello", purpose=SCREEN, offers=OFFERS, replaces=STANDING), "bale")
    assert (changed.method, changed.parameters) == ("editMessageText", {**new.parameters, "message_id": 10})


def test_without_a_text_only_the_buttons_change_where_they_can() -> None:
    (call,) = calls(outgoing("", purpose=SCREEN, replaces=STANDING))
    assert call.method == "editMessageReplyMarkup"
    assert call.parameters == {"chat_id": 7, "message_id": 10, "reply_markup": {"inline_keyboard": []}}
    assert calls(outgoing("", purpose=SCREEN, offers=OFFERS)) == []


def test_what_stands_in_another_chat_is_not_changed() -> None:
    (call,) = calls(outgoing("Hello", purpose=SCREEN, replaces=NetworkKey("example_desk_bot/8/10")))
    assert call.method == "sendMessage"


def test_a_screen_is_one_message_however_long() -> None:
    (call,) = calls(outgoing("words " * 2000, purpose=SCREEN, offers=OFFERS))
    assert len(str(call.parameters["text"])) <= 4096
    assert call.parameters["reply_markup"] == ROWS


def test_marks_are_counted_as_the_network_counts_and_stay_away_where_it_has_none() -> None:
    text = "😀 Title and a link"
    marks = (Mark("bold", 2, 5), Mark("link", 14, 4, "https://x.example/y"))
    (call,) = calls(outgoing(text, purpose=SCREEN, marks=marks))
    assert call.parameters["entities"] == [
        {"type": "bold", "offset": 3, "length": 5},
        {"type": "text_link", "offset": 15, "length": 4, "url": "https://x.example/y"},
    ]
    (bale,) = calls(outgoing(text, purpose=SCREEN, marks=marks), "bale")
    assert "entities" not in bale.parameters
    (cut,) = calls(outgoing("word " * 2000, purpose=SCREEN, marks=(Mark("bold", 6000, 4),)))
    assert "entities" not in cut.parameters, "what is marked is not there"
