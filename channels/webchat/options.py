"""What can be set on a channel of kind `webchat`."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from inbox.domain.secrets import Secret, SecretReference

_PORTS = {"http": 80, "https": 443}


def _origin(value: str) -> str:
    """An origin as browsers write it (RFC 6454, 6.1): lower case, ASCII, without the usual port."""
    parts = urlsplit(value)
    if parts.scheme not in _PORTS or not parts.hostname or f"{parts.scheme}://{parts.netloc}" != value.rstrip("/"):
        raise ValueError("an origin is scheme://host or scheme://host:port and nothing more")
    if "@" in parts.netloc or "*" in parts.netloc or any(letter.isspace() for letter in value):
        raise ValueError("an origin names one host, without user or wildcard")
    host = parts.hostname if ":" not in parts.hostname else f"[{parts.hostname}]"
    host = host if host.isascii() else host.encode("idna").decode("ascii")
    usual = parts.port in (None, _PORTS[parts.scheme])
    return f"{parts.scheme}://{host}" if usual else f"{parts.scheme}://{host}:{parts.port}"


Origin = Annotated[str, AfterValidator(_origin)]


class WebchatOptions(BaseModel):
    """The keys of `[channel.<name>]`, the house's own taken out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    origins: tuple[Origin, ...] = ()
    """The web origins whose pages may embed the widget; our own is always one."""
    title: str = Field(default="", max_length=80)
    """What stands at the head of the chat; empty: the brand's name."""
    accent: str = Field(default="#0f6f68", pattern="^#[0-9a-fA-F]{6}$")
    greeting: str = Field(default="", max_length=400)
    """What stands above the first line; empty: nothing."""
    text_characters: int = Field(default=4000, ge=1, le=100_000)
    files: int = Field(default=5, ge=0, le=20)
    """Files in one message."""
    file_bytes: int = Field(default=10_000_000, ge=1, le=50_000_000)
    """Bytes of one file."""
    messages_per_minute: int = Field(default=20, ge=1)
    """Of one visitor."""
    visitors_per_hour: int = Field(default=60, ge=1)
    """From one address, those who never wrote before."""
    identity_secret: Secret | None = None
    """With it a page's own server says who is signed in there."""

    @field_validator("identity_secret")
    @classmethod
    def _no_command(cls, secret: SecretReference | None) -> SecretReference | None:
        if secret is not None and secret.source == "command":
            raise PydanticCustomError("secrets.no_reference", "this secret is not fetched by a command")
        return secret
