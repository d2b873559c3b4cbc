"""A bot in a running daemon: a person writes in a chat, is told a time there, answers, and an agent's words reach them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.books import Books
from tests.daemon.commands import Commands
from tests.daemon.sites import UNBRAKED, Shed
from tests.rig.bot_api import TOKEN, BotApi
from tests.rig.bot_manners import BALE, TELEGRAM
from tests.rig.daemon import Daemon
from tests.rig.wait import until

CHANNEL = """
[channel.bot]
kind = "{kind}"
bot = "@example_desk_bot"
token = {{ file = "bot-token" }}
api_base = "{api}"
file_base = "{file}"
"""


@pytest.fixture(params=["telegram", "bale"])
def network(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BotApi]:
    made = BotApi(tmp_path / "network", BALE if request.param == "bale" else TELEGRAM).start()
    yield made
    made.close()


@pytest.fixture
def daemon(sites: Shed, network: BotApi) -> Daemon:
    kind = "bale" if network.world.manners is BALE else "telegram"
    bot = CHANNEL.format(kind=kind, api=network.base, file=network.file_base)
    made = sites.site(more=UNBRAKED + '[log]\nlevel = "debug"\n' + bot)
    (made.site / "bot-token").write_text(TOKEN)
    (made.site / "bot-token").chmod(0o600)
    return made


def sent(network: BotApi) -> list[tuple[str, str]]:
    return [(line.parameters["chat_id"], line.parameters["text"]) for line in network.calls("sendMessage")]


def conversations(daemon: Daemon) -> list[str]:
    listed = Commands(daemon.site).json("list")
    return [one["reference"] for one in listed]


def test_a_chat_is_a_conversation_from_its_first_word_to_the_answer(daemon: Daemon, network: BotApi) -> None:
    network.write("سلام، سفارش من هنوز نرسیده است.")
    daemon.start()
    network.wait_for(1, "sendMessage")
    chat, told = sent(network)[0]
    (reference,) = conversations(daemon)
    assert chat == "7"
    assert reference in told
    network.write("شماره‌اش ۱۲۳۴ است")
    until(lambda: Books.of(daemon.site).verdicts() == {"accepted": 2}, what="the second message is received")
    assert Commands(daemon.site)("agents", "add", "reza", "--name", "Reza", "--address", "reza@desk.test").code == 0
    answered = Commands(daemon.site)("reply", reference, "امروز می‌رسد.", "--as", "reza", "--anyway")
    assert answered.code == 0, answered
    network.wait_for(2, "sendMessage")
    assert sent(network)[1][0] == "7"
    assert "امروز می‌رسد." in sent(network)[1][1]
    assert Books.of(daemon.site).references() == [reference], "the second message did not open another"
    assert daemon.stop() == 0
    assert TOKEN not in daemon.words()


def test_a_message_is_neither_lost_nor_doubled_by_a_kill(daemon: Daemon, network: BotApi) -> None:
    daemon.start()
    for person in range(20, 30):
        network.write("my order is late", chat=person)
    network.wait_for(1, "sendMessage")
    daemon.kill()
    daemon.start()
    books = Books.of(daemon.site)
    until(lambda: books.verdicts() == {"accepted": 10} and not books.busy(), what="all are received and answered")
    until(lambda: network.kept == [], what="everything is confirmed")
    assert len(conversations(daemon)) == 10
    chats = [chat for chat, _ in sent(network)]
    assert len(chats) == len(set(chats)), "nobody is told twice"
    told = books.deliveries()
    assert set(told) <= {"sent", "unknown"}
    assert told["sent"] <= len(chats) <= told["sent"] + told["unknown"] == 10, "and what is not known is said to be so"


MENU = """
[menus.department]
ask = { fa = "پیام شما دربارهٔ چیست؟", en = "What is it about?" }
choices = [{ value = "sales", fa = "فروش", en = "Sales" }, { value = "billing", fa = "صورت‌حساب", en = "Billing" }]
"""


def presses(network: BotApi, query: str, data: str, number: int) -> None:
    """The person of chat 7 presses a button under the message of that number."""
    person = {"id": 7, "is_bot": False, "first_name": "Ali", "language_code": "fa"}
    under = {"message_id": number, "chat": {"id": 7, "type": "private"}, "date": 1_795_500_000}
    network.push({"callback_query": {"id": query, "from": person, "message": under, "data": data}})


def test_f18_who_chooses_from_the_menu_is_told_so_each_time(daemon: Daemon, network: BotApi) -> None:
    config = daemon.site / "config.toml"
    written = config.read_text("utf-8").replace("[channel.bot]", '[channel.bot]\nmenu = "department"')
    config.write_text(MENU + written, encoding="utf-8")
    network.write("سلام، سفارش من هنوز نرسیده است.")
    daemon.start()
    (asked,) = network.wait_for(1, "sendMessage")
    assert "پیام شما دربارهٔ چیست؟" in asked.parameters["text"]
    (row,) = json.loads(asked.parameters["reply_markup"])["inline_keyboard"]
    assert [button["text"] for button in row] == ["فروش", "صورت‌حساب"]
    ours = network.world.numbers["7" if network.world.manners.numbers_per_chat else ""]
    for query in ("one", "two"):
        presses(network, query, row[1]["callback_data"], ours)
        network.wait_for(1 if query == "one" else 2, "answerCallbackQuery")
    presses(network, "three", "choose:department:nobody", ours)
    told = [line.parameters for line in network.wait_for(3, "answerCallbackQuery")]
    assert {one["callback_query_id"]: one["text"] for one in told} == {
        "one": "ثبت شد: صورت‌حساب",
        "two": "پیش‌تر ثبت شده است: صورت‌حساب",
        "three": "این انتخاب دیگر باز نیست. لطفاً همین‌جا برای ما بنویسید.",
    }
    (reference,) = conversations(daemon)
    shown = Commands(daemon.site).json("show", reference)
    assert shown["conversation"]["fields"] == [["department", "billing"]]
    assert daemon.stop() == 0


def test_f18_a_toast_that_cannot_be_told_loses_no_press(daemon: Daemon, network: BotApi) -> None:
    config = daemon.site / "config.toml"
    written = config.read_text("utf-8").replace("[channel.bot]", '[channel.bot]\nmenu = "department"')
    config.write_text(MENU + written, encoding="utf-8")
    network.refuses("answerCallbackQuery", 500, "Internal Server Error", times=None)
    network.write("hello")
    daemon.start()
    network.wait_for(1, "sendMessage")
    presses(network, "one", "choose:department:sales", 2)
    until(lambda: Books.of(daemon.site).verdicts() == {"accepted": 2}, what="the press is received")
    network.write("and more")
    until(lambda: Books.of(daemon.site).verdicts() == {"accepted": 3}, what="everything goes on")
    assert daemon.stop() == 0
