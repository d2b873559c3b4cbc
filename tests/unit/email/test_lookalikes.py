"""Senders who look like somebody else are marked; names and domains that people really have are not."""

import pytest

from channels.email.lookalikes import LOOK_ALIKE, MIXED_NAME, OTHER_ADDRESS, OVERRIDE, tricks
from inbox.domain.happenings import Address
from inbox.text.alike import mixed, skeleton
from tests.unit.email.letters import mail, message

OURS = ("support@desk.test", "info@zb-mail.test")


@pytest.mark.parametrize(
    ("address", "name", "found"),
    [
        ("x@xn--pple-43d.com", "Apple", LOOK_ALIKE),  # аpple with a Cyrillic а
        ("x@xn--80ak6aa92e.com", "Apple", LOOK_ALIKE),  # аррӏе, Cyrillic as a whole
        ("support@xn--dsk-edd.test", "", LOOK_ALIKE),  # dеsk, ours with one letter changed
        ("support@d\u00e8sk.test", "", LOOK_ALIKE),  # dèsk, ours with an accent
        ("info@zb-rnail.test", "", LOOK_ALIKE),  # r and n for m
        ("info@zb-mai1.test", "", LOOK_ALIKE),  # one for l
        ("\u0455upport@customer.test", "", LOOK_ALIKE),  # ѕ in the local part
        ("x@evil.test", "\u0405upport", MIXED_NAME),
        ("x@evil.test", "Supp\u03bfrt", MIXED_NAME),
        ("x@evil.test", "support@desk.test", OTHER_ADDRESS),
        ("x@evil.test", "Support <support@desk.test>", OTHER_ADDRESS),
        ("x@evil.test", "support\uff20desk.test", OTHER_ADDRESS),
    ],
)
def test_a_trick_is_marked(address: str, name: str, found: str) -> None:
    assert tricks(b"", Address(address, name), OURS) == {found}


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("sara@customer.test", "Sara Ahmadi"),
        ("sara@customer.test", "سارا احمدی"),
        ("sara@customer.test", "سارا Ahmadi"),
        ("sara@customer.test", "Sara@Customer.test"),
        ("ivan@customer.test", "Иван Петров (Ivan)"),
        ("n@customer.test", "Νίκος Παπαδόπουλος"),
        ("n@customer.test", "\u00b5Torrent 日本語 Café"),
        ("support@desk.test", "Support"),
        ("info@xn--mgba3a4f16a.ir", "ایران"),
        ("info@xn--bcher-kva.test", "Bücher"),
        ("info@xn--80aswg.xn--p1ai", "Сайт"),
        ("info@xn--zzzzzzzz.test", ""),
        ("", ""),
    ],
)
def test_what_people_really_have_is_no_trick(address: str, name: str) -> None:
    assert tricks(b"", Address(address, name), OURS) == set()


@pytest.mark.parametrize("letter", ["\u202e", "\u202d"])
def test_text_turned_around_is_marked_though_it_is_never_shown(letter: str) -> None:
    found = message(mail(sender=f"Sara {letter}knab <sara@evil.test>"))
    assert found.sender.name == "Sara knab"
    assert OVERRIDE in found.defects


def test_marks_of_direction_are_how_persian_is_written() -> None:
    assert message(mail(sender="سارا\u200f (ABC)\u200e <sara@customer.test>")).defects == ()


def test_the_skeleton_is_what_a_hasty_reader_sees() -> None:
    assert skeleton("\u0440ayp\u0430l") == skeleton("paypal") == "paypal"
    assert skeleton("Cafe\u0301") == "cafe"


def test_a_text_of_one_script_is_not_mixed() -> None:
    assert not mixed("Иван и Maria")
    assert mixed("Ив\u0061н")
