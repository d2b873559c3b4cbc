"""Rating: the page to which the links of a survey lead, and the form under a conversation that is done.

Looking changes nothing: a link only chooses the answer, the button gives it.
"""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from inbox.domain.conversations import Conversation, State
from inbox.domain.ids import ConversationId
from inbox.domain.ratings import How, Survey
from inbox.pipeline.rate import LONGEST, rate, unasked
from inbox.pipeline.survey_links import opened
from inbox.store import shown, surveys
from inbox.store.surveys import Asked
from inbox.store.unit import Unit
from inbox.text.references import normalise
from inbox.web import session
from inbox.web.accounts.paces import Paces
from inbox.web.door import host
from inbox.web.forms import Form, sent_by
from inbox.web.frame import House
from inbox.web.numbers import number
from inbox.web.portal.entering import Entering
from inbox.web.portal.visit import HOME, Visit, visit

MOUTHS = {1: (17.0, 12.0), 2: (16.5, 14.0), 3: (15.5, 15.5), 4: (15.0, 17.5), 5: (14.0, 20.0)}
"""The corners of each face's mouth, and how far it bends, in a square of 24. Drawn, for not everybody has a font of faces."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """What a form of ratings shows: each score with the mouth of its face, if it has one, which is chosen, what was said with it, and
    whether it was given before."""

    kind: Survey
    scores: tuple[tuple[int, tuple[float, float] | None], ...]
    chosen: int | None = None
    comment: str = ""
    given: bool = False
    longest: int = LONGEST


def ballot(asked: Asked | None, kind: Survey = Survey.CSAT, chosen: int | None = None) -> Ballot:
    """The form for a survey; `chosen`: what a link chooses, before what was given."""
    kind = kind if asked is None else asked.kind
    scores = tuple((score, MOUTHS.get(score) if kind is Survey.CSAT else None) for score in kind.scores)
    if asked is None:
        return Ballot(kind, scores, chosen)
    known = chosen if chosen in kind.scores else asked.score
    return Ballot(kind, scores, known, asked.comment, asked.rated_at is not None)


def standing(unit: Unit, matter: Conversation, now: datetime) -> Ballot | None:
    """The form under a conversation of theirs; None while it is not done, or once the time for an answer is over."""
    if matter.state is not State.DONE or matter.history:
        return None
    known = surveys.of(unit, Survey.CSAT, matter.id)
    if known is None:
        return ballot(None)
    over = known.ends_at is not None and not known.takes(now)
    return None if over or known.answered_by_another(matter.contact) else ballot(known)


class Rating:
    """The routes."""

    def __init__(self, house: House, entering: Entering, paces: Paces) -> None:
        self._house = house
        self._entering = entering
        self._paces = paces

    async def show(self, request: Request) -> Response:
        """GET `/portal/r/...?score=4`: what the link chose, to be sent by the button. It changes nothing."""
        made = await visit(self._house, request)
        asked = await self._opened(made)
        return (
            made.missing() if asked is None else self._page(made, asked, number(request.query_params.get("score", "")))
        )

    async def give(self, request: Request) -> Response:
        """POST: the answer; the latest counts."""
        made = await visit(self._house, request)
        form = await sent_by(self._house, request, made.token, session.FORM_CAP)
        asked = await self._opened(made)
        if asked is None:
            return made.missing()
        chosen = number(form.get("score"))
        wrong = await self._wrong(made, asked, chosen)
        if wrong:
            return self._page(made, asked, chosen, wrong)
        if not await self._given(made, asked, form, "link"):
            return made.missing()
        return made.back(request.url.path, made.say("portal.rate.thanks"))

    async def here(self, request: Request) -> Response:
        """POST `/portal/c/K7Q2/rate`: how a matter of theirs went, whether we asked or not."""
        made = await visit(self._house, request)
        form = await sent_by(self._house, request, made.token, session.FORM_CAP)
        reference = normalise(request.path_params["reference"])
        matter = await self._house.store.read(shown.find, made.scope, reference) if reference else None
        if matter is None:
            return made.missing()
        back = f"{HOME}/c/{reference}#rate"
        asked = await self._house.store.write(_unasked, matter, made)
        if asked is None:
            return made.back(back, made.say("portal.rate.over"), wrong=True)
        wrong = await self._wrong(made, asked, number(form.get("score")))
        if wrong:
            return made.back(back, wrong, wrong=True)
        taken = await self._given(made, asked, form, "page")
        return made.back(back, made.say("portal.rate.thanks" if taken else "portal.rate.over"), wrong=not taken)

    async def _opened(self, made: Visit) -> Asked | None:
        token = made.request.path_params["token"][:120]
        return await self._house.store.read(opened, token, made.book, made.now)

    async def _wrong(self, made: Visit, asked: Asked, chosen: int | None) -> str:
        if chosen not in asked.kind.scores:
            return made.say("portal.rate.choose")
        wait = await self._paces.tries(f"rate {asked.id}", host(made.request), made.now)
        return made.say("portal.too_often", minutes=wait) if wait else ""

    async def _given(self, made: Visit, asked: Asked, form: Form, how: How) -> bool:
        score, comment = int(form.get("score")), form.get("comment").replace("\r\n", "\n")
        via = made.portal.name
        return await self._house.store.write(rate, asked, score, comment, how, via, made.book, made.now)

    def _page(self, made: Visit, asked: Asked, chosen: int | None, wrong: str = "") -> Response:
        facts = {"ballot": ballot(asked, chosen=chosen), "until": asked.ends_at, "wrong": wrong}
        return self._entering.shown(made, "rate", 422 if wrong else 200, **facts)


def _unasked(unit: Unit, matter: ConversationId, made: Visit) -> Asked | None:
    return unasked(unit, matter, made.book, made.now)
