"""`inbox init` makes a site on the shipped defaults, or on an account that it tried."""

import stat
from pathlib import Path

import pytest

from inbox.__main__ import main
from inbox.cli.account import Account, Server, filled, secrets
from inbox.domain.ids import ChannelName
from inbox.settings import load, parse
from inbox.site import Site, shipped_defaults
from tests.cli.talk import at_terminal
from tests.rig.dovecot import PASSWORD, Dovecot
from tests.rig.smtp_sink import SmtpSink

SHIPPED = (shipped_defaults() / "config.toml").read_text("utf-8")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_yes_writes_the_shipped_defaults_and_asks_nothing(site: Path) -> None:
    assert (site / "config.toml").read_text("utf-8") == SHIPPED
    assert sorted(path.name for path in site.iterdir()) == [".gitignore", "config.toml", "data", "rules", "templates"]
    assert (site / "rules" / "hours.toml").is_file()
    assert Site(site).rules == site / "rules"
    assert mode(site / "data") == 0o700


def test_a_site_is_never_overwritten(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "config.toml").write_text("# mine\n")
    assert main(["init", str(site), "--yes"]) == 2
    assert "is a site already" in capsys.readouterr().err
    assert (site / "config.toml").read_text() == "# mine\n"


def test_rules_that_are_there_stay(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "10-mine.toml").write_text("format = 1\n")
    assert main(["init", str(tmp_path), "--yes", "-q"]) == 0
    assert [path.name for path in (tmp_path / "rules").iterdir()] == ["10-mine.toml"]


def test_without_a_terminal_nothing_is_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path / "new")]) == 2
    assert "--yes" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["init", str(tmp_path / "file" / "site"), "--yes"]) == 2
    assert "could not be written" in capsys.readouterr().err


def test_the_answers_stand_in_the_shipped_config_and_nothing_else_changes() -> None:
    imap = Server("imap.shop.example", 993, "implicit", 'o"dd', "one")
    account = Account("help@shop.example", imap, Server("smtp.shop.example", 587, "starttls", "u", "two"))
    text = filled(SHIPPED, account)
    settings, plain = parse(text), parse(SHIPPED)
    options = settings.channels[ChannelName("support")].options
    assert (options.addresses, options.intake, options.outgoing) == (("help@shop.example",), "imap", "smtp")
    assert (options.imap.host, options.imap.port, options.imap.tls, options.imap.user) == (
        "imap.shop.example",
        993,
        "implicit",
        'o"dd',
    )
    assert (options.smtp.host, options.smtp.tls) == ("smtp.shop.example", "starttls")
    assert (str(options.imap.password), str(options.smtp.password)) == (
        "file:secrets/support-imap",
        "file:secrets/support-smtp",
    )
    assert settings.automatic == plain.automatic
    assert "one" not in repr(account)
    assert secrets(account) == {"secrets/support-imap": "one", "secrets/support-smtp": "two"}
    assert len(text.splitlines()) == len(SHIPPED.splitlines())


def answers(dovecot: Dovecot, sink: SmtpSink, user: str, password: str) -> list[tuple[str, str]]:
    return [
        ("customers write to", user),
        ("IMAP server", dovecot.host),
        ("IMAP port", str(dovecot.imap_port)),
        ("IMAP encryption", "none"),
        ("IMAP encryption", "off"),
        ("IMAP user", ""),
        ("only you can read): ", password),
        ("SMTP server", sink.host),
        ("SMTP port", str(sink.port)),
        ("SMTP encryption", "off"),
        ("SMTP user", ""),
        ("Enter: the same): ", ""),
    ]


def test_an_account_is_asked_for_tried_and_written(
    tmp_path: Path, dovecot: Dovecot, mailbox: str, sink_with_login: SmtpSink
) -> None:
    folder = tmp_path / "site"
    code, screen = at_terminal(["init", str(folder)], answers(dovecot, sink_with_login, mailbox, PASSWORD), tmp_path)
    assert code == 0, screen
    assert PASSWORD not in screen.split(), "what is typed is not shown"
    assert "is a site now" in screen
    options = load(Site(folder)).channels[ChannelName("support")].options
    assert options.imap.user == options.smtp.user == mailbox
    for name in ("support-imap", "support-smtp"):
        assert (folder / "secrets" / name).read_text() == f"{PASSWORD}\n"
        assert mode(folder / "secrets" / name) == 0o600
    assert mode(folder / "secrets") == 0o700


def test_an_account_that_fails_is_not_written_unless_wished(
    tmp_path: Path, dovecot: Dovecot, mailbox: str, sink_with_login: SmtpSink
) -> None:
    folder = tmp_path / "site"
    asked = answers(dovecot, sink_with_login, mailbox, "wrong")
    code, screen = at_terminal(["init", str(folder)], [*asked, ("Write the site anyway?", "n")], tmp_path)
    assert code == 1, screen
    assert not folder.exists()
    code, screen = at_terminal(["init", str(folder)], [*asked, ("Write the site anyway?", "y")], tmp_path)
    assert code == 0, screen
    assert (folder / "config.toml").is_file()
