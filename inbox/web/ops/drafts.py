"""The pages about message templates: which there are, and what one says, as its files are at this very moment.

Whoever writes one keeps the page open beside the editor: a reload is enough, and with `every=2` it reloads by itself.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from inbox.domain.facts import Facts
from inbox.domain.problems import Misconfigured
from inbox.pipeline.previewing import Given, facts_now
from inbox.render import reference
from inbox.render.drafts import Answer, Fault, Look, Try, about, full
from inbox.render.examples import examples
from inbox.render.shelf import is_parts
from inbox.store import people, views
from inbox.store.unit import Unit
from inbox.text.references import normalise
from inbox.web.frame import Drafts, Frame, House, frame
from inbox.web.ops.rulebook import closed

AT_ONCE = 2
"""Questions that are answered at the same time: each is a process."""
EVERY = (2, 5, 15)
"""Seconds after which a page may load itself again."""
QUALIFIERS = ("channel", "team", "policy")
FRAMED = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'; base-uri 'none'",
    "x-frame-options": "SAMEORIGIN",
}
"""What a letter may do in its frame: be looked at."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a page is asked to show: the form as it stands."""

    language: str
    example: int
    of: str
    every: int
    qualifiers: Mapping[str, str]

    @classmethod
    def read(cls, request: Request, made: Frame) -> "Chosen":
        """From the address; what makes no sense is as if it were not there."""
        query = request.query_params
        spoken = query.get("in", "")
        every = _number(query.get("every", ""))
        return cls(
            language=spoken if spoken in made.house.wording.languages else made.language,
            example=max(1, _number(query.get("example", ""))),
            of=query.get("of", "").strip()[:40],
            every=every if 1 <= every <= 60 else 0,
            qualifiers={name: query.get(name, "")[:100] for name in QUALIFIERS},
        )

    @property
    def query(self) -> str:
        """The same for the address of the letter in its frame."""
        return urlencode({"in": self.language, "example": self.example, "of": self.of, **self.qualifiers})

    @property
    def variants(self) -> tuple[str, ...]:
        """Channel, team and policy as far as they were chosen."""
        return tuple(filter(None, self.qualifiers.values()))


class Previews:
    """The routes. Whoever is no lead and not the owner finds nothing here."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._free = asyncio.Semaphore(AT_ONCE)

    async def listing(self, request: Request) -> Response:
        """GET `/templates`: all of them with their faults."""
        made = await frame(self._house, request)
        if (shut := closed(made)) is not None:
            return shut
        if self._house.drafts is None:
            return made.missing()
        found = await self._ask(self._house.drafts, Look(self._house.drafts.places, self._house.site.language))
        ordered = sorted(found.templates, key=lambda one: (is_parts(one.name), one.name))
        faults = {one.name: self._told(made, about(found.faults, one.name)) for one in ordered}
        left = [fault for fault in found.faults if not any(fault in about(found.faults, one.name) for one in ordered)]
        return made.page("templates", templates=ordered, faults=faults, left=self._told(made, left), is_parts=is_parts)

    async def one(self, request: Request) -> Response:
        """GET `/templates/acknowledgement?in=fa&channel=&team=&policy=&example=&of=&every=`: what it says, and from what."""
        made = await frame(self._house, request)
        if (shut := closed(made)) is not None:
            return shut
        asked = await self._asked(request, made)
        if asked is None:
            return made.missing()
        drafts, question, chosen = asked
        answer = await self._ask(drafts, question)
        if not answer.known:
            return made.missing()
        facts: dict[str, Any] = {
            "template": question.name,
            "chosen": chosen,
            "found": not chosen.of or question.facts is not None,
            "rendered": answer.rendered,
            "faults": self._told(made, answer.faults),
            "origins": answer.origins,
            "examples": max(1, answer.examples),
            "variables": self._variables(question, made),
            "known": await self._known(),
            "every": EVERY,
        }
        return made.page("template", **facts)

    async def letter(self, request: Request) -> Response:
        """GET `/templates/acknowledgement/html?...`: the HTML alone, for a frame in which nothing runs and nothing is loaded."""
        made = await frame(self._house, request)
        if (shut := closed(made)) is not None:
            return shut
        asked = await self._asked(request, made)
        answer = await self._ask(asked[0], asked[1]) if asked is not None else Answer()
        if answer.rendered is None or answer.rendered.html is None:
            return made.missing()
        return HTMLResponse(answer.rendered.html, headers=FRAMED)

    async def _asked(self, request: Request, made: Frame) -> tuple[Drafts, Try, Chosen] | None:
        """The question that an address asks; None where there are no templates to ask about."""
        drafts, chosen = self._house.drafts, Chosen.read(request, made)
        name = full(request.path_params["name"])
        if drafts is None or is_parts(name) or "@" in name:
            return None
        default = self._house.site.language
        asked = Try(drafts.places, default, name, chosen.language, chosen.variants, None, chosen.example - 1)
        given = await self._house.store.read(self._given, asked, chosen, made) if chosen.of else None
        if given is not None:
            asked = replace(asked, facts=given.facts, variants=asked.variants or given.variants)
        return drafts, asked, chosen

    def _given(self, unit: Unit, asked: Try, chosen: Chosen, made: Frame) -> Given | None:
        whole = views.shown(unit, made.scope, normalise(chosen.of) or chosen.of)
        if whole is None or self._house.playbook is None:
            return None
        return facts_now(unit, asked.name, asked.language, whole, self._house.playbook(), made.now)

    async def _ask(self, drafts: Drafts, question: Look | Try) -> Answer:
        async with self._free:
            return await asyncio.to_thread(drafts.ask, question)

    def _told(self, made: Frame, faults: Sequence[Fault]) -> list[str]:
        problems = [Misconfigured(one.key, **{"where": "", **one.facts}) for one in faults]
        return [self._house.wording.problem(made.language, one) for one in problems]

    def _variables(self, asked: Try, made: Frame) -> list[dict[str, str]]:
        cases = examples(asked.name, asked.language)
        facts: Facts = asked.facts or cases[asked.example if asked.example < len(cases) else 0]
        wording, zone = self._house.wording, ZoneInfo(self._house.site.zone)
        return [
            {
                "name": one.name,
                "type": reference.kind(wording, made.language, one),
                "meaning": reference.meaning(wording, made.language, one),
                "value": reference.shown(reference.value(facts, one), wording, asked.language, zone),
            }
            for one in reference.facts(asked.name, asked.language)
        ]

    async def _known(self) -> Mapping[str, Sequence[str]]:
        """What may be chosen."""
        book = self._house.playbook() if self._house.playbook is not None else None
        roster = await self._house.store.read(people.roster)
        channels, policies = (list(book.channels), list(book.policies)) if book is not None else ([], [])
        return {"channel": channels, "team": [team.name for team in roster.teams], "policy": policies}


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0
