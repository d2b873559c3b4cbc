"""Mail passes the suite that every channel must pass: handed over by LMTP and SMTP into a Maildir, and by IMAP and SMTP."""

import asyncio
import smtplib
from collections.abc import Awaitable, Iterator, Sequence
from pathlib import Path

import pytest

from channels.email import ADAPTER
from channels.email.channel import EmailChannel
from channels.email.listen import MailListener
from inbox.domain.ids import ChannelName
from inbox.ports.channel import Channel, Place
from inbox.ports.codec import Codec
from inbox.ports.probe import silent
from inbox.testing import ChannelConformance, FakeClock, FaultConformance
from tests.rig.authority import Authority, Certificate
from tests.rig.dovecot import Dovecot
from tests.rig.proxy import FaultProxy
from tests.rig.smtp_sink import SmtpSink

CORRESPONDENTS = ("ali@example.net", "sara@example.net", "omid@example.com")


def mail(text: str, to: str) -> bytes:
    head = f"From: ali@example.net\r\nTo: {to}\r\nSubject: hello\r\nMIME-Version: 1.0\r\n"
    return (head + f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n").encode()


async def kept() -> bool:
    """The mailbox keeps it until it is fetched."""
    return True


class MailGround:
    """A site folder and a channel in it."""

    correspondents = CORRESPONDENTS

    def __init__(self, site: Path, address: str, table: dict[str, object]) -> None:
        self.address = address
        self.site = site
        self.options = ADAPTER.options({"addresses": [address], **table}, "config.toml: channel.support")
        self._place = Place(ChannelName("support"), "Example", site / "data", bytes(32), site)

    def channel(self) -> Channel:
        return ADAPTER.channel(self._place, self.options, FakeClock(), silent)

    def codec(self) -> Codec:
        return ADAPTER.codec(self._place, self.options)


class LocalGround(MailGround):
    """Mail is handed to us, answers go into a Maildir."""

    def __init__(self, site: Path, protocol: str) -> None:
        listen = {"address": "127.0.0.1:0", "protocol": protocol}
        super().__init__(site, "support@example.org", {"listen": listen, "maildir": {"path": "out"}})
        self._listener: MailListener | None = None

    def channel(self) -> Channel:
        made = super().channel()
        assert isinstance(made, EmailChannel)
        assert isinstance(made.intake, MailListener)
        self._listener = made.intake
        return made

    def deliver(self, text: str) -> Awaitable[bool]:
        assert self._listener is not None
        return asyncio.to_thread(self._submit, self._listener.port, mail(text, self.address))

    def taken(self) -> Sequence[bytes]:
        return [path.read_bytes() for path in (self.site / "out" / "new").glob("*")]

    def _submit(self, port: int, raw: bytes) -> bool:
        kind = smtplib.LMTP if self.options.listen.protocol == "lmtp" else smtplib.SMTP
        try:
            with kind("127.0.0.1", port, local_hostname="client.example.net") as client:
                client.sendmail("ali@example.net", [self.address], raw)
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, smtplib.SMTPServerDisconnected):
            return False
        return True


class ServerGround(MailGround):
    """Mail lies in a real mailbox, answers go to an SMTP server; both over TLS with a login."""

    def __init__(
        self, site: Path, dovecot: Dovecot, mailbox: str, ca_file: Path, sink: SmtpSink, proxy: FaultProxy
    ) -> None:
        (site / "password").write_text("secret\n")
        login = {"user": mailbox, "password": {"file": "password"}, "ca_file": str(ca_file)}
        imap = {"host": "localhost", "port": proxy.port, "first_sync": "answer", **login}
        smtp = {"host": "localhost", "port": sink.port, **login}
        super().__init__(site, mailbox, {"intake": "imap", "outgoing": "smtp", "imap": imap, "smtp": smtp})
        self._dovecot, self._sink, self._proxy = dovecot, sink, proxy

    def deliver(self, text: str) -> Awaitable[bool]:
        self._dovecot.deliver(self.address, mail(text, self.address))
        return kept()

    def taken(self) -> Sequence[bytes]:
        return [accepted.raw for accepted in self._sink.accepted]

    def goes_away(self) -> None:
        self._proxy.refuse()

    def comes_back(self) -> None:
        self._proxy.heal()

    def drops_before(self) -> None:
        self._sink.drops_after("DATA")

    def drops_after(self) -> None:
        self._sink.drops_after("dot")

    def refuses(self, address: str) -> None:
        self._sink.refuses("RCPT", 550, "no such user", address=address)


class TestListenAndMaildir(ChannelConformance):
    @pytest.fixture(params=["smtp", "lmtp"])
    def ground(self, request: pytest.FixtureRequest, tmp_path: Path) -> LocalGround:
        return LocalGround(tmp_path, request.param)


@pytest.fixture(scope="module")
def certificate(authority: Authority) -> Certificate:
    return authority.issue()


class TestImapAndSmtp(ChannelConformance, FaultConformance):
    @pytest.fixture
    def ground(
        self, tmp_path: Path, dovecot: Dovecot, mailbox: str, authority: Authority, certificate: Certificate
    ) -> Iterator[ServerGround]:
        sink = SmtpSink(tls=certificate.server_context(), accounts={mailbox: "secret"}).start()
        proxy = FaultProxy(dovecot.imaps_port).start()
        try:
            yield ServerGround(tmp_path, dovecot, mailbox, authority.file, sink, proxy)
        finally:
            proxy.close()
            sink.close()
