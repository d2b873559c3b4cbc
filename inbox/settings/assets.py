"""The table of config.toml about what customers own."""

from datetime import timedelta

from pydantic import field_validator
from pydantic_core import PydanticCustomError

from inbox.settings.values import Length, Table

MOST_WARNINGS = 10
"""Steps before one day."""


class AssetOptions(Table):
    """`[assets]`: what customers own."""

    warn_before: tuple[Length, ...] = (timedelta(days=30), timedelta(days=7))
    """How long before a warranty or a service ends we are told, in whole days; none: never."""

    @field_validator("warn_before")
    @classmethod
    def _days(cls, value: tuple[timedelta, ...]) -> tuple[timedelta, ...]:
        odd = next((one for one in value if one % timedelta(days=1)), None)
        if odd is not None or len(value) > MOST_WARNINGS:
            raise PydanticCustomError("config.bad_warnings", "whole days", {"value": odd or len(value)})
        return value

    @property
    def days(self) -> tuple[int, ...]:
        """As numbers of days, the longest first, each once."""
        return tuple(sorted({one.days for one in self.warn_before}, reverse=True))
