"""The clocks of a conversation: GET `/c/K7Q2/clocks`, how each due time came about, day by day; what is excused, for those who lead."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.domain.conversations import Conversation
from inbox.domain.scope import Scope
from inbox.pipeline.playbook import Playbook
from inbox.sla.clocks import ClockState
from inbox.sla.lateness import Lateness, Verdict, judged
from inbox.sla.walk import Step
from inbox.sla.walked import walked
from inbox.store import clocks, conversations, excuses
from inbox.store.shown import find
from inbox.store.unit import Unit
from inbox.text.durations import spoken
from inbox.text.references import normalise
from inbox.web.frame import House, frame


@dataclass(frozen=True, slots=True)
class Walked:
    """One clock: its stretches, how it stands now, and why it is excused; empty: it is not."""

    state: ClockState
    target: str
    steps: tuple[Step, ...]
    now: Lateness
    excused: str

    @property
    def verdict(self) -> str:
        """How it came out, as a statement would say now."""
        found = self.now.verdict
        return Verdict.EXCUSED.value if found is Verdict.MISSED and self.excused else found.value


@dataclass(frozen=True, slots=True)
class Found:
    """The conversation with its clocks; `excused`: why nothing of it is held against us."""

    about: Conversation
    clocks: tuple[Walked, ...]
    excused: str


class Clocks:
    """The route."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def show(self, request: Request) -> Response:
        """GET `/c/K7Q2/clocks`."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        book = self._house.playbook() if self._house.playbook else None
        reference = normalise(request.path_params["reference"])
        if book is None or not reference:
            return made.missing()

        def read(unit: Unit) -> Found | None:
            return _found(unit, made.scope, reference, book, made.language, made.now)

        found = await self._house.store.read(read)
        return made.missing() if found is None else made.page("clocks", it=found)


def _found(unit: Unit, scope: Scope, reference: str, book: Playbook, language: str, now: datetime) -> Found | None:
    id = find(unit, scope, reference)
    if id is None or not scope.notes:
        return None
    why = excuses.of(unit, id)
    shown = [
        Walked(
            state,
            spoken(state.target.duration, language) if state.target else "",
            tuple(walked(state, book.calendars)),
            judged(state, book.calendars, now),
            why.get((state.metric.value, state.cycle)) or why.get(excuses.ALL, ""),
        )
        for state in clocks.of(unit, id)
    ]
    return Found(conversations.peek(unit, id), tuple(shown), why.get(excuses.ALL, ""))


def routes(house: House) -> list[Route]:
    """Its address."""
    return [Route("/c/{reference}/clocks", Clocks(house).show)]
