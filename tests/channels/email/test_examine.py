"""What the doctor tells about a mail channel, offline and online."""

from pathlib import Path

import pytest

from channels.email import ADAPTER
from inbox.domain.ids import ChannelName
from inbox.ports.channel import Finding, Place
from inbox.ports.probe import silent
from inbox.testing import FakeClock
from tests.rig.authority import Authority
from tests.rig.dovecot import Dovecot
from tests.rig.loopback import free_port
from tests.rig.smtp_sink import SmtpSink


async def look(site: Path, online: bool = False, **table: object) -> dict[str, Finding]:
    options = ADAPTER.options({"addresses": ["support@example.org"], **table}, "config.toml: channel.support")
    place = Place(ChannelName("support"), "Example", site / "data", bytes(32), site)
    found = await ADAPTER.examine(place, options, online)
    return {finding.check: finding for finding in found}


async def test_the_default_is_well_without_looking_at_the_network(tmp_path: Path) -> None:
    found = await look(tmp_path)
    assert {check: finding.status for check, finding in found.items()} == {"maildir.check": "pass"}
    assert list(tmp_path.iterdir()) == []


async def test_a_folder_that_is_in_the_way_fails(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    found = await look(tmp_path)
    assert found["maildir.check"].status == "fail"


async def test_a_secret_that_is_missing_fails_and_an_open_one_warns(tmp_path: Path) -> None:
    smtp = {"host": "localhost", "user": "u", "password": {"file": "password"}}
    assert (await look(tmp_path, outgoing="smtp", smtp=smtp))["secrets.check"].status == "fail"
    (tmp_path / "password").write_text("x")
    (tmp_path / "password").chmod(0o644)
    assert (await look(tmp_path, outgoing="smtp", smtp=smtp))["secrets.check"].status == "warn"
    (tmp_path / "password").chmod(0o600)
    finding = (await look(tmp_path, outgoing="smtp", smtp=smtp))["secrets.check"]
    assert (finding.status, finding.observed) == ("pass", "file:password")


@pytest.mark.parametrize(("host", "told"), [("mx.example.org", True), ("127.0.0.1", False), ("localhost", False)])
async def test_a_server_elsewhere_without_encryption_warns(tmp_path: Path, host: str, told: bool) -> None:
    found = await look(tmp_path, outgoing="smtp", smtp={"host": host, "tls": "off"})
    assert ("email.check.encryption" in found) is told


async def test_online_the_servers_let_us_in(
    tmp_path: Path, dovecot: Dovecot, mailbox: str, authority: Authority
) -> None:
    (tmp_path / "password").write_text("secret")
    (tmp_path / "password").chmod(0o600)
    login = {"host": "localhost", "user": mailbox, "password": {"file": "password"}, "ca_file": str(authority.file)}
    sink = SmtpSink(tls=authority.issue().server_context(), accounts={mailbox: "secret"}).start()
    try:
        found = await look(
            tmp_path,
            online=True,
            intake="imap",
            outgoing="smtp",
            imap={**login, "port": dovecot.imaps_port},
            smtp={**login, "port": sink.port},
        )
        assert {finding.status for finding in found.values()} <= {"pass", "unknown"}
        assert {"imap.check.login", "smtp.check", "secrets.check"} <= set(found)
        assert "8BITMIME" in found["smtp.check"].observed
        assert sink.accepted == []
    finally:
        sink.close()


async def test_online_a_server_that_is_not_there_fails_with_a_sentence(tmp_path: Path) -> None:
    smtp = {"host": "127.0.0.1", "port": free_port(), "tls": "off"}
    finding = (await look(tmp_path, online=True, intake="none", outgoing="smtp", smtp=smtp))["smtp.check"]
    assert finding.status == "fail"
    assert finding.problem is not None
    assert finding.problem.key == "smtp.unreachable"


async def test_online_a_free_place_to_listen_is_well_and_one_in_other_hands_is_not(tmp_path: Path) -> None:
    listen = {"address": f"127.0.0.1:{free_port()}"}
    assert (await look(tmp_path, online=True, listen=listen))["listen.check"].status == "pass"
    sink = SmtpSink().start()
    try:
        finding = (await look(tmp_path, online=True, listen={"address": f"127.0.0.1:{sink.port}"}))["listen.check"]
        assert finding.status == "fail"
        assert finding.problem is not None
        assert finding.problem.key == "listen.port_in_use"
    finally:
        sink.close()


async def test_online_our_own_daemon_is_recognised_by_its_greeting(tmp_path: Path) -> None:
    options = ADAPTER.options({"addresses": ["a@example.org"], "listen": {"address": f"127.0.0.1:{free_port()}"}}, "x")
    place = Place(ChannelName("support"), "Example", tmp_path / "data", bytes(32), tmp_path)
    channel = ADAPTER.channel(place, options, FakeClock(), silent)
    await channel.open()
    try:
        (finding,) = (one for one in await ADAPTER.examine(place, options, True) if one.check == "listen.check")
        assert finding.status == "pass"
    finally:
        await channel.close()
