"""Amounts of money as people of each language write them; Rial and Toman as Iranians say them."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from inbox.text.fold import latin_digits, persian_digits

RIAL, TOMAN = "IRR", "IRT"
_OURS = {("fa", RIAL): "ریال", ("fa", TOMAN): "تومان", ("en", RIAL): "rials", ("en", TOMAN): "tomans"}
MOST_DIGITS = 30
_PARTED = str.maketrans({"٬": "", ",": "", "،": "", " ": "", "\u00a0": "", "\u202f": "", "٫": "."})
_TYPED = re.compile(r"\d{1,18}(?:\.\d{1,4})?", re.ASCII)


def money(amount: int | float | Decimal | str, currency: str, language: str, *, toman: bool = False) -> str:
    """«۱٬۲۵۰٬۰۰۰ ریال», «۱۲٫۵۰ یورو», "€12.50". `currency` is a code of ISO 4217, or IRT for an amount of tomans; with `toman`
    an amount of rials is told in tomans, ten rials each.

    Raises ValueError for what is no amount, or no currency.
    """
    spoken, worth = "fa" if language == "fa" else "en", _decimal(amount)
    if currency == RIAL and toman:
        worth, currency = worth / 10, TOMAN
    from babel.numbers import format_currency, is_currency  # here and below, for a start tells no amount

    if currency in (RIAL, TOMAN):
        return f"{_plain(worth, spoken)} {_OURS[spoken, currency]}"
    if not is_currency(currency):
        raise ValueError(f"there is no currency {currency}")
    if spoken == "fa":
        told = format_currency(worth, currency, locale="fa", format_type="name", numbering_system="default")
        return persian_digits(told)
    return format_currency(worth, currency, locale="en")


def rounded(amount: Decimal, currency: str) -> Decimal:
    """To the unit in which a currency is paid, half up: whole rials and tomans, cents; of no currency two digits."""
    from babel.numbers import get_currency_precision

    whole = currency in (RIAL, TOMAN)
    digits = 0 if whole else get_currency_precision(currency) if known(currency) else 2
    return amount.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def known(currency: str) -> bool:
    """Whether there is a currency of that code: one of ISO 4217, or IRT."""
    from babel.numbers import is_currency

    return currency in (RIAL, TOMAN) or bool(is_currency(currency))


def amount_of(typed: str) -> Decimal:
    """What people type: "12,500.50", «۱۲٬۰۰۰٬۰۰۰», in either digits. Raises ValueError for what is no amount or less than nothing."""
    plain = latin_digits(typed).translate(_PARTED).strip()
    if not _TYPED.fullmatch(plain):
        raise ValueError(f"{typed!r} is no amount")
    return _decimal(plain)


def number(value: int | float | Decimal, language: str) -> str:
    """A number with its thousands parted: «۱٬۲۵۰», "1,250". Raises ValueError for what is no number."""
    return _plain(_decimal(value), "fa" if language == "fa" else "en")


def _plain(value: Decimal, spoken: str) -> str:
    from babel.numbers import format_decimal

    told = format_decimal(value, locale=spoken, format="#,##0.##", numbering_system="default")
    return persian_digits(told) if spoken == "fa" else told


def _decimal(amount: int | float | Decimal | str) -> Decimal:
    try:
        if isinstance(amount, bool):
            raise ValueError
        made = Decimal(str(amount))
    except (InvalidOperation, ValueError) as error:
        raise ValueError(f"{amount!r} is no amount") from error
    if not made.is_finite() or made.adjusted() > MOST_DIGITS:
        raise ValueError(f"{amount!r} is no amount")
    return made
