"""The pages on which leads make a broadcast, try it, start it and see how far it is."""

from collections import Counter
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.domain.broadcasts import STEPS, Audience, Broadcast, Stage, Text
from inbox.domain.ids import BroadcastId
from inbox.domain.problems import Problem
from inbox.pipeline import broadcast as verbs
from inbox.pipeline.broadcast import Draft, Preview
from inbox.pipeline.playbook import Playbook
from inbox.store import broadcasts
from inbox.store.unit import Unit
from inbox.text.fold import latin_digits
from inbox.text.whom import whom
from inbox.web.door import by
from inbox.web.forms import Form, posted
from inbox.web.frame import Frame, House, frame
from inbox.web.numbers import of_path
from inbox.web.ops.rulebook import closed

PATH = "/broadcasts"
LANGUAGES = ("fa", "en")
_DONE = {"start": "started", "pause": "paused", "stop": "stopped"}
MOST = 2_000_000
"""Bytes of the form: a list of many addresses may be pasted."""


def routes(house: House) -> list[Route]:
    """All of them, for leads and the owner."""
    pages = Broadcasts(house)
    return [
        Route(PATH, pages.listing),
        Route(PATH, pages.make, methods=["POST"]),
        Route(PATH + "/{id}", pages.one),
        Route(PATH + "/{id}/{step}", pages.step, methods=["POST"]),
    ]


class Broadcasts:
    """The routes. To an agent who does not lead it looks as if nothing were here."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def listing(self, request: Request) -> Response:
        """GET `/broadcasts`: those that there are, and the form of a new one."""
        made = await frame(self._house, request)
        if (shut := closed(made)) is not None:
            return shut
        return await self._listed(made, {}, "")

    async def make(self, request: Request) -> Response:
        """POST `/broadcasts`: a draft; what was typed stays where it cannot be one."""
        made = await frame(self._house, request)
        if (shut := closed(made)) is not None:
            return shut
        form, book = await posted(made, MOST), self._book()
        if book is None:
            return made.missing()
        try:
            id = await self._house.store.write(verbs.draft, _draft(form), by(made), book, made.now)
        except Problem as problem:
            return await self._listed(made, form.first, self._house.wording.problem(made.language, problem))
        return made.back(f"{PATH}/{id}", made.say("web.broadcasts.made"))

    async def one(self, request: Request) -> Response:
        """GET `/broadcasts/4`: a draft with what would happen, or how far it is."""
        made = await frame(self._house, request)
        if (shut := closed(made)) is not None:
            return shut
        book, id = self._book(), BroadcastId(of_path(request, "id"))
        found = None if book is None else await self._house.store.read(_read, id, book, made)
        if found is None:
            return made.missing()
        told, preview, counted, settled = found
        facts: dict[str, Any] = {"told": told, "preview": preview, "counted": counted, "settled": settled}
        return made.page("broadcast", **facts, steps=STEPS[told.stage], said=broadcasts.TOLD)

    async def step(self, request: Request) -> Response:
        """POST `/broadcasts/4/start`, `pause` or `stop`; to start a draft, the number of those to be told is typed."""
        made = await frame(self._house, request)
        if (shut := closed(made)) is not None:
            return shut
        form, book = await posted(made), self._book()
        id, step = BroadcastId(of_path(request, "id")), request.path_params["step"]
        if book is None or step not in _DONE:
            return made.missing()
        back = f"{PATH}/{id}"
        try:
            await self._house.store.write(_stepped, step, id, _number(form.get("count")), made, book)
        except Problem as problem:
            return made.back(back, self._house.wording.problem(made.language, problem), wrong=True)
        return made.back(back, made.say(f"web.broadcasts.{_DONE[step]}"))

    async def _listed(self, made: Frame, typed: dict[str, str], wrong: str) -> Response:
        found = await self._house.store.read(_all)
        book = self._book()
        channels = [] if book is None else [str(name) for name in book.channels]
        pace = 30 if book is None else book.following_up.per_minute
        facts = {"found": found, "typed": typed, "wrong": wrong, "channels": channels, "pace": pace}
        return made.page("broadcasts", 422 if wrong else 200, **facts, languages=LANGUAGES)

    def _book(self) -> Playbook | None:
        return self._house.playbook() if self._house.playbook else None


def _draft(form: Form) -> Draft:
    """Raises Problem."""
    texts = {one: Text(form.get(f"subject_{one}")[:500], form.get(f"text_{one}")) for one in LANGUAGES}
    try:
        addresses = whom(form.get("addresses").replace("\r\n", "\n"))
    except ValueError as error:
        raise Problem("contacts.no_table", reason=str(error)[:200]) from error
    audience = Audience(
        form.get("tag").strip()[:100],
        form.get("organization").strip()[:300],
        form.get("query").strip()[:300],
        addresses,
        "everybody" in form,
    )
    pace = min(max(_number(form.get("per_minute")), 0), 1000)
    return Draft(form.get("name")[:200], texts, audience, form.get("channel")[:200], pace)


def _number(typed: str) -> int:
    digits = latin_digits(typed).strip().replace(",", "").replace("٬", "")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else 0


def _all(unit: Unit) -> list[tuple[Broadcast, Counter[str]]]:
    return [(one, _counted(unit, one.id)) for one in broadcasts.listing(unit)]


def _counted(unit: Unit, id: BroadcastId) -> Counter[str]:
    counted: Counter[str] = Counter()
    for one in broadcasts.counts(unit, id):
        counted[one.state] += one.count
        if one.why:
            counted[one.why] += one.count
    return counted


def _read(
    unit: Unit, id: BroadcastId, book: Playbook, made: Frame
) -> tuple[Broadcast, Preview | None, Counter[str], dict[str, int]] | None:
    told = broadcasts.one(unit, id)
    if told is None:
        return None
    preview = verbs.preview(unit, id, book, made.now) if told.stage is Stage.DRAFT else None
    return told, preview, _counted(unit, id), broadcasts.settled(unit, id)


def _stepped(unit: Unit, step: str, id: BroadcastId, count: int, made: Frame, book: Playbook) -> Broadcast:
    if step == "start":
        return verbs.start(unit, id, count, by(made), book, made.now)
    return (verbs.pause if step == "pause" else verbs.stop)(unit, id, by(made), made.now)
