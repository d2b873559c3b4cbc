"""The mail channel's keys: their defaults, what goes together, and that a secret never stands in the config."""

from typing import Any

import pytest

from channels.email import ADAPTER
from channels.email.options import EmailOptions
from inbox.domain.problems import Misconfigured

WHERE = "config.toml: channel.support"


def read(**table: Any) -> EmailOptions:
    return ADAPTER.options({"addresses": ["support@example.org"], **table}, WHERE)


def told(**table: Any) -> Misconfigured:
    with pytest.raises(Misconfigured) as caught:
        read(**table)
    return caught.value


def test_the_default_does_the_main_job_with_no_account_at_all() -> None:
    options = read()
    assert (options.intake, options.outgoing) == ("listen", "maildir")
    assert (options.listen.host, options.listen.port, options.listen.protocol) == ("127.0.0.1", 2525, "smtp")
    assert str(options.maildir.path) == "data/outgoing"


def test_addresses_are_compared_in_lower_case_and_the_first_one_leads() -> None:
    options = read(addresses=["Support@Example.org", "billing@example.org", "support@example.org"])
    assert ADAPTER.addresses(options) == ("support@example.org", "billing@example.org")


@pytest.mark.parametrize("address", ["support", "@example.org", "support@", "a b@example.org", ""])
def test_what_is_no_address_is_named(address: str) -> None:
    problem = told(addresses=[address])
    assert (problem.key, problem.facts["value"]) == ("email.bad_address", address)
    assert problem.facts["where"] == WHERE


@pytest.mark.parametrize("address", ["2525", "127.0.0.1", "localhost:smtp", ":25", "127.0.0.1:99999"])
def test_a_place_to_listen_has_host_and_port(address: str) -> None:
    problem = told(listen={"address": address})
    assert (problem.key, problem.facts["where"]) == ("email.bad_listen_address", f"{WHERE}.listen")


def test_an_ipv6_place_stands_in_brackets() -> None:
    listen = read(listen={"address": "[::1]:2525"}).listen
    assert (listen.host, listen.port) == ("::1", 2525)


@pytest.mark.parametrize(("more", "name"), [({"intake": "imap"}, "imap"), ({"outgoing": "smtp"}, "smtp")])
def test_a_chosen_way_needs_its_table(more: dict[str, str], name: str) -> None:
    problem = told(**more)
    assert (problem.key, problem.facts["name"]) == ("config.missing_key", name)


@pytest.mark.parametrize(("tls", "imap", "smtp"), [("implicit", 993, 465), ("starttls", 143, 587), ("off", 143, 25)])
def test_the_usual_ports(tls: str, imap: int, smtp: int) -> None:
    login = {"host": "mail.example.org", "tls": tls, "user": "u", "password": {"env": "P"}}
    options = read(imap=login, smtp=login)
    assert options.imap is not None
    assert options.smtp is not None
    assert (options.imap.chosen_port, options.smtp.chosen_port) == (imap, smtp)
    assert options.imap.model_copy(update={"port": 1}).chosen_port == 1


def test_a_password_in_the_config_is_refused_and_not_repeated() -> None:
    problem = told(smtp={"host": "mx", "user": "u", "password": "hunter2"})
    assert (problem.key, problem.facts["where"]) == ("secrets.plain", f"{WHERE}.smtp")
    assert problem.facts["name"] == "password"
    assert "hunter2" not in f"{problem!s} {problem!r} {problem.__cause__!r}"


@pytest.mark.parametrize(
    "reference", [{}, {"fiel": "x"}, {"file": ""}, {"file": "a", "env": "b"}, {"command": []}, {"command": [""]}, 5]
)
def test_a_reference_names_one_source(reference: object) -> None:
    assert told(smtp={"host": "mx", "user": "u", "oauth2": reference}).key == "secrets.no_reference"


def test_a_secret_prints_as_its_source() -> None:
    smtp = read(smtp={"host": "mx", "user": "u", "oauth2": {"command": ["token", "--key", "abc"]}}).smtp
    assert smtp is not None
    assert str(smtp.oauth2) == "command:token"
    assert "abc" not in repr(smtp)


@pytest.mark.parametrize(
    ("login", "key"),
    [
        ({"user": "u"}, "email.half_a_login"),
        ({"password": {"env": "P"}}, "email.half_a_login"),
        ({"user": "u", "password": {"env": "P"}, "oauth2": {"env": "T"}}, "email.two_secrets"),
    ],
)
def test_a_login_is_a_name_and_one_proof(login: dict[str, Any], key: str) -> None:
    problem = told(smtp={"host": "mx", **login})
    assert (problem.key, problem.facts["where"]) == (key, f"{WHERE}.smtp")


def test_a_mailbox_has_an_owner() -> None:
    assert told(intake="imap", imap={"host": "mx"}).facts["name"] == "user"


def test_a_misspelt_key_is_answered_with_the_right_one() -> None:
    problem = told(imap={"host": "mx", "pollseconds": 5})
    assert (problem.facts["where"], problem.facts["suggestion"]) == (f"{WHERE}.imap", "poll_seconds")


KEY = {"file": "dkim.pem"}


def test_a_signature_is_by_the_domain_of_the_first_address_unless_another_is_named() -> None:
    assert read().dkim is None
    named = read(dkim={"selector": "Inbox2026", "domain": "مثال.ایران", "key": KEY}).dkim
    assert named is not None
    assert (named.selector, named.domain) == ("inbox2026", "xn--mgbh0fb.xn--mgba3a4f16a")


@pytest.mark.parametrize("name", ["", "a b", "a..b", "-a", "a;p=x", "a\r\nb", "x" * 64])
def test_what_cannot_stand_in_the_dns_is_named(name: str) -> None:
    problem = told(dkim={"selector": name, "key": KEY})
    assert (problem.key, problem.facts["value"]) == ("email.bad_dns_name", name)
    if name:
        assert told(dkim={"selector": "s", "domain": name, "key": KEY}).key == "email.bad_dns_name"


def test_a_key_in_the_config_itself_is_refused() -> None:
    assert told(dkim={"selector": "s", "key": "-----BEGIN PRIVATE KEY-----"}).key == "secrets.plain"
