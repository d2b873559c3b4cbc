"""Telephone numbers as they are written, and the one form that compares."""

import pytest

from inbox.text.numbers import address, e164, is_short, readable


@pytest.mark.parametrize(
    "typed",
    [
        "09121234567",
        "۰۹۱۲ ۱۲۳ ۴۵۶۷",
        "٠٩١٢١٢٣٤٥٦٧",
        "+98 912 123 4567",
        "0098-912-123-4567",
        "989121234567",
        "9121234567",
        "+98 (912) 123-45-67",
        "\u202a+98 912 123 4567\u202c",
    ],
)
def test_one_number_has_one_form(typed: str) -> None:
    assert e164(typed, "IR") == "+989121234567"


def test_a_number_is_one_of_a_country() -> None:
    assert e164("021 8877 6655", "IR") == "+982188776655"
    assert e164("020 7946 0018", "GB") == "+442079460018"
    assert e164("+44 20 7946 0018", "IR") == "+442079460018"


@pytest.mark.parametrize("typed", ["", "sara", "12", "+", "+98", "0912", "9" * 70, "۰۹۱۲"])
def test_what_is_no_number(typed: str) -> None:
    assert e164(typed, "IR") is None


def test_callers_are_known_by_what_there_is() -> None:
    assert address("0912 123 4567", "IR") == "+989121234567"
    assert address("110", "IR") == "110"
    assert address("۲۰۱", "IR") == "201"
    assert address("Anonymous", "IR") == ""
    assert address("<script>", "IR") == ""


def test_extensions_are_short() -> None:
    assert is_short("201")
    assert not is_short("09121234567")


def test_numbers_are_read_in_groups() -> None:
    assert readable("+989121234567") == "+98 912 123 4567"
    assert readable("201") == "201"
