"""What the pages of settings share: who may come in, and forms read as people fill them in."""

import re

from starlette.requests import Request
from starlette.responses import Response

from inbox.domain.problems import Problem
from inbox.text.fold import latin_digits
from inbox.web.frame import Frame, House, frame

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
_ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\s@<>,;\"]+")
MOST_CAPACITY = 9999


async def opened(house: House, request: Request) -> tuple[Frame, Response | None]:
    """The frame of a page of settings, and the answer for those who may not come in: to an agent and a lead it looks as if
    nothing were here."""
    made = await frame(house, request)
    if made.visitor is None:
        return made, made.page("sign_in", 403)
    return made, None if made.visitor.administers else made.missing()


def short(typed: str, most: int = 200) -> str:
    """One line of words."""
    return " ".join(typed.split())[:most]


def several(typed: str) -> tuple[str, ...]:
    """Words between commas of either writing, each once."""
    return tuple(dict.fromkeys(word for part in re.split(r"[,،;]", typed) if (word := short(part, 60))))


def name_of(typed: str) -> str:
    """The short name of an agent or a team. Raises Problem."""
    name = typed.strip().lower()
    if not _NAME.fullmatch(name) or name == "new":
        raise Problem("people.bad_name", name=short(typed, 60) or "-")
    return name


def address_of(typed: str) -> str:
    """A mail address, or nothing. Raises Problem."""
    address = typed.strip()[:254]
    if address and not _ADDRESS.fullmatch(address):
        raise Problem("people.bad_address", address=address)
    return address


def capacity_of(typed: str) -> int | None:
    """A number of conversations; nothing: no limit. Raises Problem."""
    digits = latin_digits(typed).strip()
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit()) or int(digits[:9]) > MOST_CAPACITY:
        raise Problem("people.bad_capacity", value=short(typed, 20), most=MOST_CAPACITY)
    return int(digits)
