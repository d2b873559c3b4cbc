"""An agent answers from the command line with files: they arrive whole, under their names, in a mail that is signed."""

import smtplib
from pathlib import Path

import pytest

from bench.letters import SUPPORT
from tests.daemon.commands import Commands
from tests.daemon.post import read
from tests.daemon.sites import MailChannel, Shed, listener, smtp
from tests.daemon.test_listener import letter
from tests.rig.daemon import Daemon
from tests.rig.loopback import free_port
from tests.rig.signing import RSA, private_key, published, verifies
from tests.rig.smtp_sink import SmtpSink

DKIM = 'dkim.selector = "s1"\ndkim.key = { file = "dkim.pem" }'


@pytest.fixture
def port() -> int:
    """Where it listens."""
    return free_port()


@pytest.fixture
def daemon(sites: Shed, smtp_sink: SmtpSink, port: int) -> Daemon:
    """A site that signs what it sends."""
    made = sites.site(MailChannel(intake=listener(port), outgoing=smtp(smtp_sink.port), more=DKIM))
    (made.site / "dkim.pem").write_text(private_key(*RSA))
    return made.start()


def test_files_go_out_under_their_names_in_a_mail_that_is_signed(
    daemon: Daemon, smtp_sink: SmtpSink, port: int, tmp_path: Path
) -> None:
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("sara@customer.test", [SUPPORT], letter("سلام، رسید خریدم را می‌خواهم."))
    smtp_sink.wait_for(1)
    inbox = Commands(daemon.site)
    assert inbox("agents", "add", "reza", "--name", "رضا").code == 0
    (row,) = inbox.json("list")
    receipt = tmp_path / "رسید خرید ۱۲۳۴.pdf"
    receipt.write_bytes(b"%PDF" * 50_000)
    large = tmp_path / "film.mp4"
    large.write_bytes(bytes(18_000_001))
    words = ("reply", row["reference"], "بفرمایید.", "--as", "reza", "--attach")
    refused = inbox(*words, str(large))
    assert refused.code != 0
    assert "18000000" in refused.err
    assert inbox(*words, str(receipt)).code == 0
    answer = smtp_sink.wait_for(2)[1]
    (file,) = read(answer.raw).iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == (receipt.name, "application/pdf")
    assert file.get_payload(decode=True) == receipt.read_bytes()
    domain = SUPPORT.rpartition("@")[2]
    key = (daemon.site / "dkim.pem").read_text()
    assert all(verifies(mail.raw, published(key, f"s1._domainkey.{domain}")) for mail in smtp_sink.accepted)
    shown = inbox.json("show", row["reference"])
    assert [one["file"]["filename"] for one in shown["messages"][-1]["files"]] == [receipt.name]
