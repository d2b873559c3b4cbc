"""The main job on PostgreSQL, and two nodes that share it: one does the work, the other takes over when it is killed."""

from collections.abc import Iterator

import pytest

from bench.workload import Expected, Kind, build
from tests.daemon.books import Books
from tests.daemon.commands import Commands
from tests.daemon.nodes import another, at, stored_in
from tests.daemon.post import ids, portions, read
from tests.daemon.sites import MailChannel, Shed, imap, smtp
from tests.rig.daemon import Daemon
from tests.rig.dovecot import Dovecot
from tests.rig.postgres import Postgres
from tests.rig.smtp_sink import SmtpSink
from tests.rig.wait import AT_ONCE, until

MAILS = 60
TAKEOVER = 30.0


@pytest.fixture
def database(postgres: Postgres) -> str:
    """An empty database."""
    return postgres.database()


@pytest.fixture
def fragile() -> Iterator[Postgres]:
    """A server of its own, which may crash."""
    made = Postgres(durable=True).start()
    yield made
    made.close()


@pytest.fixture
def channel(dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink) -> MailChannel:
    """A mailbox to fetch from and a server to send through."""
    dovecot.maildir(mailbox)
    return MailChannel(intake=imap(dovecot.imap_port, mailbox), outgoing=smtp(smtp_sink.port))


@pytest.fixture
def daemon(sites: Shed, channel: MailChannel, database: str) -> Daemon:
    """A node, not started yet."""
    return sites.site(channel, more=stored_in(database))


@pytest.fixture
def store(database: str) -> Iterator[Books]:
    """What is stored, read beside the nodes."""
    with at(database) as opened:
        yield opened


def test_the_main_job(daemon: Daemon, store: Books, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink) -> None:
    mails = list(build(MAILS, 4))
    expected = Expected.of(mail.kind for mail in mails)
    daemon.start()
    dovecot.append_many(mailbox, (mail.raw for mail in mails))
    until(lambda: store.judged() == MAILS, within=60, what="all have their verdict")
    smtp_sink.wait_for(expected.acknowledgements, within=60)
    spoken = {mail.message_id: mail for mail in mails if mail.kind in (Kind.NEW, Kind.REPLY, Kind.AUTOMATIC)}
    inbound = store.inbound()
    assert set(inbound) == set(spoken)
    of_matter = {mail.conversation: inbound[mail.message_id] for mail in mails if mail.kind is Kind.NEW}
    assert [key for key, mail in spoken.items() if inbound[key] != of_matter[mail.conversation]] == []
    assert store.verdicts()["duplicate"] == expected.duplicates

    commands = Commands(daemon.site)
    assert commands("agents", "add", "sara").code == 0
    opened = next(mail.message_id for mail in mails if mail.kind is Kind.NEW)
    said = daemon.cli("reply", inbound[opened], "It was sent today.", "--as", "sara")
    assert said.code == 0, said.err
    reply = smtp_sink.wait_for(expected.acknowledgements + 1, within=AT_ONCE)[-1]
    assert ids(read(reply.raw)["References"])[0] == opened
    explained = commands.json("sla", "explain", inbound[opened])
    assert [promise["reproduced"] for promise in explained["promises"]] == [True]
    until(lambda: store.deliveries() == {"sent": expected.acknowledgements + 1}, what="all is settled")
    assert commands.json("verify")["differences"] == []
    assert daemon.stop() == 0
    assert "Traceback" not in daemon.words()


def test_a_second_node_takes_over_when_the_first_is_killed(
    sites: Shed,
    channel: MailChannel,
    database: str,
    daemon: Daemon,
    store: Books,
    dovecot: Dovecot,
    mailbox: str,
    smtp_sink: SmtpSink,
) -> None:
    mails = [mail for mail in build(60, 6) if mail.kind is Kind.NEW][:10]
    silence = smtp_sink.hangs_at("dot", skip=4)
    daemon.start()
    second = another(sites, daemon, "second", stored_in(database), channel).start()
    dovecot.append_many(mailbox, (mail.raw for mail in mails[:8]))
    until(lambda: silence.hits, what="a hand-over waits for its answer")
    assert "fetched" not in second.words()
    assert second.stop() == 0
    second.start()
    daemon.kill()
    dovecot.append_many(mailbox, (mail.raw for mail in mails[8:]))
    until(lambda: store.judged() == 10, within=TAKEOVER, what="the second node fetches")
    until(lambda: not store.busy(), within=TAKEOVER, what="and sends")
    assert set(store.inbound()) == {mail.message_id for mail in mails}
    assert len({one.message_id for one in smtp_sink.accepted}) == len(smtp_sink.accepted)
    states = store.deliveries()
    assert set(states) == {"sent", "unknown"}, "what was handed over without an answer is told"
    assert states.total() == len(mails)
    assert Commands(second.site)("verify").code == 0
    assert second.stop() == 0


def test_c6_a_server_that_is_gone_for_a_while_under_load_costs_nothing(
    sites: Shed, channel: MailChannel, fragile: Postgres, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink
) -> None:
    """The daemon says so, without a word of a mistake of its own, and goes on where it was."""
    mails = [mail for mail in build(120, 9) if mail.kind is Kind.NEW][:24]
    database = fragile.database()
    daemon = sites.site(channel, more=stored_in(database)).start()
    with at(database) as store:
        first, then, last = portions(mails, 3)
        dovecot.append_many(mailbox, (mail.raw for mail in first))
        until(lambda: smtp_sink.accepted, within=AT_ONCE, what="mail is answered")
        dovecot.append_many(mailbox, (mail.raw for mail in then))
        fragile.crash()
        until(lambda: "store.unreachable" in daemon.words(), within=AT_ONCE, what="it is said that the server is away")
        dovecot.append_many(mailbox, (mail.raw for mail in last))
        fragile.start()
        until(lambda: store.judged() == len(mails), within=60, what="all have their verdict")
        until(lambda: not store.busy(), within=60, what="all is settled")
        assert set(store.inbound()) == {mail.message_id for mail in mails}
        assert len({one.message_id for one in smtp_sink.accepted}) == len(smtp_sink.accepted)
        assert set(store.deliveries()) <= {"sent", "unknown"}
    assert Commands(daemon.site).json("verify")["differences"] == []
    assert daemon.ready()
    assert daemon.stop() == 0
    assert "Traceback" not in daemon.words()
