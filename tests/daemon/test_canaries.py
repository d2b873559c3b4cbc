"""Secrets that must appear nowhere: a whole site is given canaries for secrets, and troubled in every way; then all it said is read."""

import base64
import http.client
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.daemon.commands import Commands
from tests.daemon.sites import UNBRAKED, MailChannel, Shed, imap, smtp
from tests.rig.bot_api import BotApi
from tests.rig.bot_manners import TELEGRAM
from tests.rig.daemon import Daemon
from tests.rig.dovecot import Dovecot
from tests.rig.loopback import HOST, free_port
from tests.rig.smtp_sink import SmtpSink
from tests.rig.wait import until
from tests.rig.webhook_receiver import Receiver, served

PLANTED = {
    "imap": "canary-imap-Wq7pL2mXz9",
    "imap-tls": "canary-imaptls-Hd83kWq1",
    "smtp": "canary-smtp-Rk4vT8nBy1",
    "smtp-tls": "canary-smtptls-Zx92nQa5",
    "bot": "777000111:canary_BOT_Jh6gF3dSa0PoIuYtReWqLk",
    "bot-webhook": "canary_hook_Mn5bV7cXz2",
    "phone": "canary-phone-Ui3oP6aSd9",
    "chat": "canary-chat-Gh1jK8lQw4",
    "oidc": "canary-oidc-Er5tY2uIo7",
}
"""What stands in the files of the site's secrets, by the name of the file."""
MORE = """
[log]
level = "debug"
format = "{style}"
[webhooks]
allow = ["127.0.0.1"]
[oidc]
issuer = "http://127.0.0.1:{nobody}"
client_id = "desk"
client_secret = {{ file = "secrets/oidc" }}
[channel.chat]
kind = "webchat"
identity_secret = {{ file = "secrets/chat" }}
[channel.phone]
kind = "phone"
secret = {{ file = "secrets/phone" }}
[channel.bot]
kind = "telegram"
bot = "@example_desk_bot"
token = {{ file = "secrets/bot" }}
webhook_secret = {{ file = "secrets/bot-webhook" }}
api_base = "{api}"
file_base = "{files}"
[channel.dead]
kind = "telegram"
bot = "@dead_desk_bot"
token = {{ file = "secrets/bot" }}
api_base = "http://127.0.0.1:{nobody}/bot"
file_base = "http://127.0.0.1:{nobody}/file/bot"
"""


class Heard:
    """All that the site said to anybody, with the place where it said it; and what it must not have said."""

    def __init__(self, daemon: Daemon) -> None:
        self.daemon = daemon
        self.said: list[tuple[str, str]] = []
        self.secrets = dict(PLANTED)

    def cli(self, *words: str) -> str:
        done = Commands(self.daemon.site)(*words)
        self.said.append((" ".join(words[:3]), done.out + done.err))
        assert "Traceback" not in done.err, words
        return done.out

    def web(self, method: str, path: str, body: str = "", **headers: str) -> int:
        with closing(http.client.HTTPConnection(HOST, self.daemon.web, timeout=20)) as connection:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            told = f"{answer.headers}\n{answer.read().decode('utf-8', 'replace')}"
        self.said.append((f"{method} {path}", told))
        return answer.status

    def leaks(self) -> list[tuple[str, str]]:
        """Which secret stands where, as it is or as networks write it."""
        everything = [*self.said, ("the log", self.daemon.words())]
        return [
            (name, place)
            for name, secret in self.secrets.items()
            for place, text in everything
            for form in forms(secret)
            if form in text
        ]


def forms(secret: str) -> set[str]:
    """A secret as it is, as a login carries it, and the part of a bot's token that is secret."""
    coded = base64.b64encode(secret.encode()).decode().rstrip("=")
    plain = base64.b64encode(b"\0box\0" + secret.encode()).decode().rstrip("=")
    return {secret, coded, plain, secret.rpartition(":")[2]}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with served() as made:
        yield made


@pytest.fixture
def network(tmp_path: Path) -> Iterator[BotApi]:
    made = BotApi(tmp_path / "network", TELEGRAM).start()
    yield made
    made.close()


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[SmtpSink]:
    made = SmtpSink(tmp_path / "sink-of-accounts", accounts={"box": "another"}).start()
    yield made
    made.close()


def planted(sites: Shed, dovecot: Dovecot, mailbox: str, network: BotApi, sink: SmtpSink, style: str) -> Daemon:
    """A site in which every secret is wrong, or goes where nobody is, or where nobody is to be trusted."""
    named = {name: f'{{ file = "secrets/{name}" }}' for name in PLANTED}
    wrong = MailChannel(
        "support",
        "support@desk.test",
        imap(dovecot.imap_port, mailbox, secret=named["imap"]),
        smtp(sink.port, user="box").replace('{ env = "MAIL_PASSWORD" }', named["smtp"]),
    )
    broken = MailChannel(
        "sales",
        "sales@desk.test",
        imap(dovecot.imaps_port, mailbox, secret=named["imap-tls"], tls="implicit").replace('"off"', '"implicit"', 1),
        smtp(sink.port, user="box", tls="implicit").replace('{ env = "MAIL_PASSWORD" }', named["smtp-tls"]),
    )
    more = MORE.format(style=style, nobody=free_port(), api=network.base, files=network.file_base)
    daemon = sites.site(wrong, broken, name=style, more=UNBRAKED + more)
    folder = daemon.site / "secrets"
    folder.mkdir(mode=0o700)
    for name, secret in PLANTED.items():
        (folder / name).write_text(secret + "\n")
        (folder / name).chmod(0o600)
    return daemon


@pytest.mark.parametrize("style", ["json", "human"])
def test_s24_no_secret_stands_in_any_log_page_error_or_output(
    sites: Shed, dovecot: Dovecot, mailbox: str, network: BotApi, sink: SmtpSink, receiver: Receiver, style: str
) -> None:
    daemon = planted(sites, dovecot, mailbox, network, sink, style)
    heard = Heard(daemon)
    daemon.start()
    until(lambda: daemon.words().count("refused the login") or "locked" in daemon.words(), what="a refused login")
    _given(heard, receiver.url)
    receiver.answers = [(500, {})]
    heard.cli("webhooks", "test", "erp")
    until(lambda: receiver.ledger, what="the webhook is called")
    _commands(heard)
    _visits(heard)
    _breaks(heard)
    assert daemon.stop() == 0
    assert "page broken" in daemon.words(), "and a mistake of ours was among it"
    assert "/login/" not in daemon.words(), "a link that lets in is for whoever sits at a terminal"
    assert heard.leaks() == []
    _kept(daemon, heard)


def _given(heard: Heard, url: str) -> None:
    """Secrets that the house makes itself and shows once, to whom they belong: from then on they are nobody's."""
    house = Commands(heard.daemon.site)
    house("agents", "add", "omid", "--name", "Omid", "--admin")
    made = {
        "webhook": house.json("webhooks", "add", "erp", url)["secret"],
        "token": house.json("tokens", "add", "crm", "--agent", "omid")["token"],
        "link": house("login", "--as", "omid").out.strip().rpartition("/")[2].split()[0],
    }
    assert all(len(one) > 20 for one in made.values()), made
    heard.secrets |= made
    site = (heard.daemon.site / "data" / "secret").read_bytes()
    heard.secrets |= {"site": base64.urlsafe_b64encode(site).decode().rstrip("="), "site as hex": site.hex()}


def _commands(heard: Heard) -> None:
    for words in (
        ("doctor", "--online"),
        ("doctor", "--online", "--format", "json"),
        ("check",),
        ("channels",),
        ("channels", "--format", "json"),
        ("outbox",),
        ("quarantine",),
        ("verify",),
        ("webhooks", "list"),
        ("webhooks", "calls", "erp", "--format", "json"),
        ("tokens", "list", "--format", "json"),
        ("keys", "list"),
        ("agents", "list"),
    ):
        heard.cli(*words)
    config = heard.daemon.site / "config.toml"
    good = config.read_text()
    config.write_text(good.replace('{ file = "secrets/imap" }', f'"{PLANTED["imap"]}"'))
    heard.cli("check")
    config.write_text(good)


def _visits(heard: Heard) -> None:
    token = heard.secrets["token"]
    form = {"content_type": "application/x-www-form-urlencoded", "sec_fetch_site": "same-origin"}
    assert heard.web("GET", "/readyz") in (200, 503)
    assert heard.web("POST", "/channels/bot/", "{}", x_telegram_bot_api_secret_token="wrong") >= 400
    assert heard.web("POST", "/channels/phone/", "{}", authorization="Bearer wrong") >= 400
    assert heard.web("POST", "/channels/chat/hello", '{"user": {"id": "1", "proof": "wrong"}}') < 600
    assert heard.web("GET", "/api/v1/conversations", authorization=f"Bearer {token}x") == 401
    assert heard.web("GET", "/api/v1/conversations", authorization=f"Bearer {token}") == 200
    assert heard.web("GET", "/api/v1/conversations/%00", authorization=f"Bearer {token}") >= 400
    assert heard.web("POST", "/sign-in/oidc", "", **form) >= 300
    assert heard.web("POST", "/sign-in", "handle=omid&password=a-wrong-one", **form) == 403
    assert heard.daemon.get(f"/{token}")[0] >= 400, "which tells them their own address again; the log does not"


def _breaks(heard: Heard) -> None:
    """What stands in a row is none of ours while the daemon runs: every page that reads it is a mistake; then its table is gone."""
    with closing(sqlite3.connect(heard.daemon.site / "data" / "inbox.db", timeout=20)) as database:
        token, link = heard.secrets["token"], heard.secrets["link"]
        for act in (
            "update access_token set reach = 'no JSON at all'",
            "alter table access_token rename to access_token_away",
        ):
            database.execute(act)
            database.commit()
            assert heard.web("GET", "/api/v1/conversations", authorization=f"Bearer {token}") >= 400
            heard.daemon.get(f"/login/{link}")  # whose page tells the address to whoever has it
            heard.web("GET", "/", cookie=f"inbox_session={link}")


def _kept(daemon: Daemon, heard: Heard) -> None:
    """In the database lies no secret that is only proved to us, and none of the site's files."""
    lies = b"".join(path.read_bytes() for path in (daemon.site / "data").glob("inbox.db*"))
    kept = {name for name, secret in heard.secrets.items() if secret.encode() in lies}
    assert kept <= {"webhook"}, "which has to sign, and is stored for it"
