"""The pages for those who answer for the rules: the rulebook that is live, why something was decided, and a message tried."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from inbox.domain.ids import DecisionId
from inbox.domain.scope import Scope
from inbox.rulebook.decision import Decision
from inbox.rulebook.explain import explain
from inbox.rulebook.worded import Worded, worded
from inbox.store import decisions, hits, live, views
from inbox.store.decisions import Stored
from inbox.store.hits import Hits
from inbox.store.unit import Unit
from inbox.text import dates
from inbox.text.references import normalise
from inbox.web.frame import Frame, House, frame
from inbox.web.numbers import of_path

PAGE = 100
"""Rules on one page of a large rulebook."""
MOST = 2**63 - 1
"""The largest number that a database gives a row."""


@dataclass(frozen=True, slots=True)
class Live:
    """The rulebook that is live as it stands in the store, and all that is wrong with the files that were refused."""

    state: live.State
    files: Mapping[str, str]


class Ops:
    """The routes. Whoever is no lead and not the owner finds nothing here."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def rulebook(self, request: Request) -> Response:
        """GET `/rules?page=&never=`: the rules in order with how often each matched; with `never` those that never did."""
        made = await frame(self._house, request)
        if (shut := closed(made)) is not None:
            return shut
        book = await self._house.store.read(_live)
        rules = worded(book.files, self._house.wording, made.language)
        never = "never" in request.query_params
        found, page = await self._hits(rules, request, made.now, never=never)
        problems = [self._house.wording.problem(made.language, one) for one in book.state.problems]
        facts: dict[str, Any] = {"book": book, "page": page, "hits": found, "total": len(rules), **_at(made, book)}
        return made.page("rules", **facts, problems=problems, never=never)

    async def _hits(
        self, rules: tuple[Worded, ...], request: Request, now: datetime, *, never: bool
    ) -> tuple[Mapping[str, Hits], "Part"]:
        """Of the rules that the page shows alone; only where those are asked for that never matched, of all."""
        if never:
            found = await self._house.store.read(hits.of, [one.name for one in rules], now)
            rules = tuple(one for one in rules if found[one.name].last is None)
            return found, part(rules, request)
        shown = part(rules, request)
        return await self._house.store.read(hits.of, [one.name for one in shown.rules], now), shown

    async def why(self, request: Request) -> Response:
        """GET `/c/K7Q2/why/12`: the walk of one stored decision, rule by rule."""
        made = await frame(self._house, request)
        if (shut := closed(made)) is not None:
            return shut
        reference, number = normalise(request.path_params["reference"]), DecisionId(of_path(request, "number"))
        found = await self._house.store.read(_one, made.scope, reference, number) if reference else None
        if found is None:
            return made.missing()
        decision = Decision.from_json(found.body)
        said = explain(decision, self._house.wording, made.language, everything=True)
        return made.page("why", reference=reference, stored=found, decision=decision, said=said, facts=seen(decision))


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the rules: `first` is the number of the first in the list, `next` that of the page after, if any."""

    rules: tuple[Worded, ...]
    first: int
    before: int | None
    next: int | None


def part(rules: tuple[Worded, ...], request: Request) -> Part:
    """The page of the rules that a request asks for, counted from 1; the first for what is no number."""
    typed = request.query_params.get("page", "")
    number = max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
    first = (number - 1) * PAGE
    more = number + 1 if len(rules) > first + PAGE else None
    return Part(rules[first : first + PAGE], first + 1, number - 1 or None, more)


def closed(made: Frame) -> Response | None:
    """The answer for those who may not come in; to an agent it looks as if nothing were here."""
    if made.visitor is None:
        return made.page("sign_in", 403)
    return None if made.visitor.ops else made.missing()


def seen(decision: Decision) -> list[tuple[str, str]]:
    """The facts that say which message it was, as rules name them; what is empty is left out."""
    facts = decision.facts
    named = [
        ("on", ", ".join(facts.events)),
        ("channel", facts.channel),
        ("from", facts.sender),
        ("to", ", ".join(facts.to)),
        ("subject", facts.subject),
        ("language", facts.language or ""),
        ("priority", facts.conversation.priority),
        ("team", facts.conversation.team),
        ("assignee", facts.conversation.assignee),
        ("tag", ", ".join(facts.conversation.tags)),
    ]
    return [(name, value) for name, value in named if value]


def _at(made: Frame, book: Live) -> dict[str, str]:
    if book.state.live is None:
        return {"since": "", "how": ""}
    since = dates.moment(book.state.live.at, made.language, ZoneInfo(made.house.site.zone))
    return {"since": since, "how": made.say(f"live.how.{book.state.live.how}")}


def _live(unit: Unit) -> Live:
    state = live.state(unit)
    stored = decisions.like(unit, state.live.revision, 1) if state.live is not None else []
    return Live(state, stored[0].files if stored else {})


def _one(unit: Unit, scope: Scope, reference: str, id: DecisionId) -> Stored | None:
    shown = views.shown(unit, scope, reference)
    return None if shown is None else decisions.one(unit, shown.conversation.id, id)
