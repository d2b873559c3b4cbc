"""What it takes to send through one SMTP server, as plain values."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds until an answer counts as missing. After the dot a server may still think (RFC 5321 4.5.3.2.6: 10 minutes)."""

    connect: float = 30.0
    command: float = 60.0
    after_dot: float = 600.0
    quit: float = 5.0
    bytes_a_second: float = 10_000.0
    """The slowest line on which a body is still worth finishing."""


@dataclass(frozen=True, slots=True)
class SmtpAccount:
    """Plain values, made of the options. `secret` is asked anew at each login: a password, or an access token."""

    host: str
    port: int
    tls: Literal["implicit", "starttls", "off"]
    name: str
    """Who we say we are (EHLO)."""
    ca_file: Path | None = None
    user: str = ""
    secret: Callable[[], Awaitable[str]] | None = None
    auth: Literal["login", "xoauth2"] = "login"
    connections: int = 2
    patience: Patience = field(default_factory=Patience)

    @property
    def where(self) -> str:
        """The server as people are told of it."""
        return f"{self.host}:{self.port}"
