"""Articles on the way to us: offered while a question is written, once more before it is sent, and what came of it."""

from collections.abc import Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from inbox.knowledge.addresses import page
from inbox.pipeline.suggest import Suggestion, suggest
from inbox.store import articles_counted, articles_read
from inbox.web.accounts.paces import Paces
from inbox.web.counts import counts
from inbox.web.door import host
from inbox.web.forms import Form, sent_by
from inbox.web.frame import House
from inbox.web.help.reading import reader
from inbox.web.portal.met import offered
from inbox.web.portal.saying import most
from inbox.web.portal.visit import HOME, Visit, visit

PATH, ANSWERED = f"{HOME}/suggest", f"{HOME}/answered"
MOST = 3
LIKELY = 0.3
"""How sure an article has to be to be shown while somebody writes: nine of ten of those are right (`bench/suggestions.py`)."""
PER_NETWORK = 600
"""Looks at what is being written from one network within 15 minutes; from then on nothing is offered there."""
ANSWERS = 60
"""Answers that are counted from one network within 15 minutes."""
CAP = 40_000
"""Bytes of what is looked at."""


class Suggesting:
    """The routes."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._paces = Paces(counts(house.store, house.clock, "suggest"), per_address=PER_NETWORK)
        self._votes = Paces(counts(house.store, house.clock, "vote"), per_address=ANSWERS)

    async def typing(self, request: Request) -> Response:
        """POST `/portal/suggest`: the articles for what is written so far, as a piece of the form's page."""
        made = await visit(self._house, request)
        form = await sent_by(self._house, request, made.token, CAP)
        if await self._paces.leaves(host(request), made.now):
            raise HTTPException(429)
        found = await _found(made, form, LIKELY)
        before = offered(form)
        await _count(made, [one for one in found if one.entry.slug not in before])
        return HTMLResponse(self._house.pages.render("portal_suggested", **made.words, **panel(found)))

    async def answered(self, request: Request) -> Response:
        """POST `/portal/answered`: an article was the answer, and nothing is sent."""
        made = await visit(self._house, request)
        form = await sent_by(self._house, request, made.token, most(made))
        seen = await self._house.store.read(articles_read.find, reader(made), form.get("answered")[:200])
        if seen is None:
            return made.missing()
        if not await self._votes.leaves(host(request), made.now):
            day = made.book.day(made.now)
            await self._house.store.write(articles_counted.counted, [seen.article.id], "solved", day)
        language = made.language if made.language in seen.languages else seen.languages[0]
        return made.back(page(language, seen.article.slug), made.say("portal.suggested.solved"))


async def once(made: Visit, form: Form) -> list[Suggestion]:
    """What is shown before this is sent: where nothing was shown as it was written, and no file would have to be chosen anew."""
    files = [one for one in form.files.get("files", ()) if one.size]
    if offered(form) or files or "offered" not in form:
        return []
    found = await _found(made, form, made.book.suggesting.above)
    await _count(made, found)
    return found


def panel(found: Sequence[Suggestion], before: Sequence[str] = ()) -> dict[str, Any]:
    """What the piece of a page that shows them is given."""
    shown = dict.fromkeys((*before, *(one.entry.slug for one in found)))
    return {"suggested": found, "page": page, "offered": " ".join(shown)}


async def _found(made: Visit, form: Form, above: float) -> list[Suggestion]:
    asked = f"{form.get('subject')}\n{form.get('text')}"
    return await made.house.store.read(suggest, reader(made), asked, made.language, MOST, above)


async def _count(made: Visit, found: Sequence[Suggestion]) -> None:
    if found:
        ids, day = [one.entry.id for one in found], made.book.day(made.now)
        await made.house.store.write(articles_counted.counted, ids, "shown", day)
