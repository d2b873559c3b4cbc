"""The bench's sites are readable TOML that says what the measurement needs."""

import tomllib

import pytest

from bench.site import config, imap_intake, listener_intake


def channel(intake: str) -> dict[str, object]:
    found = tomllib.loads(config(intake, smtp_port=2525, web_port=8025))["channel"]["support"]
    assert isinstance(found, dict)
    return found


def test_a_mailbox_is_read_from_its_beginning_and_every_mail_in_it_answered() -> None:
    read = channel(imap_intake(1143, "support@desk.test"))
    assert (read["intake"], read["first_sync"]) == ("imap", "answer")
    assert read["imap"] == {
        "host": "127.0.0.1",
        "port": 1143,
        "security": "none",
        "user": "support@desk.test",
        "password": {"env": "BENCH_PASSWORD"},
    }


def test_a_listener_takes_mail_by_smtp() -> None:
    assert channel(listener_intake(2526))["listen"] == {"port": 2526, "protocol": "smtp"}


@pytest.mark.parametrize("intake", [imap_intake(1143, "support@desk.test"), listener_intake(2526)])
def test_mail_goes_out_to_the_sink_alone(intake: str) -> None:
    assert channel(intake)["smtp"] == {"host": "127.0.0.1", "port": 2525, "security": "none"}
