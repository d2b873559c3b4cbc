"""The mail account that `inbox init` asks for, and the config.toml that it becomes."""

import json
import re
from dataclasses import dataclass
from typing import Any

import typer

from inbox.cli.printer import Say

IMAP_FILE = "secrets/support-imap"
SMTP_FILE = "secrets/support-smtp"
_HEADER = re.compile(r"#?\[([a-z._]+)\]")
_KEY = re.compile(r"#?([a-z_0-9]+) = ")
TLS_KINDS = ("implicit", "starttls", "off")
_TLS = {993: "implicit", 465: "implicit", 143: "starttls", 587: "starttls", 25: "starttls"}


@dataclass(frozen=True, slots=True)
class Server:
    """One of the account's servers; `tls` as in the config."""

    host: str
    port: int
    tls: str
    user: str
    password: str

    def __repr__(self) -> str:
        return f"Server({self.host}:{self.port})"


@dataclass(frozen=True, slots=True)
class Account:
    """What was answered."""

    address: str
    imap: Server
    smtp: Server


def asked(say: Say) -> Account:
    """Ask at the terminal, with the usual answers to choose by Enter."""
    address = _ask(say("cli.init.ask.address"))
    domain = address.rpartition("@")[2]
    imap = _server(say, "IMAP", f"imap.{domain}", 993, address, None)
    smtp = _server(say, "SMTP", f"smtp.{domain}", 465, imap.user, imap.password)
    return Account(address, imap, smtp)


def _server(say: Say, protocol: str, host: str, port: int, user: str, password: str | None) -> Server:
    host = _ask(say("cli.init.ask.host", protocol=protocol), host)
    port = _ask(say("cli.init.ask.port", protocol=protocol), port, type=int)
    tls = _TLS.get(port) or _ask(say("cli.init.ask.tls", protocol=protocol), "implicit", value_proc=_tls)
    user = _ask(say("cli.init.ask.user", protocol=protocol), user)
    again = say("cli.init.ask.password_again" if password else "cli.init.ask.password", protocol=protocol)
    secret = _ask(again, password or None, hide_input=True, show_default=False)
    return Server(host, port, tls, user, secret)


def _ask(text: str, default: Any = None, **how: Any) -> Any:
    # Questions go to standard error: standard output is for results.
    return typer.prompt(text, default=default, err=True, **how)


def _tls(answer: str) -> str:
    if answer not in TLS_KINDS:
        raise typer.BadParameter(", ".join(TLS_KINDS))
    return answer


def secrets(account: Account) -> dict[str, str]:
    """File below the site's folder to the secret that belongs into it."""
    return {IMAP_FILE: account.imap.password, SMTP_FILE: account.smtp.password}


def filled(shipped: str, account: Account) -> str:
    """The shipped config with the account's answers in their places, and the tables they stand in switched on."""
    answers: dict[str, dict[str, object]] = {
        "channel.support": {"addresses": [account.address], "intake": "imap", "outgoing": "smtp"},
        "channel.support.imap": _table(account.imap, IMAP_FILE),
        "channel.support.smtp": _table(account.smtp, SMTP_FILE),
    }
    lines, table = [], ""
    for line in shipped.splitlines():
        if header := _HEADER.fullmatch(line):
            table = header[1]
            line = f"[{table}]" if table in answers else line
        elif (key := _KEY.match(line)) and key[1] in answers.get(table, {}):
            line = f"{key[1]} = {_toml(answers[table][key[1]])}"
        lines.append(line)
    return "\n".join(lines) + "\n"


def _table(server: Server, secret: str) -> dict[str, object]:
    return {
        "host": server.host,
        "port": server.port,
        "tls": server.tls,
        "user": server.user,
        "password": {"file": secret},
    }


def _toml(value: object) -> str:
    """A value as TOML writes it; of texts JSON's way is also TOML's."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(inner) for inner in value) + "]"
    return json.dumps(value, ensure_ascii=False)
