"""A bot's menu in a running daemon: screens over a real socket, what a kill leaves of them, and what is answered to a survey."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.daemon.books import Books
from tests.daemon.commands import Commands
from tests.daemon.sites import UNBRAKED, Shed
from tests.daemon.test_bots import CHANNEL
from tests.rig.bot_api import TOKEN, BotApi
from tests.rig.bot_manners import BALE, TELEGRAM
from tests.rig.daemon import Daemon
from tests.rig.wait import until

ARTICLE = '+++\ntitle = "{title}"\n+++\n\n{body}\n'
SURVEY = '[survey]\ncsat = true\nafter = "1 second"\n'


@pytest.fixture(params=["telegram", "bale"])
def network(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BotApi]:
    made = BotApi(tmp_path / "network", BALE if request.param == "bale" else TELEGRAM).start()
    yield made
    made.close()


@pytest.fixture
def daemon(sites: Shed, network: BotApi) -> Daemon:
    kind = "bale" if network.world.manners is BALE else "telegram"
    made = sites.site(more=UNBRAKED + SURVEY + CHANNEL.format(kind=kind, api=network.base, file=network.file_base))
    (made.site / "bot-token").write_text(TOKEN)
    (made.site / "bot-token").chmod(0o600)
    article = made.site / "articles" / "billing" / "refunds"
    article.mkdir(parents=True)
    (article / "article.toml").write_text("")
    (article / "fa.md").write_text(ARTICLE.format(title="بازگشت پول", body="**دو هفته** زمان می‌برد."), "utf-8")
    assert Commands(made.site)("kb", "import", str(made.site / "articles")).code == 0
    return made


def standing(network: BotApi) -> tuple[int, str, dict[str, str]]:
    """The last message of the chat: its number, its words and its buttons."""
    shown = network.world.group.standing
    chat, number = max((place for place in shown if place[0] == "7"), key=lambda place: place[1])
    text, markup = shown[chat, number]
    rows = json.loads(markup)["inline_keyboard"] if markup else []
    return number, text, {one["text"]: one["callback_data"] for row in rows for one in row}


def presses(network: BotApi, label: str, query: str) -> None:
    number, _, buttons = standing(network)
    person = {"id": 7, "is_bot": False, "first_name": "Ali", "language_code": "fa"}
    under = {"message_id": number, "chat": {"id": 7, "type": "private"}, "date": 1_795_500_000}
    network.push({"callback_query": {"id": query, "from": person, "message": under, "data": buttons[label]}})


def shows(network: BotApi, words: str) -> None:
    until(lambda: words in standing(network)[1], what=f"{words} is shown")


def test_an_article_is_found_and_read_without_a_conversation(daemon: Daemon, network: BotApi) -> None:
    daemon.start()
    network.write("/start", chat=7)
    network.wait_for(1, "sendMessage")
    shows(network, "چه کاری از ما ساخته است؟")
    for n, (label, words) in enumerate(
        [
            ("پاسخ‌های آماده", "پاسخ آنچه بیشتر"),
            ("📁 billing", "billing"),
            ("بازگشت پول", "دو هفته زمان می‌برد."),
            ("✅ پاسخم را گرفتم", "چه خوب."),
        ]
    ):
        presses(network, label, f"q{n}")
        shows(network, words)
    until(lambda: len(network.calls("answerCallbackQuery")) == 4, what="each press is answered")
    assert len(network.calls("sendMessage")) == 1, "one message, which changed in place"
    assert len(network.calls("editMessageText")) == 4
    books = Books.of(daemon.site)
    assert books.references() == []
    assert books.verdicts() == {"accepted": 5}
    until(lambda: books.busy() == 0, what="all is sent")
    assert books.count("SELECT count(*) FROM contact") == 0
    assert len(network.calls("setMyCommands")) == (3 if network.world.manners.commands else 0)
    assert daemon.stop() == 0


def test_a_press_is_neither_lost_nor_doubled_by_a_kill(daemon: Daemon, network: BotApi) -> None:
    daemon.start()
    network.write("/menu", chat=7)
    network.wait_for(1, "sendMessage")
    until(lambda: Books.of(daemon.site).busy() == 0, what="the screen is sent")
    presses(network, "گفتگو با یک نفر", "one")
    daemon.kill()
    daemon.start()
    books = Books.of(daemon.site)
    until(lambda: books.verdicts() == {"accepted": 2} and not books.busy(), what="the press is received")
    assert books.count("SELECT count(*) FROM delivery WHERE purpose = 'screen'") == 2
    assert books.deliveries()["sent"] + books.deliveries()["unknown"] == 2
    assert daemon.stop() == 0


def test_what_was_answered_to_a_survey_stands_in_place_of_its_scores(daemon: Daemon, network: BotApi) -> None:
    run = Commands(daemon.site)
    assert run("agents", "add", "reza", "--name", "Reza", "--address", "reza@desk.test").code == 0
    daemon.start()
    network.write("سلام، سفارش من هنوز نرسیده است.", chat=7)
    network.wait_for(1, "sendMessage")
    (reference,) = Books.of(daemon.site).references()
    assert run("reply", reference, "امروز می‌رسد.", "--as", "reza", "--anyway").code == 0
    network.wait_for(2, "sendMessage")
    assert run("done", reference, "--as", "reza").code == 0
    until(lambda: "😀 ۵" in standing(network)[2], what="they are asked")
    books = Books.of(daemon.site)
    until(lambda: books.busy() == 0, what="the question has its name")
    presses(network, "😀 ۵", "one")
    until(lambda: list(standing(network)[2]) == ["✓ 😀 ۵", "تغییر پاسخ"], what="the answer stands there")
    until(lambda: books.busy() == 0, what="it is settled")
    presses(network, "تغییر پاسخ", "two")
    until(lambda: len(standing(network)[2]) == 5, what="the scores stand there again")
    presses(network, "😞 ۱", "three")
    until(lambda: "✓ 😞 ۱" in standing(network)[2], what="the new answer stands there")
    given: list[Any] = books.rows("SELECT score, how FROM survey WHERE kind = 'csat'")
    assert given == [(1, "button")]
    assert books.references() == [reference]
    assert daemon.stop() == 0
