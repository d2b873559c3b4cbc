"""Amounts of money and large numbers in both languages."""

from decimal import Decimal

import pytest

from inbox.text.money import money, number


@pytest.mark.parametrize(
    ("amount", "currency", "persian", "english"),
    [
        (1_250_000, "IRR", "۱٬۲۵۰٬۰۰۰ ریال", "1,250,000 rials"),
        (125_000, "IRT", "۱۲۵٬۰۰۰ تومان", "125,000 tomans"),
        (Decimal("12.5"), "EUR", "۱۲٫۵۰ یورو", "€12.50"),
        ("12.5", "USD", "۱۲٫۵۰ دلار آمریکا", "$12.50"),
        (1999, "JPY", "۱٬۹۹۹ ین ژاپن", "¥1,999"),
        (0, "IRR", "۰ ریال", "0 rials"),
    ],
)
def test_an_amount_is_told_with_its_currency(amount: int, currency: str, persian: str, english: str) -> None:
    assert (money(amount, currency, "fa"), money(amount, currency, "en")) == (persian, english)


def test_rials_can_be_told_in_tomans_to_the_last_rial() -> None:
    assert money(1_250_000, "IRR", "fa", toman=True) == "۱۲۵٬۰۰۰ تومان"
    assert money(1_250_005, "IRR", "en", toman=True) == "125,000.5 tomans"
    assert money(12, "EUR", "en", toman=True) == "€12.00", "there are no tomans in a euro"


@pytest.mark.parametrize("amount", ["", "a", True, "NaN", "1e999999", float("inf")])
def test_what_is_no_amount_is_refused(amount: object) -> None:
    with pytest.raises(ValueError, match="no amount"):
        money(amount, "IRR", "fa")  # type: ignore[arg-type]  # that is the point


def test_what_is_no_currency_is_refused() -> None:
    with pytest.raises(ValueError, match="no currency"):
        money(1, "QQQQ", "en")


def test_a_number_has_its_thousands_parted() -> None:
    assert (number(1_250_000, "fa"), number(1_250_000, "en")) == ("۱٬۲۵۰٬۰۰۰", "1,250,000")
    assert (number(Decimal("0.5"), "fa"), number(-1234, "en")) == ("۰٫۵", "-1,234")
