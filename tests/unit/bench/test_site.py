"""The bench's sites are readable TOML that says what the measurement needs."""

import tomllib

import pytest

from bench.site import config, imap_intake, listener_intake
from inbox.settings import parse


def channel(intake: str) -> dict[str, object]:
    found = tomllib.loads(config(intake, smtp_port=2525, web_port=8025))["channel"]["support"]
    assert isinstance(found, dict)
    return found


def test_a_mailbox_is_read_from_its_beginning_and_every_mail_in_it_answered() -> None:
    read = channel(imap_intake(1143, "support@desk.test"))
    assert read["intake"] == "imap"
    assert read["imap"] == {
        "host": "127.0.0.1",
        "port": 1143,
        "tls": "off",
        "user": "support@desk.test",
        "password": {"env": "BENCH_PASSWORD"},
        "first_sync": "answer",
    }


def test_a_listener_takes_mail_by_smtp() -> None:
    assert channel(listener_intake(2526))["listen"] == {"address": "127.0.0.1:2526"}


@pytest.mark.parametrize("intake", [imap_intake(1143, "support@desk.test"), listener_intake(2526)])
def test_mail_goes_out_to_the_sink_alone(intake: str) -> None:
    assert channel(intake)["smtp"] == {"host": "127.0.0.1", "port": 2525, "tls": "off"}


@pytest.mark.parametrize("intake", [imap_intake(1143, "support@desk.test"), listener_intake(2526)])
def test_the_daemon_understands_it(intake: str) -> None:
    settings = parse(config(intake, smtp_port=2525, web_port=8025))
    assert settings.automatic.first_sync_acknowledgements == settings.automatic.automatic_per_minute == 1_000_000
