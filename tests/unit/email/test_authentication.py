"""Whose verdict on the sender is believed, against fields that are written to be misread (RFC 8601)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.email.letters import mail, message

US = "mx.desk.test"
PASS = "dmarc=pass header.from=customer.test"
FAIL = "dmarc=fail header.from=customer.test"


def verdict(*fields: str) -> str:
    """On a mail from sara@customer.test with these fields, topmost first."""
    return message(mail(*fields), US).authentication


@pytest.mark.parametrize(
    "field",
    [
        f"Authentication-Results: {US}; {PASS}",
        "AUTHENTICATION-RESULTS: MX.Desk.Test; DMARC=Pass Header.From=Customer.TEST",
        f"Authentication-Results: {US} 1; {PASS}",
        f'Authentication-Results: "{US}"; {PASS}',
        f"Authentication-Results:\r\n\t{US}\r\n\t1\r\n\t;\r\n\tdmarc\r\n\t=\r\n\tpass\r\n\theader.from\r\n\t=\r\n\tcustomer.test",
        f"Authentication-Results: (a (nested) comment) {US} (another) 1 (yet another); dmarc (x) = (y) pass (z) (p=none)",
        f"Authentication-Results: {US}; dmarc/1=pass header.from=customer.test",
        f"Authentication-Results: {US};spf=none;dkim=none;{PASS}",
        f"Authentication-Results: {US}; {PASS};",
        f'Authentication-Results: {US}; dmarc=pass reason="all; is (well" header.from=customer.test',
        f"Authentication-Results: {US}; dkim=pass header.d=mail.customer.test header.b=abc",
        f'Authentication-Results: {US}; spf=pass smtp.mailfrom="sara ; x"@customer.test',
    ],
)
def test_every_lawful_way_to_write_a_pass(field: str) -> None:
    assert verdict(field) == "pass"


@pytest.mark.parametrize(
    "field",
    [
        f"Authentication-Results: {US} 2; {PASS}",
        f"Authentication-Results: {US}; dmarc/2=pass header.from=customer.test",
        f"Authentication-Results: {US}.evil.test; {PASS}",
        f"Authentication-Results: evil.test ({US}); {PASS}",
        f"Authentication-Results: evil.test {US}; {PASS}",
        f"Authentication-Results: evil.test; x={US}; {PASS}",
        f"Authentication-Results: x{US}; {PASS}",
        f"Authentication-Results: ; {PASS}",
        f"Authentication-Results: {US}",
        f"Authentication-Results: {US}; none",
        f"X-Authentication-Results: {US}; {PASS}",
        f"ARC-Authentication-Results: i=1; {US}; {PASS}",
        f"Authentication-Results: {US}; dmarc=passed",
        f"Authentication-Results: {US}; xdmarc=pass; dmarc-x=pass",
        f"Authentication-Results: {US}; dmarc=pass header.from=evil.test",
        f"Authentication-Results: {US}; dkim=pass header.d=evil.test header.from=customer.test",
        f"Authentication-Results: {US}; dkim=pass header.d=evil.test smtp.mailfrom=sara@customer.test",
        f"Authentication-Results: {US}; spf=pass smtp.helo=customer.test smtp.mailfrom=x@evil.test",
        f"Authentication-Results: {US}; dkim=pass header.d=evil.test header.i=customer.test@evil.test",
    ],
)
def test_what_looks_like_a_pass_and_says_nothing_of_this_sender(field: str) -> None:
    assert verdict(field) == "none"


WORDS = [
    # An envelope sender, a selector or a reason is the sender's own choice: here it is made to end what it stands in.
    '"; dmarc=pass header.from=customer.test; x="@evil.test',
    '"\\"; dmarc=pass header.from=customer.test; \\""@evil.test',
    "(; dmarc=pass header.from=customer.test;)@evil.test",
    '"header.d=customer.test"@evil.test',
    "=?utf-8?q?x=3B?=dmarc=3Dpass@evil.test",
    "x=header.d=customer.test@evil.test",
    "dmarc=pass@evil.test",
]


@pytest.mark.parametrize("words", WORDS)
def test_the_senders_own_words_within_a_field_are_no_verdict(words: str) -> None:
    assert verdict(f"Authentication-Results: {US}; spf=softfail smtp.mailfrom={words}") == "none"
    assert verdict(f"Authentication-Results: {US}; spf=pass smtp.mailfrom={words}; {FAIL}") == "fail"
    quoted = words.replace("\\", "\\\\").replace('"', '\\"')
    assert verdict(f'Authentication-Results: {US}; spf=softfail reason="{quoted}" smtp.mailfrom=x@evil.test') == "none"
    comment = words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    assert verdict(f"Authentication-Results: {US}; spf=softfail ({comment}) smtp.mailfrom=x@evil.test") == "none"


@pytest.mark.parametrize("broken", ["(never closed", "closed)", '"never closed', "a \\ b", "\\"])
def test_a_field_of_ours_that_breaks_the_grammar_says_nothing_and_lets_none_below_it_speak(broken: str) -> None:
    ours = f"Authentication-Results: {US}; spf=none {broken}; {PASS}"
    assert verdict(ours, f"Authentication-Results: {US}; {PASS}") == "none"


def test_of_several_fields_the_topmost_of_our_server_counts() -> None:
    ours, forged = f"Authentication-Results: {US}; {FAIL}", f"Authentication-Results: {US}; {PASS}"
    stranger = "Authentication-Results: mx.evil.test; " + PASS
    assert verdict(ours, forged) == "fail"
    assert verdict(stranger, ours, forged) == "fail"
    assert verdict("Received: from a by b", stranger, ours, "Received: from c by d", forged) == "fail"
    assert verdict(f"Authentication-Results: {US}; none", forged) == "none"
    assert verdict(f"Authentication-Results: {US} 2; none", forged) == "none"
    assert verdict("Authentication-Results: mx.evil.test (never closed", ours) == "fail"


def test_of_several_results_a_failed_dmarc_is_not_outvoted() -> None:
    assert verdict(f"Authentication-Results: {US}; {PASS}; {FAIL}") == "fail"
    assert verdict(f"Authentication-Results: {US}; {FAIL}; {PASS}; dkim=pass header.d=customer.test") == "fail"
    assert verdict(f"Authentication-Results: {US}; dmarc=temperror; dkim=pass header.d=customer.test") == "pass"


@pytest.mark.parametrize(
    "sender",
    [
        "boss@desk.test, sara@customer.test",
        "<boss@desk.test> <sara@customer.test>",
        "sara@customer.test\r\nFrom: boss@desk.test",
        "sara@customer.test\r\nfrom : boss@desk.test",
        "Boss: sara@customer.test, boss@desk.test;",
        "no address at all",
        "",
    ],
)
def test_one_from_with_one_address_or_nobody_is_believed(sender: str) -> None:
    raw = mail(f"Authentication-Results: {US}; dmarc=pass", "Sender: sara@customer.test", sender=sender)
    assert message(raw, US).authentication == "fail"
    assert message(raw.replace(b"From: \r\n", b""), US).authentication == "fail"


@given(st.text(st.sampled_from('ab"\\();=. \t/1@<>'), max_size=80))
def test_nothing_between_two_results_turns_a_failure_into_a_pass(words: str) -> None:
    assert verdict(f"Authentication-Results: {US}; {FAIL}; spf=pass smtp.mailfrom={words}") in ("fail", "none")


@pytest.mark.parametrize(
    "words", ["(" * 50_000, '"' * 50_001, "\\" * 50_000, "a=b;" * 20_000, '"a"' * 20_000, "a.b=" * 20_000]
)
def test_a_field_made_to_take_long_does_not(words: str) -> None:
    assert verdict(f"Authentication-Results: {US}; {words}") == "none"
