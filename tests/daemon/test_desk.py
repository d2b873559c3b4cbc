"""A desk on real parts: a customer's mail comes to a port, an agent answers it in a group, and the answer goes out as mail."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from bench.letters import SUPPORT
from tests.daemon.commands import Commands
from tests.daemon.sites import UNBRAKED, MailChannel, Shed, listener, smtp
from tests.rig.bot_api import TOKEN, BotApi
from tests.rig.daemon import Daemon
from tests.rig.loopback import free_port
from tests.rig.smtp_sink import SmtpSink
from tests.rig.wait import until

GROUP, SARA = "-500", 70
DESK = """
[channel.bot]
kind = "telegram"
bot = "@example_desk_bot"
token = {{ file = "bot-token" }}
api_base = "{api}"
file_base = "{file}"
can = {{ pause = 0, group_per_minute = 0 }}

[desk.support]
channel = "bot"
chat = -500
"""


@pytest.fixture
def network(tmp_path: Path) -> Iterator[BotApi]:
    made = BotApi(tmp_path / "network").start()
    yield made
    made.close()


@pytest.fixture
def port() -> int:
    """Where mail is taken."""
    return free_port()


@pytest.fixture
def daemon(sites: Shed, network: BotApi, smtp_sink: SmtpSink, port: int) -> Daemon:
    mail = MailChannel(intake=listener(port), outgoing=smtp(smtp_sink.port))
    made = sites.site(mail, more=UNBRAKED + DESK.format(api=network.base, file=network.file_base))
    (made.site / "bot-token").write_text(TOKEN)
    (made.site / "bot-token").chmod(0o600)
    return made


def writes(port: int, text: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Lena <lena@customer.test>", SUPPORT, "Down"
    mail["Message-ID"] = "<1@customer.test>"
    mail.set_content(text)
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as server:
        server.sendmail("lena@customer.test", [SUPPORT], mail.as_bytes(policy=SMTP))


def linked(daemon: Daemon, network: BotApi) -> None:
    """Sara is one of us, and the bot knows her."""
    commands = Commands(daemon.site)
    assert commands("agents", "add", "sara", "--name", "Sara", "--address", "sara@desk.test").code == 0
    code = commands("agents", "link", "sara").out.split()[-1]
    network.write(code, chat=SARA)
    until(lambda: any("Sara" in text for text in network.world.group.texts(str(SARA))), what="the bot knows her")


def only_topic(network: BotApi) -> int:
    group = network.world.group
    until(lambda: any("The site is down" in text for one in group.topics for text in group.texts(*one)), what="a card")
    ((_, topic),) = group.topics
    return topic


def test_a_mail_is_answered_from_a_group_and_the_answer_is_mail(
    daemon: Daemon, network: BotApi, smtp_sink: SmtpSink, port: int
) -> None:
    daemon.start()
    linked(daemon, network)
    writes(port, "The site is down")
    topic = only_topic(network)
    number = next(n for (chat, n), (text, _) in network.world.group.standing.items() if "The site is down" in text)
    under = {"message_id": number, "chat": {"id": int(GROUP), "type": "supergroup"}}
    said = network.at_desk("It is up again.", SARA, topic=topic, reply_to_message=under)
    network.at_desk("I had to restart it", SARA, topic=topic)
    until(lambda: any(b"It is up again." in one.raw for one in smtp_sink.accepted), what="the answer is handed over")
    answers = [one.raw for one in smtp_sink.accepted if b"It is up again." in one.raw]
    assert len(answers) == 1
    assert b"restart" not in b"".join(one.raw for one in smtp_sink.accepted), "a note stays among us"
    assert b"Sara" in answers[0]
    until(lambda: network.world.group.signs.get((GROUP, said)) == "👍", what="she is told that it arrived")
    reference = network.world.group.topics[GROUP, topic].split()[1].removeprefix("#")
    shown = Commands(daemon.site).json("show", reference)
    replied = [one for one in shown["events"] if one["payload"]["kind"] == "replied"]
    assert [one["via"] for one in replied] == ["bot"]
    assert shown["conversation"]["state"] == "waiting"
    until(lambda: network.world.group.topics[GROUP, topic].startswith("🟨"), what="the title tells it")
    assert daemon.stop() == 0
    assert TOKEN not in daemon.words()


def test_a_kill_while_a_card_is_shown_leaves_one_topic(daemon: Daemon, network: BotApi, port: int) -> None:
    daemon.start()
    stuck = network.hangs_at("sendMessage", accepted=False)
    writes(port, "The site is down")
    until(lambda: network.world.group.topics, what="a topic")
    until(lambda: stuck.hits, what="the head is on its way")
    daemon.kill()
    network.behaves()
    daemon.start()
    only_topic(network)
    assert len(network.calls("createForumTopic")) == 1
    (desk,) = Commands(daemon.site).json("desks")
    assert (desk["desk"], desk["cards"]) == ("support", 1)
    (card,) = Commands(daemon.site).json("desks", "show", "support")
    assert card["doubtful"] == 0
    assert daemon.stop() == 0
