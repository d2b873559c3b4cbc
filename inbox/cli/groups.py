"""The groups of commands, in the order in which help lists them; the file of each is loaded when one of its commands is called."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

import typer


@dataclass(frozen=True, slots=True)
class Group:
    """A file of commands: its module, the function in it that adds them, and their words on the command line."""

    module: str
    words: tuple[str, ...]
    add: str = "add"

    def to(self, app: typer.Typer) -> None:
        """Add the commands, for which the file is loaded now."""
        add: Callable[[typer.Typer], None] = getattr(import_module(f"inbox.cli.{self.module}"), self.add)
        add(app)


GROUPS = (
    Group("init", ("init",)),
    Group("demo", ("demo",)),
    Group("run", ("run",)),
    Group("check", ("check",)),
    Group("doctor", ("doctor",)),
    Group("conversations", ("list", "show")),
    Group("searching", ("search",)),
    Group("searching", ("views",), "add_views"),
    Group(
        "acting",
        (
            "reply",
            "promise",
            "note",
            "assign",
            "take",
            "ack",
            "done",
            "reopen",
            "spam",
            "priority",
            "tag",
            "field",
            "snooze",
        ),
    ),
    Group("matters", ("write", "forward", "followup", "merge", "split", "relate", "watch", "unwatch", "undo")),
    Group("following", ("escalate", "callback", "decline", "undecline")),
    Group("calling", ("call", "warn")),
    Group("tasks", ("tasks",)),
    Group("broadcast", ("broadcast",)),
    Group("macros", ("macro",), "add_use"),
    Group("macros", ("macros",)),
    Group("contacts", ("contacts",)),
    Group("assets", ("assets",)),
    Group("organizations", ("organizations",)),
    Group("forget", ("forget",)),
    Group("retain", ("retain",)),
    Group("contracts", ("contracts",)),
    Group("excusing", ("excuse", "unexcuse")),
    Group("kb", ("kb",)),
    Group("blobs", ("blobs",)),
    Group("outbox", ("outbox",)),
    Group("quarantine", ("quarantine",)),
    Group("held", ("held",)),
    Group("digest", ("digest",)),
    Group("keys", ("keys",)),
    Group("channels", ("channels",)),
    Group("desks", ("desks",)),
    Group("bring", ("import",)),
    Group("export", ("export",)),
    Group("rules", ("rules",)),
    Group("sla", ("sla",)),
    Group("calendar", ("calendar",)),
    Group("templates", ("templates",)),
    Group("reports", ("report",)),
    Group("agents", ("agents",)),
    Group("teams", ("teams",)),
    Group("tokens", ("tokens",)),
    Group("webhooks", ("webhooks",)),
    Group("outages", ("outage",)),
    Group("shifts", ("shifts",)),
    Group("absences", ("absences",)),
    Group("status", ("status",)),
    Group("trace", ("trace",)),
    Group("verify", ("verify",)),
    Group("backup", ("backup",)),
    Group("restore", ("restore",)),
    Group("migrate", ("migrate",)),
    Group("parse", ("parse",)),
    Group("run", ("login",), "add_login"),
    Group("completion", ("completion",)),
)
"""Where each command is found. Only the file of the one that is called is loaded: most of them load half the house."""
