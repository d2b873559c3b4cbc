"""The fetcher against a real Dovecot: TLS, folders, big backlogs and mails, and what other clients do meanwhile."""

import imaplib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from channels.email.imap import ImapFetcher
from channels.email.imap_bookmarks import read
from channels.email.mailbox_names import encoded
from inbox.domain.arrivals import Spooled
from inbox.domain.problems import LockedOut, Unreachable
from inbox.ports.probe import silent
from inbox.testing import FakeClock
from tests.channels.email.imap_house import account, content, fetching, items, take, uids
from tests.rig.authority import Authority
from tests.rig.dovecot import PASSWORD, Dovecot
from tests.rig.imap_script import ImapScript
from tests.rig.wait import until_async

PERSIAN = "پشتیبانی ویژه"


@dataclass(frozen=True)
class Port:
    """One of Dovecot's ports, as the account wants it."""

    host: str
    port: int


@pytest.fixture
def server(dovecot: Dovecot) -> Port:
    return Port(dovecot.host, dovecot.imap_port)


def mail(number: int, size: int = 0) -> bytes:
    """A mail with CRLF line ends that tells its number, of `size` bytes or a few more."""
    head = b"Message-ID: <%d@example.org>\r\nSubject: %d\r\n\r\n" % (number, number)
    return head + (b"x" * 74 + b"\r\n") * (max(0, size - len(head)) // 76)


async def test_a_backlog_of_five_thousand_comes_whole_in_order_and_in_small_batches(
    dovecot: Dovecot, server: Port, mailbox: str
) -> None:
    sent = [mail(number, 300 + number % 7 * 900) for number in range(1, 5001)]
    dovecot.append_many(mailbox, sent)
    async with fetching(server, user=mailbox) as fetcher:
        batches = await take(fetcher, 5000)
    assert [item.raw for item in items(batches)] == sent
    assert uids(batches) == list(range(1, 5001))
    assert max(len(batch.items) for batch in batches) <= 400


async def test_a_restart_in_the_middle_goes_on_behind_the_last_stored_batch(
    dovecot: Dovecot, server: Port, mailbox: str
) -> None:
    dovecot.append_many(mailbox, [mail(number) for number in range(1, 1001)])
    async with fetching(server, user=mailbox) as fetcher:
        before = await take(fetcher, 401)
    async with fetching(server, user=mailbox) as fetcher:
        after = await take(fetcher, 200, before[-1].cursor)
    assert uids(before) + uids(after) == list(range(1, 1001))
    assert all(batch.first_sync for batch in [*before, *after] if batch.items)


async def test_a_mail_is_pushed_and_stays_unread(dovecot: Dovecot, server: Port, mailbox: str) -> None:
    async with fetching(server, user=mailbox) as fetcher:
        [begun] = await take(fetcher, 0)
        dovecot.deliver_lmtp(mailbox, mail(1))
        batches = await take(fetcher, 1, begun.cursor)
    assert content(items(batches)[0].raw).endswith(mail(1))
    with imaplib.IMAP4(dovecot.host, dovecot.imap_port, timeout=60) as client:
        client.login(mailbox, PASSWORD)
        client.select()
        assert client.uid("SEARCH", "UNSEEN")[1] == [b"1"]


async def test_a_mail_that_somebody_read_before_us_is_fetched_too(dovecot: Dovecot, server: Port, mailbox: str) -> None:
    dovecot.deliver(mailbox, mail(1))
    with imaplib.IMAP4(dovecot.host, dovecot.imap_port, timeout=60) as client:
        client.login(mailbox, PASSWORD)
        client.select()
        client.uid("STORE", "1", "+FLAGS", "(\\Seen)")
    async with fetching(server, user=mailbox) as fetcher:
        assert uids(await take(fetcher, 1)) == [1]


async def test_an_arrival_while_we_wait_in_idle_needs_no_clock(dovecot: Dovecot, server: Port, mailbox: str) -> None:
    clock = FakeClock()
    async with fetching(server, clock, user=mailbox) as fetcher:
        source = fetcher.fetch(None)
        await anext(source)
        await until_async(lambda: clock.sleepers == 1)
        dovecot.deliver(mailbox, mail(1))
        batch = await anext(source)
        await source.aclose()
    assert [item.raw for item in batch.items] == [mail(1)]


async def test_a_mail_that_another_client_expunges_during_the_fetch_is_skipped(
    dovecot: Dovecot, server: Port, mailbox: str
) -> None:
    def expunge(point: str) -> None:
        if point == "imap.before_fetch":
            with imaplib.IMAP4(dovecot.host, dovecot.imap_port, timeout=60) as client:
                client.login(mailbox, PASSWORD)
                client.select()
                client.uid("STORE", "2", "+FLAGS", "(\\Deleted)")
                client.expunge()

    dovecot.append_many(mailbox, [mail(1), mail(2), mail(3)])
    async with fetching(server, probe=expunge, user=mailbox) as fetcher:
        batches = await take(fetcher, 2)
    assert [item.raw for item in items(batches)] == [mail(1), mail(3)]


async def test_after_a_new_uidvalidity_everything_comes_once_more_and_new_mail_with_it(
    dovecot: Dovecot, server: Port, mailbox: str
) -> None:
    dovecot.append_many(mailbox, [mail(1), mail(2)])
    async with fetching(server, user=mailbox) as fetcher:
        [*_, last] = await take(fetcher, 2)
        dovecot.reset_uidvalidity(mailbox)
        with pytest.raises(Unreachable):
            await take(fetcher, 1, last.cursor)
        dovecot.deliver(mailbox, mail(3))
        await fetcher.open()
        again = await take(fetcher, 3, last.cursor)
    assert [item.raw for item in items(again)] == [mail(1), mail(2), mail(3)]
    assert read(again[-1].cursor)["INBOX"].uidvalidity > read(last.cursor)["INBOX"].uidvalidity
    assert all(batch.first_sync for batch in again if batch.items)


async def test_after_a_new_uidvalidity_mail_that_was_left_alone_is_no_news(
    dovecot: Dovecot, server: Port, mailbox: str
) -> None:
    dovecot.deliver(mailbox, mail(1), at=datetime(2020, 5, 4, tzinfo=UTC))
    clock = FakeClock(datetime.now(UTC))
    async with fetching(server, clock, user=mailbox, first_sync="new") as fetcher:
        [begun] = await take(fetcher, 0)
    dovecot.reset_uidvalidity(mailbox)
    dovecot.deliver(mailbox, mail(2))
    async with fetching(server, clock, user=mailbox, first_sync="new") as fetcher:
        batches = [batch for batch in await take(fetcher, 2, begun.cursor) if batch.items]
    assert [(uids([batch]), batch.history, batch.first_sync) for batch in batches] == [
        ([1], True, False),
        ([2], False, True),
    ]


async def test_folders_with_spaces_and_persian_names_beside_the_inbox(
    dovecot: Dovecot, server: Port, mailbox: str
) -> None:
    dovecot.deliver(mailbox, mail(1))
    dovecot.deliver(mailbox, mail(2), "My Folder")
    dovecot.deliver(mailbox, mail(3), encoded(PERSIAN))
    folders = ("INBOX", "My Folder", PERSIAN)
    async with fetching(server, user=mailbox, folders=folders) as fetcher:
        batches = await take(fetcher, 3)
    assert [item.raw for item in items(batches)] == [mail(1), mail(2), mail(3)]
    assert [item.key.split("/")[0] for item in items(batches)] == list(folders)
    assert set(read(batches[-1].cursor)) == set(folders)


async def test_encryption_from_the_first_byte_and_by_starttls(
    dovecot: Dovecot, authority: Authority, mailbox: str
) -> None:
    dovecot.deliver(mailbox, mail(1))
    trusting: dict[str, Any] = {"user": mailbox, "ca_file": authority.file}
    async with fetching(Port("localhost", dovecot.imaps_port), tls="implicit", **trusting) as fetcher:
        assert uids(await take(fetcher, 1)) == [1]
    async with fetching(Port("localhost", dovecot.imap_port), tls="starttls", **trusting) as fetcher:
        assert uids(await take(fetcher, 1)) == [1]


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
async def test_a_certificate_that_nobody_vouches_for_is_refused(dovecot: Dovecot, mailbox: str, tls: str) -> None:
    port = dovecot.imaps_port if tls == "implicit" else dovecot.imap_port
    with pytest.raises(Unreachable, match=r"imap\.tls.*unable to get local issuer"):
        async with fetching(Port("localhost", port), user=mailbox, tls=tls):
            pass


@pytest.fixture
def impostor(authority: Authority) -> Iterator[ImapScript]:
    """A server whose certificate is good, but for another name."""
    script = ImapScript(tls=authority.issue("elsewhere.example.org").server_context()).start()
    yield script
    script.close()


async def test_a_certificate_for_another_name_is_refused_before_anything_is_said(
    impostor: ImapScript, authority: Authority
) -> None:
    with pytest.raises(Unreachable, match=r"imap\.tls.*not valid for"):
        async with fetching(impostor, tls="implicit", ca_file=authority.file):
            pass
    assert impostor.heard == []


async def test_an_authority_file_that_is_missing_or_no_such_thing_is_named(tmp_path: Path) -> None:
    nothing = tmp_path / "authority.pem"
    for _ in range(2):
        with pytest.raises(Unreachable, match=r"imap\.ca_file.*authority\.pem"):
            async with fetching(Port("localhost", 1), tls="implicit", ca_file=nothing):
                pass
        nothing.write_text("no certificate")


async def wrong() -> str:
    return "wrong"


@pytest.mark.parametrize("auth", ["login", "xoauth2"])
async def test_a_wrong_password_or_token_needs_a_person(
    dovecot: Dovecot, server: Port, mailbox: str, auth: str
) -> None:
    with pytest.raises(LockedOut, match="AUTHENTICATIONFAILED"):
        async with fetching(server, user=mailbox, auth=auth, secret=wrong):
            pass


async def test_a_token_opens_the_mailbox(dovecot: Dovecot, server: Port, mailbox: str) -> None:
    dovecot.deliver(mailbox, mail(1))
    async with fetching(server, user=mailbox, auth="xoauth2") as fetcher:
        assert uids(await take(fetcher, 1)) == [1]


async def test_a_password_of_quotes_and_backslashes_is_sent_as_it_is(server: Port, mailbox: str) -> None:
    async def odd() -> str:
        return 'a"b\\c'

    with pytest.raises(LockedOut, match="AUTHENTICATIONFAILED"):  # and not BAD, as for a broken line
        async with fetching(server, user=mailbox, secret=odd):
            pass


async def test_fifty_megabytes_do_not_rise_in_memory(
    dovecot: Dovecot, server: Port, mailbox: str, tmp_path: Path
) -> None:
    sent = mail(1, 50_000_000)
    dovecot.deliver(mailbox, sent)
    async with fetching(server, user=mailbox, spool=tmp_path) as fetcher:
        before = start_measuring()
        [item] = items(await take(fetcher, 1))
        rise = peak() - before
    assert isinstance(item.raw, Spooled)
    assert content(item.raw) == sent
    assert rise < 32, f"{rise:.0f} MB"


def start_measuring() -> float:
    """Forget the peak so far; what is held now, in MB."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak()


def peak() -> float:
    """The most memory that was held since `start_measuring`, in MB."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) / 1024


async def test_the_doctor_finds_login_idle_folders_and_clock(dovecot: Dovecot, server: Port, mailbox: str) -> None:
    dovecot.deliver(mailbox, mail(1), at=datetime(2026, 11, 21, 8, 0, tzinfo=UTC))
    dovecot.deliver(mailbox, mail(2), encoded(PERSIAN))
    chosen = account(server, user=mailbox, folders=("INBOX", PERSIAN, "Junkk"))
    findings = await ImapFetcher(chosen, FakeClock(), silent).examine()
    assert [(finding.check.split(".")[-1], finding.status) for finding in findings] == [
        ("login", "pass"),
        ("idle", "pass"),
        ("folder", "pass"),
        ("folder", "pass"),
        ("folder", "fail"),
        ("clock", "pass"),
    ]
    assert findings[4].problem is not None
    assert findings[4].problem.facts["there"] == "Junk"


async def test_the_doctor_says_why_we_do_not_get_in(server: Port, mailbox: str) -> None:
    [finding] = await ImapFetcher(account(server, user=mailbox, secret=wrong), FakeClock(), silent).examine()
    assert finding.status == "fail"
    assert isinstance(finding.problem, LockedOut)


async def test_the_doctor_sees_a_clock_that_is_ahead(dovecot: Dovecot, server: Port, mailbox: str) -> None:
    dovecot.deliver(mailbox, mail(1), at=datetime(2026, 11, 21, 10, 0, tzinfo=UTC))
    findings = await ImapFetcher(account(server, user=mailbox), FakeClock(), silent).examine()
    assert findings[-1].problem is not None
    assert (findings[-1].status, findings[-1].problem.facts["minutes"]) == ("warn", 60)
