"""What can be set on a channel that is a bot."""

import dataclasses
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from channels.telegram.dialect import Dialect
from inbox.domain.secrets import Secret, SecretReference


class Abilities(BaseModel):
    """What the network can do where its kind says otherwise; a key that is left out stays as the kind has it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    topics: bool | None = None
    reactions: bool | None = None
    pins: bool | None = None
    edits: bool | None = None
    buttons: bool | None = None
    entities: bool | None = None
    commands: bool | None = None
    reply: Literal["reply_parameters", "reply_to_message_id"] | None = None
    always_markdown: bool | None = None
    text: int | None = Field(default=None, ge=1)
    caption: int | None = Field(default=None, ge=1)
    album: int | None = Field(default=None, ge=1, le=10)
    media: tuple[Literal["photo", "video", "voice", "audio"], ...] | None = None
    photo: int | None = Field(default=None, ge=1)
    upload: int | None = Field(default=None, ge=1)
    download: int | None = Field(default=None, ge=1)
    pause: float | None = Field(default=None, ge=0, le=60)
    group_per_minute: int | None = Field(default=None, ge=0)
    per_second: int | None = Field(default=None, ge=0)
    webhook_header: bool | None = None

    def over(self, dialect: Dialect) -> Dialect:
        """The dialect with what is said here."""
        return dataclasses.replace(dialect, **self.model_dump(exclude_none=True))


class BotOptions(BaseModel):
    """The keys of `[channel.<name>]`, the house's own taken out."""

    # What checks it is built at its first use: a parser child is handed options that were checked.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    bot: str = Field(pattern="^@?[A-Za-z0-9_]{3,64}$")
    """The bot's name as its users know it; the message keys of this channel begin with it."""
    token: Secret
    groups: tuple[int, ...] = ()
    """Ids of the group chats in which the bot listens; in all others it does not."""
    api_base: str = Field(default="", pattern="^(https?://[^{}]+)?$")
    file_base: str = Field(default="", pattern="^(https?://[^{}]+)?$")
    proxy: str = Field(default="", pattern="^(https?://.+)?$")
    ca_file: Path | None = None
    """Certificates to trust instead of the system's; a relative path counts from the site folder."""
    poll_seconds: int = Field(default=50, ge=1, le=50)
    """How long one question for news waits on the server."""
    updates: Literal["poll", "webhook"] = "poll"
    """Whether updates are asked for, or brought to our address by the network."""
    webhook_secret: Secret | None = None
    """What proves with a webhook that it is the network which calls; any long text."""
    max_file: int = Field(default=20_000_000, ge=1)
    """Bytes of the largest file that is fetched."""
    can: Abilities = Abilities()

    @field_validator("bot")
    @classmethod
    def _compared(cls, name: str) -> str:
        """Names are compared in lower case and with their sign."""
        return f"@{name.removeprefix('@').lower()}"

    @field_validator("token", "webhook_secret")
    @classmethod
    def _no_command(cls, secret: SecretReference | None) -> SecretReference | None:
        if secret is not None and secret.source == "command":
            raise PydanticCustomError("secrets.no_reference", "a bot's secrets are not fetched by a command")
        return secret

    @model_validator(mode="after")
    def _a_hook_has_a_secret(self) -> Self:
        if self.updates == "webhook" and self.webhook_secret is None:
            raise ValueError('updates = "webhook" needs a webhook_secret')
        return self

    @model_validator(mode="after")
    def _both_bases(self) -> Self:
        if bool(self.api_base) != bool(self.file_base):
            raise ValueError("api_base and file_base belong together")
        return self
