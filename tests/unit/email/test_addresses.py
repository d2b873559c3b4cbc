"""Addresses: one reader, however badly a field is written."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from channels.email.addresses import MOST, addresses, normal
from channels.email.compose import mailbox
from inbox.domain.happenings import Address
from inbox.text.cleaning import clean_header


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("a@b.test", [("a@b.test", "")]),
        ("<a@b.test>", [("a@b.test", "")]),
        ("A.B@EXAMPLE.Test", [("a.b@example.test", "")]),
        ("Sara Ahmadi <a@b.test>", [("a@b.test", "Sara Ahmadi")]),
        ('"Ahmadi, Sara" <a@b.test>', [("a@b.test", "Ahmadi, Sara")]),
        ('"Sara \\"S\\" A" <a@b.test>', [("a@b.test", 'Sara "S" A')]),
        ("'Sara' <a@b.test>", [("a@b.test", "Sara")]),
        ("a@b.test (Sara (home) A)", [("a@b.test", "Sara home A")]),
        ("=?utf-8?B?2LPYp9ix2Kc=?= <a@b.test>", [("a@b.test", "سارا")]),
        ('"=?utf-8?B?2LPYp9ix2Kc=?=" <a@b.test>', [("a@b.test", "سارا")]),
        ("=?utf-8?Q?a=2C_b=40c.test?= <a@b.test>", [("a@b.test", "a, b@c.test")]),
        ("سارا احمدی <a@b.test>", [("a@b.test", "سارا احمدی")]),
        ("a@b.test, B <b@b.test>; c@b.test", [("a@b.test", ""), ("b@b.test", "B"), ("c@b.test", "")]),
        ("Team: a@b.test, b@b.test;", [("a@b.test", ""), ("b@b.test", "")]),
        ("undisclosed-recipients:;", []),
        ("<@relay.test:a@b.test>", [("a@b.test", "")]),
        ("a @ b.test", [("a@b.test", "")]),
        ('<"odd local"@b.test>', [('"odd local"@b.test', "")]),
        ("کاربر@مثال.ایران", [("کاربر@xn--mgbh0fb.xn--mgba3a4f16a", "")]),
        ("Sara a@b.test", [("a@b.test", "Sara")]),
        ("a@b.test,", [("a@b.test", "")]),
        ("", []),
    ],
)
def test_a_field(field: str, found: list[tuple[str, str]]) -> None:
    assert [(one.address, one.name) for one in addresses(field.encode())[0]] == found


@pytest.mark.parametrize("field", ["Sara", "a@", "@b.test", "<>", "a@b@c", "<a b@c.test>", "a@b c@d"])
def test_what_is_no_address(field: str) -> None:
    found, whole = addresses(field.encode())
    assert found == ()
    assert not whole


def test_an_address_in_the_name_is_a_name() -> None:
    # The library of 3.11 reads two people here with one of its functions and one with the other.
    assert addresses(b"a@evil.test <b@good.test>")[0] == (Address("b@good.test", "a@evil.test"),)


def test_two_addresses_in_one_mailbox_are_not_well() -> None:
    found, whole = addresses(b"<a@evil.test> <b@good.test>")
    assert [one.address for one in found] == ["b@good.test"]
    assert not whole


def test_at_most_five_hundred() -> None:
    found, whole = addresses(b", ".join(b"a%d@b.test" % number for number in range(5000)))
    assert len(found) == MOST
    assert not whole


@given(st.text(max_size=80))
@example("' 0")
def test_any_name_that_we_write_is_one_mailbox_with_our_address(name: str) -> None:
    written = mailbox(Address("a@b.test", name)).replace("\r\n", "")
    (found,), whole = addresses(written.encode())
    assert whole
    assert found.address == "a@b.test"
    assert found.name == clean_header(clean_header(name).strip("'\" ")) or len(clean_header(name)) > 70


@given(st.text(max_size=300))
@example("0@\x80\xa1")
def test_any_field_can_be_read(field: str) -> None:
    for one in addresses(field.encode("utf-8", "replace"))[0]:
        assert normal(one.address) == one.address != ""
