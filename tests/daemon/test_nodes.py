"""Several nodes on one PostgreSQL: killed, stopped and set going again, with clocks that are wrong; pages that are live on all."""

import http.client
import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence

import pytest

from bench.workload import Kind, Mail, build
from tests.daemon.books import Books
from tests.daemon.commands import Commands
from tests.daemon.nodes import another, at, holder, skewed, stopped, stored_in, taken_over
from tests.daemon.post import portions, read, words
from tests.daemon.sites import MailChannel, Shed, imap, smtp
from tests.daemon.test_agents_gone import signed_in
from tests.rig.daemon import Daemon
from tests.rig.dovecot import Dovecot
from tests.rig.loopback import HOST
from tests.rig.postgres import Postgres
from tests.rig.smtp_sink import SmtpSink
from tests.rig.wait import AT_ONCE, until

MAILS = 36
TAKEOVER = 30.0
WEBCHAT = '[channel.web]\nkind = "webchat"\ntitle = "Blue Pot"\n'
LEASE = "channel support"


@pytest.fixture
def database(postgres: Postgres) -> str:
    """An empty database."""
    return postgres.database()


@pytest.fixture
def store(database: str) -> Iterator[Books]:
    """What is stored, read beside the nodes."""
    with at(database) as opened:
        yield opened


@pytest.fixture
def channel(dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink) -> MailChannel:
    """A mailbox to fetch from and a server to send through."""
    dovecot.maildir(mailbox)
    return MailChannel(intake=imap(dovecot.imap_port, mailbox), outgoing=smtp(smtp_sink.port))


class Nodes:
    """Makes them, one after the other."""

    def __init__(self, sites: Shed, channel: MailChannel, database: str) -> None:
        self._sites = sites
        self._channel = channel
        self._more = stored_in(database) + WEBCHAT
        self._made: list[Daemon] = []

    def start(self, program: list[str] | None = None) -> Daemon:
        """One more, once it is ready."""
        if not self._made:
            first = self._sites.site(self._channel, more=self._more)
            self._made.append(first if program is None else self._sites.daemon(first.site, first.web, program))
        else:
            name = f"node{len(self._made)}"
            self._made.append(another(self._sites, self._made[0], name, self._more, self._channel, program=program))
        return self._made[-1].start()


@pytest.fixture
def nodes(sites: Shed, channel: MailChannel, database: str) -> Nodes:
    """None is started yet."""
    return Nodes(sites, channel, database)


def opened(count: int, seed: int) -> list[Mail]:
    """Mails that each begin a matter of their own."""
    return [mail for mail in build(count * 4, seed) if mail.kind is Kind.NEW][:count]


def nothing_was_lost_or_doubled(mails: Sequence[Mail], store: Books, sink: SmtpSink, node: Daemon) -> None:
    """Each mail is stored once and answered once, or it is told that nobody knows."""
    assert set(store.inbound()) == {mail.message_id for mail in mails}
    assert len(store.references()) == len(mails)
    accepted = Counter(one.message_id for one in sink.accepted)
    assert [key for key, times in accepted.items() if times > 1] == []
    answered = Counter(str(read(one.raw)["In-Reply-To"]) for one in sink.accepted)
    assert set(answered.values()) == {1}
    states = store.deliveries()
    assert set(states) <= {"sent", "unknown"}
    assert states.total() == len(mails)
    assert len(mails) - len(answered) <= states["unknown"]
    assert Commands(node.site).json("verify")["differences"] == []


@pytest.mark.parametrize("count", [2, 3])
def test_one_of_several_nodes_is_killed_under_load(
    count: int, nodes: Nodes, store: Books, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink
) -> None:
    """Mail keeps coming in. What the killed node had in hand, and all that comes later, is the others'."""
    mails, chance = opened(MAILS, count), random.Random(count)
    running = [nodes.start() for _ in range(count)]
    first, then, later = portions([mail.raw for mail in mails], 3)
    dovecot.append_many(mailbox, first)
    until(lambda: len(smtp_sink.accepted) >= chance.randrange(1, 10), within=AT_ONCE, what="mail is answered")
    dovecot.append_many(mailbox, then)
    worked = holder(store, running, LEASE)
    assert worked is not None
    worked.kill()
    began = time.monotonic()
    dovecot.append_many(mailbox, later)
    sent, others = len(smtp_sink.accepted), [node for node in running if node is not worked]
    known = store.verdicts().total()
    until(lambda: store.verdicts().total() > known, within=TAKEOVER, what="another node fetches")
    until(lambda: len(smtp_sink.accepted) > sent, within=TAKEOVER, what="and sends")
    took = time.monotonic() - began
    print(f"takeover with {count} nodes: {took:.1f} s")
    assert took < TAKEOVER
    until(lambda: store.judged() == MAILS, within=60, what="all have their verdict")
    until(lambda: not store.busy(), within=60, what="all is settled")
    nothing_was_lost_or_doubled(mails, store, smtp_sink, others[0])


def test_one_conversation_is_spoken_in_its_order_though_the_node_that_spoke_is_killed(
    nodes: Nodes, store: Books, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink
) -> None:
    """The acknowledgement is in its hand and four answers wait behind it: the other sends them as they were said."""
    (mail,) = opened(1, 9)
    first, second = nodes.start(), nodes.start()
    silence = smtp_sink.hangs_at("MAIL")
    dovecot.append_many(mailbox, [mail.raw])
    until(lambda: silence.hits, what="a hand-over has begun")
    commands = Commands(second.site)
    assert commands("agents", "add", "sara").code == 0
    (reference,) = store.references()
    said = ["One.", "Two.", "Three.", "Four."]
    for line in said:
        assert commands("reply", reference, line, "--as", "sara", "--anyway").code == 0
    first.kill()
    taken_over(store, [first, second], LEASE, first, TAKEOVER)
    silence.release()
    until(lambda: not store.busy(), within=TAKEOVER, what="all is said")
    told = [words(read(one.raw)) for one in smtp_sink.accepted]
    assert [[line for line in said if line in text] for text in told] == [[], *([line] for line in said)]
    assert store.deliveries() == {"sent": len(told)}


def test_a_node_that_stood_still_before_the_dot_does_not_send_what_another_sent(
    nodes: Nodes, store: Books, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink
) -> None:
    """It comes back with the connection still open and the mail half said: its claim is no longer its own."""
    mails = opened(6, 7)
    first, second = nodes.start(), nodes.start()
    silence = smtp_sink.hangs_at("MAIL")
    dovecot.append_many(mailbox, (mail.raw for mail in mails))
    until(lambda: silence.hits, what="a hand-over has begun")
    until(lambda: store.judged() == len(mails), what="all have their verdict")
    assert holder(store, [first, second], LEASE) is first
    with stopped(first):
        taken_over(store, [first, second], LEASE, first, TAKEOVER)
        until(lambda: len(smtp_sink.accepted) == len(mails), within=TAKEOVER, what="the other sends all of it")
        until(lambda: not store.busy(), what="all is settled")
    silence.release()
    until(lambda: "lost" in first.words(), what="it learns that it is not its any more")
    until(lambda: first.ready(), what="it is there all the same")
    assert first.stop() == 0
    assert store.deliveries() == {"sent": len(mails)}
    nothing_was_lost_or_doubled(mails, store, smtp_sink, second)


def test_a_node_that_stood_still_after_the_dot_tells_what_it_was_answered(
    nodes: Nodes, store: Books, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink
) -> None:
    """Another node could only say that nobody knows; the one that comes back knows."""
    mails = opened(4, 8)
    first, second = nodes.start(), nodes.start()
    silence = smtp_sink.hangs_at("dot")
    dovecot.append_many(mailbox, (mail.raw for mail in mails))
    until(lambda: silence.hits, what="a hand-over waits for its answer")
    with stopped(first):
        taken_over(store, [first, second], LEASE, first, TAKEOVER)
        until(lambda: store.deliveries()["unknown"] == 1, within=TAKEOVER, what="nobody knows of one")
        until(lambda: not store.busy(), within=TAKEOVER, what="the others are sent")
        silence.release()
    until(lambda: store.deliveries() == {"sent": len(mails)}, what="the answer is the proof")
    nothing_was_lost_or_doubled(mails, store, smtp_sink, second)


def test_c11_clocks_that_are_ten_minutes_apart_hold_up_nothing(
    nodes: Nodes, store: Books, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink
) -> None:
    """What a node that is ahead queues is due at once on one that is behind; and no lease is taken before its time."""
    ahead, behind = nodes.start(skewed(600)), nodes.start(skewed(-600))
    before, after = opened(6, 9)[:3], opened(6, 9)[3:]
    dovecot.append_many(mailbox, (mail.raw for mail in before))
    smtp_sink.wait_for(len(before))
    assert holder(store, [ahead, behind], LEASE) is ahead
    assert "taken" not in behind.words(), "it has nothing to do as long as the other one lives"
    ahead.kill()
    began = time.monotonic()
    dovecot.append_many(mailbox, (mail.raw for mail in after))
    smtp_sink.wait_for(len(before) + len(after), within=TAKEOVER)
    assert time.monotonic() - began < TAKEOVER
    assert ahead.cli("agents", "add", "sara").code == 0
    reference = store.references()[0]
    said = ahead.cli("reply", reference, "It was sent today.", "--as", "sara", "--anyway")
    assert said.code == 0, said.err
    smtp_sink.wait_for(len(before) + len(after) + 1, within=AT_ONCE)
    spread = store.count("SELECT (max(received_at) - min(received_at)) / 1000000 FROM arrival")
    assert spread < 120, "all instants are of one clock"


def test_what_happens_on_one_node_shows_on_the_pages_of_another(
    nodes: Nodes, store: Books, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink
) -> None:
    """An agent's list and a visitor's chat, both open on the node that does none of the work; the house looks again by itself
    after ten and thirty seconds at the soonest."""
    first, second = nodes.start(), nodes.start()
    commands = Commands(second.site)
    assert commands("agents", "add", "mina", "--name", "Mina").code == 0
    page = Stream(second, "/live", {"Cookie": signed_in(second, "mina")})
    page.told("hello")
    hello = posted(first, "hello", {"language": "en", "page": "https://shop.example/"}, "")
    chat = Stream(second, "/channels/web/live", {"Authorization": f"Bearer {hello['token']}"})

    mail = opened(1, 10)[0]
    began = time.monotonic()
    dovecot.deliver(mailbox, mail.raw)
    until(lambda: "changed" in page.told("look"), what="the page hears of the mail")
    assert time.monotonic() - began < 9

    began = time.monotonic()
    posted(first, "messages", {"id": "m1", "text": "Where is my order?", "page": ""}, hello["token"])
    while not json.loads(chat.told("line"))["automatic"]:
        pass
    assert time.monotonic() - began < 20

    chats = [one for one in commands.json("list") if one["reference"] != store.references()[0]]
    said = commands("reply", chats[0]["reference"], "It leaves today.", "--as", "mina", "--anyway")
    assert said.code == 0, said.err
    while "It leaves today." not in chat.told("line"):
        pass
    page.close()
    chat.close()


class Stream:
    """One page's open stream of events."""

    def __init__(self, node: Daemon, path: str, headers: dict[str, str]) -> None:
        self._connection = http.client.HTTPConnection(HOST, node.web, timeout=AT_ONCE)
        self._connection.request("GET", path, headers=headers)
        self._answer = self._connection.getresponse()
        assert self._answer.status == 200, self._answer.read()

    def told(self, kind: str) -> str:
        """The data of the next event of that kind."""
        now = ""
        while line := self._answer.readline().decode():
            if line.startswith("event: "):
                now = line.removeprefix("event: ").strip()
            elif line.startswith("data: ") and now == kind:
                return line.removeprefix("data: ").strip()
        raise EOFError("the stream has ended")

    def close(self) -> None:
        """The page is closed."""
        self._connection.close()


def posted(node: Daemon, path: str, said: dict[str, str], token: str) -> dict[str, str]:
    """What the chat's page on a node answers."""
    connection = http.client.HTTPConnection(HOST, node.web, timeout=AT_ONCE)
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    connection.request("POST", f"/channels/web/{path}", json.dumps(said), headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status in (200, 201, 202), body
    return dict(json.loads(body))
