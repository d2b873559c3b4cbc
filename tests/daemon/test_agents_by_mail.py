"""An agent at their own mail program, on real parts: mail comes out of a mailbox and goes out by SMTP, both ways."""

import email.policy
from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import pytest

from inbox.domain.attention import Kind, Likes, Place
from inbox.domain.ids import AgentId
from inbox.domain.people import Agent
from inbox.store import people, preferences
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.daemon.books import books
from tests.daemon.commands import Commands
from tests.daemon.post import read, words
from tests.daemon.sites import UNBRAKED, MailChannel, Shed, imap, smtp
from tests.rig.bot_api import TOKEN, BotApi
from tests.rig.daemon import Daemon
from tests.rig.dovecot import Dovecot
from tests.rig.smtp_sink import SmtpSink
from tests.rig.wait import until

MX = "mx.example.org"
CUSTOMER, AGENT = "lena@customer.test", "sara@example.org"


def by_mail_alone(unit: Unit) -> None:
    """Sara works from her mail program: she is told of everything there, and of nothing on the page."""
    sara = people.put_agent(unit, Agent(AgentId(0), "sara", "Sara Mohammadi", AGENT))
    preferences.put(unit, sara, Likes(notices={kind: frozenset({Place.MAIL}) for kind in Kind}))


def letter(sender: str, to: str, subject: str, text: str, verdict: str = "pass", **headers: str) -> bytes:
    """A mail as it lies in the mailbox: the server that put it there says on top who wrote it."""
    said = EmailMessage(policy=email.policy.SMTP)
    domain = sender.rpartition("@")[2]
    said["Authentication-Results"] = f"{MX}; dmarc={verdict} header.from={domain}"
    said["From"], said["To"], said["Subject"] = sender, to, subject
    said["Message-ID"] = f"<{abs(hash((sender, subject, text)))}@{domain}>"
    for name, value in headers.items():
        said[name.replace("_", "-")] = value
    said.set_content(text)
    return said.as_bytes()


def to(sink: SmtpSink, address: str, number: int) -> EmailMessage:
    """The mail with that number that an address was handed, once it was."""
    found = until(
        lambda: [one for one in sink.accepted if address in one.recipients][number - 1 : number],
        within=60,
        what=f"mail {number} to {address}",
    )
    return read(found[0].raw)


def answer(notice: EmailMessage, text: str, verdict: str = "pass", sender: str = AGENT) -> bytes:
    """What a mail program makes of an answer: above the quoted letter, with its signature between."""
    quoted = "\n".join(f"> {line}" for line in words(notice).splitlines())
    whole = (
        f"{text}\n\n-- \nSara Mohammadi\nHead of secrets, +98 21 555\n\nOn Tue, 24 Nov 2026, Acme wrote:\n{quoted}\n"
    )
    references = f"{notice['References'] or ''} {notice['Message-ID']}".strip()
    told = {"In_Reply_To": notice["Message-ID"], "References": references}
    return letter(sender, notice["Reply-To"], f"Re: {notice['Subject']}", whole, verdict, **told)


def over_mail(dovecot: Dovecot, mailbox: str, sink: SmtpSink) -> MailChannel:
    """A mailbox whose server tells who wrote what lies in it."""
    way_in, way_out = imap(dovecot.imap_port, mailbox), smtp(sink.port)
    return MailChannel(address=mailbox, intake=way_in, outgoing=way_out, more=f'authserv_id = "{MX}"')


def has_sara(daemon: Daemon) -> Daemon:
    """She works there, by mail alone."""
    with closing(Store(f"sqlite:///{daemon.site}/data/inbox.db", daemon.site)) as store:
        store.write_now(by_mail_alone)
    return daemon


@pytest.fixture
def network(tmp_path: Path) -> Iterator[BotApi]:
    """A bot's network."""
    made = BotApi(tmp_path / "network").start()
    yield made
    made.close()


def begun(sites: Shed, dovecot: Dovecot, mailbox: str, sink: SmtpSink) -> tuple[Daemon, EmailMessage]:
    """A daemon on a mailbox; a customer has written, and sara was told."""
    daemon = has_sara(sites.site(over_mail(dovecot, mailbox, sink)).start())
    dovecot.deliver(mailbox, letter(CUSTOMER, mailbox, "My order", "Where is it?"))
    with books(daemon.site) as store:
        (reference,) = until(store.references, within=60, what="the conversation is there")
    done = Commands(daemon.site)("assign", reference, "sara", "--as", "sara")
    assert done.code == 0, done.err
    Commands(daemon.site)("watch", reference, "--as", "sara")
    dovecot.deliver(
        mailbox,
        letter(
            CUSTOMER,
            mailbox,
            f"Re: My order [#{reference}]",
            "Hello? Anybody?",
            In_Reply_To=to(sink, CUSTOMER, 1)["Message-ID"],
        ),
    )
    return daemon, to(sink, AGENT, 1)


def test_a_customer_is_answered_from_a_mail_program(
    sites: Shed, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink
) -> None:
    daemon, notice = begun(sites, dovecot, mailbox, smtp_sink)
    assert "Hello? Anybody?" in words(notice)
    assert "reply above this line" in words(notice)
    dovecot.deliver(mailbox, answer(notice, "#tag billing\nIt left today, Lena."))
    got = to(smtp_sink, CUSTOMER, 2)
    assert "It left today, Lena." in words(got)
    assert "Sara Mohammadi" in got["From"]
    for secret in ("Head of secrets", "#tag", "reply above", "#noreply", AGENT):
        assert secret not in got.as_string()
    with books(daemon.site) as store:
        assert store.rows("SELECT state FROM conversation") == [("waiting",)]
        assert ("mail",) in store.rows("SELECT via FROM event WHERE kind = 'replied'")


def test_a_note_from_a_mail_program_reaches_no_customer(
    sites: Shed, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink
) -> None:
    daemon, notice = begun(sites, dovecot, mailbox, smtp_sink)
    dovecot.deliver(mailbox, answer(notice, "#یادداشت\nشاکی است"))
    with books(daemon.site) as store:
        until(
            lambda: store.count("SELECT count(*) FROM message WHERE direction = 'note' AND agent_id IS NOT NULL"),
            within=60,
            what="the note",
        )
    dovecot.deliver(mailbox, answer(notice, "It left today."))
    assert "It left today." in words(to(smtp_sink, CUSTOMER, 2))
    assert all(
        "شاکی" not in one.raw.decode("utf-8", "replace") for one in smtp_sink.accepted if CUSTOMER in one.recipients
    )


def test_a_forged_answer_is_held_until_its_agent_confirms_it(
    sites: Shed, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink
) -> None:
    daemon, notice = begun(sites, dovecot, mailbox, smtp_sink)
    dovecot.deliver(mailbox, answer(notice, "Send the money to me.", verdict="fail"))
    dovecot.deliver(mailbox, answer(notice, "I read it for her.", sender="mallory@elsewhere.test"))
    run = Commands(daemon.site)
    until(lambda: len(run.json("held")) == 2, within=60, what="both are held")
    found = run.json("held")
    assert {one["reason"] for one in found} == {"held.failed", "held.other_sender"}
    assert len([one for one in smtp_sink.accepted if CUSTOMER in one.recipients]) == 1, "the acknowledgement alone"
    mine = next(one for one in found if one["reason"] == "held.failed")
    assert run("held", "confirm", str(mine["id"]), "--as", "sara").code == 0
    assert "Send the money to me." in words(to(smtp_sink, CUSTOMER, 2))
    other = next(one for one in found if one["reason"] == "held.other_sender")
    assert run("held", "drop", str(other["id"])).code == 0
    assert run.json("held") == []


BOT = """
[channel.bot]
kind = "telegram"
bot = "@example_desk_bot"
token = {{ file = "bot-token" }}
api_base = "{api}"
file_base = "{file}"
"""


def test_a_customer_of_a_chat_is_answered_from_a_mail_program(
    sites: Shed, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink, network: BotApi
) -> None:
    daemon = sites.site(
        over_mail(dovecot, mailbox, smtp_sink), more=UNBRAKED + BOT.format(api=network.base, file=network.file_base)
    )
    (daemon.site / "bot-token").write_text(TOKEN)
    (daemon.site / "bot-token").chmod(0o600)
    has_sara(daemon.start())
    network.write("Where is it?", chat=900)
    with books(daemon.site) as store:
        (reference,) = until(store.references, within=60, what="the conversation is there")
    assert Commands(daemon.site)("take", reference, "--as", "sara").code == 0
    network.write("Hello? Anybody?", chat=900)
    notice = to(smtp_sink, AGENT, 1)
    assert "Hello? Anybody?" in words(notice)
    dovecot.deliver(mailbox, answer(notice, "It left today."))
    until(
        lambda: any("It left today." in line.parameters["text"] for line in network.calls("sendMessage")),
        within=60,
        what="it arrives in the chat",
    )
    (said,) = [line for line in network.calls("sendMessage") if "It left today." in line.parameters["text"]]
    assert said.parameters["chat_id"] == "900"
    assert "secrets" not in said.parameters["text"]
    with books(daemon.site) as store:
        assert store.rows("SELECT via FROM event WHERE kind = 'replied'") == [("mail",)]
