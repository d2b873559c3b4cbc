"""Starting, stopping and reading again: TERM ends in time, HUP takes over what is right and nothing that is wrong."""

import signal
from contextlib import closing
from pathlib import Path

import pytest

from bench.workload import Kind, build
from tests.daemon.books import books
from tests.daemon.commands import Commands
from tests.daemon.post import read, words
from tests.daemon.sites import MailChannel, Shed, imap, smtp
from tests.path.mail_house import letter
from tests.rig.daemon import Daemon
from tests.rig.dovecot import Dovecot
from tests.rig.proxy import FaultProxy
from tests.rig.smtp_sink import SmtpSink
from tests.rig.wait import until

TEMPLATE = Path("templates/messages/acknowledgement")
OURS = "Hello from the new template, {{ reference }}.\n"


@pytest.fixture
def daemon(sites: Shed, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink) -> Daemon:
    """It runs and fetches from the mailbox."""
    way_in = imap(dovecot.imap_port, mailbox)
    return sites.site(MailChannel(intake=way_in, outgoing=smtp(smtp_sink.port))).start()


@pytest.fixture
def new(dovecot: Dovecot, mailbox: str) -> "New":
    """Customers who write for the first time."""
    return New(dovecot, mailbox)


class New:
    """Each call delivers the mail of one more customer."""

    def __init__(self, dovecot: Dovecot, mailbox: str) -> None:
        self._mails = iter([mail for mail in build(40, 5) if mail.kind is Kind.NEW])
        self._dovecot, self._mailbox = dovecot, mailbox

    def __call__(self) -> None:
        self._dovecot.deliver(self._mailbox, next(self._mails).raw)


def hang_up(daemon: Daemon, word: str) -> None:
    """Have it read everything again, and wait until the log says how that went."""
    before = daemon.words().count(f'"event": "{word}"')
    daemon.signal(signal.SIGHUP)
    until(lambda: daemon.words().count(f'"event": "{word}"') > before, what=f"the log says {word}")


def test_it_stops_in_time_though_a_server_says_nothing(daemon: Daemon, new: New, smtp_sink: SmtpSink) -> None:
    smtp_sink.hangs_at("dot")
    new()
    smtp_sink.wait_for(1)
    assert daemon.stop(within=20) == 0
    with books(daemon.site) as store:
        assert store.deliveries() == {"unknown": 1}
    assert daemon.words().rstrip().splitlines()[-1].count('"event": "stopped"') == 1


def test_it_stops_in_time_though_a_mailbox_never_answers(sites: Shed, dovecot: Dovecot, mailbox: str) -> None:
    with closing(FaultProxy(dovecot.imap_port).start()) as proxy:
        proxy.black_hole()
        site = sites.site(MailChannel(intake=imap(proxy.port, mailbox))).start(wait=False)
        until(lambda: proxy.connections, what="it tries to connect")
        assert site.stop(within=20) == 0


def test_h1_it_stops_in_time_while_a_mail_comes_drop_by_drop_and_has_it_whole_after_the_next_start(
    sites: Shed, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink
) -> None:
    with closing(FaultProxy(dovecot.imap_port).start()) as proxy:
        way_in = imap(proxy.port, mailbox)
        daemon = sites.site(MailChannel(intake=way_in, outgoing=smtp(smtp_sink.port))).start()
        before = proxy.passed["down"]
        proxy.drip(1000)
        dovecot.deliver(mailbox, letter(1, "x" * 70 + "\n" + "y\n" * 100_000))
        until(lambda: proxy.passed["down"] > before + 3000, within=60, what="it is in the middle of the mail")
        assert daemon.stop(within=30) == 0
        with books(daemon.site) as store:
            assert store.count("SELECT count(*) FROM arrival") == 0
        proxy.heal()
        daemon.start()
        smtp_sink.wait_for(1)
        with books(daemon.site) as store:
            assert store.count("SELECT count(*) FROM arrival WHERE size > 200000") == 1
            assert len(store.inbound()) == 1


def test_what_is_being_sent_when_it_stops_is_sent_to_its_end(daemon: Daemon, new: New, smtp_sink: SmtpSink) -> None:
    silence = smtp_sink.hangs_at("dot")
    new()
    smtp_sink.wait_for(1)
    daemon.signal(signal.SIGTERM)
    until(lambda: "stopping" in daemon.words(), what="it was told to stop")
    silence.release()
    assert daemon.ended(within=20) == 0
    with books(daemon.site) as store:
        assert store.deliveries() == {"sent": 1}


def test_mail_that_came_while_it_was_stopped_is_fetched_at_the_next_start(
    daemon: Daemon, new: New, smtp_sink: SmtpSink
) -> None:
    new()
    smtp_sink.wait_for(1)
    assert daemon.stop() == 0
    new()
    daemon.start()
    assert len(smtp_sink.wait_for(2)) == 2


def test_a_hang_up_takes_over_templates_and_rules_or_neither(daemon: Daemon, new: New, smtp_sink: SmtpSink) -> None:
    rule = daemon.site / "rules" / "15-mine.toml"  # first: a change of files is noticed by itself too
    rule.write_text('format = 1\n[[rule]]\nname = "mine"\nthen.tags = ["x"]\n')
    for language in ("en", "fa"):
        (daemon.site / TEMPLATE / language).mkdir(parents=True)
        (daemon.site / TEMPLATE / language / "body.txt.j2").write_text(OURS)
        (daemon.site / TEMPLATE / language / "body.html.j2").write_text(f"<p>{OURS}</p>")
    hang_up(daemon, "reload-refused")
    assert "rules/15-mine.toml:4: there is no key “tags” here." in daemon.words(), "a sentence, and not only a key"
    assert daemon.cli("verify").code == 0, "what people do goes on by the rules that went live last"
    new()
    assert "new template" not in words(read(smtp_sink.wait_for(1)[0].raw))

    rule.write_text('format = 1\n[[rule]]\nname = "mine"\nthen.tag = "x"\n')
    hang_up(daemon, "reloaded")
    new()
    assert "new template" in words(read(smtp_sink.wait_for(2)[1].raw))
    tags = [one["tags"] for one in Commands(daemon.site).json("list")]
    assert sorted("x" in one for one in tags) == [False, True]


def test_a_broken_template_leaves_the_one_before_in_use(daemon: Daemon, new: New, smtp_sink: SmtpSink) -> None:
    (daemon.site / TEMPLATE / "fa").mkdir(parents=True)
    broken = daemon.site / TEMPLATE / "fa" / "body.txt.j2"
    broken.write_text("سلام\n{{ nobody }}\n")
    hang_up(daemon, "reload-refused")
    assert f"{TEMPLATE}/fa/body.txt.j2:2" in daemon.words()
    new()
    smtp_sink.wait_for(1)
    done = daemon.cli("check")
    assert done.code == 1
    assert f"{TEMPLATE}/fa/body.txt.j2:2: " in done.out
    assert "“nobody”" in done.out


def test_the_doctor_warns_of_a_secret_that_everybody_can_read_and_of_one_that_is_missing(
    sites: Shed, dovecot: Dovecot, mailbox: str, tmp_path: Path
) -> None:
    secret = tmp_path / "password"
    way_in = imap(dovecot.imap_port, mailbox, secret=f'{{ file = "{secret}" }}')
    site = sites.site(MailChannel(intake=way_in))
    missing = site.cli("doctor")
    assert missing.code == 1
    assert f"A secret could not be read from file:{secret}" in missing.out
    secret.write_text("secret\n")
    secret.chmod(0o644)
    exposed = site.cli("doctor")
    assert f"The secret in {secret} can be read by other users" in exposed.out
    assert f"`chmod 600 {secret}`" in exposed.out
