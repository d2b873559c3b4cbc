"""What a site writes about a bot, and what it is told when that is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from channels.telegram import ADAPTER, BALE, BOTAPI
from channels.telegram.adapter import BotAdapter
from inbox.domain.happenings import Aside, InboundMessage
from inbox.domain.ids import ChannelName
from inbox.domain.problems import Misconfigured
from inbox.ports.channel import Place
from tests.unit.telegram.talk import codec

TABLE: dict[str, Any] = {"bot": "Example_Desk_Bot", "token": {"env": "T"}}
BASES = {"api_base": "https://bots.test/bot", "file_base": "https://bots.test/file/bot"}


def test_a_bot_is_known_by_its_name_in_lower_case() -> None:
    options = ADAPTER.options(TABLE, "x")
    assert ADAPTER.addresses(options) == ("@example_desk_bot",)
    assert (options.poll_seconds, options.max_file, options.groups) == (50, 20_000_000, ())


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"token": "123:abc"}, "secrets.plain"),
        ({"token": {"command": ["print", "it"]}}, "secrets.no_reference"),
        ({"bot": "a bot"}, "config.bad_value"),
        ({"bott": "x"}, "config.unknown_key"),
        ({"api_base": "https://bots.test/bot"}, "config.bad_value"),
        ({**BASES, "api_base": "https://bots.test/{token}"}, "config.bad_value"),
        ({"proxy": "socks5://127.0.0.1"}, "config.bad_value"),
        ({"poll_seconds": 0}, "config.bad_value"),
        ({"can": {"fly": True}}, "config.unknown_key"),
    ],
)
def test_what_is_wrong_is_told(changes: dict[str, Any], key: str) -> None:
    with pytest.raises(Misconfigured) as told:
        ADAPTER.options({**TABLE, **changes}, "config.toml: channel.bot")
    assert told.value.key == key
    assert "abc" not in str(told.value)


def test_a_host_without_a_kind_of_its_own_has_to_be_named() -> None:
    with pytest.raises(Misconfigured) as told:
        BOTAPI.options(TABLE, "x")
    assert (told.value.key, told.value.facts["name"]) == ("config.missing_key", "api_base")
    assert BOTAPI.options({**TABLE, **BASES}, "x").api_base == "https://bots.test/bot"


@pytest.mark.parametrize("adapter", [ADAPTER, BALE])
def test_a_network_that_is_known_has_its_host(adapter: BotAdapter) -> None:
    assert adapter.options(TABLE, "x").api_base == ""


def test_traits_are_those_of_the_table_and_of_what_the_site_says() -> None:
    assert (codec().traits.topics, codec("bale").traits.topics, codec().traits.resend_safe) == (True, False, False)
    options = BOTAPI.options({**TABLE, **BASES, "can": {"topics": False, "text": 200}}, "x")
    place = Place(ChannelName("bot"), "Example", Path(), bytes(32), Path(), desks=frozenset({"-500"}))
    traits = BOTAPI.codec(place, options).traits
    assert (traits.topics, traits.text_limit, traits.buttons) == (False, 200, True)


def test_a_group_is_heard_where_it_is_a_desk() -> None:
    place = Place(ChannelName("bot"), "Example", Path(), bytes(32), Path(), desks=frozenset({"-500"}))
    mine = ADAPTER.codec(place, ADAPTER.options(TABLE, "x"))
    person = {"id": 70, "is_bot": False, "first_name": "Sara"}
    where = {"id": -500, "type": "supergroup", "is_forum": True}
    said = {"message_id": 9, "from": person, "chat": where, "date": 1_795_500_000, "text": "hi"}
    update = {"update_id": 1, "message": {**said, "message_thread_id": 4, "is_topic_message": True}}
    (found,) = mine.parse(json.dumps(update).encode())
    assert isinstance(found, InboundMessage)
    assert (found.thread, found.sender.address) == ("-500/4", "70")
    update["message"]["chat"] = {**where, "id": -501}  # type: ignore[index]  # a message is a table
    assert isinstance(mine.parse(json.dumps(update).encode())[0], Aside)
