"""Asking to be called: the form under a conversation of theirs, with a number and the hours in which they want it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from inbox.domain.events import Actor
from inbox.domain.ids import ConversationId
from inbox.domain.problems import Problem
from inbox.domain.scope import Scope
from inbox.pipeline.callback import Wish, wish
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.reply import Refused
from inbox.pipeline.turn import Turn
from inbox.store import shown, tasks
from inbox.store.unit import Unit
from inbox.store.visiting import Customer
from inbox.text.dates import moment
from inbox.text.references import normalise
from inbox.web import session
from inbox.web.forms import sent_by
from inbox.web.frame import House
from inbox.web.portal.visit import HOME, visit

MOST = 3
"""Calls that wait in one conversation: more would be nobody's wish."""


class Calling:
    """The route."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def ask(self, request: Request) -> Response:
        """POST `/portal/c/K7Q2/call`: `number`, and `hours` where they named any."""
        made = await visit(self._house, request)
        form = await sent_by(self._house, request, made.token, session.FORM_CAP)
        reference = normalise(request.path_params["reference"])
        matter = await self._house.store.read(shown.find, made.scope, reference) if reference else None
        if matter is None or made.customer is None:
            return made.missing()
        wanted = Wish(form.get("number")[:60], form.get("hours")[:100])
        back = f"{HOME}/c/{reference}"
        try:
            due = await self._house.store.write(
                _asked, matter, made.customer, wanted, made.portal.name, made.book, made.now
            )
        except Problem as problem:
            return made.back(f"{back}#call", self._house.wording.problem(made.language, problem), wrong=True)
        when = moment(due, made.language, ZoneInfo(made.book.zone))
        return made.back(back, made.say("portal.call.taken", when=when))


def _asked(
    unit: Unit, matter: ConversationId, who: Customer, wanted: Wish, via: str, book: Playbook, now: datetime
) -> datetime:
    turn = Turn.of(unit, matter, via, book.terms, now)
    if sum(one.call for one in tasks.listing(unit, Scope.house(), matter=matter)) >= MOST:
        raise Refused("callback.enough")
    task = wish(turn, wanted, Actor("contact", who.contact.id, who.contact.name), book)
    turn.close()
    return task.due_at
