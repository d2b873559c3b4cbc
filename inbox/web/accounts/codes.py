"""One-time codes of a second step (TOTP, RFC 6238), the picture that an authenticator reads, and recovery codes."""

import secrets
from collections.abc import Sequence
from datetime import datetime

import pyotp

from inbox.text.fold import latin_digits
from inbox.web.session import digest, same

STEP = 30
"""Seconds that a code is shown."""
LEEWAY = 1
"""Steps before and after: a telephone's clock may be off."""
HOW_MANY = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that looks like another one."""


def fresh_key() -> str:
    """The key that an authenticator and we share: 160 bits in base32."""
    return pyotp.random_base32()


def step_of(key: str, typed: str, now: datetime) -> int | None:
    """The step whose code was typed, within the leeway; None where it is no code of this key."""
    code = "".join(latin_digits(typed).split())
    if not is_key(key) or len(code) != 6 or not code.isascii() or not code.isdigit():
        return None
    current, made = int(now.timestamp()) // STEP, pyotp.TOTP(key)
    steps = range(current - LEEWAY, current + LEEWAY + 1)
    return next((step for step in steps if same(made.generate_otp(step), code)), None)


def is_key(key: str) -> bool:
    """Whether a form brings back a key as `fresh_key` makes them."""
    return len(key) == 32 and key.isascii() and set(key) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def picture(key: str, handle: str, site: str) -> str:
    """A QR code as a `data:` address of an SVG, which an authenticator reads."""
    import segno  # here, for it is wanted once by each agent

    uri = pyotp.TOTP(key).provisioning_uri(name=handle, issuer_name=site.replace(":", " "))
    made: str = segno.make_qr(uri, error="m").svg_data_uri(border=2, light="#fff", scale=4)
    return made


def recovery_codes() -> tuple[str, ...]:
    """Ten codes of 79 bits each, in groups that can be typed."""
    return tuple("-".join(_group() for _ in range(4)) for _ in range(HOW_MANY))


def _group() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(4))


def digests(codes: Sequence[str]) -> list[str]:
    """What is stored of them."""
    return [recovery_digest(code) for code in codes]


def recovery_digest(typed: str) -> str:
    """What is stored of a recovery code, however it was typed."""
    letters = [letter for letter in latin_digits(typed).lower() if letter in _LETTERS]
    return digest("recovery " + "".join(letters))
