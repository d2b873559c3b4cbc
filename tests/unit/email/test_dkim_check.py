"""A mail vouches for its sender by its own signature, with keys that came with it under our seal, and by nothing less."""

import dkim
import pytest

from channels.email.codec import EmailCodec
from channels.email.key_stamps import Stamps, names_wanted
from channels.email.signing import Signature, signed
from channels.email.signing_keys import key_of
from inbox.domain.happenings import InboundMessage
from tests.rig.signing import ED25519, RSA, private_key
from tests.unit.email.letters import OURS, SECRET, mail

NAME = "s1._domainkey.customer.test"
STAMPS = Stamps(SECRET)


@pytest.fixture(scope="module", params=[RSA, ED25519], ids=["rsa", "ed25519"])
def pem(request: pytest.FixtureRequest) -> str:
    return private_key(*request.param)


def record(pem: str) -> bytes:
    return key_of(pem).record().encode()


def raw(pem: str, domain: str = "customer.test", sender: str = "Sara <sara@customer.test>") -> bytes:
    said = mail("Date: Tue, 24 Nov 2026 07:00:00 +0000", sender=sender)
    return signed(said, Signature(domain, "s1", key_of(pem)))


def verdict(raw: bytes, dkim_check: bool = True, authserv_id: str = "") -> str:
    (said,) = EmailCodec((OURS,), SECRET, authserv_id, dkim_check=dkim_check).parse(raw)
    assert isinstance(said, InboundMessage)
    return said.authentication


def test_a_right_signature_with_its_key_is_a_pass_where_it_is_asked_for(pem: str) -> None:
    stamped = STAMPS.stamped(raw(pem), {NAME: record(pem)})
    assert verdict(stamped) == "pass"
    assert verdict(stamped, dkim_check=False) == "none"
    assert verdict(stamped) == "pass"
    assert verdict(raw(pem)) == "none"


def test_a_domain_above_or_below_vouches_and_no_other(pem: str) -> None:
    for domain, told in (("mail.customer.test", "pass"), ("evil.test", "none"), ("test", "none")):
        stamped = STAMPS.stamped(raw(pem, domain), {f"s1._domainkey.{domain}": record(pem)})
        assert verdict(stamped) == told


def test_a_key_that_somebody_else_put_there_is_none(pem: str) -> None:
    theirs = Stamps(b"another secret of 32 bytes......").stamped(raw(pem), {NAME: record(pem)})
    ours = STAMPS.stamped(raw(pem), {NAME: record(pem)})
    other = ours.replace(b" s1._domainkey.customer.test ", b" s1._domainkey.customer.tess ", 1)
    for forged in (theirs, other, theirs.replace(b"X-Inbox-Dkim-Key: ", b"X-Inbox-Dkim-Key:  ", 1)):
        assert forged != ours
        assert verdict(forged) == "none"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Hello", b"Hallo"),
        (b"\r\nSubject: Order", b"\r\nSubject: Other"),
        (b"From: Sara <sara@", b"From: Sara <boss@"),
        (b"a=", b"a=rsa-sha1; x="),
        (b"bh=", b"l=0; bh="),
        (b"\r\n b=", b"\r\n b=\xff"),
        (b"h=from", b"h=\x00"),
        (b"v=1", b"v=2"),
        (b"t=17", b"t=99999"),
    ],
)
def test_whatever_is_changed_is_no_pass(pem: str, old: bytes, new: bytes) -> None:
    made = raw(pem)
    assert old in made
    assert verdict(STAMPS.stamped(made.replace(old, new, 1), {NAME: record(pem)})) == "none"


def test_what_leaves_content_open_or_rests_on_sha_1_or_on_a_key_on_trial_does_not_count() -> None:
    pem = private_key(*RSA)
    plain, key = mail("Date: Tue, 24 Nov 2026 07:00:00 +0000"), pem.encode()
    by = {"selector": b"s1", "domain": b"customer.test", "privkey": key}
    assert verdict(STAMPS.stamped(dkim.sign(plain, **by) + plain, {NAME: record(pem)})) == "pass"
    assert verdict(STAMPS.stamped(dkim.sign(plain, length=True, **by) + plain, {NAME: record(pem)})) == "none"
    old = dkim.sign(plain, signature_algorithm=b"rsa-sha1", **by)
    assert verdict(STAMPS.stamped(old + plain, {NAME: record(pem)})) == "none"
    assert verdict(STAMPS.stamped(raw(pem), {NAME: record(pem) + b"; t=s:y"})) == "none"


def test_two_senders_are_believed_by_no_signature(pem: str) -> None:
    made = b"From: boss@desk.test\r\n" + raw(pem)
    assert verdict(STAMPS.stamped(made, {NAME: record(pem)})) == "fail"


def test_a_server_that_we_trust_has_the_first_word(pem: str) -> None:
    told = b"Authentication-Results: mx.desk.test; dmarc=fail header.from=customer.test\r\n"
    assert verdict(STAMPS.stamped(told + raw(pem), {NAME: record(pem)}), authserv_id="mx.desk.test") == "fail"


def test_a_copy_without_keys_is_the_same_mail(pem: str) -> None:
    codec = EmailCodec((OURS,), SECRET, dkim_check=True)
    (one,), (other,) = codec.parse(raw(pem)), codec.parse(STAMPS.stamped(raw(pem), {NAME: record(pem)}))
    assert one.fingerprint == other.fingerprint


def test_keys_are_wanted_of_the_first_signatures_that_could_vouch(pem: str) -> None:
    assert names_wanted(raw(pem)) == (NAME,)
    assert names_wanted(raw(pem, "evil.test")) == ()
    assert names_wanted(raw(pem, sender="a@customer.test, b@customer.test")) == ()
    many = b"".join(b"DKIM-Signature: d=customer.test; s=s%d\r\n" % n for n in range(50))
    assert names_wanted(many + raw(pem)) == tuple(f"s{n}._domainkey.customer.test" for n in range(3))
    for odd in (b"s=a b", b"s=..", b"s=-", b"s=" + b"x" * 300, b"s=", b"", b"s=\xff"):
        assert names_wanted(b"DKIM-Signature: d=customer.test; %s\r\n" % odd + mail()) == ()
