"""The Bot-API server keeps updates until they are confirmed, records what it takes, and fails exactly where it is told to."""

import json
import ssl
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.rig.authority import Authority
from tests.rig.bot_api import TOKEN, BotApi, read_ledger
from tests.rig.bot_manners import BALE


@pytest.fixture
def server(tmp_path: Path) -> Iterator[BotApi]:
    made = BotApi(tmp_path).start()
    yield made
    made.close()


def call(server: BotApi, method: str, context: ssl.SSLContext | None = None, token: str = TOKEN, **said: object) -> Any:
    """The result of a call, or its error as a dictionary."""
    body = urllib.parse.urlencode({name: str(one) for name, one in said.items()}).encode()
    try:
        with urllib.request.urlopen(f"{server.base}{token}/{method}", body, timeout=60, context=context) as answered:
            return json.loads(answered.read())["result"]
    except urllib.error.HTTPError as error:
        with error:
            return json.loads(error.read())


def numbers(updates: list[dict[str, Any]]) -> list[int]:
    return [update["update_id"] for update in updates]


def test_updates_stay_until_a_higher_offset_is_asked_for(server: BotApi) -> None:
    first, second = server.write("one"), server.write("دو")
    assert numbers(call(server, "getUpdates")) == [first, second]
    assert numbers(call(server, "getUpdates", limit=1)) == [first]
    assert numbers(call(server, "getUpdates", offset=second)) == [second] == server.kept
    assert call(server, "getUpdates", offset=second + 1) == []


def test_a_long_poll_ends_with_the_next_update(server: BotApi) -> None:
    found: list[Any] = []
    asking = threading.Thread(target=lambda: found.extend(call(server, "getUpdates", timeout=60)))
    asking.start()
    number = server.write("at last")
    asking.join(5)
    assert numbers(found) == [number]


def test_what_is_sent_stands_in_the_ledger_for_ever(server: BotApi) -> None:
    sent = call(server, "sendMessage", chat_id=7, text="سلام")
    assert (sent["text"], sent["chat"]["id"]) == ("سلام", 7)
    server.stop()
    server.start()
    assert call(server, "sendDocument", chat_id=7)["message_id"] == sent["message_id"] + 1
    assert [line.method for line in read_ledger(server.ledger)] == ["sendMessage", "sendDocument"]
    assert [line.parameters["text"] for line in server.calls("sendMessage")] == ["سلام"]


def test_limits_are_those_of_the_network(server: BotApi) -> None:
    assert call(server, "sendMessage", chat_id=7, text="😀" * 2049)["description"].endswith("message is too long")
    assert call(server, "sendMessage", chat_id=7, text=" ")["description"].endswith("text is empty")
    assert call(server, "sendDocument", chat_id=7, caption="x" * 1025)["error_code"] == 400
    assert call(server, "no_such_method")["error_code"] == 404
    assert call(server, "getMe", token="1:x")["error_code"] == 401
    assert server.calls() == []


def test_a_file_is_found_by_its_path(server: BotApi) -> None:
    server.world.files["documents/a.pdf"] = bytes(range(256))
    path = call(server, "getFile", file_id="documents/a.pdf")["file_path"]
    with urllib.request.urlopen(f"{server.file_base}{TOKEN}/{path}", timeout=60) as answered:
        assert answered.read() == bytes(range(256))
    assert call(server, "getFile", file_id="gone")["description"].endswith("invalid file_id")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{server.file_base}{TOKEN}/nothing", timeout=60)
    refused.value.close()


def test_a_webhook_keeps_others_from_polling(server: BotApi) -> None:
    assert call(server, "setWebhook", url="https://desk.test/hook")
    assert call(server, "getUpdates")["error_code"] == 409
    assert call(server, "getWebhookInfo")["url"] == "https://desk.test/hook"
    assert call(server, "deleteWebhook")
    assert call(server, "getUpdates") == []


def test_bale_leaves_out_dates_topics_and_what_an_edit_became(tmp_path: Path) -> None:
    server = BotApi(tmp_path, BALE).start()
    try:
        sent = [call(server, "sendMessage", chat_id=chat, text="x", message_thread_id=3) for chat in (7, 8)]
        assert [("date" in one, "message_thread_id" in one, one["message_id"]) for one in sent] == [
            (False, False, 1)
        ] * 2
        assert call(server, "editMessageText", chat_id=7, message_id=1, text="y")["message_id"] == 0
        assert call(server, "getMe", token="1:x")["error_code"] == 403
        assert "entities" in call(server, "sendMessage", chat_id=7, text="a ``` b")["description"]
    finally:
        server.close()


def test_faults_strike_once_and_where_they_were_ordered(server: BotApi) -> None:
    server.refuses("sendMessage", 429, "Too Many Requests: retry after 35", chat="7", retry_after=35)
    assert call(server, "sendMessage", chat_id=8, text="x")["message_id"] == 1
    assert call(server, "sendMessage", chat_id=7, text="x")["parameters"] == {"retry_after": 35}
    server.drops_after("sendMessage")
    server.drops_half_way("sendMessage")
    for _ in range(2):
        with pytest.raises((ConnectionError, urllib.error.URLError)):
            call(server, "sendMessage", chat_id=9, text="x")
    assert [line.parameters["chat_id"] for line in server.calls()] == ["8", "9"], "the second was accepted nevertheless"
    server.garbage_for("sendMessage")
    with pytest.raises(json.JSONDecodeError):
        call(server, "sendMessage", chat_id=7, text="x")


def test_a_call_that_hangs_can_be_released(server: BotApi) -> None:
    fault = server.hangs_at("getMe", accepted=False)
    threading.Timer(0.05, fault.release).start()
    assert call(server, "getMe")["username"] == "Example_Desk_Bot"
    assert fault.hits == 1


def test_a_handshake_that_is_cut_lets_nothing_through(tmp_path: Path, authority: Authority) -> None:
    server = BotApi(tmp_path, tls=authority.issue().server_context()).start()
    try:
        context = authority.client_context()
        server.cuts_handshakes(skip=1)
        assert call(server, "getMe", context)["is_bot"]
        with pytest.raises(urllib.error.URLError):
            call(server, "sendMessage", context, chat_id=7, text="x")
        assert (call(server, "sendMessage", context, chat_id=7, text="x")["message_id"], len(server.calls())) == (1, 1)
    finally:
        server.close()
