"""Mail that is handed to us, by SMTP or LMTP, with no account anywhere: only for us, and answered within a second."""

import json
import smtplib
import subprocess
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from bench.letters import SUPPORT
from tests.daemon.books import books
from tests.daemon.post import read
from tests.daemon.sites import MailChannel, Shed, listener
from tests.daemon.told import told
from tests.rig.daemon import Daemon
from tests.rig.loopback import free_port
from tests.rig.wait import until


@pytest.fixture
def port() -> int:
    """Where it listens."""
    return free_port()


@pytest.fixture
def daemon(sites: Shed, port: int) -> Daemon:
    """The shipped way: mail comes to a port and goes into a folder."""
    return sites.site(MailChannel(intake=listener(port))).start()


def letter(text: str, number: int = 1) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Sara <sara@customer.test>", SUPPORT, "سفارش"
    mail["Message-ID"] = f"<{number}@customer.test>"
    mail.set_content(text)
    return mail.as_bytes(policy=policy.SMTP)


def outgoing(daemon: Daemon) -> list[bytes]:
    """What lies in the folder for answers."""
    return [file.read_bytes() for file in sorted((daemon.site / "data/outgoing/new").glob("*"))]


def took(daemon: Daemon, room: str) -> list[float]:
    """The seconds that the log tells of each mail."""
    lines = [json.loads(line) for line in daemon.words().splitlines() if line.startswith("{")]
    return [line["took_s"] for line in lines if line["room"] == room and "took_s" in line]


def test_a_mail_of_any_program_is_acknowledged_within_a_second(daemon: Daemon, port: int) -> None:
    words = ["--mail-from", "sara@customer.test", "--mail-rcpt", SUPPORT, "--upload-file", "-"]
    for number in range(1, 4):
        given = letter("سلام، سفارش من نرسیده است.", number)
        subprocess.run(["curl", "--silent", f"smtp://127.0.0.1:{port}", *words], input=given, check=True, timeout=60)
        until(lambda number=number: len(took(daemon, "send")) == number, what="the log tells of it")  # type: ignore[misc]  # a default of a lambda
    acknowledgements = outgoing(daemon)
    assert [told(one)[0] for one in acknowledgements] == ["fa"] * 3
    assert {read(one)["In-Reply-To"] for one in acknowledgements} == {f"<{n}@customer.test>" for n in range(1, 4)}
    seconds = map(sum, zip(took(daemon, "receive"), took(daemon, "send"), strict=True))
    assert min(seconds) < 1.0, "the fastest, as others may keep the machine busy"


def test_only_our_own_addresses_are_taken_with_or_without_a_plus(daemon: Daemon, port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.ehlo()
        client.mail("sara@customer.test")
        answers = {address: client.rcpt(address) for address in (SUPPORT, "support+abc@desk.test", "SUPPORT@Desk.test")}
        foreign = {
            address: client.rcpt(address) for address in ("boss@desk.test", "support@other.test", "postmaster@x")
        }
    assert {code for code, _ in answers.values()} == {250}
    assert {code for code, _ in foreign.values()} == {550}
    assert all(address.encode() in text and b"please check" in text for address, (_, text) in foreign.items())


def test_a_mail_server_of_our_own_hands_over_by_lmtp(sites: Shed, port: int) -> None:
    daemon = sites.site(MailChannel(intake=listener(port, "lmtp"))).start()
    with smtplib.LMTP("127.0.0.1", port) as client:
        refused = client.sendmail("sara@customer.test", [SUPPORT, "boss@desk.test"], letter("Where is my order?"))
    assert list(refused) == ["boss@desk.test"]
    assert refused["boss@desk.test"][0] == 550
    until(lambda: len(outgoing(daemon)) == 1, what="an acknowledgement lies in the folder")


def test_what_is_handed_over_again_after_a_lost_answer_enters_once(daemon: Daemon, port: int) -> None:
    for _ in range(2):
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.sendmail("sara@customer.test", [SUPPORT], letter("Where is my order?"))
    with books(daemon.site) as store:
        until(lambda: store.judged() == 2, what="both have their verdict")
        assert store.verdicts() == {"accepted": 1, "duplicate": 1}
    until(lambda: outgoing(daemon))
    assert len(outgoing(daemon)) == 1


def test_a_mail_that_is_made_to_choke_readers_keeps_nobody_from_being_answered(daemon: Daemon, port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("sara@customer.test", [SUPPORT], bomb())
        client.sendmail("sara@customer.test", [SUPPORT], letter("Where is my order?"))
    until(lambda: outgoing(daemon), within=60, what="the second one is acknowledged")
    with books(daemon.site) as store:
        until(lambda: store.judged() == 2, within=60, what="both have their verdict")
        assert set(store.verdicts()) <= {"accepted", "quarantined"}


def bomb() -> bytes:
    """A mail of a thousand parts, each in the one before."""
    opened = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\r\n\r\n--{n}\r\n' for n in range(1000))
    return f"From: sara@customer.test\r\nMessage-ID: <bomb@customer.test>\r\nMIME-Version: 1.0\r\n{opened}".encode()


def test_a_large_mail_is_stored_as_it_came(daemon: Daemon, port: int) -> None:
    raw = letter("Where is my order? " + "x" * 40 + "\n", 7) + b"y" * 70 + b"\r\n"
    raw += (b"z" * 76 + b"\r\n") * 40_000
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("sara@customer.test", [SUPPORT], raw)
    until(lambda: outgoing(daemon), what="it is acknowledged")
    with books(daemon.site) as store:
        ((blob,),) = store.rows("SELECT blob FROM arrival")
    (kept,) = (path for path in Path(daemon.site / "data" / "blobs").rglob(f"*{blob[8:]}*") if path.is_file())
    assert kept.read_bytes().endswith(raw)
