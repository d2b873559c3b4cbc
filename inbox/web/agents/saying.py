"""What is written in the composer: said, told to the other agents, promised, or kept as a draft. Refused, no word is lost."""

from dataclasses import replace
from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from inbox.actions.action import Done
from inbox.actions.speaking import MOST_COPIES
from inbox.domain.ids import AgentId, ConversationId
from inbox.domain.problems import Problem
from inbox.domain.scope import Scope
from inbox.pipeline.reply import Refused, Stale
from inbox.store import drafts
from inbox.store.drafts import Draft
from inbox.store.shown import find
from inbox.store.unit import Unit
from inbox.text.references import normalise
from inbox.web.agents.acting import MOST, acted, enclosed, refused, told
from inbox.web.agents.composer import Asked, Attempt, addresses
from inbox.web.agents.conversation import Conversation
from inbox.web.forms import Form, posted
from inbox.web.frame import Frame, House, frame
from inbox.web.numbers import number

SHORT = 700_000
"""Bytes of a draft that a script keeps."""
LONGEST = 100_000
"""Characters of an answer."""
THEN = ("waiting", "open", "done")


class Written:
    """One form of the composer."""

    def __init__(self, form: Form) -> None:
        self.form = form
        then = form.get("then") if form.get("then") in THEN else "waiting"
        cc = addresses(form.values.get("cc", ()))[:MOST_COPIES]
        text = form.get("text").replace("\r\n", "\n").replace("\0", "")[:LONGEST]
        self.draft = Draft(text, "note" if form.get("how") == "note" else "reply", form.get("over")[:400], cc, then)
        self.anyway = form.get("act") == "anyway"
        self.act = "reply" if self.anyway else form.get("act")
        """Which button was pressed."""

    async def close(self) -> None:
        """Let go of the files that came with it."""
        await self.form.close()

    @property
    def seen(self) -> int:
        """The version that the author had before them."""
        return number(self.form.get("seen")) or 0

    def meant(self) -> str:
        """The action. Raises Refused where the button is that of a note and the choice that of a reply, or the other way round:
        then nothing leaves the house, whichever was meant."""
        if self.act not in ("reply", "note") or self.act != self.draft.how:
            raise Refused("compose.which")
        if self.act == "note":
            return "note"
        macro, by = self.form.get("macro"), self.form.get("by").strip()
        if macro and by:
            raise Refused("compose.macro_and_promise")
        return "macro" if macro else "promise" if by else "reply"

    async def arguments(self, name: str) -> dict[str, object]:
        """What that action takes of it."""
        if name == "note":
            return {"text": self.draft.text}
        found: dict[str, object] = {
            "text": self.draft.text,
            "seen": self.seen,
            "anyway": self.anyway,
            "over": self.draft.over,
            "cc": self.draft.cc or (),
            "files": await enclosed(self.form),
        }
        chosen = {"macro": ("name", "macro"), "promise": ("by", "by"), "reply": ("then", "then")}[name]
        return {**found, chosen[0]: self.draft.then if name == "reply" else self.form.get(chosen[1]).strip()}


class Saying:
    """Its routes."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._page = Conversation(house)

    async def say(self, request: Request) -> Response:
        """POST `/c/K7Q2/say`: what the pressed button says. 409 where something newer was said, 422 where it is refused: the
        page with the words in it and the sentence."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        written = Written(await posted(made, MOST, files=True))
        try:
            return await self._said(made, written)
        finally:
            await written.close()

    async def _said(self, made: Frame, written: Written) -> Response:
        reference, back = _here(made.request)
        assert made.visitor is not None
        if made.visitor.agent is None:
            return made.back(back, made.say("web.owner_acts_not"), wrong=True)
        if written.act == "draft":
            await self._keep(made, reference, written)
            return made.back(f"{back}#composer", made.say("compose.draft_kept"))
        try:
            done = await self._perform(made, reference, written)
        except Problem as problem:
            return await self._refused(made, written, problem)
        return made.missing() if done is None else made.back(back, told(made, done))

    async def draft(self, request: Request) -> Response:
        """POST `/c/K7Q2/draft`: what a script keeps while somebody types; 204."""
        made = await frame(self._house, request)
        if made.visitor is None or made.visitor.agent is None:
            return Response(status_code=403)
        await self._keep(made, _here(request)[0], Written(await posted(made, SHORT)))
        return Response(status_code=204)

    async def back(self, request: Request) -> Response:
        """GET of the same address: a page that was refused is loaded anew, or found in the history."""
        return RedirectResponse(_here(request)[1], 303)

    async def _perform(self, made: Frame, reference: str, written: Written) -> Done | None:
        name = written.meant()
        wanted, book = await written.arguments(name), self._house.playbook() if self._house.playbook else None
        agent = made.visitor.agent if made.visitor else None
        if book is None or agent is None:
            return None
        once = written.form.get("once")
        return await self._house.store.write(acted, made.scope, reference, name, wanted, agent, book, once, made.now)

    async def _keep(self, made: Frame, reference: str, written: Written) -> None:
        assert made.visitor is not None
        if made.visitor.agent is not None:
            await self._house.store.write(_keep, made.scope, reference, made.visitor.agent, written.draft, made.now)

    async def _refused(self, made: Frame, written: Written, problem: Problem) -> Response:
        """The words are kept as they were, also where the page is closed now."""
        await self._keep(made, _here(made.request)[0], written)
        stale = isinstance(problem, Stale)
        who = problem.facts.get("who", "") if stale else ""
        wrong = made.say("compose.stale", who=who) if who else refused(made, problem)
        if any(one.filename for one in written.form.files.get("files", ())):
            wrong = f"{wrong} {made.say('compose.files_again')}"
        attempt = Attempt(
            written.draft, wrong, written.form.get("by"), written.form.get("macro"), newer=stale, seen=written.seen
        )
        return await self._page.page(made, Asked(), attempt, status=409 if stale else 422)


def routes(house: House) -> list[Route]:
    """Its addresses."""
    saying = Saying(house)
    return [
        Route("/c/{reference}/say", saying.say, methods=["POST"]),
        Route("/c/{reference}/say", saying.back),
        Route("/c/{reference}/draft", saying.draft, methods=["POST"]),
    ]


def _here(request: Request) -> tuple[str, str]:
    reference = normalise(request.path_params["reference"]) or ""
    return reference, f"/c/{reference}"


def _keep(
    unit: Unit, scope: Scope, reference: str, agent: AgentId, written: Draft, now: datetime
) -> ConversationId | None:
    """Nothing for a conversation that is not there for them."""
    matter = find(unit, scope, reference)
    if matter is not None:
        drafts.put(unit, agent, matter, replace(written, at=now), now)
    return matter
