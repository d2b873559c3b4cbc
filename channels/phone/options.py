"""What can be set on a channel of kind `phone`."""

from collections.abc import Mapping
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from inbox.domain.secrets import Secret, SecretReference
from inbox.text.numbers import is_country

FIELDS = (
    "id",
    "direction",
    "outcome",
    "caller",
    "called",
    "started_at",
    "seconds",
    "agent",
    "name",
    "text",
)
"""What is read of a call; `names` says under which name a telephone system posts each of them."""


class PhoneOptions(BaseModel):
    """The keys of `[channel.<name>]`, the house's own taken out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    country: str = "IR"
    """The country (two letters) in which a number without a country's code is one."""
    zone: str = "UTC"
    """The zone of times that come without one."""
    secret: Secret | None = None
    """What the telephone system shows, or signs with; without it nothing is taken over HTTP."""
    proof: Literal["token", "hmac"] = "token"
    """How: it sends the secret itself, or the HMAC-SHA256 of the body made with it."""
    names: Mapping[str, str] = Field(default_factory=dict)
    """Under which name the telephone system posts what: `caller = "src"`."""
    agents: Mapping[str, str] = Field(default_factory=dict)
    """Whose extension it is: `201 = "sara"`."""
    recording_bytes: int = Field(default=25_000_000, ge=0, le=50_000_000)
    """Bytes of the largest recording that is taken; 0: none is."""

    @field_validator("country")
    @classmethod
    def _known(cls, code: str) -> str:
        if not is_country(code.upper()):
            raise PydanticCustomError("phone.no_country", "two letters", {"value": code})
        return code.upper()

    @field_validator("zone")
    @classmethod
    def _zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise PydanticCustomError("phone.no_zone", "a zone", {"value": name}) from error
        return name

    @field_validator("names")
    @classmethod
    def _names(cls, names: Mapping[str, str]) -> Mapping[str, str]:
        for name in names:
            if name not in FIELDS:
                raise PydanticCustomError("phone.no_field", "a field", {"value": name, "known": ", ".join(FIELDS)})
        return names

    @field_validator("secret")
    @classmethod
    def _no_command(cls, secret: SecretReference | None) -> SecretReference | None:
        if secret is not None and secret.source == "command":
            raise PydanticCustomError("secrets.no_reference", "this secret is not fetched by a command")
        return secret
