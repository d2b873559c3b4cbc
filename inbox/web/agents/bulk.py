"""Acting on many at once: one action of the registry for each chosen conversation, each in a unit of its own, told one by one."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.actions.action import Done
from inbox.actions.registry import actions
from inbox.domain.ids import AgentId
from inbox.domain.problems import Problem
from inbox.pipeline.playbook import Playbook
from inbox.text.references import normalise
from inbox.web.agents.acting import acted, arguments, local, refused
from inbox.web.forms import Form, posted
from inbox.web.frame import Frame, House, frame

MOST = 100
"""Conversations at a time."""
TOLD = 5
"""Reasons that are told; what stands behind them is counted."""
OFFERED = ("done", "open", "take", "assign", "tag", "priority", "snooze", "spam")


def routes(house: House) -> list[Route]:
    """The route of acts on many."""
    return [Route("/bulk", Bulk(house).act, methods=["POST"])]


class Bulk:
    """The route of acts on many."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def act(self, request: Request) -> Response:
        """POST `/bulk`: `do` an action to each `ref`, with the action's own fields; the answer tells how many were done, and of
        those that were not, why."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        form = await posted(made)
        back = local(form.get("back")) or "/"
        chosen = list(dict.fromkeys(name for typed in form.values.get("ref", ()) if (name := normalise(typed))))
        agent, book = made.visitor.agent, self._house.playbook() if self._house.playbook else None
        name = form.get("do")
        if agent is None or book is None or name not in OFFERED:
            return made.missing() if agent else made.back(back, made.say("web.owner_acts_not"), wrong=True)
        if not 0 < len(chosen) <= MOST:
            return made.back(back, made.say("web.bulk.many" if chosen else "web.bulk.none", most=MOST), wrong=True)
        done, skipped = 0, dict[str, list[str]]()
        for reference in chosen:
            why = await self._one(made, form, name, reference, agent, book)
            if why is None:
                done += 1
            else:
                skipped.setdefault(why, []).append(reference)
        return made.back(back, told(made, done, skipped), wrong=bool(skipped))

    async def _one(
        self, made: Frame, form: Form, name: str, reference: str, agent: AgentId, book: Playbook
    ) -> str | None:
        """Do it to one; the sentence that says why not, None where it was done."""
        wanted = arguments(actions()[name].arguments, form)
        once = f"{form.get('once')} {reference}" if form.get("once") else ""
        try:
            done = await self._house.store.write(
                acted, made.scope, reference, name, wanted, agent, book, once, made.now
            )
        except Problem as problem:
            return refused(made, problem)
        key = _left(done)
        return made.say(key) if key else None


def _left(done: Done | None) -> str:
    """The sentence about what was not done; empty where it was."""
    if done is None:
        return "web.bulk.missing"
    return "web.bulk.already" if done.key == "done.already" else ""


def told(made: Frame, done: int, skipped: Mapping[str, Sequence[str]]) -> str:
    """How many were done, and of the others each reason with those whom it concerns."""
    words = [made.say("web.bulk.done", n=done)]
    left = sum(len(several) for several in skipped.values())
    if left:
        words.append(made.say("web.bulk.skipped", n=left))
        words += [
            f"{', '.join(several[:TOLD])}{'…' if len(several) > TOLD else ''}: {why}"
            for why, several in skipped.items()
        ][:TOLD]
    return " ".join(words)
