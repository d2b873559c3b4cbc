"""The names that rules may use, as the site knows them when its rules are loaded."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from inbox.text.tone import SILENT, ToneWords


@dataclass(frozen=True, slots=True)
class Names:
    """What exists on a site. `agents` are handles; `templates`: the languages of each; `languages`: those the site answers in."""

    agents: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()
    hours: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    brands: frozenset[str] = frozenset()
    templates: Mapping[str, frozenset[str]] = field(default_factory=dict)
    webhooks: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ("fa", "en")
    tones: ToneWords = SILENT
    """By which words a message has a tone: cases are listened to as messages are."""
