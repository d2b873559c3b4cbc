"""The kinds of value that the config has besides texts and numbers, each refused with a sentence of its own."""

import ipaddress
import re
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_LENGTH = re.compile(r"([1-9]\d{0,5}) (second|minute|hour|day)s?")
_WORKING = re.compile(r"[1-9]\d? working days?")


class Table(BaseModel):
    """A table of the config: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def _length(value: object) -> timedelta:
    found = _LENGTH.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError("config.bad_length", "a count and a unit", {"value": value})
    return timedelta(seconds=int(found[1]) * _SECONDS[found[2]])


def _working(value: str) -> str:
    if not _WORKING.fullmatch(value):
        raise PydanticCustomError("config.bad_working_days", "a count of working days", {"value": value})
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, KeyError, OSError) as error:
        raise PydanticCustomError("config.unknown_zone", "no such time zone", {"value": value}) from error
    return value


def _listen(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not (host and port.isascii() and port.isdigit() and int(port) < 65536):
        raise PydanticCustomError("config.bad_listen", "host:port", {"value": value})
    return value


def _url(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
        raise PydanticCustomError("config.bad_url", "an http address", {"value": value})
    return value.rstrip("/")


def _network(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value))
    except ValueError as error:
        raise PydanticCustomError("config.bad_network", "an address or network", {"value": value}) from error


Length = Annotated[timedelta, BeforeValidator(_length)]
"""Plain clock time: "90 seconds", "15 minutes", "24 hours", "30 days"."""

WorkingDays = Annotated[str, AfterValidator(_working)]
"""Days on which a calendar is open, such as "2 working days": counted by `inbox.sla`, which knows the hours."""

Zone = Annotated[str, AfterValidator(_zone)]
"""The name of a time zone, such as "Asia/Tehran"."""

ListenAddress = Annotated[str, AfterValidator(_listen)]
"""Host and port; an IPv6 host stands in brackets, port 0 lets the system choose."""

Url = Annotated[str, AfterValidator(_url)]
"""An http or https address without a slash at its end, or nothing."""

Network = Annotated[str, AfterValidator(_network)]
"""An IP address or network, such as "10.0.0.0/8"."""
