"""Commands: everything that an agent can do from the keyboard, made of the registry and of the ways through the pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from inbox.actions.action import Action, Permission, Surface
from inbox.actions.keys import KEYS
from inbox.actions.registry import actions

Way = Literal["do", "step", "go", "at", "move", "open", "send"]
"""`do`: the action at once; `step`: it takes something that is asked for; `go`: a page; `at`: a place on the conversation's page;
`move`: through what the page shows; `open`: a dialog; `send`: what is being written."""
Group = Literal["moving", "acting", "going", "writing", "everywhere"]
GROUPS: tuple[Group, ...] = ("moving", "acting", "going", "writing", "everywhere")

OF_THE_PAGE = frozenset({"seen", "anyway", "once", "over", "files", "values", "only", "language"})
"""Arguments that a page knows, or that belong to what is written there."""
WRITTEN = frozenset({"reply", "note", "macro"})
"""What is written where the conversation is read."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do. `name`: of the action, of the page or of the way; `key`: the keys one after the other, `Mod` is Ctrl or ⌘."""

    name: str
    label: str
    way: Way
    group: Group
    key: str = ""
    to: str = ""
    """The address of `go`, the place of `at`."""

    @property
    def matter(self) -> bool:
        """Whether it needs a conversation."""
        return self.way in ("do", "step", "at")

    @property
    def listed(self) -> bool:
        """Whether the palette offers it; how to move is told by the sheet alone."""
        return self.way in ("do", "step", "at", "go")


def of_actions(*, leads: bool = True) -> tuple[Command, ...]:
    """Every action on a conversation that the web offers, in the order of the registry; to write first has a page of its own.
    Without `leads` what is for everybody."""
    offered = (one for one in actions().values() if leads or one.permission is not Permission.LEAD)
    return tuple(_of(one) for one in offered if Surface.WEB in one.surfaces and one.name != "write")


def _of(action: Action) -> Command:
    label, key = f"act.{action.name}", "" if action.name == "undo" else KEYS.get(action.name, "")
    if action.name in WRITTEN:
        return Command(action.name, label, "at", "acting", key, "#text")
    asked = fields(action)
    if any(_of_the_page(one) for one in asked.values() if one.is_required()):
        return Command(action.name, label, "at", "acting", key, "#content")
    return Command(action.name, label, "step" if asked else "do", "acting", key)


def fields(action: Action) -> Mapping[str, FieldInfo]:
    """What an action asks of the one who does it."""
    return {name: one for name, one in action.arguments.model_fields.items() if name not in OF_THE_PAGE}


def _of_the_page(one: FieldInfo) -> bool:
    """A number names a row that only the page shows."""
    return one.annotation is int or (get_origin(one.annotation) is tuple and int in get_args(one.annotation))


_THEIRS = frozenset({"mine", "write", "notifications", "preferences"})


def going(agent: bool = True) -> tuple[Command, ...]:
    """The pages; to the owner of the site, who is no agent, those that there are for them."""
    return tuple(one for one in _pages() if agent or one.name not in _THEIRS)


def _pages() -> tuple[Command, ...]:
    return (
        Command("open", "web.view.open", "go", "going", "g i", "/"),
        Command("mine", "web.view.mine", "go", "going", "g m", "/?view=mine"),
        Command("unassigned", "web.view.unassigned", "go", "going", "g u", "/?view=unassigned"),
        Command("snoozed", "web.view.snoozed", "go", "going", "g s", "/?view=snoozed"),
        Command("waiting", "web.view.waiting", "go", "going", "g w", "/?view=waiting"),
        Command("view_done", "web.view.done", "go", "going", "g d", "/?view=done"),
        Command("write", "act.write", "go", "going", "c", "/new"),
        Command("notifications", "web.notifications.title", "go", "going", "g n", "/notifications"),
        Command("tasks", "web.tasks.title", "go", "going", "g t", "/tasks"),
        Command("articles", "web.articles.title", "go", "going", "g a", "/articles"),
        Command("assets", "web.assets.title", "go", "going", "g e", "/assets"),
        Command("preferences", "web.preferences.title", "go", "going", "g p", "/preferences"),
    )


def places(*, agent: bool, sees_all: bool, ops: bool, administers: bool) -> tuple[Command, ...]:
    """Pages without a key: one's own account, those of whoever sees the whole house, and those of whoever leads or administers."""
    return (
        _place("account", "web.account.title", "/account"),
        *(_KNOWN if sees_all else ()),
        *((_place("call_log", "web.call.title", "/call"),) if sees_all and agent else ()),
        *(_LED if ops else ()),
        *(_ADMINISTERED if administers else ()),
    )


def _place(name: str, label: str, to: str) -> Command:
    return Command(name, label, "go", "going", to=to)


_KNOWN = (
    _place("contacts", "web.contacts.title", "/contacts"),
    _place("organizations", "web.directory.organizations", "/organizations"),
)
_LED = (
    _place("board", "web.board.title", "/board"),
    _place("reports", "web.reports.title", "/reports"),
    _place("contracts", "web.contracts.title", "/contracts"),
    _place("rules", "web.rules.title", "/rules"),
    _place("try", "web.rules.try", "/rules/try"),
    _place("backtest", "web.backtest.title", "/rules/backtest"),
    _place("templates", "web.templates.title", "/templates"),
    _place("broadcasts", "web.broadcasts.title", "/broadcasts"),
    _place("channels", "web.channels.title", "/settings/channels"),
)
_ADMINISTERED = (
    _place("people", "web.people.title", "/settings/people"),
    _place("teams", "web.teams.title", "/settings/teams"),
    _place("audit", "web.audit.title", "/settings/audit"),
)


def moving() -> tuple[Command, ...]:
    """What only the keyboard does."""
    return (
        Command("next", "key.next", "move", "moving", "j"),
        Command("previous", "key.previous", "move", "moving", "k"),
        Command("enter", "key.open", "move", "moving", "o"),
        Command("back", "key.back", "move", "moving", "u"),
        Command("before", "key.before", "move", "moving", "["),
        Command("after", "key.after", "move", "moving", "]"),
        Command("select", "key.select", "move", "moving", "x"),
        Command("range", "key.range", "move", "moving", "Shift+x"),
        Command("search", "key.search", "move", "moving", "/"),
        Command("put_link", "key.put_link", "move", "acting", "f"),
        Command("put_words", "key.put_words", "move", "acting", "Shift+f"),
        Command("waiting", "key.send", "send", "writing", "Mod+Enter"),
        Command("done", "key.send_done", "send", "writing", "Mod+Shift+Enter"),
        Command("palette", "key.palette", "open", "everywhere", "Mod+k"),
        Command("keys", "key.keys", "open", "everywhere", "?"),
    )


UNDO = Command("undone", "act.undo", "move", "acting", KEYS["undo"])
"""On a conversation's page it presses the button there: first that of an answer that has not left. In a list it is the act of a key."""


def every(agent: bool = True) -> tuple[Command, ...]:
    """All of them; where an action and a page share a name, their way tells them apart. The owner acts on nothing."""
    return (*moving(), *((*of_actions(), UNDO) if agent else ()), *going(agent))


def keymap(agent: bool = True) -> list[tuple[str, str, str]]:
    """What a page listens to: the keys, the way, and what it does."""
    return [(one.key, one.way, one.to if one.way == "go" else one.name) for one in every(agent) if one.key]
