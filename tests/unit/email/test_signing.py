"""What goes out signed is verified by a reader that is not ours, and any other word than ours breaks it."""

import subprocess
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email.signing import Signature, relaxed_body, signed
from channels.email.signing_keys import BadKey, key_of
from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import File, Outgoing, Purpose
from tests.rig.signing import ED25519, RSA, private_key, published, verifies
from tests.unit.email.test_compose import ENGLISH, REPLY, frozen

NAME = "s1._domainkey.desk.test"
_ED = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n-----END PRIVATE KEY-----\n"
LOGO = File("لوگو.png", "image/png", b"\x89PNG" * 999, content_id="logo@desk.test")


@pytest.fixture(scope="module", params=[RSA, ED25519], ids=["rsa", "ed25519"])
def pem(request: pytest.FixtureRequest) -> str:
    return private_key(*request.param)


def by(pem: str) -> Signature:
    return Signature("desk.test", "s1", key_of(pem))


MAILS = [
    REPLY,
    ENGLISH,
    replace(ENGLISH, text="two  spaces \n\tand a tab\t\n\n\n\n"),
    replace(REPLY, purpose=Purpose.ACKNOWLEDGEMENT, files=(LOGO,), html='<p>سلام <img src="cid:logo@desk.test"></p>'),
    replace(REPLY, references=tuple(NetworkKey(f"<{n}@customer.test>") for n in range(60))),
]


@pytest.mark.parametrize("what", MAILS)
def test_another_reader_verifies_it(pem: str, what: Outgoing) -> None:
    body = frozen(what).body
    mail = signed(body, by(pem))
    assert mail.endswith(body)
    assert verifies(mail, published(pem, NAME))
    assert not verifies(mail, published(pem, "other._domainkey.desk.test"))
    assert max(map(len, mail.split(b"\r\n"))) <= 998


def test_a_second_try_gives_the_same_bytes(pem: str) -> None:
    body = frozen(REPLY).body
    assert signed(body, by(pem)) == signed(body, by(pem))
    assert b" t=1795503600;" in signed(body, by(pem))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\r\nSubject: Re: Order", b"\r\nSubject: Re: Other"),
        (b"it comes tomorrow", b"it comes never"),
        (b"\r\nSubject:", b"\r\nFrom: boss@desk.test\r\nSubject:"),
        (b"\r\nSubject:", b"\r\nSubject: Pay\r\nSubject:"),
        (b"\r\nSubject:", b"\r\nCc: eve@other.test\r\nSubject:"),
        (b"\r\nSubject:", b"\r\nReply-To: eve@other.test\r\nSubject:"),
        (b"\r\nSubject:", b"\r\nContent-Type: text/html\r\nSubject:"),
        (b"tomorrow.\r\n", b"tomorrow.\r\nPay here.\r\n"),
    ],
)
def test_whatever_is_changed_or_added_breaks_it(pem: str, old: bytes, new: bytes) -> None:
    mail = signed(frozen(ENGLISH).body, by(pem))
    assert old in mail
    assert not verifies(mail.replace(old, new, 1), published(pem, NAME))


def test_white_space_that_a_server_changes_breaks_nothing(pem: str) -> None:
    mail = signed(frozen(replace(ENGLISH, text="Hello  there\n")).body, by(pem))
    changed = mail.replace(b"Subject: Re:", b"subject:  Re:\r\n\t").replace(
        b"Hello  there\r\n", b"Hello there \r\n\r\n"
    )
    assert changed != mail
    assert verifies(changed, published(pem, NAME))


def test_what_servers_add_above_it_breaks_nothing(pem: str) -> None:
    mail = b"Received: from a by b\r\n" + signed(frozen(REPLY).body, by(pem))
    assert verifies(mail, published(pem, NAME))


@given(st.text(st.sampled_from("ab \t\n.\u200cسا"), max_size=200), st.text(max_size=80))
def test_any_text_and_subject(text: str, subject: str) -> None:
    mail = signed(frozen(replace(ENGLISH, text=text, subject=subject)).body, by(_ED))
    assert verifies(mail, published(_ED, NAME))


@pytest.mark.parametrize(
    ("body", "told"),
    [(b"", b""), (b"\r\n\r\n", b""), (b" \r\n", b""), (b"a \t b\t \r\n \r\n", b"a b\r\n"), (b"a", b"a\r\n")],
)
def test_the_content_as_rfc_6376_3_4_4_has_it(body: bytes, told: bytes) -> None:
    assert relaxed_body(body) == told


def test_the_older_form_of_an_rsa_key_and_foreign_line_ends_are_read_too() -> None:
    pem = private_key(*RSA)
    command = ["openssl", "pkey", "-traditional"]
    older = subprocess.run(command, input=pem, check=True, capture_output=True, timeout=60, text=True).stdout
    assert "BEGIN RSA PRIVATE KEY" in older
    assert key_of(older.replace("\n", "\r\n")).public == key_of(pem).public


@pytest.mark.parametrize(
    "pem",
    [
        "",
        "secret",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----",
        _ED.replace("AAAA\n---", "\n---"),
        _ED.replace("MC4C", "MC4D"),
    ],
)
def test_what_is_no_key_is_told_and_not_shown(pem: str) -> None:
    with pytest.raises(BadKey) as told:
        key_of(pem)
    assert not told.value.bits
    assert str(told.value) == ""


@pytest.mark.parametrize(
    "kind",
    [("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"), (*ED25519, "-aes256", "-pass", "pass:x")],
    ids=["of a third kind", "behind a pass phrase"],
)
def test_a_key_that_we_cannot_sign_with_is_told(kind: tuple[str, ...]) -> None:
    with pytest.raises(BadKey):
        key_of(private_key(*kind))


def test_a_key_that_nobody_takes_is_not_used_and_a_key_is_never_shown() -> None:
    with pytest.raises(BadKey) as told:
        key_of(private_key("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:768"))
    assert told.value.bits == 768
    assert "sign" not in repr(key_of(_ED))
