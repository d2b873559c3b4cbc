"""A listener: one open page of somebody who is signed in, and what it has not been told yet."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from inbox.domain.attention import Present
from inbox.domain.ids import EventId
from inbox.domain.scope import Scope
from inbox.store.attending import Look

MOST = 200
"""Conversations that wait to be told of; when there are more, the page hears that there are many."""
PEOPLE = 200
"""Agents at conversations that one page is told of."""


@dataclass(eq=False, slots=True)
class Listener:
    """What waits is bounded: a page that does not read hears later that something changed, and not what."""

    tab: str
    session: str
    scope: Scope
    say: Callable[..., str]
    news: asyncio.Event = field(default_factory=asyncio.Event)
    over: str = ""
    """Why the stream ends: `over` (the session), `rest` (too many pages), `end` (the house)."""
    _upto: EventId | None = None
    _changed: dict[str, int] = field(default_factory=dict)
    _many: bool = False
    _unread: int | None = None
    _here: Sequence[Mapping[str, str]] | None = None
    _told: dict[str, object] = field(default_factory=dict)

    def hear(self, look: Look, *, many: bool = False) -> None:
        """What a look found, as far as it is theirs to know."""
        for one in look.changed:
            if look.sees(self.scope, one.id):
                self._changed[one.reference] = one.version
        self._many = self._many or many or len(self._changed) > MOST
        if self._many:
            self._changed = {}  # it will not hear which; a page that never reads must not gather them all
        self._upto = look.upto
        here = [self._worded(one) for one in look.here if self._meets(look, one)][:PEOPLE]
        self._update("here", here)
        if self.scope.agent is not None:
            self._update("unread", (look.unread or {}).get(self.scope.agent, 0))
        if self._changed or self._many or self._unread is not None or self._here is not None:
            self.news.set()

    def _update(self, name: str, value: object) -> None:
        """Told only when it is another than was told last."""
        if self._told.get(name) != value:
            self._told[name] = value
            setattr(self, f"_{name}", value)

    def _meets(self, look: Look, one: Present) -> bool:
        return one.agent != self.scope.agent and look.sees(self.scope, one.conversation)

    def _worded(self, one: Present) -> dict[str, str]:
        words = self.say(f"web.presence.{one.doing}", name=one.name)
        return {"ref": one.reference, "name": one.name, "doing": one.doing.value, "words": words}

    def end(self, why: str) -> None:
        """The stream ends, and says why."""
        self.over = self.over or why
        self.news.set()

    def said(self) -> bytes:
        """Everything that waited, as events; nothing waits any more."""
        self.news.clear()
        parts = []
        if self._changed or self._many:
            parts.append(
                event("look", {"changed": {} if self._many else self._changed, "many": self._many}, self._upto)
            )
        if self._unread is not None:
            parts.append(event("unread", {"n": self._unread}))
        if self._here is not None:
            parts.append(event("here", {"people": self._here}))
        self._changed, self._many, self._unread, self._here = {}, False, None, None
        if self.over in ("over", "rest"):
            parts.append(event(self.over, {}))
        return b"".join(parts)


def event(name: str, data: Mapping[str, object], id: EventId | None = None) -> bytes:
    """One event of a stream. JSON has no line breaks of its own, so the data is one line."""
    number = "" if id is None else f"id: {id}\n"
    said = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"event: {name}\n{number}data: {said}\n\n".encode()
