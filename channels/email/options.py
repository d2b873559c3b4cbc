"""What can be set on a channel of kind `email`; the defaults take mail on this machine and write answers into a Maildir."""

import re
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from channels.email.addresses import ascii_domain
from inbox.domain.options import checked
from inbox.domain.secrets import Secret

Tls = Literal["implicit", "starttls", "off"]
IMAP_PORTS = {"implicit": 993, "starttls": 143, "off": 143}
SMTP_PORTS = {"implicit": 465, "starttls": 587, "off": 25}


class Table(BaseModel):
    """A table of the config: an unknown key is an error."""

    # What checks a table is built at its first use: a parser child is handed tables that were checked.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)


class ListenOptions(Table):
    """`[channel.<name>.listen]`: mail is handed to us, with `intake = "listen"`."""

    address: str = "127.0.0.1:2525"
    """Host and port to listen on; an IPv6 host stands in brackets."""
    protocol: Literal["smtp", "lmtp"] = "smtp"
    """`lmtp` behind a mail server of your own (an answer for each recipient), `smtp` for anything that sends mail."""
    max_size: int = Field(default=50_000_000, ge=1_000)
    """Bytes of the largest mail that is taken; larger ones are answered 552."""
    max_connections: int = Field(default=100, ge=1)
    """Connections at the same time; further ones are answered 421."""
    idle_seconds: float = Field(default=300.0, gt=0)
    """How long a connection may say nothing (RFC 5321 4.5.3.2.7: five minutes)."""

    @field_validator("address")
    @classmethod
    def _host_and_port(cls, address: str) -> str:
        host, colon, port = address.rpartition(":")
        if not (colon and host and port.isascii() and port.isdigit() and int(port) < 65536):
            raise PydanticCustomError("email.bad_listen_address", "host:port", {"value": address})
        return address

    @property
    def host(self) -> str:
        """The host without brackets."""
        return self.address.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port; 0 lets the system choose."""
        return int(self.address.rpartition(":")[2])


class Account(Table):
    """What IMAP and SMTP have in common: where the server is, and how we prove who we are."""

    host: str = Field(min_length=1)
    """The server's name as its certificate has it."""
    port: int | None = Field(default=None, ge=1, le=65535)
    """None: the usual port for `tls`."""
    tls: Tls = "implicit"
    """`implicit` (TLS from the first byte), `starttls` (refused where the server lacks it) or `off` (only on one machine)."""
    ca_file: Path | None = None
    """Certificates to trust instead of the system's, as a PEM file; relative paths count from the site folder."""
    user: str = ""
    """The name to log in with."""
    password: Secret | None = None
    """Where the password is: `{ file = "..." }`, `{ env = "..." }`, `{ credential = "..." }` or `{ command = [...] }`."""
    oauth2: Secret | None = None
    """Where an OAuth2 access token is (XOAUTH2), most often a command that renews it; instead of `password`."""

    @model_validator(mode="after")
    def _one_proof(self) -> Self:
        if self.password and self.oauth2:
            raise PydanticCustomError("email.two_secrets", "password and oauth2")
        if bool(self.user) != bool(self.password or self.oauth2):
            raise PydanticCustomError("email.half_a_login", "user without secret, or the reverse")
        return self


class ImapOptions(Account):
    """`[channel.<name>.imap]`: mail is fetched, with `intake = "imap"`."""

    folders: tuple[str, ...] = Field(default=("INBOX",), min_length=1)
    """Folders to fetch from; add the junk folder where your provider sorts customers into it."""
    first_sync: Literal["new", "import", "answer"] = "new"
    """What the first opening does with mail that lies there: leave it, store it silently, or treat it as new."""
    poll_seconds: float = Field(default=60.0, ge=1)
    """How often to look where the server cannot push (IMAP IDLE), and as a second look where it can."""
    max_size: int = Field(default=50_000_000, ge=100_000)
    """Bytes of the largest mail that is fetched whole; of a larger one only the beginning is."""

    @model_validator(mode="after")
    def _user_named(self) -> Self:
        if not self.user:
            raise PydanticCustomError("config.missing_key", "a mailbox has an owner", {"name": "user"})
        return self

    @property
    def chosen_port(self) -> int:
        """The port, the usual one where none was given."""
        return self.port or IMAP_PORTS[self.tls]


class SmtpOptions(Account):
    """`[channel.<name>.smtp]`: mail goes out through a server, with `outgoing = "smtp"`."""

    connections: int = Field(default=2, ge=1, le=50)
    """How many mails are handed over at the same time."""

    @property
    def chosen_port(self) -> int:
        """The port, the usual one where none was given."""
        return self.port or SMTP_PORTS[self.tls]


class MaildirOptions(Table):
    """`[channel.<name>.maildir]`: mail goes out into a folder on this machine, with `outgoing = "maildir"`."""

    path: Path = Path("data/outgoing")
    """The Maildir; relative paths count from the site folder."""


_LABELS = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*", re.IGNORECASE)


class DkimOptions(Table):
    """`[channel.<name>.dkim]`: what goes out is signed (RFC 6376). Leave it out where your mail server signs."""

    selector: str
    """Which of the domain's keys it is: the public half is looked up at `<selector>._domainkey.<domain>`."""
    domain: str = ""
    """The domain that vouches for the mail; empty: that of the channel's first address."""
    key: Secret
    """Where the private key is, RSA or Ed25519 in PEM form: `{ file = "..." }`, `{ credential = "..." }` and so on."""

    @field_validator("selector", "domain")
    @classmethod
    def _name(cls, told: str, info: ValidationInfo) -> str:
        written = ascii_domain(told).lower()
        if (written or info.field_name == "selector") and (len(written) > 200 or not _LABELS.fullmatch(written)):
            raise PydanticCustomError("email.bad_dns_name", "labels and dots", {"value": told})
        return written


class VoicemailOptions(Table):
    """`[channel.<name>.voicemail]`: mail of a telephone system becomes calls of a telephone channel."""

    senders: tuple[str, ...] = Field(min_length=1, alias="from")
    """Its addresses; nobody else's mail is ever taken for a call."""
    channel: str = Field(min_length=1)
    """The channel of kind `phone` to which the callers belong."""
    country: str = "IR"
    """The country (two letters) in which a number without a country's code is one."""
    proof: Literal["verdict", "address"] = "verdict"
    """What shows that it is theirs: a verdict that is trusted, or the address alone, where nobody else can write to this mailbox."""

    @field_validator("senders")
    @classmethod
    def _compared(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(address.strip().lower() for address in addresses))

    @field_validator("country")
    @classmethod
    def _known(cls, code: str) -> str:
        from inbox.text.numbers import is_country  # its tables are loaded where somebody has use for them

        if not is_country(code.upper()):
            raise PydanticCustomError("phone.no_country", "two letters", {"value": code})
        return code.upper()


class EmailOptions(Table):
    """`[channel.<name>]` with `kind = "email"`, the keys that the house reads itself taken out."""

    addresses: tuple[str, ...] = Field(min_length=1)
    """Our addresses on this channel; the first one is the From of what we send."""
    intake: Literal["listen", "imap", "none"] = "listen"
    """How mail comes in: handed to us, fetched from a mailbox, or not at all."""
    outgoing: Literal["maildir", "smtp"] = "maildir"
    """How mail goes out: into a folder on this machine, or through a server."""
    authserv_id: str = ""
    """The name under which your own mail server writes Authentication-Results; empty: nobody's verdict is trusted."""
    dkim_check: bool = False
    """Whether a mail's own DKIM signature is verified where no trusted server tells of the sender; the DNS is asked for keys."""
    plus_addresses: bool = True
    """Whether answers come back to `name+token@domain`; turn it off where your provider refuses such addresses."""
    listen: ListenOptions = Field(default_factory=ListenOptions)
    imap: ImapOptions | None = None
    smtp: SmtpOptions | None = None
    maildir: MaildirOptions = Field(default_factory=MaildirOptions)
    dkim: DkimOptions | None = None
    voicemail: VoicemailOptions | None = None

    @field_validator("addresses")
    @classmethod
    def _compared(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        for address in addresses:
            local, at, domain = address.rpartition("@")
            if not (local and at and domain) or any(letter.isspace() for letter in address):
                raise PydanticCustomError("email.bad_address", "local@domain", {"value": address})
        return tuple(dict.fromkeys(address.lower() for address in addresses))

    @model_validator(mode="after")
    def _tables_there(self) -> Self:
        for chosen, table in (("imap", self.imap), ("smtp", self.smtp)):
            if chosen in (self.intake, self.outgoing) and table is None:
                raise PydanticCustomError("config.missing_key", "table missing", {"name": chosen})
        return self


def read(table: dict[str, Any], where: str) -> EmailOptions:
    """The channel's table with its defaults. Raises Misconfigured."""
    return checked(EmailOptions, table, where)
