"""Telephone numbers as people and telephone systems write them, in either digits, to the one form that compares (E.164)."""

import re

from inbox.text.fold import latin_digits

LONGEST = 60
"""Characters of anything that could be a number."""
_SHORT = re.compile(r"[0-9*#]{2,8}")
"""An extension, or a number of a service: nothing that can be dialled from everywhere."""
_NOISE = re.compile(r"[\s()\-./\u2010-\u2015\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
_HIDDEN = frozenset({"anonymous", "unknown", "private", "restricted", "unavailable", "withheld", "ناشناس", "نامشخص"})


def e164(typed: str, country: str) -> str | None:
    """`+989121234567` for «۰۹۱۲ ۱۲۳ ۴۵۶۷» with the country `IR` (ISO 3166); None for what is no number there.

    `00` and `+` both lead abroad, as does what an operator writes without either (`98912...`), where the country's own
    plan has no such number.
    """
    import phonenumbers  # here and below, for its tables are large, and most who start read no number

    plain = latin_digits(typed.strip()[:LONGEST])
    for one in (plain, f"+{plain.lstrip('+')}" if plain[:1].isdecimal() else ""):
        try:
            found = phonenumbers.parse(one, country) if one else None
        except phonenumbers.NumberParseException:
            continue
        if found is not None and phonenumbers.is_valid_number(found):
            return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
    return None


def address(typed: str, country: str) -> str:
    """How a caller is known: by E.164 where it is a number, by its digits where it is a short one; empty for one that hides itself
    and for what is none."""
    known = e164(typed, country)
    if known is not None:
        return known
    bare = _NOISE.sub("", latin_digits(typed[:LONGEST]))
    if bare.lower() in _HIDDEN:
        return ""
    if _SHORT.fullmatch(bare):
        return bare
    return bare if re.fullmatch(r"\+?[0-9]{5,20}", bare) else ""


def is_short(typed: str) -> bool:
    """Whether it is an extension, or a number of a service, by its length alone."""
    return _SHORT.fullmatch(_NOISE.sub("", latin_digits(typed[:LONGEST]))) is not None


def readable(number: str) -> str:
    """`+98 912 123 4567`: as people read it aloud. What is not E.164 stays as it is."""
    import phonenumbers

    try:
        found = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def is_country(code: str) -> bool:
    """Whether it is a country whose numbers are known, by its two letters."""
    import phonenumbers

    return code in phonenumbers.SUPPORTED_REGIONS
