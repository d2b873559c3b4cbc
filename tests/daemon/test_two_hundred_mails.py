"""Two hundred mails through a real mailbox and a real SMTP server: each becomes what it should, once, and is answered once."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from bench.workload import Kind, Mail
from tests.daemon import post
from tests.daemon.books import Books, books
from tests.daemon.commands import Commands
from tests.daemon.post import Letter, ids, read, words
from tests.daemon.sites import MailChannel, imap, shed, smtp
from tests.daemon.told import told
from tests.rig.authority import Authority
from tests.rig.daemon import Daemon
from tests.rig.dovecot import PASSWORD, Dovecot
from tests.rig.smtp_sink import Accepted, SmtpSink
from tests.rig.wait import until

SEED = 2
SPOKEN = (Kind.NEW, Kind.REPLY, Kind.AUTOMATIC)
MAILBOX = "two-hundred@example.org"
ANSWERS = {
    "fa": "سلام، سفارش شما امروز فرستاده شد.\n.\nبا مهر",
    "en": "Your order was sent today.\n.\nFrom tomorrow you can track it.",
}


@dataclass(frozen=True, slots=True)
class Job:
    """The whole job after it was played, the daemon still running."""

    daemon: Daemon
    books: Books
    sink: SmtpSink
    mails: list[Mail]
    letters: list[Letter]
    in_mailbox: int

    @property
    def came_back(self) -> dict[str, str]:
        """What answers ours: its Message-ID, and the customer's mail that ours answered."""
        return {one.message_id: one.about for one in self.letters if one.kind in SPOKEN}

    @property
    def commands(self) -> Commands:
        return Commands(self.daemon.site)

    @property
    def acknowledgements(self) -> list[Accepted]:
        return [one for one in self.sink.accepted if b"\r\nAuto-Submitted:" in one.raw]

    def conversation(self, message_id: str) -> str:
        return self.books.inbound()[message_id]


@pytest.fixture(scope="module")
def job(
    dovecot: Dovecot, authority: Authority, blank_site: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Job]:
    """Everything over TLS, with certificates of our own authority and a login on both sides."""
    folder = tmp_path_factory.mktemp("two-hundred")
    tls = authority.issue().server_context()
    accounts = {MAILBOX: PASSWORD}
    with (
        closing(SmtpSink(folder / "sink", tls=tls, accounts=accounts).start()) as sink,
        shed(folder, blank_site) as sites,
    ):
        trusted = {"tls": "implicit", "user": MAILBOX, "ca_file": str(authority.file)}
        way_in = imap(dovecot.imaps_port, **trusted)
        daemon = sites.site(MailChannel(intake=way_in, outgoing=smtp(sink.port, **trusted)))
        dovecot.maildir(MAILBOX)
        daemon.start()
        with books(daemon.site) as opened:
            yield play(daemon, opened, dovecot, sink)


def play(daemon: Daemon, opened: Books, dovecot: Dovecot, sink: SmtpSink) -> Job:
    """Deliver both rounds in portions, each while the one before is still being received."""
    mails = post.first_round(SEED)
    delivered = deliver(dovecot, opened, [mail.raw for mail in mails], 0)
    quiet(opened, delivered)
    letters = post.second_round(mails, list(sink.accepted), SEED)
    delivered = deliver(dovecot, opened, [one.raw for one in letters], delivered, count=2)
    quiet(opened, delivered)
    return Job(daemon, opened, sink, mails, letters, len(dovecot.mails(MAILBOX)))


def deliver(dovecot: Dovecot, opened: Books, raws: list[bytes], before: int, count: int = 4) -> int:
    for portion in post.portions(raws, count):
        begun = before + len(portion) // 3
        before += dovecot.append_many(MAILBOX, portion)
        until(lambda begun=begun: opened.judged() >= begun, within=60, what="the portion is being received")  # type: ignore[misc]  # a default of a lambda
    return before


def quiet(opened: Books, delivered: int) -> None:
    until(lambda: opened.judged() >= delivered, within=60, what=f"{delivered} mails have their verdict")
    until(lambda: not opened.busy(), within=60, what="the outbox is empty")


def test_none_is_lost_and_none_is_doubled(job: Job) -> None:
    kinds = Counter([*(one.kind for one in job.mails), *(one.kind for one in job.letters)])
    assert job.in_mailbox == post.FIRST + post.SECOND == 200
    set_aside = kinds[Kind.STRAY] + kinds[Kind.REPORT]
    assert job.books.verdicts() == Counter(
        accepted=200 - set_aside - kinds[Kind.DUPLICATE], duplicate=kinds[Kind.DUPLICATE], ignored=set_aside
    )
    wanted = {*(one.message_id for one in job.mails if one.kind in SPOKEN), *job.came_back}
    assert set(job.books.inbound()) == wanted


def test_every_answer_joins_the_conversation_that_it_answers(job: Job) -> None:
    conversations = job.books.inbound()
    of_matter = {mail.conversation: conversations[mail.message_id] for mail in job.mails if mail.kind is Kind.NEW}
    spoken = [mail for mail in job.mails if mail.kind in SPOKEN]
    assert [m.message_id for m in spoken if conversations[m.message_id] != of_matter[m.conversation]] == []
    astray = [key for key, about in job.came_back.items() if conversations[key] != conversations[about]]
    assert astray == []
    assert len(set(of_matter.values())) == len(job.books.references())
    assert sum(one.kind is Kind.REPLY for one in spoken) + post.REPLIES >= 60


def test_each_conversation_is_acknowledged_once_and_no_machine_ever(job: Job) -> None:
    answered = Counter(str(read(one.raw)["In-Reply-To"]) for one in job.acknowledgements)
    opened = {mail.message_id: 1 for mail in job.mails if mail.kind is Kind.NEW}
    assert answered == opened
    assert len({one.message_id for one in job.sink.accepted}) == len(job.sink.accepted)
    assert all(one.encrypted and one.login == MAILBOX for one in job.sink.accepted)


def test_every_time_that_was_told_is_the_one_that_is_owed_and_can_be_computed_again(job: Job) -> None:
    by_conversation = {job.conversation(str(read(one.raw)["In-Reply-To"])): one for one in job.acknowledgements}
    languages: Counter[str] = Counter()
    for reference in job.books.references():
        (promise,) = job.commands.json("sla", "explain", reference)["promises"]
        language, instant = told(by_conversation[reference].raw)
        assert promise["reproduced"] is True
        assert datetime.fromisoformat(promise["due_at"]) == instant
        languages[language] += 1
    assert min(languages["fa"], languages["en"]) > 20


@pytest.mark.parametrize("language", ["fa", "en"])
def test_an_agents_answer_arrives_in_the_thread_and_the_customer_can_answer_it(
    job: Job, dovecot: Dovecot, language: str
) -> None:
    first = next(one for one in job.acknowledgements if told(one.raw)[0] == language)
    reference = job.conversation(str(read(first.raw)["In-Reply-To"]))
    history = [key for key, found in job.books.inbound().items() if found == reference]
    added = job.daemon.cli("agents", "add", f"agent-{language}", "--name", "سارا", "--address", f"{language}@desk.test")
    assert added.code == 0, added.err
    before = len(job.sink.accepted)
    done = job.daemon.cli("reply", reference, "--as", f"agent-{language}", given=ANSWERS[language])
    assert done.code == 0, done.err
    sent = job.sink.wait_for(before + 1)[before]
    reply = read(sent.raw)
    assert reply["In-Reply-To"] == history[-1]
    assert ids(reply["References"])[-1] == history[-1]
    assert set(ids(reply["References"])) <= {*history, first.message_id}
    assert history[0] in ids(reply["References"])
    assert sent.recipients == [read(first.raw)["To"].addresses[0].addr_spec]
    assert ANSWERS[language] in words(reply).replace("\r\n", "\n")
    assert is_untouched_by_relays(sent.raw)

    dovecot.deliver(MAILBOX, post.answer(random.Random(SEED), sent, 1))
    key = post.written_id("answer", sent, 1)
    until(lambda: key in job.books.inbound(), what="the customer's answer is stored")
    assert job.conversation(key) == reference


def is_untouched_by_relays(raw: bytes) -> bool:
    """What a DKIM signature must survive: CRLF alone ends lines, no line is too long, no byte needs recoding."""
    lines = raw.split(b"\r\n")
    return raw.isascii() and all(len(line) <= 998 and not {10, 13} & set(line) for line in lines)


def test_the_explanation_reads_the_same_from_the_installed_command(job: Job) -> None:
    reference = job.books.references()[0]
    done = job.daemon.cli("sla", "explain", reference, "--format", "json")
    assert done.json() == job.commands.json("sla", "explain", reference)


def test_the_books_agree_at_the_end(job: Job) -> None:
    done = job.daemon.cli("verify", "--format", "json")
    assert (done.code, done.json()["differences"]) == (0, [])
    assert done.json()["conversations"] == len(job.books.references())
    assert set(done.json()["deliveries"]) == {"sent"}
    assert job.daemon.cli("quarantine", "--format", "json").json() == []
    assert "Traceback" not in job.daemon.words()
    assert "@customer" not in job.daemon.words(), "a customer's address in the log"
