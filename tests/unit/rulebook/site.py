"""A small site for the tests of rules: its names, a rulebook from a text, and facts that are ordinary unless told otherwise."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from inbox.domain.problems import Misconfigured
from inbox.rulebook.decision import Decision
from inbox.rulebook.facts import Facts, Moment
from inbox.rulebook.load import Refused, load
from inbox.rulebook.match import evaluate
from inbox.rulebook.names import Names
from inbox.rulebook.rulebook import Rulebook
from inbox.text.wording import Wording
from inbox.text.wording import load as load_wording

ROOT = Path(__file__).parents[3]
LANGUAGES = frozenset({"fa", "en"})
NAMES = Names(
    agents=frozenset({"sara", "reza"}),
    teams=frozenset({"support", "finance"}),
    policies=frozenset({"standard", "vip"}),
    hours=frozenset({"support", "always"}),
    channels=frozenset({"support", "sales"}),
    brands=frozenset({"acme", "default"}),
    webhooks=frozenset({"erp"}),
    templates={
        **dict.fromkeys(("acknowledgement", "acknowledgement-neutral", "reply", "still-there"), LANGUAGES),
        **dict.fromkeys(("busy", "still-there@vip"), frozenset({"en"})),
    },
)
BOTH = ("conversation-opened", "message-received")
NOON = datetime(2026, 11, 27, 8, 30, tzinfo=UTC)


def wording() -> Wording:
    return load_wording(ROOT / "inbox" / "locale")


def book(text: str, names: Names = NAMES) -> Rulebook:
    """The rulebook of one file."""
    return load({"10-test.toml": text}, names)


def rule(body: str, name: str = "it") -> str:
    """A rule with that body, as TOML."""
    return f'[[rule]]\nname = "{name}"\n{body}\n'


def problems(text: str, names: Names = NAMES) -> tuple[Misconfigured, ...]:
    """What is wrong with one file."""
    try:
        book(text, names)
    except Refused as refused:
        return refused.problems
    return ()


def facts(**said: Any) -> Facts:
    """A first message on a Friday noon in Tehran."""
    return Facts(**{"events": BOTH, "at": NOON, "moment": Moment(date(2026, 11, 27), time(12, 0)), **said})


def decided(rules: str, /, **said: Any) -> Decision:
    """What one file decides about such facts."""
    return evaluate(book(rules), facts(**said))
