"""One call of the Bot API as a server sees it, and how it says no."""

from dataclasses import dataclass
from typing import Any

from tests.rig.bot_http import Request


class Mistake(Exception):
    """An error of the Bot API."""

    def __init__(self, code: int, text: str, parameters: dict[str, int] | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.parameters = parameters or {}


@dataclass(frozen=True, slots=True)
class Sent:
    """One call."""

    method: str
    request: Request
    bot: dict[str, Any]

    def said(self, name: str) -> str:
        """A parameter, or nothing."""
        return self.request.parameters.get(name, "")
