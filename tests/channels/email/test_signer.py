"""Mail goes out signed through a real connection, with the same bytes at a second try, and never without its key."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inbox.domain.problems import Credentials
from inbox.ports.channel import HANDED, Unconfirmed
from inbox.testing import Stages
from tests.channels.email.test_channel import channel
from tests.channels.email.test_examine import look
from tests.rig.signing import ED25519, RSA, private_key, published, verifies
from tests.rig.smtp_sink import SmtpSink
from tests.unit.email.test_compose import REPLY, frozen

DKIM = {"selector": "s1", "key": {"file": "dkim.pem"}}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "dkim.pem").write_text(private_key(*RSA))
    (tmp_path / "dkim.pem").chmod(0o600)
    return tmp_path


def out(sink: SmtpSink) -> dict[str, Any]:
    return {"outgoing": "smtp", "smtp": {"host": "127.0.0.1", "port": sink.port, "tls": "off"}, "dkim": DKIM}


async def test_what_arrives_is_signed_and_its_signature_is_right(sink: SmtpSink, site: Path) -> None:
    made, sent = channel(site, **out(sink)), frozen(REPLY)
    receipt = await made.send(sent, Stages())
    await made.close()
    (mail,) = sink.accepted
    assert verifies(mail.raw, published((site / "dkim.pem").read_text(), "s1._domainkey.example.org"))
    assert mail.raw.endswith(sent.body)
    assert receipt.keys == (sent.key,)
    assert f"SIZE={mail.size}" in mail.parameters


async def test_a_second_try_hands_over_the_same_bytes(sink: SmtpSink, site: Path) -> None:
    sink.drops_after("dot")
    made, stages = channel(site, **out(sink)), Stages()
    with pytest.raises(Unconfirmed):
        await made.send(frozen(REPLY), stages)
    assert stages == [HANDED]
    await made.send(frozen(REPLY), Stages())
    await made.close()
    first, second = sink.accepted
    assert first.sha256 == second.sha256


async def test_into_a_folder_it_goes_signed_too_and_once(site: Path) -> None:
    made = channel(site, dkim={**DKIM, "domain": "mail.example.org"})
    await made.send(frozen(REPLY), Stages())
    await made.send(frozen(REPLY), Stages())
    await made.close()
    (mail,) = (site / "data/outgoing/new").iterdir()
    look_up = published((site / "dkim.pem").read_text(), "s1._domainkey.mail.example.org")
    assert verifies(mail.read_bytes(), look_up)


@pytest.mark.parametrize(
    ("pem", "key"), [(None, "secrets.unreadable"), ("", "secrets.empty"), ("no key", "dkim.bad_key")]
)
async def test_without_its_key_nothing_goes_out_and_nobody_is_called(
    sink: SmtpSink, site: Path, pem: str | None, key: str
) -> None:
    (site / "dkim.pem").unlink() if pem is None else (site / "dkim.pem").write_text(pem)
    made, stages = channel(site, **out(sink)), Stages()
    with pytest.raises(Credentials) as told:
        await made.send(frozen(REPLY), stages)
    await made.close()
    assert told.value.key == key
    assert (stages, sink.connections) == ([], 0)


async def test_a_new_key_needs_no_restart(sink: SmtpSink, site: Path) -> None:
    made = channel(site, **out(sink))
    await made.send(frozen(REPLY), Stages())
    (site / "dkim.pem").write_text(private_key(*ED25519))
    await made.send(frozen(replace(REPLY, token=REPLY.token[::-1])), Stages())
    await made.close()
    assert b"a=rsa-sha256" in sink.accepted[0].raw
    assert b"a=ed25519-sha256" in sink.accepted[1].raw
    look_up = published((site / "dkim.pem").read_text(), "s1._domainkey.example.org")
    assert verifies(sink.accepted[1].raw, look_up)


async def test_the_doctor_tells_that_the_key_is_usable_and_prints_the_record(site: Path) -> None:
    found = await look(site, dkim=DKIM)
    assert (found["dkim.check"].status, found["dkim.check"].observed) == ("pass", "file:dkim.pem rsa 2048")
    record = found["dkim.check.record"]
    assert record.status == "unknown"
    assert record.problem is not None
    assert record.observed.startswith('s1._domainkey.example.org TXT "v=DKIM1; k=rsa; p=MIIBIjANBgkq')
    assert record.observed.isascii()


WORSE = [
    ({}, "rsa_keygen_bits:1024", 0o600, "warn", "dkim.weak_key"),
    ({}, "rsa_keygen_bits:768", 0o600, "fail", "dkim.short_key"),
    ({}, "rsa_keygen_bits:2048", 0o644, "warn", "secrets.exposed"),
    ({"domain": "other.test"}, "rsa_keygen_bits:2048", 0o600, "warn", "dkim.other_domain"),
    ({"key": {"env": "NO_SUCH_VARIABLE"}}, "rsa_keygen_bits:2048", 0o600, "fail", "secrets.empty"),
]


@pytest.mark.parametrize(("more", "bits", "mode", "status", "key"), WORSE)
async def test_the_doctor_tells_what_is_wrong_with_a_key(
    site: Path, more: dict[str, Any], bits: str, mode: int, status: str, key: str
) -> None:
    (site / "dkim.pem").write_text(private_key("-algorithm", "RSA", "-pkeyopt", bits))
    (site / "dkim.pem").chmod(mode)
    finding = (await look(site, dkim={**DKIM, **more}))["dkim.check"]
    assert finding.problem is not None
    assert (finding.status, finding.problem.key) == (status, key)
