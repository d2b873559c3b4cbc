"""The keys of actions: one source for what a page listens to, for the palette and for the sheet that tells them."""

from collections.abc import Mapping

KEYS: Mapping[str, str] = {
    "reply": "r",
    "note": "n",
    "assign": "a",
    "take": "i",
    "done": "e",
    "snooze": "h",
    "tag": "l",
    "priority": "p",
    "undo": "z",
}
"""By the name of the action, as on a Latin keyboard; those that are not here are chosen from the palette."""
